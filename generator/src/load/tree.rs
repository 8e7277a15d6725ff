//! A document as a tree whose nodes remember their places.

use std::{borrow::Cow, collections::HashMap, fmt, sync::Arc};

/// A position in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Name of the text, as given: `spec/insight.yaml`.
    pub file: Arc<str>,
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The name of a member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// As written, without quotes; numbers and booleans as text.
    pub name: String,
    /// The place of the name.
    pub place: Place,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where the value starts.
    pub place: Place,
}

/// A JSON value over [`Node`]s.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, or nothing after a key.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(serde_json::Number),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object; members in the order of the text, each name once.
    Object(Vec<(Key, Node)>),
}

impl Value {
    /// Returns the kind of the value, in plain words: `a list`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl Node {
    /// Returns the member of this name; `None` also if this is not an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, node)| node)
    }

    /// Returns the member of this name with its key.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Node)> {
        (self.as_object()?.iter())
            .find(|(k, _)| k.name == key)
            .map(|(k, node)| (k, node))
    }

    /// Returns the text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// Returns the number, if this is one.
    pub fn as_number(&self) -> Option<&serde_json::Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the number, if this is a whole one that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// Returns the number, if this is a whole one in the range of `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// Returns the number, if this is one, rounded if a float can't hold it.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// Returns the list, if this is one.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the members, if this is an object.
    pub fn as_object(&self) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Returns the node at a JSON pointer (RFC 6901), from here.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        tokens(pointer)?.try_fold(self, |node, token| node.step(&token))
    }

    pub(super) fn step(&self, token: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(_) => self.get(token),
            Value::Array(items) => items.get(index(token)?),
            _ => None,
        }
    }

    pub(super) fn at_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        tokens(pointer)?.try_fold(self, |node, token| match &mut node.value {
            Value::Object(members) => {
                (members.iter_mut()).find_map(|(key, node)| (key.name == token).then_some(node))
            }
            Value::Array(items) => items.get_mut(index(&token)?),
            _ => None,
        })
    }

    /// Returns the value without places.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Number(number) => Json::Number(number.clone()),
            Value::String(text) => Json::String(text.clone()),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(members) => (members.iter())
                .map(|(key, node)| (key.name.clone(), node.to_json()))
                .collect(),
        }
    }

    /// Returns the number of levels of lists and objects in this node.
    pub(super) fn depth(&self) -> usize {
        match &self.value {
            Value::Array(items) => 1 + items.iter().map(Node::depth).max().unwrap_or(0),
            Value::Object(members) => {
                1 + (members.iter())
                    .map(|(_, node)| node.depth())
                    .max()
                    .unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// The components and paths of a document, so that a pointer to one of many needs no search.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// By pointer: which member of the root, of that, and for a component, of that.
    members: HashMap<String, (usize, usize, Option<usize>)>,
}

impl Index {
    pub(super) fn of(root: &Node) -> Self {
        fn inside(node: &Node) -> impl Iterator<Item = (usize, &(Key, Node))> {
            node.as_object().unwrap_or_default().iter().enumerate()
        }
        let mut members = HashMap::new();
        for (first, (key, node)) in inside(root) {
            match key.name.as_str() {
                "paths" => {
                    for (second, (path, _)) in inside(node) {
                        let pointer = format!("/paths/{}", escape(&path.name));
                        members.insert(pointer, (first, second, None));
                    }
                }
                "components" => {
                    for (second, (kind, node)) in inside(node) {
                        let around = format!("/components/{}", escape(&kind.name));
                        for (third, (name, _)) in inside(node) {
                            let pointer = format!("{around}/{}", escape(&name.name));
                            members.insert(pointer, (first, second, Some(third)));
                        }
                    }
                }
                _ => {}
            }
        }
        Self { members }
    }

    /// Returns the component or path that a pointer leads to or into, and the rest of the pointer.
    fn member<'n, 'p>(
        &self,
        root: &'n Node,
        pointer: &'p str,
    ) -> Option<(&'n (Key, Node), &'p str)> {
        let steps = if pointer.starts_with("/paths/") { 2 } else { 3 };
        let mut slashes = pointer.match_indices('/');
        let end = slashes.nth(steps).map_or(pointer.len(), |(end, _)| end);
        let (known, rest) = pointer.split_at(end);
        let (first, second, third) = *self.members.get(known)?;
        let (_, within) = root.as_object()?.get(first)?;
        let member = within.as_object()?.get(second)?;
        match third {
            Some(third) => Some((member.1.as_object()?.get(third)?, rest)),
            None => Some((member, rest)),
        }
    }

    /// Returns the result of [`Node::at`] of the root.
    pub(super) fn at<'n>(&self, root: &'n Node, pointer: &str) -> Option<&'n Node> {
        match self.member(root, pointer) {
            Some(((_, node), rest)) => node.at(rest),
            None if Self::covers(pointer) => None,
            None => root.at(pointer),
        }
    }

    /// Whether a pointer is to a component or a path or into one, and written as the index writes them.
    fn covers(pointer: &str) -> bool {
        let is_component = || {
            let inner = pointer.strip_prefix("/components/");
            inner.is_some_and(|inner| inner.contains('/'))
        };
        !pointer.contains('~') && (pointer.starts_with("/paths/") || is_component())
    }

    /// Returns the result of [`place`] from the root.
    pub(super) fn place(&self, root: &Node, pointer: &str) -> Place {
        match self.member(root, pointer) {
            Some(((key, node), rest)) => place(node, shown(key, node), rest),
            None => place(root, &root.place, pointer),
        }
    }
}

/// Returns the place of the node at a pointer from `node`: the value for scalars, the key for objects and lists that
/// have one. If the pointer names nothing, the place of the nearest node around it.
pub(super) fn place(node: &Node, at: &Place, pointer: &str) -> Place {
    let (mut node, mut place) = (node, at);
    for token in tokens(pointer).into_iter().flatten() {
        if let Some((key, inner)) = node.entry(&token) {
            place = shown(key, inner);
            node = inner;
        } else if let Some(inner) = node.step(&token) {
            place = &inner.place;
            node = inner;
        } else {
            break;
        }
    }
    place.clone()
}

/// The place of a member that is shown: of the value for scalars, else of the key.
fn shown<'n>(key: &'n Key, node: &'n Node) -> &'n Place {
    match node.value {
        Value::Array(_) | Value::Object(_) | Value::Null => &key.place,
        _ => &node.place,
    }
}

/// Returns the parts of a JSON pointer, unescaped; `None` if the text is not a pointer.
pub(super) fn tokens(pointer: &str) -> Option<impl Iterator<Item = Cow<'_, str>>> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    Some(pointer.split('/').skip(1).map(unescape))
}

/// A list index as RFC 6901 writes it: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| canonical)
}

/// A name as a part of a JSON pointer: `~` and `/` escaped.
pub fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}

/// Returns a part of a JSON pointer, unescaped.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}
