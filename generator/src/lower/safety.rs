//! What an overlay says about repeating calls has to hold: names lead somewhere, and a value that makes a call safe to
//! repeat is one that it can have.

use crate::{diagnostic::Diagnostic, load::Document, model::Api};

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
