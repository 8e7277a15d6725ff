//! Identifiers.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    context::{deprecated, ident},
    docs::Docs,
};
use crate::model::Type;

/// A newtype over text.
pub(crate) fn id(name: &str, ty: &Type) -> TokenStream {
    let docs = Docs::default().text_or(&ty.docs, "An identifier.").outer();
    let deprecated = deprecated(ty.deprecated.as_ref());
    let name = ident(name);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct #name(String);
        rt::id!(#name);
    }
}
