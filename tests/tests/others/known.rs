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
    (
        "stripe",
        "is not ready after",
        "it is not ready after ten minutes",
    ),
];

/// Operations that have only an error as response, with which Prism answers valid requests.
const ONLY_ERRORS: &[(&str, &str)] = &[
    ("k8s_sw2", "GET /logs/"),
    ("k8s_sw2", "GET /logs/{logpath}"),
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
    /// Parts of the violations that Prism finds: each has one of them.
    says: &'static [&'static str],
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
        says: &["Request body must have required property"],
        why: UNDESCRIBED,
    },
    Refused {
        document: "figma",
        operations: &["PUT /v2/webhooks/{webhook_id}"],
        says: &["Request body must have required property 'team_id'"],
        why: UNDESCRIBED,
    },
    Refused {
        document: "docker_sw2",
        operations: &["POST /build"],
        says: &["Request header parameter content-type must be equal to"],
        why: "the document describes a header `Content-type` of another media type than its body",
    },
    Refused {
        document: "box",
        operations: &["POST /oauth2/revoke"],
        says: &["must have required property"],
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["PUT /files/{file_id}"],
        says: &["must have required property"],
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["POST /invites"],
        says: &["must have required property"],
        why: UNDESCRIBED,
    },
    Refused {
        document: "box",
        operations: &["POST /files/content", "POST /files/{file_id}/content"],
        says: &["property attributes must be object"],
        why: PARTS,
    },
    Refused {
        document: "openai",
        operations: &["POST /audio/transcriptions"],
        says: &["must be array"],
        why: PARTS,
    },
    Refused {
        document: "openai",
        operations: &["POST /files"],
        says: &["expires_after must be object"],
        why: PARTS,
    },
    Refused {
        document: "adyen_checkout71",
        operations: &["POST /payments"],
        says: &["paymentMethod must match exactly one schema"],
        why: OVERLAP,
    },
    Refused {
        document: "openai",
        operations: &["POST /assistants", "POST /threads"],
        says: &[
            "file_search must match exactly one schema",
            // Its consequences, because the object may be null.
            "tool_resources must be null",
            "tool_resources must match a schema",
        ],
        why: OVERLAP,
    },
    Refused {
        document: "openai",
        operations: &["POST /images/edits"],
        says: &["must NOT be valid"],
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
        says: &["must be array"],
        why: ONE_ITEM,
    },
    Refused {
        document: "twilio_verify",
        operations: &[
            "POST /v2/Services/{ServiceSid}/Entities/{Identity}/Challenges",
            "POST /v2/Services/{ServiceSid}/Webhooks",
            "POST /v2/Services/{ServiceSid}/Webhooks/{Sid}",
        ],
        says: &["must be array"],
        why: ONE_ITEM,
    },
];

/// The same for calls that send a form or parts where JSON is possible, too.
const REFUSED_FORMS: &[Refused] = &[
    Refused {
        document: "discord",
        operations: &[
            "POST /channels/{channel_id}/invites",
            "POST /channels/{channel_id}/messages",
            "PATCH /channels/{channel_id}/messages/{message_id}",
            "POST /lobbies/{lobby_id}/messages",
            "POST /webhooks/{webhook_id}/{webhook_token}",
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            "POST /webhooks/{webhook_id}/{webhook_token}/slack",
        ],
        says: &["Body parameter is required", "Response body property"],
        why: "Prism takes a form without members for a missing body",
    },
    Refused {
        document: "discord",
        operations: &[
            "POST /channels/{channel_id}/messages",
            "PATCH /channels/{channel_id}/messages/{message_id}",
            "POST /interactions/{interaction_id}/{interaction_token}/callback",
            "POST /lobbies/{lobby_id}/messages",
            "POST /webhooks/{webhook_id}/{webhook_token}",
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
            "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            "POST /webhooks/{webhook_id}/{webhook_token}/slack",
        ],
        says: &[
            "must be object",
            "must be array,null",
            // The consequences.
            "must be null",
            "must match exactly one schema",
            "must match a schema",
            "type must be equal to one of the allowed values",
            "Response body property",
        ],
        why: "Prism reads JSON in a form as a text",
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
    if ONLY_ERRORS.contains(&(document, operation))
        && line["violations"].is_null()
        && body.is_empty()
    {
        return Verdict::Valid(Some("the document has only an error as response"));
    }
    if line["status"] == 101 {
        return Verdict::Valid(Some("the connection continues in another protocol"));
    }
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let violations = [&line["violations"], &problem["validation"]];
    let violations = violations.into_iter().flat_map(messages);
    let violations: Vec<&str> = violations.collect();
    let name = line["name"].as_str().unwrap_or_default();
    let is_form = name.ends_with("_as_form") || name.ends_with("_as_multipart");
    let forms = REFUSED_FORMS.iter().filter(|_| is_form);
    let excused = REFUSED.iter().chain(forms).find(|refused| {
        refused.document == document
            && refused.operations.contains(&operation)
            && !violations.is_empty()
            && violations
                .iter()
                .all(|said| refused.says.iter().any(|part| said.contains(part)))
    });
    excused.map_or(Verdict::Wrong, |refused| Verdict::Unjudged(refused.why))
}

/// Returns the operations of a document that Prism is known to refuse, with the reason.
pub(crate) fn refused(document: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let known =
        (REFUSED.iter().chain(REFUSED_FORMS)).filter(move |refused| refused.document == document);
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
