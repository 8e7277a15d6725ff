//! What an overlay says about repeating calls has to hold: names lead somewhere, and a value that makes a call safe to
//! repeat is in every such call.

use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{Api, Operation, TypeKind, TypeRef},
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
