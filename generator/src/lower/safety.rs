//! What an overlay says about repeating calls has to hold: names lead somewhere, and a value that makes a call safe to
//! repeat is in every such call.

use super::site::Site;
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{AnswerShape, Api, Operation, TypeKind, TypeRef},
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
            && !is_always_sent(api, operation, wire)
        {
            errors.push(document.error(
                &place("x-idempotent-by"),
                format!("`{wire}` is not in every request"),
                "name a required parameter, or a required member of a body that is required",
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

fn is_always_sent(api: &Api, operation: &Operation, wire: &str) -> bool {
    let mut params = operation.params.iter();
    if params.any(|param| param.wire == wire && param.required) {
        return true;
    }
    let body = operation.body.as_ref().filter(|body| body.required);
    let Some(TypeRef::Named(name)) = body.map(|body| &body.ty) else {
        return false;
    };
    match api.types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Struct(object)) => {
            let mut fields = object.fields.iter();
            fields.any(|field| field.wire == wire && field.required)
        }
        _ => false,
    }
}
