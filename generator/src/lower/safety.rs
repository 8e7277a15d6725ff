//! Checks the overlay's facts about retries: names must exist, and a value that makes a retry safe must be
//! valid for its parameter or member.

use super::site::Site;
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{Api, Operation, OperationId, Param, ResponseShape, TypeKind, TypeRef, ValuePlace},
};

/// Reads the facts about retries of operations. Returns all errors.
pub(super) fn settle(document: &Document, api: &mut Api) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut found = Vec::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let Some(site) = Site::find(document, &operation.place) else {
            found.push((None, None));
            continue;
        };
        // A body of a further media type may lack the value.
        let mut refuse = |key: &str, what: String, help: &str| {
            if operation.is_further() {
                return;
            }
            let place = format!("{}/{key}", operation.place);
            errors.push(document.error(&place, what, help));
        };
        let settled_by = site.text("x-settled-by").and_then(|name| {
            let by = named(api, name);
            if by.is_none() {
                let help = "give the Rust name of an operation of this document";
                refuse(
                    "x-settled-by",
                    format!("there is no operation `{name}`"),
                    help,
                );
            }
            by
        });
        let idempotent_by = site.text("x-idempotent-by").and_then(|wire| {
            let place = value(api, operation, wire);
            if place.is_none() {
                let help = "name a parameter that the caller sets, or a member of the body";
                refuse(
                    "x-idempotent-by",
                    format!("`{wire}` is in no request"),
                    help,
                );
            }
            place
        });
        found.push((settled_by, idempotent_by));
    }
    let groups = api.groups.iter_mut();
    let operations = groups.flat_map(|group| &mut group.operations);
    for (operation, (settled_by, idempotent_by)) in operations.zip(found) {
        operation.settled_by = settled_by;
        operation.idempotent_by = idempotent_by;
    }
    errors
}

/// The operation of a Rust name.
fn named(api: &Api, name: &str) -> Option<OperationId> {
    let mut groups = api.groups.iter().enumerate();
    groups.find_map(|(group, of_group)| {
        let mut operations = of_group.operations.iter();
        let position = operations.position(|operation| operation.name == name)?;
        Some(OperationId { group, position })
    })
}

/// An input value, by its name on the wire.
fn value(api: &Api, operation: &Operation, wire: &str) -> Option<ValuePlace> {
    let mut params = operation.params.iter();
    let is_meant = |param: &Param| param.wire == wire && param.client_value.is_none();
    if let Some(index) = params.position(is_meant) {
        return Some(ValuePlace::Param(index));
    }
    let object = api.object(&operation.body.as_ref()?.ty)?;
    let mut fields = object.fields.iter();
    let index = fields.position(|field| field.wire == wire)?;
    Some(ValuePlace::Member(index))
}

/// Marks the types of responses that must not be ignored. Returns errors for those that can't be marked.
pub(super) fn mark_must_use(document: &Document, api: &mut Api) -> Vec<Diagnostic> {
    const KEY: &str = "x-must-use";
    let mut errors = Vec::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let site = Site::find(document, &operation.place).and_then(|site| site.get(KEY));
        let Some(site) = site.filter(|_| !operation.is_further()) else {
            continue;
        };
        let name = match &operation.success.shape {
            ResponseShape::Single { payload, .. } => match &payload.ty {
                TypeRef::Named(name) => Some(name),
                _ => None,
            },
            _ => None,
        };
        let ty = name.and_then(|name| api.types.get_mut(name));
        let object = ty.filter(|ty| matches!(ty.kind, TypeKind::Struct(_)));
        match (object, site.node.as_str()) {
            (Some(ty), Some(why)) => ty.must_use = Some(why.trim().to_owned()),
            (None, _) => errors.push(document.error(
                &site.at,
                "the response is not an object",
                "only operations whose success responses all have the same object can be marked",
            )),
            (_, None) => errors.push(document.error(
                &site.at,
                "missing reason",
                "write a short text: what the response may hide, and which method to call",
            )),
        }
    }
    errors
}
