//! Caller-set headers, and the reserved ones.

use http::{HeaderName, HeaderValue, header};

/// Reserved headers about identity, content and transfer, which the client sets.
const OWNED: [HeaderName; 19] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
    HeaderName::from_static("x-api-key"),
];

/// Returns why a caller's header is rejected.
pub(crate) type Refusal = &'static str;

/// A caller's header. Its value may be secret, so logs don't show it.
pub(crate) fn read(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Refusal> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "is not a valid header name")?;
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "contains a character that is not allowed in a header")?;
    value.set_sensitive(true);
    if OWNED.contains(&name) {
        return Err(if name == header::USER_AGENT {
            "is set by the client; `ClientBuilder::user_agent_suffix` adds to it"
        } else {
            "is set by the client itself"
        });
    }
    Ok((name, value))
}

/// The reason if the operation has the same header.
pub(crate) const TAKEN: Refusal = "is a parameter or a credential of this operation; set it there";

/// Rejects a caller's header that would replace one of the operation.
pub(crate) fn check(name: &HeaderName, needed: &[HeaderName]) -> Result<(), Refusal> {
    match needed.contains(name) {
        true => Err(TAKEN),
        false => Ok(()),
    }
}
