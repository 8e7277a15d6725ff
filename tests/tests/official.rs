//! Everything that the provider's own document describes is in the SDK, or listed here with the reason why it is not.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::compare::{Comparison, Side};
use tests::{bundle, table};

/// Names a document of the provider.
const OFFICIAL: &str = "DINTERO_OFFICIAL_SPEC";
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Operations of the provider's older document that the SDK has no method for: the operationId under `x-webhooks` that
/// stands for one that Dintero sends, or why there is none.
const NO_METHOD: [(&str, Instead); 5] = [
    (
        "get /examples/session_url_callback",
        Instead::Event("example_session_get_callback_url"),
    ),
    (
        "post /examples/session_url_callback",
        Instead::Event("example_session_post_callback_url"),
    ),
    (
        "post /examples/shipping_address_callback_url",
        Instead::Event("example_shipping_address_callback_url"),
    ),
    (
        "post /examples/discount_code_callback_url",
        Instead::Event("example_discount_codes_callback_url"),
    ),
    (
        "post /v2/accounts/{aid}/payout/fund-transfer",
        Instead::Nothing("replaced by /v2/accounts/{aid}/payout/fund-transfers"),
    ),
];

enum Instead {
    Event(&'static str),
    Nothing(&'static str),
}

/// What the provider's older document describes and ours do not: how the place ends, the names there, and why.
const GONE: [(&str, &[&str], &str); 8] = [
    (
        "configuration/theme",
        &["error", "font-family", "text", "warning"],
        "removed since; had been deprecated and ignored",
    ),
    (
        "configuration/bambora/creditcard",
        &["generate_recurrence_token"],
        "removed since: Bambora makes no tokens for recurring payments any more",
    ),
    (
        "customer/tokens/bambora.creditcard",
        &["recurrence_token"],
        "removed since, with the setting that made it",
    ),
    (
        "events/[]/error/type",
        &[
            "ACQUIRER_HOST_OFFLINE",
            "DAILY_LIMIT_EXCEEDED",
            "DO_NOT_RETRY",
            "MODIFICATIONS_REQUIRED",
            "MONTHLY_LIMIT_EXCEEDED",
            "REJECTED_BY_ACQUIRER",
            "REJECTED_BY_ACQUIRER_CARD_EXPIRED",
            "REJECTED_BY_ACQUIRER_CARD_STOLEN",
            "REJECTED_BY_ACQUIRER_FORMAT_ERROR",
            "REJECTED_BY_ACQUIRER_INSUFFICIENT_FUNDS",
            "REJECTED_BY_ACQUIRER_INVALID_AMOUNT",
            "REJECTED_BY_ACQUIRER_POSSIBLE_FRAUD",
            "UNKNOWN",
        ],
        "replaced since by a list of kinds, which have other names",
    ),
    (
        "header Dintero-Feature-Toggles/[]",
        &["items"],
        "text in our document, because Prism ends with a header of that kind; a list in the SDK, by the overlay",
    ),
    (
        "/examples/session_url_callback query",
        &["delay_callback", "method", "report_error", "report_event"],
        "set by the shop on its own address: `webhook::CallbackUrl`",
    ),
    (
        "post /examples/session_url_callback query",
        &["includes"],
        "set by the shop on its own address: `webhook::CallbackUrl`",
    ),
    (
        "/examples/session_url_callback 200",
        &["application/json"],
        "any object will do: the SDK answers with an empty one",
    ),
];

#[test]
fn whatever_the_providers_document_has() {
    let Some(path) = std::env::var_os(OFFICIAL) else {
        println!("not run: {OFFICIAL} names no document");
        return;
    };
    let theirs = bundle::read(Path::new(&path)).unwrap();
    let theirs = Side::of(&theirs);
    let documents = documents();
    let sides: Vec<Side<'_>> = documents.iter().map(Side::of).collect();
    let mut ours = BTreeMap::new();
    let mut events = BTreeMap::new();
    for (side, document) in sides.iter().zip(&documents) {
        for (method, path, item) in calls(&document["paths"]) {
            ours.insert(format!("{method} {path}"), side.described(item, method));
        }
        for (method, _, item) in calls(&document["x-webhooks"]) {
            if let Some(id) = item[method]["operationId"].as_str() {
                events.insert(id, side.described(item, method));
            }
        }
    }

    let mut comparison = Comparison::default();
    let (mut wrong, mut listed) = (Vec::new(), Vec::new());
    let mut operations = [0; 2];
    let mut instead: BTreeMap<&str, &Instead> =
        NO_METHOD.iter().map(|(call, how)| (*call, how)).collect();
    for (method, path, item) in calls(&theirs.document()["paths"]) {
        let call = format!("{method} {path}");
        operations[0] += 1;
        let counterpart = match (ours.get(&call), instead.remove(call.as_str())) {
            (Some(counterpart), None) => Some(counterpart),
            (None, Some(Instead::Event(id))) => {
                listed.push(format!("| {call} | sent by Dintero: an event |"));
                events.get(id)
            }
            (None, Some(Instead::Nothing(why))) => {
                listed.push(format!("| {call} | {why} |"));
                continue;
            }
            (Some(_), Some(_)) => {
                wrong.push(format!("{call} is listed although we have it"));
                continue;
            }
            (None, None) => None,
        };
        let Some(counterpart) = counterpart else {
            wrong.push(format!("{call} is missing"));
            continue;
        };
        operations[1] += usize::from(ours.contains_key(&call));
        comparison.add(&call, theirs.described(item, method), *counterpart);
    }
    wrong.extend(
        instead
            .keys()
            .map(|call| format!("{call} is listed although their document lacks it")),
    );

    let mut needed: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (place, name) in &comparison.missing {
        let mut entries = GONE.iter();
        match entries.find(|(end, names, _)| place.ends_with(end) && names.contains(&name.as_str()))
        {
            Some((end, names, _)) => {
                needed.extend(names.iter().filter(|it| *it == name).map(|it| (*end, *it)));
            }
            None => wrong.push(format!("{place}: {name} is missing")),
        }
    }
    for (end, names, why) in GONE {
        let idle = names.iter().filter(|name| !needed.contains(&(end, **name)));
        wrong
            .extend(idle.map(|name| format!("…{end}: {name} is listed although nothing lacks it")));
        listed.push(format!("| …{end}: {} | {why} |", names.join(", ")));
    }
    let generated = literals();
    let unwritten = comparison.found.difference(&generated);
    wrong.extend(unwritten.map(|name| format!("{name} is in our documents and not in the SDK")));

    let schemas = &theirs.document()["components"]["schemas"];
    let names = schemas.as_object().unwrap().keys();
    let unreached: Vec<&str> = (names.map(String::as_str))
        .filter(|name| !comparison.reached.contains(*name))
        .collect();
    let Comparison {
        parameters,
        bodies,
        properties,
        values,
        ref missing,
        ref found,
        ..
    } = comparison;
    table::publish(
        "The provider's own document, as published in 2024",
        &format!(
            "| | compared |\n|---|---|\n\
             | operations | {}, {} of them methods |\n| parameters | {parameters} |\n| bodies | {bodies} |\n\
             | properties, wherever they are met | {properties} |\n| values of enums, the same | {values} |\n\
             | names of all these in the SDK's code | {} |\n| not there, and listed below | {} |\n\n\
             | listed | why |\n|---|---|\n{}\n\n\
             {} of its schemas are met in no operation: {}.",
            operations[0],
            operations[1],
            found.len(),
            missing.len(),
            listed.join("\n"),
            unreached.len(),
            unreached.join(", "),
        ),
    );
    assert_eq!(wrong, [""; 0]);
}

fn documents() -> Vec<Value> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths.map(|path| bundle::read(&path).unwrap()).collect()
}

/// Method, name and path item of each.
fn calls(items: &Value) -> impl Iterator<Item = (&'static str, &String, &Value)> {
    let items = items.as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        let methods = METHODS.into_iter();
        methods
            .filter(|method| item.get(method).is_some())
            .map(move |method| (method, path, item))
    })
}

/// Every text in the SDK's code that stands between quotes.
fn literals() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../sdk/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                for line in std::fs::read_to_string(&path).unwrap().lines() {
                    if !line.trim_start().starts_with("//") {
                        let texts = line.split('"').skip(1).step_by(2);
                        // Names of headers are compared in small letters.
                        found.extend(texts.flat_map(|it| [it.to_owned(), it.to_ascii_lowercase()]));
                    }
                }
            }
        }
    }
    found
}
