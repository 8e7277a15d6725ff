//! Secrets are left out of what pages show.

use http::HeaderMap;
use serde_json::Value;

use crate::calls::Excerpt;

const MASK: &str = "•••";

/// Names that contain one of them hold secrets, or numbers of cards.
const SECRETS: [&str; 8] = [
    "api_key",
    "apikey",
    "api-key",
    "card_number",
    "password",
    "secret",
    "signature",
    "token",
];

/// Names that contain one of them, and don't.
const PUBLIC: [&str; 4] = [
    "next_page_token",
    "page_token",
    "signature_type",
    "token_type",
];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_public = PUBLIC.contains(&name.as_str());
    !is_public && SECRETS.iter().any(|part| name.contains(part))
}

/// Headers, those with credentials without them.
pub(super) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    (headers.iter())
        .map(|(name, value)| {
            let value = value.to_str().unwrap_or("(not text)");
            let shown = match name.as_str() {
                "authorization" => {
                    let scheme = value.split(' ').next().unwrap_or_default();
                    format!("{scheme} {MASK}")
                }
                "cookie" | "set-cookie" => MASK.to_owned(),
                name if is_secret(name) => MASK.to_owned(),
                _ => value.to_owned(),
            };
            (name.to_string(), shown)
        })
        .collect()
}

/// A path with its query.
pub(super) fn target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// A body as readable text, if it is any.
pub(super) fn body(excerpt: &Excerpt) -> Option<String> {
    if excerpt.length == 0 {
        return None;
    }
    if !excerpt.is_whole() {
        return Some(format!("{} bytes, too many to show", excerpt.length));
    }
    Some(match serde_json::from_slice::<Value>(&excerpt.start) {
        Ok(value) => json(value),
        Err(_) => match std::str::from_utf8(&excerpt.start) {
            // Not JSON as documented, so that its secrets are unknown.
            Ok(text) if text.contains("secret") => format!("{} bytes of text", text.len()),
            Ok(text) => text.to_owned(),
            Err(_) => format!("{} bytes that are not text", excerpt.length),
        },
    })
}

/// JSON in lines, without secrets.
pub(super) fn json(mut value: Value) -> String {
    hide(&mut value, false);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn hide(value: &mut Value, secret: bool) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                // `tokens: {"payex.creditcard": {…}}` has names within.
                let is_secret = is_secret(name);
                hide(member, is_secret);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, secret)),
        Value::String(text) if secret && !text.is_empty() => *text = MASK.to_owned(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_of_bodies() {
        let text = json(json!({
            "grant_type": "client_credentials",
            "access_token": "aaa",
            "token_type": "Bearer",
            "customer": { "tokens": { "payex.creditcard": { "payment_token": "bbb", "masked": "1111" } } },
            "config": { "secret": "ccc", "urls": ["https://shop.example"] },
            "generate_payment_token": true,
        }));
        for hidden in ["aaa", "bbb", "ccc"] {
            assert!(!text.contains(hidden), "{text}");
        }
        for shown in [
            "client_credentials",
            "\"Bearer\"",
            "1111",
            "shop.example",
            "true",
        ] {
            assert!(text.contains(shown), "{text}");
        }
    }

    #[test]
    fn secrets_of_headers_and_queries() {
        let pairs = [
            ("authorization", "Basic abc"),
            ("x-api-key", "abc"),
            ("accept", "a/b"),
        ];
        let map = pairs.map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let shown = headers(&map.into_iter().collect());
        let values: Vec<_> = shown.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["Basic •••", "•••", "a/b"]);
        assert_eq!(
            target("/v1/x?a=1&token=abc&page_token=2"),
            "/v1/x?a=1&token=•••&page_token=2"
        );
        assert_eq!(target("/v1/x"), "/v1/x");
    }
}
