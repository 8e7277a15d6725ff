//! Kinds of media types. Their names are the same in upper and lower case (RFC 9110), and parameters change nothing here.

/// Returns a media type in lower case, without its parameters.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Returns whether content of this type, or of one type of this range, is JSON. `text/json` is JSON for the WHATWG, and
/// for servers that were written before `application/json` was registered.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let known = ["application/json", "text/json", "*/*", "application/*"];
    known.contains(&essence.as_str()) || essence.ends_with("+json")
}

/// Returns whether a key of `content` has the form of a media type.
pub(crate) fn is_media_type(key: &str) -> bool {
    let pair = key.split_once('/');
    pair.is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())
}

pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// The boundary is a parameter.
pub(crate) fn is_multipart(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}

/// A form in parts. Parts of other multipart types have an order, and names only by convention.
pub(crate) fn is_form_data(media_type: &str) -> bool {
    ["multipart/form-data", "multipart/*"].contains(&essence(media_type).as_str())
}

pub(crate) fn is_text(media_type: &str) -> bool {
    essence(media_type).starts_with("text/") || is_xml(media_type)
}

/// XML is text: it gets no types.
pub(crate) fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    ["application/xml", "text/xml"].contains(&essence.as_str())
        || (essence.starts_with("application/") && essence.ends_with("+xml"))
}

/// Returns whether a media type is that of server-sent events.
pub(crate) fn is_events(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}
