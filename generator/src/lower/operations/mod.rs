//! Operations: parameters, bodies and responses found and resolved, before any type has its final name.

mod form;
mod params;
mod payloads;
mod streams;

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Operation, PathItem, ReferenceOr};

use super::{
    facts,
    graph::{Graph, ShapeKind, Value, ValueKind},
    lineage,
    lock::{self, Lock, LockedOperation},
    site::{Site, escape},
    words,
};
use payloads::RawResponses;
pub(crate) use payloads::{choose, is_json, is_success, short};

use crate::model::{
    BodyEncoding, ConstantParam, Location, PayloadEncoding, Rule, RuntimeType, Sample, Status,
    StreamFormat, Style, TypeRef,
};

/// An operation whose types are not named yet.
#[derive(Debug)]
pub(crate) struct RawOperation {
    pub(crate) name: String,
    /// Its name in the lock.
    pub(crate) before: String,
    /// The lock's entry.
    pub(crate) locked: Option<LockedOperation>,
    /// Names that it had before.
    pub(crate) formerly: Vec<String>,
    /// The name is the document's, and may still be changed.
    pub(crate) is_open: bool,
    pub(crate) type_name: String,
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

#[derive(Debug)]
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

#[derive(Debug)]
pub(crate) enum RawType {
    Value(Value),
    /// A newtype of its own, by name.
    Id(String, String),
    Runtime(RuntimeType),
}

#[derive(Debug)]
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

#[derive(Debug)]
pub(crate) struct RawCase {
    pub(crate) status: Status,
    pub(crate) payload: Option<(PayloadEncoding, Value)>,
    /// The place of the payload's schema.
    pub(crate) schema: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) docs: String,
}

/// Another media type of a success.
#[derive(Debug)]
pub(crate) struct RawOffer {
    pub(crate) status: Status,
    pub(crate) media_type: String,
    pub(crate) payload: (PayloadEncoding, Value),
    /// The place of the payload's schema.
    pub(crate) schema: Option<String>,
}

#[derive(Debug)]
pub(crate) struct RawStream {
    pub(crate) status: Status,
    pub(crate) media_type: String,
    pub(crate) format: StreamFormat,
    pub(crate) item: Value,
    pub(crate) is_text: bool,
    pub(crate) end: Option<String>,
    /// The place of the schema of an item.
    pub(crate) schema: Option<String>,
}

#[derive(Debug)]
pub(crate) struct RawHeader {
    pub(crate) wire: String,
    pub(crate) value: Value,
    pub(crate) docs: String,
}

/// Reads all operations of the document.
pub(crate) fn read<'d>(
    graph: &mut Graph<'d>,
    taken: &mut BTreeSet<String>,
    old: &Lock,
    lock: &mut Lock,
) -> Vec<RawOperation> {
    let openapi: &'d OpenAPI = &graph.document.openapi;
    let mut operations = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut paths: Vec<_> = openapi.paths.paths.iter().collect();
    let present: BTreeSet<String> = (paths.iter())
        .filter_map(|(path, item)| Some((path, item.as_item()?)))
        .flat_map(|(path, item)| {
            let methods = item.iter();
            methods.map(move |(method, _)| lock::key(&method.to_uppercase(), path))
        })
        .collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        for (method, operation) in item.iter() {
            let at = format!("/paths/{}/{method}", escape(path));
            let Some(site) = Site::find(graph.document, &at) else {
                continue;
            };
            let locked = locked(old, method, path, &present);
            let mut reader = Reader {
                graph: &mut *graph,
                item,
                operation,
                site,
                path,
                locked_path: locked.map(|locked| locked.path.clone()),
                old,
                before: String::new(),
            };
            let given = reader.site.text("x-rust-name").map(words::snake);
            let name = match (&given, locked) {
                (Some(given), Some(locked)) => {
                    reader.check(given, locked, old);
                    given.clone()
                }
                (None, Some(locked)) => locked.name.clone(),
                (_, None) => reader.name(method),
            };
            let name = words::distinct(&name, &names);
            names.insert(name.clone());
            let same = locked.filter(|locked| locked.name == name);
            let version = same.and_then(|locked| locked.version.clone());
            let locked_path = locked.map_or(path.as_str(), |locked| &locked.path);
            let is_open = given.is_none() && version.is_none();
            lock.set_operation(&method.to_uppercase(), path, locked_path, &name, version);
            let formerly = lock::former(old.renamed_operations(), &name);
            let before = locked.map_or(&name, |locked| &locked.name).clone();
            reader.before.clone_from(&before);
            let type_name = free_type(&words::type_name(&name), taken);
            let operation = reader.read(name, type_name, method);
            operations.push(RawOperation {
                before,
                formerly,
                is_open,
                locked: locked.cloned(),
                ..operation
            });
        }
    }
    operations
}

/// Finds an operation in the lock. One whose path is gone may be this one, with a prefix before the path.
fn locked<'l>(
    old: &'l Lock,
    method: &str,
    path: &str,
    present: &BTreeSet<String>,
) -> Option<&'l LockedOperation> {
    let key = lock::key(&method.to_uppercase(), path);
    old.operation(&key).or_else(|| {
        let (method, path) = key.split_once(' ')?;
        let mut moved = old.operations().filter(|(other, _)| {
            let other_path = other.strip_prefix(method).map(str::trim_start);
            let is_part =
                |other: &str| other != path && (other.ends_with(path) || path.ends_with(other));
            !present.contains(*other) && other_path.is_some_and(is_part)
        });
        let (_, only) = moved.next()?;
        moved.next().is_none().then_some(only)
    })
}

/// Ends of the names of an operation's types.
const FAMILY: [&str; 5] = ["", "Builder", "Headers", "Output", "ErrorResponse"];

/// Names of types of operations in the lock: a later schema gets another one.
pub(super) fn locked_types(old: &Lock) -> BTreeSet<String> {
    let families = old.operations().map(|(_, locked)| {
        let name = words::type_name(&locked.name);
        FAMILY.map(|end| format!("{name}{end}"))
    });
    let families = families.filter(|family| family.iter().all(|name| old.ty(name).is_none()));
    families.flatten().collect()
}

/// An operation adds several types; none of them may exist already.
fn free_type(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clashes = |name: &str| {
        FAMILY
            .iter()
            .any(|end| taken.contains(&format!("{name}{end}")))
    };
    let call = format!("{wanted}Call");
    let numbered = (2_u32..).map(|number| format!("{call}{number}"));
    let candidates = [wanted.to_owned(), call.clone()]
        .into_iter()
        .chain(numbered);
    let name = candidates
        .into_iter()
        .find(|name| !clashes(name))
        .unwrap_or_default();
    taken.extend(FAMILY.iter().map(|end| format!("{name}{end}")));
    name
}

struct Reader<'a, 'd> {
    /// The path as it was when the operation got its name.
    locked_path: Option<String>,
    old: &'a Lock,
    /// The operation's name in the lock.
    before: String,
    graph: &'a mut Graph<'d>,
    item: &'d PathItem,
    operation: &'d Operation,
    site: Site<'d>,
    path: &'d str,
}

impl<'d> Reader<'_, 'd> {
    fn name(&self, method: &str) -> String {
        let given = self
            .site
            .text("x-rust-name")
            .or(self.operation.operation_id.as_deref());
        match given {
            Some(name) => words::snake(name),
            None => words::snake(&format!("{method} {}", self.path)),
        }
    }

    /// A released name changes only as the lock says.
    fn check(&mut self, given: &str, locked: &LockedOperation, old: &Lock) {
        let name = &locked.name;
        let is_decided = lock::former(old.renamed_operations(), given).contains(name);
        if given == name || locked.version.is_none() || is_decided {
            return;
        }
        let at = format!("{}/x-rust-name", self.site.at);
        let line = old.operation_line(locked);
        self.refuse_at(
            &at,
            &format!("`{name}` would become `{given}`"),
            &format!(
                "it was released: {line}. To keep the name, take this `x-rust-name` back; to rename it, add the line `renamed \
                 operation {name} {given}` to the lock"
            ),
        );
    }

    fn read(&mut self, name: String, type_name: String, method: &str) -> RawOperation {
        let openapi: &'d OpenAPI = &self.graph.document.openapi;
        let (params, constants) = self.params(&type_name);
        let body = self.body(&type_name);
        let RawResponses {
            cases,
            stream,
            offers,
            headers,
        } = self.cases(&type_name, method);
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
        RawOperation {
            name,
            before: String::new(),
            locked: None,
            formerly: Vec::new(),
            is_open: false,
            type_name,
            tag: self.operation.tags.first().cloned(),
            summary: self.operation.summary.clone().unwrap_or_default(),
            docs: self.operation.description.clone().unwrap_or_default(),
            unconfirmed: facts::unconfirmed(&self.site),
            deprecated: self
                .operation
                .deprecated
                .then(|| facts::deprecation(&self.site)),
            method: method.to_uppercase(),
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
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let name = site.node.as_str().unwrap_or_default();
        if name.is_empty() || !name.chars().all(is_token) {
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

    fn is_compound(&self, value: &Value) -> bool {
        match &value.kind {
            ValueKind::Simple(simple) => matches!(simple, TypeRef::JsonObject),
            ValueKind::List(_) | ValueKind::Map(_) => true,
            ValueKind::Shape(id) => {
                matches!(self.graph.shapes[*id].kind, ShapeKind::Object(_))
            }
        }
    }

    fn refuse_at(&mut self, at: &str, what: &str, help: &str) {
        let error = self.graph.document.error(at, what, help);
        self.graph.errors.push(error);
    }
}

fn sorted_keys(requirement: &openapiv3::SecurityRequirement) -> Vec<String> {
    let mut names: Vec<String> = requirement.keys().cloned().collect();
    names.sort();
    names
}
