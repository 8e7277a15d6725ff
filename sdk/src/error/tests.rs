use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::auth::Failure;
use crate::rt::Invalid;

fn response(status: u16, body: &str) -> RawResponse {
    RawResponse {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_owned()),
        is_strict: false,
    }
}

static CALL: Info = Info {
    name: "payments.capture",
    method: &Method::POST,
    path: "/transactions/{id}/capture",
    scopes: &["write:checkout", "admin:checkout"],
    request_id_header: Some("event-request-id"),
    ..Info::USUAL
};

static TOKEN: Info = Info {
    name: "auth.token",
    method: &Method::POST,
    path: "/accounts/{aid}/auth/token",
    ..Info::USUAL
};

fn failed(status: u16, body: &str) -> Error {
    Error::status_of(response(status, body)).of(&CALL)
}

const PREFIX: &str = "POST /transactions/{id}/capture: ";

#[test]
fn one_line_per_failure() {
    let full =
        r#"{"error":{"code":"INVALID_STATUS","message":"already\ncaptured","errors":[{"a":1}]}}"#;
    for (status, body, expected) in [
        (
            409,
            full,
            "409 Conflict (code INVALID_STATUS): already captured",
        ),
        (404, "", "404 Not Found"),
        (500, "<html>oops</html>", "500 Internal Server Error"),
        (499, "{}", "499"),
        (
            307,
            "",
            "307 Temporary Redirect: redirects are not followed",
        ),
        (
            403,
            "{}",
            "403 Forbidden; needs one of the scopes write:checkout, admin:checkout",
        ),
    ] {
        assert_eq!(
            failed(status, body).to_string(),
            format!("{PREFIX}{expected}")
        );
    }
    let long = failed(400, &format!(r#"{{"message":"{}"}}"#, "x".repeat(10_000)));
    assert!(long.to_string().len() < 700);
    assert_eq!(long.message().map(str::len), Some(10_000));
}

#[test]
fn one_line_without_a_failure() {
    let id = "hunter2";
    let json = serde_json::from_str::<i64>(r#""hunter2""#).unwrap_err();
    let decode = Error::decode(&response(200, id), json).of(&CALL);
    let expected = "200 OK: the call succeeded, but its response could not be read: \
                    invalid type: string …, expected i64 at line 1 column 9";
    assert_eq!(decode.to_string(), format!("{PREFIX}{expected}"));
    assert_eq!(
        decode.source().unwrap().to_string(),
        "invalid type: string …, expected i64 at line 1 column 9"
    );
    assert!(decode.call_succeeded() && decode.may_have_been_sent());
    assert_eq!(decode.body().map(|body| &body[..]), Some(&b"hunter2"[..]));
    assert!(!format!("{decode:?}").contains(id));
    let unfit = Error::unfit(&response(200, "{}"), Invalid::new("missing").under("id"));
    assert_eq!(
        unfit.to_string(),
        "200 OK: the call succeeded, but its response could not be read at $.id: missing"
    );

    let invalid = Error::invalid_request("amount", "is missing");
    assert_eq!(invalid.to_string(), "invalid request: `amount`: is missing");
    assert!(!invalid.may_have_been_sent());
    let invalid = invalid.of(&CALL);
    assert_eq!(
        invalid.to_string(),
        format!("{PREFIX}invalid request: `amount`: is missing")
    );

    for (kind, sent, head, expected) in [
        (ErrorKind::Connect, false, None, "could not connect: cause"),
        (
            ErrorKind::Timeout,
            true,
            None,
            "timed out (the request may have been carried out)",
        ),
        (
            ErrorKind::Transport,
            true,
            None,
            "the connection failed: cause (the request may have been carried out)",
        ),
        (
            ErrorKind::Transport,
            true,
            Some(201),
            "201 Created: the call succeeded, but its response was cut off: cause",
        ),
        (
            ErrorKind::Timeout,
            true,
            Some(200),
            "200 OK: the call succeeded, but its response did not arrive in time",
        ),
        (
            ErrorKind::Transport,
            true,
            Some(500),
            "500 Internal Server Error: the connection failed: cause",
        ),
    ] {
        let head = head.map(|status| response(status, ""));
        let error = Error::exchange(kind, sent, head, std::io::Error::other("cause")).of(&CALL);
        assert_eq!(error.to_string(), format!("{PREFIX}{expected}"));
        assert_eq!(error.may_have_been_sent(), sent);
        assert!(error.raw().is_none() && error.body().is_none());
    }
}

#[test]
fn kinds_by_status() {
    use ErrorKind as K;
    for (status, kind) in [
        (300, K::Redirect),
        (304, K::Redirect),
        (400, K::BadRequest),
        (401, K::Unauthorized),
        (402, K::Rejected),
        (403, K::Forbidden),
        (404, K::NotFound),
        (409, K::Conflict),
        (410, K::NotFound),
        (418, K::Rejected),
        (422, K::BadRequest),
        (429, K::RateLimited),
        (500, K::Server),
        (503, K::Server),
    ] {
        let error = failed(status, "");
        assert_eq!(error.kind(), kind, "{status}");
        assert!(error.may_have_been_sent() && !error.call_succeeded());
    }
}

#[test]
fn bodies_of_every_shape() {
    type Parts<'a> = (Option<&'a str>, Option<&'a str>, usize);
    let cases: [(&str, Parts<'_>); 14] = [
        (
            r#"{"error":{"code":"NOT FOUND","message":"m","errors":[1,{}]}}"#,
            (Some("NOT FOUND"), Some("m"), 2),
        ),
        (r#"{"error":{"message":"m"}}"#, (None, Some("m"), 0)),
        (
            r#"{"error":{"code":17,"errors":null}}"#,
            (Some("17"), None, 0),
        ),
        (r#"{"error":{"code":{},"errors":{"a":1}}}"#, (None, None, 1)),
        (
            r#"{"error":"invalid_client","error_description":"d"}"#,
            (Some("invalid_client"), Some("d"), 0),
        ),
        (r#"{"error":"E","message":"m"}"#, (Some("E"), Some("m"), 0)),
        (r#"{"code":"C","message":"m"}"#, (Some("C"), Some("m"), 0)),
        (r#"{"error":null,"message":"m"}"#, (None, Some("m"), 0)),
        (r#"{"error":[]}"#, (None, None, 0)),
        ("[]", (None, None, 0)),
        ("\"text\"", (None, None, 0)),
        ("", (None, None, 0)),
        ("{", (None, None, 0)),
        ("<html>", (None, None, 0)),
    ];
    for (body, expected) in cases {
        let error = failed(400, body);
        let found = (error.code(), error.message(), error.errors().len());
        assert_eq!(found, expected, "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(failed(400, &deep).code(), None);
    assert!(Report::read(b"\xFF\xFE{\"error\"").code.is_none());
}

#[test]
fn headers_of_a_failure() {
    let mut with_headers = response(429, "");
    for (name, value) in [
        ("retry-after", "7"),
        ("x-request-id", "abc"),
        ("event-request-id", "ev-1"),
    ] {
        with_headers.headers.insert(name, value.parse().unwrap());
    }
    let error = Error::status_of(with_headers).of(&CALL);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.request_id(), Some("ev-1"));
    assert_eq!(error.operation(), Some("payments.capture"));
    assert_eq!(error.path_template(), Some("/transactions/{id}/capture"));
    assert!(error.to_string().contains("(request id ev-1)"), "{error}");
}

#[test]
fn a_failed_token_request_speaks_through() {
    let body = r#"{"error":{"code":"C","message":"no such client"}}"#;
    let cause = Arc::new(Error::status_of(response(401, body)).of(&TOKEN));
    let error = Error::token(Failure {
        error: cause,
        pause: Duration::from_secs(1),
        is_remembered: false,
    });
    let error = error.of(&CALL);
    assert_eq!(
        error.to_string(),
        format!("{PREFIX}no access token: 401 Unauthorized (code C): no such client")
    );
    assert_eq!(
        error.source().unwrap().to_string(),
        "POST /accounts/{aid}/auth/token: 401 Unauthorized (code C): no such client"
    );
    assert_eq!(error.kind(), ErrorKind::Token);
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(
        (error.code(), error.message()),
        (Some("C"), Some("no such client"))
    );
    assert!(!error.may_have_been_sent() && !error.call_succeeded());
}

#[test]
fn the_text_of_a_body_stays_out_of_debug() {
    let body =
        r#"{"error":{"code":"hunter2 <x>","message":"hunter2","errors":["hunter2"]},"hunter2":1}"#;
    for shown in [
        format!("{:?}", failed(400, body)),
        format!("{:#?}", failed(400, body)),
    ] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let shown = format!("{:?}", failed(400, r#"{"error":{"code":"NOT FOUND"}}"#));
    assert!(
        shown.contains("\"NOT FOUND\"") && shown.contains("400"),
        "{shown}"
    );
}

#[test]
fn small_enough_to_return() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

/// Bodies that are almost those of a failure, and any bytes.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "1e999",
        "\"error\"",
        "\"code\"",
        "\"message\"",
        "\"errors\"",
        "\"error_description\"",
        "\"\\n\\u0000\\u2028\"",
        "\"\\ud800\"",
        "\u{feff}",
    ]);
    let text = ("[^\"\\\\]{0,300}", ".{0,3}").prop_map(|(message, code)| {
        let body =
            serde_json::json!({"error": {"code": code, "message": message, "errors": [message]}});
        body.to_string().into_bytes()
    });
    prop_oneof![
        vec(any::<u8>(), 0..200),
        vec(piece, 0..30).prop_map(|pieces| pieces.concat().into_bytes()),
        text,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_failure_is_one_line(
        status in 300_u16..1000,
        body in any_body(),
        headers in vec((
            select(vec!["retry-after", "date", "request-id", "event-request-id", "location", "content-type"]),
            vec(any::<u8>(), 0..40),
        ), 0..4),
    ) {
        let mut response = response(status, "");
        response.body = Bytes::from(body);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                response.headers.insert(HeaderName::from_static(name), value);
            }
        }
        let error = Error::status_of(response.clone()).of(&CALL);
        let text = error.to_string();
        prop_assert!(text.starts_with(PREFIX), "{text}");
        prop_assert!(text.chars().count() < 700, "{text}");
        prop_assert!(!text.contains(|c: char| c.is_control() || "\u{2028}\u{2029}".contains(c)), "{text:?}");
        let shown = format!("{:?}", error);
        prop_assert!(!shown.contains('\n'));
        prop_assert!(!error.call_succeeded() && error.may_have_been_sent());
        prop_assert_eq!(error.body(), Some(&response.body));
        let _ = (error.kind(), error.retry_after(), error.request_id(), error.location(), error.errors().len());
    }
}
