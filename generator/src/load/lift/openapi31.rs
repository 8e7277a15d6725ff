//! OpenAPI 3.1 and 3.2: schemas are those of JSON Schema 2020-12.

use std::collections::BTreeMap;

use super::{
    super::{Node, Value, escape},
    Members, Notes,
    json_schema::Schema,
    members::{node, object, text},
    names, openapi32, streams, walk,
};
use crate::load::table::Kind;

pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    let place = root.place.clone();
    let version = root.get("openapi").and_then(Node::as_str);
    let is_later = version.is_some_and(|version| version.starts_with("3.2"));
    if let Some(version) = root.value.get_mut("openapi") {
        version.value = Value::String("3.0.3".to_owned());
    }
    root.value.take("jsonSchemaDialect");
    let own = root.value.take("$self");
    root.value.rename("webhooks", "x-webhooks");
    if !root.value.has("paths") {
        root.value
            .set("paths", node(&place, Value::Object(Vec::new())));
    }
    write_out(root, "pathItems", Kind::PathItem);
    openapi32::lift(root, is_later, notes);
    streams::lift(root, notes);
    let own = own.as_ref().and_then(|(_, own)| own.as_str());
    names::lift(root, own);
    forget_mutual_tls(root, notes);
    let mut at = String::new();
    walk(
        Kind::Root,
        root,
        &mut at,
        &mut |kind, node, at| match kind {
            Kind::Schema => Schema { notes, at }.lift(node),
            Kind::Operation if !node.value.has("responses") => {
                let place = node.place.clone();
                let response = object(&place, vec![("description", text(&place, ""))]);
                node.value
                    .set("responses", object(&place, vec![("default", response)]));
            }
            Kind::Info | Kind::Tag => drop(node.value.take("summary")),
            Kind::License => drop(node.value.take("identifier")),
            Kind::Server => drop(node.value.take("name")),
            _ => {}
        },
    );
}

/// Replaces references to components of a group that OpenAPI 3.0 does not have.
pub(super) fn write_out(root: &mut Node, group: &str, of: Kind) {
    let Some(components) = root.value.get_mut("components") else {
        return;
    };
    let Some((_, taken)) = components.value.take(group) else {
        return;
    };
    let Value::Object(all) = taken.value else {
        return;
    };
    let all: BTreeMap<String, Node> = (all.into_iter())
        .map(|(key, one)| (format!("#/components/{group}/{}", escape(&key.name)), one))
        .collect();
    // Inside of one, others are where nothing gets types: in callbacks and in headers of parts. They may be that one again.
    let mut within = None;
    let mut at = String::new();
    walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
        if kind != of {
            return;
        }
        let is_inner = (within.as_deref()).is_some_and(|outer: &str| {
            let rest = at.strip_prefix(outer);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        // One may be another.
        for _ in 0..all.len() {
            let target = node.get("$ref").and_then(Node::as_str);
            let Some(one) = target.and_then(|target| all.get(target)) else {
                break;
            };
            if is_inner {
                node.value = Value::Object(Vec::new());
            } else {
                *node = one.clone();
                within = Some(at.to_owned());
            }
        }
    });
}

/// Mutual TLS adds nothing to the request: the certificate belongs to the connection.
fn forget_mutual_tls(root: &mut Node, notes: &mut Notes<'_>) {
    let mut forgotten = Vec::new();
    if let Some(components) = root.value.get_mut("components")
        && let Some(schemes) = components.value.get_mut("securitySchemes")
        && let Value::Object(schemes) = &mut schemes.value
    {
        schemes.retain(|(key, scheme)| {
            let is_mutual = scheme.get("type").and_then(Node::as_str) == Some("mutualTLS");
            if is_mutual {
                let pointer = format!("/components/securitySchemes/{}", escape(&key.name));
                let what = format!(
                    "the security scheme `{}` is a certificate of the connection, which the client is built with; requests don't show it",
                    key.name
                );
                notes.lost(&key.place, &pointer, what);
                forgotten.push(key.name.clone());
            }
            !is_mutual
        });
    }
    if forgotten.is_empty() {
        return;
    }
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, _| {
            if kind == Kind::SecurityRequirement
                && let Value::Object(members) = &mut node.value
            {
                members.retain(|(key, _)| !forgotten.contains(&key.name));
            }
        },
    );
}
