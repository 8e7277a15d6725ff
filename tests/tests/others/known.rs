//! What is not our fault: documents that Prism can't read, valid requests that it refuses, and its invalid responses.

use std::collections::BTreeMap;

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
const ONE_ITEM: &str = "Prism reads a list of one item in a form as a text";
const OVERLAP: &str = "the document allows one of several members, which no type says";

/// A request that Prism refuses, although it is what the document says.
struct Refused {
    document: &'static str,
    operations: &'static [&'static str],
    /// Part of every violation that Prism finds.
    says: &'static str,
    why: &'static str,
}

const REFUSED: &[Refused] = &[
    Refused {
        document: "xero_files",
        operations: &[
            "PUT /Files/{FileId}",
            "POST /Folders",
            "PUT /Folders/{FolderId}",
        ],
        says: "Request body must have required property",
        why: UNDESCRIBED,
    },
    Refused {
        document: "figma",
        operations: &["PUT /v2/webhooks/{webhook_id}"],
        says: "Request body must have required property 'team_id'",
        why: UNDESCRIBED,
    },
    Refused {
        document: "docker_sw2",
        operations: &["POST /build"],
        says: "Request header parameter content-type must be equal to",
        why: "the document describes a header `Content-type` of another media type than its body",
    },
    Refused {
        document: "box",
        operations: &["POST /oauth2/revoke"],
        says: "must have required property",
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["PUT /files/{file_id}"],
        says: "must have required property",
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["POST /invites"],
        says: "must have required property",
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["POST /files/content", "POST /files/{file_id}/content"],
        says: "property attributes must be object",
        why: PARTS,
    },
    Refused {
        document: "openai",
        operations: &["POST /audio/transcriptions"],
        says: "must be array",
        why: PARTS,
    },
    Refused {
        document: "openai",
        operations: &["POST /files"],
        says: "expires_after must be object",
        why: PARTS,
    },
    Refused {
        document: "adyen_checkout71",
        operations: &["POST /payments"],
        says: "paymentMethod must match exactly one schema",
        why: OVERLAP,
    },
    Refused {
        document: "openai",
        operations: &[
            "POST /assistants",
            "POST /assistants/{assistant_id}",
            "POST /threads",
            "POST /threads/runs",
            "POST /threads/{thread_id}",
        ],
        says: "file_search must match exactly one schema",
        why: OVERLAP,
    },
    Refused {
        document: "openai",
        operations: &["POST /images/edits"],
        says: "must NOT be valid",
        why: OVERLAP,
    },
    Refused {
        document: "twilio_api",
        operations: &[
            "POST /2010-04-01/Accounts/{AccountSid}/Calls.json",
            "POST /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Recordings.json",
            "POST /2010-04-01/Accounts/{AccountSid}/Conferences/{ConferenceSid}/Participants.json",
            "POST /2010-04-01/Accounts/{AccountSid}/ConnectApps/{Sid}.json",
            "POST /2010-04-01/Accounts/{AccountSid}/Messages.json",
        ],
        says: "must be array",
        why: ONE_ITEM,
    },
    Refused {
        document: "twilio_verify",
        operations: &[
            "POST /v2/Services/{ServiceSid}/Webhooks",
            "POST /v2/Services/{ServiceSid}/Webhooks/{Sid}",
        ],
        says: "must be array",
        why: ONE_ITEM,
    },
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
    let excused = REFUSED.iter().find(|refused| {
        refused.document == document
            && refused.operations.contains(&operation)
            && !violations.is_empty()
            && violations.iter().all(|said| said.contains(refused.says))
    });
    excused.map_or(Verdict::Wrong, |refused| Verdict::Unjudged(refused.why))
}

/// Returns the operations of a document that Prism is known to refuse, with the reason.
pub(crate) fn refused(document: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let known = REFUSED
        .iter()
        .filter(move |refused| refused.document == document);
    known.flat_map(|refused| {
        refused
            .operations
            .iter()
            .map(|operation| (*operation, refused.why))
    })
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

/// Returns the types of a document that are known to be misread: union, type, and why.
pub(crate) fn misread(document: &str) -> BTreeMap<(&'static str, &'static str), &'static str> {
    let known = MISREAD.iter().filter(|(of, ..)| *of == document);
    known
        .map(|(_, union, ty, why)| ((*union, *ty), *why))
        .collect()
}
