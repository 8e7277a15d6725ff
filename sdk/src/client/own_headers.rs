//! Headers that callers set, and those that are none of their business.

use http::{HeaderName, HeaderValue, header};

/// Headers that say who calls, what is in a message and how it travels: the client sets them.
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

/// Why a caller's header is not sent.
pub(crate) type Refusal = &'static str;

/// A header of a caller. Its value is not shown by logs: nobody knows what it is.
pub(crate) fn read(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Refusal> {
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| "is not the name of a header")?;
    let mut value =
        HeaderValue::from_str(value).map_err(|_| "holds a character that no header can carry")?;
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

/// Why not where the operation has the same.
pub(crate) const TAKEN: Refusal = "is a parameter or a credential of this operation; set it there";

/// A caller's header must not take the place of one of these, which the operation needs.
pub(crate) fn check(name: &HeaderName, needed: &[HeaderName]) -> Result<(), Refusal> {
    match needed.contains(name) {
        true => Err(TAKEN),
        false => Ok(()),
    }
}
