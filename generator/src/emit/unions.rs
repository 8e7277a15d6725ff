//! Values that can be one of several types.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    print::{self, Items, literal},
};
use crate::model::{JsonKind, Type, TypeRef, Union, Variant};

/// A union.
pub(crate) fn union(context: &Context<'_>, name: &str, ty: &Type, union: &Union) -> Items {
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
    let conversions = conversions(context, name, union);
    let ident = ident(name);
    let definition = quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants)*
            /// Something that this version does not know, with its JSON.
            Unrecognized(rt::UnrecognizedJson<Self>),
        }
        #conversions
    };
    Items::default()
        .tokens(definition)
        .call(&table(name, union))
}

fn describe(context: &Context<'_>, union: &Union, variant: &Variant) -> String {
    match (&union.tag, variant.tags.as_slice()) {
        (Some(tag), [_, ..]) => {
            let tags: Vec<String> = variant.tags.iter().map(|tag| code(tag)).collect();
            format!("Where {} is {}.", code(tag), tags.join(" or "))
        }
        _ => match unboxed(&variant.ty) {
            TypeRef::Named(name) => format!("{} [`{name}`].", article(name)),
            ty => {
                let name = context.ty(ty).into_token_stream().to_string();
                let name = name.replace(' ', "");
                format!("{} {}.", article(&name), code(&name))
            }
        },
    }
}

/// As a name is read out.
fn article(name: &str) -> &'static str {
    match name.starts_with(['A', 'E', 'I', 'O', 'i']) {
        true => "An",
        false => "A",
    }
}

/// `rt::union!` of a union.
fn table(name: &str, union: &Union) -> String {
    let Some(tag) = &union.tag else {
        return print::table("union", name, by_kind(union).into_iter());
    };
    let rows = union.variants.iter().map(|variant| {
        let tags = variant.tags.iter().map(|tag| format!(" {}", literal(tag)));
        format!("{}{}", variant.name, tags.collect::<String>())
    });
    let head = format!("{name}, tag {}", literal(tag));
    print::table("union", &head, rows)
}

/// What tells each variant, in the order in which they are tried.
fn by_kind(union: &Union) -> Vec<String> {
    let mut rows = Vec::new();
    // Kinds that a variant before has taken whole.
    let mut taken: Vec<JsonKind> = Vec::new();
    // Who has to have the most is asked first: an object that needs nothing would take those of all others.
    let mut variants: Vec<&Variant> = union.variants.iter().collect();
    variants.sort_by_key(|variant| std::cmp::Reverse(variant.required.len()));
    for variant in variants {
        let kind = match &variant.ty {
            TypeRef::Json => JsonKind::Any,
            _ => variant.json,
        };
        let kinds = match kind {
            _ if taken.contains(&kind) || taken.contains(&JsonKind::Any) => "",
            JsonKind::String => " String",
            JsonKind::Integer if taken.contains(&JsonKind::Number) => "",
            JsonKind::Integer => " Integer",
            // Covers whole ones, unless a variant before took those.
            JsonKind::Number => " Number",
            JsonKind::Bool => " Bool",
            JsonKind::Array => " Array",
            JsonKind::Object => " Object",
            JsonKind::Any => " Any",
        };
        let mut row = format!("{}{kinds}", variant.name);
        if !kinds.is_empty() {
            let required = match kind {
                JsonKind::Object => variant.required.as_slice(),
                _ => &[],
            };
            for name in required {
                row.push_str(&format!(" {}", literal(name)));
            }
            if required.is_empty() {
                taken.push(kind);
            }
        }
        rows.push(row);
    }
    rows
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
    let texts = union
        .variants
        .iter()
        .filter(|variant| variant.ty == TypeRef::String);
    let texts: Vec<&Variant> = texts.collect();
    let text = match texts.as_slice() {
        [only] => {
            let label = ident(&only.name);
            Some(quote! {
                impl From<&str> for #owner {
                    fn from(value: &str) -> Self {
                        Self::#label(value.to_owned())
                    }
                }
            })
        }
        _ => None,
    };
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
    quote!(#(#impls)* #text)
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
