//! Forms and multipart bodies: how their members are written.

use std::collections::BTreeSet;

use super::{Plainness, Reader, params::separator};
use crate::{
    load::Node,
    lower::{
        graph::{MediaTypes, Value, ValueKind},
        site::Site,
    },
    media_type::is_json,
    model::{Form, Part, Style, TypeRef},
};

impl<'d> Reader<'_, 'd> {
    /// Reads the `encoding` of a form. Defaults of OpenAPI 3.0 that are used are reported: an object, and each object of a
    /// list, is JSON, unless other members of the same form are `deepObject`.
    pub(super) fn form(&mut self, media: &Site<'d>, value: &Value) -> Form {
        let members = self.members(value);
        let described = media.entries("encoding");
        let mut form = Form::default();
        for (name, site) in &described {
            let member = members.iter().find(|member| member.wire == *name);
            if member.is_none() {
                self.graph.findings.constraint(
                    &site.at,
                    &format!("the encoding of `{name}`: the form has no such property"),
                );
            }
            if let Some(part) = self.part(name, site, member, false) {
                form.is_deep |= part.style == Style::DeepObject;
                form.parts.push(part);
            }
        }
        for member in members {
            let is_described = form.parts.iter().any(|part| part.wire == member.wire);
            if member.has_objects && !is_described {
                let how = match form.is_deep {
                    true => "as `name[member]`, like others of this form",
                    false => "as JSON",
                };
                let what = format!(
                    "`{}` has no encoding: objects in it are sent {how}",
                    member.wire
                );
                self.graph.findings.constraint(&member.place, &what);
            }
        }
        form
    }

    /// Reads the `encoding` of a multipart body. An object without one is JSON, and each item of a list is a part.
    pub(super) fn multipart(&mut self, media: &Site<'d>, value: &Value) -> Form {
        let members = self.members(value);
        let mut form = Form::default();
        let described = media.entries("encoding");
        for (name, site) in &described {
            let member = members.iter().find(|member| member.wire == *name);
            if member.is_none() {
                self.graph.findings.constraint(
                    &site.at,
                    &format!("the encoding of `{name}`: the body has no such property"),
                );
                continue;
            }
            for (header, place) in site.entries("headers") {
                if !header.eq_ignore_ascii_case("content-type") {
                    let what =
                        format!("the header `{header}` of the part `{name}`, which is not sent");
                    self.graph.findings.constraint(&place.at, &what);
                }
            }
            form.parts.extend(self.part(name, site, member, true));
        }
        for member in &members {
            let is_described = form.parts.iter().any(|part| part.wire == member.wire);
            let site = Site::find(self.graph.document, &member.place);
            let media_type = self
                .graph
                .media_type(&Vec::from_iter(site))
                .and_then(first_of);
            if let Some(media_type) = media_type.filter(|_| !is_described) {
                form.parts.push(Part {
                    wire: member.wire.clone(),
                    style: Style::Single,
                    reserved: false,
                    media_type: Some(media_type),
                });
            }
        }
        form
    }

    /// Describes each part of a body whose parts have an order: that of the properties in the document.
    pub(super) fn ordered(&self, form: &mut Form, value: &Value) {
        let mut members = self.members(value);
        members.sort_by_cached_key(|member| {
            let site = Site::find(self.graph.document, &member.place);
            site.map(|site| (site.node.place.line, site.node.place.column))
        });
        let mut described = std::mem::take(&mut form.parts);
        form.parts = (members.into_iter())
            .map(|member| {
                let known = described.iter().position(|part| part.wire == member.wire);
                known.map_or_else(
                    || Part {
                        wire: member.wire,
                        style: Style::Single,
                        reserved: false,
                        media_type: None,
                    },
                    |known| described.remove(known),
                )
            })
            .collect();
    }

    /// The media types of the members of a multipart body.
    pub(super) fn media_types(&self, media: &Site<'d>) -> MediaTypes {
        let described = media.entries("encoding").into_iter();
        let media_types = described.filter_map(|(name, site)| {
            let media_types = site.text("contentType")?;
            Some((name.to_owned(), media_types.to_owned()))
        });
        media_types.collect()
    }

    fn part(
        &mut self,
        name: &str,
        site: &Site<'d>,
        member: Option<&Member>,
        is_multipart: bool,
    ) -> Option<Part> {
        if is_multipart && member.is_some_and(|member| member.is_file) {
            for key in ["style", "explode", "allowReserved"] {
                if let Some(place) = site.get(key) {
                    let what = format!("`{key}` of the file `{name}`");
                    self.graph.findings.constraint(&place.at, &what);
                }
            }
            let media_type = site.text("contentType").and_then(first_of);
            return media_type.map(|media_type| Part {
                wire: name.to_owned(),
                style: Style::Single,
                reserved: false,
                media_type: Some(media_type),
            });
        }
        let plainness = member.map_or(Plainness::Object, |member| member.plainness);
        let has_objects = member.is_some_and(|member| member.has_objects);
        let explode = site.node.get("explode").and_then(Node::as_bool);
        // Parts are not encoded for URLs.
        let reserved = site.flag("allowReserved") && !is_multipart;
        let separator = separator(site).map(Style::Joined);
        let style = separator.unwrap_or_else(|| {
            match (site.text("style"), explode, site.text("contentType")) {
                // Each of the three overrides the media type.
                (None, None, media_types) if !reserved => {
                    self.content(media_types, site, has_objects)
                }
                (style, ..) => {
                    self.query_style(style.unwrap_or("form"), explode, plainness, &site.at)
                }
            }
        });
        let media_type = site.text("contentType").filter(|_| is_multipart);
        let media_type = media_type.and_then(|all| match style {
            Style::Json => all
                .split(',')
                .map(str::trim)
                .find(|one| is_json(one))
                .map(str::to_owned),
            _ => first_of(all),
        });
        (style != Style::Single || reserved || media_type.is_some()).then(|| Part {
            wire: name.to_owned(),
            style,
            reserved,
            media_type,
        })
    }

    /// How a member of these media types is written.
    fn content(&mut self, media_types: Option<&str>, site: &Site<'d>, has_objects: bool) -> Style {
        let Some(media_types) = media_types else {
            return Style::Single;
        };
        if media_types
            .split(',')
            .any(|one| is_json(one) && !one.contains('*'))
        {
            return Style::Json;
        }
        if has_objects && !media_types.contains('*') {
            self.refuse_at(
                &format!("{}/contentType", site.at),
                &format!("a member of a form can't be sent as `{media_types}`"),
                "name `application/json`, or remove it",
            );
        }
        Style::Single
    }

    fn members(&self, value: &Value) -> Vec<Member> {
        let ValueKind::Shape(id) = &value.kind else {
            return Vec::new();
        };
        let objects = self.objects(*id, &mut BTreeSet::new()).unwrap_or_default();
        let mut members: Vec<Member> = Vec::new();
        for member in objects.into_iter().flat_map(|object| &object.members) {
            if !members.iter().any(|known| known.wire == member.wire) {
                members.push(Member {
                    wire: member.wire.clone(),
                    plainness: self.plainness(&member.value),
                    has_objects: self.has_objects(&member.value),
                    is_file: is_file(&member.value),
                    place: member.place.clone(),
                });
            }
        }
        members
    }

    fn has_objects(&self, value: &Value) -> bool {
        match &value.kind {
            ValueKind::List(item) => self.plainness(item) != Plainness::Scalar,
            _ => self.plainness(value) == Plainness::Object,
        }
    }
}

/// A member of a form.
struct Member {
    wire: String,
    plainness: Plainness,
    has_objects: bool,
    is_file: bool,
    place: String,
}

fn is_file(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Simple(simple) => *simple == TypeRef::File,
        ValueKind::List(item) => is_file(item),
        _ => false,
    }
}

/// The first media type of a list that is not a range.
fn first_of(media_types: &str) -> Option<String> {
    let mut all = media_types.split(',').map(str::trim);
    let first = all.find(|one| one.contains('/') && !one.contains('*'))?;
    Some(first.to_owned())
}
