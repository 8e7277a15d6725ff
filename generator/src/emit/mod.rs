//! Prints the model as Rust source. Pure: the same model always results in the same text. Each kind of item has its own
//! module; all of them return tokens, which [`print`] formats.

pub(crate) mod builders;
mod calls;
pub(crate) mod context;
mod docs;
mod echo;
mod enums;
mod groups;
mod html;
mod ids;
mod manifest;
mod not_confirmed;
pub(crate) mod operations;
mod paging;
mod params;
mod print;
pub(crate) mod responses;
pub(crate) mod root;
mod schemas;
mod sections;
mod servers;
mod setters;
pub(crate) mod slots;
mod structs;
#[cfg(test)]
mod tests;
pub(crate) mod unions;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use proc_macro2::TokenStream;
use quote::quote;

use crate::Runtime;
use crate::load::{LeftOut, STACK};
use crate::model::{Api, Type, TypeKind};
pub use calls::calls;
use context::{Context, short_names};
use docs::Docs;
pub use echo::is_echo;
pub use root::allowed;
pub use schemas::{schemas, unions_table};
use sections::Section;

/// How the client gets the methods that return groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attach {
    /// Methods of `crate::Client`: for code in the same crate.
    Inherent,
    /// A trait for every type that sends operations: for a crate of its own.
    ExtensionTrait,
}

/// Location of the generated code.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the client gets the methods that return groups.
    pub attach: Attach,
    /// The crate that has the module `rt`; `crate` from inside of it.
    pub runtime: String,
    /// The same crate, with the name that users know.
    pub package: String,
    /// Name of the root file: `mod.rs` or `lib.rs`.
    pub root: String,
    /// First line of every file, a comment; empty for the default.
    pub header: String,
    /// Parts of the document that are left out.
    pub left_out: Vec<LeftOut>,
    /// Whether users find the module only through others.
    pub hidden: bool,
}

impl Options {
    /// Returns the options for a module of the crate that contains the runtime. Users know the crate by this name.
    #[must_use]
    pub fn module(package: &str) -> Self {
        Self {
            attach: Attach::Inherent,
            runtime: "crate".into(),
            package: package.replace('-', "_"),
            root: "mod.rs".into(),
            header: String::new(),
            left_out: Vec::new(),
            hidden: false,
        }
    }

    /// Returns the options for a module of types that several other modules share.
    #[must_use]
    pub fn unit() -> Self {
        Self {
            hidden: true,
            ..Self::module("")
        }
    }

    /// Returns the options for a crate of its own.
    #[must_use]
    pub fn own_crate(runtime: &str) -> Self {
        Self {
            attach: Attach::ExtensionTrait,
            runtime: runtime.replace('-', "_"),
            package: runtime.replace('-', "_"),
            root: "lib.rs".into(),
            header: String::new(),
            left_out: Vec::new(),
            hidden: false,
        }
    }
}

/// A file that is not formatted yet.
#[derive(Default)]
struct Part {
    /// Documentation of the file.
    docs: Docs,
    /// Modules of the root that the file names.
    modules: BTreeSet<&'static str>,
    /// Lines that export items of other files.
    exports: TokenStream,
    /// Formatted items.
    items: Vec<String>,
}

/// A finished file.
struct Made {
    /// Its name, without the extension.
    name: String,
    text: String,
    /// Required values that the file names.
    markers: BTreeSet<String>,
}

/// A file that can be generated independently of the others.
#[derive(Clone, Copy)]
enum Job<'a> {
    Types,
    Json,
    Builders,
    Enums,
    Ids,
    Section(&'a Section<'a>),
}

/// Returns the files of an API, by path relative to its folder.
#[must_use]
pub fn emit(api: &Api, options: &Options) -> BTreeMap<String, String> {
    let header = if options.header.is_empty() {
        header(&api.source)
    } else {
        options.header.clone()
    };
    let sections = sections::of(api, options);
    let mut jobs = vec![Job::Types, Job::Json, Job::Builders, Job::Enums, Job::Ids];
    jobs.extend(sections.iter().map(Job::Section));
    let short = Arc::new(short_names(api));
    let made = in_parallel(&jobs, |job| {
        let context = Context::of_file(api, options, short.clone());
        make(&context, &sections, &header, job)
    });

    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut markers: BTreeSet<String> = BTreeSet::new();
    for made in made.into_iter().flatten() {
        files.insert(format!("{}.rs", made.name), made.text);
        markers.extend(made.markers);
    }
    let context = Context::of_file(api, options, short);
    let runtime = use_runtime(options);
    let mut add = |name: &str, tokens: TokenStream, items: &[String]| {
        files.insert(
            name.to_owned(),
            print::file(&context.texts, &header, tokens, items),
        );
    };
    if !markers.is_empty() {
        let (head, names) = root::required(&context, &runtime, &markers);
        add("required.rs", head, &[names]);
    }
    if !api.schemes.is_empty() {
        add("schemes.rs", root::schemes(&context, &runtime), &[]);
    }
    if !api.servers.is_empty() {
        add("servers.rs", servers::file(&context, &runtime), &[]);
    }
    if let Some(page) = not_confirmed::page(&context) {
        let page = page.inner(&context.texts);
        add("not_confirmed.rs", quote!(#page), &[]);
    }
    let present: BTreeSet<String> = files.keys().cloned().collect();
    files.insert(
        options.root.clone(),
        print::file(
            &context.texts,
            &header,
            root::root(&context, options, &runtime, &sections, &present),
            &[],
        ),
    );
    files
}

/// Returns `ids.rs` of several APIs: the identifiers of a model that has nothing else.
#[must_use]
pub fn ids(api: &Api) -> String {
    let options = Options::unit();
    let context = Context::new(api, &options);
    let made = make(&context, &[], &header(&api.source), Job::Ids);
    made.map(|made| made.text).unwrap_or_default()
}

/// Does all jobs on as many threads as there are processors, and returns the results in order.
fn in_parallel<J: Copy + Sync, R: Send>(jobs: &[J], work: impl Fn(J) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(&job) = jobs.get(index) else {
                return done;
            };
            done.push((index, work(job)));
        }
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(jobs.len());
    let mut done = std::thread::scope(|scope| {
        // Types can be nested as deeply as on the calling thread.
        let others = (1..threads).map_while(|_| {
            let builder = std::thread::Builder::new().stack_size(STACK);
            builder.spawn_scoped(scope, worker).ok()
        });
        let others: Vec<_> = others.collect();
        let mut done = worker();
        for other in others {
            done.extend(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Returns a file; nothing if it would be empty.
fn make(
    context: &Context<'_>,
    sections: &[Section<'_>],
    header: &str,
    job: Job<'_>,
) -> Option<Made> {
    let (name, part) = match job {
        Job::Types => ("types", types_part(context)),
        Job::Json => ("json", json_part(context)),
        Job::Builders => ("builder", builders::part(context, sections)),
        Job::Enums => ("enums", enums_part(context)),
        Job::Ids => ("ids", ids_part(context)),
        Job::Section(section) => (section.file(), groups::file(context, section)),
    };
    if part.items.is_empty() && part.exports.is_empty() {
        return None;
    }
    let own = |name: &str| {
        let here = context.get(name).filter(|ty| ty.origin.is_none());
        let kind = here.map(|ty| &ty.kind);
        matches!(job, Job::Types) && matches!(kind, Some(TypeKind::Struct(_) | TypeKind::Union(_)))
    };
    let uses = match job {
        // Each type has a table.
        Job::Json => quote!(
            use super::types::*;
        ),
        _ => context.uses(&part.modules, own),
    };
    let (docs, exports) = (part.docs.inner(&context.texts), part.exports);
    let mut items = part.items.iter();
    let names_runtime = items.any(|item| item.contains("rt::"));
    let runtime = names_runtime.then(|| use_runtime(context.options));
    let text = print::file(
        &context.texts,
        header,
        quote!(#docs #runtime #uses #exports),
        &part.items,
    );
    Some(Made {
        name: name.to_owned(),
        text,
        markers: context.markers.take(),
    })
}

fn use_runtime(options: &Options) -> TokenStream {
    let runtime = context::ident(&options.runtime);
    quote!(use #runtime::rt;)
}

/// Returns a complete crate: `Cargo.toml` and `src/`.
#[must_use]
pub fn emit_crate(
    api: &Api,
    name: &str,
    runtime: &Runtime,
    left_out: &[LeftOut],
) -> BTreeMap<String, String> {
    let options = Options {
        left_out: left_out.to_vec(),
        ..Options::own_crate(&runtime.name)
    };
    let files = emit(api, &options);
    let mut files: BTreeMap<_, _> = files
        .into_iter()
        .map(|(path, text)| (format!("src/{path}"), text))
        .collect();
    files.insert(
        "Cargo.toml".to_owned(),
        manifest::manifest(&header(&api.source), name, runtime, &api.runtime_features()),
    );
    files
}

fn header(source: &str) -> String {
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let source = source.replace(docs::turns, "");
    format!(
        "// @generated by `cargo xtask codegen` from {source}. Do not edit: change the document or its overlay."
    )
}

/// Returns a part with the items of the API's own types.
fn of_types(
    context: &Context<'_>,
    docs: &str,
    item: impl Fn(&str, &Type) -> Option<String>,
) -> Part {
    let types = context.api.types.iter();
    let here = types.filter(|(_, ty)| ty.origin.is_none());
    let items = here.filter_map(|(name, ty)| item(name, ty));
    Part {
        docs: Docs::default().own(docs),
        items: items.filter(|text| !text.is_empty()).collect(),
        ..Part::default()
    }
}

fn types_part(context: &Context<'_>) -> Part {
    of_types(context, "Objects and unions.", |name, ty| match &ty.kind {
        TypeKind::Struct(object) => Some(print::items(structs::object(context, name, ty, object))),
        TypeKind::Union(union) => Some(print::items(unions::union(context, name, ty, union))),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id { .. } => None,
    })
}

fn json_part(context: &Context<'_>) -> Part {
    let docs = "Types in JSON: the name, field and kind of each member, and how the variants of unions are distinguished.";
    of_types(context, docs, |name, ty| match &ty.kind {
        TypeKind::Struct(object) => Some(structs::table(name, object)),
        TypeKind::Union(union) => Some(unions::table(name, union)),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Id { .. } => None,
    })
}

fn enums_part(context: &Context<'_>) -> Part {
    of_types(
        context,
        "Extensible enums: unknown values are kept.",
        |name, ty| match &ty.kind {
            TypeKind::StringEnum(members) => Some(enums::string(context, name, ty, members)),
            TypeKind::IntegerEnum(members) => Some(enums::integer(context, name, ty, members)),
            TypeKind::Struct(_) | TypeKind::Union(_) | TypeKind::Id { .. } => None,
        },
    )
}

fn ids_part(context: &Context<'_>) -> Part {
    of_types(context, "Identifiers.", |name, ty| match &ty.kind {
        TypeKind::Id { personal } => Some(print::items(ids::id(context, name, ty, *personal))),
        _ => None,
    })
}
