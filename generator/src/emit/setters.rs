//! What a setter takes and how that becomes the value of its field.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::context::Context;
use crate::model::{Shape, TypeRef};

/// The argument of a setter and the expression that turns it into what is stored.
pub(crate) struct Setter {
    /// The type of the argument.
    pub(crate) takes: TokenStream,
    /// What is stored, as an expression over the argument: for [`Shape::Optional`] without the `Some`.
    pub(crate) value: TokenStream,
}

/// The setter of a field or parameter whose argument has this name.
pub(crate) fn setter(context: &Context<'_>, name: &Ident, ty: &TypeRef, shape: Shape) -> Setter {
    if matches!(shape, Shape::Bare | Shape::OrEmpty | Shape::Optional) {
        let (takes, value) = plain(context, quote!(#name), ty);
        return Setter { takes, value };
    }
    let (inner, boxing) = match ty {
        TypeRef::Boxed(inner) => (context.ty(inner), Some(quote!(.map(Box::new)))),
        _ => (context.ty(ty), None),
    };
    let option = (shape == Shape::NullOr).then(|| quote!(.into_option()));
    Setter {
        takes: quote!(impl Into<rt::Nullable<#inner>>),
        value: quote!(#name.into() #option #boxing),
    }
}

fn plain(context: &Context<'_>, name: TokenStream, ty: &TypeRef) -> (TokenStream, TokenStream) {
    match ty {
        TypeRef::List(item) => {
            let takes = into(context, item);
            (
                quote!(impl IntoIterator<Item = #takes>),
                quote!(rt::list(#name)),
            )
        }
        TypeRef::Map(value) => {
            let takes = into(context, value);
            (
                quote!(impl IntoIterator<Item = (impl Into<String>, #takes)>),
                quote!(rt::map(#name)),
            )
        }
        TypeRef::Boxed(inner) => {
            let (takes, value) = plain(context, name, inner);
            (takes, quote!(Box::new(#value)))
        }
        _ if is_plain(ty) => (context.ty(ty), name),
        _ => (into(context, ty), quote!(#name.into())),
    }
}

fn into(context: &Context<'_>, ty: &TypeRef) -> TokenStream {
    let inner = context.ty(ty);
    if is_plain(ty) {
        inner
    } else {
        quote!(impl Into<#inner>)
    }
}

/// Types that are taken as they are: a literal has to find its type, and `Into<i64>` would make it an `i32`.
fn is_plain(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Integer | TypeRef::Bool | TypeRef::Float)
}
