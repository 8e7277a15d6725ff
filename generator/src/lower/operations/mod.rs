//! Operations: parameters, bodies and responses found and resolved, before any type has its final name.

mod bodies;
mod form;
mod names;
mod params;
mod payloads;
mod streams;

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Operation, PathItem, ReferenceOr};

use super::{
    facts,
    graph::{Graph, Object, ShapeId, ShapeKind, Value, ValueKind},
    lineage,
    lock::{self, Lock, LockedOperation},
    site::{Site, escape},
};
use crate::load::{sent, uses_authorization};
pub(crate) use names::Name;
use names::Namer;
pub(super) use names::locked_types;
use payloads::RawResponses;
pub(crate) use payloads::{choose, distinct_words, is_success};

use crate::model::{
    BodyEncoding, ConstantParam, Location, PayloadEncoding, Rule, RuntimeType, Sample, Status,
    StreamFormat, Style, TypeRef,
};

/// An operation whose types are not named yet.
#[derive(Clone, Debug)]
pub(crate) struct RawOperation {
    pub(crate) name: Name,
    /// The operation that has the same responses: itself, or the one with another media type of the body.
    pub(crate) family: Name,
    pub(crate) tag: Option<String>,
    pub(crate) summary: String,
    pub(crate) docs: String,
    pub(crate) unconfirmed: Option<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) servers: Vec<openapiv3::Server>,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) may_answer_other: bool,
    pub(crate) request_id_header: Option<String>,
    pub(crate) params: Vec<RawParam>,
    pub(crate) constants: Vec<ConstantParam>,
    pub(crate) body: Option<RawBody>,
    pub(crate) cases: Vec<RawCase>,
    pub(crate) stream: Option<RawStream>,
    pub(crate) offers: Vec<RawOffer>,
    pub(crate) headers: Vec<RawHeader>,
    pub(crate) place: String,
}

#[derive(Clone, Debug)]
pub(crate) struct RawParam {
    pub(crate) wire: String,
    /// The name of its type is the document's and must not change.
    pub(crate) id_is_open: bool,
    pub(crate) wanted: Option<String>,
    /// An overlay requests that name.
    pub(crate) is_asked: bool,
    pub(crate) value: RawType,
    pub(crate) docs: String,
    pub(crate) unconfirmed: Option<String>,
    pub(crate) location: Location,
    pub(crate) style: Style,
    pub(crate) reserved: bool,
    pub(crate) required: bool,
    pub(crate) client_value: Option<String>,
    pub(crate) made_up: bool,
    pub(crate) rules: Vec<Rule>,
    pub(crate) deprecated: Option<String>,
    pub(crate) sample: Sample,
    pub(crate) place: String,
}

impl RawParam {
    /// Its name in the lock, after the name of the operation.
    pub(crate) fn part(&self) -> String {
        let in_path = self.location == Location::Path;
        lineage::parameter(&self.wire, self.wanted.as_deref(), in_path)
    }
}

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plainness {
    Scalar,
    List,
    /// An object, or anything that may be one.
    Object,
}

#[derive(Clone, Debug)]
pub(crate) enum RawType {
    Value(Value),
    /// A newtype of its own, by name.
    Id(String, String),
    Runtime(RuntimeType),
}

#[derive(Clone, Debug)]
pub(crate) struct RawBody {
    pub(crate) encoding: BodyEncoding,
    pub(crate) value: Value,
    pub(crate) required: bool,
    pub(crate) docs: String,
    pub(crate) media_type: String,
    pub(crate) sample: Sample,
    /// The place of its schema.
    pub(crate) schema: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct RawCase {
    pub(crate) status: Status,
    pub(crate) payload: Option<(PayloadEncoding, Value)>,
    /// The place of the payload's schema.
    pub(crate) schema: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) docs: String,
}

/// Another media type of a success.
#[derive(Clone, Debug)]
pub(crate) struct RawOffer {
    pub(crate) status: Status,
    pub(crate) media_type: String,
    pub(crate) payload: (PayloadEncoding, Value),
    /// The place of the payload's schema.
    pub(crate) schema: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct RawStream {
    pub(crate) status: Status,
    pub(crate) media_type: String,
    pub(crate) format: StreamFormat,
    pub(crate) item: Value,
    pub(crate) is_text: bool,
    /// Some items are text, and others may be JSON.
    pub(crate) may_be_text: bool,
    pub(crate) end: Option<String>,
    /// The place of the schema of an item.
    pub(crate) schema: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct RawHeader {
    pub(crate) wire: String,
    pub(crate) value: Value,
    pub(crate) docs: String,
}

impl RawOperation {
    /// Whether another operation sends the same request with another media type of the body, and has its own name.
    pub(crate) fn is_further(&self) -> bool {
        self.name.name != self.family.name
    }
}

/// Reads all operations of the document. Those of one path and method follow each other.
pub(crate) fn read<'d>(
    graph: &mut Graph<'d>,
    taken: &mut BTreeSet<String>,
    old: &Lock,
    lock: &mut Lock,
) -> Vec<RawOperation> {
    let openapi: &'d OpenAPI = &graph.document.openapi;
    let mut paths: Vec<_> = openapi.paths.paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    let all = paths.into_iter().filter_map(|(path, item)| match item {
        ReferenceOr::Item(item) => Some((path, item)),
        ReferenceOr::Reference { .. } => None,
    });
    let all: Vec<(&str, &PathItem, &str, &Operation)> = all
        .flat_map(|(path, item)| {
            let methods = item.iter();
            methods.map(move |(method, operation)| (path.as_str(), item, method, operation))
        })
        .collect();
    let (mut present, mut doubled) = (BTreeSet::new(), BTreeSet::new());
    for (path, _, key, _) in &all {
        let (method, path) = sent(key, path);
        let key = lock::key(&method, path);
        if !present.insert(key.clone()) {
            doubled.insert(key);
        }
        present.insert(format!("{method} {}", lock::space(path)));
    }
    lock.set_doubled(doubled.clone());
    let mut namer = Namer::new(old, lock, taken, present);
    // The names of the document before those that are made from them.
    let mut named: Vec<Option<Name>> = Vec::new();
    for one in &all {
        let reader = Reader::new(graph, (old, &doubled), one);
        let (method, _) = sent(one.2, one.0);
        named.push(reader.map(|mut reader| reader.named(&method, &mut namer)));
    }
    let mut operations = Vec::new();
    for (one, name) in all.iter().zip(named) {
        if let Some(name) = name
            && let Some(mut reader) = Reader::new(graph, (old, &doubled), one)
        {
            let (method, _) = sent(one.2, one.0);
            reader.locked_path = reader.path_in_lock(&method, &name);
            reader.before.clone_from(&name.before);
            operations.extend(reader.read(name, &method, &mut namer));
        }
    }
    operations
}

/// Whether a text is a token of RFC 9110: the name of a method or of a header.
fn is_token(text: &str) -> bool {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_of_token)
}

struct Reader<'a, 'd> {
    /// The path as it was when the operation got its name.
    locked_path: Option<String>,
    /// Another operation has the same path but for names of parameters.
    is_doubled: bool,
    old: &'a Lock,
    /// The operation's name in the lock.
    before: String,
    graph: &'a mut Graph<'d>,
    item: &'d PathItem,
    operation: &'d Operation,
    site: Site<'d>,
    path: &'d str,
}

impl<'a, 'd> Reader<'a, 'd> {
    fn new(
        graph: &'a mut Graph<'d>,
        (old, doubled): (&'a Lock, &BTreeSet<String>),
        (path, item, method, operation): &(&'d str, &'d PathItem, &str, &'d Operation),
    ) -> Option<Self> {
        let at = format!("/paths/{}/{method}", escape(path));
        let (sent_as, sent_to) = sent(method, path);
        Some(Self {
            locked_path: None,
            is_doubled: doubled.contains(&lock::key(&sent_as, sent_to)),
            old,
            before: String::new(),
            site: Site::find(graph.document, &at)?,
            graph,
            item,
            operation,
            path: sent_to,
        })
    }

    /// Whether the lock's entry may be that of this operation: of two that share a path, the one with its names.
    fn may_be(&self, locked: &LockedOperation) -> bool {
        !self.is_doubled || locked.path == self.path
    }

    /// The path as the lock has it.
    fn path_in_lock(&self, method: &str, name: &Name) -> Option<String> {
        if let Some(locked) = &name.locked {
            return Some(locked.path.clone());
        }
        let key = self.old.key(method, self.path, None);
        let mut further = self.old.operations();
        let further = further.find(|(other, locked)| {
            let media_type = other.strip_prefix(&key);
            media_type.is_some_and(|media_type| media_type.starts_with(' ')) && self.may_be(locked)
        });
        further.map(|(_, locked)| locked.path.clone())
    }

    fn read(&mut self, name: Name, method: &str, namer: &mut Namer<'_>) -> Vec<RawOperation> {
        let openapi: &'d OpenAPI = &self.graph.document.openapi;
        if !is_token(method) {
            let help = "a method is letters, digits and `!#$%&'*+-.^_`|~`, such as `COPY`";
            let at = self.site.at.clone();
            self.refuse_at(&at, &format!("`{method}` can't be a method of HTTP"), help);
        }
        let (params, constants) = self.params(&name.type_name);
        let before = name.clone();
        let mut bodies = self.bodies(method, name, namer).into_iter();
        let Some((name, body)) = bodies.next() else {
            return Vec::new();
        };
        let RawResponses {
            cases,
            stream,
            offers,
            headers,
        } = self.cases(&name.type_name, method);
        for (name, callback) in self.site.entries("callbacks") {
            let what = format!("the callback `{name}`, whose requests have no types");
            self.graph.findings.constraint(&callback.at, &what);
        }
        let servers = [
            &self.operation.servers,
            &self.item.servers,
            &openapi.servers,
        ]
        .into_iter()
        .find(|servers| !servers.is_empty());
        let security = self
            .operation
            .security
            .as_ref()
            .or(openapi.security.as_ref());
        self.note_overwritten();
        let mut scopes: Vec<String> = self
            .site
            .texts("x-scopes")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let required = security.iter().flat_map(|all| all.iter());
        for scope in required.flat_map(|one| {
            sorted_keys(one)
                .into_iter()
                .filter_map(|name| one.get(&name))
                .flatten()
        }) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        let first = RawOperation {
            // A name that is gone is still in the lock.
            family: Name {
                before: match before.locked {
                    Some(_) => before.before,
                    None => name.before.clone(),
                },
                ..name.clone()
            },
            name,
            tag: self.operation.tags.first().cloned(),
            summary: self.operation.summary.clone().unwrap_or_default(),
            docs: self.operation.description.clone().unwrap_or_default(),
            unconfirmed: facts::unconfirmed(&self.site),
            deprecated: self
                .operation
                .deprecated
                .then(|| facts::deprecation(&self.site)),
            method: method.to_owned(),
            path: self.sent_path(),
            servers: servers.cloned().unwrap_or_default(),
            security: security.map_or_else(Vec::new, |all| all.iter().map(sorted_keys).collect()),
            scopes,
            may_answer_other: self.site.flag("x-may-answer-other"),
            request_id_header: self.request_id_header(),
            params,
            constants,
            body,
            cases,
            stream,
            offers,
            headers,
            place: self.site.at.clone(),
        };
        let further: Vec<RawOperation> = bodies
            .map(|(name, body)| RawOperation {
                name: Name {
                    // Values of the same names have the same setters.
                    locked: name.locked.or_else(|| first.name.locked.clone()),
                    ..name
                },
                body,
                ..first.clone()
            })
            .collect();
        std::iter::once(first).chain(further).collect()
    }

    /// Lists schemes of one requirement that are the same header: one value of it is sent.
    fn note_overwritten(&mut self) {
        let document = self.graph.document;
        let root = Site::find(document, "");
        let owner = [Some(self.site.clone()), root.clone()];
        let mut owner = owner.into_iter().flatten();
        let Some(owner) = owner.find(|owner| owner.get("security").is_some()) else {
            return;
        };
        let components = root.and_then(|root| root.get("components"));
        let schemes = components.and_then(|all| all.get("securitySchemes"));
        for requirement in owner.items("security") {
            let kinds = requirement.members().into_iter().filter_map(|(name, _)| {
                let scheme = schemes.as_ref()?.get(name)?;
                Some((name, authorization(&scheme.target(document))?))
            });
            let kinds: Vec<(&str, String)> = kinds.collect();
            let [first, .., (last, kind)] = kinds.as_slice() else {
                continue;
            };
            // One token is that of several schemes.
            if kinds.iter().any(|(_, other)| other != kind) {
                let what = format!(
                    "`{}` together with `{last}`: each is the header `Authorization`, and that of `{last}` is sent",
                    first.0
                );
                self.graph.findings.constraint(&requirement.at, &what);
            }
        }
    }

    /// Returns the path without its fragment, with which some documents distinguish operations: it is not part of a request.
    fn sent_path(&mut self) -> String {
        let (path, fragment) = self.path.split_once('#').unwrap_or((self.path, ""));
        if path.len() < self.path.len() {
            let what = format!("`#{fragment}` of the path, which is not sent");
            self.graph.findings.constraint(&self.site.at, &what);
        }
        path.to_owned()
    }

    /// The header named at the operation, or else at the document.
    fn request_id_header(&mut self) -> Option<String> {
        const KEY: &str = "x-request-id-header";
        let root = Site::find(self.graph.document, "");
        let site = [Some(self.site.clone()), root]
            .into_iter()
            .flatten()
            .find_map(|site| site.get(KEY))?;
        let name = site.node.as_str().unwrap_or_default();
        if !is_token(name) {
            let help = "give the name of one header, such as `request-id`";
            self.refuse_at(&site.at, "not a valid header name", help);
            return None;
        }
        Some(name.to_ascii_lowercase())
    }

    /// Returns the form of a value, for the styles. That of a union is not known before it is resolved.
    fn plainness(&self, value: &Value) -> Plainness {
        match &value.kind {
            ValueKind::Simple(TypeRef::JsonObject) | ValueKind::Map(_) => Plainness::Object,
            ValueKind::Simple(TypeRef::Json) => Plainness::Object,
            ValueKind::Simple(_) => Plainness::Scalar,
            ValueKind::List(_) => Plainness::List,
            ValueKind::Shape(id) => match &self.graph.shapes[*id].kind {
                ShapeKind::StringEnum(_) | ShapeKind::IntegerEnum(_) => Plainness::Scalar,
                _ => Plainness::Object,
            },
        }
    }

    fn is_union(&self, value: &Value) -> bool {
        matches!(&value.kind, ValueKind::Shape(id) if matches!(self.graph.shapes[*id].kind, ShapeKind::Union(_)))
    }

    /// Returns whether each value is an object.
    fn is_object(&self, value: &Value) -> bool {
        match &value.kind {
            ValueKind::Simple(simple) => matches!(simple, TypeRef::JsonObject),
            ValueKind::List(_) => false,
            ValueKind::Map(_) => true,
            ValueKind::Shape(id) => self.objects(*id, &mut BTreeSet::new()).is_some(),
        }
    }

    /// Returns the objects of a shape, several of a union; `None` if its values are others, too. `seen`: shapes around it.
    fn objects(&self, id: ShapeId, seen: &mut BTreeSet<ShapeId>) -> Option<Vec<&Object>> {
        let union = match &self.graph.shapes[id].kind {
            ShapeKind::Object(object) => return Some(vec![object]),
            ShapeKind::Union(union) => union,
            _ => return None,
        };
        let mut all = Vec::new();
        for variant in &union.variants {
            match &variant.value.kind {
                ValueKind::Shape(id) if !seen.insert(*id) => {}
                ValueKind::Shape(id) => all.extend(self.objects(*id, seen)?),
                _ if self.is_object(&variant.value) => {}
                _ => return None,
            }
        }
        Some(all)
    }

    fn refuse_at(&mut self, at: &str, what: &str, help: &str) {
        let error = self.graph.document.error(at, what, help);
        self.graph.errors.push(error);
    }
}

/// Returns the scheme of the header `Authorization` that a security scheme sets.
fn authorization(scheme: &Site<'_>) -> Option<String> {
    let name = scheme.text("scheme").unwrap_or("bearer");
    uses_authorization(scheme.node).then(|| name.to_ascii_lowercase())
}

fn sorted_keys(requirement: &openapiv3::SecurityRequirement) -> Vec<String> {
    let mut names: Vec<String> = requirement.keys().cloned().collect();
    names.sort();
    names
}
