//! OpenAPI Overlay 1.0: applies the actions of an overlay to the tree. New nodes keep the overlay's places.

mod nearest;

use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use super::{Node, Place, Value, build::MAX_DEPTH, check, escape, text::Texts};
use crate::diagnostic::{self, Diagnostic};

/// Longest target, in bytes: the path parser is recursive.
const MAX_TARGET: usize = 1000;

/// Deepest nesting of brackets in a target.
const MAX_BRACKETS: usize = 30;

/// Applies a read overlay. All actions are tried; the error holds all that failed. Actions that change nothing are noted.
/// Actions whose target is missing in a document that is converted later are returned.
pub(super) fn apply<'a>(
    texts: &'a Texts,
    document: &mut Document,
    overlay: &'a Node,
    is_lifted: fn(&Node) -> bool,
    notes: &mut Vec<Diagnostic>,
) -> Result<Vec<Action<'a>>, Vec<Diagnostic>> {
    version(texts, overlay)?;
    let errors = check::overlay(texts, overlay);
    if !errors.is_empty() {
        return Err(errors);
    }
    let (mut errors, mut later) = (Vec::new(), Vec::new());
    let actions = overlay
        .get("actions")
        .and_then(Node::as_array)
        .unwrap_or_default();
    for (index, action) in actions.iter().enumerate() {
        let run = Action {
            texts,
            node: action,
            pointer: format!("/actions/{index}"),
        };
        if is_lifted(&document.tree) && run.is_nowhere(document) {
            later.push(run);
        } else {
            errors.extend(run.apply(document, notes).err().map(|found| *found));
        }
    }
    if errors.is_empty() {
        Ok(later)
    } else {
        Err(errors)
    }
}

/// The tree with its form without places, in which targets are looked up.
pub(super) struct Document {
    pub(super) tree: Node,
    plain: serde_json::Value,
}

impl Document {
    pub(super) fn new(tree: Node) -> Self {
        let plain = tree.to_json();
        Self { tree, plain }
    }

    /// Updates the form without places below a pointer.
    fn refresh(&mut self, pointer: &str) {
        if let (Some(node), Some(plain)) = (self.tree.at(pointer), self.plain.pointer_mut(pointer))
        {
            *plain = node.to_json();
        }
    }
}

fn version(texts: &Texts, overlay: &Node) -> Result<(), Vec<Diagnostic>> {
    let Some(node) = overlay.get("overlay") else {
        return Ok(()); // The check reports it.
    };
    match node.as_str() {
        Some(version) if version != "1.0" && !version.starts_with("1.0.") => {
            let what = format!("overlays of version {version} are not supported");
            let help = "only Overlay 1.0 is: `overlay: 1.0.0`";
            Err(vec![texts.error(&node.place, "/overlay", what, help)])
        }
        _ => Ok(()),
    }
}

pub(super) struct Action<'a> {
    texts: &'a Texts,
    node: &'a Node,
    pointer: String,
}

/// Whether the document changed.
type Applied = Result<bool, Box<Diagnostic>>;

impl Action<'_> {
    fn fail(
        &self,
        place: &Place,
        key: &str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Box<Diagnostic> {
        let pointer = format!("{}/{key}", self.pointer);
        Box::new(self.texts.error(place, pointer, what, help))
    }

    /// Returns whether the target, a path, matches nothing.
    fn is_nowhere(&self, document: &Document) -> bool {
        let target = self.node.get("target").and_then(Node::as_str);
        let target = target.filter(|path| is_bearable(path));
        let path = target.and_then(|target| JsonPath::parse(target).ok());
        path.is_some_and(|path| path.query(&document.plain).is_empty())
    }

    /// Applies the action. One that changes nothing is noted.
    pub(super) fn apply(
        &self,
        document: &mut Document,
        notes: &mut Vec<Diagnostic>,
    ) -> Result<(), Box<Diagnostic>> {
        // The check of the overlay guarantees that both exist and are strings.
        let Some((target, path)) = self
            .node
            .get("target")
            .and_then(|node| Some((node, node.as_str()?)))
        else {
            return Ok(());
        };
        if !is_bearable(path) {
            let what = "the target is too long or too nested";
            return Err(self.fail(
                &target.place,
                "target",
                what,
                "split the action into several",
            ));
        }
        let parsed = match JsonPath::parse(path) {
            Ok(parsed) => parsed,
            Err(error) => {
                let what = format!("the target is not a valid JSON path: {}", error.message());
                let help = "a target reads `$.paths['/pets'].get` (RFC 9535)";
                return Err(self.fail(&target.place, "target", what, help));
            }
        };
        let mut found: Vec<Vec<Step>> = (parsed.query_located(&document.plain).locations())
            .map(steps)
            .collect();
        let removes = self.node.get("remove").and_then(Node::as_bool) == Some(true);
        if found.is_empty() {
            let missing = self.missing(document, target, path, removes);
            return match removes {
                true => {
                    notes.push(missing.into_warning());
                    Ok(())
                }
                false => Err(Box::new(missing)),
            };
        }
        found.sort();
        found.dedup();
        let mut changes = false;
        if removes {
            // From the end, so that positions in lists stay right.
            for steps in found.iter().rev() {
                changes |= self.remove(document, steps, target)?;
            }
        } else if let Some(update) = self.node.get("update") {
            for steps in &found {
                changes |= self.update(document, steps, update)?;
            }
        }
        if !changes {
            let what = "this action changes nothing: the document has these values already";
            let found = self.fail(&target.place, "target", what, "remove the action");
            notes.push(found.into_warning());
        }
        Ok(())
    }

    /// Returns the finding about a target that matches nothing, with its nearest match.
    fn missing(&self, document: &Document, target: &Node, path: &str, removes: bool) -> Diagnostic {
        let nearest = nearest::nearest(path, &document.plain);
        let place = super::tree::place(&document.tree, &document.tree.place, &pointer(&nearest.at));
        let what = match removes {
            false => format!("the target `{path}` matches nothing in the document"),
            true => format!("the target `{path}` matches nothing: there is nothing to remove"),
        };
        let (help, also) = match nearest.meant {
            Some(meant) => (
                format!("did you mean `{meant}`? Otherwise remove the action"),
                "the nearest match".to_owned(),
            ),
            None => (
                "the document has changed: correct the target, or remove the action".to_owned(),
                format!(
                    "`${}` is the last part of the target that exists",
                    written(&nearest.at)
                ),
            ),
        };
        self.fail(&target.place, "target", what, help)
            .also(place, also)
    }

    fn remove(&self, document: &mut Document, steps: &[Step], target: &Node) -> Applied {
        let Some((last, around)) = steps.split_last() else {
            let what = "the whole document can't be removed";
            return Err(self.fail(&target.place, "target", what, ""));
        };
        let around = pointer(around);
        match (document.tree.at_mut(&around).map(|n| &mut n.value), last) {
            (Some(Value::Object(members)), Step::Name(name)) => {
                members.retain(|(key, _)| key.name != *name);
            }
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
        document.refresh(&around);
        Ok(true)
    }

    fn update(&self, document: &mut Document, steps: &[Step], update: &Node) -> Applied {
        let at = pointer(steps);
        let Some(node) = document.tree.at_mut(&at) else {
            return Ok(false);
        };
        let changes = match (&mut node.value, &update.value) {
            (Value::Array(items), _) => append(items, std::slice::from_ref(update)),
            (Value::Object(_), Value::Object(_)) => merge(node, update).map_err(|clash| {
                let what = format!(
                    "the update has {} at `{}`, and the document has {}",
                    clash.update, clash.at, clash.target
                );
                let help = "remove the old value in an action before this one";
                self.fail(&clash.place, &format!("update{}", clash.at), what, help)
            })?,
            (Value::Object(_), other) => {
                let what = format!(
                    "the target is an object, and the update is {}",
                    other.kind()
                );
                return Err(self.fail(
                    &update.place,
                    "update",
                    what,
                    "an object is updated with an object",
                ));
            }
            (other, _) => {
                let what = format!(
                    "the target `#{at}` is {}; only objects and lists are updated",
                    other.kind()
                );
                let help = "target the object around it: `update: { <key>: <value> }`";
                return Err(self.fail(&update.place, "update", what, help));
            }
        };
        if !changes {
            return Ok(false);
        }
        if document.tree.at(&at).map_or(0, Node::depth) + steps.len() > MAX_DEPTH {
            let what = format!("the document has more than {MAX_DEPTH} levels after this update");
            return Err(self.fail(&update.place, "update", what, ""));
        }
        document.refresh(&at);
        Ok(true)
    }
}

/// Whether the parser of paths, which is recursive, can read this.
fn is_bearable(path: &str) -> bool {
    path.len() <= MAX_TARGET && path.matches(['(', '[']).count() <= MAX_BRACKETS
}

/// One step into the tree; the order is that of positions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    Index(usize),
}

fn steps(path: &NormalizedPath<'_>) -> Vec<Step> {
    (path.iter())
        .map(|element| match element {
            PathElement::Name(name) => Step::Name((*name).to_owned()),
            PathElement::Index(index) => Step::Index(*index),
        })
        .collect()
}

fn pointer(steps: &[Step]) -> String {
    (steps.iter())
        .map(|step| match step {
            Step::Name(name) => format!("/{}", escape(name)),
            Step::Index(index) => format!("/{index}"),
        })
        .collect()
}

/// Returns a location as a path, without the `$`.
fn written(steps: &[Step]) -> String {
    (steps.iter())
        .map(|step| match step {
            Step::Name(name) => diagnostic::path_step(name),
            Step::Index(index) => format!("[{index}]"),
        })
        .collect()
}

/// Two values that can't be merged.
struct Clash {
    at: String,
    place: Place,
    update: &'static str,
    target: &'static str,
}

/// Appends the items that a list does not have yet. Returns whether there are any.
fn append(items: &mut Vec<Node>, more: &[Node]) -> bool {
    let known: Vec<serde_json::Value> = items.iter().map(Node::to_json).collect();
    let new = more.iter().filter(|item| !known.contains(&item.to_json()));
    let before = items.len();
    items.extend(new.cloned());
    items.len() > before
}

/// Merges objects: members in both are merged when they are objects, joined when they are lists, replaced when neither
/// is either; the rest is added. Returns whether the target changed.
fn merge(target: &mut Node, update: &Node) -> Result<bool, Clash> {
    let (Value::Object(members), Value::Object(more)) = (&mut target.value, &update.value) else {
        return Ok(false);
    };
    let mut changes = false;
    for (key, value) in more {
        let Some((known_key, known)) = members.iter_mut().find(|(known, _)| known.name == key.name)
        else {
            members.push((key.clone(), value.clone()));
            changes = true;
            continue;
        };
        let inner = match (&mut known.value, &value.value) {
            (Value::Object(_), Value::Object(_)) => merge(known, value),
            (Value::Array(items), Value::Array(more)) => Ok(append(items, more)),
            // An empty key in an overlay that mirrors the document changes nothing.
            (Value::Object(_) | Value::Array(_), Value::Null) => Ok(false),
            (Value::Object(_) | Value::Array(_), other) => Err(clash(other, value, known)),
            (old, Value::Object(_) | Value::Array(_)) if *old != Value::Null => {
                Err(clash(&value.value, value, known))
            }
            (old, new) if old == new => Ok(false),
            _ => {
                *known = value.clone();
                *known_key = key.clone();
                Ok(true)
            }
        };
        changes |= inner.map_err(|mut clash| {
            clash.at = format!("/{}{}", escape(&key.name), clash.at);
            clash
        })?;
    }
    Ok(changes)
}

fn clash(update: &Value, at: &Node, target: &Node) -> Clash {
    Clash {
        at: String::new(),
        place: at.place.clone(),
        update: update.kind(),
        target: target.value.kind(),
    }
}
