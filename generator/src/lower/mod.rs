//! OpenAPI to the model: names, `allOf` merged, unions, directions, equal types made one.

mod agreed;
mod discriminator;
mod facts;
mod graph;
mod lock;
mod operations;
mod paging;
mod recursion;
mod report;
mod safety;
mod samples;
mod schemas;
mod site;
mod types;
mod union;
mod webhooks;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use agreed::{Agreed, Settled};
use graph::{Graph, Value, ValueKind};
use lock::Lock;
use operations::{RawCase, RawOperation, RawType};
pub use report::{Entry, Report};
use site::Site;
use types::{Types, Way};

use crate::{
    diagnostic::Diagnostic,
    load::{Document, Source},
    model::{
        Answer, AnswerShape, Api, Body, Case, Encoding, Group, Header, Location, Operation, Param,
        Payload, Scheme, SchemeKind, Server, Status, Type, TypeKind, TypeRef, Usage,
    },
};

/// What the document becomes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Module or crate: `insight`.
    pub module: String,
    /// All operations in one group of the module's name, instead of one group per tag.
    pub one_group: bool,
    /// The document's name, for headers.
    pub source: String,
}

/// The result.
#[derive(Debug)]
pub struct Lowered {
    /// The API as Rust sees it.
    pub api: Api,
    /// What it says less precisely than the document.
    pub report: Report,
    /// The names to keep: text of `names.lock`.
    pub lock: String,
    /// What became of the types, for documents that share them.
    pub settled: Settled,
    /// Ways that this document sends types of others.
    pub(crate) foreign_ways: Vec<(agreed::Parts, usize, Usage)>,
}

/// Turns a document into the model.
///
/// # Errors
/// Everything in the document that can't be carried, with its place.
pub fn lower(
    document: &Document,
    options: &Options,
    agreed: &Agreed,
    lock: Option<&Source>,
) -> Result<Lowered, Vec<Diagnostic>> {
    let old = Lock::read(lock, document)?;
    let mut new = Lock::default();
    let mut graph = Graph::new(document);
    let mut taken: BTreeSet<String> = BTreeSet::new();

    let root = Site::find(document, "").and_then(|root| root.get("components"));
    let schemas = root
        .map(|components| components.entries("schemas"))
        .unwrap_or_default();
    let mut reserved: BTreeSet<String> = BTreeSet::new();
    let mut named: Vec<(String, ValueKind)> = Vec::new();
    for (name, site) in &schemas {
        let name = site.text("x-rust-name").unwrap_or(name);
        reserved.insert(words::type_name(name));
        if let Some(kind) = graph.reference_to(&site.at) {
            named.push((site.at.clone(), kind));
        }
    }
    let tags = groups_of(document, options);
    for (_, type_name) in tags.values() {
        taken.insert(group_type(type_name, &reserved));
    }
    let mut families = taken.clone();
    families.extend(reserved.iter().cloned());
    let raw = operations::read(&mut graph, &mut families, &old, &mut new);
    taken.extend(families.into_iter().filter(|name| !reserved.contains(name)));
    let incoming = webhooks::read(&mut graph);
    if !graph.errors.is_empty() {
        return Err(graph.errors);
    }

    let findings = std::mem::take(&mut graph.findings);
    let mut roots = roots(&raw);
    let bodies = schemas::of_bodies(&raw, &incoming);
    roots.extend(incoming.into_iter().map(|(_, value, way)| (value, way)));
    let mut ids: BTreeMap<String, Type> = BTreeMap::new();
    for (name, place) in &graph.ids {
        taken.insert(name.clone());
        ids.insert(name.clone(), id_type(place));
    }
    let types =
        Types::settle(&graph, &roots, agreed, &mut taken, &old, &mut new).map_err(|what| {
            vec![document.error(
                "",
                what,
                "give one of them another `x-rust-name` with an overlay",
            )]
        })?;
    let (settled, foreign_ways) = (types.settled(), types.foreign_ways(agreed));
    let schemas = schemas::of(document, &types, named, bodies);
    let mut lowering = Lowering {
        document,
        types: &types,
        ids: &mut ids,
        taken: &mut taken,
        servers: Vec::new(),
        schemes: Vec::new(),
        errors: Vec::new(),
    };
    let mut groups: Vec<Group> = Vec::new();
    for operation in raw {
        let key = group_key(&operation, options);
        let Some((name, type_name)) = tags.get(&key) else {
            continue;
        };
        let operation = lowering.operation(
            operation,
            if options.one_group {
                &options.module
            } else {
                name
            },
        );
        match groups.iter_mut().find(|group| group.name == *name) {
            Some(group) => group.operations.push(operation),
            None => groups.push(Group {
                name: name.clone(),
                type_name: group_type(type_name, &reserved),
                docs: tag_docs(document, options, name),
                operations: vec![operation],
            }),
        }
    }
    let Lowering {
        servers,
        schemes,
        errors,
        ..
    } = lowering;
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut all = types.build();
    all.extend(ids);
    recursion::box_cycles(&mut all);
    inline_builders(&mut all, &groups);
    let info = &document.openapi.info;
    let mut api = Api {
        title: info.title.clone(),
        docs: info.description.clone().unwrap_or_default(),
        module: options.module.clone(),
        source: options.source.clone(),
        servers,
        schemes,
        groups,
        types: all,
        imports: Vec::new(),
        schemas,
    };
    let mut errors = safety::check(document, &api);
    errors.extend(paging::settle(document, &mut api));
    errors.extend(safety::mark_must_use(document, &mut api));
    if !errors.is_empty() {
        return Err(errors);
    }
    let report = report(document, &api, &findings);
    Ok(Lowered {
        api,
        report,
        lock: new.write(),
        settled,
        foreign_ways,
    })
}

fn id_type(place: &str) -> Type {
    Type {
        docs: String::new(),
        deprecated: None,
        must_use: None,
        kind: TypeKind::Id,
        usage: Usage {
            sent: true,
            received: true,
        },
        origin: None,
        place: place.to_owned(),
    }
}

/// A group is called after its tag, unless a schema is.
fn group_type(type_name: &str, reserved: &BTreeSet<String>) -> String {
    if reserved.contains(type_name) {
        return format!("{type_name}Api");
    }
    type_name.to_owned()
}

fn group_key(operation: &RawOperation, options: &Options) -> String {
    match &operation.tag {
        Some(tag) if !options.one_group => tag.clone(),
        _ => String::new(),
    }
}

/// Groups by tag: Rust name of method and type. Tags that differ in case or signs only are one group.
fn groups_of(document: &Document, options: &Options) -> BTreeMap<String, (String, String)> {
    let mut groups = BTreeMap::new();
    let name = |name: &str| (words::snake(name), words::type_name(name));
    groups.insert(String::new(), name(&options.module));
    let root = Site::find(document, "");
    let tags = root.map(|root| root.items("tags")).unwrap_or_default();
    for (_, item) in &document.openapi.paths.paths {
        let Some(item) = item.as_item() else {
            continue;
        };
        for tag in item
            .iter()
            .filter_map(|(_, operation)| operation.tags.first())
        {
            let given = tags
                .iter()
                .find(|site| site.text("name") == Some(tag))
                .and_then(|site| site.text("x-rust-name"));
            groups.insert(tag.clone(), name(given.unwrap_or(tag)));
        }
    }
    groups
}

fn tag_docs(document: &Document, options: &Options, group: &str) -> String {
    if options.one_group {
        return document
            .openapi
            .info
            .description
            .clone()
            .unwrap_or_default();
    }
    let tags = document.openapi.tags.iter();
    tags.filter(|tag| words::snake(&tag.name) == group)
        .find_map(|tag| tag.description.clone())
        .unwrap_or_default()
}

fn roots(raw: &[RawOperation]) -> Vec<(Value, Way)> {
    let mut roots = Vec::new();
    for operation in raw {
        for param in &operation.params {
            if let RawType::Value(value) = &param.value {
                roots.push((value.clone(), Way::Out));
            }
        }
        roots.extend(
            operation
                .body
                .iter()
                .map(|body| (body.value.clone(), Way::Out)),
        );
        let payloads = operation
            .cases
            .iter()
            .filter_map(|case| case.payload.as_ref());
        roots.extend(payloads.map(|(_, value)| (value.clone(), Way::In)));
        roots.extend(
            operation
                .headers
                .iter()
                .map(|header| (header.value.clone(), Way::In)),
        );
    }
    roots
}

/// A struct that is nothing but one operation's body has its setters there.
fn inline_builders(all: &mut BTreeMap<String, Type>, groups: &[Group]) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |ty: &TypeRef| count_names(ty, &mut uses);
    for ty in all.values() {
        match &ty.kind {
            TypeKind::Struct(object) => {
                object.fields.iter().for_each(|field| count(&field.ty));
                object.additional.iter().for_each(&mut count);
            }
            TypeKind::Union(union) => union.variants.iter().for_each(|variant| count(&variant.ty)),
            _ => {}
        }
    }
    for operation in groups.iter().flat_map(|group| &group.operations) {
        operation.params.iter().for_each(|param| count(&param.ty));
        operation.body.iter().for_each(|body| count(&body.ty));
    }
    for body in groups
        .iter()
        .flat_map(|group| &group.operations)
        .filter_map(|operation| operation.body.as_ref())
    {
        let TypeRef::Named(name) = &body.ty else {
            continue;
        };
        if let Some(Type {
            kind: TypeKind::Struct(object),
            place,
            ..
        }) = all.get_mut(name)
            && body.flatten
            && uses.get(name) == Some(&1)
            && !place.starts_with("/components/schemas/")
        {
            object.builder = false;
        }
    }
}

fn count_names(ty: &TypeRef, uses: &mut BTreeMap<String, usize>) {
    match ty {
        TypeRef::Named(name) => *uses.entry(name.clone()).or_default() += 1,
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner) => count_names(inner, uses),
        _ => {}
    }
}

struct Lowering<'a, 'g, 'd> {
    document: &'d Document,
    types: &'a Types<'g, 'd>,
    ids: &'a mut BTreeMap<String, Type>,
    taken: &'a mut BTreeSet<String>,
    servers: Vec<Server>,
    schemes: Vec<Scheme>,
    errors: Vec<Diagnostic>,
}

impl Lowering<'_, '_, '_> {
    fn operation(&mut self, raw: RawOperation, group: &str) -> Operation {
        let server = self.server(&raw.servers);
        let security = self.security(&raw);
        let params = self.params(&raw);
        let body = raw.body.as_ref().map(|body| {
            let object = self.types.object(&body.value);
            let demands = object.is_some_and(|object| {
                object
                    .members
                    .iter()
                    .any(|member| member.required && !member.read_only)
            });
            Body {
                encoding: body.encoding,
                ty: self.types.reference(&body.value, Way::Out),
                flatten: body.encoding != Encoding::Text
                    && object.is_some_and(|object| object.additional.is_none())
                    && (body.required || !demands),
                required: body.required,
                docs: body.docs.clone(),
                media_type: body.media_type.clone(),
                sample: body.sample.clone(),
            }
        });
        let has_success = raw.cases.iter().any(|case| is_success(case.status));
        let (successes, failures): (Vec<&RawCase>, Vec<&RawCase>) =
            (raw.cases.iter()).partition(|case| {
                is_success(case.status) || (!has_success && case.status == Status::Default)
            });
        let mut accept: Vec<&str> = Vec::new();
        for media_type in successes
            .iter()
            .filter_map(|case| case.media_type.as_deref())
        {
            if !accept.contains(&media_type) {
                accept.push(media_type);
            }
        }
        let header_names = words::all_distinct(
            raw.headers.iter().map(|header| words::snake(&header.wire)),
            &[],
        );
        let headers = (raw.headers.iter().zip(header_names))
            .map(|(header, name)| Header {
                wire: header.wire.clone(),
                name,
                ty: self.types.reference(&header.value, Way::In),
                docs: header.docs.clone(),
            })
            .collect();
        Operation {
            full_name: format!("{group}.{}", raw.name),
            answer: self.answer(&successes, &format!("{}Answer", raw.type_name)),
            failure: self.answer(&failures, &format!("{}Failure", raw.type_name)),
            accept: accept.join(", "),
            name: raw.name,
            type_name: raw.type_name,
            summary: raw.summary,
            docs: raw.docs,
            deprecated: raw.deprecated,
            method: raw.method,
            path: raw.path,
            server,
            security,
            scopes: raw.scopes,
            settled_by: raw.settled_by,
            idempotent_by: raw.idempotent_by,
            pagination: None,
            request_id_header: raw.request_id_header,
            params,
            body,
            headers,
            place: raw.place,
        }
    }

    fn params(&mut self, raw: &RawOperation) -> Vec<Param> {
        let names = words::all_distinct(
            raw.params
                .iter()
                .map(|param| match (&param.wanted, &param.client_value) {
                    (Some(name), _) => words::snake(name),
                    (None, Some(client_value)) => words::snake(client_value),
                    (None, None) => words::snake(&param.wire),
                }),
            &[],
        );
        (raw.params.iter().zip(names))
            .map(|(param, name)| {
                let ty = match &param.value {
                    RawType::Value(value) => self.types.reference(value, Way::Out),
                    RawType::Runtime(name) => TypeRef::Runtime(name.clone()),
                    RawType::Id(name, place) => TypeRef::Named(self.id(name, place)),
                };
                let default = match &param.value {
                    RawType::Value(value) if param.required => {
                        self.types.only_value(value, Way::Out)
                    }
                    _ => None,
                };
                let made_up = param.made_up && ty == TypeRef::String && default.is_none();
                let docs = match made_up {
                    true => types::paragraphs(&param.docs, "A new key unless it is set."),
                    false => param.docs.clone(),
                };
                Param {
                    wire: param.wire.clone(),
                    name,
                    ty,
                    docs,
                    location: param.location,
                    style: param.style,
                    required: param.required && !made_up,
                    made_up,
                    argument: param.location == Location::Path
                        && param.client_value.is_none()
                        && default.is_none(),
                    client_value: param.client_value.clone(),
                    default,
                    rules: param.rules.clone(),
                    deprecated: param.deprecated.clone(),
                    sample: param.sample.clone(),
                    place: param.place.clone(),
                }
            })
            .collect()
    }

    /// The newtype of an identifier; a type of another kind that has the name keeps it.
    fn id(&mut self, wanted: &str, place: &str) -> String {
        if self.ids.contains_key(wanted) {
            return wanted.to_owned();
        }
        let mut name = wanted.to_owned();
        while self.taken.contains(&name) && !self.ids.contains_key(&name) {
            name.push_str(if name.ends_with("Id") { "Param" } else { "Id" });
        }
        if !self.ids.contains_key(&name) {
            self.taken.insert(name.clone());
            self.ids.insert(name.clone(), id_type(place));
        }
        name
    }

    fn answer(&self, cases: &[&RawCase], name: &str) -> Answer {
        let variants = words::all_distinct(
            cases.iter().map(|case| status_name(case.status)),
            &["Other"],
        );
        let cases: Vec<Case> = (cases.iter().zip(variants))
            .map(|(case, variant)| Case {
                status: case.status,
                variant,
                payload: if case.status.is_redirect() {
                    Some(Payload {
                        encoding: Encoding::Redirect,
                        ty: TypeRef::Runtime("Redirect".to_owned()),
                    })
                } else {
                    case.payload.as_ref().map(|(encoding, value)| Payload {
                        encoding: *encoding,
                        ty: match encoding {
                            Encoding::Text => TypeRef::String,
                            Encoding::Bytes => TypeRef::Bytes,
                            _ => self.nullable(value),
                        },
                    })
                },
                docs: case.docs.clone(),
            })
            .collect();
        let mut payloads: Vec<&Payload> = Vec::new();
        for payload in cases.iter().filter_map(|case| case.payload.as_ref()) {
            if !payloads.contains(&payload) {
                payloads.push(payload);
            }
        }
        let optional = cases.iter().any(|case| case.payload.is_none());
        let shape = match payloads.as_slice() {
            [] => AnswerShape::Unit,
            // That it has no body does not tell a redirect from other answers without one.
            [only] if !(optional && only.encoding == Encoding::Redirect) => AnswerShape::Single {
                payload: (*only).clone(),
                optional,
            },
            _ => AnswerShape::Enum(name.to_owned()),
        };
        Answer { cases, shape }
    }

    fn nullable(&self, value: &Value) -> TypeRef {
        let ty = self.types.reference(value, Way::In);
        match value.nullable {
            true => TypeRef::Nullable(Box::new(ty)),
            false => ty,
        }
    }

    /// All servers of a list are known by name, the first one is used.
    fn server(&mut self, servers: &[openapiv3::Server]) -> usize {
        let mut first = None;
        let fallback = openapiv3::Server {
            url: String::new(),
            ..Default::default()
        };
        let servers = if servers.is_empty() {
            std::slice::from_ref(&fallback)
        } else {
            servers
        };
        for server in servers {
            let mut url = server.url.clone();
            for (name, variable) in server.variables.iter().flatten() {
                url = url.replace(&format!("{{{name}}}"), &variable.default);
            }
            let url = url.trim_end_matches('/').to_owned();
            let index = match self.servers.iter().position(|known| known.url == url) {
                Some(index) => index,
                None => {
                    let names: BTreeSet<String> = self
                        .servers
                        .iter()
                        .map(|known| known.constant.clone())
                        .collect();
                    let given = server
                        .extensions
                        .get("x-rust-name")
                        .and_then(|name| name.as_str());
                    let wanted = given.map_or_else(|| server_name(&url), words::shouty);
                    self.servers.push(Server {
                        constant: words::distinct(&wanted, &names),
                        url,
                        docs: server.description.clone().unwrap_or_default(),
                    });
                    self.servers.len() - 1
                }
            };
            first.get_or_insert(index);
        }
        first.unwrap_or_default()
    }

    fn security(&mut self, raw: &RawOperation) -> Vec<Vec<usize>> {
        let mut alternatives = Vec::new();
        for names in &raw.security {
            let mut together = Vec::new();
            for name in names {
                match self.scheme(name) {
                    Ok(index) => together.push(index),
                    Err(error) => self.errors.push(*error),
                }
            }
            alternatives.push(together);
        }
        alternatives
    }

    fn scheme(&mut self, name: &str) -> Result<usize, Box<Diagnostic>> {
        if let Some(index) = self.schemes.iter().position(|known| known.name == name) {
            return Ok(index);
        }
        let at = format!("/components/securitySchemes/{}", site::escape(name));
        let Some(site) = Site::find(self.document, &at) else {
            let help = "describe it under components.securitySchemes";
            return Err(Box::new(self.document.error(
                "/components",
                format!("the security scheme `{name}` is used and not described"),
                help,
            )));
        };
        let header = site.text("name").unwrap_or_default();
        let scheme = site.text("scheme").unwrap_or_default().to_ascii_lowercase();
        let kind = match (
            site.text("type").unwrap_or_default(),
            site.text("in").unwrap_or_default(),
        ) {
            ("apiKey", "header") if header.eq_ignore_ascii_case("authorization") => {
                SchemeKind::Bearer
            }
            ("apiKey", "header") => SchemeKind::HeaderKey(header.to_owned()),
            ("apiKey", "query") => SchemeKind::QueryKey(header.to_owned()),
            ("apiKey", "cookie") => SchemeKind::CookieKey(header.to_owned()),
            ("oauth2" | "openIdConnect", _) => SchemeKind::Bearer,
            ("http", _) if scheme == "bearer" => SchemeKind::Bearer,
            ("http", _) if scheme == "basic" => SchemeKind::Basic,
            _ => {
                let help = "describe it as http bearer or basic, apiKey, oauth2 or openIdConnect";
                let error = self
                    .document
                    .error(&at, "a security scheme of an unknown kind", help);
                return Err(Box::new(error));
            }
        };
        let names: BTreeSet<String> = self
            .schemes
            .iter()
            .map(|known| known.constant.clone())
            .collect();
        self.schemes.push(Scheme {
            constant: words::distinct(&words::shouty(name), &names),
            name: name.to_owned(),
            kind,
            docs: site.text("description").unwrap_or_default().to_owned(),
        });
        Ok(self.schemes.len() - 1)
    }
}

fn is_success(status: Status) -> bool {
    // A 3xx that the document names is what it promises.
    matches!(status, Status::Code(200..=399) | Status::Class(2 | 3))
}

fn status_name(status: Status) -> String {
    let name = match status {
        Status::Code(200) => "Ok",
        Status::Code(201) => "Created",
        Status::Code(202) => "Accepted",
        Status::Code(204) => "NoContent",
        Status::Code(301) => "MovedPermanently",
        Status::Code(302) => "Found",
        Status::Code(303) => "SeeOther",
        Status::Code(304) => "NotModified",
        Status::Code(307) => "TemporaryRedirect",
        Status::Code(308) => "PermanentRedirect",
        Status::Code(400) => "BadRequest",
        Status::Code(401) => "Unauthorized",
        Status::Code(403) => "Forbidden",
        Status::Code(404) => "NotFound",
        Status::Code(405) => "MethodNotAllowed",
        Status::Code(409) => "Conflict",
        Status::Code(410) => "Gone",
        Status::Code(412) => "PreconditionFailed",
        Status::Code(415) => "UnsupportedMediaType",
        Status::Code(422) => "UnprocessableEntity",
        Status::Code(429) => "TooManyRequests",
        Status::Code(500) => "InternalServerError",
        Status::Code(502) => "BadGateway",
        Status::Code(503) => "ServiceUnavailable",
        Status::Code(504) => "GatewayTimeout",
        Status::Default => "Default",
        Status::Code(code) => return format!("Status{code}"),
        Status::Class(class) => return format!("Status{class}xx"),
    };
    name.to_owned()
}

/// `CHECKOUT_V1` for `https://checkout.example.com/v1`.
fn server_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(['.', ':']).next().unwrap_or_default();
    let host = if host.is_empty() { "server" } else { host };
    words::shouty(&format!("{host} {path}"))
}

/// Everything in the model that has no type, with its place.
fn report(document: &Document, api: &Api, findings: &report::Findings) -> Report {
    let mut report = Report {
        unread: document.unread().to_vec(),
        ..Report::default()
    };
    let entry = |pointer: &str, what: String| Entry {
        place: document.place(pointer).to_string(),
        pointer: pointer.to_owned(),
        what,
    };
    for (pointer, what) in &findings.constraints {
        report.constraints.push(entry(pointer, what.clone()));
    }
    let mut hole = |pointer: &str, ty: &TypeRef, what: String| {
        if let Some(kind) = untyped(ty) {
            report
                .untyped
                .push(entry(pointer, format!("{what}: {kind}")));
        }
    };
    let own = |(_, ty): &(&String, &Type)| ty.origin.is_none();
    for (name, ty) in api.types.iter().filter(own) {
        match &ty.kind {
            TypeKind::Struct(object) => {
                for field in &object.fields {
                    hole(&field.place, &field.ty, format!("{name}.{}", field.name));
                }
                if let Some(additional) = &object.additional {
                    hole(&ty.place, additional, format!("{name}.additional"));
                }
            }
            TypeKind::Union(union) => {
                for variant in &union.variants {
                    hole(&ty.place, &variant.ty, format!("{name}::{}", variant.name));
                }
            }
            _ => {}
        }
    }
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let name = &operation.type_name;
        for param in &operation.params {
            hole(&param.place, &param.ty, format!("{name}.{}", param.name));
        }
        if let Some(body) = &operation.body {
            hole(&operation.place, &body.ty, format!("the body of {name}"));
        }
        for (side, answer) in [
            ("answer", &operation.answer),
            ("failure", &operation.failure),
        ] {
            match &answer.shape {
                AnswerShape::Unit => {}
                AnswerShape::Single { payload, .. } => hole(
                    &operation.place,
                    &payload.ty,
                    format!("the {side} of {name}"),
                ),
                AnswerShape::Enum(_) => {
                    for case in &answer.cases {
                        if let Some(payload) = &case.payload {
                            hole(
                                &operation.place,
                                &payload.ty,
                                format!("the {side} {} of {name}", case.variant),
                            );
                        }
                    }
                }
            }
        }
    }
    report
}

fn untyped(ty: &TypeRef) -> Option<&'static str> {
    match ty {
        TypeRef::Json => Some("any JSON value"),
        TypeRef::JsonObject => Some("an object of any shape"),
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner) => untyped(inner),
        _ => None,
    }
}
