//! OpenAPI to the model: names, `allOf` merged, unions, directions, equal types made one.

mod agreed;
mod boxes;
mod calls;
mod depth;
mod discriminator;
mod facts;
mod graph;
mod lineage;
mod lock;
mod operations;
mod paging;
mod report;
mod safety;
mod samples;
mod schemas;
mod servers;
mod setters;
mod site;
mod tell;
mod types;
pub(crate) mod ugly;
mod union;
mod webhooks;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use agreed::{Agreed, Settled};
use calls::{Lowering, id_type};
pub(crate) use discriminator::{Children, Discriminators};
use graph::{Graph, Value, ValueKind};
use lineage::{Lineage, Root};
use lock::{Lock, LockedOperation};
use operations::{Name, RawOperation, RawType};
pub use report::{Entry, Report};
use site::Site;
use types::{Names, Types, Way, unify};
use ugly::BadName;

use crate::{
    diagnostic::Diagnostic,
    load::{Document, Source},
    model::{Api, BodySet, Group, Type, TypeKind, TypeRef, Usage},
};

/// The generated model of the document.
#[derive(Clone, Debug)]
pub struct Options {
    /// Module or crate: `insight`.
    pub module: String,
    /// All operations in one group of the module's name, instead of one group per tag.
    pub one_group: bool,
    /// Names that the crate has by hand.
    pub root: BTreeSet<String>,
    /// The document's name, for headers.
    pub source: String,
}

/// The result.
#[derive(Debug)]
pub struct Lowered {
    /// The API as Rust sees it.
    pub api: Api,
    /// Details of the document that the code does not express.
    pub report: Report,
    /// Harmless mistakes of the document.
    pub warnings: Vec<Diagnostic>,
    /// The names to keep: text of `names.lock`.
    pub lock: String,
    /// The results for the types, for documents that share them.
    pub settled: Settled,
    /// Names that can be improved.
    pub(crate) bad_names: Vec<BadName>,
    /// Directions in which this document sends types of others.
    pub(crate) foreign_ways: Vec<(agreed::Parts, usize, Usage)>,
}

/// Turns a document into the model.
///
/// # Errors
/// All details of the document that the code does not express, with their places.
pub fn lower(
    document: &Document,
    options: &Options,
    agreed: &Agreed,
    lock: Option<&Source>,
) -> Result<Lowered, Vec<Diagnostic>> {
    let old = Lock::read(lock, document)?;
    let mut new = Lock::default();
    let known = agreed.foreign.keys().chain(agreed.ways.keys());
    let known = known.flatten().map(String::as_str);
    let mut graph = Graph::new(document, known, &agreed.constants, &old);
    let mut taken: BTreeSet<String> = BTreeSet::new();

    let root = Site::find(document, "").and_then(|root| root.get("components"));
    let schemas = root
        .map(|components| components.entries("schemas"))
        .unwrap_or_default();
    let mut reserved: BTreeSet<String> = BTreeSet::new();
    let mut named: Vec<(String, ValueKind)> = Vec::new();
    for (name, site) in &schemas {
        let name = site.text("x-rust-name").unwrap_or(name);
        reserved.insert(words::type_name(name));
        if let Some(kind) = graph.reference_to(&site.at) {
            named.push((site.at.clone(), kind));
        }
    }
    let tags = groups_of(document, options);
    if !old.is_empty() {
        let handles: BTreeSet<&str> = tags.values().map(|(_, name)| name.as_str()).collect();
        let of_operations = operations::locked_types(&old);
        reserved.retain(|name| {
            let is_other = of_operations.contains(name) || handles.contains(name.as_str());
            old.ty(name).is_some() || old.has_group(&group_name(name)) || !is_other
        });
    }
    // With one group, tags name files only.
    let handles = tags
        .iter()
        .filter(|(tag, _)| !options.one_group || tag.is_empty());
    for (_, (_, type_name)) in handles {
        let name = group_type(type_name, &reserved);
        if name != *type_name {
            new.set_group(&name);
        }
        taken.insert(name);
    }
    let mut families = taken.clone();
    families.extend(reserved.iter().cloned());
    let raw = operations::read(&mut graph, &mut families, &old, &mut new);
    taken.extend(families.into_iter().filter(|name| !reserved.contains(name)));
    let incoming = webhooks::read(&mut graph);
    if !graph.errors.is_empty() {
        return Err(graph.errors);
    }

    for constant in graph.fixed.values() {
        new.set_constant(constant);
    }
    let doubts = tell::tell(&mut graph);
    let mut findings = std::mem::take(&mut graph.findings);
    let mut roots = roots(&raw);
    let bodies = schemas::of_bodies(&raw, &incoming);
    roots.extend(
        incoming
            .into_iter()
            .map(|(at, value, way)| (Root::new(&at), value, way)),
    );
    let mut ids: BTreeMap<String, Type> = BTreeMap::new();
    for (name, place) in &graph.ids {
        taken.insert(name.clone());
        ids.insert(name.clone(), id_type(place, graph.personal.contains(name)));
    }
    let places: Vec<(Root, Value)> = (roots.iter())
        .map(|(root, value, _)| (root.clone(), value.clone()))
        .collect();
    let roots: Vec<(Value, Way)> = (roots.into_iter())
        .map(|(_, value, way)| (value, way))
        .collect();
    let lineage = Lineage::of(&graph, &places);
    let bound = lineage.bind(&graph, agreed, &old);
    let unified = unify(&mut graph, &bound, agreed, (old.is_empty(), &roots));
    let mut names = Names {
        old: &old,
        new: &mut new,
        lineage: &lineage,
        bound: &bound,
        is_draft: agreed.foreign.is_empty() && !document.foreign().is_empty(),
        aliases: BTreeMap::new(),
        numbered: BTreeMap::new(),
        open: Vec::new(),
    };
    let types = Types::settle(&graph, unified, &roots, agreed, &mut taken, &mut names)?;
    let Names { aliases, open, .. } = names;
    let unreached = types.unreached(agreed);
    findings.unreached = unreached
        .filter_map(|(_, shape)| shape.places.first().cloned())
        .collect();
    let mut warnings: Vec<Diagnostic> = (std::mem::take(&mut findings.undescribed).into_iter())
        .map(|(place, name)| {
            let what = format!("`{name}` is required, but the schema has no property `{name}`");
            let help =
                "correct the name with an overlay, add the property, or set it with `.extra`";
            document.error(&place, what, help).into_warning()
        })
        .collect();
    for doubt in doubts {
        let Some(place) = types.place_in_use(doubt.union) else {
            continue;
        };
        for (first, second) in &doubt.dead {
            warnings.push(
                document
                    .error(
                        place,
                        format!("`{second}` can never be read: every value of it is valid for `{first}`, too"),
                        "give them a discriminator, or a member whose `enum` has one value in each, with an overlay",
                    )
                    .into_warning(),
            );
        }
        if let Some((tag, first, second)) = &doubt.undecided {
            warnings.push(
                document
                    .error(
                        place,
                        format!("`{tag}` does not distinguish `{first}` from `{second}`: a value of it means both"),
                        "say by the discriminator's `mapping` which value means which, with an overlay",
                    )
                    .into_warning(),
            );
        }
        for names in &doubt.alike {
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let (last, others) = quoted.split_last().unzip();
            let (last, others) = (
                last.cloned().unwrap_or_default(),
                others.unwrap_or_default(),
            );
            findings.ambiguous(place, format!("{} or {last}", others.join(", ")));
        }
    }
    let (mut settled, foreign_ways) = (types.settled(), types.foreign_ways(agreed));
    settled.renamed.clone_from(old.renamed_members());
    // Only a component of a named crate has names that were chosen.
    let is_looked_at = options.one_group;
    let mut bad_names = ugly::operations(document, &raw);
    let schemas = schemas::of(document, &types, named, bodies);
    let mut lowering = Lowering {
        document,
        types: &types,
        old: &old,
        personal: &graph.personal,
        ids: &mut ids,
        taken: &mut taken,
        servers: Vec::new(),
        schemes: Vec::new(),
        errors: Vec::new(),
    };
    let mut groups: Vec<Group> = Vec::new();
    // By the name of its tag.
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut new_ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut locked: BTreeMap<String, LockedOperation> = BTreeMap::new();
    for operation in raw {
        let is_further = operation.is_further();
        if let Some(entry) = &operation.name.locked {
            locked.insert(operation.name.name.clone(), entry.clone());
        }
        let tag = operation.tag.clone().unwrap_or_default();
        let key = if options.one_group { "" } else { &tag };
        let (Some((name, type_name)), Some((of_tag, _))) = (tags.get(key), tags.get(&tag)) else {
            continue;
        };
        let open_ids: Vec<Option<String>> = (operation.params.iter())
            .map(|param| {
                let is_open = param.id_is_open && !is_further;
                is_open.then(|| Root::of("", &operation.name.name, &param.part()).now)
            })
            .collect();
        let file = match files.get(of_tag.as_str()) {
            Some(file) => file,
            None => {
                let taken = files.values().cloned().collect();
                let file = words::distinct(&words::file(of_tag), &taken);
                files.entry(of_tag).or_insert(file)
            }
        };
        let operation = lowering.operation(operation, name, file);
        for (param, used) in operation.params.iter().zip(open_ids) {
            if let (TypeRef::Named(id), Some(used)) = (&param.ty, used) {
                new_ids.entry(id.clone()).or_default().insert(used);
            }
        }
        match groups.iter_mut().find(|group| group.name == *name) {
            Some(group) => group.operations.push(operation),
            None => groups.push(Group {
                name: name.clone(),
                type_name: group_type(type_name, &reserved),
                docs: tag_docs(document, options, name),
                operations: vec![operation],
            }),
        }
    }
    new_ids.retain(|name, _| lowering.ids.contains_key(name));
    for (name, uses) in new_ids {
        new.add_id(&name, uses, &old);
    }
    let Lowering {
        servers,
        schemes,
        errors,
        ..
    } = lowering;
    if !errors.is_empty() {
        return Err(errors);
    }
    let components = types.components();
    let mut all = types.build();
    all.extend(ids);
    bad_names.extend(ugly::types(&open, &all, &options.root));
    if is_looked_at {
        warnings.extend(bad_names.iter().filter_map(|bad| bad.warning(document)));
    }
    boxes::add_boxes(&mut all);
    depth::cut(&mut all);
    let info = &document.openapi.info;
    let mut api = Api {
        aliases,
        title: info.title.clone(),
        docs: info.description.clone().unwrap_or_default(),
        module: options.module.clone(),
        source: options.source.clone(),
        servers,
        schemes,
        groups,
        types: all,
        imports: Vec::new(),
        schemas,
    };
    let mut errors = safety::settle(document, &mut api);
    errors.extend(paging::settle(document, &mut api));
    setters::settle(&mut api, &locked, agreed, &old, &mut new);
    inline_builders(&mut api.types, &api.groups, &components);
    errors.extend(safety::mark_must_use(document, &mut api));
    if !errors.is_empty() {
        return Err(errors);
    }
    new.keep(&old);
    let report = report::report(document, &api, &findings);
    Ok(Lowered {
        api,
        report,
        warnings,
        lock: new.write(),
        settled,
        bad_names,
        foreign_ways,
    })
}

/// A model that was made by hand, with its setters.
#[cfg(test)]
pub(crate) fn with_setters(mut api: Api) -> Api {
    let params = (api.groups.iter_mut())
        .flat_map(|group| &mut group.operations)
        .flat_map(|operation| &mut operation.params);
    for param in params {
        param.field = setters::field(&param.name);
    }
    let (agreed, old) = (Agreed::default(), Lock::default());
    setters::settle(
        &mut api,
        &BTreeMap::new(),
        &agreed,
        &old,
        &mut Lock::default(),
    );
    api
}

/// A group is named after its tag, unless a schema has that name.
fn group_type(type_name: &str, reserved: &BTreeSet<String>) -> String {
    if reserved.contains(type_name) {
        return group_name(type_name);
    }
    type_name.to_owned()
}

fn group_name(type_name: &str) -> String {
    format!("{type_name}Api")
}

/// Methods of every client, async and blocking, and of every value: a method of a trait with such a name can't be called
/// without the name of the trait.
pub const CLIENT_METHODS: &[&str] = &[
    "account",
    "check",
    "clone",
    "dispatch",
    "dispatch_under",
    "dispatch_with_response",
    "download",
    "download_response",
    "event_stream",
    "for_merchant",
    "into",
    "send",
    "send_with_response",
    "to_builder",
    "to_owned",
    "try_into",
    "with_header",
    "with_max_response_bytes",
    "with_query",
    "with_retry",
    "with_timeout",
];

/// Returns the name of the client's method that returns a group.
fn group_method(tag: &str) -> String {
    let name = words::snake(tag);
    match CLIENT_METHODS.contains(&&*name) {
        true => format!("{name}_api"),
        false => name,
    }
}

/// Groups by tag: Rust name of method and type. Tags that differ in case or signs only are one group.
fn groups_of(document: &Document, options: &Options) -> BTreeMap<String, (String, String)> {
    let mut groups = BTreeMap::new();
    let name = |name: &str| (group_method(name), words::type_name(name));
    groups.insert(String::new(), name(&options.module));
    let root = Site::find(document, "");
    let tags = root.map(|root| root.items("tags")).unwrap_or_default();
    for (_, item) in &document.openapi.paths.paths {
        let Some(item) = item.as_item() else {
            continue;
        };
        for tag in item
            .iter()
            .filter_map(|(_, operation)| operation.tags.first())
        {
            let given = tags
                .iter()
                .find(|site| site.text("name") == Some(tag))
                .and_then(|site| site.text("x-rust-name"));
            groups.insert(tag.clone(), name(given.unwrap_or(tag)));
        }
    }
    groups
}

fn tag_docs(document: &Document, options: &Options, group: &str) -> String {
    if options.one_group {
        return document
            .openapi
            .info
            .description
            .clone()
            .unwrap_or_default();
    }
    let tags = document.openapi.tags.iter();
    tags.filter(|tag| group_method(&tag.name) == group)
        .find_map(|tag| tag.description.clone())
        .unwrap_or_default()
}

fn roots(raw: &[RawOperation]) -> Vec<(Root, Value, Way)> {
    let mut roots = Vec::new();
    for operation in raw {
        let Name { name, before, .. } = &operation.name;
        let body = operation.body.iter();
        roots.extend(body.map(|body| {
            let root = Root::of(before, name, ".body");
            (root, body.value.clone(), Way::Out)
        }));
        // The rest is that of the operation with the first media type.
        if operation.is_further() {
            continue;
        }
        let root = |part: &str| Root::of(&operation.family.before, name, part);
        for param in &operation.params {
            if let RawType::Value(value) = &param.value {
                roots.push((root(&param.part()), value.clone(), Way::Out));
            }
        }
        for case in &operation.cases {
            if let Some((_, value)) = &case.payload {
                let part = format!(":{}", calls::status_key(case.status));
                roots.push((root(&part), value.clone(), Way::In));
            }
        }
        if let Some(stream) = &operation.stream {
            let part = format!(":{}:events", calls::status_key(stream.status));
            roots.push((root(&part), stream.item.clone(), Way::In));
        }
        for offer in &operation.offers {
            let status = calls::status_key(offer.status);
            let part = format!(
                ":{status}:{}",
                words::snake(&offer.media_type.replace('+', " "))
            );
            roots.push((root(&part), offer.payload.1.clone(), Way::In));
        }
        for header in &operation.headers {
            let part = format!(":{}", header.wire);
            roots.push((root(&part), header.value.clone(), Way::In));
        }
    }
    roots
}

/// A struct that is nothing but one operation's body has its setters there.
fn inline_builders(
    all: &mut BTreeMap<String, Type>,
    groups: &[Group],
    components: &BTreeSet<String>,
) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |ty: &TypeRef| count_names(ty, &mut uses);
    for ty in all.values() {
        match &ty.kind {
            TypeKind::Struct(object) => {
                object.fields.iter().for_each(|field| count(&field.ty));
                object.additional.iter().for_each(&mut count);
            }
            TypeKind::Union(union) => union.variants.iter().for_each(|variant| count(&variant.ty)),
            _ => {}
        }
    }
    for operation in groups.iter().flat_map(|group| &group.operations) {
        operation.params.iter().for_each(|param| count(&param.ty));
        operation.body.iter().for_each(|body| count(&body.ty));
    }
    for body in groups
        .iter()
        .flat_map(|group| &group.operations)
        .filter_map(|operation| operation.body.as_ref())
    {
        let TypeRef::Named(name) = &body.ty else {
            continue;
        };
        if let Some(Type {
            kind: TypeKind::Struct(object),
            ..
        }) = all.get_mut(name)
            && matches!(body.set, BodySet::Members(_))
            && uses.get(name) == Some(&1)
            && !components.contains(name)
        {
            object.builder = false;
        }
    }
}

fn count_names(ty: &TypeRef, uses: &mut BTreeMap<String, usize>) {
    match ty {
        TypeRef::Named(name) => *uses.entry(name.clone()).or_default() += 1,
        TypeRef::List(inner)
        | TypeRef::OneOrList(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner)
        | TypeRef::Deep(inner) => count_names(inner, uses),
        _ => {}
    }
}
