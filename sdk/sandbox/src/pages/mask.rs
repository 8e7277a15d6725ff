//! Secrets are left out of what pages show.

use http::HeaderMap;
use serde_json::Value;

use crate::calls::Excerpt;

const MASK: &str = "•••";

/// Names that contain one of them hold secrets, or numbers of cards.
const PARTS: [&str; 12] = [
    "access_key",
    "api_key",
    "apikey",
    "api-key",
    "card_number",
    "md5_key",
    "password",
    "secret",
    "signature",
    "subscription-key",
    "subscription_key",
    "token",
];

/// Other names that hold secrets.
const NAMES: [&str; 17] = [
    "authorization_code",
    "barcode_128",
    "binding_code",
    "cert",
    "key",
    "oob_code",
    "passphrase",
    "pin",
    "receipt",
    "recaptcha_response",
    "redirect_uri",
    "scc",
    "signed_url",
    "upload_url",
    "value",
    "verification_code",
    // Of an error it is not one: see `hide`.
    "code",
];

/// Names that contain a part, and don't hold secrets.
const PUBLIC: [&str; 4] = [
    "next_page_token",
    "page_token",
    "signature_type",
    "token_type",
];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_public = PUBLIC.contains(&name.as_str());
    let has_part = PARTS.iter().any(|part| name.contains(part));
    NAMES.contains(&name.as_str()) || (has_part && !is_public)
}

/// The value of a header, without credentials.
pub(super) fn header(name: &str, value: &str) -> String {
    match name {
        "authorization" => {
            let scheme = value.split(' ').next().unwrap_or_default();
            format!("{scheme} {MASK}")
        }
        "cookie" | "set-cookie" => MASK.to_owned(),
        name if is_secret(name) => MASK.to_owned(),
        _ => value.to_owned(),
    }
}

/// Headers, those with credentials without them.
pub(super) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    (headers.iter())
        .map(|(name, value)| {
            let value = value.to_str().unwrap_or("(not text)");
            (name.to_string(), header(name.as_str(), value))
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
            Ok(text) if PARTS.iter().any(|part| text.contains(part)) => {
                format!("{} bytes of text", text.len())
            }
            Ok(text) => text.to_owned(),
            Err(_) => format!("{} bytes that are not text", excerpt.length),
        },
    })
}

/// JSON in lines, without secrets.
pub(super) fn json(mut value: Value) -> String {
    hide(&mut value, None);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// Hides the texts of a value with this name.
fn hide(value: &mut Value, name: Option<&str>) {
    match value {
        Value::Object(members) => {
            for (inner, member) in members {
                let is_of_error = inner == "code" && name.is_some();
                hide(
                    member,
                    if is_of_error {
                        Some("error")
                    } else {
                        Some(inner)
                    },
                );
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, name)),
        Value::String(text) if name.is_some_and(is_secret) && !text.is_empty() => {
            *text = MASK.to_owned();
        }
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

    /// Names of properties that the documents call secret.
    const DOCUMENTED: &str = "access_token account_number_token api_key authorization_code authorization_token \
        aws_access_key_id aws_secret_access_key barcode_128 binding_code card_number cert cert_password client_Secret \
        client_secret client_token code customers_client_secret key md5_key mfa_token ocp-apim-subscription-key \
        ocp_apim_subscription_key ocp_apim_subscription_key_access_token ocp_apim_subscription_key_ecom oob_code \
        passphrase password payment_token pin previous_password previous_password_token proposed_password \
        recaptcha_response receipt recurrence_token redirect_uri refresh_token scc secret secret_token \
        seitatech:conlonToken session_token signed_url store_token swish:payment_request:token token upload_url value \
        verification_code";

    #[test]
    fn all_documented_secrets() {
        for name in DOCUMENTED.split_whitespace() {
            let text = json(
                json!({ name: "hidden", "config": { "secret": { "type": "HMAC-SHA1", "value": "hidden" } } }),
            );
            assert!(!text.contains("hidden"), "{text}");
            assert!(text.contains("HMAC-SHA1"), "{text}");
        }
        let error = json(json!({ "error": { "code": "NotFound", "message": "none" } }));
        assert!(error.contains("NotFound"), "{error}");
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
