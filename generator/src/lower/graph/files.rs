//! Members of multipart bodies that are files.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Graph,
    shapes::{Hint, ObjectMember, Value, ValueKind},
};
use crate::{
    lower::{samples, site::Site},
    media_type::essence,
    model::TypeRef,
};

/// The form in which a member holds files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    One,
    List,
}

impl Holds {
    fn value(self) -> Value {
        let file = Value {
            kind: ValueKind::Simple(TypeRef::File),
            nullable: false,
        };
        match self {
            Self::One => file,
            Self::List => Value {
                kind: ValueKind::List(Box::new(file)),
                nullable: false,
            },
        }
    }
}

/// The media types of members in the `encoding` of the body.
pub(crate) type MediaTypes = BTreeMap<String, String>;

/// Returns whether content of these media types, or ranges of them, is bytes and not text.
fn are_bytes(media_types: &str) -> bool {
    media_types.split(',').all(|media_type| {
        let essence = essence(media_type);
        let is_text = essence.starts_with("text/")
            || ["json", "xml", "yaml", "javascript", "form-urlencoded"]
                .iter()
                .any(|word| essence.contains(word));
        essence.contains('/') && !essence.starts_with('*') && !is_text
    })
}

impl<'d> Graph<'d> {
    /// Resolves the schema of a multipart body. An object with files is a type of its own: the same schema in JSON has
    /// text in their place.
    pub(crate) fn multipart(
        &mut self,
        schema: &Site<'d>,
        described: MediaTypes,
        hint: Hint,
    ) -> Value {
        let sites = std::slice::from_ref(schema);
        let parts = self.flat(sites).parts;
        let is_union = |part: &Site<'d>| part.get("oneOf").is_some() || part.get("anyOf").is_some();
        if parts.iter().any(is_union) || !self.has_files(&parts, &described) {
            return self.resolve(sites, hint);
        }
        let structural: Vec<Site<'d>> = (parts.iter())
            .filter(|part| part.is_structural())
            .cloned()
            .collect();
        // Each encoding of a schema makes other members of it files.
        let key: Vec<String> = (structural.iter())
            .map(|part| format!("{}#{described:?}", part.at))
            .collect();
        let kind = match self.known.get(&key) {
            Some(&id) => ValueKind::Shape(id),
            None => {
                let outer = self.begin(schema);
                self.files = Some(described);
                let kind = self.object(&structural, hint, None, &key);
                self.files = None;
                self.end(outer);
                kind
            }
        };
        Value {
            kind,
            nullable: false,
        }
    }

    /// Resolves the schema of a multipart body that is a file, a text, or a list of them, and so has no names for its parts:
    /// a map, by the names that the caller chooses.
    pub(crate) fn unnamed_parts(&mut self, schema: &Site<'d>, hint: &str) -> Option<Value> {
        let sites = std::slice::from_ref(schema);
        let held = self.holds("", sites, &MediaTypes::new());
        let part = match held {
            Some(held) => {
                self.note_other_forms(sites);
                held.value()
            }
            None => {
                let parts = self.flat(sites).parts;
                let types: Vec<&str> = parts.iter().filter_map(|part| part.text("type")).collect();
                if types.is_empty() || !types.iter().all(|ty| ["string", "array"].contains(ty)) {
                    return None;
                }
                self.resolve(sites, Hint::Name(hint.to_owned()))
            }
        };
        Some(Value {
            kind: ValueKind::Map(Box::new(part)),
            nullable: false,
        })
    }

    /// Returns whether the schema of a body has files.
    pub(crate) fn is_upload(&self, schema: &Site<'d>, described: &MediaTypes) -> bool {
        self.has_files(&self.flat(std::slice::from_ref(schema)).parts, described)
    }

    fn has_files(&self, parts: &[Site<'d>], described: &MediaTypes) -> bool {
        let mut properties = parts.iter().flat_map(|part| part.entries("properties"));
        properties.any(|(name, site)| self.holds(name, &[site], described).is_some())
            || (parts
                .iter()
                .filter_map(|part| part.get("additionalProperties")))
            .any(|site| self.holds("", &[site], described).is_some())
    }

    /// Returns how a member holds files; `None` if it holds none.
    fn holds(&self, name: &str, sites: &[Site<'d>], described: &MediaTypes) -> Option<Holds> {
        self.holds_in(name, (sites, false), described, &mut BTreeSet::new())
    }

    /// `seen`: branches of unions, inside of a list and not. Each is looked into once: unions of unions can have far more than
    /// the document.
    fn holds_in(
        &self,
        name: &str,
        (sites, in_list): (&[Site<'d>], bool),
        described: &MediaTypes,
        seen: &mut BTreeSet<(String, bool)>,
    ) -> Option<Holds> {
        let parts = self.flat(sites).parts;
        let has = |key: &str| parts.iter().any(|part| part.get(key).is_some());
        let is = |kind: &str| {
            let mut types = parts.iter().filter_map(|part| part.text("type"));
            types.all(|name| name == kind)
        };
        let has_type = has("type");
        for key in ["oneOf", "anyOf"] {
            let branches: Vec<Site<'d>> = parts.iter().flat_map(|part| part.items(key)).collect();
            if branches.is_empty() {
                continue;
            }
            let mut held: Vec<Holds> = Vec::new();
            for branch in branches {
                if seen.insert((self.target(&branch).at, in_list)) {
                    let branch = (&[branch][..], in_list);
                    held.extend(self.holds_in(name, branch, &MediaTypes::new(), seen));
                }
            }
            let lists = held.contains(&Holds::List);
            let whole = if lists { Holds::List } else { Holds::One };
            return (!held.is_empty()).then_some(whole);
        }
        if has_type && is("array") {
            let items: Vec<Site<'d>> = parts.iter().filter_map(|part| part.get("items")).collect();
            // A list of lists is not a list of files.
            if in_list || items.is_empty() {
                return None;
            }
            let held = self.holds_in(name, (&items, true), described, seen);
            return held.map(|_| Holds::List);
        }
        let is_binary = parts
            .iter()
            .any(|part| part.text("format") == Some("binary"));
        let is_plain = ![
            "enum",
            "format",
            "properties",
            "additionalProperties",
            "items",
        ]
        .into_iter()
        .any(has);
        let is_described = is_plain && described.get(name).is_some_and(|all| are_bytes(all));
        ((is_binary || is_described) && is("string")).then_some(Holds::One)
    }

    /// Makes a member of a multipart body a file, if it holds one.
    pub(super) fn as_file(
        &mut self,
        member: &mut ObjectMember,
        sites: &[Site<'d>],
        described: &MediaTypes,
    ) {
        let Some(held) = self.holds(&member.wire, sites, described) else {
            return;
        };
        self.note_other_forms(sites);
        member.value.kind = held.value().kind;
        member.allowed = Vec::new();
        member.form = None;
        let media_types = described.get(&member.wire).map(String::as_str);
        if let Some(media_types) = media_types.or_else(|| self.media_type(sites)) {
            let all: Vec<String> = (media_types.split(','))
                .map(|one| format!("`{}`", one.trim()))
                .collect();
            let told = format!("{} Media type: {}.", member.constraints, all.join(" or "));
            member.constraints = told.trim().to_owned();
        }
        member.sample = samples::sample(self, sites, &member.value, &member.wire, None);
    }

    /// Lists the forms of a file that are none: the caller can write them as its content.
    fn note_other_forms(&mut self, sites: &[Site<'d>]) {
        for part in self.flat(sites).parts {
            for branch in ["oneOf", "anyOf"].iter().flat_map(|key| part.items(key)) {
                let target = self.target(&branch);
                let held = self.holds("", std::slice::from_ref(&branch), &MediaTypes::new());
                if held.is_none() && !super::is_null_only(&target) {
                    let what = "another form of a file, without a type: it can be sent as the content of one";
                    self.findings.constraint(&branch.at, what);
                }
            }
        }
    }

    /// The media type that the schema of a file, or of a list of files, names.
    pub(crate) fn media_type(&self, sites: &[Site<'d>]) -> Option<&'d str> {
        let parts = self.flat(sites).parts;
        let items: Vec<Site<'d>> = parts.iter().filter_map(|part| part.get("items")).collect();
        let items = self.flat(&items).parts;
        let mut all = parts.iter().chain(&items);
        all.find_map(|part| part.text("x-media-type"))
    }

    /// Makes the values of a map files, if they are.
    pub(super) fn as_files(&mut self, value: &mut Value, site: &Site<'d>, described: &MediaTypes) {
        if let Some(held) = self.holds("", std::slice::from_ref(site), described) {
            self.note_other_forms(std::slice::from_ref(site));
            value.kind = held.value().kind;
        }
    }
}
