//! Open enums.

use quote::quote;

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    print::{self, Items, literal},
};
use crate::model::{Member, Type};

/// An enum that is text on the wire.
pub(crate) fn string(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<String>],
) -> Items {
    let rows = members
        .iter()
        .map(|member| (member, literal(&member.wire), code(&member.wire)));
    open(context, name, ty, rows, Wire::Text)
}

/// An enum that is a whole number on the wire.
pub(crate) fn integer(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<i64>],
) -> Items {
    let rows = members.iter().map(|member| {
        let wire = member.wire.to_string();
        (member, wire.clone(), code(&wire))
    });
    open(context, name, ty, rows, Wire::Number)
}

#[derive(Clone, Copy)]
enum Wire {
    Text,
    Number,
}

/// `rows`: the member, its value as Rust writes it, and as documentation shows it.
fn open<'a, T: 'a>(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    rows: impl Iterator<Item = (&'a Member<T>, String, String)>,
    wire: Wire,
) -> Items {
    let docs = Docs::default()
        .text_or(&ty.docs, code(name))
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let (mut variants, mut table) = (Vec::new(), Vec::new());
    for (member, value, shown) in rows {
        let docs = Docs::default()
            .text_or(&member.docs, shown)
            .outer(&context.texts);
        let variant = ident(&member.variant);
        variants.push(quote!(#docs #variant,));
        table.push(format!("{} {value}", member.variant));
    }
    let (unrecognized, make) = match wire {
        Wire::Text => (quote!(rt::Unrecognized<Self>), "string_enum"),
        Wire::Number => (quote!(rt::Unrecognized<Self, i64>), "integer_enum"),
    };
    let ident = ident(name);
    let definition = quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants)*
            /// A value that this version does not know.
            Unrecognized(#unrecognized),
        }
    };
    Items::default()
        .tokens(definition)
        .call(&print::table(make, name, table.into_iter()))
}
