//! What is not our fault: documents that Prism can't read, valid requests that it refuses, and its invalid responses.

use serde_json::Value;

/// What a call says about the generator.
pub(crate) enum Verdict {
    /// The request is valid. With the reason if Prism's response can't be judged.
    Valid(Option<&'static str>),
    /// Prism can't judge the request, for this reason.
    Unjudged(&'static str),
    /// The generator is wrong.
    Wrong,
}

/// Documents that Prism can't read: what it says then, and why.
pub(crate) const UNREADABLE: &[(&str, &str, &str)] = &[
    (
        "vipps_epayment",
        "ResolverError",
        "it refers to a file of another host",
    ),
    (
        "dropboxsign",
        "ResolverError",
        "it refers to examples in files that are not beside it",
    ),
];

/// Responses that Prism can't make, although it found the request valid, by the types of its errors.
const NO_RESPONSE: &[(&str, &str)] = &[
    (
        "NO_COMPLEX_OBJECT_TEXT",
        "Prism can't make a text response of an object",
    ),
    (
        "NO_RESPONSE_RESPONSE_DEFINED",
        "Prism makes no response of a `default` without a schema",
    ),
    (
        "UNKNOWN\",\"title\":\"Cannot find serializer",
        "Prism can't write responses of this media type",
    ),
];

const PARTS: &str = "Prism reads every part of a multipart body as a text";
const UNDESCRIBED: &str = "the document requires a member without a property: a warning names it";
const OVERLAP: &str = "the document allows one of several members, which no type says";

/// Requests that Prism refuses, although they are what the document says: document, operation, what Prism says, and why.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        "xero_files",
        "",
        "Request body must have required property",
        UNDESCRIBED,
    ),
    (
        "figma",
        "PUT /v2/webhooks/{webhook_id}",
        "Request body must have required property 'team_id'",
        UNDESCRIBED,
    ),
    (
        "docker_sw2",
        "POST /build",
        "Request header parameter content-type must be equal to",
        "the document describes a header `Content-type` of another media type than its body",
    ),
    (
        "box",
        "POST /oauth2/revoke",
        "must have required property",
        UNDESCRIBED,
    ),
    (
        "box",
        "PUT /files/{file_id}",
        "must have required property",
        UNDESCRIBED,
    ),
    (
        "box",
        "POST /invites",
        "must have required property",
        UNDESCRIBED,
    ),
    (
        "box",
        "POST /files/",
        "property attributes must be object",
        PARTS,
    ),
    (
        "openai",
        "POST /audio/transcriptions",
        "must be array",
        PARTS,
    ),
    (
        "openai",
        "POST /files",
        "expires_after must be object",
        PARTS,
    ),
    (
        "adyen_checkout71",
        "POST /payments",
        "paymentMethod must match exactly one schema",
        OVERLAP,
    ),
    (
        "openai",
        "POST /",
        "file_search must match exactly one schema",
        OVERLAP,
    ),
    ("openai", "POST /images/edits", "must NOT be valid", OVERLAP),
    (
        "twilio",
        "POST ",
        "must be array",
        "Prism reads a list of one item in a form as a text",
    ),
];

/// Returns what a call says that did not succeed.
pub(crate) fn verdict(document: &str, operation: &str, line: &Value) -> Verdict {
    let body = line["body"].as_str().unwrap_or_default();
    let outcome = line["outcome"].as_str().unwrap_or_default();
    if outcome == "lost" && body.contains("Prism has ended") && body.contains("TypeError") {
        return Verdict::Unjudged("Prism ends with an error of its own");
    }
    if outcome == "unreadable" {
        // Prism itself says so, or the example is a text that contains JSON.
        if is_of(line, "response") {
            return Verdict::Valid(Some("Prism's response is not as the document says"));
        }
        if line["why"]
            .as_str()
            .unwrap_or_default()
            .contains("expected value at line 1 column 1")
        {
            return Verdict::Valid(Some(
                "Prism answers with text where any media type is documented",
            ));
        }
        if ["\"{", "\"["].iter().any(|start| body.starts_with(start)) {
            return Verdict::Valid(Some("the document's example is a text that contains JSON"));
        }
    }
    let error = body.split_once("stoplight.io/prism/errors#");
    if let Some((_, error)) = error
        && let Some((_, reason)) = NO_RESPONSE.iter().find(|(ty, _)| error.starts_with(ty))
    {
        return Verdict::Valid(Some(reason));
    }
    if line["status"] == 101 {
        return Verdict::Valid(Some("the connection continues in another protocol"));
    }
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let violations = [&line["violations"], &problem["validation"]];
    let violations = violations.into_iter().flat_map(messages);
    let violations: Vec<&str> = violations.collect();
    let excused = REFUSED.iter().find(|(of, at, says, _)| {
        document.starts_with(of)
            && operation.starts_with(at)
            && !violations.is_empty()
            && violations.iter().all(|said| said.contains(says))
    });
    excused.map_or(Verdict::Wrong, |(.., reason)| Verdict::Unjudged(reason))
}

/// Whether Prism found a mistake in its own response, or in the request.
fn is_of(line: &Value, part: &str) -> bool {
    let mut violations = line["violations"].as_array().into_iter().flatten();
    violations.any(|violation| violation["location"][0] == part)
}

fn messages(violations: &Value) -> Vec<&str> {
    let violations = violations.as_array().into_iter().flatten();
    violations
        .filter_map(|violation| violation["message"].as_str())
        .collect()
}

/// Types of unions that are not read as they should be: document, union, type, and why. Each is a gap of the generator or of
/// the runtime: the table lists them.
pub(crate) const MISREAD: &[(&str, &str, &str, &str)] = &[
    ("qdrant", "BatchVectorStruct", "List4", LISTS),
    ("qdrant", "BatchVectorStruct", "List5", LISTS),
    ("qdrant", "VectorStruct", "Image", EMPTY_TEXT),
    ("qdrant", "Query", "DiscoverQuery", EMPTY_TEXT),
];

const LISTS: &str = "lists whose items differ only by required members are not distinguished";
const EMPTY_TEXT: &str = "an empty text counts as a missing value where no text is documented";

/// Returns why a type is not read as it should be; nothing if that is not known.
pub(crate) fn misread(document: &str, union: &str, variant: &str) -> Option<&'static str> {
    let mut known = MISREAD.iter();
    let found = known.find(|(of, name, ty, _)| *of == document && *name == union && *ty == variant);
    found.map(|(.., why)| *why)
}
