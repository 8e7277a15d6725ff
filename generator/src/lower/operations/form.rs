//! Forms: how their members are written.

use super::{Plainness, Reader, payloads::is_json};
use crate::{
    load::Node,
    lower::{
        graph::{ShapeKind, Value, ValueKind},
        site::Site,
    },
    model::{Form, Part, Style},
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
            if let Some(part) = self.part(name, site, member) {
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

    fn part(&mut self, name: &str, site: &Site<'d>, member: Option<&Member>) -> Option<Part> {
        let plainness = member.map_or(Plainness::Object, |member| member.plainness);
        let has_objects = member.is_some_and(|member| member.has_objects);
        let explode = site.node.get("explode").and_then(Node::as_bool);
        let reserved = site.flag("allowReserved");
        let style = match (site.text("style"), explode, site.text("contentType")) {
            // Each of the three overrides the media type.
            (None, None, media_types) if !reserved => self.content(media_types, site, has_objects),
            (style, ..) => self.query_style(style.unwrap_or("form"), explode, plainness, &site.at),
        };
        (style != Style::Single || reserved).then(|| Part {
            wire: name.to_owned(),
            style,
            reserved,
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
        let ShapeKind::Object(object) = &self.graph.shapes[*id].kind else {
            return Vec::new();
        };
        let members = object.members.iter().map(|member| Member {
            wire: member.wire.clone(),
            plainness: self.plainness(&member.value),
            has_objects: self.has_objects(&member.value),
            place: member.place.clone(),
        });
        members.collect()
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
    place: String,
}
