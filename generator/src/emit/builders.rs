//! Builders of structs, and the file that exports all builders.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Part,
    context::{Context, deprecated, ident, slim},
    docs::Docs,
    print,
    sections::{self, Section},
    slots::{Shell, Slot, Store},
};
use crate::model::{Field, Shape, Struct, Type, TypeKind, TypeRef};

/// Returns `builder.rs`: the builders that belong to no section, and exports of the others.
pub(super) fn part(context: &Context<'_>, sections: &[Section<'_>]) -> Part {
    let of_sections: BTreeSet<&str> = (sections.iter())
        .flat_map(|section| section.objects.iter().copied())
        .collect();
    let ours = (context.api.types.iter()).filter(|(name, _)| !of_sections.contains(name.as_str()));
    // In a module that is not hidden, these builders are public here: the attribute would remove their pages.
    let slim = context.options.hidden.then(slim);
    let mut items: Vec<String> = of(context, slim, ours).collect();
    items.extend(former(context));
    let exports = sections.iter().map(Section::exported_builders);
    let imports = context.api.imports.iter();
    let imports = imports
        .filter(|import| import.exported)
        .filter_map(|import| {
            let builders = (context.api.types.iter())
                .filter(|(_, ty)| ty.origin.as_ref() == Some(&import.module))
                .filter(|(_, ty)| matches!(&ty.kind, TypeKind::Struct(object) if object.builder));
            let builders: BTreeSet<String> =
                builders.map(|(name, _)| sections::builder(name)).collect();
            let module = ident(&import.module);
            let list = match import.whole {
                true => quote!(*),
                false => sections::list(&builders),
            };
            (!builders.is_empty())
                .then(|| quote!(#[doc(inline)] pub use super::super::#module::builder::#list;))
        });
    let exports = quote!(#(#imports)* #(#exports)*);
    let mut part = Part {
        docs: Docs::default().own("Builders of operations and objects."),
        exports,
        items,
        ..Part::default()
    };
    if !context.markers.borrow().is_empty() {
        part.modules.insert("required");
    }
    part
}

/// Returns the builders of those of these types that are the API's own structs.
pub(crate) fn of<'a>(
    context: &'a Context<'_>,
    slim: Option<TokenStream>,
    types: impl Iterator<Item = (&'a String, &'a Type)>,
) -> impl Iterator<Item = String> {
    let own = types.filter(|(_, ty)| ty.origin.is_none());
    own.filter_map(move |(name, ty)| match &ty.kind {
        TypeKind::Struct(object) if object.builder => {
            Some(builder(context, name, ty, object, slim.as_ref()))
        }
        _ => None,
    })
}

/// Returns builders under the former names of types.
fn former(context: &Context<'_>) -> Vec<String> {
    let types = &context.api.types;
    let aliases = context.api.aliases.iter();
    let aliases = aliases.filter_map(|(old, new)| {
        let ty = types.get(new).filter(|_| !types.contains_key(old))?;
        let TypeKind::Struct(object) = &ty.kind else {
            return None;
        };
        let additional = additional(object);
        let slots = slots(object, additional.as_ref());
        let name = sections::builder_ident(new);
        let shell = Shell::new(context, name.clone(), None, slots);
        let declared = match &ty.origin {
            Some(module) => shell.declared_with(|marker| {
                let (module, marker) = (ident(module), ident(marker));
                quote!(super::super::#module::required::#marker)
            }),
            None => shell.declared(context),
        };
        let (parameters, old) = (shell.parameters(), sections::builder_ident(old));
        let docs = Docs::default().own(format!("The former name of [`{name}`]."));
        let (docs, note) = (
            docs.outer(&context.texts),
            format!("is called `{name}` now"),
        );
        object.builder.then(|| {
            print::items(quote! {
                #docs
                #[deprecated(note = #note)]
                pub type #old #declared = #name #parameters;
            })
        })
    });
    aliases.collect()
}

/// Returns whether requests require values of a struct.
pub(crate) fn is_demanding(object: &Struct) -> bool {
    object.fields.iter().any(Field::is_demanded)
}

/// Returns whether some members are always present.
pub(crate) fn has_guaranteed(object: &Struct) -> bool {
    let mut constants = object.constants.iter();
    constants.any(|constant| constant.guaranteed)
        || object.fields.iter().any(|field| field.shape == Shape::Bare)
}

/// Returns the type of a struct's `additional` field.
pub(crate) fn additional(object: &Struct) -> Option<TypeRef> {
    object
        .additional
        .clone()
        .map(|ty| TypeRef::Map(Box::new(ty)))
}

/// Returns the values that a struct's builder takes.
pub(crate) fn slots<'a>(object: &'a Struct, additional: Option<&'a TypeRef>) -> Vec<Slot<'a>> {
    let fields = object.fields.iter();
    let fields = fields.filter_map(|field| Some((field, field.setter.as_ref()?)));
    fields
        .map(|(field, setter)| Slot::field(field, setter, Store::Value))
        .chain(additional.map(|map| Slot::additional(map, Store::Value)))
        .collect()
}

/// Returns the initial values of a struct's fields.
pub(crate) fn begins_with<'a>(
    context: &'a Context<'_>,
    object: &'a Struct,
) -> impl Iterator<Item = (&'a Field, TokenStream)> {
    object.fields.iter().filter_map(|field| {
        let value = context.literal(field.default.as_ref()?, &field.ty);
        let value = match field.shape {
            Shape::Optional => quote!(Some(#value)),
            Shape::Bare | Shape::Several => value,
        };
        Some((field, value))
    })
}

/// Returns the builder of a struct.
fn builder(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    object: &Struct,
    slim: Option<&TokenStream>,
) -> String {
    let additional = additional(object);
    let slots = slots(object, additional.as_ref());
    let named = context.named(name);
    let builder = sections::builder_ident(name);
    let shell = Shell::new(context, builder.clone(), None, slots);
    let (declared, parameters, state) =
        (shell.declared(context), shell.parameters(), shell.state());
    let docs = Docs::default()
        .own(shell.required_docs("Self").unwrap_or_default())
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let setters = shell.setters(context);
    let setters = (!setters.is_empty())
        .then(|| quote!(impl #parameters #builder #parameters { #(#setters)* }));
    let items = quote! {
        #docs
        #deprecated
        #slim
        #[must_use = "call `.build()`"]
        pub struct #builder #declared {
            partial: rt::Partial<#named #state>,
        }
        #setters
    };
    let mut call = format!("{} => {name}", shell.shown());
    for (field, value) in begins_with(context, object) {
        call.push_str(&format!(", {}: {}", field.name, print::expression(&value)));
    }
    print::with_table(items, &print::call("builder", &call))
}
