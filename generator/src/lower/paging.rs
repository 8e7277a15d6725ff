//! `x-pagination`: how the pages of a list are connected. The members that it names must exist and fit.

use super::site::Site;
use crate::{
    diagnostic::{Diagnostic, Mend},
    load::Document,
    model::{
        Api, CursorPart, CursorSource, Field, Operation, Pagination, Param, PayloadEncoding,
        ResponseShape, Row, Shape, Step, Struct, TypeKind, TypeRef, ValuePlace,
    },
};

const KEY: &str = "x-pagination";

/// An error: place, text and fix.
type Fault = (String, String, &'static str);

/// Reads the pagination of the operations. Returns all errors.
pub(super) fn settle(document: &Document, api: &mut Api) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut found = Vec::new();
    for (group_index, group) in api.groups.iter().enumerate() {
        for (index, operation) in group.operations.iter().enumerate() {
            let site = Site::find(document, &operation.place).and_then(|site| site.get(KEY));
            let Some(site) = site else {
                continue;
            };
            match (Reader { api, operation }).read(&site) {
                Ok(pagination) => found.push((group_index, index, pagination)),
                // A body of a further media type may lack the cursor.
                Err(_) if operation.is_further() => {}
                Err((at, what, help)) => {
                    // Without it, the pages are fetched one by one.
                    let mend = Mend::Remove(site.at.clone());
                    errors.push(document.error(&at, what, help).mended_by(mend));
                }
            }
        }
    }
    for (group, index, pagination) in found {
        if let Some(group) = api.groups.get_mut(group)
            && let Some(operation) = group.operations.get_mut(index)
        {
            operation.pagination = Some(pagination);
        }
    }
    errors
}

struct Reader<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl<'a> Reader<'a> {
    fn read(&self, site: &Site<'_>) -> Result<Pagination, Fault> {
        for (key, part) in site.members() {
            if !["items", "next", "last-item"].contains(&key) {
                let help = "give `items` and one of `next` and `last-item`";
                return Err((
                    part.at,
                    format!("`{key}` does not say how the pages are connected"),
                    help,
                ));
            }
        }
        let answer = self.answer(site)?;
        let path = site.text("items").unwrap_or_default();
        let list_at = site.get("items").map_or(site.at.clone(), |items| items.at);
        let (items, list) = self.way(answer, path, &list_at)?;
        let TypeRef::List(item) = list else {
            let what = if matches!(list, TypeRef::OneOrList(_)) {
                format!("`{path}` may come as one item")
            } else if path.is_empty() {
                "the response is not a list".to_owned()
            } else {
                format!("`{path}` is not a list")
            };
            let help = "name the member of the response that holds the list: `items: data.entries`";
            return Err((list_at, what, help));
        };
        let (behind_last, parts, start) = match (site.get("next"), site.get("last-item")) {
            (Some(parts), None) => (false, parts, answer),
            (None, Some(parts)) => (true, parts, &**item),
            _ => {
                let what = "missing cursor: the start of the next page is unknown".to_owned();
                let help = "give either `next` (parameter: member of the response) or `last-item` (parameter: member \
                            of the last item)";
                return Err((site.at.clone(), what, help));
            }
        };
        let mut cursor = Vec::new();
        for (wire, source) in parts.members() {
            cursor.push(self.part(wire, &source, start)?);
        }
        if cursor.is_empty() {
            let help = "name a parameter and where its value comes from: `starting_after: id`";
            return Err((parts.at, "there is no cursor".to_owned(), help));
        }
        Ok(Pagination {
            items,
            item: (**item).clone(),
            behind_last,
            cursor,
        })
    }

    /// Returns the single output of a success.
    fn answer(&self, site: &Site<'_>) -> Result<&'a TypeRef, Fault> {
        match &self.operation.success.shape {
            ResponseShape::Single {
                payload,
                optional: false,
            } if payload.encoding == PayloadEncoding::Json => Ok(&payload.ty),
            _ => Err((
                site.at.clone(),
                "the response is not one JSON value".to_owned(),
                "only operations whose success responses all have the same list have pages",
            )),
        }
    }

    fn part(&self, wire: &str, site: &Site<'_>, start: &TypeRef) -> Result<CursorPart, Fault> {
        let (place, ty) = self.target(wire, site)?;
        let choices = match site.node.as_array() {
            Some(choices) => (choices.iter().enumerate())
                .map(|(index, node)| Site {
                    node,
                    at: format!("{}/{index}", site.at),
                })
                .collect(),
            None => vec![site.clone()],
        };
        let mut sources = Vec::new();
        let mut ends = None;
        for (index, choice) in choices.iter().enumerate() {
            let (source, end) = self.source(choice, start, ty)?;
            if *ends.get_or_insert(end) != end {
                let what = "the alternatives of this value have different types".to_owned();
                let help = "name members of one type, or correct the types of the members";
                return Err((choice.at.clone(), what, help));
            }
            if source.when.is_empty() != (index + 1 == choices.len()) {
                let what = "only the last alternative is without `when`".to_owned();
                let help = "put the default alternative last";
                return Err((choice.at.clone(), what, help));
            }
            sources.push(source);
        }
        if sources.is_empty() {
            let help = "name a member: `starting_after: id`";
            return Err((site.at.clone(), format!("`{wire}` has no value"), help));
        }
        Ok(CursorPart {
            wire: wire.to_owned(),
            place,
            sources,
        })
    }

    /// Finds the input of the next page: an optional parameter, or an optional member of a required body.
    fn target(&self, wire: &str, site: &Site<'_>) -> Result<(ValuePlace, &'a TypeRef), Fault> {
        let fault = |what: &str, help| Err((site.at.clone(), format!("`{wire}` {what}"), help));
        if let Some((index, param)) = self.param(wire) {
            if !is_optional(param) {
                let help = "a cursor must be optional: the first page is requested without it";
                return fault("is not an optional parameter", help);
            }
            return Ok((ValuePlace::Param(index), &param.ty));
        }
        let body = self.operation.body.as_ref().filter(|body| body.required);
        let object = body.and_then(|body| self.object(&body.ty));
        let mut fields = object
            .into_iter()
            .flat_map(|object| object.fields.iter().enumerate());
        match fields.find(|(_, field)| field.wire == wire) {
            Some((index, field)) if is_left_out(field) => {
                Ok((ValuePlace::Member(index), &field.ty))
            }
            Some(_) => fault(
                "is not an optional member of the body",
                "a cursor must be optional: the first page is requested without it",
            ),
            None => fault(
                "is neither a parameter nor a member of a required body",
                "give the name of a parameter as it is sent",
            ),
        }
    }

    fn param(&self, wire: &str) -> Option<(usize, &'a Param)> {
        let mut params = self.operation.params.iter().enumerate();
        params.find(|(_, param)| param.wire == wire)
    }

    /// Returns the source of a value, and its type there.
    fn source<'t>(
        &self,
        site: &Site<'_>,
        start: &'t TypeRef,
        wanted: &TypeRef,
    ) -> Result<(CursorSource, &'t TypeRef), Fault>
    where
        'a: 't,
    {
        let fault = |what: String, help| Err((site.at.clone(), what, help));
        let Some(path) = site.node.as_str().or_else(|| site.text("from")) else {
            let help = "give the name of a member, or `from` and `when`";
            return fault("this names no member".to_owned(), help);
        };
        let mut when = Vec::new();
        for wire in site.texts("when") {
            match self.param(wire).filter(|(_, param)| is_optional(param)) {
                Some((index, _)) => when.push(index),
                None => {
                    let help = "name optional parameters";
                    return fault(format!("there is no optional parameter `{wire}`"), help);
                }
            }
        }
        let (way, ty) = self.way(start, path, &site.at)?;
        match (self.kind(wanted), self.kind(ty)) {
            (Some(wanted), Some(found)) if wanted == found => Ok((CursorSource { when, way }, ty)),
            _ => fault(
                format!("the value of `{path}` is not one that the parameter takes"),
                "cursors are texts or whole numbers, and the same on both sides",
            ),
        }
    }

    /// Returns the fields on a path such as `last_evaluated_key.id`, and the type at its end.
    fn way<'t>(
        &self,
        start: &'t TypeRef,
        path: &str,
        at: &str,
    ) -> Result<(Vec<Step>, &'t TypeRef), Fault>
    where
        'a: 't,
    {
        let mut ty = start;
        let mut steps = Vec::new();
        for name in path.split('.').filter(|name| !name.is_empty()) {
            let object = self.object(ty);
            let field = object.and_then(|object| object.fields.iter().find(|f| f.wire == name));
            let Some(field) = field else {
                let what = format!("`{path}` leads nowhere: there is no member `{name}`");
                let help = "name members of the response or of the item as they are sent, with dots between them";
                return Err((at.to_owned(), what, help));
            };
            steps.push(Step {
                wire: field.wire.clone(),
                field: field.name.clone(),
                shape: field.shape,
            });
            ty = &field.ty;
        }
        Ok((steps, ty))
    }

    fn object(&self, ty: &TypeRef) -> Option<&'a Struct> {
        match ty {
            TypeRef::Boxed(inner) | TypeRef::Deep(inner) => self.object(inner),
            TypeRef::Named(name) => match &self.api.types.get(name)?.kind {
                TypeKind::Struct(object) => Some(object),
                _ => None,
            },
            _ => None,
        }
    }

    fn kind(&self, ty: &TypeRef) -> Option<Kind> {
        match ty {
            TypeRef::String | TypeRef::Timestamp | TypeRef::Date => Some(Kind::Text),
            TypeRef::Integer => Some(Kind::Integer),
            TypeRef::Unsigned => Some(Kind::Unsigned),
            TypeRef::Named(name) => match self.api.types.get(name)?.kind {
                TypeKind::Id { .. } | TypeKind::StringEnum(_) => Some(Kind::Text),
                TypeKind::IntegerEnum(_) => Some(Kind::Integer),
                _ => None,
            },
            _ => None,
        }
    }
}

#[derive(PartialEq)]
enum Kind {
    Text,
    Integer,
    Unsigned,
}

/// Held as an `Option` by the finished operation.
fn is_optional(param: &Param) -> bool {
    !param.required && !param.argument && param.client_value.is_none() && param.default.is_none()
}

/// Held as an `Option`, and a request may do without it.
fn is_left_out(field: &Field) -> bool {
    field.shape == Shape::Optional && matches!(field.row, Row::Optional | Row::WriteOnly)
}
