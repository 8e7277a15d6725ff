//! Which type each schema of a document became, for tests that read and write values of the schemas.

use super::{
    graph::{Value, ValueKind},
    operations::RawOperation,
    site::component,
    types::{Types, Way},
};
use crate::{
    load::Document,
    model::{BodyEncoding, PayloadEncoding, Schema, Usage},
};

/// The schema of a body: its place, its type and its direction.
type OfBody = (String, Value, Way);

/// Schemas of bodies, of requests and responses alike.
pub(super) fn of_bodies(raw: &[RawOperation], incoming: &[OfBody]) -> Vec<OfBody> {
    let mut found = Vec::new();
    for operation in raw {
        let body = operation.body.iter();
        let is_value = |encoding: &BodyEncoding| {
            matches!(encoding, BodyEncoding::Json | BodyEncoding::Form(_))
        };
        for body in body.filter(|body| is_value(&body.encoding)) {
            let at = body.schema.iter().cloned();
            found.extend(at.map(|at| (at, body.value.clone(), Way::Out)));
        }
        for case in &operation.cases {
            if let (Some(at), Some((encoding, value))) = (&case.schema, &case.payload)
                && *encoding == PayloadEncoding::Json
            {
                found.push((at.clone(), value.clone(), Way::In));
            }
        }
        for offer in &operation.offers {
            if let (Some(at), (PayloadEncoding::Json, value)) = (&offer.schema, &offer.payload) {
                found.push((at.clone(), value.clone(), Way::In));
            }
        }
        let streams = operation.stream.iter().filter(|stream| !stream.is_text);
        found.extend(
            streams
                .filter_map(|stream| Some((stream.schema.clone()?, stream.item.clone(), Way::In))),
        );
    }
    found.extend(incoming.iter().cloned());
    found
}

/// Every schema that has a name in this document and became a type, then those of bodies that have none.
pub(super) fn of(
    document: &Document,
    types: &Types<'_, '_>,
    named: Vec<(String, ValueKind)>,
    bodies: Vec<OfBody>,
) -> Vec<Schema> {
    let mut schemas = Vec::new();
    let own = |place: &str| {
        let name = component(place).unwrap_or_default();
        !document.foreign().contains_key(&name)
    };
    for (place, kind) in named.into_iter().filter(|(place, _)| own(place)) {
        let value = Value {
            kind,
            nullable: false,
        };
        let usage = types.usage_of(&value);
        if usage != Usage::default() {
            let ty = types.reference(&value);
            schemas.push(Schema { place, ty, usage });
        }
    }
    for (place, value, _) in bodies {
        let refers = document
            .node(&place)
            .is_none_or(|node| node.get("$ref").is_some());
        // Several operations may have one body, by `$ref`.
        if refers || schemas.iter().any(|known| known.place == place) {
            continue;
        }
        let (ty, usage) = (types.reference(&value), types.usage_of(&value));
        schemas.push(Schema { place, ty, usage });
    }
    schemas
}
