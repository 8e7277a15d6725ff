//! Identifiers.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    context::{Context, deprecated, ident},
    docs::Docs,
};
use crate::model::Type;

/// A newtype over text.
pub(crate) fn id(context: &Context<'_>, name: &str, ty: &Type, personal: bool) -> TokenStream {
    let docs = Docs::default()
        .text_or(&ty.docs, "An identifier.")
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let name = ident(name);
    let (debug, personal) = match personal {
        true => (None, Some(quote!(, personal))),
        false => (Some(quote!(Debug,)), None),
    };
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #debug PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct #name(String);
        rt::id!(#name #personal);
    }
}
