//! Addresses for callbacks.

use std::time::Duration;

use dintero::webhook::{CallbackEvent, CallbackUrl, ErrorKind};

#[test]
fn every_parameter_in_the_form_that_is_documented() {
    let url = CallbackUrl::new("https://shop.example/dintero")
        .unwrap()
        .method_post()
        .report_error()
        .report_events([
            CallbackEvent::Capture,
            CallbackEvent::Void,
            CallbackEvent::Capture,
        ])
        .delay(Duration::from_secs(60))
        .unwrap()
        .include_session()
        .session_id_as_sid();
    assert_eq!(
        String::from(url),
        "https://shop.example/dintero?method=POST&report_error=true&report_event=CAPTURE&report_event=VOID\
         &delay_callback=60&includes=session&sid_parameter_name=sid"
    );
}

#[test]
fn an_own_query_stays() {
    for (own, with) in [
        ("https://shop.example", "https://shop.example?method=POST"),
        (
            "https://shop.example/?",
            "https://shop.example/?method=POST",
        ),
        (
            "https://shop.example/?a=%20&",
            "https://shop.example/?a=%20&method=POST",
        ),
        (
            "https://shop.example:8443/?a=b+c",
            "https://shop.example:8443/?a=b+c&method=POST",
        ),
    ] {
        let url: CallbackUrl = own.parse().unwrap();
        assert_eq!(url.to_string(), own);
        assert_eq!(url.method_post().to_string(), with);
    }
}

#[test]
fn what_dintero_would_not_call_or_misread() {
    for (address, why) in [
        ("http://shop.example/", "https"),
        ("/dintero", "https"),
        ("shop.example", "https"),
        ("https://shop.example/å", "percent-encoded"),
        ("http://192.0.2.1/", "https"),
        ("http://localhost.example/", "https"),
        ("ftp://localhost/", "https"),
        ("https://shop.example/#a", "fragment"),
        (
            "https://shop.example/?a=1&transaction%5Fid=T1",
            "`transaction_id`",
        ),
        ("https://shop.example/?sid", "`sid`"),
    ] {
        let error = CallbackUrl::new(address).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{address}");
        assert!(error.to_string().contains(why), "{address}: {error}");
    }
    for fine in [
        "https://shop.example/?Method=1",
        "https://192.0.2.1/",
        "https://localhost.example/",
        // For a fake of Dintero.
        "https://localhost/",
        "http://localhost:8080/cb",
        "http://shop.localhost./",
        "http://LOCALHOST:3000/",
        "http://127.0.0.1/",
        "http://127.9.9.9/",
        "http://[::1]:3000/",
        "http://[::ffff:127.0.0.1]/",
    ] {
        assert!(CallbackUrl::new(fine).is_ok(), "{fine}");
    }
}

#[test]
fn delays() {
    let url = || CallbackUrl::new("https://shop.example").unwrap();
    for wrong in [Duration::from_millis(60_001), Duration::from_millis(500)] {
        assert!(url().delay(wrong).is_err(), "{wrong:?}");
    }
    let none = url().delay(Duration::ZERO).unwrap();
    assert_eq!(none.to_string(), "https://shop.example?delay_callback=0");
}

/// The address that Dintero's plugin for WooCommerce gives.
#[test]
fn addresses_that_steer_dintero_already() {
    let own = "https://shop.example/wc-api/dintero_callback/?delay_callback=120&report_error=true\
               &report_event=CAPTURE&report_event=REFUND&report_event=VOID";
    let url = || CallbackUrl::new(own).unwrap();
    assert_eq!(url().to_string(), own);
    let all = [
        CallbackEvent::Capture,
        CallbackEvent::Refund,
        CallbackEvent::Void,
    ];
    let same = url().report_error().report_events(all);
    let same = same.delay(Duration::from_secs(120)).unwrap();
    assert_eq!(same.to_string(), own);
    let built = CallbackUrl::new("https://shop.example/wc-api/dintero_callback/").unwrap();
    let built = built.delay(Duration::from_secs(120)).unwrap();
    assert_eq!(
        built
            .report_error()
            .report_events([
                CallbackEvent::Capture,
                CallbackEvent::Refund,
                CallbackEvent::Void
            ])
            .to_string(),
        own
    );
    let other = url().delay(Duration::from_secs(5)).unwrap();
    assert_eq!(
        other.to_string(),
        "https://shop.example/wc-api/dintero_callback/?report_error=true&report_event=CAPTURE&report_event=REFUND\
         &report_event=VOID&delay_callback=5"
    );
    for (own, posting) in [
        (
            // As in Dintero's example of a session.
            "https://example.com/callback?method=GET",
            "https://example.com/callback?method=POST",
        ),
        (
            "https://a.example/?a=b+c&%6Dethod=GET&method=PUT&d=%2F",
            "https://a.example/?a=b+c&d=%2F&method=POST",
        ),
    ] {
        let url = CallbackUrl::new(own).unwrap();
        assert_eq!(url.to_string(), own);
        assert_eq!(url.method_post().to_string(), posting);
    }
}

#[test]
fn debug_shows_no_address() {
    let url = CallbackUrl::new("https://shop.example/?token=abc").unwrap();
    assert_eq!(format!("{url:?}"), "CallbackUrl(…)");
}

#[cfg(feature = "payments")]
#[test]
fn goes_into_a_session() {
    let url = CallbackUrl::new("https://shop.example/dintero").unwrap();
    let urls = dintero::payments::SessionUrls::builder()
        .return_url("https://shop.example/thanks")
        .callback_url(url.report_error())
        .build();
    assert_eq!(
        urls.callback_url.as_deref(),
        Some("https://shop.example/dintero?report_error=true")
    );
}
