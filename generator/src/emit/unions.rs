//! Unions: values of one of several types.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    print::{self, literal},
};
use crate::model::{JsonKind, Mark, TextForm, Type, TypeRef, Union, Variant};

/// Returns a union.
pub(crate) fn union(context: &Context<'_>, name: &str, ty: &Type, union: &Union) -> TokenStream {
    let docs = Docs::default()
        .about(&ty.docs, &[name])
        .unconfirmed(ty.unconfirmed.as_ref(), None)
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let variants = union.variants.iter().map(|variant| {
        let docs = describe(context, variant);
        let docs = Docs::default()
            .own_about(&docs, &[&variant.name])
            .outer(&context.texts);
        let (label, ty) = (ident(&variant.name), context.ty(&variant.ty));
        quote!(#docs #label(#ty),)
    });
    let conversions = conversions(context, name, union);
    let ident = ident(name);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants)*
            /// An unknown value, with its JSON.
            Unrecognized(rt::UnrecognizedJson<Self>),
        }
        #conversions
    }
}

fn describe(context: &Context<'_>, variant: &Variant) -> String {
    let told = |mark: &&Mark| !mark.texts.is_empty();
    match variant.marks.iter().find(told) {
        Some(mark) => {
            let mut known = BTreeSet::new();
            let texts = mark.texts.iter().filter(|text| known.insert(*text));
            let texts: Vec<String> = texts.map(|text| code(text)).collect();
            let values = match variant.kinds.as_slice() {
                [JsonKind::Array] => "Lists of objects",
                _ => "Values",
            };
            format!(
                "{values} whose {} is {}.",
                code(&path(mark).join(".")),
                texts.join(" or ")
            )
        }
        None => match unboxed(&variant.ty) {
            TypeRef::Named(name) => format!("{} [`{name}`].", article(name)),
            ty => {
                let name = print::ty(&context.ty(ty));
                format!("{} {}.", article(&name), code(&name))
            }
        },
    }
}

/// The names that lead to a member.
fn path(mark: &Mark) -> Vec<&str> {
    let within = mark.within.iter().map(String::as_str);
    within.chain([mark.wire.as_str()]).collect()
}

/// Returns the article of a name, by its pronunciation.
fn article(name: &str) -> &'static str {
    match name.starts_with(['A', 'E', 'I', 'O', 'i']) {
        true => "An",
        false => "A",
    }
}

/// Returns `rt::union!` of a union.
pub(crate) fn table(name: &str, union: &Union) -> String {
    let variants = union
        .tried
        .iter()
        .filter_map(|index| union.variants.get(*index));
    let is_plain = |variant: &Variant| {
        matches!(variant.kinds.as_slice(), [JsonKind::Object])
            && !variant.tags.is_empty()
            && variant.marks.len() < 2
    };
    let is_needed = |variant: &Variant| variant.marks.iter().all(|mark| mark.is_needed);
    let needed = union.variants.iter().filter(|variant| is_needed(variant));
    let needed = needed.count();
    if let Some(tag) = &union.tag
        && union.variants.iter().all(is_plain)
        && (needed == 0 || needed == union.variants.len())
    {
        let rows = variants.map(|variant| {
            let tags = variant.tags.iter().map(|tag| format!(" {}", literal(tag)));
            format!("{}{}", variant.name, tags.collect::<String>())
        });
        let maybe = if needed == 0 { "?" } else { "" };
        let head = format!("{name}, tag {}{maybe}", literal(tag));
        return print::table("union", &head, rows);
    }
    print::table("union", name, variants.map(row))
}

/// Returns the row of a variant: how it is told apart from the others.
fn row(variant: &Variant) -> String {
    let mut row = variant.name.clone();
    for kind in &variant.kinds {
        row.push_str(match kind {
            JsonKind::String => " String",
            JsonKind::Integer => " Integer",
            JsonKind::Number => " Number",
            JsonKind::Bool => " Bool",
            JsonKind::Array => " Array",
            JsonKind::Object => " Object",
            JsonKind::Any => " Any",
        });
    }
    for mark in &variant.marks {
        let path: Vec<String> = path(mark).into_iter().map(literal).collect();
        row.push_str(&format!(" {}", path.join(".")));
        let texts: Vec<String> = mark.texts.iter().map(|text| literal(text)).collect();
        match mark.is_needed {
            _ if texts.is_empty() => {}
            true => row.push_str(&format!(" = {}", texts.join(" | "))),
            false => row.push_str(&format!("? = {}", texts.join(" | "))),
        }
        row.push_str(match mark.form {
            Some(TextForm::Ipv4) => " is Ipv4",
            Some(TextForm::Ipv6) => " is Ipv6",
            Some(TextForm::Uuid) => " is Uuid",
            None => "",
        });
    }
    row
}

/// Returns `From` each type that only one variant holds.
fn conversions(context: &Context<'_>, name: &str, union: &Union) -> TokenStream {
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
    let impls = convertible(name, union).map(|variant| {
        let (label, ty) = (ident(&variant.name), context.ty(unboxed(&variant.ty)));
        let value = match variant.ty {
            TypeRef::Boxed(_) => quote!(Box::new(value)),
            TypeRef::Deep(_) => quote!(rt::Deep::new(value)),
            _ => quote!(value),
        };
        quote! {
            impl From<#ty> for #owner {
                fn from(value: #ty) -> Self {
                    Self::#label(#value)
                }
            }
        }
    });
    quote!(#(#impls)* #text)
}

/// Returns the variants whose type is neither that of another variant nor the union itself.
pub(crate) fn convertible<'a>(name: &str, union: &'a Union) -> impl Iterator<Item = &'a Variant> {
    let own = TypeRef::Named(name.to_owned());
    let mut held = BTreeSet::from([&own]);
    let mut twice = BTreeSet::from([own.clone()]);
    for variant in &union.variants {
        let ty = unboxed(&variant.ty);
        if !held.insert(ty) {
            twice.insert(ty.clone());
        }
    }
    let variants = union.variants.iter();
    variants.filter(move |variant| !twice.contains(unboxed(&variant.ty)))
}

/// Returns whether [`conversions`] has a `From` for this variant, and it holds a type of the API.
pub(super) fn is_convertible(union: &Union, variant: &Variant) -> bool {
    let mut same = union
        .variants
        .iter()
        .filter(|other| unboxed(&other.ty) == unboxed(&variant.ty));
    matches!(variant.ty, TypeRef::Named(_)) && same.nth(1).is_none()
}

pub(crate) fn unboxed(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Boxed(inner) | TypeRef::Deep(inner) => inner,
        ty => ty,
    }
}
