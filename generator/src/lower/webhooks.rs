//! `x-webhooks`: requests that the server sends to its users. The client does not send them, so they are not operations;
//! only their types count, with the directions reversed: the body is read, the response is written.

use super::{
    graph::{Graph, Hint, Value},
    operations::choose,
    site::Site,
    types::Way,
    words,
};
use crate::{load::METHODS, media_type::is_json};

/// Payloads in and out, by webhook, with the places of their schemas.
pub(super) fn read(graph: &mut Graph<'_>) -> Vec<(String, Value, Way)> {
    let document = graph.document;
    let mut values = Vec::new();
    let webhooks = Site::find(document, "").map(|root| root.entries("x-webhooks"));
    for (name, item) in webhooks.unwrap_or_default() {
        let item = graph.target(&item);
        let operations: Vec<_> = (METHODS.iter())
            .filter_map(|method| item.get(method))
            .collect();
        for operation in operations {
            note_unread(graph, &item, &operation);
            let type_name = words::type_name(operation.text("x-rust-name").unwrap_or(name));
            let shared = item.items("parameters");
            for parameter in shared.into_iter().chain(operation.items("parameters")) {
                let parameter = graph.target(&parameter);
                let wire = parameter.text("name").unwrap_or_default();
                if let Some(schema) = parameter.get("schema") {
                    let hint = format!("{type_name}{}", words::pascal(wire));
                    let at = schema.at.clone();
                    values.push((at, graph.resolve(&[schema], Hint::Name(hint)), Way::In));
                }
            }
            if let Some(body) = operation.get("requestBody") {
                let body = graph.target(&body);
                values.extend(json(graph, &body, format!("{type_name}Body"), Way::In));
            }
            for (status, response) in operation.entries("responses") {
                if status.starts_with('2') {
                    let response = graph.target(&response);
                    let hint = format!("{type_name}Response");
                    values.extend(json(graph, &response, hint, Way::Out));
                }
            }
        }
    }
    values
}

/// Lists the details of a webhook that are not in its types: each kind once.
fn note_unread(graph: &mut Graph<'_>, item: &Site<'_>, operation: &Site<'_>) {
    for owner in [item, operation] {
        if !owner.items("parameters").is_empty() {
            let at = format!("{}/parameters", owner.at);
            let what = "the parameters of a webhook: their objects and enums have types, they themselves have none";
            graph.findings.constraint(&at, what);
        }
    }
    if !operation.items("security").is_empty() {
        let at = format!("{}/security", operation.at);
        let what = "the security of a webhook, which is not checked";
        graph.findings.constraint(&at, what);
    }
    for (status, response) in operation.entries("responses") {
        let response = response.target(graph.document);
        if !response.entries("headers").is_empty() {
            let at = format!("{}/headers", response.at);
            let what = "the headers of the response to a webhook, which have no types";
            graph.findings.constraint(&at, what);
        }
        if !status.starts_with('2') && !response.entries("content").is_empty() {
            let at = format!("{}/content", response.at);
            let what = "the content of this response to a webhook, which has no type";
            graph.findings.constraint(&at, what);
        }
    }
}

/// The JSON that a body or response consists of. Other content has no type, and the report lists it.
fn json<'d>(
    graph: &mut Graph<'d>,
    site: &Site<'d>,
    hint: String,
    way: Way,
) -> Option<(String, Value, Way)> {
    let content = site.entries("content");
    let (media_type, media) = choose(&content)?;
    if !is_json(media_type) {
        let what = format!("{media_type} of a webhook, which gets no type");
        graph.findings.constraint(&media.at, &what);
        return None;
    }
    let others = content.iter().map(|(other, _)| *other);
    let others: Vec<&str> = others.filter(|other| *other != media_type).collect();
    if !others.is_empty() {
        let others = others.join(", ");
        let what = format!("{others} of a webhook, without a type; {media_type} has one");
        graph
            .findings
            .constraint(&format!("{}/content", site.at), &what);
    }
    let schema = media.get("schema")?;
    let at = schema.at.clone();
    Some((at, graph.resolve(&[schema], Hint::Name(hint)), way))
}
