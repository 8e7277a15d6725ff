//! Other web sites can neither read the pages nor use them.
//!
//! A site whose name resolves to this machine would be the same origin as the sandbox, so the name in `host` must be one
//! of this machine. A form of another site is known by `sec-fetch-site` and `origin`, which its script can't set.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::request::Problem;
use crate::server::Inner;

/// Nothing is loaded but the style sheet and the icon, and no script runs. A form may go anywhere on the web, because the checkout
/// leads to the shop, and browsers check where a form leads in the end.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
    form-action 'self' http: https:";

const HEADERS: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    // Without any, browsers send `origin: null` with a form.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The policy of a page whose form may lead to an app, which has a scheme of its own.
pub(super) fn policy(scheme: &str) -> String {
    format!("{POLICY} {scheme}:")
}

pub(super) async fn check(
    Extract(inner): Extract<Arc<Inner>>,
    request: Request,
    next: Next,
) -> Response {
    let own = &inner.settings.origin;
    let mut response = match allow(request.method(), request.headers(), own) {
        Ok(()) => next.run(request).await,
        Err(message) => super::problem(&Problem::forbidden(message)),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = HeaderValue::from_static(POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn allow(method: &Method, headers: &HeaderMap, own: &str) -> Result<(), String> {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let host = text(header::HOST).unwrap_or_default();
    if !is_own(host, own) {
        return Err(format!(
            "`{host}` is not a name of this machine; open the page at {own}"
        ));
    }
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_same_site = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = text(header::ORIGIN).map(|origin| origin.split_once("://"));
    let is_same_origin = origin.is_none_or(|origin| origin.is_some_and(|(_, name)| name == host));
    match is_same_site && is_same_origin {
        true => Ok(()),
        false => Err("another web site sent this form".to_owned()),
    }
}

/// Whether a value of `host` is a name of this machine, or that of the address that the sandbox was told.
fn is_own(host: &str, own: &str) -> bool {
    let told = own.split_once("://").map_or(own, |(_, rest)| rest);
    if told.split('/').next() == Some(host) && !host.is_empty() {
        return true;
    }
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = address
        .parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_loopback || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:8700";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn names_of_this_machine() {
        for host in [
            "127.0.0.1:8700",
            "localhost:8700",
            "LOCALHOST",
            "[::1]:8700",
            "127.0.0.2",
        ] {
            assert!(is_own(host, OWN), "{host}");
        }
        for host in [
            "",
            "evil.example:8700",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:8700",
            "a@127.0.0.1.evil:1",
        ] {
            assert!(!is_own(host, OWN), "{host}");
        }
        assert!(is_own("sandbox:8700", "http://sandbox:8700"));
        assert!(is_own("pay.internal", "https://pay.internal/sandbox"));
        assert!(!is_own(
            "pay.internal.example",
            "https://pay.internal/sandbox"
        ));
    }

    #[test]
    fn forms_of_other_sites() {
        let host = ("host", "localhost:8700");
        let ok = |more: &[(&'static str, &'static str)]| {
            allow(&Method::POST, &headers(&[&[host], more].concat()), OWN).is_ok()
        };
        assert!(ok(&[]));
        assert!(ok(&[
            ("origin", "http://localhost:8700"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!ok(&[("origin", "http://localhost:3000")]));
        assert!(!ok(&[("origin", "null")]));
        assert!(!ok(&[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!ok(&[("sec-fetch-site", "same-site")]));
        // Reading by a link of a shop is what the checkout is for.
        let from_shop = headers(&[host, ("sec-fetch-site", "cross-site")]);
        assert!(allow(&Method::GET, &from_shop, OWN).is_ok());
    }
}
