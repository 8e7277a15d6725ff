//! Extensible enums.

use quote::quote;

use super::{
    context::{Context, deprecated, ident, slim},
    docs::Docs,
    print::{self, literal},
};
use crate::model::{Member, Type};

/// Returns an enum of strings.
pub(crate) fn string(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<String>],
) -> String {
    let rows = members
        .iter()
        .map(|member| (member, literal(&member.wire), member.wire.clone()));
    open(context, name, ty, rows, Wire::Text)
}

/// Returns an enum of whole numbers.
pub(crate) fn integer(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<i64>],
) -> String {
    let rows = members.iter().map(|member| {
        let wire = member.wire.to_string();
        (member, wire.clone(), wire)
    });
    open(context, name, ty, rows, Wire::Number)
}

#[derive(Clone, Copy)]
enum Wire {
    Text,
    Number,
}

/// Returns an enum. `rows`: the member, its value in Rust code, and as text.
fn open<'a, T: 'a>(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    rows: impl Iterator<Item = (&'a Member<T>, String, String)>,
    wire: Wire,
) -> String {
    let docs = Docs::default()
        .about(&ty.docs, &[name])
        .unconfirmed(ty.unconfirmed.as_ref(), None)
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let (mut variants, mut table) = (Vec::new(), Vec::new());
    for (member, value, wire) in rows {
        let docs = Docs::default()
            .about(&member.docs, &[&member.variant, &wire, name])
            .name_on_the_wire(&wire, &member.variant)
            .outer(&context.texts);
        let variant = ident(&member.variant);
        variants.push(quote!(#docs #variant,));
        table.push(format!("{} {value}", member.variant));
    }
    let (unrecognized, make) = match wire {
        Wire::Text => (quote!(rt::Unrecognized<Self>), "string_enum"),
        Wire::Number => (quote!(rt::Unrecognized<Self, i64>), "integer_enum"),
    };
    let (ident, slim) = (ident(name), slim());
    let definition = quote! {
        #docs
        #deprecated
        #slim
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants)*
            /// A value that this version does not know.
            Unrecognized(#unrecognized),
        }
    };
    print::with_table(definition, &print::table(make, name, table.into_iter()))
}
