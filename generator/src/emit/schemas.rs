//! A table with the type of each schema of a document, for a test that reads and writes values of the schemas.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Options,
    context::{Context, ident},
    print,
};
use crate::model::{Api, TypeKind, TypeRef};

/// Returns the table.
///
/// The parent module of the file must have `Schema` and `through`.
#[must_use]
pub fn schemas(api: &Api, options: &Options) -> String {
    let context = Context::new(api, options);
    let rows = api.schemas.iter().map(|schema| {
        let place = &schema.place;
        let ty = path(&context, &schema.ty);
        quote! {
            super::Schema { place: #place, through: super::through::<#ty> }
        }
    });
    let table = print::items(quote! {
        /// Every named schema, and the unnamed schemas of bodies.
        pub(super) const SCHEMAS: &[super::Schema] = &[#(#rows),*];
    });
    let (package, module) = (ident(&options.package), ident(&api.module));
    let title = format!(" The type of each schema of `{}`.", api.source);
    let has_types = table.contains(&format!("<{module}::"));
    let uses = match (has_types, table.contains("rt::")) {
        (true, true) => quote!(use #package::{#module, rt};),
        (true, false) => quote!(use #package::#module;),
        (false, true) => quote!(use #package::rt;),
        (false, false) => quote!(),
    };
    let head = quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "deprecated types are tested, too")]
        #uses
    };
    print::file(&context.texts, &super::header(&api.source), head, &[table])
}

/// Returns a table with the unions of a crate of its own, for a test that reads and writes values of their types.
///
/// The parent module of the file must have `Union` and `through`.
#[must_use]
pub fn unions_table(api: &Api, options: &Options) -> String {
    let context = Context::new(api, options);
    let module = ident(&api.module);
    let rows = api.types.iter().filter_map(|(name, ty)| {
        let TypeKind::Union(union) = &ty.kind else {
            return None;
        };
        let path = ident(name);
        let cases = union.variants.iter().map(|variant| {
            let (text, label) = (&variant.name, ident(&variant.name));
            quote!(#module::#path::#label(_) => #text,)
        });
        let name = name.trim_start_matches("r#");
        Some(quote! {
            super::Union {
                name: #name,
                through: |json| super::through(json, |value: &#module::#path| match value {
                    #(#cases)*
                    _ => "",
                }),
            }
        })
    });
    let table = print::items(quote! {
        /// Every union.
        pub(super) const UNIONS: &[super::Union] = &[#(#rows),*];
    });
    let title = format!(" The unions of `{}`.", api.source);
    let head = quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "deprecated types are tested, too")]
    };
    print::file(&context.texts, &super::header(&api.source), head, &[table])
}

/// Returns the path of a type for code outside of its module.
fn path(context: &Context<'_>, ty: &TypeRef) -> TokenStream {
    match ty {
        TypeRef::Named(name) => {
            let (module, name) = (ident(&context.api.module), ident(name));
            quote!(#module::#name)
        }
        TypeRef::List(item) => {
            let item = path(context, item);
            quote!(rt::List<#item>)
        }
        TypeRef::OneOrList(item) => {
            let item = path(context, item);
            quote!(rt::OneOrList<#item>)
        }
        TypeRef::Map(value) => {
            let value = path(context, value);
            quote!(rt::Map<#value>)
        }
        TypeRef::Nullable(inner) => {
            let inner = path(context, inner);
            quote!(Option<#inner>)
        }
        TypeRef::Boxed(inner) => {
            let inner = path(context, inner);
            quote!(Box<#inner>)
        }
        TypeRef::Deep(inner) => {
            let inner = path(context, inner);
            quote!(rt::Deep<#inner>)
        }
        ty => context.ty(ty),
    }
}
