//! Builds the tree from the events of a reader; the rules that YAML and JSON share.

use std::collections::BTreeMap;

use super::{Key, Node, Place, Value, text::Texts, tree::escape};
use crate::diagnostic::Diagnostic;

/// Maximum nesting of lists and objects in a document. All code after the readers is recursive.
pub(super) const MAX_DEPTH: usize = 64;

/// Maximum number of nodes that aliases add up to, so that a few lines can't become gigabytes.
const MAX_ALIASED: usize = 1_000_000;

/// An error of the text as a whole; the reader stops.
pub(super) struct Stop;

/// A tree under construction.
pub(super) struct Builder<'t> {
    texts: &'t Texts,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: BTreeMap<usize, Anchored>,
    aliased: usize,
    pub(super) found: Vec<Diagnostic>,
}

struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

struct Frame {
    place: Place,
    anchor: usize,
    open: Open,
}

enum Open {
    Array(Vec<Node>),
    Object {
        members: Vec<(Key, Node)>,
        key: Option<Key>,
        /// Whether the last key is YAML's merge key, `<<`.
        merging: bool,
        merged: Vec<Node>,
    },
}

impl<'t> Builder<'t> {
    pub(super) fn new(texts: &'t Texts) -> Self {
        Self {
            texts,
            stack: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            aliased: 0,
            found: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Result<Option<Node>, Vec<Diagnostic>> {
        if self.found.is_empty() {
            Ok(self.root)
        } else {
            Err(self.found)
        }
    }

    pub(super) fn error(
        &mut self,
        place: &Place,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        let found = self.found_at(place, what, help);
        self.found.push(found);
    }

    /// An error at the position of the reader.
    pub(super) fn found_at(
        &self,
        place: &Place,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        self.texts.error(place, self.pointer(), what, help)
    }

    pub(super) fn stop(
        &mut self,
        place: &Place,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Stop {
        self.error(place, what, help);
        Stop
    }

    /// Returns whether the next scalar is the key of a property.
    pub(super) fn wants_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                open: Open::Object {
                    key: None,
                    merging: false,
                    ..
                },
                ..
            })
        )
    }

    pub(super) fn key(&mut self, name: String, place: Place) {
        if let Some(Open::Object { key, .. }) = self.stack.last_mut().map(|f| &mut f.open) {
            *key = Some(Key { name, place });
        }
    }

    pub(super) fn merge_key(&mut self) {
        if let Some(Open::Object { merging, .. }) = self.stack.last_mut().map(|f| &mut f.open) {
            *merging = true;
        }
    }

    pub(super) fn scalar(&mut self, value: Value, place: Place, anchor: usize) {
        self.put(Node { value, place }, anchor);
    }

    pub(super) fn open_array(&mut self, place: Place, anchor: usize) -> Result<(), Stop> {
        self.open(place, anchor, Open::Array(Vec::new()))
    }

    pub(super) fn open_object(&mut self, place: Place, anchor: usize) -> Result<(), Stop> {
        let open = Open::Object {
            members: Vec::new(),
            key: None,
            merging: false,
            merged: Vec::new(),
        };
        self.open(place, anchor, open)
    }

    fn open(&mut self, place: Place, anchor: usize, open: Open) -> Result<(), Stop> {
        if self.wants_key() {
            return Err(self.stop(
                &place,
                "a key is a list or an object",
                "keys are text: quote it if that is what it says",
            ));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.too_deep(&place));
        }
        self.stack.push(Frame {
            place,
            anchor,
            open,
        });
        Ok(())
    }

    fn too_deep(&mut self, place: &Place) -> Stop {
        self.stop(
            place,
            format!("more than {MAX_DEPTH} levels of lists and objects inside each other"),
            "give the inner schemas names under `components` and refer to them",
        )
    }

    pub(super) fn close(&mut self) {
        let Some(Frame {
            place,
            anchor,
            open,
        }) = self.stack.pop()
        else {
            return;
        };
        let value = match open {
            // A document has millions of lists and objects of few members, and a Vec that grows has room for four.
            Open::Array(mut items) => {
                items.shrink_to_fit();
                Value::Array(items)
            }
            Open::Object {
                mut members,
                merged,
                ..
            } => {
                self.refuse_duplicates(&members);
                for node in merged {
                    self.merge(&mut members, node);
                }
                members.shrink_to_fit();
                Value::Object(members)
            }
        };
        self.put(Node { value, place }, anchor);
    }

    /// Copies the node of an anchor to its alias.
    pub(super) fn alias(&mut self, anchor: usize, place: &Place) -> Result<(), Stop> {
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(self.stop(
                place,
                "an alias is inside the value that it refers to",
                "use `$ref` for a schema that contains itself",
            ));
        };
        if self.wants_key() {
            let Value::String(name) = known.node.value.clone() else {
                return Err(self.stop(
                    place,
                    "a key is an alias of something that is not a string",
                    "write the key out",
                ));
            };
            self.key(name, place.clone());
            return Ok(());
        }
        self.aliased = self.aliased.saturating_add(known.size);
        if self.aliased > MAX_ALIASED {
            return Err(self.stop(
                place,
                format!("the aliases of this document expand to more than {MAX_ALIASED} values"),
                "use `$ref` instead of YAML aliases",
            ));
        }
        if self.stack.len() + known.depth > MAX_DEPTH {
            return Err(self.too_deep(place));
        }
        let node = known.node.clone();
        self.put(node, 0);
        Ok(())
    }

    fn put(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            let known = Anchored {
                size: size(&node),
                depth: node.depth(),
                node: node.clone(),
            };
            self.anchors.insert(anchor, known);
        }
        match self.stack.last_mut().map(|frame| &mut frame.open) {
            None => self.root = Some(node),
            Some(Open::Array(items)) => items.push(node),
            Some(Open::Object {
                members,
                key,
                merging,
                merged,
            }) => {
                if std::mem::take(merging) {
                    merged.push(node);
                } else if let Some(key) = key.take() {
                    members.push((key, node));
                }
            }
        }
    }

    fn merge(&mut self, members: &mut Vec<(Key, Node)>, node: Node) {
        match node.value {
            Value::Object(more) => {
                for (key, node) in more {
                    if !members.iter().any(|(known, _)| known.name == key.name) {
                        members.push((key, node));
                    }
                }
            }
            Value::Array(items) if items.iter().all(|i| i.as_object().is_some()) => {
                for item in items {
                    self.merge(members, item);
                }
            }
            other => self.error(
                &node.place,
                format!("`<<` merges objects, and this is {}", other.kind()),
                "quote the key if it is meant as a name",
            ),
        }
    }

    fn refuse_duplicates(&mut self, members: &[(Key, Node)]) {
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|&a, &b| members[a].0.name.cmp(&members[b].0.name));
        let mut again: Vec<(usize, usize)> = Vec::new();
        for pair in order.windows(2) {
            if members[pair[0]].0.name == members[pair[1]].0.name {
                let first = again.last().filter(|(_, second)| *second == pair[0]);
                again.push((first.map_or(pair[0], |(first, _)| *first), pair[1]));
            }
        }
        again.sort_by_key(|&(_, second)| second);
        for (first, second) in again {
            let (key, _) = &members[second];
            let pointer = format!("{}/{}", self.pointer(), escape(&key.name));
            let what = format!("duplicate `{}` in the same object", key.name);
            let found = self
                .texts
                .error(
                    &key.place,
                    pointer,
                    what,
                    "remove one of them, or join the two",
                )
                .also(members[first].0.place.clone(), "the first one");
            self.found.push(found);
        }
    }

    /// The position of the reader.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.stack {
            match &frame.open {
                Open::Array(items) => pointer.push_str(&format!("/{}", items.len())),
                Open::Object { key: Some(key), .. } => {
                    pointer.push('/');
                    pointer.push_str(&escape(&key.name));
                }
                Open::Object { .. } => {}
            }
        }
        pointer
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.iter().map(|(_, node)| size(node)).sum::<usize>(),
        _ => 1,
    }
}
