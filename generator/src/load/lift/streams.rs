//! Streams: the schema of an item becomes the schema of the media type.
//!
//! OpenAPI 3.2 has `itemSchema`. For server-sent events it describes the whole event, whose `data` is a text with a
//! schema of its own; some documents of earlier versions describe the event, too.

use super::{
    super::{Node, table::Kind, unescape},
    Members, Notes,
    members::{flag, node, object},
    walk,
};
use crate::{
    load::Value,
    media_type::{is_events, is_json},
};

/// Marks a media type whose schema is that of one item.
pub(crate) const IS_ITEM: &str = "x-item-schema";

/// References that are followed in a row.
pub(super) const LONGEST: usize = 32;

pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    let mut found: Vec<String> = Vec::new();
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, at| {
            let may_change = || node.value.has("itemSchema") || is_events_at(at);
            if kind == Kind::MediaType && !node.value.has(IS_ITEM) && may_change() {
                found.push(at.to_owned());
            }
        },
    );
    for at in found {
        if let Some(schema) = item(root, &at, notes)
            && let Some(media) = root.at_mut(&at)
        {
            let mark = flag(&media.place, true);
            media.value.take("itemSchema");
            media.value.set("schema", schema);
            media.value.set(IS_ITEM, mark);
        }
    }
}

fn is_events_at(at: &str) -> bool {
    let name = at.rsplit('/').next().unwrap_or_default();
    is_events(&unescape(name))
}

/// Returns the schema of the data of an item; nothing if the media type stays as it is.
fn item(root: &Node, at: &str, notes: &mut Notes<'_>) -> Option<Node> {
    let media = root.at(at)?;
    let declared = media.get("itemSchema");
    let schema = declared.or_else(|| media.get("schema"))?;
    if !is_events_at(at) {
        return declared.cloned();
    }
    let whole = target(root, schema);
    // The schema of a whole stream is a list of its items.
    let listed = match kind(whole) {
        Some("array") if declared.is_none() => whole.get("items"),
        _ => None,
    };
    let one = listed.unwrap_or(schema);
    if let Some(inner) = content(one) {
        return Some(inner);
    }
    let mut event = Event::default();
    event.read(root, one, false, 0);
    let is_event = match declared.or(listed) {
        Some(_) => !event.data.is_empty(),
        None => event.is_complete(),
    };
    if is_event {
        return Some(event.schema(&one.place, at, notes));
    }
    declared.or(listed).map(|_| one.clone())
}

/// The data of an event, over all parts of its schema.
#[derive(Default)]
struct Event {
    /// Schemas of `data`, and whether each is one of several.
    data: Vec<(Node, bool)>,
    /// Whether the schema has the name of the event.
    is_named: bool,
    /// Whether it has properties that events don't have.
    has_others: bool,
}

impl Event {
    fn read(&mut self, root: &Node, schema: &Node, is_one_of: bool, depth: usize) {
        if depth > LONGEST {
            return;
        }
        let schema = target(root, schema);
        let properties = schema.get("properties").and_then(Node::as_object);
        for (key, property) in properties.unwrap_or_default() {
            match key.name.as_str() {
                "data" => {
                    let data = content(property).unwrap_or_else(|| property.clone());
                    if !self.data.iter().any(|(known, _)| same(known, &data)) {
                        self.data.push((data, is_one_of));
                    }
                }
                "event" => self.is_named = true,
                "id" | "retry" => {}
                _ => self.has_others = true,
            }
        }
        for (key, is_one_of) in [("allOf", is_one_of), ("oneOf", true), ("anyOf", true)] {
            for part in schema.get(key).and_then(Node::as_array).unwrap_or_default() {
                self.read(root, part, is_one_of, depth + 1);
            }
        }
    }

    /// Without `itemSchema`: whether the schema is that of an event, not of its data.
    fn is_complete(&self) -> bool {
        self.is_named && !self.data.is_empty() && !self.has_others
    }

    fn schema(self, place: &super::super::Place, at: &str, notes: &mut Notes<'_>) -> Node {
        let is_split = self.data.iter().any(|(_, is_one_of)| *is_one_of);
        let data = self.data.into_iter();
        // Beside several, that of all events is only their common kind.
        let data = data.filter(|(_, is_one_of)| *is_one_of == is_split);
        let (texts, mut values): (Vec<Node>, Vec<Node>) =
            (data.map(|(schema, _)| schema)).partition(|schema| kind(schema) == Some("string"));
        if values.is_empty() {
            values = texts;
        } else if let Some(first) = texts.first() {
            let what = "events whose `data` is text, beside others: they have only `text`";
            notes.lost(&first.place, at, what);
        }
        match values.len() {
            1 => values.remove(0),
            _ => object(place, vec![("anyOf", node(place, Value::Array(values)))]),
        }
    }
}

/// Returns the schema of JSON in a text.
fn content(schema: &Node) -> Option<Node> {
    let media_type = schema.get("contentMediaType").and_then(Node::as_str)?;
    if !is_json(media_type) {
        return None;
    }
    let inner = schema.get("contentSchema").cloned();
    Some(inner.unwrap_or_else(|| node(&schema.place, Value::Object(Vec::new()))))
}

fn kind(schema: &Node) -> Option<&str> {
    schema.get("type").and_then(Node::as_str)
}

fn same(one: &Node, other: &Node) -> bool {
    let reference = |schema: &Node| schema.get("$ref").and_then(Node::as_str).map(str::to_owned);
    match (reference(one), reference(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.place == other.place,
        _ => false,
    }
}

/// Follows references within the document.
pub(super) fn target<'n>(root: &'n Node, schema: &'n Node) -> &'n Node {
    let mut schema = schema;
    for _ in 0..LONGEST {
        let to = schema.get("$ref").and_then(Node::as_str);
        let to = to.and_then(|to| root.at(to.strip_prefix('#')?));
        match to {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}
