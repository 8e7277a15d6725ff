//! The surface of an operation.

use super::build::{Maker, literal, member, scheme};
use super::{Facts, Item, Kind, Member, PartKind};
use crate::emit::context::Context;
use crate::emit::operations::Plan;
use crate::emit::responses;
use crate::emit::slots::body_shape;
use crate::model::{
    BodyEncoding, CursorPart, Group, Location, Operation, Param, Payload, PayloadEncoding,
    ResponseShape, Responses, Rule, Shape, Status, Step, TypeKind, TypeRef,
};

pub(super) fn describe(
    maker: &Maker<'_, '_>,
    context: &Context<'_>,
    group: &Group,
    operation: &Operation,
) -> Item {
    let api = maker.part.api;
    let at = maker.spot(&operation.place);
    let node = maker.part.document.node(&operation.place);
    let mut item = Item {
        kind: Kind::Operation,
        path: format!("{}::{}::{}", api.module, group.type_name, operation.name),
        call: operation.type_name.clone(),
        facts: facts(maker, operation),
        members: Vec::new(),
        docs: format!("{}\u{0}{}", operation.summary, operation.docs),
        deprecated: operation.deprecated.clone(),
        at: at.clone(),
        is_named: node.is_some_and(|node| node.get("x-rust-name").is_some()),
    };
    let plan = Plan::new(context, group, operation);
    let members = &mut item.members;
    for (position, param) in plan.arguments().enumerate() {
        let mut one = self::param(maker, param, PartKind::Argument);
        one.name = position.to_string();
        one.ty = maker.takes(&param.ty);
        one.takes.clone_from(&param.wire);
        members.push(one);
    }
    for param in plan.fields() {
        let mut one = self::param(maker, param, PartKind::Field);
        one.name.clone_from(&param.field);
        let shape = match param.argument {
            true => Shape::Bare,
            false => Shape::of(&param.ty),
        };
        one.ty = maker.field_text(shape, &param.ty);
        members.push(one);
    }
    if let Some((body, _)) = plan.held_body() {
        let place = maker.spot(&format!("{}/requestBody", operation.place));
        let mut one = member(PartKind::Field, "body", place);
        one.ty = maker.field_text(body_shape(body), &body.ty);
        one.docs.clone_from(&body.docs);
        members.push(one);
    }
    // The fields of the body have the places in the document.
    let mut all: Vec<Member> = members.clone();
    if let Some(TypeRef::Named(name)) = operation.body.as_ref().map(|body| &body.ty)
        && let Some(TypeKind::Struct(object)) = api.types.get(name).map(|ty| &ty.kind)
    {
        all.extend((object.fields.iter()).map(|field| {
            let place = maker.spot(&field.place);
            member(PartKind::Field, &field.name, place)
        }));
    }
    let before = all.len();
    maker.setters(plan.slots(), &mut all);
    members.extend(all.into_iter().skip(before));
    let mut methods: Vec<&str> = Vec::new();
    if plan.may_skip_body() {
        methods.push("without_body");
    }
    if plan.is_flat() {
        methods.push("extra");
    }
    if operation.pagination.is_some() {
        methods.push("pages");
    }
    if operation.stream.is_some() {
        methods.push("events");
    }
    let send_as: Vec<String> = (operation.offers.iter())
        .map(|offer| format!("send_as_{}", offer.name))
        .collect();
    methods.extend(send_as.iter().map(String::as_str));
    for name in methods {
        members.push(member(PartKind::Method, name, at.clone()));
    }
    let module = &api.module;
    for (name, response) in [
        ("Output", &operation.success),
        ("ErrorResponse", &operation.error),
    ] {
        let mut one = member(
            PartKind::Associated,
            &format!("Operation::{name}"),
            at.clone(),
        );
        one.ty = response_type(maker, module, response);
        members.push(one);
        let ResponseShape::Enum(owner) = &response.shape else {
            continue;
        };
        // It is described where it is declared.
        if operation.is_further() {
            continue;
        }
        for case in &response.cases {
            let name = format!("{owner}::{}", case.variant);
            let mut one = member(PartKind::Case, &name, at.clone());
            one.ty = payload(maker, case.payload.as_ref());
            one.docs.clone_from(&case.docs);
            members.push(one);
        }
        if responses::has_other(response) {
            let mut one = member(PartKind::Case, &format!("{owner}::Other"), at.clone());
            one.ty = "rt::RawResponse".to_owned();
            members.push(one);
        }
    }
    if !operation.headers.is_empty() && !operation.is_further() {
        let owner = responses::headers_name(context, operation).to_string();
        for header in &operation.headers {
            let mut one = member(
                PartKind::Header,
                &format!("{owner}.{}", header.name),
                at.clone(),
            );
            one.ty = maker.field_text(Shape::of(&header.ty), &header.ty);
            one.facts.insert("wire name", header.wire.clone());
            one.docs.clone_from(&header.docs);
            members.push(one);
        }
    }
    if let Some(pagination) = &operation.pagination {
        let mut one = member(PartKind::Associated, "Paged::Item", at.clone());
        one.ty = maker.text(&pagination.item);
        members.push(one);
    }
    for offer in &operation.offers {
        let name = format!("as_{}", offer.name);
        let mut one = member(PartKind::Associated, &name, at.clone());
        let ty = maker.text(&offer.payload.ty);
        one.ty = match offer.optional {
            true => format!("Option<{ty}>"),
            false => ty,
        };
        one.facts.insert("media type", offer.media_type.clone());
        members.push(one);
    }
    if let Some(stream) = &operation.stream {
        let mut one = member(PartKind::Associated, "Streams::Item", at.clone());
        one.ty = maker.text(&stream.item);
        members.push(one);
    }
    if let Some(by) = operation.settled_by.and_then(|by| api.operation(by)) {
        let mut one = member(PartKind::Associated, "Settles::By", at);
        one.ty = format!("{module}::{}", by.type_name);
        members.push(one);
    }
    item
}

fn response_type(maker: &Maker<'_, '_>, module: &str, response: &Responses) -> String {
    match &response.shape {
        ResponseShape::Unit => "()".to_owned(),
        ResponseShape::Single { payload, optional } => {
            let ty = maker.text(&payload.ty);
            if *optional {
                format!("Option<{ty}>")
            } else {
                ty
            }
        }
        ResponseShape::Enum(name) => format!("{module}::{name}"),
    }
}

fn payload(maker: &Maker<'_, '_>, payload: Option<&Payload>) -> String {
    payload.map_or_else(String::new, |payload| maker.text(&payload.ty))
}

fn param(maker: &Maker<'_, '_>, param: &Param, part: PartKind) -> Member {
    let mut one = member(part, &param.name, maker.spot(&param.place));
    one.docs = format!("{}\u{0}{:?}", param.docs, param.sample);
    one.deprecated.clone_from(&param.deprecated);
    if part == PartKind::Argument {
        return one;
    }
    let facts = &mut one.facts;
    let mut add = |name: &'static str, value: String| drop(facts.insert(name, value));
    let place = match param.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    // Requests don't contain the name of a path parameter.
    if param.location != Location::Path {
        add("wire name", param.wire.clone());
    }
    add("sent in", place.to_owned());
    add("written as", format!("{:?}", param.style).to_lowercase());
    if param.reserved {
        add("reserved characters", "kept".to_owned());
    }
    if let Some(default) = &param.default {
        add("value unless set", literal(default));
    }
    if let Some(name) = &param.client_value {
        add("filled in by the client", name.clone());
    }
    if param.made_up {
        add("value unless set", "a new key".to_owned());
    }
    if !param.rules.is_empty() {
        let rules: Vec<String> = param.rules.iter().map(rule).collect();
        add("checked before sending", rules.join(", "));
    }
    maker.schema_facts(&param.place, &mut one.facts);
    one
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::MinItems(count) => format!("at least {count} items"),
        Rule::MaxItems(count) => format!("at most {count} items"),
        Rule::NeedsCompanion(values) => format!("not only {}", values.join(", ")),
        Rule::MinLength(count) => format!("at least {count} characters"),
        Rule::MaxLength(count) => format!("at most {count} characters"),
    }
}

fn facts(maker: &Maker<'_, '_>, operation: &Operation) -> Facts {
    let api = maker.part.api;
    let mut facts = Facts::new();
    let mut add = |name: &'static str, value: String| drop(facts.insert(name, value));
    add("method", operation.method.to_ascii_uppercase());
    let server = api.servers.get(operation.server);
    add(
        "host",
        server.map_or_else(String::new, |server| server.url.clone()),
    );
    add("path", path(operation));
    let constants = operation.constants.iter();
    let constants = constants.map(|one| format!("`{}`: `{}`", one.wire, one.value));
    let defaults = operation.params.iter().filter_map(|param| {
        let default = maker.written(param.default.as_ref()?)?;
        Some(format!("`{}`: `{default}`", param.wire))
    });
    let mut constants: Vec<String> = constants.chain(defaults).collect();
    constants.sort();
    if !constants.is_empty() {
        add("constant parameters", constants.join(" "));
    }
    let alternatives: Vec<String> = (operation.security.iter())
        .map(|all| {
            let all = all.iter().filter_map(|index| api.schemes.get(*index));
            let all: Vec<String> = all.map(scheme).collect();
            match all.as_slice() {
                [] => "none".to_owned(),
                all => all.join(" and "),
            }
        })
        .collect();
    add(
        "credentials",
        match alternatives.as_slice() {
            [] => "none".to_owned(),
            some => some.join(" or "),
        },
    );
    if !operation.scopes.is_empty() {
        add("scopes", operation.scopes.join(" or "));
    }
    if !operation.accept.is_empty() {
        add("`Accept`", operation.accept.clone());
    }
    add("success statuses", statuses(maker, &operation.success));
    add("error statuses", statuses(maker, &operation.error));
    if let Some(by) = operation.settled_by.and_then(|by| api.operation(by)) {
        add("outcome returned by", by.name.clone());
    }
    let retry = match (
        operation.idempotency(api),
        operation.params.iter().any(|one| one.made_up),
    ) {
        (_, true) => Some("with the same idempotency key".to_owned()),
        (Some(by), _) => Some(format!("with the same `{}`", by.wire())),
        (None, false) => None,
    };
    if let Some(retry) = retry {
        add("retried", retry);
    }
    if operation.identity(api).is_some() {
        add("id of the response", "checked".to_owned());
    }
    if let Some(header) = &operation.request_id_header {
        add("id of the request", header.clone());
    }
    if let Some(pagination) = &operation.pagination {
        let cursor: Vec<String> = pagination.cursor.iter().map(cursor).collect();
        let from = if pagination.behind_last {
            "last item"
        } else {
            "response"
        };
        let items = wire(&pagination.items);
        add(
            "pagination",
            format!("items in `{items}`, {} from the {from}", cursor.join(", ")),
        );
    }
    if let Some(stream) = &operation.stream {
        let data = match stream.is_text {
            true => "text",
            false if stream.may_be_text => "JSON or text",
            false => "JSON",
        };
        let end = stream.end.as_ref();
        let end = end.map(|end| format!(", ended by `{end}`"));
        add(
            "stream",
            format!(
                "{data} as `{}`{}",
                stream.media_type,
                end.unwrap_or_default()
            ),
        );
    }
    if let Some(body) = &operation.body {
        let how = match &body.encoding {
            BodyEncoding::Json => "JSON",
            BodyEncoding::Form(_) => "a form",
            BodyEncoding::Multipart(_) => "a multipart body",
            BodyEncoding::Text => "text",
            BodyEncoding::Bytes => "bytes",
        };
        let mut text = format!("{how} as `{}`", body.media_type);
        let form = match &body.encoding {
            BodyEncoding::Form(form) | BodyEncoding::Multipart(form) => Some(form),
            _ => None,
        };
        for part in form.iter().flat_map(|form| &form.parts) {
            let style = format!("{:?}", part.style).to_lowercase();
            text.push_str(&format!(", `{}` {style}", part.wire));
            if let Some(media_type) = &part.media_type {
                text.push_str(&format!(" as `{media_type}`"));
            }
        }
        add("body", text);
    }
    facts
}

/// Returns the path with numbered arguments: requests don't contain their names.
fn path(operation: &Operation) -> String {
    let mut path = operation.path.clone();
    let arguments = operation.params.iter().filter(|param| param.argument);
    for (position, param) in arguments.enumerate() {
        path = path.replace(&format!("{{{}}}", param.wire), &format!("{{{position}}}"));
    }
    path
}

fn cursor(part: &CursorPart) -> String {
    let sources: Vec<String> = part
        .sources
        .iter()
        .map(|source| wire(&source.way))
        .collect();
    format!("`{}` = `{}`", part.wire, sources.join("` or `"))
}

fn wire(way: &[Step]) -> String {
    let names: Vec<&str> = way.iter().map(|step| step.wire.as_str()).collect();
    names.join(".")
}

fn statuses(maker: &Maker<'_, '_>, response: &Responses) -> String {
    let mut all: Vec<String> = (response.cases.iter())
        .map(|case| {
            let status = match case.status {
                Status::Code(code) => code.to_string(),
                Status::Class(class) => format!("{class}XX"),
                Status::Default => "any other".to_owned(),
            };
            match (&case.payload, &response.shape) {
                (Some(payload), ResponseShape::Single { optional: true, .. }) => {
                    format!("{status} with {}", encoding(maker, payload))
                }
                _ => status,
            }
        })
        .collect();
    all.sort();
    all.join(", ")
}

fn encoding(_: &Maker<'_, '_>, payload: &Payload) -> &'static str {
    match payload.encoding {
        PayloadEncoding::Json => "JSON",
        PayloadEncoding::Text => "text",
        PayloadEncoding::TextOrJson => "text, or JSON",
        PayloadEncoding::Bytes => "bytes",
        PayloadEncoding::Redirect => "a target",
    }
}
