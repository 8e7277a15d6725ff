//! Checks the tree against the table, and the rules that the table can't express: references, path templates, unique
//! names. Finds all mistakes; those that leave the meaning clear are warnings.

mod contradictions;
mod operations;
mod pointer;
mod references;
mod words;

use std::collections::BTreeSet;

use self::{
    pointer::At,
    references::{Mapping, Reference},
    words::{Names, missing_help, missing_target_help, nearest, short, typo, wanted},
};
use super::{
    Key, Node, Value,
    lift::{object, text},
    reading::{Reading, reading},
    scalars::scalars,
    table::{Kind, METHODS, Need, Rest, Shape, Want, scheme_needs, shape, styles},
    text::Texts,
    unescape,
};
use crate::{
    diagnostic::{Diagnostic, Mend, overlay_merge, overlay_remove, overlay_set},
    media_type::is_media_type,
};

pub(crate) use self::operations::followed;
pub(super) use self::references::decoded;

/// The result of a check.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
    /// Pointers of keys that are known to be lost.
    pub(super) ignored: BTreeSet<String>,
}

/// Checks an OpenAPI document.
pub(super) fn document(texts: &Texts, root: &Node) -> Findings {
    let mut check = Check::new(texts, false);
    if !check.version(root) {
        return check.findings;
    }
    check.object(Kind::Root, root, &At::Root);
    references::check(&mut check, root);
    operations::check(&mut check, root);
    check.scalars(root);
    check.finish()
}

/// Checks an overlay. Every unknown key is an error, since overlays are written by hand for this generator.
pub(super) fn overlay(texts: &Texts, root: &Node) -> Vec<Diagnostic> {
    let mut check = Check::new(texts, true);
    match root.value {
        Value::Object(_) => check.object(Kind::Overlay, root, &At::Root),
        _ => check.wrong_type(Want::Is(Kind::Overlay), root, &At::Root),
    }
    let findings = check.finish();
    let mut all = findings.errors;
    all.extend(findings.warnings.into_iter().map(|mut found| {
        found.severity = crate::diagnostic::Severity::Error;
        found
    }));
    all
}

/// The schema that means the same in later versions of OpenAPI, where this value is right.
fn later(name: Option<&str>, want: Want, node: &Node, pointer: &str) -> Option<String> {
    let is_schema = matches!(want, Want::Is(Kind::Schema) | Want::FlagOrSchema);
    let of = || Some(pointer.rsplit_once('/')?.0.to_owned());
    match (name, &node.value) {
        (_, Value::Bool(_)) if is_schema => Some(pointer.to_owned()),
        (Some("type"), Value::Array(_)) => of(),
        (Some("type"), Value::String(text)) if text == "null" => of(),
        (Some("items"), Value::Array(_)) if is_schema => of(),
        (Some("exclusiveMinimum" | "exclusiveMaximum"), Value::Number(_)) => of(),
        _ => None,
    }
}

/// Responses that say nothing.
fn any_response(place: &super::Place) -> Value {
    let described = object(place, vec![("description", text(place, ""))]);
    object(place, vec![("default", described)]).value
}

/// An info object of an API without a name.
fn no_info(place: &super::Place) -> Value {
    object(
        place,
        vec![("title", text(place, "")), ("version", text(place, ""))],
    )
    .value
}

struct Check<'t> {
    texts: &'t Texts,
    strict: bool,
    findings: Findings,
    references: Vec<Reference>,
    mappings: Vec<Mapping>,
    names: Names,
}

impl<'t> Check<'t> {
    fn new(texts: &'t Texts, strict: bool) -> Self {
        Self {
            texts,
            strict,
            findings: Findings::default(),
            references: Vec::new(),
            mappings: Vec::new(),
            names: Names::new(),
        }
    }

    fn finish(mut self) -> Findings {
        self.findings.errors.sort_by(|a, b| a.place.cmp(&b.place));
        self.findings.warnings.sort_by(|a, b| a.place.cmp(&b.place));
        self.findings
    }

    /// Strings without quotes.
    fn scalars(&mut self, root: &Node) {
        for scalar in scalars(self.texts, root) {
            let what = format!(
                "`{}` must be text, but it is {}; it is read as the text `{}`",
                scalar.key, scalar.kind, scalar.text
            );
            let found = (self.texts).error(&scalar.place, scalar.pointer, what, "");
            self.findings.warnings.push(found.into_warning());
        }
    }

    fn error(&mut self, place: &super::Place, at: &At<'_>, what: String, help: String) {
        let found = self.texts.error(place, at.pointer(), what, help);
        self.findings.errors.push(found);
    }

    /// An error that a tolerant run fixes.
    fn slip(&mut self, place: &super::Place, at: &At<'_>, what: String, help: String, mend: Mend) {
        let found = self.texts.error(place, at.pointer(), what, help);
        self.findings.errors.push(found.mended_by(mend));
    }

    fn warn(&mut self, place: &super::Place, at: &At<'_>, what: String, help: String) {
        let found = self.texts.error(place, at.pointer(), what, help);
        self.findings.warnings.push(found.into_warning());
    }

    /// Returns whether this is OpenAPI 3.0, and reports it if not.
    fn version(&mut self, root: &Node) -> bool {
        if root.as_object().is_none() {
            self.wrong_type(Want::Is(Kind::Root), root, &At::Root);
            return false;
        }
        if let Some((key, node)) = root.entry("swagger") {
            let version = node.to_json().to_string();
            let what = format!("this is a Swagger {} document", version.trim_matches('"'));
            self.error(
                &key.place,
                &At::Root.key("swagger"),
                what,
                "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are supported".to_owned(),
            );
            return false;
        }
        let Some((_, node)) = root.entry("openapi") else {
            let what = "`openapi`, the version of the format, is missing".to_owned();
            let help = "an OpenAPI document starts with `openapi: 3.0.3`".to_owned();
            self.error(&root.place, &At::Root, what, help);
            return false;
        };
        let version = match &node.value {
            Value::String(text) => text.clone(),
            other => match reading(self.texts, Want::Text, node, false) {
                Reading::As(Value::String(text)) => text,
                _ => other.kind().to_owned(),
            },
        };
        if version == "3.0" || version.starts_with("3.0.") {
            return true;
        }
        let what = format!("this document says that it is OpenAPI {version}");
        let help = format!(
            "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are supported. If the document uses nothing newer, an overlay can say so:\n{}",
            overlay_merge("", "{ openapi: 3.1.0 }")
        );
        self.error(&node.place, &At::Root.key("openapi"), what, help);
        false
    }

    fn object(&mut self, kind: Kind, node: &Node, at: &At<'_>) {
        let shape = shape(kind);
        let members = node.as_object().unwrap_or_default();
        if !shape.referable
            && let Some((_, target)) = node.entry("$ref")
            && target.as_str().is_some_and(|text| !text.starts_with('#'))
        {
            // A component that is missing here is in the other file.
            return self.reference(kind, target, &[], at);
        }
        let reference = if shape.referable {
            node.entry("$ref")
        } else {
            None
        };
        if let Some((_, target)) = reference {
            self.reference(kind, target, members, at);
            if kind != Kind::Schema {
                return;
            }
        }
        for (key, value) in members {
            if reference.is_some() && key.name == "$ref" {
                continue;
            }
            match shape.want(&key.name) {
                Some(want) => {
                    let free = shape.field(&key.name).is_none();
                    self.member(kind, want, key, value, free, &at.key(&key.name));
                }
                None => self.unknown_key(shape, node, key, at),
            }
        }
        if reference.is_some() {
            return;
        }
        for &(name, want, need) in shape.fields {
            let present = node
                .get(name)
                .is_some_and(|n| matches!(want, Want::Any) || !n.is_null());
            if present || need == Need::Optional {
                continue;
            }
            let what = format!("`{name}` is missing in {}", shape.name);
            let place = self.own_place(node);
            let help = match (self.strict, name) {
                (true, "description") => {
                    "every action needs a reason: `description: <why this change>`".to_owned()
                }
                (true, _) => format!("add `{name}`"),
                (false, _) => missing_help(name, at),
            };
            let without = match (kind, name) {
                (Kind::Operation, "responses") => Some(any_response(&place)),
                (Kind::RequestBody, "content") => Some(Value::Object(Vec::new())),
                (Kind::Root, "info") => Some(no_info(&place)),
                (Kind::Info, "title" | "version") => Some(Value::String(String::new())),
                _ => None,
            };
            match without {
                _ if need == Need::Filled => {
                    self.warn(&place, at, what, "it is read as empty".to_owned());
                }
                Some(value) => {
                    let mend = Mend::Put(at.pointer(), name, value);
                    self.slip(&place, at, what, help, mend);
                }
                None => self.error(&place, at, what, help),
            }
        }
        self.more(kind, node, at);
    }

    /// The place at which an object is reported as a whole.
    fn own_place(&self, node: &Node) -> super::Place {
        match node.as_object().and_then(<[_]>::first) {
            Some((key, _)) => key.place.clone(),
            None => node.place.clone(),
        }
    }

    fn reference(&mut self, kind: Kind, target: &Node, members: &[(Key, Node)], at: &At<'_>) {
        let inner = at.key("$ref");
        let Some(text) = target.as_str() else {
            let what = format!("`$ref` must be text, and it is {}", target.value.kind());
            self.error(&target.place, &inner, what, missing_target_help());
            return;
        };
        self.references.push(Reference {
            kind,
            text: text.to_owned(),
            place: target.place.clone(),
            pointer: inner.pointer(),
        });
        if kind == Kind::Schema {
            return;
        }
        for (sibling, _) in members.iter().filter(|(k, _)| k.name != "$ref") {
            let what = format!("`{}` is next to a `$ref` and is not read", sibling.name);
            let inner = at.key(&sibling.name);
            if METHODS.contains(&sibling.name.as_str()) {
                let help = "copy the operation into the path item that `$ref` names, or write the path item out";
                self.error(&sibling.place, &inner, what, help.to_owned());
            } else {
                self.warn(&sibling.place, &inner, what, String::new());
                self.findings.ignored.insert(inner.pointer());
            }
        }
    }

    fn member(&mut self, kind: Kind, want: Want, key: &Key, node: &Node, free: bool, at: &At<'_>) {
        if kind == Kind::Schema && key.name == "required" && node.as_bool().is_some() {
            let what =
                "`required` of a schema is a list of property names; a boolean has no meaning"
                    .to_owned();
            let help =
                "list the property in the `required` of the object that it belongs to".to_owned();
            self.warn(&node.place, at, what, help);
            return;
        }
        match reading(self.texts, want, node, free) {
            Reading::AsIs => self.value(want, node, at),
            Reading::Absent => {
                let what = format!("`{}` is null, and is read as if it were missing", key.name);
                self.warn(&key.place, at, what, String::new());
            }
            Reading::As(value) => {
                let what = format!(
                    "`{}` must be {}, but it is {}; it is read as {}",
                    key.name,
                    wanted(want),
                    node.value.kind(),
                    short(&value),
                );
                let place = if node.is_null() {
                    &key.place
                } else {
                    &node.place
                };
                self.warn(place, at, what, String::new());
            }
            Reading::Wrong => self.wrong_type(want, node, at),
        }
    }

    /// Looks into a value of the right type.
    fn value(&mut self, want: Want, node: &Node, at: &At<'_>) {
        match (want, &node.value) {
            (Want::Word(words), Value::String(text)) if !words.contains(&text.as_str()) => {
                self.unknown_word(words, text, node, at);
            }
            (Want::Texts, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(Want::Text, item, &at.index(index));
                }
            }
            (Want::TextMap, Value::Object(members)) => {
                for (key, node) in members
                    .iter()
                    .filter(|(key, _)| !key.name.starts_with("x-"))
                {
                    self.member(
                        Kind::Example,
                        Want::Text,
                        key,
                        node,
                        true,
                        &at.key(&key.name),
                    );
                }
            }
            (Want::Is(kind), Value::Object(_)) => self.object(kind, node, at),
            (Want::FlagOrSchema, Value::Object(_)) => self.object(Kind::Schema, node, at),
            (Want::Many(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(Want::Is(kind), item, &at.index(index));
                }
            }
            (Want::Map(kind), Value::Object(members)) => {
                for (key, node) in members {
                    let at = at.key(&key.name);
                    if key.name.starts_with("x-") && node.as_object().is_none() {
                        let what = format!("`{}` is an extension, which can't be here", key.name);
                        let help = format!("in an overlay:\n{}", overlay_remove(&at.pointer()));
                        let mend = Mend::Remove(at.pointer());
                        self.slip(&key.place, &at, what, help, mend);
                        continue;
                    }
                    self.member(kind, Want::Is(kind), key, node, true, &at);
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, want: Want, node: &Node, at: &At<'_>) {
        match reading(self.texts, want, node, false) {
            Reading::AsIs => self.value(want, node, at),
            Reading::As(value) => {
                let what = format!(
                    "this must be {}, but it is {}; it is read as {}",
                    wanted(want),
                    node.value.kind(),
                    short(&value),
                );
                self.warn(&node.place, at, what, String::new());
            }
            Reading::Absent | Reading::Wrong => self.wrong_type(want, node, at),
        }
    }

    fn wrong_type(&mut self, want: Want, node: &Node, at: &At<'_>) {
        let what = match at.name() {
            Some(name) => format!(
                "`{name}` must be {}, but it is {}",
                wanted(want),
                node.value.kind()
            ),
            None => format!(
                "this must be {}, but it is {}",
                wanted(want),
                node.value.kind()
            ),
        };
        let pointer = at.pointer();
        let help = match (at.name(), want, &node.value) {
            (Some("exclusiveMinimum" | "exclusiveMaximum"), _, Value::Number(_)) => {
                "in OpenAPI 3.0 this is a boolean next to `minimum` or `maximum`".to_owned()
            }
            (Some("type"), _, Value::Array(_)) => {
                "in OpenAPI 3.0 a schema has one type; write `nullable: true` for null, `anyOf` for alternatives"
                    .to_owned()
            }
            _ if self.strict || pointer.is_empty() => "correct it".to_owned(),
            _ => format!(
                "correct it, or remove it in an overlay and add it as it should be:\n{}",
                overlay_remove(&pointer)
            ),
        };
        if let Some(schema) = later(at.name(), want, node, &pointer) {
            self.slip(&node.place, at, what, help, Mend::Later(schema));
            return;
        }
        let is_prose = matches!(at.name(), Some("description" | "summary" | "title"));
        if is_prose && matches!(want, Want::Text) && node.get("$ref").is_some() {
            let mend = Mend::Set(pointer, Value::String(String::new()));
            self.slip(&node.place, at, what, help, mend);
        } else {
            self.error(&node.place, at, what, help);
        }
    }

    fn unknown_word(&mut self, words: &[&str], text: &str, node: &Node, at: &At<'_>) {
        let name = at.name().unwrap_or("this");
        let what = format!("`{name}` can't be `{text}`");
        let pointer = at.pointer();
        if (at.name(), text) == (Some("in"), "querystring") {
            let what = "a parameter in `querystring` is supported in OpenAPI 3.2 if its content is a form of named properties".to_owned();
            let help = "describe what it has as parameters in `query`, or as `application/x-www-form-urlencoded` with `properties`".to_owned();
            self.error(&node.place, at, what, help);
            return;
        }
        let help = match nearest(text, words.iter().copied()) {
            Some(word) => format!(
                "did you mean `{word}`? In an overlay:\n{}",
                overlay_set(&pointer, word)
            ),
            None if text == "null" => {
                "in OpenAPI 3.0 null is allowed by `nullable: true` next to a type".to_owned()
            }
            None if text == "file" => "a file is `type: string` with `format: binary`".to_owned(),
            None => format!(
                "it is one of {}. In an overlay:\n{}",
                words::list(words),
                overlay_set(&pointer, words.first().unwrap_or(&"…"))
            ),
        };
        let same = |word: &&&str| word.eq_ignore_ascii_case(text);
        match words.iter().find(same) {
            Some(&word) => {
                let mend = Mend::Set(pointer, Value::String(word.to_owned()));
                self.slip(&node.place, at, what, help, mend);
            }
            None => match later(Some(name), Want::Any, node, &pointer) {
                Some(schema) => self.slip(&node.place, at, what, help, Mend::Later(schema)),
                None => self.error(&node.place, at, what, help),
            },
        }
    }

    fn unknown_key(&mut self, shape: &Shape, node: &Node, key: &Key, at: &At<'_>) {
        let inner = at.key(&key.name);
        let what = format!("`{}` means nothing in {}", key.name, shape.name);
        if let Rest::Members(_, _, rule) = shape.rest {
            let help = format!(
                "{rule}. To leave it out, in an overlay:\n{}",
                overlay_remove(&inner.pointer())
            );
            let ranges = ["1XX", "2XX", "3XX", "4XX", "5XX", "default"];
            let meant = ranges
                .iter()
                .find(|name| name.eq_ignore_ascii_case(&key.name));
            match meant.filter(|_| shape.name == super::table::shape(Kind::Responses).name) {
                Some(name) => {
                    let mend = Mend::Rename(inner.pointer(), name);
                    self.slip(&key.place, &inner, what, help, mend);
                }
                None => self.error(&key.place, &inner, what, help),
            }
            return;
        }
        let absent = |name: &&str| node.get(name).is_none();
        let names = shape.fields.iter().map(|(name, _, _)| *name).filter(absent);
        match typo(&key.name, names) {
            Some(word) => {
                let mut help = format!("did you mean `{word}`?");
                if !self.strict {
                    help.push_str(" To leave it out, in an overlay:\n");
                    help.push_str(&overlay_remove(&inner.pointer()));
                }
                let mend = Mend::Remove(inner.pointer());
                self.slip(&key.place, &inner, what, help, mend);
            }
            None => {
                self.warn(
                    &key.place,
                    &inner,
                    format!("{what} and is not read"),
                    String::new(),
                );
                self.findings.ignored.insert(inner.pointer());
            }
        }
    }

    /// A header whose name is not a token (RFC 9110) can't be sent.
    fn header_name(&mut self, node: &Node, at: &At<'_>) {
        let is_header = node.get("in").and_then(Node::as_str) == Some("header");
        let Some((name, text)) = node
            .get("name")
            .and_then(|name| Some((name, name.as_str()?)))
        else {
            return;
        };
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if !is_header || (!text.is_empty() && text.chars().all(is_token)) {
            return;
        }
        let inner = at.key("name");
        let what = format!("a header can't have the name `{text}`");
        let help =
            "correct the name: it has letters, digits and some of !#$%&'*+-.^_`|~ only".to_owned();
        self.error(&name.place, &inner, what, help);
    }

    /// Content is sent with its key as `Content-Type`, whichever text that is.
    fn media_types(&mut self, node: &Node, at: &At<'_>) {
        let content = node.get("content").and_then(Node::as_object);
        for (key, _) in content.unwrap_or_default() {
            if !is_media_type(&key.name) && !key.name.starts_with("x-") {
                let what = format!(
                    "`{}` is not a media type, so that its schema is not used",
                    key.name
                );
                let help =
                    "write a media type, such as `application/json` or `multipart/form-data`";
                let inner = at.key("content");
                self.warn(&key.place, &inner.key(&key.name), what, help.to_owned());
            }
        }
    }

    /// Rules of single kinds that span more than one key.
    fn more(&mut self, kind: Kind, node: &Node, at: &At<'_>) {
        contradictions::check(self, kind, node, at);
        let kinds = [
            Kind::Parameter,
            Kind::Header,
            Kind::RequestBody,
            Kind::Response,
        ];
        if kinds.contains(&kind) {
            self.media_types(node, at);
        }
        let here = self.own_place(node);
        let pointer = || at.pointer();
        match kind {
            Kind::Parameter => {
                self.header_name(node, at);
                let location = node.get("in").and_then(Node::as_str).unwrap_or("");
                if let Some((style, text)) = node.get("style").and_then(|s| Some((s, s.as_str()?)))
                {
                    let allowed = styles(location);
                    let known = matches!(shape(kind).field("style"), Some(Want::Word(all)) if all.contains(&text));
                    if !location.is_empty() && known && !allowed.contains(&text) {
                        let what =
                            format!("a parameter in `{location}` can't have the style `{text}`");
                        let inner = at.key("style");
                        let help = format!(
                            "it is one of {}. In an overlay:\n{}",
                            words::list(allowed),
                            overlay_set(&inner.pointer(), allowed[0])
                        );
                        self.error(&style.place, &inner, what, help);
                    }
                }
                let content = node.get("content").and_then(Node::as_object);
                let schema = node.get("schema").is_some_and(|n| !n.is_null());
                match (schema, content) {
                    (false, None | Some([])) => {
                        let what =
                            "a parameter without a type: neither `schema` nor `content`".to_owned();
                        let help = format!(
                            "add one, for instance in an overlay:\n{}",
                            overlay_merge(&pointer(), "{ schema: { type: string } }")
                        );
                        let any = object(&here, vec![("type", text(&here, "string"))]);
                        let mend = Mend::Put(pointer(), "schema", any.value);
                        self.slip(&here, at, what, help, mend);
                    }
                    (true, Some([_, ..])) => {
                        let what = "a parameter with both `schema` and `content`".to_owned();
                        let help = format!(
                            "keep one of them. In an overlay:\n{}",
                            overlay_remove(&at.key("schema").pointer())
                        );
                        self.error(&here, at, what, help);
                    }
                    (false, Some([_, second, ..])) => {
                        let what =
                            "`content` of a parameter has more than one media type".to_owned();
                        let inner = at.key("content");
                        let more = inner.key(&second.0.name);
                        let help = format!(
                            "keep one of them. In an overlay:\n{}",
                            overlay_remove(&more.pointer())
                        );
                        let mend = Mend::Remove(more.pointer());
                        self.slip(&second.0.place, &more, what, help, mend);
                    }
                    _ => {}
                }
                let required = node.get("required").and_then(Node::as_bool);
                if location == "path" && required != Some(true) {
                    let what =
                        "a path parameter is always required; this one does not say so".to_owned();
                    self.warn(&here, at, what, "it is read as `required: true`".to_owned());
                }
            }
            Kind::Header if node.get("schema").is_none() && node.get("content").is_none() => {
                let what = "a header without a type: neither `schema` nor `content`".to_owned();
                self.warn(&here, at, what, "it is read as any text".to_owned());
            }
            Kind::Link => {
                let targets = ["operationId", "operationRef"];
                if targets.iter().all(|key| node.get(key).is_none()) {
                    let what =
                        "a link without `operationId` or `operationRef` leads nowhere".to_owned();
                    let help = format!("in an overlay:\n{}", overlay_remove(&pointer()));
                    self.error(&here, at, what, help);
                }
            }
            Kind::Discriminator => {
                let inner = at.key("mapping");
                let mapping = node
                    .get("mapping")
                    .and_then(Node::as_object)
                    .unwrap_or_default();
                for (tag, target) in mapping
                    .iter()
                    .filter(|(tag, _)| !tag.name.starts_with("x-"))
                {
                    if let Value::String(text) = &target.value {
                        self.mappings.push(Mapping {
                            tag: tag.name.clone(),
                            text: text.clone(),
                            place: target.place.clone(),
                            pointer: inner.key(&tag.name).pointer(),
                        });
                    }
                }
            }
            Kind::Callback => {
                for (key, _) in node.as_object().unwrap_or_default() {
                    if key.name.starts_with("x-") {
                        let inner = at.key(&key.name);
                        let what = format!("`{}` of a callback is not read", key.name);
                        self.warn(&key.place, &inner, what, String::new());
                        self.findings.ignored.insert(inner.pointer());
                    }
                }
            }
            Kind::SecurityScheme => {
                self.header_name(node, at);
                let name = node.get("type").and_then(Node::as_str).unwrap_or("");
                for key in scheme_needs(name) {
                    if node.get(key).is_none_or(Node::is_null) {
                        let what =
                            format!("`{key}` is missing in a security scheme of type `{name}`");
                        self.error(&here, at, what, missing_help(key, at));
                    }
                }
                let scheme = node.get("scheme").and_then(Node::as_str).unwrap_or("");
                let is_known = ["basic", "bearer"]
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(scheme));
                if name == "http" && !scheme.is_empty() && !is_known {
                    let pointer = at.pointer();
                    let own = unescape(pointer.rsplit('/').next().unwrap_or_default());
                    let what =
                        format!("the client does not know the authentication scheme `{scheme}`");
                    let help = format!(
                        "give it the whole header `Authorization` by `api_key_for(\"{own}\", …)`"
                    );
                    self.warn(&here, at, what, help);
                }
            }
            Kind::Action => {
                let update = node.get("update").is_some();
                let remove = node.get("remove").and_then(Node::as_bool) == Some(true);
                if update == remove {
                    let what = if update {
                        "an action both updates and removes its target"
                    } else {
                        "an action does nothing: it has neither `update` nor `remove: true`"
                    };
                    self.error(&here, at, what.to_owned(), "write one of them".to_owned());
                }
            }
            _ => {}
        }
    }
}
