//! Operations: parameters, bodies and answers found and resolved, before any type has its final name.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    OpenAPI, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathItem, PathStyle,
    QueryStyle, ReferenceOr, Response, StatusCode,
};

use super::{
    facts,
    graph::{Graph, Hint, Value, ValueKind},
    lock::Lock,
    samples,
    site::{Site, component, escape},
    types::paragraphs,
    words,
};
use crate::model::{Encoding, Location, Rule, Sample, Status, Style, TypeRef};

/// An operation whose types are not named yet.
#[derive(Debug)]
pub(crate) struct RawOperation {
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) tag: Option<String>,
    pub(crate) summary: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) servers: Vec<openapiv3::Server>,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) settled_by: Option<String>,
    pub(crate) idempotent_by: Option<String>,
    pub(crate) request_id_header: Option<String>,
    pub(crate) params: Vec<RawParam>,
    pub(crate) body: Option<RawBody>,
    pub(crate) cases: Vec<RawCase>,
    pub(crate) headers: Vec<RawHeader>,
    pub(crate) place: String,
}

#[derive(Debug)]
pub(crate) struct RawParam {
    pub(crate) wire: String,
    pub(crate) wanted: Option<String>,
    pub(crate) value: RawType,
    pub(crate) docs: String,
    pub(crate) location: Location,
    pub(crate) style: Style,
    pub(crate) required: bool,
    pub(crate) client_value: Option<String>,
    pub(crate) made_up: bool,
    pub(crate) rules: Vec<Rule>,
    pub(crate) deprecated: Option<String>,
    pub(crate) sample: Sample,
    pub(crate) place: String,
}

#[derive(Debug)]
pub(crate) enum RawType {
    Value(Value),
    /// A newtype of its own, by name.
    Id(String, String),
    /// A type of the runtime.
    Runtime(String),
}

#[derive(Debug)]
pub(crate) struct RawBody {
    pub(crate) encoding: Encoding,
    pub(crate) value: Value,
    pub(crate) required: bool,
    pub(crate) docs: String,
    pub(crate) media_type: String,
    pub(crate) sample: Sample,
    /// Where its schema stands.
    pub(crate) schema: Option<String>,
}

#[derive(Debug)]
pub(crate) struct RawCase {
    pub(crate) status: Status,
    pub(crate) payload: Option<(Encoding, Value)>,
    /// Where the payload's schema stands.
    pub(crate) schema: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) docs: String,
}

#[derive(Debug)]
pub(crate) struct RawHeader {
    pub(crate) wire: String,
    pub(crate) value: Value,
    pub(crate) docs: String,
}

/// Reads all operations of the document.
pub(crate) fn read<'d>(
    graph: &mut Graph<'d>,
    taken: &mut BTreeSet<String>,
    old: &Lock,
    lock: &mut Lock,
) -> Vec<RawOperation> {
    let openapi: &'d OpenAPI = &graph.document.openapi;
    let mut operations = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut paths: Vec<_> = openapi.paths.paths.iter().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        for (method, operation) in item.iter() {
            let at = format!("/paths/{}/{method}", escape(path));
            let Some(site) = Site::find(graph.document, &at) else {
                continue;
            };
            let mut reader = Reader {
                graph: &mut *graph,
                item,
                operation,
                site,
                path,
            };
            let key = format!("{} {path}", method.to_uppercase());
            let name = reader.name(method);
            let name = match old.operation(&key) {
                Some(locked) if !names.contains(locked) => locked.to_owned(),
                _ => words::distinct(&name, &names),
            };
            names.insert(name.clone());
            lock.set_operation(&key, &name);
            let type_name = free_type(&words::type_name(&name), taken);
            operations.push(reader.read(name, type_name, method));
        }
    }
    operations
}

/// An operation brings a family of types along; none of them may be there already.
fn free_type(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    const FAMILY: [&str; 5] = ["", "Builder", "Headers", "Answer", "Failure"];
    let clashes = |name: &str| {
        FAMILY
            .iter()
            .any(|end| taken.contains(&format!("{name}{end}")))
    };
    let call = format!("{wanted}Call");
    let numbered = (2_u32..).map(|number| format!("{call}{number}"));
    let candidates = [wanted.to_owned(), call.clone()]
        .into_iter()
        .chain(numbered);
    let name = candidates
        .into_iter()
        .find(|name| !clashes(name))
        .unwrap_or_default();
    taken.extend(FAMILY.iter().map(|end| format!("{name}{end}")));
    name
}

struct Reader<'a, 'd> {
    graph: &'a mut Graph<'d>,
    item: &'d PathItem,
    operation: &'d Operation,
    site: Site<'d>,
    path: &'d str,
}

impl<'d> Reader<'_, 'd> {
    fn name(&self, method: &str) -> String {
        let given = self
            .site
            .text("x-rust-name")
            .or(self.operation.operation_id.as_deref());
        match given {
            Some(name) => words::snake(name),
            None => words::snake(&format!("{method} {}", self.path)),
        }
    }

    fn read(&mut self, name: String, type_name: String, method: &str) -> RawOperation {
        let openapi: &'d OpenAPI = &self.graph.document.openapi;
        let params = self.params(&type_name);
        let body = self.body(&type_name);
        let (cases, headers) = self.cases(&type_name);
        let servers = [
            &self.operation.servers,
            &self.item.servers,
            &openapi.servers,
        ]
        .into_iter()
        .find(|servers| !servers.is_empty());
        let security = self
            .operation
            .security
            .as_ref()
            .or(openapi.security.as_ref());
        let mut scopes: Vec<String> = self
            .site
            .texts("x-scopes")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let required = security.iter().flat_map(|all| all.iter());
        for scope in required.flat_map(|one| {
            sorted_keys(one)
                .into_iter()
                .filter_map(|name| one.get(&name))
                .flatten()
        }) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        RawOperation {
            name,
            type_name,
            tag: self.operation.tags.first().cloned(),
            summary: self.operation.summary.clone().unwrap_or_default(),
            docs: facts::with_doubt(
                self.operation.description.as_deref().unwrap_or_default(),
                &self.site,
            ),
            deprecated: self
                .operation
                .deprecated
                .then(|| facts::deprecation(&self.site)),
            method: method.to_uppercase(),
            path: self.path.to_owned(),
            servers: servers.cloned().unwrap_or_default(),
            security: security.map_or_else(Vec::new, |all| all.iter().map(sorted_keys).collect()),
            scopes,
            settled_by: self.site.text("x-settled-by").map(str::to_owned),
            idempotent_by: self.site.text("x-idempotent-by").map(str::to_owned),
            request_id_header: self.request_id_header(),
            params,
            body,
            cases,
            headers,
            place: self.site.at.clone(),
        }
    }

    /// The header named at the operation, or else at the document.
    fn request_id_header(&mut self) -> Option<String> {
        const KEY: &str = "x-request-id-header";
        let root = Site::find(self.graph.document, "");
        let site = [Some(self.site.clone()), root]
            .into_iter()
            .flatten()
            .find_map(|site| site.get(KEY))?;
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let name = site.node.as_str().unwrap_or_default();
        if name.is_empty() || !name.chars().all(is_token) {
            let help = "give the name of one header, such as `request-id`";
            self.refuse_at(&site.at, "this is no name of a header", help);
            return None;
        }
        Some(name.to_ascii_lowercase())
    }

    fn params(&mut self, type_name: &str) -> Vec<RawParam> {
        let own = self
            .operation
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| (format!("{}/parameters/{index}", self.site.at), parameter));
        let shared_at = format!("/paths/{}/parameters", escape(self.path));
        let shared = self
            .item
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| (format!("{shared_at}/{index}"), parameter));
        let mut all: Vec<(Parameter, Site<'d>, Option<String>)> = Vec::new();
        for (at, parameter) in own.chain(shared) {
            let Some(site) = Site::find(self.graph.document, &at) else {
                continue;
            };
            let site = self.graph.target(&site);
            let parameter = match parameter {
                ReferenceOr::Item(parameter) => Some(parameter),
                ReferenceOr::Reference { .. } => self.component_parameter(&site),
            };
            let Some(parameter) = parameter else {
                continue;
            };
            let data = parameter.parameter_data_ref();
            // What stands at the operation overrides what stands at the path.
            let known = all.iter().any(|(other, ..)| {
                let other_data = other.parameter_data_ref();
                other_data.name == data.name && location(other) == location(parameter)
            });
            let ours = location(parameter) == Location::Header
                && ["accept", "content-type", "authorization"]
                    .contains(&data.name.to_lowercase().as_str());
            if !known && !ours {
                all.push((parameter.clone(), site.clone(), component(&site.at)));
            }
        }
        let in_path: Vec<&str> = placeholders(self.path);
        all.sort_by_key(|(parameter, ..)| match location(parameter) {
            Location::Path => in_path
                .iter()
                .position(|name| *name == parameter.parameter_data_ref().name)
                .unwrap_or(usize::MAX - 1),
            _ => usize::MAX,
        });
        all.into_iter()
            .filter_map(|(parameter, site, key)| self.param(&parameter, site, key, type_name))
            .collect()
    }

    fn component_parameter(&self, site: &Site<'d>) -> Option<&'d Parameter> {
        let name = component(&site.at)?;
        let openapi: &'d OpenAPI = &self.graph.document.openapi;
        match openapi.components.as_ref()?.parameters.get(&name)? {
            ReferenceOr::Item(parameter) => Some(parameter),
            ReferenceOr::Reference { .. } => None,
        }
    }

    fn param(
        &mut self,
        parameter: &Parameter,
        site: Site<'d>,
        key: Option<String>,
        type_name: &str,
    ) -> Option<RawParam> {
        let data: &ParameterData = parameter.parameter_data_ref();
        let location = location(parameter);
        let (schema, is_json) = match &data.format {
            ParameterSchemaOrContent::Schema(_) => (site.get("schema")?, false),
            ParameterSchemaOrContent::Content(content) => {
                let media_type = content.keys().min()?;
                let media = site.get("content")?.get(media_type)?;
                let schema = media.get("schema").unwrap_or(media);
                (schema, is_json(media_type))
            }
        };
        let wanted = site.text("x-rust-name").map(str::to_owned);
        let client_value = site.text("x-client-value").map(str::to_owned);
        let hint = match &key {
            Some(key) => words::type_name(key),
            None => format!(
                "{type_name}{}",
                words::pascal(wanted.as_deref().unwrap_or(&data.name))
            ),
        };
        let named = site
            .text("x-rust-type")
            .or_else(|| schema.text("x-rust-type"));
        let value = self
            .graph
            .resolve(std::slice::from_ref(&schema), Hint::Name(hint));
        let sites = std::slice::from_ref(&schema);
        let given = samples::given(&site);
        let sample = samples::sample(self.graph, sites, &value, &data.name, given);
        let value = match (named, &client_value, location, &value.kind) {
            (Some(named), Some(_), ..) => RawType::Runtime(named.to_owned()),
            (_, _, _, ValueKind::Simple(TypeRef::Named(name))) => {
                RawType::Id(name.clone(), site.at.clone())
            }
            (named, _, Location::Path, ValueKind::Simple(TypeRef::String))
            | (named @ Some(_), _, _, ValueKind::Simple(TypeRef::String)) => {
                let name = named.map_or_else(
                    || self.id_name(&data.name, key.as_deref()),
                    words::type_name,
                );
                RawType::Id(name, site.at.clone())
            }
            _ => RawType::Value(value),
        };
        let style = self.style(parameter, data, &value, is_json);
        let mut parts = vec![schema.clone()];
        if schema.reference().is_some() {
            parts = vec![self.graph.target(&schema)];
        }
        let mut constraints = facts::constraints(&parts);
        if let Some(items) = parts[0].get("items") {
            let items = self.graph.target(&items);
            let of_items = facts::constraints(&[items]);
            if !of_items.is_empty() {
                constraints = format!("{constraints} Each item: {of_items}")
                    .trim()
                    .to_owned();
            }
        }
        let rules = self.rules(&parts[0]);
        let sample = samples::accompanied(sample, &rules, &parts[0], self.graph);
        let made_up = location == Location::Header
            && client_value.is_none()
            && facts::is_made_up(&data.name, &parts[0]);
        let described = data
            .description
            .as_deref()
            .or_else(|| schema.text("description"))
            .unwrap_or_default();
        Some(RawParam {
            wire: data.name.clone(),
            wanted,
            value,
            docs: facts::with_doubt(&paragraphs(described, &constraints), &site),
            location,
            style,
            required: data.required || location == Location::Path,
            client_value,
            made_up,
            rules,
            deprecated: (data.deprecated == Some(true)).then(|| facts::deprecation(&site)),
            sample,
            place: site.at,
        })
    }

    /// `TransactionId` for a component of that name, `SessionId` for `session_id`, `OrderId` for `id` in `/orders/{id}`.
    fn id_name(&self, parameter: &str, key: Option<&str>) -> String {
        if let Some(key) = key {
            return words::type_name(key);
        }
        let placeholder = format!("{{{parameter}}}");
        let before = self
            .path
            .split('/')
            .take_while(|segment| **segment != placeholder);
        let owner = before
            .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
            .last();
        match owner {
            Some(owner) if parameter.eq_ignore_ascii_case("id") => {
                words::type_name(&format!("{} id", words::singular(&owner.to_lowercase())))
            }
            _ => words::type_name(parameter),
        }
    }

    fn style(
        &mut self,
        parameter: &Parameter,
        data: &ParameterData,
        value: &RawType,
        is_json: bool,
    ) -> Style {
        if is_json {
            return Style::Json;
        }
        let many = match value {
            RawType::Value(value) => self.is_compound(value),
            _ => false,
        };
        if !many {
            return Style::Single;
        }
        match parameter {
            Parameter::Query { style, .. } => match style {
                QueryStyle::Form if data.explode == Some(false) => Style::Joined(','),
                QueryStyle::Form => Style::Repeat,
                QueryStyle::SpaceDelimited if data.explode == Some(true) => Style::Repeat,
                QueryStyle::PipeDelimited if data.explode == Some(true) => Style::Repeat,
                QueryStyle::SpaceDelimited => Style::Joined(' '),
                QueryStyle::PipeDelimited => Style::Joined('|'),
                QueryStyle::DeepObject => Style::DeepObject,
            },
            Parameter::Path { style, .. } => {
                if !matches!(style, PathStyle::Simple) {
                    self.refuse(
                        "path parameters of the styles `matrix` and `label` are not supported",
                        "describe it with `style: simple`",
                    );
                }
                Style::Joined(',')
            }
            Parameter::Header { .. } => Style::Joined(','),
            Parameter::Cookie { .. } if data.explode == Some(true) => Style::Repeat,
            Parameter::Cookie { .. } => Style::Joined(','),
        }
    }

    fn is_compound(&self, value: &Value) -> bool {
        match &value.kind {
            ValueKind::Simple(simple) => matches!(simple, TypeRef::JsonObject),
            ValueKind::List(_) | ValueKind::Map(_) => true,
            ValueKind::Shape(id) => {
                matches!(
                    self.graph.shapes[*id].kind,
                    super::graph::ShapeKind::Object(_)
                )
            }
        }
    }

    /// The constraints that are marked to be checked before anything is sent.
    fn rules(&mut self, schema: &Site<'d>) -> Vec<Rule> {
        let mut rules = Vec::new();
        for keyword in schema.texts("x-enforce") {
            let number = schema.node.get(keyword).and_then(|node| node.as_u64());
            let rule = match (keyword, number) {
                ("minItems", Some(least)) => Some(Rule::MinItems(least)),
                ("maxItems", Some(most)) => Some(Rule::MaxItems(most)),
                ("minLength", Some(least)) => Some(Rule::MinLength(least)),
                ("maxLength", Some(most)) => Some(Rule::MaxLength(most)),
                ("x-needs-companion", _) => {
                    let values = schema
                        .texts("x-needs-companion")
                        .into_iter()
                        .map(str::to_owned)
                        .collect();
                    Some(Rule::NeedsCompanion(values))
                }
                _ => None,
            };
            match rule {
                Some(rule) => {
                    let at = format!("{}/{keyword}", schema.at);
                    self.graph
                        .findings
                        .constraints
                        .retain(|(place, _)| *place != at);
                    rules.push(rule);
                }
                None => {
                    let error = self.graph.document.error(
                        &format!("{}/x-enforce", schema.at),
                        format!("`{keyword}` can't be enforced here"),
                        "name minItems, maxItems, minLength, maxLength or x-needs-companion, and give the schema that keyword",
                    );
                    self.graph.errors.push(error);
                }
            }
        }
        rules
    }

    fn body(&mut self, type_name: &str) -> Option<RawBody> {
        self.operation.request_body.as_ref()?;
        let site = self.graph.target(&self.site.get("requestBody")?);
        let content = site.entries("content");
        let (media_type, media) = choose(&content)?;
        for (other, place) in content.iter().filter(|(other, _)| *other != media_type) {
            self.graph.findings.constraint(
                &place.at,
                &format!("the body as {other}; {media_type} is sent"),
            );
        }
        let encoding = match media_type {
            "application/x-www-form-urlencoded" => Encoding::Form,
            _ if is_json(media_type) => Encoding::Json,
            _ if media_type.starts_with("multipart/") => {
                self.refuse_at(
                    &media.at,
                    "multipart bodies are not supported",
                    "leave the operation out with an overlay: `remove: true`",
                );
                return None;
            }
            _ if is_text(media_type) => Encoding::Text,
            _ => Encoding::Bytes,
        };
        let hint = match component(&site.at) {
            Some(name) if self.is_schema(&name) => format!("{}Body", words::type_name(&name)),
            Some(name) => words::type_name(&name),
            None => format!("{type_name}Body"),
        };
        let value = self.payload(&media, encoding, hint);
        if encoding == Encoding::Form && !self.is_compound(&value) {
            self.refuse_at(
                &media.at,
                "a form body has to be an object",
                "describe its fields with `properties`",
            );
            return None;
        }
        let schema: Vec<Site<'d>> = media.get("schema").into_iter().collect();
        let given = samples::given(&media);
        Some(RawBody {
            encoding,
            sample: samples::sample(self.graph, &schema, &value, "body", given),
            value,
            required: site.flag("required"),
            docs: site.text("description").unwrap_or_default().to_owned(),
            media_type: media_type.to_owned(),
            schema: schema.into_iter().next().map(|schema| schema.at),
        })
    }

    fn payload(&mut self, media: &Site<'d>, encoding: Encoding, hint: String) -> Value {
        let plain = |simple| Value {
            kind: ValueKind::Simple(simple),
            nullable: false,
        };
        match (encoding, media.get("schema")) {
            (Encoding::Text, _) => plain(TypeRef::String),
            (Encoding::Bytes, _) => plain(TypeRef::Bytes),
            (_, Some(schema)) => self.graph.resolve(&[schema], Hint::Name(hint)),
            (_, None) => plain(TypeRef::Json),
        }
    }

    fn cases(&mut self, type_name: &str) -> (Vec<RawCase>, Vec<RawHeader>) {
        let responses = &self.operation.responses;
        let mut all: Vec<(Status, String, &'d ReferenceOr<Response>)> = Vec::new();
        for (status, response) in &responses.responses {
            let (status, key) = match status {
                StatusCode::Code(code) => (Status::Code(*code), code.to_string()),
                StatusCode::Range(class) => (Status::Class(*class), format!("{class}XX")),
            };
            all.push((status, key, response));
        }
        if let Some(response) = &responses.default {
            all.push((Status::Default, "default".to_owned(), response));
        }
        all.sort_by_key(|(status, ..)| match status {
            Status::Code(code) => (0, *code),
            Status::Class(class) => (1, *class),
            Status::Default => (2, 0),
        });
        let mut cases = Vec::new();
        let mut headers: Vec<RawHeader> = Vec::new();
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (status, key, _) in all {
            let written = self
                .site
                .get("responses")
                .and_then(|site| site.get(&key).or_else(|| site.get(&key.to_lowercase())));
            let Some(site) = written.map(|site| self.graph.target(&site)) else {
                continue;
            };
            let is_error = !matches!(status, Status::Code(200..=399) | Status::Class(2 | 3));
            let hint = match component(&site.at) {
                Some(name) if self.is_schema(&name) => {
                    format!("{}Response", words::type_name(&name))
                }
                Some(name) => words::type_name(&name),
                None if is_error => format!(
                    "{type_name}{}Error",
                    words::pascal(&format!("status {key}"))
                ),
                None => format!("{type_name}Response"),
            };
            let content = site.entries("content");
            let chosen = choose(&content);
            let mut case = RawCase {
                status,
                payload: None,
                schema: None,
                media_type: None,
                docs: site.text("description").unwrap_or_default().to_owned(),
            };
            if let Some((media_type, media)) = chosen.as_ref().filter(|_| status.is_redirect()) {
                self.graph.findings.constraint(
                    &media.at,
                    &format!("the body as {media_type} beside the place that a redirect names"),
                );
            } else if let Some((media_type, media)) = chosen {
                for (other, place) in content.iter().filter(|(other, _)| *other != media_type) {
                    self.graph.findings.constraint(
                        &place.at,
                        &format!("the answer as {other}; {media_type} is asked for"),
                    );
                }
                let schema = media.get("schema");
                case.schema = schema.as_ref().map(|schema| schema.at.clone());
                let schema = schema.map(|schema| self.graph.target(&schema));
                let is_binary =
                    schema.is_some_and(|schema| schema.text("format") == Some("binary"));
                let encoding = match () {
                    () if is_binary => Encoding::Bytes,
                    () if is_json(media_type) => Encoding::Json,
                    () if is_text(media_type) => Encoding::Text,
                    () => Encoding::Bytes,
                };
                case.payload = Some((encoding, self.payload(&media, encoding, hint)));
                case.media_type = Some(
                    if is_binary && is_json(media_type) {
                        "*/*"
                    } else {
                        media_type
                    }
                    .to_owned(),
                );
            }
            cases.push(case);
            for (wire, header) in site.entries("headers") {
                let header = self.graph.target(&header);
                if wire.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                told.entry(wire.to_owned()).or_default().push(key.clone());
                if headers
                    .iter()
                    .any(|known| known.wire.eq_ignore_ascii_case(wire))
                {
                    continue;
                }
                let value = match header.get("schema") {
                    Some(schema) => self.graph.resolve(
                        &[schema],
                        Hint::Name(format!("{type_name}{}", words::pascal(wire))),
                    ),
                    None => Value {
                        kind: ValueKind::Simple(TypeRef::String),
                        nullable: false,
                    },
                };
                headers.push(RawHeader {
                    wire: wire.to_owned(),
                    value,
                    docs: header.text("description").unwrap_or_default().to_owned(),
                });
            }
        }
        for header in &mut headers {
            let statuses = told
                .get(&header.wire)
                .map(|all| all.join(", "))
                .unwrap_or_default();
            header.docs = paragraphs(&header.docs, &format!("Comes with status {statuses}."));
        }
        (cases, headers)
    }

    fn is_schema(&self, name: &str) -> bool {
        let at = format!("/components/schemas/{}", escape(name));
        Site::find(self.graph.document, &at).is_some()
    }

    fn refuse(&mut self, what: &str, help: &str) {
        let at = self.site.at.clone();
        self.refuse_at(&at, what, help);
    }

    fn refuse_at(&mut self, at: &str, what: &str, help: &str) {
        let error = self.graph.document.error(at, what, help);
        self.graph.errors.push(error);
    }
}

fn location(parameter: &Parameter) -> Location {
    match parameter {
        Parameter::Path { .. } => Location::Path,
        Parameter::Query { .. } => Location::Query,
        Parameter::Header { .. } => Location::Header,
        Parameter::Cookie { .. } => Location::Cookie,
    }
}

fn sorted_keys(requirement: &openapiv3::SecurityRequirement) -> Vec<String> {
    let mut names: Vec<String> = requirement.keys().cloned().collect();
    names.sort();
    names
}

/// The names in a path template, in its order.
pub(crate) fn placeholders(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// The media type that is sent or asked for: JSON before forms before text before the rest.
pub(super) fn choose<'d>(content: &[(&'d str, Site<'d>)]) -> Option<(&'d str, Site<'d>)> {
    let rank = |media_type: &str| match media_type {
        "application/json" => 0,
        _ if is_json(media_type) => 1,
        "application/x-www-form-urlencoded" => 2,
        _ if is_text(media_type) => 3,
        _ => 4,
    };
    content
        .iter()
        .min_by_key(|(media_type, _)| rank(media_type))
        .cloned()
}

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
}
