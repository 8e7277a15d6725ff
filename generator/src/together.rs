//! Several documents that share schemas: each shared type is made once, in a module of its own that all of them have.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::load::{Document, Library};
use crate::lower::{self, Agreed, Lowered};
use crate::model::{Api, Import, Type, TypeKind};
use crate::{Input, Output, emit};

/// What several documents become.
#[derive(Clone, Debug)]
pub struct Together {
    /// One for each input.
    pub outputs: Vec<Output>,
    /// Modules that stand beside those of the inputs.
    pub shared: Vec<Shared>,
}

/// A module of types that several others have, too.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Its name.
    pub module: String,
    /// The modules that have its types.
    pub users: Vec<String>,
    /// Text of each file, by path relative to the module.
    pub files: BTreeMap<String, String>,
}

/// Turns documents into modules of one crate. They can refer to each other's schemas: `other.yaml#/components/schemas/X`.
///
/// # Errors
/// Every mistake found in the documents, their overlays or locks, each with its place.
pub fn generate_together(inputs: &[Input]) -> Result<Together, Vec<Diagnostic>> {
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
    // How a document sends another's types decides what they are, so that has to be known first.
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
        return Err(errors);
    }
    let mut lowered: Vec<Lowered> = lowered.into_values().collect();
    let mut apis: Vec<&mut Api> = lowered.iter_mut().map(|lowered| &mut lowered.api).collect();
    let shared = share(&mut apis);
    let shared = shared
        .into_iter()
        .map(|Unit { api, users }| Shared {
            files: emit::emit(&api, &emit::Options::module("")),
            module: api.module,
            users: (users.iter())
                .map(|&user| options[user].module.clone())
                .collect(),
        })
        .collect();
    let outputs = (inputs.iter().zip(lowered).zip(&documents))
        .map(|((input, lowered), document)| crate::output(input, document, lowered, &[]))
        .collect();
    Ok(Together { outputs, shared })
}

/// All results, or every error.
fn each<T>(
    results: impl Iterator<Item = Result<T, Vec<Diagnostic>>>,
) -> Result<Vec<T>, Vec<Diagnostic>> {
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(found) => errors.extend(found),
        }
    }
    // A mistake in a document is also one of those that refer to it.
    let mut said = BTreeSet::new();
    errors.retain(|error: &Diagnostic| said.insert(error.to_string()));
    if errors.is_empty() {
        Ok(good)
    } else {
        Err(errors)
    }
}

/// How far each document is from those that refer to no other.
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
            let help = "keep what they share in one of them, and refer to that from the others";
            errors.push(document.error("", what, help));
        }
    }
    if errors.is_empty() {
        Ok(ranks.into_iter().flatten().collect())
    } else {
        Err(errors)
    }
}

/// Types that the same APIs have.
struct Unit {
    api: Api,
    users: BTreeSet<usize>,
}

/// Takes the types that several APIs have out of them, into modules by which APIs these are.
fn share(apis: &mut [&mut Api]) -> Vec<Unit> {
    own_ids(apis);
    // By module that a type is of, and its name: who has it.
    let mut users: BTreeMap<(String, String), BTreeSet<usize>> = BTreeMap::new();
    for (number, api) in apis.iter().enumerate() {
        for (name, ty) in &api.types {
            let module = ty.origin.as_ref().unwrap_or(&api.module);
            let key = (module.clone(), name.clone());
            users.entry(key).or_default().insert(number);
        }
    }
    users.retain(|_, users| users.len() > 1);
    let modules: Vec<String> = apis.iter().map(|api| api.module.clone()).collect();

    let names = unit_names(&modules, users.values());
    let name_of = |users| names.get(users).cloned().unwrap_or_default();
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    for ((module, name), users) in &users {
        let owner = modules.iter().position(|other| other == module);
        let owner = owner.and_then(|number| apis.get(number));
        let Some((owner, ty)) = owner.and_then(|owner| Some((owner, owner.types.get(name)?)))
        else {
            continue;
        };
        let unit = name_of(users);
        let Unit { api, .. } = units.entry(unit.clone()).or_insert_with(|| Unit {
            api: unit_api(&unit, &modules, users),
            users: users.clone(),
        });
        if !api.source.split(", ").any(|source| source == owner.source) {
            let separator = if api.source.is_empty() { "" } else { ", " };
            api.source = format!("{}{separator}{}", api.source, owner.source);
        }
        let mut ty = ty.clone();
        ty.origin = None;
        api.types.insert(name.clone(), ty);
    }
    for (number, api) in apis.iter_mut().enumerate() {
        let mut imports = BTreeSet::new();
        for (name, ty) in &mut api.types {
            let module = ty.origin.as_ref().unwrap_or(&modules[number]);
            if let Some(users) = users.get(&(module.clone(), name.clone())) {
                let unit = name_of(users);
                imports.insert(unit.clone());
                ty.origin = Some(unit);
            }
        }
        api.imports = imported(imports, true);
    }
    link(&mut units);
    units.into_values().collect()
}

fn imported(modules: BTreeSet<String>, exported: bool) -> Vec<Import> {
    let import = |module| Import { module, exported };
    modules.into_iter().map(import).collect()
}

/// An identifier is the same type wherever it has the same name; it is of the first of its modules by name.
fn own_ids(apis: &mut [&mut Api]) {
    let is_own_id = |ty: &Type| matches!(ty.kind, TypeKind::Id { .. }) && ty.origin.is_none();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut private: BTreeSet<String> = BTreeSet::new();
    for api in apis.iter() {
        for (name, ty) in api.types.iter().filter(|(_, ty)| is_own_id(ty)) {
            let owner = owners
                .entry(name.clone())
                .or_insert_with(|| api.module.clone());
            if api.module < *owner {
                owner.clone_from(&api.module);
            }
            if matches!(ty.kind, TypeKind::Id { personal: true }) {
                private.insert(name.clone());
            }
        }
    }
    for api in apis {
        for (name, ty) in api.types.iter_mut().filter(|(_, ty)| is_own_id(ty)) {
            ty.kind = TypeKind::Id {
                personal: private.contains(name),
            };
            ty.origin = owners
                .get(name)
                .filter(|owner| **owner != api.module)
                .cloned();
        }
    }
}

/// Names of units by their users. Up to three users name their unit, of more there are as many as it says.
fn unit_names<'u>(
    modules: &[String],
    all: impl Iterator<Item = &'u BTreeSet<usize>>,
) -> BTreeMap<BTreeSet<usize>, String> {
    let mut sets: Vec<(Vec<&str>, &BTreeSet<usize>)> = all
        .map(|users| {
            let mut names: Vec<&str> = users.iter().map(|&user| modules[user].as_str()).collect();
            names.sort_unstable();
            (names, users)
        })
        .collect();
    sets.sort();
    sets.dedup();
    let mut named = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (names, users) in sets {
        let wanted = match names.len() {
            ..=3 => format!("shared_{}", names.join("_")),
            many => format!("shared_by_{many}"),
        };
        let free = |name: &String| !taken.contains(name);
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let name = std::iter::once(wanted.clone()).chain(numbered).find(free);
        let name = name.unwrap_or_default();
        taken.insert(name.clone());
        named.insert(users.clone(), name);
    }
    named
}

fn unit_api(unit: &str, modules: &[String], users: &BTreeSet<usize>) -> Api {
    let mut users: Vec<String> = (users.iter())
        .map(|&user| format!("`{}`", modules[user]))
        .collect();
    users.sort_unstable();
    Api {
        title: format!("Types that several modules have: {}.", users.join(", ")),
        docs: String::new(),
        module: unit.to_owned(),
        source: String::new(),
        servers: Vec::new(),
        schemes: Vec::new(),
        groups: Vec::new(),
        types: BTreeMap::new(),
        imports: Vec::new(),
        schemas: Vec::new(),
    }
}

/// Tells each unit which others its types name. Whoever has a type has all that it is made of, so these are of units with
/// at least the same users.
fn link(units: &mut BTreeMap<String, Unit>) {
    let homes: Vec<(String, BTreeSet<usize>, BTreeMap<String, Type>)> = (units.iter())
        .map(|(name, unit)| (name.clone(), unit.users.clone(), unit.api.types.clone()))
        .collect();
    for unit in units.values_mut() {
        let mut named = BTreeSet::new();
        unit.api.types.values().for_each(|ty| ty.names(&mut named));
        let mut imports = BTreeSet::new();
        for name in named {
            if unit.api.types.contains_key(&name) {
                continue;
            }
            let home = (homes.iter()).find(|(_, users, types)| {
                users.is_superset(&unit.users) && types.contains_key(&name)
            });
            let Some((home, ty)) =
                home.and_then(|(home, _, types)| Some((home, types.get(&name)?)))
            else {
                continue;
            };
            imports.insert(home.clone());
            let mut ty = ty.clone();
            ty.origin = Some(home.clone());
            unit.api.types.insert(name, ty);
        }
        unit.api.imports = imported(imports, false);
    }
}
