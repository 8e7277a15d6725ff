//! Schemas resolved: `$ref` followed, `allOf` merged deeply, unions and discriminators understood. Every object, enum
//! and union becomes one shape, however often it is used.

mod constants;
mod files;
mod kinds;
mod shapes;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    discriminator::{self, Discriminators},
    facts,
    lock::Lock,
    report::Findings,
    site::{LONGEST, Site, component, escape},
    words,
};
use crate::{
    diagnostic::Diagnostic,
    load::{Document, Node},
    model::TypeRef,
};
pub(crate) use files::MediaTypes;
pub(crate) use kinds::{only_documented, string_members};
pub(crate) use shapes::{
    Hint, Object, ObjectMember, Shape, ShapeId, ShapeKind, Union, UnionVariant, Value, ValueKind,
};

/// The parts of schemas.
#[derive(Default)]
pub(crate) struct Flat<'d> {
    /// The plain schemas.
    pub(crate) parts: Vec<Site<'d>>,
    /// The components that were passed.
    components: Vec<&'d str>,
    seen: HashSet<*const Node>,
    referred: HashSet<&'d str>,
}

/// Resolves schemas.
pub(crate) struct Graph<'d> {
    pub(crate) document: &'d Document,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) findings: Findings,
    pub(crate) errors: Vec<Diagnostic>,
    /// Newtypes that members request, with their places.
    pub(crate) ids: BTreeMap<String, String>,
    /// Newtypes of members and parameters that hold personal data.
    pub(crate) personal: BTreeSet<String>,
    pub(super) discriminators: Discriminators,
    /// The value of a reference to a component.
    resolved: BTreeMap<String, Value>,
    /// The values of components that only refer to others, by pointer.
    aliases: HashMap<String, Site<'d>>,
    /// The parts of a schema, by pointer.
    parts: BTreeMap<String, Vec<Site<'d>>>,
    /// Shapes by the places of their parts.
    known: BTreeMap<Vec<String>, ShapeId>,
    /// Schemas being resolved, and the number of shapes when each was begun: if one is met again without a new shape, a list
    /// or map is endless.
    open: BTreeMap<Vec<String>, usize>,
    /// How many such lists or maps were cut.
    ends: usize,
    /// Types with one value of an earlier version or of other documents.
    held: constants::Held,
    /// The use of the value that is being resolved, as in the lock: `.status`.
    used: String,
    /// Members that were constants before, as `member=text`, and the places of those of other documents.
    constants: BTreeSet<String>,
    /// Places of members that are constants now, with their values.
    pub(crate) fixed: BTreeMap<String, String>,
    /// Unions whose branches are being resolved: as parts of a branch they contribute their members only.
    pub(super) expanding: Vec<String>,
    /// How many unions are parts of the outermost of those.
    combined: usize,
    /// The tag of the next object and its only value, if the object is a type of a union that no component is.
    pub(super) tagged: Option<(String, String)>,
    /// Of all objects.
    pub(super) members: usize,
    /// How many of these there may be.
    pub(super) most_members: usize,
    /// The schemas that are being resolved.
    whole: Whole<'d>,
    /// Whether required members of responses are always present.
    trusts_required: bool,
    /// Set while the object of a multipart body is begun.
    files: Option<files::MediaTypes>,
}

/// A schema that is being resolved.
#[derive(Default)]
struct Whole<'d> {
    /// Its place.
    places: Vec<String>,
    /// Its own sentence, else that of its first part that has one.
    docs: Option<&'d str>,
}

impl<'d> Graph<'d> {
    /// `known`: places of the types of other documents; `constants`: of members that are constants there.
    pub(crate) fn new<'p>(
        document: &'d Document,
        known: impl Iterator<Item = &'p str>,
        constants: &BTreeSet<String>,
        lock: &Lock,
    ) -> Self {
        Self {
            document,
            shapes: Vec::new(),
            findings: Findings::default(),
            errors: Vec::new(),
            ids: BTreeMap::new(),
            personal: BTreeSet::new(),
            discriminators: Discriminators::find(document),
            resolved: BTreeMap::new(),
            aliases: HashMap::new(),
            parts: BTreeMap::new(),
            known: BTreeMap::new(),
            open: BTreeMap::new(),
            ends: 0,
            held: constants::Held::new(document, known.map(str::to_owned).collect(), lock),
            used: String::new(),
            constants: constants.iter().chain(lock.constants()).cloned().collect(),
            fixed: BTreeMap::new(),
            expanding: Vec::new(),
            combined: 0,
            tagged: None,
            members: 0,
            most_members: kinds::MOST_EXTENDED
                + Site::find(document, "").map_or(0, |root| kinds::properties(root.node)),
            whole: Whole::default(),
            trusts_required: Site::find(document, "")
                .is_some_and(|root| root.flag("x-trust-required")),
            files: None,
        }
    }

    /// Follows `$ref` to the first schema that is not a reference.
    pub(crate) fn target(&self, site: &Site<'d>) -> Site<'d> {
        site.target(self.document)
    }

    /// Resolves a schema: the value that all these places describe together.
    pub(crate) fn resolve(&mut self, sites: &[Site<'d>], hint: Hint) -> Value {
        let pointer = match sites {
            [only] => only.reference(),
            _ => None,
        };
        if let Some(value) = pointer.and_then(|pointer| self.resolved.get(pointer)) {
            return value.clone();
        }
        let ends = self.ends;
        let value = self.resolve_together(sites, hint);
        // A value that was cut off is right only for the place where it began.
        if let Some(pointer) = pointer
            && self.ends == ends
        {
            self.resolved.insert(pointer.to_owned(), value.clone());
        }
        value
    }

    fn resolve_together(&mut self, sites: &[Site<'d>], hint: Hint) -> Value {
        let Flat {
            parts, components, ..
        } = self.flat(sites);
        let nullable = parts
            .iter()
            .any(|part| part.flag("nullable") || has_null(part) || self.has_null_branch(part));
        let kind = match self.named(sites, &parts, &components) {
            Some(component) => self.resolve_component(component, hint),
            None => {
                let whole = Whole {
                    places: sites.iter().map(|site| site.at.clone()).collect(),
                    docs: self.said(sites).or_else(|| self.first_text(sites)),
                };
                let outer = std::mem::replace(&mut self.whole, whole);
                let structural: Vec<Site<'d>> = parts
                    .iter()
                    .filter(|part| part.is_structural())
                    .cloned()
                    .collect();
                let parts = if structural.is_empty() {
                    parts
                } else {
                    structural
                };
                let kind = self.resolve_parts(&parts, hint, None);
                self.whole = outer;
                kind
            }
        };
        Value { kind, nullable }
    }

    /// Begins a schema outside of others. Returns what [`end`](Self::end) restores.
    fn begin(&mut self, schema: &Site<'d>) -> Whole<'d> {
        let sites = std::slice::from_ref(schema);
        let whole = Whole {
            places: vec![schema.at.clone()],
            docs: self.said(sites).or_else(|| self.first_text(sites)),
        };
        std::mem::replace(&mut self.whole, whole)
    }

    fn end(&mut self, outer: Whole<'d>) {
        self.whole = outer;
    }

    /// Merges the parts of one type: keywords of the schema that has them describe
    /// this schema, else those of the first part apply.
    pub(super) fn said(&self, sites: &[Site<'d>]) -> Option<&'d str> {
        let is_own = |site: &&Site<'d>| {
            let mut places = self.whole.places.iter();
            places.any(|place| site.at.starts_with(place.as_str()))
        };
        let text = |site: &Site<'d>| site.text("description");
        let own = sites.iter().rev().filter(is_own).find_map(text);
        own.or_else(|| sites.iter().find_map(text))
    }

    /// Returns the keyword of the first part that has it.
    fn first_text(&self, sites: &[Site<'d>]) -> Option<&'d str> {
        let mut rest: Vec<Site<'d>> = sites.iter().rev().cloned().collect();
        let mut known: Vec<String> = Vec::new();
        while let Some(site) = rest.pop() {
            let site = self.target(&site);
            if let Some(text) = site.text("description") {
                return Some(text);
            }
            if !known.contains(&site.at) {
                rest.extend(site.items("allOf").into_iter().rev());
                known.push(site.at);
            }
        }
        None
    }

    /// Resolves a component.
    pub(super) fn reference_to(&mut self, pointer: &str) -> Option<ValueKind> {
        Site::find(self.document, pointer)?;
        let hint = Hint::Name(words::type_name(&component(pointer).unwrap_or_default()));
        Some(self.resolve_component(pointer, hint))
    }

    /// Resolves a schema that is referred to; `hint`: its name, if it is not a component.
    fn resolve_component(&mut self, pointer: &str, hint: Hint) -> ValueKind {
        let Some(site) = Site::find(self.document, pointer) else {
            return ValueKind::Simple(TypeRef::Json);
        };
        if self.is_full() {
            return ValueKind::Simple(TypeRef::Json);
        }
        let name = component(pointer).unwrap_or_default();
        let hint = match name.is_empty() {
            true => hint,
            false => Hint::Name(words::type_name(&name)),
        };
        let site = self.alias(site);
        let parts = self.parts_of(&site);
        let whole = Whole {
            places: vec![pointer.to_owned()],
            docs: self.first_text(&[site]),
        };
        let outer = std::mem::replace(&mut self.whole, whole);
        let combined = self.combined;
        let kind = self.resolve_parts(&parts, hint, Some((pointer, name)));
        self.combined = combined;
        self.whole = outer;
        kind
    }

    /// Returns the plain schemas that these places consist of, and the components that were passed.
    pub(super) fn flat(&self, sites: &[Site<'d>]) -> Flat<'d> {
        let mut flat = Flat::default();
        for site in sites {
            self.flatten(site, &mut flat);
        }
        flat
    }

    fn flatten(&self, site: &Site<'d>, flat: &mut Flat<'d>) {
        if flat.seen.contains(&std::ptr::from_ref(site.node)) {
            return;
        }
        if let Some(to) = site.reference() {
            if flat.referred.insert(to) {
                flat.components.push(to);
                if let Some(target) = Site::find(self.document, to) {
                    self.flatten(&target, flat);
                }
            }
            return;
        }
        for part in site.items("allOf") {
            self.flatten(&part, flat);
        }
        flat.seen.insert(site.node);
        flat.parts.push(site.clone());
    }

    /// Resolves a component that only refers to another, at the end of all references.
    fn alias(&mut self, site: Site<'d>) -> Site<'d> {
        let mut way = vec![site.at.clone()];
        let mut end = site;
        while let Some(to) = end.reference()
            && way.len() < LONGEST
        {
            if let Some(known) = self.aliases.get(to) {
                end = known.clone();
                break;
            }
            let Some(next) = Site::find(self.document, to) else {
                break;
            };
            way.push(next.at.clone());
            end = next;
        }
        for at in way {
            self.aliases.insert(at, end.clone());
        }
        end
    }

    fn parts_of(&mut self, site: &Site<'d>) -> Vec<Site<'d>> {
        if let Some(parts) = self.parts.get(&site.at) {
            return parts.clone();
        }
        let parts = self.flat(std::slice::from_ref(site)).parts;
        self.parts.insert(site.at.clone(), parts.clone());
        parts
    }

    /// Returns the component that contains all of `parts`.
    fn named(
        &mut self,
        sites: &[Site<'d>],
        parts: &[Site<'d>],
        components: &[&'d str],
    ) -> Option<&'d str> {
        let structural: Vec<&str> = (parts.iter())
            .filter(|part| part.is_structural())
            .map(|part| part.at.as_str())
            .collect();
        for pointer in components {
            let site = Site::find(self.document, pointer)?;
            if site.reference().is_some() {
                continue;
            }
            let own = self.parts_of(&site);
            let own: BTreeSet<&str> = own.iter().map(|part| part.at.as_str()).collect();
            let rest = structural.iter().filter(|at| !own.contains(*at));
            let mut bare_type = rest.filter_map(|at| parts.iter().find(|part| part.at == **at));
            if bare_type.all(|part| {
                says_only_object(part) && sites.iter().any(|site| part.at.starts_with(&site.at))
            }) {
                return Some(pointer);
            }
        }
        None
    }

    fn resolve_parts(
        &mut self,
        parts: &[Site<'d>],
        hint: Hint,
        named: Option<(&str, String)>,
    ) -> ValueKind {
        // Beside a union that is being resolved, a schema is another type than the union itself.
        let identity = |part: &Site<'d>| {
            let is_open = |key: &str| {
                part.get(key).is_some()
                    && self.expanding.contains(&union_at(part, key))
                    && !self.is_satisfied(parts, part, key)
                    && !is_beside_another(parts, part, key)
            };
            match !self.expanding.is_empty() && ["oneOf", "anyOf"].into_iter().any(is_open) {
                true => format!("{}|", part.at),
                false => part.at.clone(),
            }
        };
        let key: Vec<String> = parts.iter().map(identity).collect();
        if let Some(&id) = self.known.get(&key) {
            return ValueKind::Shape(id);
        }
        let before = self.open.insert(key.clone(), self.shapes.len());
        if before == Some(self.shapes.len()) {
            let at = parts.first().map_or("", |part| part.at.as_str());
            self.findings.constraint(
                at,
                "a list or map of nothing but itself: its items are any JSON",
            );
            self.ends += 1;
            return ValueKind::Simple(TypeRef::Json);
        }
        facts::list_constraints(parts, &mut self.findings);
        let kind = self.kind_of_parts(parts, hint, named, &key);
        match before {
            Some(count) => self.open.insert(key, count),
            None => self.open.remove(&key),
        };
        kind
    }

    /// A nullable union: a branch is null alone, or is nullable itself.
    fn has_null_branch(&self, part: &Site<'d>) -> bool {
        let branches = ["oneOf", "anyOf"]
            .into_iter()
            .flat_map(|keyword| part.items(keyword));
        branches
            .map(|branch| self.target(&branch))
            .any(|branch| branch.flag("nullable") || has_null(&branch) || is_null_only(&branch))
    }

    /// Lists the schemas of a mapping that do not belong to the schema with the discriminator: they don't extend it, and it
    /// has no `oneOf` with them.
    fn note_unrelated(&mut self, parts: &[Site<'d>], named: Option<&str>) {
        // The mapping of a parent is not looked at again for each child.
        let is_own = |part: &&Site<'d>| match named {
            Some(pointer) => part
                .at
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            None => component(&part.at).is_none(),
        };
        for part in parts.iter().filter(is_own) {
            let Some(discriminator) = part.get("discriminator") else {
                continue;
            };
            if part.get("oneOf").is_some() || part.get("anyOf").is_some() {
                continue;
            }
            for (value, to) in discriminator.entries("mapping") {
                let Some(named) = to.node.as_str() else {
                    continue;
                };
                let pointer = match named.strip_prefix('#') {
                    Some(pointer) => pointer.to_owned(),
                    None => format!("/components/schemas/{}", escape(named)),
                };
                let Some(target) = Site::find(self.document, &pointer) else {
                    continue;
                };
                let related = discriminator::parts(self.document, &target);
                if !related.iter().any(|one| std::ptr::eq(one.node, part.node)) {
                    let what = format!(
                        "`{value}` of the discriminator: `{named}` does not extend the schema with `allOf`, nor is it in its `oneOf`"
                    );
                    self.findings.constraint(&to.at, &what);
                }
            }
        }
    }

    fn kind_of_parts(
        &mut self,
        parts: &[Site<'d>],
        hint: Hint,
        named: Option<(&str, String)>,
        key: &[String],
    ) -> ValueKind {
        let pointer = named.as_ref().map(|(pointer, _)| (*pointer).to_owned());
        self.note_unrelated(parts, pointer.as_deref());
        if let Some(pointer) = &pointer
            && let Some(children) = self.discriminators.children(pointer)
        {
            let id = self.open_shape(parts, hint, named, key);
            let mut variants = self.children(&children);
            if let Some(own) = &children.own {
                // The parent itself.
                let key: Vec<String> = key.iter().map(|at| format!("{at}#")).collect();
                self.tagged = match own.as_slice() {
                    [only] if children.is_required => Some((children.tag.clone(), only.clone())),
                    _ => None,
                };
                let kind = self.object(parts, Hint::Member(id, "base".to_owned()), None, &key);
                self.tagged = None;
                variants.push(self.itself(pointer, kind, own));
            }
            return self.close(
                id,
                ShapeKind::Union(Union {
                    tag: Some(children.tag),
                    has_default: false,
                    variants,
                    tried: Vec::new(),
                }),
            );
        }
        let unions: Vec<(&Site<'d>, &'static str)> = (parts.iter())
            .flat_map(|part| ["oneOf", "anyOf"].into_iter().map(move |key| (part, key)))
            .filter(|(part, key)| {
                !part.items(key).is_empty() && !self.expanding.contains(&union_at(part, key))
            })
            .collect();
        let (unions, without): (Vec<_>, Vec<_>) =
            (unions.into_iter()).partition(|(part, key)| self.says_more(parts, part, key));
        for (part, key) in without {
            self.list_limits(&part.items(key));
        }
        // Next to another union, conditionally required properties are a constraint.
        let (bare, unions): (Vec<_>, Vec<_>) = (unions.iter().copied())
            .partition(|(part, key)| unions.len() > 1 && part.items(key).iter().all(says_required));
        let (satisfied, unions): (Vec<_>, Vec<_>) =
            (unions.into_iter()).partition(|(part, key)| self.is_satisfied(parts, part, key));
        if unions.len() + satisfied.len() > 0 {
            for (other, keyword) in &bare {
                let what = "a union of required properties, next to another union";
                self.findings.constraint(&union_at(other, keyword), what);
            }
        }
        let alone = bare.first().filter(|_| satisfied.is_empty());
        if let Some(&(part, keyword)) = unions.first().or(alone) {
            if !self.may_combine() {
                return ValueKind::Simple(TypeRef::Json);
            }
            let depth = self.expanding.len();
            if !unions.is_empty() {
                let bare = bare.iter().map(|(other, keyword)| union_at(other, keyword));
                self.expanding.extend(bare);
            }
            let kind = self.union(parts, part, keyword, hint, named, key);
            self.expanding.truncate(depth);
            return kind;
        }
        if let Some(not) = parts.iter().find_map(|part| part.get("not")) {
            self.findings.constraint(&not.at, "`not`");
        }
        let types: BTreeSet<&str> = parts.iter().filter_map(|part| part.text("type")).collect();
        let has = |keyword: &str| parts.iter().any(|part| part.get(keyword).is_some());
        let of_lists = types.contains("array") && has("items");
        let of_objects = types.iter().all(|name| *name == "object")
            && types.len() == 1
            && facts::enum_values(parts)
                .iter()
                .all(|value| value.as_object().is_some());
        if has("enum") && (of_lists || of_objects) {
            let sites = parts.iter().filter_map(|part| part.get("enum"));
            let values = if of_lists { "lists" } else { "objects" };
            for site in sites {
                self.findings
                    .constraint(&site.at, &format!("an `enum` of {values}"));
            }
        } else if has("enum") {
            return self.enumeration(parts, &types, hint, named, key);
        }
        let object = types.contains("object")
            || (types.is_empty() && (has("properties") || has("additionalProperties")));
        let array = types.contains("array") || (types.is_empty() && has("items"));
        let numeric = usize::from(types.contains("integer") || types.contains("number"));
        let plain = usize::from(types.contains("string")) + usize::from(types.contains("boolean"));
        if usize::from(object) + usize::from(array) + numeric + plain > 1 {
            let at = parts.first().map_or("", |part| part.at.as_str());
            let named = types.iter().copied().collect::<Vec<_>>().join(" and ");
            self.findings
                .constraint(at, &format!("no value can be {named} at once"));
            return ValueKind::Simple(TypeRef::Json);
        }
        if object {
            return self.object(parts, hint, named, key);
        }
        if array {
            let items: Vec<Site<'d>> = parts.iter().filter_map(|part| part.get("items")).collect();
            if items.is_empty() {
                return ValueKind::List(Box::new(Value {
                    kind: ValueKind::Simple(TypeRef::Json),
                    nullable: false,
                }));
            }
            let hint = match hint {
                Hint::Member(owner, member) => Hint::Member(owner, words::singular(&member)),
                Hint::Name(name) => Hint::Name(words::singular(&name)),
            };
            let item = self.inside(|graph| graph.resolve(&items, hint));
            return ValueKind::List(Box::new(item));
        }
        let simple = facts::simple(parts, &types);
        let named = (parts.iter()).find_map(|part| Some((part.text("x-rust-type")?, part)));
        if let Some((named, site)) = named
            && let Some(runtime) = named.strip_prefix("rt::")
        {
            if let Some(runtime) = facts::runtime_type(runtime)
                && facts::fits_runtime(runtime, &simple)
            {
                return ValueKind::Simple(TypeRef::Runtime(runtime));
            }
            self.errors.push(self.document.error(
                &format!("{}/x-rust-type", site.at),
                format!("the runtime has no type `{named}` for such a value"),
                "use `rt::Amount` for an integer or a number, or `rt::Currency` or `rt::AccountId` for a string without a format",
            ));
            return ValueKind::Simple(simple);
        }
        if simple == TypeRef::String
            && let Some((named, site)) = named
        {
            let name = words::type_name(named);
            if site.flag("x-personal") {
                self.personal.insert(name.clone());
            }
            self.ids
                .entry(name.clone())
                .or_insert_with(|| site.at.clone());
            return ValueKind::Simple(TypeRef::Named(name));
        }
        ValueKind::Simple(simple)
    }

    /// Returns whether a union says nothing about these parts: a branch that extends the schema with the union is among them.
    fn is_satisfied(&self, parts: &[Site<'d>], holder: &Site<'d>, keyword: &str) -> bool {
        let is_in = |part: &Site<'d>, schema: &str| {
            let rest = part.at.strip_prefix(schema);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let extends = |schema: &str| {
            let site = Site::find(self.document, schema);
            let flat = site.map(|site| self.flat(std::slice::from_ref(&site)));
            flat.is_some_and(|flat| flat.parts.iter().any(|part| part.at == holder.at))
        };
        let branches = holder.node.get(keyword).and_then(Node::as_array);
        // Of each schema that extends another, all branches of that one are looked at.
        parts.len() > 1
            && (branches.unwrap_or_default().iter())
                .filter_map(|branch| branch.get("$ref")?.as_str()?.strip_prefix('#'))
                .filter(|schema| !is_in(holder, schema))
                .filter(|schema| parts.iter().any(|part| is_in(part, schema)))
                .any(extends)
    }

    /// Counts a union that is resolved as a part of another one's branch: each branch is combined with each of the other.
    fn may_combine(&mut self) -> bool {
        /// A union of more combinations is not usable.
        const MOST: usize = 500;
        let Some(outermost) = self.expanding.first() else {
            return true;
        };
        self.combined += 1;
        if self.combined == MOST {
            let at = outermost.clone();
            self.errors.push(self.document.error(
                &at,
                format!("the unions in this one combine to more than {MOST} types"),
                "make a branch a schema of its own, a property instead of a part, or leave one of the unions out with an overlay",
            ));
        }
        self.combined < MOST
    }

    /// Resolves a nested value, independently of the values around it.
    pub(super) fn inside<T>(&mut self, resolve: impl FnOnce(&mut Self) -> T) -> T {
        let expanding = std::mem::take(&mut self.expanding);
        let combined = std::mem::take(&mut self.combined);
        let value = resolve(self);
        (self.expanding, self.combined) = (expanding, combined);
        value
    }

    pub(super) fn open_shape(
        &mut self,
        parts: &[Site<'d>],
        hint: Hint,
        named: Option<(&str, String)>,
        key: &[String],
    ) -> ShapeId {
        let last = parts.last();
        let site = (named.as_ref())
            .and_then(|(pointer, _)| Site::find(self.document, pointer))
            .or_else(|| last.cloned());
        let wanted = match &named {
            Some(_) => site.as_ref().and_then(|site| site.text("x-rust-name")),
            // The name of a component is that component's alone.
            None => (parts.iter().rev())
                .filter(|part| component(&part.at).is_none())
                .find_map(|part| part.text("x-rust-name")),
        };
        let place = (named.as_ref())
            .map(|(pointer, _)| (*pointer).to_owned())
            .or_else(|| last.map(|part| part.at.clone()));
        self.shapes.push(Shape {
            component: named.map(|(_, name)| name).filter(|name| !name.is_empty()),
            wanted: wanted.map(str::to_owned),
            hint,
            places: place.into_iter().collect(),
            parts: key.to_vec(),
            docs: self.whole.docs.unwrap_or_default().to_owned(),
            unconfirmed: site.as_ref().and_then(facts::unconfirmed),
            deprecated: site.is_some_and(|site| site.flag("deprecated")),
            kind: ShapeKind::Open,
        });
        let id = self.shapes.len() - 1;
        self.known.insert(key.to_vec(), id);
        id
    }

    pub(super) fn close(&mut self, id: ShapeId, kind: ShapeKind) -> ValueKind {
        if let Some(shape) = self.shapes.get_mut(id) {
            shape.kind = kind;
        }
        ValueKind::Shape(id)
    }
}

/// Where a union is.
pub(crate) fn union_at(part: &Site<'_>, keyword: &str) -> String {
    format!("{}/{keyword}", part.at)
}

/// Returns whether a union only requires properties, and is not the only one of its parts.
fn is_beside_another(parts: &[Site<'_>], holder: &Site<'_>, keyword: &str) -> bool {
    let of = |part: &Site<'_>| {
        ["oneOf", "anyOf"]
            .into_iter()
            .filter(|key| part.get(key).is_some())
            .count()
    };
    holder.items(keyword).iter().all(says_required) && parts.iter().map(of).sum::<usize>() > 1
}

/// Returns whether a schema only lists required members.
fn says_required(branch: &Site<'_>) -> bool {
    let members = branch.node.as_object().unwrap_or_default();
    (members.iter()).all(|(key, _)| {
        ["required", "type", "title", "description", "not"].contains(&key.name.as_str())
    })
}

/// `{nullable: true}`, `{enum: [null]}`, `{type: 'null'}`: the branch of a union that is null.
pub(crate) fn is_null_only(branch: &Site<'_>) -> bool {
    let values = branch.items("enum");
    if !values.is_empty() {
        return values.iter().all(|value| facts::is_null(value.node));
    }
    branch.text("type") == Some("null")
        || (branch.flag("nullable") && !branch.is_structural() && branch.items("allOf").is_empty())
}

fn has_null(part: &Site<'_>) -> bool {
    part.items("enum")
        .iter()
        .any(|site| facts::is_null(site.node))
}

/// `type: object` next to a `$ref` adds nothing to it.
fn says_only_object(part: &Site<'_>) -> bool {
    let copy = part.members();
    copy.iter().all(|(key, site)| {
        (*key == "type" && site.node.as_str() == Some("object"))
            || key.starts_with("x-")
            || [
                "description",
                "title",
                "example",
                "default",
                "deprecated",
                "readOnly",
                "writeOnly",
                "nullable",
                "allOf",
                "externalDocs",
            ]
            .contains(key)
    })
}
