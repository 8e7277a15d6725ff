//! The root of a generated module or crate, and the files that hold constants.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Attach, Options,
    context::{Context, ident},
    docs::{Docs, clean, code},
};
use crate::load::{LeftOut, Part};
use crate::model::{Group, SchemeKind, TypeKind, TypeRef};

/// Lints that generated code is not held to, each with its reason. The whole list: nothing else is allowed anywhere.
const ALLOWED: &[(&str, &str)] = &[
    (
        "deprecated",
        "what the document calls deprecated is still generated",
    ),
    (
        "clippy::large_enum_variant",
        "a variant holds its payload in place, so that it can be matched on",
    ),
    (
        "clippy::module_inception",
        "modules are called as the document calls its groups",
    ),
    (
        "clippy::new_ret_no_self",
        "methods are called as the document calls its operations",
    ),
    (
        "clippy::should_implement_trait",
        "setters are called as the document calls its fields",
    ),
    (
        "clippy::wrong_self_convention",
        "setters are called as the document calls its fields",
    ),
    (
        "clippy::type_complexity",
        "a builder's type says which of its required values are there",
    ),
];

/// The module of a group's file: its name, unless that is taken by another file.
pub(crate) fn group_module(group: &Group, options: &Options) -> String {
    let taken = [
        "builders", "enums", "ids", "required", "schemes", "servers", "types", "mod", "lib", "rt",
        // Cargo takes these for programs, and this would hide the library.
        "main", "bin", "std", "core", "alloc",
    ];
    let name = group.file.trim_start_matches("r#");
    if taken.contains(&name) || name == options.runtime {
        format!("{name}_group")
    } else {
        group.file.clone()
    }
}

/// The name of a group's file, without its ending.
pub(crate) fn group_file(group: &Group, options: &Options) -> String {
    group_module(group, options)
        .trim_start_matches("r#")
        .to_owned()
}

/// `mod.rs` or `lib.rs`.
pub(crate) fn root(
    context: &Context<'_>,
    options: &Options,
    runtime: &TokenStream,
    files: &BTreeSet<String>,
) -> TokenStream {
    let api = context.api;
    let title = code(&api.source);
    let docs = Docs::default()
        .text_or(&api.title, code(&api.module))
        .text(&api.docs)
        .own(format!("Generated from {title}."));
    let docs = left_out(docs, &options.left_out);
    let docs = docs.inner(&context.texts);
    let allowed = ALLOWED.iter().map(|(lint, reason)| {
        let lint: syn::Path = lint_path(lint);
        quote!(#![allow(#lint, reason = #reason)])
    });
    let limit = recursion_limit(context).filter(|_| options.attach == Attach::ExtensionTrait);
    let limit = limit.map(|limit| quote!(#![recursion_limit = #limit]));
    // By name, like a careful person would.
    let mut modules: BTreeMap<String, TokenStream> = BTreeMap::new();
    let mut exports: BTreeMap<String, TokenStream> = BTreeMap::new();
    let there = |name: &&str| files.contains(&format!("{name}.rs"));
    for name in ["builders", "enums", "ids", "types"]
        .into_iter()
        .filter(there)
    {
        let module = ident(name);
        modules.insert(name.to_owned(), quote!(mod #module;));
        exports.insert(name.to_owned(), quote!(pub use #module::*;));
    }
    for name in ["required", "schemes", "servers"].into_iter().filter(there) {
        let module = ident(name);
        modules.insert(name.to_owned(), quote!(pub mod #module;));
    }
    for group in &api.groups {
        let name = group_module(group, options);
        let (module, ty) = (ident(&name), ident(&group.type_name));
        // The only group needs no room of its own.
        if api.groups.len() == 1 {
            modules.insert(name.clone(), quote!(mod #module;));
            exports.insert(name, quote!(pub use #module::*;));
        } else {
            modules.insert(name.clone(), quote!(pub mod #module;));
            exports.insert(name, quote!(pub use #module::#ty;));
        }
    }
    for import in &api.imports {
        let module = ident(&import.module);
        let export = match import.exported {
            true => quote!(pub use super::#module::*;),
            false => quote!(use super::#module::*;),
        };
        exports.insert(import.module.clone(), export);
    }
    let (modules, exports) = (modules.values(), exports.values());
    let attach = attach(context, options);
    let used = matches!(options.attach, Attach::ExtensionTrait) && !context.api.groups.is_empty();
    let runtime = used.then_some(runtime);
    quote! {
        #docs
        #limit
        #(#allowed)*
        #(#modules)*
        #runtime
        #(#exports)*
        #attach
    }
}

/// The crate's own code goes as deep as its types. Users' crates don't: `rt::Deep` ends what they have to look into.
fn recursion_limit(context: &Context<'_>) -> Option<String> {
    let mut types = context.api.types.values();
    let is_deep = types.any(|ty| match &ty.kind {
        TypeKind::Struct(object) => (object.fields.iter().map(|field| &field.ty))
            .chain(&object.additional)
            .any(TypeRef::is_deep),
        TypeKind::Union(union) => union.variants.iter().any(|variant| variant.ty.is_deep()),
        _ => false,
    });
    // A type is met a few times on the way to the next one.
    is_deep.then(|| (128 + 8 * context.api.types.len()).to_string())
}

/// Says what a user of the API would look for in vain.
fn left_out(docs: Docs, left_out: &[LeftOut]) -> Docs {
    let mut docs = docs;
    for (part, one, many) in [
        (Part::Operation, "operation is", "operations are"),
        (
            Part::Property,
            "optional property is",
            "optional properties are",
        ),
    ] {
        let lines: Vec<String> = (left_out.iter().filter(|out| out.part == part))
            .map(|out| format!("- {}: {}.", code(&out.name), clean(&out.why)))
            .collect();
        let kind = if lines.len() == 1 { one } else { many };
        if lines.is_empty() {
            continue;
        }
        docs = docs
            .own(format!(
                "{} {kind} left out, which the generator can't express:",
                lines.len()
            ))
            .own(lines.join("\n"));
    }
    docs
}

/// A lint's name out of [`ALLOWED`] as a path.
fn lint_path(lint: &str) -> syn::Path {
    let segments = lint
        .split("::")
        .map(|segment| syn::PathSegment::from(ident(segment)));
    syn::Path {
        leading_colon: None,
        segments: segments.collect(),
    }
}

/// The trait that gives clients the groups of a crate of its own.
pub(crate) fn trait_name(context: &Context<'_>) -> proc_macro2::Ident {
    let api = context.api;
    let wanted = format!("{}Api", api.module.to_upper_camel_case());
    let taken =
        context.get(&wanted).is_some() || api.groups.iter().any(|group| group.type_name == wanted);
    if taken {
        format_ident!("{wanted}Groups")
    } else {
        format_ident!("{wanted}")
    }
}

fn attach(context: &Context<'_>, options: &Options) -> TokenStream {
    let api = context.api;
    let method =
        |group: &Group, docs: TokenStream, visibility: TokenStream, client: TokenStream| {
            let (name, ty) = (ident(&group.name), ident(&group.type_name));
            quote! {
                #docs
                #visibility fn #name(&self) -> #ty<#client> {
                    #ty { client: self.clone() }
                }
            }
        };
    let docs = |group: &Group| {
        Docs::default()
            .text_or(&group.docs, format!("The group {}.", code(&group.name)))
            .outer(&context.texts)
    };
    if api.groups.is_empty() {
        return TokenStream::new();
    }
    match options.attach {
        Attach::Inherent => {
            let methods = api
                .groups
                .iter()
                .map(|group| method(group, docs(group), quote!(pub), quote!(Self)));
            let blocking = api.groups.iter().map(|group| {
                let name = group.name.trim_start_matches("r#");
                let docs = Docs::default()
                    .own(format!("As [`Client::{name}`](crate::Client::{name})."))
                    .outer(&context.texts);
                method(group, docs, quote!(pub), quote!(Self))
            });
            quote! {
                impl crate::Client { #(#methods)* }

                #[cfg(feature = "blocking")]
                impl crate::blocking::Client { #(#blocking)* }
            }
        }
        Attach::ExtensionTrait => {
            let name = trait_name(context);
            let methods = api
                .groups
                .iter()
                .map(|group| method(group, docs(group), quote!(), quote!(Self)));
            let client = context.client();
            quote! {
                /// Gives every client the groups of this API.
                pub trait #name: rt::Transport {
                    #(#methods)*
                }

                impl<#client: rt::Transport> #name for #client {}
            }
        }
    }
}

/// `servers.rs`
pub(crate) fn servers(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    let servers = context.api.servers.iter().map(|server| {
        let docs = Docs::default()
            .text_or(&server.docs, code(&server.url))
            .outer(&context.texts);
        let (name, url) = (ident(&server.constant), &server.url);
        quote! {
            #docs
            pub static #name: rt::Server = rt::Server { url: #url };
        }
    });
    let docs = Docs::default()
        .own("Base URLs that the document names. Which is used is a setting of the client.")
        .inner(&context.texts);
    quote!(#docs #runtime #(#servers)*)
}

/// `schemes.rs`
pub(crate) fn schemes(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    let schemes = context.api.schemes.iter().map(|scheme| {
        let docs = Docs::default().text_or(&scheme.docs, code(&scheme.name)).outer(&context.texts);
        let (constant, name) = (ident(&scheme.constant), &scheme.name);
        let kind = match &scheme.kind {
            SchemeKind::Bearer => quote!(Bearer),
            SchemeKind::Basic => quote!(Basic),
            SchemeKind::HeaderKey(header) => quote!(HeaderKey(#header)),
            SchemeKind::QueryKey(parameter) => quote!(QueryKey(#parameter)),
            SchemeKind::CookieKey(cookie) => quote!(CookieKey(#cookie)),
        };
        quote! {
            #docs
            pub static #constant: rt::Scheme = rt::Scheme { name: #name, kind: rt::SchemeKind::#kind };
        }
    });
    let docs = Docs::default()
        .own("Ways to authenticate that the document names.")
        .inner(&context.texts);
    quote!(#docs #runtime #(#schemes)*)
}

/// `required.rs`
pub(crate) fn required(context: &Context<'_>, markers: &BTreeMap<String, String>) -> TokenStream {
    let markers = markers.iter().map(|(name, setter)| {
        let docs = Docs::default()
            .own(code(&format!(".{}(…)", setter.trim_start_matches("r#"))))
            .outer(&context.texts);
        let name = ident(name);
        quote! {
            #docs
            #[derive(Debug)]
            pub enum #name {}
        }
    });
    let docs = Docs::default()
        .own("Names of required values. The compiler's error about a builder that lacks one shows its name.")
        .inner(&context.texts);
    quote!(#docs #(#markers)*)
}
