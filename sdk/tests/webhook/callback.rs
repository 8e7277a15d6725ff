//! `Dintero-Signature`.

use std::time::Duration;

use dintero::webhook::{
    Callback, CallbackError, CallbackEvent, CallbackSigner, CallbackVerifier, ErrorKind,
};
use http::Request;

use crate::{SIGNATURE, TIME, URL, account, at, verifier, verify, verify_with};

fn sign(method: &str, url: &str) -> String {
    let signer = CallbackSigner::new(account(), "123").unwrap();
    signer.sign(method, url, at(TIME)).unwrap()
}

fn signed(url: &str) -> Callback {
    verify(url, &sign("GET", url)).unwrap()
}

#[test]
fn published_example() {
    let callback = verify(URL, SIGNATURE).unwrap();
    assert_eq!(callback.get("A"), Some("992"));
    assert_eq!(
        callback.query().collect::<Vec<_>>(),
        [("A", "992"), ("B", "123")]
    );
    assert_eq!(callback.signed_at(), at(TIME));
    assert_eq!(sign("GET", URL), SIGNATURE);
}

#[test]
fn requests_of_the_http_crate() {
    let request = |url: &str| {
        let request = Request::get(url).header("Dintero-Signature", SIGNATURE);
        request.header("event-delivery", "e7a1")
    };
    let whole = request(URL).body("a body").unwrap();
    let callback = verifier(TIME).verify(&whole).unwrap();
    drop(whole);
    assert_eq!(callback.unverified_event_delivery(), Some("e7a1"));

    let from_path = request("/callback?B=123&A=992")
        .header("host", "Example.com:443")
        .body(())
        .unwrap();
    assert!(verifier(TIME).verify(&from_path).is_ok());

    let hostless = request("/callback?B=123&A=992").body(()).unwrap();
    let error = verifier(TIME).verify(&hostless).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn a_host_that_is_set_goes_before_that_of_the_request() {
    let set = verifier(TIME).host("Example.com:443").unwrap();
    assert!(verify_with(&set, "GET", "/callback?B=123&A=992", SIGNATURE).is_ok());
    assert!(
        verify_with(
            &set,
            "GET",
            "http://10.0.0.1:80/callback?B=123&A=992",
            SIGNATURE
        )
        .is_ok()
    );
    let other = verifier(TIME).host("shop.example").unwrap();
    let error = verify_with(&other, "GET", URL, SIGNATURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn what_is_not_signed_may_change() {
    for url in [
        "https://example.com/callback?A=992&B=123",
        "http://example.com:8080/callback?B=123&A=992",
        "https://EXAMPLE.com/callback?B=%31%32%33&%41=992&#part",
    ] {
        let callback = verify(url, SIGNATURE).unwrap();
        assert_eq!(callback.get("B"), Some("123"));
        // The same delivery, however it is written.
        assert_eq!(&SIGNATURE[28..], callback.delivery_id());
    }
}

#[test]
fn what_is_signed_may_not_change() {
    let wrong = |url: &str| verify(url, SIGNATURE).unwrap_err().kind();
    for url in [
        "https://example.org/callback?B=123&A=992",
        "https://sub.example.com/callback?B=123&A=992",
        "https://example.com/callback/?B=123&A=992",
        "https://example.com/Callback?B=123&A=992",
        "https://example.com/%63allback?B=123&A=992",
        "https://example.com//callback?B=123&A=992",
        "https://example.com/callback",
        "https://example.com/callback?B=123",
        "https://example.com/callback?B=123&A=992&A=992",
        "https://example.com/callback?B=123&A=992&C",
        "https://example.com/callback?B=124&A=992",
        "https://example.com/callback?b=123&A=992",
        "https://example.com/callback?B=992&A=123",
        "https://example.com/callback?B=123&A=992+",
        "https://example.com/callback?B=123%26A=992",
    ] {
        assert_eq!(wrong(url), ErrorKind::WrongSignature, "{url}");
    }
    let verifier = verifier(TIME);
    let error = verify_with(&verifier, "POST", URL, SIGNATURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
    assert!(verify_with(&verifier, "get", URL, SIGNATURE).is_ok());

    let later = SIGNATURE.replace("t=1582236537", "t=1582236538");
    let zero = SIGNATURE.replace("t=1582236537", "t=01582236537");
    let digit = SIGNATURE.replace("=6bed", "=7bed");
    for signature in [later, zero, digit] {
        let error = verify(URL, &signature).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongSignature, "{signature}");
    }
    let sandbox = CallbackVerifier::new("T00000000".parse().unwrap(), ["123"]).unwrap();
    let error = verify_with(&sandbox.clock(|| at(TIME)), "GET", URL, SIGNATURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn repeated_names_keep_their_order() {
    let url = "https://example.com/?report_event=VOID&a=1&report_event=CAPTURE";
    let signature = sign("GET", url);
    let callback = verify(url, &signature).unwrap();
    assert_eq!(
        callback.get_all("report_event").collect::<Vec<_>>(),
        ["VOID", "CAPTURE"]
    );
    assert_eq!(callback.get("report_event"), None);
    let moved = "https://example.com/?a=1&report_event=VOID&report_event=CAPTURE";
    assert!(verify(moved, &signature).is_ok());
    let swapped = "https://example.com/?a=1&report_event=CAPTURE&report_event=VOID";
    let error = verify(swapped, &signature).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn encodings_are_one() {
    let url = "https://example.com/?q=a%20b&r=~%27(*)&s=%c3%a5";
    let signature = sign("GET", url);
    let other = "https://example.com/?s=%C3%A5&q=a+b&r=%7E'%28*%29";
    assert_eq!(verify(other, &signature).unwrap().get("q"), Some("a b"));
    let plus = "https://example.com/?s=%C3%A5&q=a%2Bb&r=%7E'%28*%29";
    let error = verify(plus, &signature).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn values_by_name() {
    let callback = signed(
        "https://example.com/?transaction_id=T1&session_id=S1&merchant_reference=order+7&time=x&error=cancelled\
         &event=CAPTURE&event_id=3",
    );
    assert_eq!(callback.transaction_id(), Some("T1"));
    assert_eq!(callback.session_id(), Some("S1"));
    assert_eq!(callback.merchant_reference(), Some("order 7"));
    assert_eq!(callback.error(), Some(CallbackError::Cancelled));
    assert_eq!(callback.event(), Some(CallbackEvent::Capture));
    assert_eq!(callback.time().unwrap().as_str(), "x");
    assert_eq!(callback.event_id(), Some("3"));
    assert_eq!(callback.get("none"), None);

    let newer = signed("https://example.com/?time=2026-11-23T12:00:00.000Z&error=lost&event=VOID");
    assert_eq!(newer.time().unwrap().unix_seconds(), Some(1_795_435_200));
    assert_eq!(newer.error().unwrap().as_str(), "lost");
    assert!(matches!(
        newer.error(),
        Some(CallbackError::Unrecognized(_))
    ));
    assert_eq!(newer.event(), Some(CallbackEvent::Void));

    let capture = signed("https://example.com/?transaction_id=T1&error=captured");
    assert_eq!(capture.error(), Some(CallbackError::CaptureFailed));
    assert_eq!(capture.error().unwrap().as_str(), "captured");

    let renamed = signed("https://example.com/?sid_parameter_name=sid&sid=S2&session_id=mine");
    assert_eq!(renamed.session_id(), Some("S2"));
    let mine = signed("https://example.com/?sid=mine");
    assert_eq!(mine.session_id(), None);
    let smuggled = signed("https://example.com/?transaction_id=theirs&transaction_id=T1");
    assert_eq!(smuggled.transaction_id(), None);
}

#[test]
fn window_to_both_sides() {
    let verify_at = |seconds| verify_with(&verifier(seconds), "GET", URL, SIGNATURE);
    for seconds in [TIME - 300, TIME, TIME + 300] {
        assert!(verify_at(seconds).is_ok(), "{seconds}");
    }
    let old = verify_at(TIME + 301).unwrap_err();
    assert_eq!(old.kind(), ErrorKind::TooOld);
    assert_eq!(
        old.to_string(),
        "the signature is valid but 301 s old, the maximum is 300 s: reject it as a possible replay, and check this \
         machine's clock if it happens often"
    );
    assert_eq!(
        verify_at(TIME - 301).unwrap_err().kind(),
        ErrorKind::TooEarly
    );
    // Five minutes, not the five hours of a well-known sample.
    assert_eq!(
        verify_at(TIME + 3_600).unwrap_err().kind(),
        ErrorKind::TooOld
    );
    assert_eq!(verify_at(0).unwrap_err().kind(), ErrorKind::TooEarly);

    let set = |tolerance, seconds| {
        let verifier = verifier(seconds).tolerance(Duration::from_secs(tolerance));
        verify_with(&verifier, "GET", URL, SIGNATURE)
    };
    assert!(set(10, TIME + 10).is_ok());
    assert_eq!(set(10, TIME + 11).unwrap_err().kind(), ErrorKind::TooOld);
    assert!(set(0, TIME).is_ok());
    assert_eq!(set(0, TIME - 1).unwrap_err().kind(), ErrorKind::TooEarly);
    assert!(set(u64::MAX, 0).is_ok());
}

#[test]
fn the_system_clock_by_default() {
    let verifier = CallbackVerifier::new(account(), ["123"]).unwrap();
    let error = verify_with(&verifier, "GET", URL, SIGNATURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooOld);
    let signer = CallbackSigner::new(account(), "123").unwrap();
    let now = signer
        .sign("GET", URL, std::time::SystemTime::now())
        .unwrap();
    assert!(verify_with(&verifier, "GET", URL, &now).is_ok());
}

#[test]
fn a_wrong_signature_is_no_matter_of_time() {
    let wrong = SIGNATURE.replace("=6bed", "=7bed");
    let error = verify_with(&verifier(0), "GET", URL, &wrong).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn headers_written_otherwise() {
    let hex = &SIGNATURE[28..];
    for signature in [
        format!("t={TIME}, v0-hmac-sha256={hex}"),
        format!(" t={TIME},\tv0-hmac-sha256={hex} "),
        format!("v0-hmac-sha256={hex},t={TIME}"),
        format!(
            "t={TIME},v1-better=abc,v0-hmac-sha256={}",
            hex.to_uppercase()
        ),
    ] {
        let callback = verify(URL, &signature).unwrap();
        assert_eq!(callback.delivery_id(), hex, "{signature}");
    }
}

#[test]
fn headers_that_are_none() {
    let hex = &SIGNATURE[28..];
    for signature in [
        String::new(),
        "t".into(),
        hex.into(),
        format!("v0-hmac-sha256={hex}"),
        format!("t={TIME},"),
        format!("t={TIME},v0-hmac-sha256="),
        format!("t={TIME},v0-hmac-sha256={}", &hex[2..]),
        format!("t={TIME},v0-hmac-sha256={hex}00"),
        format!("t={TIME},v0-hmac-sha256={}g", &hex[1..]),
        format!("t={TIME},t={TIME},v0-hmac-sha256={hex}"),
        format!("t={TIME},v0-hmac-sha256={hex},v0-hmac-sha256={hex}"),
        format!("t=,v0-hmac-sha256={hex}"),
        format!("t=+{TIME},v0-hmac-sha256={hex}"),
        format!("t=-1,v0-hmac-sha256={hex}"),
        format!("t={TIME}.0,v0-hmac-sha256={hex}"),
        format!("t={},v0-hmac-sha256={hex}", u64::MAX),
        format!("t={}0,v0-hmac-sha256={hex}", u64::MAX),
    ] {
        let error = verify(URL, &signature).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MalformedSignature, "{signature}");
    }
    let unknown = format!("t={TIME},v1-hmac-sha512={hex}");
    let error = verify(URL, &unknown).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownScheme);

    let missing = verifier(TIME).verify_parts("GET", URL, |_| None::<&str>);
    let missing = missing.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::MissingSignature);
    assert!(missing.to_string().contains("/v1/admin/signature"));
    let headers = |name: &str| (name == "dintero-signature").then_some([0xFF]);
    let binary = verifier(TIME).verify_parts("GET", URL, headers);
    assert_eq!(binary.unwrap_err().kind(), ErrorKind::MalformedSignature);
}

#[test]
fn every_byte_of_the_header_counts() {
    for at in 0..SIGNATURE.len() {
        let mut changed = SIGNATURE.as_bytes().to_vec();
        changed[at] ^= 1;
        let cut = SIGNATURE.as_bytes()[..at].to_vec();
        for header in [changed, cut] {
            let headers = |name: &str| (name == "dintero-signature").then(|| header.clone());
            let result = verifier(TIME).verify_parts("GET", URL, headers);
            assert!(result.is_err(), "{}", String::from_utf8_lossy(&header));
        }
    }
}

#[test]
fn requests_that_are_none() {
    for (method, url) in [
        ("GET", "not a url"),
        ("GET", ""),
        ("GET", "*"),
        ("GET", "example.com:443"),
        ("G\nT", URL),
        ("", URL),
        ("GET", "/callback?B=123&A=992"),
    ] {
        let error = verify_with(&verifier(TIME), method, url, SIGNATURE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{method} {url}");
    }
}
