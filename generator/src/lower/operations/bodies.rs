//! Bodies of requests, each media type for itself.

use super::{
    RawBody, Reader,
    names::{Name, Namer},
    payloads::{choose, has_parts, is_same_type, plain, short},
};
use crate::{
    diagnostic::overlay_remove,
    lower::{
        graph::{Hint, Value, ValueKind},
        samples,
        site::{Site, component},
        words,
    },
    media_type::{is_form, is_form_data, is_json, is_multipart, is_text},
    model::{BodyEncoding, TypeRef},
};

/// Why a media type can't be sent, and the fix.
type Fault = (String, String);

impl<'d> Reader<'_, 'd> {
    /// Reads the media types of the body. The first operation has the name of the operation, unless the lock has that name for
    /// a media type that is gone.
    pub(super) fn bodies(
        &mut self,
        method: &str,
        base: Name,
        namer: &mut Namer<'_>,
    ) -> Vec<(Name, Option<RawBody>)> {
        let path = self.path;
        let called = self.locked_path.clone().unwrap_or_else(|| path.to_owned());
        let site = self.site.get("requestBody");
        let site = site.filter(|_| self.operation.request_body.is_some());
        let Some(site) = site.map(|site| self.graph.target(&site)) else {
            namer.keep(&base, method, (path, &called), (None, false));
            return vec![(base, None)];
        };
        let content = site.entries("content");
        let mut found: Vec<(Name, Option<RawBody>)> = Vec::new();
        let mut faults: Vec<(Site<'d>, Fault)> = Vec::new();
        // Schemas that have a type already.
        let mut known: Vec<(Name, Site<'d>)> = Vec::new();
        let mut rest = content.clone();
        let first = self.first_bodies(method, &base, &content);
        for (media_type, media) in first.iter().cloned() {
            let sent = match media_type.contains('*') {
                true => within(media_type, self.schema_of(&media).as_ref()),
                false => media_type,
            };
            if sent != media_type {
                // A range says no more than the media type beside it.
                if first.iter().any(|(name, _)| *name == sent) {
                    continue;
                }
                let what = format!("any of {media_type}; {sent} is sent");
                self.graph.findings.constraint(&media.at, &what);
            }
            let hint = self.hint(&site, &base.type_name, None);
            match self.body(&site, sent, &media, media.get("schema"), hint) {
                Ok(body) => {
                    namer.keep(&base, method, (path, &called), (Some(media_type), false));
                    rest.retain(|(other, _)| *other != media_type);
                    known.extend(media.get("schema").map(|schema| (base.clone(), schema)));
                    found.push((base.clone(), Some(body)));
                    break;
                }
                Err(fault) => faults.push((media, fault)),
            }
        }
        let first = found.first().and_then(|(_, body)| body.as_ref());
        let first = first.map(|body| body.media_type.clone());
        let mut further = Vec::new();
        let mut left_out: Vec<(&str, Site<'d>, Option<String>)> = Vec::new();
        for (media_type, media) in rest {
            match self.is_way(media_type, &media, &content, first.as_deref()) {
                true => further.push((media_type, media)),
                false => left_out.push((media_type, media, None)),
            }
        }
        let names = self.named_bodies(method, &base, &further, namer);
        for ((media_type, media), name) in further.into_iter().zip(names) {
            let schema = self.known_schema(&media, &name, &known);
            let hint = self.hint(&site, &name.type_name, Some(media_type));
            match self.body(&site, media_type, &media, schema, hint) {
                Ok(body) => {
                    namer.keep(&name, method, (path, &called), (Some(media_type), true));
                    known.extend(media.get("schema").map(|schema| (name.clone(), schema)));
                    found.push((name, Some(body)));
                }
                Err(fault) => {
                    namer.drop(&name);
                    left_out.push((media_type, media.clone(), Some(fault.0.clone())));
                    // One that could not be the first one is tried twice.
                    if !faults.iter().any(|(known, _)| known.at == media.at) {
                        faults.push((media, fault));
                    }
                }
            }
        }
        let sent = found.iter().find_map(|(_, body)| body.as_ref());
        if let Some(sent) = sent.map(|body| body.media_type.clone()) {
            for (media_type, media, why) in left_out {
                let why = why.map_or_else(String::new, |why| format!(": {why}"));
                let what = format!("the body as {media_type}{why}; {sent} is sent");
                self.graph.findings.constraint(&media.at, &what);
            }
            return found;
        }
        for (media, (what, help)) in faults {
            self.refuse_at(&media.at, &what, &help);
        }
        namer.keep(&base, method, (path, &called), (None, false));
        vec![(base, None)]
    }

    /// Returns whether a further media type is another way to send the body: not only another encoding of its values, such as
    /// XML, which is not typed.
    fn is_way(
        &self,
        media_type: &str,
        media: &Site<'d>,
        content: &[(&'d str, Site<'d>)],
        first: Option<&str>,
    ) -> bool {
        let schema = media.get("schema").map(|schema| schema.at);
        let earlier = |name: &str| name < media_type || first == Some(name);
        let mut earlier = content.iter().filter(|(name, _)| earlier(name));
        let is_again = |(name, other): &(&str, Site<'d>)| {
            let other = other.get("schema").map(|schema| schema.at);
            is_same_type(media_type, name) && self.is_same(&other, &schema)
        };
        let is_typed = is_json(media_type) || is_form(media_type) || is_multipart(media_type);
        !media_type.contains('*')
            && !earlier.any(is_again)
            && (is_typed || self.is_text_only(media))
    }

    fn schema_of(&self, media: &Site<'d>) -> Option<Site<'d>> {
        Some(self.graph.target(&media.get("schema")?))
    }

    /// Returns whether values of the schema are text or bytes.
    fn is_text_only(&self, media: &Site<'d>) -> bool {
        let schema = self.schema_of(media);
        schema.is_none_or(|schema| match schema.text("type") {
            Some(kind) => kind == "string",
            None => !has_parts(&schema),
        })
    }

    /// Returns a schema that is written like that of this media type, so that they are one type. Types that the lock has already
    /// stay.
    fn known_schema(
        &self,
        media: &Site<'d>,
        name: &Name,
        known: &[(Name, Site<'d>)],
    ) -> Option<Site<'d>> {
        let schema = media.get("schema")?;
        let json = schema.node.to_json();
        let locked = |name: &Name| self.old.at(&lock_use(name));
        let own = locked(name);
        let same = known.iter().find(|(other, site)| {
            (own.is_none() || own == locked(other)) && site.node.to_json() == json
        });
        Some(same.map_or(schema, |(_, site)| site.clone()))
    }

    /// The name of the type of a body without a name.
    fn hint(&self, site: &Site<'d>, type_name: &str, further: Option<&str>) -> String {
        let component = component(&site.at);
        let Some(component) = component else {
            return format!("{type_name}Body");
        };
        let end = further.map_or_else(String::new, |media_type| words::pascal(&short(media_type)));
        match self.is_schema(&component) {
            true => format!("{}{end}Body", words::type_name(&component)),
            false => format!("{}{end}", words::type_name(&component)),
        }
    }

    /// Reads the body as one media type.
    fn body(
        &mut self,
        site: &Site<'d>,
        media_type: &str,
        media: &Site<'d>,
        schema: Option<Site<'d>>,
        hint: String,
    ) -> Result<RawBody, Fault> {
        let (encoding, value) = self.encoded(media_type, media, schema.as_ref(), hint)?;
        let schema: Vec<Site<'d>> = media.get("schema").into_iter().collect();
        let given = samples::given(self.graph.document, media);
        Ok(RawBody {
            encoding,
            sample: samples::sample(self.graph, &schema, &value, "body", given),
            value,
            required: site.flag("required"),
            docs: site.text("description").unwrap_or_default().to_owned(),
            media_type: media_type.to_owned(),
            schema: schema.into_iter().next().map(|schema| schema.at),
        })
    }

    fn encoded(
        &mut self,
        media_type: &str,
        media: &Site<'d>,
        schema: Option<&Site<'d>>,
        hint: String,
    ) -> Result<(BodyEncoding, Value), Fault> {
        let fault = |what: &str, help: &str| Err((what.to_owned(), help.to_owned()));
        if is_form(media_type) {
            let value = of_members(self.value_of(schema.cloned(), hint));
            if value.kind == ValueKind::Simple(TypeRef::String) && self.is_only_body() {
                let what = "the fields of the form: its schema is text, which the caller writes";
                self.graph.findings.constraint(&media.at, what);
                return Ok((BodyEncoding::Text, value));
            }
            if !self.is_object(&value) {
                return fault(
                    "a form body must be an object",
                    "describe its fields with `properties`",
                );
            }
            return Ok((BodyEncoding::Form(self.form(media, &value)), value));
        }
        if is_json(media_type) {
            let target = schema.map(|schema| self.graph.target(schema));
            if let Some(target) = target.filter(|target| target.text("format") == Some("binary")) {
                let what = format!("`format: binary` in {media_type}: a string of JSON, not bytes");
                self.graph.findings.constraint(&target.at, &what);
            }
            let value = self.value_of(schema.cloned(), hint);
            if let Some(schema) = schema.filter(|_| value.nullable) {
                let what = "`null` as the whole body, which can't be sent";
                self.graph.findings.constraint(&schema.at, what);
            }
            return Ok((BodyEncoding::Json, value));
        }
        if is_multipart(media_type) {
            let value = match schema {
                Some(schema) => {
                    let described = self.media_types(media);
                    let unnamed = match self.is_only_body() {
                        true => self.graph.unnamed_parts(schema, &hint),
                        false => None,
                    };
                    match unnamed {
                        Some(value) => {
                            let what = "the names of the parts: the body is not an object, and the caller names them";
                            self.graph.findings.constraint(&media.at, what);
                            value
                        }
                        None => self.graph.multipart(schema, described, Hint::Name(hint)),
                    }
                }
                None => plain(TypeRef::Json),
            };
            let value = of_members(value);
            // Files of a union are not known as such.
            if !self.is_object(&value) || self.is_union(&value) {
                let remove = overlay_remove(&self.site.at);
                let help = format!(
                    "describe its parts with `properties`, or leave the operation out, in an overlay:\n{remove}"
                );
                return fault("a multipart body must be an object", &help);
            }
            if value.kind == ValueKind::Simple(TypeRef::JsonObject) {
                let what = "parts that are files: the body has no `properties`";
                self.graph.findings.constraint(&media.at, what);
            }
            let mut form = self.multipart(media, &value);
            if !is_form_data(media_type) {
                let what = format!("parts of {media_type}: each has its name, as in a form");
                self.graph.findings.constraint(&media.at, &what);
                self.ordered(&mut form, &value);
            }
            return Ok((BodyEncoding::Multipart(form), value));
        }
        let is_bytes = !is_text(media_type);
        self.note_untyped(media_type, media, is_bytes);
        Ok(match is_bytes {
            true => (BodyEncoding::Bytes, plain(TypeRef::Bytes)),
            false => (BodyEncoding::Text, plain(TypeRef::String)),
        })
    }

    /// Whether the operation has no other media type that it could be sent as.
    fn is_only_body(&self) -> bool {
        let body = self.site.get("requestBody");
        let body = body.map(|body| self.graph.target(&body));
        body.is_none_or(|body| body.entries("content").len() < 2)
    }

    /// The media type that is sent. A form that has files in its multipart variant only is sent as that.
    pub(super) fn choose_body(
        &self,
        content: &[(&'d str, Site<'d>)],
    ) -> Option<(&'d str, Site<'d>)> {
        let chosen = choose(content)?;
        if is_json(chosen.0) || is_multipart(chosen.0) {
            return Some(chosen);
        }
        let has_files = |media: &Site<'d>| {
            let described = self.media_types(media);
            let schema = media.get("schema");
            schema.is_some_and(|schema| self.graph.is_upload(&schema, &described))
        };
        let upload = content
            .iter()
            .find(|(name, media)| is_multipart(name) && has_files(media));
        Some(upload.cloned().unwrap_or(chosen))
    }
}

/// The media type that is sent if the document leaves it open (`*/*`, `text/*`): the schema decides.
fn within(range: &str, schema: Option<&Site<'_>>) -> &'static str {
    let text = |key| schema.and_then(|schema| schema.text(key));
    let has_parts = schema.is_some_and(has_parts);
    match (text("type"), text("format")) {
        _ if range.starts_with("multipart/") => "multipart/form-data",
        (Some("string"), Some("binary")) => "application/octet-stream",
        (Some("string"), _) if !range.starts_with("application/") => "text/plain",
        (None, _) if !has_parts => "application/octet-stream",
        _ if range.starts_with("text/") => "text/plain",
        _ if range.starts_with("*/") || range.starts_with("application/") => "application/json",
        _ => "application/octet-stream",
    }
}

/// A body of members of which the document says nothing.
fn of_members(value: Value) -> Value {
    match value.kind {
        ValueKind::Simple(TypeRef::Json) => plain(TypeRef::JsonObject),
        _ => value,
    }
}

/// The use of the type of a body in the lock.
fn lock_use(name: &Name) -> String {
    format!("{}.body", name.before)
}
