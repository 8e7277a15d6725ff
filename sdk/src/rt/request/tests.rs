//! Requests byte by byte.

use super::*;
use crate::{
    Number,
    rt::{Json, List, Map},
};

fn resolve(request: Request) -> Result<Resolved, String> {
    let client = |name: &str| (name == "account").then(|| "T1/2".to_owned());
    request
        .finish()
        .and_then(|request| request.resolve(&client))
        .map_err(|error| error.to_string())
}

fn body(resolved: &Resolved) -> &Bytes {
    resolved.body.as_ref().unwrap().bytes().unwrap()
}

fn target(request: Request) -> String {
    resolve(request).unwrap().path_and_query
}

fn list(items: &[&str]) -> List<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}

#[test]
fn paths() {
    let id = "a b/ü?.~".to_owned();
    assert_eq!(
        target(Request::new("/x/{id}/y").path("id", &id)),
        "/x/a%20b%2F%C3%BC%3F.~/y"
    );
    assert_eq!(
        target(Request::new("/{ids}").path("ids", &list(&["a", "b,c"]))),
        "/a,b%2Cc"
    );
    assert_eq!(
        target(Request::new("/{a}{b}").path("b", &1_i64).path("a", &true)),
        "/true1"
    );
    assert_eq!(
        target(Request::new("/{id}/of/{id}").path("id", &"a".to_owned())),
        "/a/of/a"
    );
    assert_eq!(
        target(Request::new("/{a}").path_json("a", &list(&["x"]))),
        "/%5B%22x%22%5D"
    );
    for bad in ["", ".", ".."] {
        let error = resolve(Request::new("/{id}").path("id", &bad.to_owned())).unwrap_err();
        assert!(
            error.contains("id") && error.contains("would change the path"),
            "{error}"
        );
    }
}

#[test]
fn the_client_fills_in() {
    let (none, some) = (None::<String>, Some("own".to_owned()));
    let request = || Request::new("/accounts/{aid}");
    assert_eq!(
        target(request().path_from_client("aid", "account", &none)),
        "/accounts/T1%2F2"
    );
    assert_eq!(
        target(request().path_from_client("aid", "account", &some)),
        "/accounts/own"
    );
    let error = resolve(request().path_from_client("aid", "store", &none)).unwrap_err();
    assert!(
        error.contains("aid") && error.contains("`store`"),
        "{error}"
    );
    assert_eq!(
        target(Request::new("/").query_from_client("a", "account", &none)),
        "/?a=T1%2F2"
    );
    let resolved = resolve(Request::new("/").header_from_client("x-a", "account", &none)).unwrap();
    assert_eq!(resolved.headers["x-a"], "T1/2");
    let error = resolve(Request::new("/{id}")).unwrap_err();
    assert!(error.contains("has no value"), "{error}");
}

#[test]
fn queries() {
    let query = |request: Request| target(request).split_off(1);
    let new = || Request::new("/");
    assert_eq!(
        query(
            new()
                .query("created_at.gte", &"a&b c".to_owned())
                .query("n", &5_i64)
        ),
        "?created_at.gte=a%26b%20c&n=5"
    );
    assert_eq!(
        query(
            new()
                .query("none", &None::<String>)
                .query("b", &Some(false))
        ),
        "?b=false"
    );
    assert_eq!(query(new().query("id", &list(&["a", "b"]))), "?id=a&id=b");
    assert_eq!(query(new().query("id", &list(&[]))), "");
    let items = list(&["a", "b,c d|e"]);
    assert_eq!(
        query(new().query_joined("f", ",", &items)),
        "?f=a,b%2Cc%20d%7Ce"
    );
    assert_eq!(
        query(new().query_joined("f", "%20", &items)),
        "?f=a%20b%2Cc%20d%7Ce"
    );
    assert_eq!(
        query(new().query_joined("f", "%7C", &items)),
        "?f=a%7Cb%2Cc%20d%7Ce"
    );
    assert_eq!(query(new().query_joined("f", ",", &list(&[]))), "");
    assert_eq!(
        query(new().query_json("f", &list(&["sum", "currency"]))),
        "?f=%5B%22sum%22%2C%22currency%22%5D"
    );
    let object = Map::from([
        ("from".to_owned(), list(&["1", "2"])),
        ("to".to_owned(), list(&["x"])),
    ]);
    assert_eq!(
        query(new().query_deep("r", &object)),
        "?r%5Bfrom%5D%5B0%5D=1&r%5Bfrom%5D%5B1%5D=2&r%5Bto%5D%5B0%5D=x"
    );
    let flat = Map::from([("from".to_owned(), 1_i64), ("to".to_owned(), 2)]);
    assert_eq!(query(new().query("r", &flat)), "?from=1&to=2");
    assert_eq!(query(new().query_joined("r", ",", &flat)), "?r=from,1,to,2");
    assert_eq!(
        query(new().query("r", &serde_json::json!(["a", 1.5, true]))),
        "?r=a&r=1.5&r=true"
    );
    assert_eq!(
        target(Request::new("/a?fixed=1").query("b", &1_i64)),
        "/a?fixed=1&b=1"
    );
}

#[test]
fn headers_and_cookies() {
    let request = Request::new("/")
        .header("x-list", &list(&["a", "b"]))
        .header("x-none", &None::<i64>);
    let resolved = resolve(request.cookie("a", &"x;y".to_owned()).cookie("b", &1_i64)).unwrap();
    assert_eq!(resolved.headers["x-list"], "a,b");
    assert_eq!(resolved.headers[COOKIE], "a=x%3By; b=1");
    assert_eq!(resolved.headers.len(), 2);
    let error =
        resolve(Request::new("/").header("x-note", &"a\r\nevil: 1".to_owned())).unwrap_err();
    assert!(
        error.contains("x-note") && !error.contains("evil"),
        "{error}"
    );
}

#[test]
fn bodies() {
    let body = Map::from([
        ("a b".to_owned(), Json::from("1&2")),
        ("list".to_owned(), serde_json::json!([1, 2])),
    ]);
    let json = resolve(Request::new("/").json("application/json", &body)).unwrap();
    assert_eq!(self::body(&json), r#"{"a b":"1&2","list":[1,2]}"#);
    assert_eq!(json.headers[CONTENT_TYPE], "application/json");
    let form = resolve(Request::new("/").form("application/x-www-form-urlencoded", &body)).unwrap();
    assert_eq!(self::body(&form), "a+b=1%262&list=1&list=2");
    let text = resolve(Request::new("/").text("text/plain", &"grüß".to_owned())).unwrap();
    assert_eq!(self::body(&text), "grüß");
    let bytes = resolve(Request::new("/").bytes("image/png", Some(&Bytes::from_static(&[0, 255]))))
        .unwrap();
    assert_eq!(self::body(&bytes)[..], [0, 255]);
    let none = resolve(Request::new("/").json("application/json", &None::<i64>)).unwrap();
    assert!(none.body.is_none() && none.headers.is_empty());
    let error = resolve(Request::new("/").json(
        "application/json",
        &List::from([Map::from([("rate".to_owned(), Number::from(f64::NAN))])]),
    ));
    let error = error.unwrap_err();
    assert!(
        error.contains("`[0].rate`: JSON can't represent the number NaN"),
        "{error}"
    );
}

/// The values of RFC 6570, appendix A, and of OpenAPI's table of styles.
#[test]
fn styles_of_paths() {
    let colors = list(&["blue", "black", "brown"]);
    let color = serde_json::json!({"R": 100, "G": 200});
    let (text, empty) = ("b/l".to_owned(), String::new());
    let path = |request: Request| target(request).split_off(2);
    let new = || Request::new("/x{c}");
    for (expected, sent) in [
        (".b%2Fl", path(new().path_label("c", false, &text))),
        (".b%2Fl", path(new().path_label("c", true, &text))),
        (
            ".blue,black,brown",
            path(new().path_label("c", false, &colors)),
        ),
        (
            ".blue.black.brown",
            path(new().path_label("c", true, &colors)),
        ),
        (".G,200,R,100", path(new().path_label("c", false, &color))),
        (".G=200.R=100", path(new().path_label("c", true, &color))),
        (";c=b%2Fl", path(new().path_matrix("c", false, &text))),
        (";c", path(new().path_matrix("c", true, &empty))),
        (
            ";c=blue,black,brown",
            path(new().path_matrix("c", false, &colors)),
        ),
        (
            ";c=blue;c=black;c=brown",
            path(new().path_matrix("c", true, &colors)),
        ),
        (
            ";c=G,200,R,100",
            path(new().path_matrix("c", false, &color)),
        ),
        (";G=200;R=100", path(new().path_matrix("c", true, &color))),
        ("G,200,R,100", path(new().path("c", &color))),
        ("G=200,R=100", path(new().path_exploded("c", &color))),
        ("blue,black,brown", path(new().path_exploded("c", &colors))),
    ] {
        assert_eq!(sent, expected);
    }
    let deep = serde_json::json!({"a": {"b": 1}});
    let error = resolve(new().path_exploded("c", &deep)).unwrap_err();
    assert!(error.contains("an object is not supported here"), "{error}");
    for dots in [".", ""] {
        let error = resolve(Request::new("/{c}").path_label("c", true, &dots.to_owned()));
        let error = error.unwrap_err();
        assert!(error.contains("would change the path"), "{error}");
    }
}

#[test]
fn cookies_as_they_are() {
    let sent = |value: &str| {
        let value = value.to_owned();
        resolve(
            Request::new("/")
                .as_it_is(|request| request.cookie("a[b]", &value))
                .cookie("c", &"x y".to_owned()),
        )
    };
    let resolved = sent("x=y/z%20").unwrap();
    assert_eq!(resolved.headers[COOKIE], "a[b]=x=y/z%20; c=x%20y");
    for value in ["x;y", "x y", "\"x\"", "x\\y", "é", "x\r\ny"] {
        assert!(sent(value).is_err(), "{value:?}");
    }
    let names = serde_json::json!({"a=b": 1});
    let exploded = Request::new("/").as_it_is(|request| request.cookie_exploded("n", &names));
    assert!(resolve(exploded).is_err());
}

#[test]
fn exploded_headers_and_cookies() {
    let color = serde_json::json!({"R": 100, "G": 200});
    let request = Request::new("/")
        .header("x-plain", &color)
        .header_exploded("x-exploded", &color)
        .header_exploded("x-list", &list(&["a", "b"]))
        .cookie("plain", &list(&["a", "b"]))
        .cookie_exploded("list", &list(&["a", ";b"]))
        .cookie_exploded("object", &color);
    let headers = resolve(request).unwrap().headers;
    assert_eq!(headers["x-plain"], "G,200,R,100");
    assert_eq!(headers["x-exploded"], "G=200,R=100");
    assert_eq!(headers["x-list"], "a,b");
    assert_eq!(
        headers[COOKIE],
        "plain=a,b; list=a; list=%3Bb; G=200; R=100"
    );
}

#[test]
fn reserved_characters() {
    let text = "http://x/?a=1&b#c[0]+% %2F".to_owned();
    let request = Request::new("/")
        .reserved(|request| {
            request
                .query("q", &text)
                .query_joined("l", ",", &list(&["a/b", "c d"]))
        })
        .query("not", &"/".to_owned());
    assert_eq!(
        target(request),
        "/?q=http://x/?a=1%26b%23c%5B0%5D%2B%25%20%2F&l=a/b,c%20d&not=%2F"
    );
}

#[test]
fn forms() {
    let body = serde_json::json!({
        "expand": ["a", "b"],
        "items": [{"price": "p1"}, {"price": "p2", "quantity": 2}],
        "url": "a/b c",
        "card": {"number": 4, "nets": ["x", "y"]},
        "none": null,
    });
    let form = |rest, described: &[Part]| {
        let request = Request::new("/").form_of("f", &body, rest, described);
        let resolved = resolve(request).unwrap();
        let text = percent_encoding::percent_decode(self::body(&resolved))
            .decode_utf8()
            .unwrap();
        text.into_owned()
    };
    let part = |name, style| Part {
        name,
        style,
        reserved: false,
    };
    assert_eq!(
        form(PartStyle::Plain, &[]),
        r#"card={"nets":["x","y"],"number":4}&expand=a&expand=b&items={"price":"p1"}&items={"price":"p2","quantity":2}&url=a/b+c"#
    );
    assert_eq!(
        form(PartStyle::Deep, &[]),
        "card[nets][0]=x&card[nets][1]=y&card[number]=4&expand[0]=a&expand[1]=b\
         &items[0][price]=p1&items[1][price]=p2&items[1][quantity]=2&url=a/b+c"
    );
    assert_eq!(
        form(
            PartStyle::Plain,
            &[
                part("card", PartStyle::Repeat),
                part("expand", PartStyle::Joined(",")),
                part("items", PartStyle::Json),
            ]
        ),
        r#"nets=x&nets=y&number=4&expand=a,b&items=[{"price":"p1"},{"price":"p2","quantity":2}]&url=a/b+c"#
    );
    assert!(
        form(PartStyle::Plain, &[part("items", PartStyle::Repeat)]).contains("items[1][price]=p2")
    );
    let url = [Part {
        reserved: true,
        ..part("url", PartStyle::Plain)
    }];
    let reserved = resolve(Request::new("/").form_of("f", &body, PartStyle::Deep, &url));
    let reserved = reserved.unwrap();
    let reserved = self::body(&reserved);
    assert!(reserved.ends_with(b"&url=a/b+c"), "{reserved:?}");
    let error = resolve(Request::new("/").form("f", &list(&["a"]))).unwrap_err();
    assert!(error.contains("must be an object for a form"), "{error}");
}

#[test]
fn rules() {
    let check = |value: &[&str], rules: &[Rule]| {
        resolve(Request::new("/").check("field", &list(value), rules)).map(drop)
    };
    let companion = Rule::NeedsCompanion(&["currency"]);
    assert!(check(&["sum", "currency"], &[Rule::MinItems(1), companion]).is_ok());
    assert!(
        check(&[], &[Rule::MinItems(1), companion])
            .unwrap_err()
            .contains("needs at least 1 item")
    );
    assert!(
        check(&["currency"], &[companion])
            .unwrap_err()
            .contains("`currency` is only valid with another value")
    );
    assert!(
        check(&["a", "b"], &[Rule::MaxItems(1)])
            .unwrap_err()
            .contains("takes at most 1 item")
    );
    assert!(check(&["a"], &[Rule::MinItems(1), Rule::MaxItems(1)]).is_ok());
    let text = |value: &str, rule| {
        resolve(Request::new("/").check("field", &value.to_owned(), &[rule])).map(drop)
    };
    assert!(
        text("ü", Rule::MinLength(2))
            .unwrap_err()
            .contains("needs at least 2 characters")
    );
    assert!(
        text("üü", Rule::MaxLength(1))
            .unwrap_err()
            .contains("takes at most 1 character")
    );
    assert!(text("üü", Rule::MinLength(2)).is_ok());
    assert!(text("üü", Rule::MaxLength(2)).is_ok());
    assert!(
        resolve(Request::new("/").check("field", &None::<List<String>>, &[Rule::MinItems(1)]))
            .is_ok()
    );
}

#[test]
fn the_first_fault_is_told() {
    let request =
        Request::new("/{a}")
            .path("a", &String::new())
            .check("b", &list(&[]), &[Rule::MinItems(1)]);
    let error = resolve(request).unwrap_err();
    assert!(
        error.contains('a') && error.contains("would change the path"),
        "{error}"
    );
}
