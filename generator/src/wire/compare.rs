//! The parts that one side has and the other lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{View, identity};
use super::{Call, Wire, canonical, parameters_of};
use crate::load::{self, Key, Node, Place, followed};

/// Levels of nested values that are compared.
const DEPTH: usize = 64;

/// Kind of a part that one side lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A method at a path.
    Operation,
    /// A request that is sent to users of the API.
    Event,
    /// A parameter in path, query, header or cookie.
    Parameter,
    /// The body of a request.
    Body,
    /// A media type of a body.
    MediaType,
    /// A status of a response.
    Status,
    /// A header of a response.
    Header,
    /// A member of an object.
    Member,
    /// Values of an enum.
    Values,
}

impl Kind {
    /// All kinds, the largest parts first.
    pub const ALL: [Self; 9] = [
        Self::Operation,
        Self::Event,
        Self::Parameter,
        Self::Body,
        Self::MediaType,
        Self::Status,
        Self::Header,
        Self::Member,
        Self::Values,
    ];

    /// Returns the kind in plain words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Event => "event",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::MediaType => "media type",
            Self::Status => "status",
            Self::Header => "header",
            Self::Member => "member",
            Self::Values => "values",
        }
    }
}

/// A part of a document that another one lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its kind.
    pub kind: Kind,
    /// Its operation: `GET /v1/transactions/{id}`.
    pub operation: String,
    /// Its place in the operation: `response 200: items[].amount`; empty for an operation.
    pub path: String,
    /// The values of an enum.
    pub values: Vec<String>,
    /// Its place in the document that has it.
    pub place: Place,
    /// The nearest place around it in the document that lacks it.
    pub nearest: Option<Place>,
}

/// A published document compared with ours.
#[derive(Clone, Debug)]
pub struct Pairing {
    /// Number of its operations and events that ours have.
    pub matched: usize,
    /// The parts that ours lack.
    pub lacking_here: Vec<Missing>,
    /// The parts of our operations that it lacks.
    pub lacking_there: Vec<Missing>,
    /// Places that could not be compared, each with the reason.
    pub notes: Vec<(Place, &'static str)>,
}

/// Published documents compared with ours.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// One for each published document.
    pub documents: Vec<Pairing>,
    /// Our operations and events that no published document has, with the number of our document.
    pub ours_only: Vec<(usize, Missing)>,
}

/// Compares published documents with ours. An operation can be in any of ours. `known` are ours with overlays: their parts
/// are not lacking here, but not expected of a published document either.
#[must_use]
pub fn compare(theirs: &[Wire], ours: &[Wire], known: &[Wire]) -> Comparison {
    load::deep(|| compared(theirs, ours, known))
}

fn compared(theirs: &[Wire], ours: &[Wire], overlaid: &[Wire]) -> Comparison {
    let (index, overlaid_index) = (Index::of(ours), Index::of(overlaid));
    let mut used = BTreeSet::new();
    let mut known = BTreeSet::new();
    let mut documents = Vec::new();
    for their in theirs {
        let mut plain = Found::default();
        let mut there = Found::default();
        let mut operations = Vec::new();
        let mut matched = 0;
        for call in &their.calls {
            let with_overlays = overlaid_index.find(call, overlaid);
            let Some(((number, position), our, own)) = index.find(call, ours) else {
                if with_overlays.is_none() {
                    operations.push(of_call(call));
                }
                continue;
            };
            used.insert((number, position));
            matched += 1;
            operation(&mut plain, (their, call), (our, own));
            operation(&mut there, (our, own), (their, call));
        }
        let mut here = Found {
            accepted: plain.had.difference(&plain.places).cloned().collect(),
            missing: operations,
            notes: plain.notes,
            ..Found::default()
        };
        for call in &their.calls {
            if let Some((_, our, own)) = overlaid_index.find(call, overlaid) {
                operation(&mut here, (their, call), (our, own));
            }
        }
        // Several published documents may describe the same operation.
        let mut notes = std::mem::take(&mut here.notes);
        for (place, why) in there.notes.drain(..) {
            if !notes.contains(&(place.clone(), why)) {
                notes.push((place, why));
            }
        }
        let mut lacking_here = here.sorted();
        lacking_here.retain(|one| {
            let path = canonical(&one.operation);
            known.insert((one.kind, path, one.path.clone(), one.values.clone()))
        });
        documents.push(Pairing {
            matched,
            lacking_here,
            lacking_there: there.sorted(),
            notes,
        });
    }
    let mut ours_only = Vec::new();
    for (number, our) in ours.iter().enumerate() {
        for (position, call) in our.calls.iter().enumerate() {
            if !used.contains(&(number, position)) {
                ours_only.push((number, of_call(call)));
            }
        }
    }
    Comparison {
        documents,
        ours_only,
    }
}

/// Our operations by their identities.
#[derive(Default)]
struct Index {
    whole: BTreeMap<String, (usize, usize)>,
    /// Without the path of the server, for documents that have none.
    below: BTreeMap<String, (usize, usize)>,
}

impl Index {
    fn of(wires: &[Wire]) -> Self {
        let mut index = Self::default();
        for (number, wire) in wires.iter().enumerate() {
            for (position, call) in wire.calls.iter().enumerate() {
                index.whole.insert(whole(call), (number, position));
                index.below.entry(below(call)).or_insert((number, position));
            }
        }
        index
    }

    /// Returns the numbers of a document and of the operation in it, and both.
    fn find<'w>(
        &self,
        call: &Call,
        wires: &'w [Wire],
    ) -> Option<((usize, usize), &'w Wire, &'w Call)> {
        let whole = self.whole.get(&whole(call));
        let is_bare = call.base.as_deref().unwrap_or_default().is_empty();
        let found = whole.or_else(|| self.below.get(&below(call)).filter(|_| is_bare));
        let (number, position) = *found?;
        let wire = wires.get(number)?;
        Some(((number, position), wire, wire.calls.get(position)?))
    }
}

fn whole(call: &Call) -> String {
    let base = call.base.as_deref().unwrap_or_default();
    identity_of(call, base)
}

fn below(call: &Call) -> String {
    identity_of(call, "")
}

fn identity_of(call: &Call, base: &str) -> String {
    let event = if call.is_event { "event " } else { "" };
    let path = canonical(&format!("{base}{}", call.path));
    format!("{event}{} {path}", call.method)
}

/// An operation as it is shown.
fn shown(call: &Call) -> String {
    let base = call.base.as_deref().unwrap_or_default();
    format!("{} {base}{}", call.method, call.path)
}

fn of_call(call: &Call) -> Missing {
    let kind = if call.is_event {
        Kind::Event
    } else {
        Kind::Operation
    };
    Missing {
        kind,
        operation: shown(call),
        path: String::new(),
        values: Vec::new(),
        place: call.place.clone(),
        nearest: None,
    }
}

/// The parts that a document lacks, and the state of the search.
#[derive(Default)]
struct Found {
    missing: Vec<Missing>,
    /// Places of missing parts: a shared schema is in many operations.
    places: BTreeSet<(Kind, Place)>,
    /// Places of parts that are not missing.
    had: BTreeSet<(Kind, Place)>,
    /// Places of parts that may be missing.
    accepted: BTreeSet<(Kind, Place)>,
    /// Pairs of schemas that were compared.
    pairs: BTreeSet<(Vec<usize>, Vec<usize>, bool)>,
    notes: Vec<(Place, &'static str)>,
}

impl Found {
    fn sorted(self) -> Vec<Missing> {
        let mut missing = self.missing;
        missing.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.place.cmp(&b.place)));
        missing
    }

    fn note(&mut self, place: &Place, why: &'static str) {
        let note = (place.clone(), why);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The two sides of an operation: `of` has parts, `within` may lack them.
struct Walk<'f, 'd> {
    found: &'f mut Found,
    operation: String,
    of: &'d Node,
    within: &'d Node,
}

/// Finds the parts of an operation that the other document lacks.
fn operation(found: &mut Found, (of, call): (&Wire, &Call), (within, other): (&Wire, &Call)) {
    let mut walk = Walk {
        found,
        operation: shown(call),
        of: &of.root,
        within: &within.root,
    };
    walk.parameters(call, other);
    walk.body(call, other);
    walk.responses(call, other);
}

/// A parameter: its key, the place of its name, and its schema.
type Parameters<'d> = BTreeMap<(String, String), (&'d Node, Vec<&'d Node>)>;

fn at<'d>(root: &'d Node, call: &Call, key: &str) -> Option<&'d Node> {
    followed(root, root.at(&call.pointer)?.get(key)?)
}

fn parameters<'d>(root: &'d Node, call: &Call) -> Parameters<'d> {
    let order = parameters_of(&call.path);
    let item = call.pointer.rsplit_once('/').map_or("", |(item, _)| item);
    let mut all = Parameters::new();
    for owner in [item, &call.pointer] {
        let list = root.at(owner).and_then(|owner| owner.get("parameters"));
        for node in list.and_then(Node::as_array).unwrap_or_default() {
            let Some(parameter) = followed(root, node) else {
                continue;
            };
            let text = |key: &str| {
                parameter
                    .get(key)
                    .and_then(Node::as_str)
                    .unwrap_or_default()
            };
            let name = match text("in") {
                // Their names don't count, their order does.
                "path" => match order.iter().position(|name| *name == text("name")) {
                    Some(position) => position.to_string(),
                    None => continue,
                },
                "header" => text("name").to_lowercase(),
                _ => text("name").to_owned(),
            };
            let content = parameter.get("content").and_then(Node::as_object);
            let content = content.unwrap_or_default().iter();
            let schemas = content
                .filter_map(|(_, media)| media.get("schema"))
                .chain(parameter.get("schema"))
                .collect();
            all.insert((text("in").to_owned(), name), (parameter, schemas));
        }
    }
    all
}

impl<'d> Walk<'_, 'd> {
    fn had(&mut self, kind: Kind, place: &Place) {
        self.found.had.insert((kind, place.clone()));
    }

    fn missing(&mut self, kind: Kind, path: String, place: &Place, nearest: &Place) {
        let part = (kind, place.clone());
        if self.found.accepted.contains(&part) {
            return;
        }
        // A shared parameter is a part of each operation, a shared schema is one.
        let is_of_operation = matches!(kind, Kind::Parameter | Kind::Body);
        if self.found.places.insert(part) || is_of_operation {
            self.found.missing.push(Missing {
                kind,
                operation: self.operation.clone(),
                path,
                values: Vec::new(),
                place: place.clone(),
                nearest: Some(nearest.clone()),
            });
        }
    }

    fn parameters(&mut self, call: &Call, other: &Call) {
        let others = parameters(self.within, other);
        for ((kind, name), (node, schemas)) in parameters(self.of, call) {
            let shown = match kind.as_str() {
                "path" => {
                    let written = node.get("name").and_then(Node::as_str).unwrap_or(&name);
                    format!("path {written}")
                }
                kind => format!("{kind} {name}"),
            };
            let found = others.get(&(kind, name));
            let Some((same, within)) = found else {
                self.missing(Kind::Parameter, shown, &node.place, &other.place);
                continue;
            };
            self.had(Kind::Parameter, &node.place);
            self.schemas(&At::new(&shown, &same.place), &schemas, within, true);
        }
    }

    fn body(&mut self, call: &Call, other: &Call) {
        let Some(body) = at(self.of, call, "requestBody") else {
            return;
        };
        match at(self.within, other, "requestBody") {
            Some(same) => {
                self.had(Kind::Body, &body.place);
                self.content("request", body, same, true);
            }
            None => self.missing(Kind::Body, "request".to_owned(), &body.place, &other.place),
        }
    }

    fn responses(&mut self, call: &Call, other: &Call) {
        let Some(responses) = at(self.of, call, "responses") else {
            return;
        };
        let others = at(self.within, other, "responses");
        for (status, response) in responses.as_object().unwrap_or_default() {
            if status.name.starts_with("x-") {
                continue;
            }
            let path = format!("response {}", status.name);
            let Some(response) = followed(self.of, response) else {
                self.found
                    .note(&status.place, "the reference leads nowhere");
                continue;
            };
            let same = others.and_then(|others| response_of(others, &status.name));
            let Some(same) = same.and_then(|same| followed(self.within, same)) else {
                self.missing(Kind::Status, path, &status.place, &other.place);
                continue;
            };
            self.had(Kind::Status, &status.place);
            let headers = response.get("headers").and_then(Node::as_object);
            for (name, _) in headers.unwrap_or_default() {
                let known = same.get("headers").and_then(Node::as_object);
                let mut known = known.unwrap_or_default().iter();
                if known.any(|(other, _)| other.name.eq_ignore_ascii_case(&name.name)) {
                    self.had(Kind::Header, &name.place);
                } else {
                    let path = format!("{path}: {}", name.name);
                    self.missing(Kind::Header, path, &name.place, &same.place);
                }
            }
            self.content(&path, response, same, false);
        }
    }

    fn content(&mut self, path: &str, of: &'d Node, within: &'d Node, is_request: bool) {
        let media = |node: &'d Node| -> Vec<(String, &'d Key, &'d Node)> {
            let content = node.get("content").and_then(Node::as_object);
            let content = content.unwrap_or_default().iter();
            let named = content.map(|(key, media)| {
                let essence = key.name.split(';').next().unwrap_or_default();
                (essence.trim().to_lowercase(), key, media)
            });
            named.collect()
        };
        let others = media(within);
        for (name, key, media) in media(of) {
            let mut same = others.iter().filter(|(other, _, _)| *other == name);
            let Some((_, place, other)) = same.next() else {
                let path = format!("{path}: {name}");
                self.missing(Kind::MediaType, path, &key.place, &within.place);
                continue;
            };
            self.had(Kind::MediaType, &key.place);
            let schema =
                |node: &'d Node| -> Vec<&'d Node> { node.get("schema").into_iter().collect() };
            let (of, within) = (schema(media), schema(other));
            self.schemas(&At::new(path, &place.place), &of, &within, is_request);
        }
    }

    fn values(&mut self, at: &At<'_>, one: &View<'d>, other: &View<'d>, nearest: &Place) {
        let mut lacking = Vec::new();
        let mut first: Option<&Place> = None;
        for (value, place) in &one.values {
            let part = (Kind::Values, (*place).clone());
            if other.values.contains_key(value) {
                self.found.had.insert(part);
            } else if !self.found.accepted.contains(&part) && self.found.places.insert(part) {
                lacking.push(value.clone());
                first = first.into_iter().chain([*place]).min();
            }
        }
        if let Some(first) = first {
            self.found.missing.push(Missing {
                kind: Kind::Values,
                operation: self.operation.clone(),
                path: at.shown(),
                values: lacking,
                place: first.clone(),
                nearest: Some(nearest.clone()),
            });
        }
    }

    fn schemas(&mut self, at: &At<'_>, of: &[&'d Node], within: &[&'d Node], is_request: bool) {
        let pair = (key(self.of, of), key(self.within, within), is_request);
        if of.is_empty() || !self.found.pairs.insert(pair) {
            return;
        }
        if at.depth > DEPTH {
            self.found
                .note(at.nearest, "nested too deeply to be compared");
            return;
        }
        // The schema itself if there is one, else what is around it.
        let schema = within.first().and_then(|node| followed(self.within, node));
        let nearest = schema.map_or(at.nearest, |schema| &schema.place);
        let one = View::of(self.of, of, is_request);
        let other = View::of(self.within, within, is_request);
        for node in one.broken.iter().chain(&other.broken) {
            self.found.note(&node.place, "the reference leads nowhere");
        }
        self.values(at, &one, &other, nearest);
        // The parts of this value before those in its members, so that a schema is shown where it is first.
        for (name, (key, _)) in &one.members {
            if other.members.contains_key(name) {
                self.had(Kind::Member, &key.place);
            } else {
                let path = at.member(name, nearest).shown();
                self.missing(Kind::Member, path, &key.place, nearest);
            }
        }
        for (name, (_, nodes)) in &one.members {
            if let Some((same, within)) = other.members.get(name) {
                let at = at.member(name, &same.place);
                self.schemas(&at, nodes, within, is_request);
            }
        }
        let items = at.items();
        self.schemas(&items, &one.items, &other.items, is_request);
        if !other.others.is_empty() {
            let others = at.member("*", nearest);
            self.schemas(&others, &one.others, &other.others, is_request);
        }
    }
}

/// Identifies schemas, whether they are referred to or not.
fn key(root: &Node, nodes: &[&Node]) -> Vec<usize> {
    let targets = nodes
        .iter()
        .map(|node| followed(root, node).unwrap_or(node));
    let mut key: Vec<usize> = targets.map(identity).collect();
    key.sort_unstable();
    key.dedup();
    key
}

/// A place in a request or response.
struct At<'a> {
    /// `response 200`
    part: &'a str,
    /// Names of members in JSON: `items[].amount`.
    json: String,
    /// The nearest place in the document that may lack it.
    nearest: &'a Place,
    depth: usize,
}

impl<'a> At<'a> {
    fn new(part: &'a str, nearest: &'a Place) -> Self {
        Self {
            part,
            json: String::new(),
            nearest,
            depth: 0,
        }
    }

    fn member(&self, name: &str, nearest: &'a Place) -> Self {
        let dot = if self.json.is_empty() { "" } else { "." };
        Self {
            part: self.part,
            json: format!("{}{dot}{name}", self.json),
            nearest,
            depth: self.depth + 1,
        }
    }

    fn items(&self) -> Self {
        Self {
            part: self.part,
            json: format!("{}[]", self.json),
            nearest: self.nearest,
            depth: self.depth + 1,
        }
    }

    fn shown(&self) -> String {
        if self.json.is_empty() {
            return self.part.to_owned();
        }
        format!("{}: {}", self.part, self.json)
    }
}

/// The response of a status, or of the range or default that it belongs to.
fn response_of<'d>(responses: &'d Node, status: &str) -> Option<&'d Node> {
    let range = status.get(..1).map(|digit| format!("{digit}XX"));
    let all = responses.as_object().unwrap_or_default();
    let named = |name: &str| {
        all.iter()
            .find(|(key, _)| key.name.eq_ignore_ascii_case(name))
            .map(|(_, node)| node)
    };
    named(status)
        .or_else(|| named(&range?))
        .or_else(|| named("default"))
}
