use super::*;

static JWT: Scheme = Scheme {
    name: "JWT",
    kind: SchemeKind::Bearer,
};
static CLIENT: Scheme = Scheme {
    name: "clientAuth",
    kind: SchemeKind::Basic,
};
static KEY: Scheme = Scheme {
    name: "apikey",
    kind: SchemeKind::HeaderKey("x-api-key"),
};
static ADMIN: Scheme = Scheme {
    name: "adminKey",
    kind: SchemeKind::HeaderKey("x-admin-key"),
};
static QUERY: Scheme = Scheme {
    name: "inQuery",
    kind: SchemeKind::QueryKey("the key"),
};
static COOKIE_KEY: Scheme = Scheme {
    name: "inCookie",
    kind: SchemeKind::CookieKey("session"),
};

fn with_client() -> Credentials {
    Credentials {
        client: Some(ClientCredentials {
            id: "id".to_owned(),
            secret: "secret".into(),
        }),
        ..Credentials::default()
    }
}

fn with_key() -> Credentials {
    Credentials {
        key: Some("key".into()),
        ..Credentials::default()
    }
}

fn chosen(
    credentials: &Credentials,
    alternatives: &[&[&Scheme]],
) -> Result<Vec<&'static str>, String> {
    let schemes = credentials
        .choose(alternatives)
        .map_err(|error| error.to_string())?;
    Ok(schemes.iter().map(|scheme| scheme.name).collect())
}

#[test]
fn the_first_alternative_that_can_be_satisfied() {
    let either: &[&[&Scheme]] = &[&[&JWT], &[&KEY]];
    let both = Credentials {
        key: Some("key".into()),
        ..with_client()
    };
    assert_eq!(chosen(&both, either), Ok(vec!["JWT"]));
    assert_eq!(chosen(&with_key(), either), Ok(vec!["apikey"]));
    assert_eq!(
        chosen(&with_client(), &[&[&KEY], &[&CLIENT]]),
        Ok(vec!["clientAuth"])
    );
    let together: &[&[&Scheme]] = &[&[&JWT, &KEY], &[&JWT]];
    assert_eq!(chosen(&both, together), Ok(vec!["JWT", "apikey"]));
    assert_eq!(chosen(&with_client(), together), Ok(vec!["JWT"]));
}

#[test]
fn optional_and_no_authentication() {
    let none = Credentials::default();
    assert_eq!(chosen(&none, &[]), Ok(vec![]));
    assert_eq!(chosen(&with_client(), &[]), Ok(vec![]));
    assert_eq!(chosen(&none, &[&[], &[&JWT]]), Ok(vec![]));
    assert_eq!(chosen(&with_client(), &[&[], &[&JWT]]), Ok(vec!["JWT"]));
}

#[test]
fn what_is_missing_is_named() {
    let error = chosen(&with_key(), &[&[&JWT], &[&CLIENT, &KEY]]).unwrap_err();
    assert_eq!(
        error,
        "no usable credentials: it accepts JWT (a bearer token), or clientAuth (user and password, or id and secret of a client) with \
         apikey (a key in the header x-api-key); the client has an API key"
    );
    let admin = Credentials {
        keys: [("adminKey".to_owned(), "key".into())].into(),
        ..Credentials::default()
    };
    let error = chosen(&admin, &[&[&KEY]]).unwrap_err();
    assert!(
        error.ends_with("the client has an API key for adminKey"),
        "{error}"
    );
    let error = chosen(&Credentials::default(), &[&[&KEY]]).unwrap_err();
    assert!(error.ends_with("the client has no credentials"), "{error}");
}

#[test]
fn a_key_for_a_scheme_goes_before_the_general_one() {
    let credentials = Credentials {
        keys: [("adminKey".to_owned(), "admin".into())].into(),
        ..with_key()
    };
    let mut url = Url::parse("https://example.com/?a=b").unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_static("a=b"));
    let schemes: &[&Scheme] = &[&KEY, &ADMIN, &QUERY, &COOKIE_KEY];
    credentials
        .apply(schemes, None, &mut url, &mut headers)
        .unwrap();
    assert_eq!(headers["x-api-key"], "key");
    assert_eq!(headers["x-admin-key"], "admin");
    assert_eq!(headers[COOKIE], "a=b; session=key");
    assert_eq!(url.as_str(), "https://example.com/?a=b&the+key=key");
    for value in headers.values() {
        assert!(value.is_sensitive(), "{value:?}");
    }
}

/// A document may list the key as a parameter, too.
#[test]
fn a_key_is_sent_once() {
    let mut url = Url::parse("https://example.com/?the%20key=x&a=b+c&the+key").unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_static("session=x; a=b"));
    with_key()
        .apply(&[&QUERY, &COOKIE_KEY], None, &mut url, &mut headers)
        .unwrap();
    assert_eq!(url.as_str(), "https://example.com/?a=b+c&the+key=key");
    assert_eq!(headers[COOKIE], "a=b; session=key");
}

#[test]
fn a_header_of_an_unknown_scheme_is_the_callers() {
    const DIGEST: Scheme = Scheme {
        name: "digestAuth",
        kind: SchemeKind::Authorization("digest"),
    };
    // A general key is not a header.
    let error = chosen(&with_key(), &[&[&DIGEST]]).unwrap_err();
    assert!(
        error.contains("digestAuth (`api_key_for` with a whole header of the scheme digest)"),
        "{error}"
    );
    let given = Credentials {
        keys: [("digestAuth".to_owned(), "Digest a=b".into())].into(),
        ..with_key()
    };
    assert_eq!(chosen(&given, &[&[&DIGEST]]), Ok(vec!["digestAuth"]));
    let mut url = Url::parse("https://example.com/").unwrap();
    let mut headers = HeaderMap::new();
    let schemes: &[&Scheme] = &[&DIGEST];
    given.apply(schemes, None, &mut url, &mut headers).unwrap();
    assert_eq!(headers[AUTHORIZATION], "Digest a=b");
    assert!(headers[AUTHORIZATION].is_sensitive());
}

#[test]
fn a_fixed_token_goes_before_a_fetched_one() {
    let mut url = Url::parse("https://example.com/").unwrap();
    let mut headers = HeaderMap::new();
    let fixed = Credentials {
        bearer: Some("fixed".into()),
        ..with_client()
    };
    assert!(!fixed.needs_token(&[&JWT]));
    fixed.apply(&[&JWT], None, &mut url, &mut headers).unwrap();
    assert_eq!(headers[AUTHORIZATION], "Bearer fixed");
    let client = with_client();
    assert!(client.needs_token(&[&JWT]) && !client.needs_token(&[&CLIENT]));
    client
        .apply(&[&JWT], Some(&"fetched".into()), &mut url, &mut headers)
        .unwrap();
    assert_eq!(headers[AUTHORIZATION], "Bearer fetched");
    client
        .apply(&[&CLIENT], None, &mut url, &mut headers)
        .unwrap();
    assert_eq!(headers[AUTHORIZATION], "Basic aWQ6c2VjcmV0");
    assert!(headers[AUTHORIZATION].is_sensitive());
}

#[test]
fn a_key_can_not_end_its_cookie() {
    for key in ["a;b", "a b", "a,b", "ä", "a\"b"] {
        let mut headers = HeaderMap::new();
        let error = add_cookie(&mut headers, "session", &key.into()).unwrap_err();
        assert!(
            error.to_string().contains("api_key: contains characters"),
            "{error}"
        );
        assert!(headers.is_empty());
    }
}

/// Vectors of RFC 4648, and all values of a byte.
#[test]
fn base64_as_the_standard_has_it() {
    for (plain, encoded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
        ("ø:??>", "w7g6Pz8+"),
    ] {
        assert_eq!(base64::encode(plain.as_bytes()), encoded);
    }
    assert_eq!(base64::encode(&[0xFB, 0xFF, 0xFE]), "+//+");
}
