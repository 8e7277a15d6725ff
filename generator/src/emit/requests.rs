//! What only requests are made of, read: for tests, with the feature `mock`.

use quote::quote;

use super::{
    Part,
    context::{Context, ident},
    of_types,
    print::{self, Items},
    structs, unions,
};
use crate::model::TypeKind;

/// The file: a reader of each object and union that stands in requests only.
pub(super) fn part(context: &Context<'_>) -> Part {
    let docs = "Objects and unions of requests can be read, for tests.";
    of_types(context, docs, |name, ty| {
        if ty.usage.received {
            return None;
        }
        let ident = ident(name);
        let text = match &ty.kind {
            TypeKind::Struct(object) => {
                let items = structs::read(Items::default(), name, object);
                items
                    .tokens(quote!(rt::readable!(#ident, received);))
                    .print()
            }
            TypeKind::Union(union) => {
                let read = unions::read(name, union);
                print::items(quote!(#read rt::readable!(#ident, chosen);))
            }
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id { .. } => {
                return None;
            }
        };
        context.named(name);
        Some(text)
    })
}
