//! The page of an API that lists unconfirmed facts.

use super::{
    context::Context,
    docs::{Docs, clean, code},
};
use crate::model::TypeKind;

/// Returns the text of the page; nothing if every fact is confirmed.
pub(crate) fn page(context: &Context<'_>) -> Option<Docs> {
    let mut lines: Vec<String> = Vec::new();
    let mut add = |item: &str, part: Option<&str>, text: &Option<String>| {
        let Some(text) = text else { return };
        let part = part.map(|part| format!(", {}", code(part.trim_start_matches("r#"))));
        let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(format!(
            "- [`{item}`](super::{item}){}: {text}",
            part.unwrap_or_default()
        ));
    };
    for group in &context.api.groups {
        let operations = group.operations.iter();
        for operation in operations.filter(|operation| !operation.is_further()) {
            let item = format!("{}::{}", group.type_name, operation.name);
            add(&item, None, &operation.unconfirmed);
            for param in &operation.params {
                add(&item, Some(&param.name), &param.unconfirmed);
            }
        }
    }
    let types = context.api.types.iter();
    for (name, ty) in types.filter(|(_, ty)| ty.origin.is_none()) {
        add(name, None, &ty.unconfirmed);
        if let TypeKind::Struct(object) = &ty.kind {
            for field in &object.fields {
                add(name, Some(&field.name), &field.unconfirmed);
            }
        }
    }
    if lines.is_empty() {
        return None;
    }
    let docs = Docs::default().own(
        "Facts that the documentation of the API leaves open. The OpenAPI document makes an assumption about each of \
         them, which may change once the fact is confirmed.",
    );
    Some(docs.own(lines.join("\n")))
}
