//! Values that can be one of several types.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
};
use crate::model::{JsonKind, Type, TypeRef, Union, Variant};

/// A union.
pub(crate) fn union(context: &Context<'_>, name: &str, ty: &Type, union: &Union) -> TokenStream {
    let docs = Docs::default()
        .text_or(&ty.docs, code(name))
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let variants = union.variants.iter().map(|variant| {
        let docs = Docs::default()
            .own(describe(context, union, variant))
            .outer(&context.texts);
        let (label, ty) = (ident(&variant.name), context.ty(&variant.ty));
        quote!(#docs #label(#ty),)
    });
    let read = ty.usage.received.then(|| read(name, union));
    let arms = union.variants.iter().map(|variant| ident(&variant.name));
    let conversions = conversions(context, name, union);
    let sent = ty.usage.sent.then(|| quote!(, sent));
    let received = ty.usage.received.then(|| quote!(, chosen));
    let name = ident(name);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// Something that this version does not know, with its JSON.
            Unrecognized(rt::UnrecognizedJson<Self>),
        }
        #read
        impl rt::Write for #name {
            fn write(&self) -> rt::Node<'_> {
                match self {
                    #(Self::#arms(value) => rt::Write::write(value),)*
                    Self::Unrecognized(value) => rt::Write::write(value),
                }
            }
        }
        #conversions
        rt::data!(#name #sent #received);
    }
}

fn describe(context: &Context<'_>, union: &Union, variant: &Variant) -> String {
    match (&union.tag, variant.tags.as_slice()) {
        (Some(tag), [_, ..]) => {
            let tags: Vec<String> = variant.tags.iter().map(|tag| code(tag)).collect();
            format!("Where {} is {}.", code(tag), tags.join(" or "))
        }
        _ => match unboxed(&variant.ty) {
            TypeRef::Named(name) => format!("A [`{name}`]."),
            ty => format!(
                "A {}.",
                code(
                    &context
                        .ty(ty)
                        .into_token_stream()
                        .to_string()
                        .replace(' ', "")
                )
            ),
        },
    }
}

/// `impl rt::Choose` of a union.
pub(crate) fn read(name: &str, union: &Union) -> TokenStream {
    let name = ident(name);
    let body = match &union.tag {
        Some(tag) => {
            let arms = union
                .variants
                .iter()
                .filter(|variant| !variant.tags.is_empty())
                .map(|variant| {
                    let (label, tags) = (ident(&variant.name), &variant.tags);
                    quote!(Some(#(#tags)|*) => rt::read(node).map(Self::#label),)
                });
            quote! {
                match node.tag(#tag) {
                    #(#arms)*
                    _ => Ok(Self::Unrecognized(node.unrecognized())),
                }
            }
        }
        None => by_shape(union),
    };
    quote! {
        impl rt::Choose for #name {
            fn choose(node: rt::Node<'_>) -> Result<Self, rt::Invalid> {
                #body
            }
        }
    }
}

fn by_shape(union: &Union) -> TokenStream {
    let mut arms = Vec::new();
    // Kinds that an arm before has taken whole.
    let mut taken: Vec<JsonKind> = Vec::new();
    // Who has to have the most is asked first: an object that needs nothing would take those of all others.
    let mut variants: Vec<&Variant> = union.variants.iter().collect();
    variants.sort_by_key(|variant| std::cmp::Reverse(variant.required.len()));
    for variant in variants {
        let label = ident(&variant.name);
        let kind = match &variant.ty {
            // The model's `Number` covers whole ones, unless an arm before took those.
            _ if taken.contains(&variant.json) || taken.contains(&JsonKind::Any) => continue,
            TypeRef::Json => JsonKind::Any,
            _ => variant.json,
        };
        let pattern = match kind {
            JsonKind::String => quote!(rt::Kind::String),
            JsonKind::Integer if taken.contains(&JsonKind::Number) => continue,
            JsonKind::Integer => quote!(rt::Kind::Integer),
            JsonKind::Number if taken.contains(&JsonKind::Integer) => quote!(rt::Kind::Number),
            JsonKind::Number => quote!(rt::Kind::Integer | rt::Kind::Number),
            JsonKind::Bool => quote!(rt::Kind::Bool),
            JsonKind::Array => quote!(rt::Kind::Array),
            JsonKind::Object => quote!(rt::Kind::Object),
            JsonKind::Any => quote!(_),
        };
        let required = &variant.required;
        let guard = (kind == JsonKind::Object && !required.is_empty())
            .then(|| quote!(if node.has(&[#(#required),*])));
        if guard.is_none() {
            taken.push(kind);
        }
        arms.push(quote!(#pattern #guard => rt::read(node).map(Self::#label),));
    }
    if !taken.contains(&JsonKind::Any) {
        arms.push(quote!(_ => Ok(Self::Unrecognized(node.unrecognized())),));
    }
    quote!(match node.kind() { #(#arms)* })
}

/// `From` each type that only one variant holds.
fn conversions(context: &Context<'_>, name: &str, union: &Union) -> TokenStream {
    let mut held = BTreeSet::from([name.to_owned()]);
    let mut twice = BTreeSet::from([name.to_owned()]);
    for variant in &union.variants {
        let ty = context
            .ty(unboxed(&variant.ty))
            .into_token_stream()
            .to_string();
        if !held.insert(ty.clone()) {
            twice.insert(ty);
        }
    }
    let owner = ident(name);
    let impls = union.variants.iter().filter_map(|variant| {
        let (label, ty) = (ident(&variant.name), context.ty(unboxed(&variant.ty)));
        if twice.contains(&ty.to_token_stream().to_string()) {
            return None;
        }
        let is_boxed = matches!(variant.ty, TypeRef::Boxed(_));
        let value = if is_boxed {
            quote!(Box::new(value))
        } else {
            quote!(value)
        };
        Some(quote! {
            impl From<#ty> for #owner {
                fn from(value: #ty) -> Self {
                    Self::#label(#value)
                }
            }
        })
    });
    quote!(#(#impls)*)
}

/// Whether [`conversions`] has a `From` for this variant, and it holds a type of the API.
pub(super) fn is_convertible(union: &Union, variant: &Variant) -> bool {
    let mut same = union
        .variants
        .iter()
        .filter(|other| unboxed(&other.ty) == unboxed(&variant.ty));
    matches!(variant.ty, TypeRef::Named(_)) && same.nth(1).is_none()
}

fn unboxed(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Boxed(inner) => inner,
        ty => ty,
    }
}
