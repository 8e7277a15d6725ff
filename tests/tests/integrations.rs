//! `docs/integrations.md` is true: each operation, parameter and member is where its row says.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::BTreeMap;

use tests::members::{Found, Members};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const TABLES: &str = "docs/integrations.md";

/// What Dintero sends to a shop and what the shop replies, with the type of each.
const EXCHANGES: [(&str, &str, &str); 3] = [
    ("callback express", "payments", "ExpressSession"),
    (
        "response to shipping address",
        "payments",
        "ShippingAddressResponse",
    ),
    (
        "response to discount codes",
        "payments",
        "DiscountCodesResponse",
    ),
];
/// Headers and credentials are the client's: where they are set.
const SETTINGS: [(&str, &str); 5] = [
    ("Dintero-System-Name", "ClientBuilder::system"),
    ("Dintero-System-Version", "ClientBuilder::system"),
    ("Dintero-System-Plugin-Name", "ClientBuilder::plugin"),
    ("Dintero-System-Plugin-Version", "ClientBuilder::plugin"),
    ("request-id", "Response::request_id"),
];

#[test]
fn every_row_is_true() {
    let text = std::fs::read_to_string(format!("{ROOT}/{TABLES}")).unwrap();
    let members = Members::read();
    let (mut rows, mut wrong) = (0, Vec::new());
    let mut integrations: BTreeMap<&str, usize> = BTreeMap::new();
    let mut title = "";
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("## ") {
            title = next;
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [request, member, place, file] = cells.as_slice() else {
            continue;
        };
        if *request == "Request" {
            continue;
        }
        rows += 1;
        *integrations.entry(title).or_default() += 1;
        let [request, place] = [request, place].map(|cell| cell.trim_matches('`'));
        match expected(&members, request, member) {
            Ok(right) if right.iter().any(|it| it == place) => {}
            Ok(right) => wrong.push(format!(
                "{title}: {request}, {member}: `{place}`, but it is `{}`",
                right.join("` or `")
            )),
            Err(why) => wrong.push(format!("{title}: {request}, {member}: {why}")),
        }
        if !file.starts_with('`') {
            wrong.push(format!("{title}: {request}, {member}: names no file"));
        }
    }
    println!("{rows} rows: {integrations:?}");
    assert!(rows > 400, "{TABLES} has {rows} rows: is it still a table?");
    assert!(wrong.is_empty(), "{TABLES}:\n{}", wrong.join("\n"));
}

/// What the third column may say.
fn expected(members: &Members, request: &str, member: &str) -> Result<Vec<String>, String> {
    let (kind, name) = member.split_once(" `").unwrap_or((member, ""));
    let name = name.trim_end_matches('`');
    if let Some((_, folder, ty)) = EXCHANGES.iter().find(|it| it.0 == request) {
        return Ok(places(folder, members.follow(folder, ty, name)));
    }
    let operation = members
        .operation(request)
        .ok_or("there is no such operation")?;
    let (module, method) = operation.method();
    match kind {
        "the request" if method == "create_token" => {
            setting("ClientBuilder::client_credentials").map(|it| vec![it])
        }
        "the request" => Ok(vec![format!("{module}().{method}")]),
        "sends" => Ok(places(module, members.sent(operation, name))),
        "reads" => Ok(places(module, members.received(operation, name))),
        "query" => {
            let field = operation
                .parameter(name)
                .ok_or("there is no such parameter")?;
            Ok(vec![format!("{module}::{field}")])
        }
        "header" | "response header" => {
            let place = SETTINGS.iter().find(|it| it.0 == name);
            setting(place.ok_or("no setting of the client sends it")?.1).map(|it| vec![it])
        }
        _ => Err("neither sent nor read".to_owned()),
    }
}

fn places(module: &str, found: Found) -> Vec<String> {
    match found {
        Found::Here(fields) => fields.iter().map(|it| format!("{module}::{it}")).collect(),
        Found::Nowhere => vec!["extra".to_owned()],
    }
}

/// A method that is written by hand, if it is there.
fn setting(place: &str) -> Result<String, String> {
    let (ty, method) = place.split_once("::").unwrap();
    let code = std::fs::read_to_string(format!("{ROOT}/docs/public-api.txt")).unwrap();
    let mut lines = code.lines();
    let there = lines.any(|line| {
        line.contains(&format!(" dintero::{ty}")) && line.contains(&format!("::{method}("))
    });
    if there {
        Ok(place.to_owned())
    } else {
        Err(format!("{place} is gone"))
    }
}
