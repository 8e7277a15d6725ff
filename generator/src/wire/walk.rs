//! The parts of an operation in one document, looked up in another one.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Kind, Missing, shown};
use super::schema::{View, identity};
use super::{Call, Wire, parameters_of};
use crate::load::{Key, Node, Place, followed};
use crate::media_type::essence;

/// Levels of nested values that are compared.
const DEPTH: usize = 64;

/// The parts that a document lacks, and the state of the search.
#[derive(Default)]
pub(super) struct Found {
    pub(super) missing: Vec<Missing>,
    /// Places of missing parts: a shared schema is in many operations.
    pub(super) places: BTreeSet<(Kind, Place)>,
    /// Places of parts that are not missing.
    pub(super) had: BTreeSet<(Kind, Place)>,
    /// Places of parts that may be missing.
    pub(super) accepted: BTreeSet<(Kind, Place)>,
    /// Pairs of schemas that were compared.
    pub(super) pairs: BTreeSet<(Vec<usize>, Vec<usize>, bool)>,
    pub(super) notes: Vec<(Place, &'static str)>,
}

impl Found {
    pub(super) fn sorted(self) -> Vec<Missing> {
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
pub(super) fn operation(
    found: &mut Found,
    (of, call): (&Wire, &Call),
    (within, other): (&Wire, &Call),
) {
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
            let named = content.map(|(key, media)| (essence(&key.name), key, media));
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
