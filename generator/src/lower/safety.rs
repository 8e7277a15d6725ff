//! What an overlay says about repeating calls has to hold: names lead somewhere, and a value that makes a call safe to
//! repeat is one that it can have.

use super::site::Site;
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{AnswerShape, Api, TypeKind, TypeRef},
};

/// Everything that does not hold.
pub(super) fn check(document: &Document, api: &Api) -> Vec<Diagnostic> {
    let operations = || api.groups.iter().flat_map(|group| &group.operations);
    let mut errors = Vec::new();
    for operation in operations() {
        let place = |key: &str| format!("{}/{key}", operation.place);
        if let Some(name) = &operation.settled_by
            && !operations().any(|other| other.name == *name)
        {
            errors.push(document.error(
                &place("x-settled-by"),
                format!("there is no operation `{name}`"),
                "give the Rust name of an operation of this document",
            ));
        }
        if let Some(wire) = &operation.idempotent_by
            && operation.idempotency(api).is_none()
        {
            errors.push(document.error(
                &place("x-idempotent-by"),
                format!("`{wire}` is in no request"),
                "name a parameter that the caller sets, or a member of the body",
            ));
        }
    }
    errors
}

/// Marks the types of answers that must not be passed over. Gives what can't be marked.
pub(super) fn mark_must_use(document: &Document, api: &mut Api) -> Vec<Diagnostic> {
    const KEY: &str = "x-must-use";
    let mut errors = Vec::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let site = Site::find(document, &operation.place).and_then(|site| site.get(KEY));
        let Some(site) = site else {
            continue;
        };
        let name = match &operation.answer.shape {
            AnswerShape::Single { payload, .. } => match &payload.ty {
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
                "the answer is no object",
                "only operations all of whose successes give the same object can be marked",
            )),
            (_, None) => errors.push(document.error(
                &site.at,
                "it is not said why",
                "give a short text: what the answer may hide, and what to call",
            )),
        }
    }
    errors
}
