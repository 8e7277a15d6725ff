//! Generates several documents that share schemas: each type is defined once, in the module of its document or in a
//! shared module. The other users of a type don't influence its location.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::load::{Document, Library};
use crate::lower::{self, Agreed, Lowered};
use crate::model::{Api, Import, Type, TypeKind};
use crate::surface::{self, Described, Part};
use crate::{Input, Output, emit};

/// A module for shared types: the named ones, and the types that they contain.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Its name.
    pub module: String,
    /// Its purpose: a sentence.
    pub about: String,
    /// Names of types, by the module of their document.
    pub types: BTreeMap<String, Vec<String>>,
}

/// The generated code of several documents.
#[derive(Clone, Debug)]
pub struct Together {
    /// One output for each input.
    pub outputs: Vec<Output>,
    /// Shared modules, one for each unit.
    pub shared: Vec<Shared>,
    /// Text of `ids.rs`, because identifiers with the same name are one type everywhere; empty if there are none.
    pub ids: String,
    /// By the module of an input: the modules of other inputs that it requires.
    pub needs: BTreeMap<String, BTreeSet<String>>,
    /// By the module of an input: the cargo features of the runtime that its code requires.
    pub features: BTreeMap<String, BTreeSet<&'static str>>,
}

/// A module of shared types.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its name.
    pub module: String,
    /// The modules that require it.
    pub users: BTreeSet<String>,
    /// Text of each file, by path relative to the module.
    pub files: BTreeMap<String, String>,
}

/// The module of identifiers.
const IDS: &str = "ids";

/// Generates modules of one crate from documents. They can refer to each other's schemas:
/// `other.yaml#/components/schemas/X`. A type is in the first of the units that has it, or else in the module of its
/// document.
///
/// # Errors
///
/// Every mistake found in the documents, their overlays or locks, each with its place.
pub fn generate_together(inputs: &[Input], units: &[Unit]) -> Result<Together, Vec<Diagnostic>> {
    let Models {
        documents,
        options,
        mut lowered,
        ids,
    } = models(inputs)?;
    let mut apis: Vec<&mut Api> = lowered.iter_mut().map(|lowered| &mut lowered.api).collect();
    let homes = homes(&apis, units, &documents)?;
    let shared = share(&mut apis, units, &homes);
    let mut needs = needs(&apis, &shared);
    let features = features(&apis, &shared, &needs);
    let shared = shared
        .into_iter()
        .map(|api| Shared {
            files: emit::emit(&api, &emit::Options::unit()),
            users: (needs.iter())
                .filter(|(_, needed)| needed.contains(&api.module))
                .map(|(module, _)| module.clone())
                .collect(),
            module: api.module,
        })
        .collect();
    let is_input = |name: &String| options.iter().any(|options| options.module == *name);
    needs
        .values_mut()
        .for_each(|needed| needed.retain(is_input));
    let outputs = (inputs.iter().zip(lowered).zip(&documents))
        .map(|((input, lowered), document)| crate::output(input, document, lowered, &[], false))
        .collect();
    Ok(Together {
        outputs,
        shared,
        ids: emit::ids(&ids),
        needs,
        features,
    })
}

/// See [`crate::surface::describe_together`].
pub(crate) fn describe(inputs: &[Input], units: &[Unit]) -> Result<Described, Vec<Diagnostic>> {
    let Models {
        documents,
        mut lowered,
        ..
    } = models(inputs)?;
    let makers: Vec<BTreeMap<String, String>> = (lowered.iter())
        .map(|lowered| {
            let types = lowered.api.types.iter();
            let made = types.filter_map(|(name, ty)| Some((name.clone(), ty.origin.clone()?)));
            made.collect()
        })
        .collect();
    let mut apis: Vec<&mut Api> = lowered.iter_mut().map(|lowered| &mut lowered.api).collect();
    let homes = homes(&apis, units, &documents)?;
    share(&mut apis, units, &homes);
    let parts: Vec<Part<'_>> = (lowered.iter().zip(&documents).zip(makers))
        .map(|((lowered, document), makers)| Part {
            makers,
            ..Part::alone(&lowered.api, document, false)
        })
        .collect();
    let surface = surface::build(&parts);
    let mut described = Described {
        surface,
        locks: Vec::new(),
        left_out: Vec::new(),
        warnings: Vec::new(),
        reports: Vec::new(),
    };
    for (lowered, document) in lowered.into_iter().zip(&documents) {
        let warnings = document.unread().iter().chain(&lowered.warnings);
        described.warnings.extend(warnings.cloned());
        described.locks.push(lowered.lock);
        described.reports.push(lowered.report);
    }
    Ok(described)
}

/// The models of documents that share types.
pub(crate) struct Models {
    pub(crate) documents: Vec<Document>,
    options: Vec<lower::Options>,
    pub(crate) lowered: Vec<Lowered>,
    ids: Api,
}

pub(crate) fn models(inputs: &[Input]) -> Result<Models, Vec<Diagnostic>> {
    let library = Library::read(
        inputs
            .iter()
            .map(|input| (&input.document, input.overlays.as_slice())),
    );
    let documents = each((0..inputs.len()).map(|number| library.document(number)))?;
    let ranks = ranks(&documents)?;
    let options: Vec<lower::Options> = inputs.iter().map(crate::lowering).collect();
    let lower = |number: usize, agreed: &Agreed| {
        let Input { lock, .. } = &inputs[number];
        lower::lower(&documents[number], &options[number], agreed, lock.as_ref())
    };

    let mut agreed = vec![Agreed::ranked(&ranks); inputs.len()];
    // The types of a document depend on the directions in which other documents use them, so these come first.
    let referring = (0..inputs.len()).filter(|&number| !documents[number].foreign().is_empty());
    for first in each(referring.map(|number| lower(number, &agreed[number])))? {
        for (parts, origin, usage) in &first.foreign_ways {
            agreed[*origin].add_ways(parts, *usage);
        }
    }
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_key(|&number| ranks[number]);
    let mut lowered: BTreeMap<usize, Lowered> = BTreeMap::new();
    let mut errors = Vec::new();
    for number in order {
        let foreign = documents[number].foreign();
        let origins: BTreeSet<usize> = foreign.values().copied().collect();
        for origin in origins {
            let settled = lowered.get(&origin).map(|lowered| &lowered.settled);
            if let Some(settled) = settled {
                let module = &options[origin].module;
                agreed[number].take(foreign, origin, module, settled);
            }
        }
        match lower(number, &agreed[number]) {
            Ok(done) => drop(lowered.insert(number, done)),
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(each_once(errors));
    }
    let mut lowered: Vec<Lowered> = lowered.into_values().collect();
    let mut apis: Vec<&mut Api> = lowered.iter_mut().map(|lowered| &mut lowered.api).collect();
    alias(&mut apis);
    let ids = ids(&mut apis);
    Ok(Models {
        documents,
        options,
        lowered,
        ids,
    })
}

/// Returns all results, or every error.
fn each<T>(
    results: impl Iterator<Item = Result<T, Vec<Diagnostic>>>,
) -> Result<Vec<T>, Vec<Diagnostic>> {
    let (mut good, mut errors, mut failed) = (Vec::new(), Vec::new(), false);
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(found) => {
                failed = true;
                errors.extend(found);
            }
        }
    }
    if failed {
        Err(each_once(errors))
    } else {
        Ok(good)
    }
}

/// Removes duplicates: a mistake in a document is also reported by those that refer to it.
fn each_once(mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut said = BTreeSet::new();
    errors.retain(|error| said.insert((error.place.clone(), error.what.clone())));
    errors
}

/// Returns the distance of each document from those that refer to no other.
fn ranks(documents: &[Document]) -> Result<Vec<usize>, Vec<Diagnostic>> {
    let mut ranks: Vec<Option<usize>> = vec![None; documents.len()];
    for _ in documents {
        for (number, document) in documents.iter().enumerate() {
            let origins: BTreeSet<usize> = document.foreign().values().copied().collect();
            let of_origins: Option<Vec<usize>> =
                origins.iter().map(|&origin| ranks[origin]).collect();
            if let Some(of_origins) = of_origins {
                let rank = of_origins.into_iter().max().map_or(0, |rank| rank + 1);
                ranks[number] = Some(rank);
            }
        }
    }
    let mut errors = Vec::new();
    for (document, rank) in documents.iter().zip(&ranks) {
        if rank.is_none() {
            let what = "this document refers to others that refer to it in turn";
            let help = "move the shared schemas to one of them, and refer to it from the others";
            errors.push(document.error("", what, help));
        }
    }
    if errors.is_empty() {
        Ok(ranks.into_iter().flatten().collect())
    } else {
        Err(errors)
    }
}

/// Adds the former names of types to every API that uses the types.
fn alias(apis: &mut [&mut Api]) {
    let known: Vec<(String, String, String)> = (apis.iter())
        .flat_map(|api| {
            let aliases = api.aliases.iter();
            aliases.map(|(old, new)| (api.module.clone(), old.clone(), new.clone()))
        })
        .collect();
    for api in apis {
        for (module, old, new) in &known {
            let ty = api.types.get(new);
            if ty.is_some_and(|ty| ty.origin.as_ref() == Some(module)) {
                api.aliases.insert(old.clone(), new.clone());
            }
        }
    }
}

/// Moves the identifiers out of all APIs: an identifier is the same type wherever it has the same name. Its description
/// is that of its first module by name.
fn ids(apis: &mut [&mut Api]) -> Api {
    let mut by_module: Vec<&mut &mut Api> = apis.iter_mut().collect();
    by_module.sort_by(|a, b| a.module.cmp(&b.module));
    let mut all: BTreeMap<String, Type> = BTreeMap::new();
    for api in by_module {
        for (name, ty) in &mut api.types {
            let TypeKind::Id { personal } = ty.kind else {
                continue;
            };
            let known = all.entry(name.clone()).or_insert_with(|| ty.clone());
            if let TypeKind::Id { personal: known } = &mut known.kind {
                *known |= personal;
            }
            known.origin = None;
            ty.origin = Some(IDS.to_owned());
        }
    }
    let mut ids = empty(IDS, "every document");
    ids.types = all;
    ids
}

/// Returns an empty API.
fn empty(module: &str, source: &str) -> Api {
    Api {
        title: String::new(),
        docs: String::new(),
        module: module.to_owned(),
        source: source.to_owned(),
        servers: Vec::new(),
        schemes: Vec::new(),
        groups: Vec::new(),
        types: BTreeMap::new(),
        aliases: BTreeMap::new(),
        imports: Vec::new(),
        schemas: Vec::new(),
    }
}

/// The unit of each type, by the module of its document and its name.
type Homes = BTreeMap<(String, String), String>;

/// Returns the unit of each type that is in one.
fn homes(
    apis: &[&mut Api],
    units: &[Unit],
    documents: &[Document],
) -> Result<Homes, Vec<Diagnostic>> {
    let mut homes = Homes::new();
    let mut errors = Vec::new();
    for unit in units {
        let mut here: BTreeSet<String> = BTreeSet::new();
        for (api, document) in apis.iter().zip(documents) {
            let wanted = unit.types.get(&api.module).into_iter().flatten();
            let mut rest: Vec<String> = wanted.cloned().collect();
            for name in &rest {
                if !api.types.get(name).is_some_and(is_own) {
                    errors.push(document.error(
                        "",
                        format!("`{name}` is listed for the shared module `{}`, but is not a type of this document", unit.module),
                        "list a type that the document defines itself; identifiers are in a module of their own",
                    ));
                }
            }
            while let Some(name) = rest.pop() {
                let key = (api.module.clone(), name);
                let Some(ty) = api.types.get(&key.1).filter(|ty| is_own(ty)) else {
                    continue;
                };
                if homes.contains_key(&key) {
                    continue;
                }
                let mut names = BTreeSet::new();
                ty.names(&mut names);
                rest.extend(names);
                if !here.insert(key.1.clone()) {
                    errors.push(document.error(
                        "",
                        format!(
                            "the shared module `{}` would have two types `{}`",
                            unit.module, key.1
                        ),
                        "move one of them to another shared module",
                    ));
                }
                homes.insert(key, unit.module.clone());
            }
        }
    }
    if errors.is_empty() {
        Ok(homes)
    } else {
        Err(errors)
    }
}

/// Returns whether a type is defined by its own document.
fn is_own(ty: &Type) -> bool {
    ty.origin.is_none() && !matches!(ty.kind, TypeKind::Id { .. })
}

/// Moves the types of units out of the APIs.
fn share(apis: &mut [&mut Api], units: &[Unit], homes: &Homes) -> Vec<Api> {
    let owners: BTreeMap<String, BTreeMap<String, Type>> = (apis.iter())
        .map(|api| (api.module.clone(), api.types.clone()))
        .collect();
    for api in apis.iter_mut() {
        let own = api.module.clone();
        for (name, ty) in &mut api.types {
            // In this API the type may be response-only.
            let owner = owners.get(ty.origin.as_ref().unwrap_or(&own));
            if let Some(owner) = owner.and_then(|types| types.get(name)) {
                copy_builder(owner, ty);
            }
            ty.origin = home(homes, &own, name, ty);
        }
        let is_whole = |module: &str| {
            let unit = units.iter().find(|unit| unit.module == module);
            unit.is_some_and(|unit| unit.types.keys().eq([&own]))
        };
        api.imports = imports(api, true, is_whole);
    }
    let mut shared = Vec::new();
    for unit in units {
        let of_unit = |module: &&Api| unit.types.contains_key(&module.module);
        let sources: Vec<&str> = (apis.iter())
            .map(|api| &**api)
            .filter(of_unit)
            .map(|api| api.source.as_str())
            .collect();
        let mut made = empty(&unit.module, &sources.join(", "));
        made.title.clone_from(&unit.about);
        for (module, types) in &owners {
            let here =
                |name: &str| homes.get(&(module.clone(), name.to_owned())) == Some(&unit.module);
            let mut named = BTreeSet::new();
            for (name, ty) in types.iter().filter(|(name, _)| here(name)) {
                ty.names(&mut named);
                made.types.insert(name.clone(), ty.clone());
            }
            for name in named.into_iter().filter(|name| !here(name)) {
                if let Some(ty) = types.get(&name) {
                    let origin = home(homes, module, &name, ty).unwrap_or_else(|| module.clone());
                    let mut ty = ty.clone();
                    ty.origin = Some(origin);
                    made.types.insert(name, ty);
                }
            }
        }
        made.imports = imports(&made, false, |_| false);
        shared.push(made);
    }
    shared
}

/// Returns the module that defines a type, if it is not the module of this API.
fn home(homes: &Homes, own: &str, name: &str, ty: &Type) -> Option<String> {
    let owner = ty.origin.as_deref().unwrap_or(own);
    let unit = homes.get(&(owner.to_owned(), name.to_owned()));
    unit.cloned().or_else(|| ty.origin.clone())
}

fn copy_builder(from: &Type, to: &mut Type) {
    if let (TypeKind::Struct(from), TypeKind::Struct(to)) = (&from.kind, &mut to.kind) {
        to.builder = from.builder;
    }
}

/// Returns the modules that an API's types come from.
fn imports(api: &Api, exported: bool, is_whole: impl Fn(&str) -> bool) -> Vec<Import> {
    let origins = api.types.values().filter_map(|ty| ty.origin.clone());
    let origins: BTreeSet<String> = origins.collect();
    let import = |module: String| Import {
        exported,
        whole: is_whole(&module),
        module,
    };
    origins.into_iter().map(import).collect()
}

/// Returns the cargo features of the runtime that each API and the modules that it requires have.
fn features(
    apis: &[&mut Api],
    shared: &[Api],
    needs: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<&'static str>> {
    let all = (apis.iter().map(|api| &**api)).chain(shared);
    let direct: BTreeMap<&str, Vec<&'static str>> = all
        .map(|api| (api.module.as_str(), api.runtime_features()))
        .collect();
    let of = |module: &String, needed: &BTreeSet<String>| {
        let modules = std::iter::once(module).chain(needed);
        modules
            .filter_map(|module| direct.get(module.as_str()))
            .flatten()
            .copied()
            .collect()
    };
    (needs.iter())
        .map(|(module, needed)| (module.clone(), of(module, needed)))
        .collect()
}

/// Returns the other modules that each API requires, by its module.
fn needs(apis: &[&mut Api], shared: &[Api]) -> BTreeMap<String, BTreeSet<String>> {
    let all = (apis.iter().map(|api| &**api)).chain(shared);
    let direct: BTreeMap<&str, &[Import]> = all
        .map(|api| (api.module.as_str(), api.imports.as_slice()))
        .collect();
    let mut needs = BTreeMap::new();
    for api in apis {
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut rest = vec![api.module.as_str()];
        while let Some(module) = rest.pop() {
            for import in direct.get(module).copied().unwrap_or_default() {
                if found.insert(import.module.clone()) {
                    rest.push(&import.module);
                }
            }
        }
        found.remove(&api.module);
        needs.insert(api.module.clone(), found);
    }
    needs
}
