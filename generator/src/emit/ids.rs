//! Identifiers.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    context::{Context, deprecated, ident, slim},
    docs::Docs,
};
use crate::model::Type;

/// Returns a newtype over text.
pub(crate) fn id(context: &Context<'_>, name: &str, ty: &Type, personal: bool) -> TokenStream {
    let docs = Docs::default()
        .about(&ty.docs, &[name])
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let (name, slim) = (ident(name), slim());
    let (debug, personal) = match personal {
        true => (None, Some(quote!(, personal))),
        false => (Some(quote!(Debug,)), None),
    };
    quote! {
        #docs
        #deprecated
        #slim
        #[derive(Clone, #debug PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct #name(String);
        rt::id!(#name #personal);
    }
}
