//! Setters: their argument, and its conversion to the value of the field.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident};
use crate::model::{TypeKind, TypeRef};

/// The argument of a setter and the expression that converts it to the stored value.
pub(crate) struct Setter {
    /// The type of the argument.
    pub(crate) takes: TokenStream,
    /// The stored value, as an expression of the argument; for an `Option`, without the `Some`.
    pub(crate) value: TokenStream,
}

/// Returns the setter of a field or parameter whose argument has this name.
pub(crate) fn setter(context: &Context<'_>, name: &str, ty: &TypeRef) -> Setter {
    let given = ident(name);
    match ty {
        TypeRef::List(item) | TypeRef::OneOrList(item) => {
            let item = argument(context, item);
            Setter {
                takes: quote!(impl IntoIterator<Item = #item>),
                value: quote!(rt::list(#given)),
            }
        }
        TypeRef::Map(value) => {
            let value = argument(context, value);
            Setter {
                takes: quote!(impl IntoIterator<Item = (impl Into<String>, #value)>),
                value: quote!(rt::map(#given)),
            }
        }
        TypeRef::Boxed(inner) => setter(context, name, inner).within(quote!(Box::new)),
        TypeRef::Deep(inner) => setter(context, name, inner).within(quote!(rt::Deep::new)),
        _ if comes_from_others(context, ty) => Setter {
            takes: argument(context, ty),
            value: quote!(#given.into()),
        },
        _ => Setter {
            takes: context.ty(ty),
            value: quote!(#given),
        },
    }
}

impl Setter {
    fn within(self, wrapper: TokenStream) -> Self {
        let value = self.value;
        Self {
            value: quote!(#wrapper(#value)),
            ..self
        }
    }
}

fn argument(context: &Context<'_>, ty: &TypeRef) -> TokenStream {
    let inner = context.ty(ty);
    match comes_from_others(context, ty) {
        true => quote!(impl Into<#inner>),
        false => inner,
    }
}

/// Returns whether values of other types convert to this one. A setter takes exactly its type if no other type makes
/// sense, so that compiler errors name the type.
fn comes_from_others(context: &Context<'_>, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String
        | TypeRef::Number
        | TypeRef::Big
        | TypeRef::Timestamp
        | TypeRef::Date
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Json
        | TypeRef::JsonObject
        | TypeRef::Deep(_) => true,
        TypeRef::Named(name) => context.get(name).is_none_or(|ty| match &ty.kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_) => true,
            TypeKind::Struct(_) => false,
            // Converted from a reference.
            TypeKind::Id { .. } => true,
        }),
        _ => false,
    }
}
