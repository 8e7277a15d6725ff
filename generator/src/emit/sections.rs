//! Sections: the operations of a group with one tag, in one file each.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    Options,
    context::{Context, ident},
    responses,
};
use crate::model::{Api, Group, Operation, ResponseShape, TypeKind, TypeRef};

/// Operations in one file.
pub(crate) struct Section<'a> {
    /// The module.
    pub(crate) module: String,
    pub(crate) group: &'a Group,
    pub(crate) operations: Vec<&'a Operation>,
    /// Objects with builders that no other section sends.
    pub(crate) objects: BTreeSet<&'a str>,
}

/// Names of files that a section can't use.
const TAKEN: [&str; 20] = [
    "builder",
    "enums",
    "ids",
    "json",
    "not_confirmed",
    "prelude",
    "required",
    "schemes",
    "servers",
    "types",
    "mod",
    "lib",
    "rt", // Cargo takes these for programs, and this would hide the library.
    "main",
    "bin",
    "std",
    "core",
    "alloc", // Windows has no such files.
    "aux",
    "con",
];

/// Returns the sections of an API, in the order of their first operations.
pub(crate) fn of<'a>(api: &'a Api, options: &Options) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut files: Vec<&str> = Vec::new();
    for group in &api.groups {
        for operation in &group.operations {
            let known = (sections.iter_mut().zip(&files)).find(|(section, file)| {
                section.group.name == group.name && **file == operation.file
            });
            if let Some((section, _)) = known {
                section.operations.push(operation);
                continue;
            }
            let module = module(&operation.file, &sections, options);
            files.push(&operation.file);
            sections.push(Section {
                module,
                group,
                operations: vec![operation],
                objects: BTreeSet::new(),
            });
        }
    }
    let mut senders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (number, section) in sections.iter().enumerate() {
        for name in sent(api, &section.operations) {
            senders.entry(name).or_default().insert(number);
        }
    }
    for (name, senders) in senders {
        let mut senders = senders.into_iter();
        if let (Some(only), None) = (senders.next(), senders.next())
            && has_builder(api, name)
            && let Some(section) = sections.get_mut(only)
        {
            section.objects.insert(name);
        }
    }
    sections
}

/// Returns the name of the module of operations that is not the name of another file.
fn module(file: &str, others: &[Section<'_>], options: &Options) -> String {
    let name = file.trim_start_matches("r#");
    let is_free = |name: &str| {
        let mut others = others.iter();
        !TAKEN.contains(&name)
            && name != options.runtime
            && others.all(|other| other.file() != name)
    };
    if is_free(name) {
        return file.to_owned();
    }
    let numbered = (2..).map(|number| format!("{name}_group_{number}"));
    let mut names = std::iter::once(format!("{name}_group")).chain(numbered);
    names.find(|name| is_free(name)).unwrap_or_default()
}

/// Returns whether a type of the API itself has a builder.
fn has_builder(api: &Api, name: &str) -> bool {
    api.types.get(name).is_some_and(|ty| {
        ty.origin.is_none() && matches!(&ty.kind, TypeKind::Struct(object) if object.builder)
    })
}

/// Returns every type that operations send.
fn sent<'a>(api: &'a Api, operations: &[&'a Operation]) -> BTreeSet<&'a str> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for operation in operations {
        let params = operation.params.iter().map(|param| &param.ty);
        let body = operation.body.iter().map(|body| &body.ty);
        params
            .chain(body)
            .for_each(|ty: &TypeRef| ty.name(&mut names));
    }
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut rest: Vec<String> = names.into_iter().collect();
    while let Some(name) = rest.pop() {
        if let Some((name, ty)) = api.types.get_key_value(&name)
            && found.insert(name)
        {
            let mut names = BTreeSet::new();
            ty.names(&mut names);
            rest.extend(names);
        }
    }
    found
}

impl Section<'_> {
    /// Returns the name of its file, without the extension.
    pub(crate) fn file(&self) -> &str {
        self.module.trim_start_matches("r#")
    }

    /// Returns its types that the root exports.
    fn types(&self, context: &Context<'_>) -> BTreeSet<String> {
        let mut types = BTreeSet::new();
        for operation in &self.operations {
            types.insert(operation.type_name.clone());
            let former = operation.formerly.iter().map(|(_, name)| name);
            types.extend(former.clone().cloned());
            if operation.is_further() {
                continue;
            }
            for (response, end) in [
                (&operation.success, "Output"),
                (&operation.error, "ErrorResponse"),
            ] {
                if let ResponseShape::Enum(name) = &response.shape {
                    types.insert(name.clone());
                    types.extend(former.clone().map(|name| format!("{name}{end}")));
                }
            }
            if !operation.headers.is_empty() {
                types.insert(responses::headers_name(context, operation).to_string());
                types.extend(former.map(|name| format!("{name}Headers")));
            }
        }
        types
    }

    fn builders(&self) -> BTreeSet<String> {
        let operations = self.operations.iter();
        let names = operations.flat_map(|operation| {
            let former = operation.formerly.iter().map(|(_, name)| name.as_str());
            std::iter::once(operation.type_name.as_str()).chain(former)
        });
        names
            .chain(self.objects.iter().copied())
            .map(builder)
            .collect()
    }

    /// Returns the lines of the root that export it.
    pub(crate) fn exports(&self, context: &Context<'_>) -> TokenStream {
        let module = ident(&self.module);
        let types = list(&self.types(context));
        quote!(#[doc(inline)] pub use #module::#types;)
    }

    /// Returns the lines of the module of builders that export it.
    pub(crate) fn exported_builders(&self) -> TokenStream {
        let module = ident(&self.module);
        let builders = list(&self.builders());
        quote!(#[doc(inline)] pub use super::#module::#builders;)
    }
}

/// Returns the name of the builder of a type.
pub(crate) fn builder(name: &str) -> String {
    format!("{}Builder", name.trim_start_matches("r#"))
}

/// Returns the name of a builder as an identifier.
pub(crate) fn builder_ident(name: &str) -> Ident {
    format_ident!("{}", builder(name))
}

/// Returns `{A, B}` for the end of a `use`, or `A`.
pub(crate) fn list(names: &BTreeSet<String>) -> TokenStream {
    let names: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
    match names.as_slice() {
        [name] => quote!(#name),
        _ => quote!({#(#names),*}),
    }
}
