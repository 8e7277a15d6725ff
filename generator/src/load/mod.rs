//! Reads a text into a document that remembers the place of every node.
//!
//! One way: text -> tree with places -> overlays -> lift to OpenAPI 3.0 -> check -> normalise -> openapiv3. All mistakes of
//! a step are found before loading fails. Pure: the same texts result in the same document or the same findings.

mod build;
mod bundle;
mod check;
mod deep;
mod fingerprint;
mod import;
mod json;
mod leave_out;
mod library;
mod lift;
mod normalise;
mod overlay;
mod reading;
mod scalars;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod typed;
mod unread;
mod visit;
mod yaml;

use std::collections::BTreeMap;

pub(crate) use check::followed;
pub(crate) use deep::{STACK, deep};
pub(crate) use lift::{AS_IT_IS, IS_ITEM, SEPARATOR, sent};
pub(crate) use normalise::uses_authorization;
pub(crate) use table::METHODS;
use text::Texts;
pub(crate) use visit::Used;

pub use self::bundle::files_of;
pub use self::leave_out::{LeftOut, Part};
pub use self::library::Library;
pub use self::tree::{Key, Node, Place, Value, escape, unescape};
use crate::diagnostic::Diagnostic;

/// A text to load, and its name in messages.
#[derive(Clone, Debug)]
pub struct Source {
    /// As shown in messages: `spec/insight.yaml`.
    pub name: String,
    /// YAML or JSON.
    pub text: String,
}

/// An OpenAPI 3.0 document: checked, with overlays applied, normalised.
#[derive(Clone, Debug)]
pub struct Document {
    index: tree::Index,
    /// The document as openapiv3 has it.
    pub openapi: openapiv3::OpenAPI,
    root: Node,
    texts: Texts,
    unread: Vec<Diagnostic>,
    foreign: library::Foreign,
}

/// Loads a document and applies overlays to it, in their order. The error holds every mistake found.
pub fn load(document: &Source, overlays: &[Source]) -> Result<Document, Vec<Diagnostic>> {
    Library::read([(document, overlays)]).document(0)
}

/// Reads one text alone, as it is.
pub(crate) fn tree(source: &Source) -> Result<Node, Vec<Diagnostic>> {
    read(&Texts::new([source]), 0, source, &mut Vec::new())
}

/// The tree of a document with its overlays applied; its text is the one of this number.
fn changed(
    texts: &Texts,
    first: usize,
    document: &Source,
    overlays: &[Source],
    (files, first_file): (&[Source], usize),
    notes: &mut Vec<Diagnostic>,
) -> Result<Node, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut keep =
        |read: Result<Node, Vec<Diagnostic>>| read.map_err(|found| errors.extend(found)).ok();
    let root = keep(read(texts, first, document, notes));
    let overlays: Vec<Node> = (overlays.iter().zip(first + 1..))
        .filter_map(|(overlay, index)| keep(read(texts, index, overlay, notes)))
        .collect();
    let Some(mut root) = root.filter(|_| errors.is_empty()) else {
        return Err(errors);
    };
    bundle::bundle(texts, &mut root, files, first_file, notes)?;
    if overlays.is_empty() {
        lift::lift(texts, &mut root, notes);
        return Ok(root);
    }
    let mut document = overlay::Document::new(root);
    let mut postponed = Vec::new();
    for overlay in &overlays {
        match overlay::apply(texts, &mut document, overlay, lift::is_lifted, notes) {
            Ok(later) => postponed.extend(later),
            Err(found) => errors.extend(found),
        }
    }
    lift::lift(texts, &mut document.tree, notes);
    // Messages about a converted document refer to its OpenAPI 3.0 form.
    if !postponed.is_empty() {
        document = overlay::Document::new(document.tree);
        for action in postponed {
            let applied = action.apply(&mut document, notes);
            errors.extend(applied.err().map(|found| *found));
        }
    }
    if errors.is_empty() {
        Ok(document.tree)
    } else {
        Err(errors)
    }
}

/// Reads one text into a tree.
fn read(
    texts: &Texts,
    index: usize,
    source: &Source,
    notes: &mut Vec<Diagnostic>,
) -> Result<Node, Vec<Diagnostic>> {
    let name = texts.name(index);
    let strict = source.name.ends_with(".json");
    let root = if strict || json::looks_like(&source.text) {
        match json::read(texts, &name, &source.text) {
            // YAML's flow style opens like JSON.
            Err(_) if !strict => yaml::read(texts, &name, &source.text, notes)?,
            // YAML has what JSON almost has: commas at the end of a list, and texts without quotes.
            Err(errors) => match yaml::read(texts, &name, &source.text, notes) {
                Ok(root) => {
                    notes.extend(errors.into_iter().map(Diagnostic::into_warning));
                    root
                }
                Err(_) => return Err(errors),
            },
            Ok(root) => root,
        }
    } else {
        yaml::read(texts, &name, &source.text, notes)?
    };
    root.ok_or_else(|| {
        let place = Place {
            file: name,
            line: 1,
            column: 1,
        };
        vec![texts.error(&place, "", "the document is empty", "")]
    })
}

impl Document {
    /// Returns the node at a JSON pointer (RFC 6901) in the normalised tree.
    pub fn node(&self, pointer: &str) -> Option<&Node> {
        self.index.at(&self.root, pointer)
    }

    /// The normalised tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the place of a node: the value for scalars, the key for objects and lists that have one. If the pointer
    /// names nothing, the place of the nearest node around it.
    pub fn place(&self, pointer: &str) -> Place {
        self.index.place(&self.root, pointer)
    }

    /// An error at a pointer.
    pub fn error(
        &self,
        pointer: &str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        self.texts.error(&self.place(pointer), pointer, what, help)
    }

    /// Returns a number that changes when the schema at a pointer does, or one that it refers to: only validity counts,
    /// not descriptions. `None` if the pointer names nothing.
    pub fn fingerprint(&self, pointer: &str) -> Option<u64> {
        fingerprint::fingerprint(&self.root, pointer)
    }

    /// Schemas that were copied from other documents of the [`Library`], by name, and the number of each one's document.
    pub fn foreign(&self) -> &BTreeMap<String, usize> {
        &self.foreign
    }

    /// Warnings: mistakes that were tolerated, and keys that openapiv3 lost, in the document's order.
    pub fn unread(&self) -> &[Diagnostic] {
        &self.unread
    }
}
