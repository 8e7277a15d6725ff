//! The root of a generated module or crate, and the files with constants.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Attach, Options,
    context::{Context, ident, slim},
    docs::{Docs, clean, code},
    groups, print,
    sections::{self, Section},
};
use crate::load::{LeftOut, Part};
use crate::model::{Group, SchemeKind, TypeKind, TypeRef};

/// The lints that generated code allows, each with its reason. The list is complete: nothing else is allowed anywhere.
const ALLOWED: &[(&str, &str)] = &[
    (
        "missing_docs",
        "an item is documented where there is more to say than its name",
    ),
    (
        "deprecated",
        "what the document calls deprecated is still generated",
    ),
    (
        "clippy::disallowed_names",
        "arguments are called as the document calls its fields",
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
    (
        "clippy::too_many_arguments",
        "an argument is a parameter of the path",
    ),
    (
        "clippy::doc_lazy_continuation",
        "descriptions are laid out as in the document",
    ),
    (
        "clippy::doc_overindented_list_items",
        "descriptions are laid out as in the document",
    ),
];

/// The same that is allowed for whole crates only.
const ALLOWED_IN_CRATES: [(&str, &str); 1] = [(
    "uncommon_codepoints",
    "names have the letters that the document has",
)];

/// Traits that the pages of types do not list: see [`slim`](super::context::slim).
const TRAITS: &str = "\
Types are `Send` and `Sync`. Their pages do not list the traits that all types of a kind implement:

| Type | Traits |
|---|---|
| object | `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize`, and `Default` unless a member is always present |
| operation | `Clone`, `Debug`, `PartialEq`, `Serialize`, `Deserialize` |
| enum | `Clone`, `Debug`, `Display`, `Eq`, `Hash`, `FromStr`, `From<&str>`, `From<String>`, `Serialize`, `Deserialize`; one of numbers `From<i64>` instead of those from text |
| identifier | `Clone`, `Debug`, `Display`, `Eq`, `Hash`, `Ord`, `FromStr`, `AsRef<str>`, `Serialize`, `Deserialize` |
| builder | `Clone`, `Debug`; one of an operation can be awaited instead of sent |
| headers, error response by status | `Clone`, `Debug` |";

/// Returns the lints that generated code allows, as attributes of a module.
#[must_use]
pub fn allowed() -> String {
    let allowed = lints(ALLOWED);
    print::items(quote!(#(#allowed)*))
}

fn lints(all: &'static [(&str, &str)]) -> impl Iterator<Item = TokenStream> {
    all.iter().map(|(lint, reason)| {
        let lint: syn::Path = lint_path(lint);
        quote!(#![allow(#lint, reason = #reason)])
    })
}

/// Returns `mod.rs` or `lib.rs`.
pub(crate) fn root(
    context: &Context<'_>,
    options: &Options,
    runtime: &TokenStream,
    sections: &[Section<'_>],
    files: &BTreeSet<String>,
) -> TokenStream {
    let api = context.api;
    let title = code(&api.source);
    let docs = Docs::default()
        .text_or(&api.title, code(&api.module))
        .text(&api.docs)
        .own(format!("Generated from {title}."));
    let docs = match options.attach {
        Attach::ExtensionTrait => docs.own(TRAITS),
        Attach::Inherent => docs,
    };
    let docs = left_out(docs, &options.left_out);
    let docs = docs.inner(&context.texts);
    // A module inherits the lints of its crate.
    let own_crate = options.attach == Attach::ExtensionTrait;
    let allowed = lints(ALLOWED).chain(lints(&ALLOWED_IN_CRATES));
    let allowed = allowed.filter(|_| own_crate);
    let limit = recursion_limit(context).filter(|_| own_crate);
    let limit = limit.map(|limit| quote!(#![recursion_limit = #limit]));
    // Exports name each item instead of using globs.
    let mut modules: BTreeMap<String, TokenStream> = BTreeMap::new();
    let mut exports: BTreeMap<String, TokenStream> = BTreeMap::new();
    let there = |name: &&str| files.contains(&format!("{name}.rs"));
    for name in ["enums", "ids", "types"].into_iter().filter(there) {
        let module = ident(name);
        modules.insert(name.to_owned(), quote!(mod #module;));
        exports.insert(name.to_owned(), quote!(#[doc(inline)] pub use #module::*;));
    }
    for name in ["json"].into_iter().filter(there) {
        let module = ident(name);
        modules.insert(name.to_owned(), quote!(mod #module;));
    }
    for name in ["builder", "required", "schemes", "servers"] {
        if there(&name) {
            let module = ident(name);
            let visible = match options.hidden {
                true => quote!(pub(crate)),
                false => quote!(pub),
            };
            // The names are for compiler errors, so their pages would be empty. Only the module is hidden: errors show
            // the whole path of a hidden name.
            let hidden = (name == "required" && !options.hidden).then(slim);
            modules.insert(name.to_owned(), quote!(#hidden #visible mod #module;));
        }
    }
    if there(&"not_confirmed") {
        let module = quote!(
            #[cfg(doc)]
            pub mod not_confirmed;
        );
        modules.insert("not_confirmed".to_owned(), module);
    }
    for section in sections {
        let module = ident(&section.module);
        modules.insert(section.module.clone(), quote!(mod #module;));
        exports.insert(section.module.clone(), section.exports(context));
    }
    for import in &api.imports {
        let types = api.types.iter();
        let types = types.filter(|(_, ty)| ty.origin.as_ref() == Some(&import.module));
        let types = match import.whole {
            true => quote!(*),
            false => sections::list(&types.map(|(name, _)| name.clone()).collect()),
        };
        let module = ident(&import.module);
        let export = match import.exported {
            true => quote!(#[doc(inline)] pub use super::#module::#types;),
            false => quote!(use super::#module::#types;),
        };
        // Before the exports of the API itself.
        exports.insert(format!(" {}", import.module), export);
    }
    let aliases = (api.aliases.iter())
        .filter(|(old, new)| api.types.contains_key(*new) && !api.types.contains_key(*old))
        .map(|(old, new)| alias(context, old, new));
    let (modules, exports) = (modules.values(), exports.values());
    let handles = api.groups.iter();
    let handles = handles.map(|group| groups::handle(context, group));
    let attach = attach(context, options);
    let runtime = (!api.groups.is_empty()).then_some(runtime);
    quote! {
        #docs
        #limit
        #(#allowed)*
        #(#modules)*
        #runtime
        #(#exports)*
        #(#handles)*
        #(#aliases)*
        #attach
    }
}

/// Returns a type alias for a former name.
fn alias(context: &Context<'_>, old: &str, new: &str) -> TokenStream {
    let docs = Docs::default().own(format!("The former name of [`{new}`]."));
    let (docs, note) = (docs.outer(&context.texts), format!("is called `{new}` now"));
    let (old, new) = (ident(old), ident(new));
    quote! {
        #docs
        #[deprecated(note = #note)]
        pub type #old = #new;
    }
}

/// Returns the recursion limit of the crate, which must be as deep as its types. Users' crates need none: the compiler
/// does not look into `rt::Deep`.
fn recursion_limit(context: &Context<'_>) -> Option<String> {
    let mut types = context.api.types.values();
    let is_deep = types.any(|ty| match &ty.kind {
        TypeKind::Struct(object) => (object.fields.iter().map(|field| &field.ty))
            .chain(&object.additional)
            .any(TypeRef::is_deep),
        TypeKind::Union(union) => union.variants.iter().any(|variant| variant.ty.is_deep()),
        _ => false,
    });
    // The compiler visits a type several times before it reaches the next one.
    is_deep.then(|| (128 + 8 * context.api.types.len()).to_string())
}

/// Lists the parts of the API that are left out.
fn left_out(docs: Docs, left_out: &[LeftOut]) -> Docs {
    let mut docs = docs;
    for (part, one, many) in [
        (Part::Operation, "operation is", "operations are"),
        (
            Part::Property,
            "optional property is",
            "optional properties are",
        ),
        (
            Part::MediaType,
            "media type of a body is",
            "media types of bodies are",
        ),
        (
            Part::Parameter,
            "optional parameter is",
            "optional parameters are",
        ),
        (
            Part::Response,
            "response of a failed call is",
            "responses of failed calls are",
        ),
        (
            Part::Header,
            "header of a response is",
            "headers of responses are",
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
                "{} {kind} left out because the generator does not support them:",
                lines.len()
            ))
            .own(lines.join("\n"));
    }
    docs
}

/// Returns the name of a lint in [`ALLOWED`] as a path.
fn lint_path(lint: &str) -> syn::Path {
    let segments = lint
        .split("::")
        .map(|segment| syn::PathSegment::from(ident(segment)));
    syn::Path {
        leading_colon: None,
        segments: segments.collect(),
    }
}

/// Returns the name of the trait that adds the groups of a separate crate to clients.
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
            .about(&group.docs, &[&group.name])
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
            let service = service(context, options);
            quote! {
                #service

                /// Adds the groups of this API to every client.
                pub trait #name: rt::Transport {
                    #(#methods)*
                }

                impl<#client: rt::Transport> #name for #client {}
            }
        }
    }
}

/// Returns the function that starts a client of a separate crate, and the names of the runtime that users need.
fn service(context: &Context<'_>, options: &Options) -> TokenStream {
    let package = ident(&options.package);
    let attached = trait_name(context);
    let servers = context.api.servers.iter();
    let servers = servers.map(|server| ident(&server.constant));
    quote! {
        /// Returns a builder of a client of this API.
        ///
        /// Credentials are sent to the base URLs of the document and to those that you set, to no other.
        pub fn client() -> #package::ClientBuilder {
            static SERVICE: rt::Service = rt::Service {
                agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
                servers: &[#(&servers::#servers),*],
            };
            SERVICE.client()
        }

        /// Names for programs besides the operations and types: the client, errors, and the trait of this crate.
        pub mod prelude {
            pub use super::#attached as _;
            pub use super::rt::prelude::*;
            #[cfg(feature = "blocking")]
            pub use #package::blocking;
            #[cfg(feature = "mock")]
            pub use #package::mock;
        }
    }
}

/// Returns `schemes.rs`.
pub(crate) fn schemes(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    let schemes = context.api.schemes.iter().map(|scheme| {
        let docs = Docs::default().about(&scheme.docs, &[&scheme.name]).outer(&context.texts);
        let (constant, name) = (ident(&scheme.constant), &scheme.name);
        let kind = match &scheme.kind {
            SchemeKind::Bearer => quote!(Bearer),
            SchemeKind::ClientCredentials(url) => quote!(ClientCredentials(#url)),
            SchemeKind::Basic => quote!(Basic),
            SchemeKind::HeaderKey(header) => quote!(HeaderKey(#header)),
            SchemeKind::QueryKey(parameter) => quote!(QueryKey(#parameter)),
            SchemeKind::CookieKey(cookie) => quote!(CookieKey(#cookie)),
            SchemeKind::Authorization(scheme) => quote!(Authorization(#scheme)),
        };
        quote! {
            #docs
            pub static #constant: rt::Scheme = rt::Scheme { name: #name, kind: rt::SchemeKind::#kind };
        }
    });
    let docs = Docs::default()
        .own("Security schemes.")
        .inner(&context.texts);
    quote!(#docs #runtime #(#schemes)*)
}

/// Returns `required.rs`: the documentation, and the names.
pub(crate) fn required(
    context: &Context<'_>,
    runtime: &TokenStream,
    markers: &BTreeSet<String>,
) -> (TokenStream, String) {
    let docs = Docs::default()
        .own("Names of required values. The compiler error for a missing one shows its name.")
        .inner(&context.texts);
    (quote!(#docs #runtime), print::names("required", markers))
}
