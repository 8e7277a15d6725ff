//! Open enums.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
};
use crate::model::{Member, Type};

/// An enum that is text on the wire.
pub(crate) fn string(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<String>],
) -> TokenStream {
    let rows = members
        .iter()
        .map(|member| (member.wire.to_token_stream(), code(&member.wire), member));
    open(
        context,
        name,
        ty,
        rows,
        &quote!(&'static str),
        &quote!(rt::Unrecognized<Self>),
        &quote!(rt::string_enum),
    )
}

/// An enum that is a whole number on the wire.
pub(crate) fn integer(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    members: &[Member<i64>],
) -> TokenStream {
    let rows = members.iter().map(|member| {
        (
            Literal::i64_unsuffixed(member.wire).into_token_stream(),
            code(&member.wire.to_string()),
            member,
        )
    });
    open(
        context,
        name,
        ty,
        rows,
        &quote!(i64),
        &quote!(rt::Unrecognized<Self, i64>),
        &quote!(rt::integer_enum),
    )
}

fn open<'a, T: 'a>(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    rows: impl Iterator<Item = (TokenStream, String, &'a Member<T>)>,
    wire_type: &TokenStream,
    unrecognized: &TokenStream,
    macro_path: &TokenStream,
) -> TokenStream {
    let docs = Docs::default()
        .text_or(&ty.docs, code(name))
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let name = ident(name);
    let (mut variants, mut table) = (Vec::new(), Vec::new());
    for (wire, shown, member) in rows {
        let docs = Docs::default()
            .text_or(&member.docs, shown)
            .outer(&context.texts);
        let variant = ident(&member.variant);
        variants.push(quote!(#docs #variant));
        table.push(quote!((#wire, Self::#variant)));
    }
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that this version does not know.
            Unrecognized(#unrecognized),
        }

        impl #name {
            const TABLE: &'static [(#wire_type, Self)] = &[#(#table),*];
        }
        #macro_path!(#name);
    }
}
