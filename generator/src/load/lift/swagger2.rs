//! Swagger 2.0.

use std::collections::BTreeMap;

use super::{
    super::{Node, Place, Value, escape},
    Members, Notes,
    members::{flag, node, object, text},
    references, walk,
};
use crate::{
    load::table::{Kind, METHODS},
    media_type::essence,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const BYTES: &str = "application/octet-stream";

/// The text between the items of a parameter, where OpenAPI 3.0 has no style for it.
pub(crate) const SEPARATOR: &str = "x-separator";

/// Returns the text between items.
fn separator(collection_format: &str) -> Option<&'static str> {
    Some(match collection_format {
        "ssv" => " ",
        "tsv" => "\t",
        "pipes" => "|",
        _ => return None,
    })
}

/// Keywords of parameters and headers that belong to a schema.
const OF_VALUES: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "x-nullable",
];

pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    let place = root.place.clone();
    let mut lift = Lift {
        notes,
        consumes: list(&mut root.value, "consumes"),
        produces: list(&mut root.value, "produces"),
        shared: BTreeMap::new(),
        scheme: None,
        address: None,
    };
    root.value.rename("swagger", "openapi");
    if let Some(version) = root.value.get_mut("openapi") {
        version.value = Value::String("3.0.3".to_owned());
    }
    lift.servers(root);

    let mut components = object(&place, Vec::new());
    if let Some(schemas) = root.value.take("definitions") {
        components.value.put("schemas", schemas);
    }
    if let Some((key, mut parameters)) = root.value.take("parameters") {
        if let Value::Object(members) = &mut parameters.value {
            members.retain_mut(|(key, parameter)| {
                let at = format!("/parameters/{}", escape(&key.name));
                if location(parameter).is_some_and(is_body) {
                    let node = parameter.clone();
                    lift.shared.insert(key.name.clone(), Located { node, at });
                    return false;
                }
                lift.parameter(parameter, &at);
                true
            });
        }
        components.value.put("parameters", (key, parameters));
    }
    if let Some((key, mut responses)) = root.value.take("responses") {
        let produces = lift.produces.clone();
        for (name, response) in members(&mut responses) {
            let at = format!("/responses/{}", escape(name));
            lift.response(response, &produces, &at);
        }
        components.value.put("responses", (key, responses));
    }
    if let Some((key, mut schemes)) = root.value.take("securityDefinitions") {
        for (_, scheme) in members(&mut schemes) {
            security(scheme);
        }
        components.value.put("securitySchemes", (key, schemes));
    }
    if let Some(paths) = root.value.get_mut("paths") {
        for (name, item) in members(paths) {
            if name.starts_with('/') {
                let at = format!("/paths/{}", escape(name));
                lift.path_item(item, &at);
            }
        }
    }
    if components.as_object().is_some_and(|all| !all.is_empty()) {
        root.value.set("components", components);
    }

    references(root, &mut |text, _| {
        let groups = [
            ("#/definitions/", "#/components/schemas/"),
            ("#/parameters/", "#/components/parameters/"),
            ("#/responses/", "#/components/responses/"),
        ];
        // Of this document or of another file.
        let at = text.find('#')?;
        let (file, fragment) = text.split_at(at);
        let mut groups = groups.iter();
        groups.find_map(|(from, to)| {
            let rest = fragment.strip_prefix(from)?;
            Some(format!("{file}{to}{rest}"))
        })
    });
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, _| {
            if kind == Kind::Schema {
                schema(node);
            }
        },
    );
}

fn members(node: &mut Node) -> impl Iterator<Item = (&str, &mut Node)> {
    let members = match &mut node.value {
        Value::Object(members) => members.as_mut_slice(),
        _ => &mut [],
    };
    let members = members.iter_mut();
    members.map(|(key, node)| (key.name.as_str(), node))
}

/// Removes and returns a list of strings.
fn list(members: &mut Value, name: &str) -> Option<Vec<String>> {
    let (_, list) = members.take(name)?;
    let items = list.as_array()?.iter().filter_map(Node::as_str);
    Some(items.map(str::to_owned).collect())
}

fn location(parameter: &Node) -> Option<&str> {
    parameter.get("in").and_then(Node::as_str)
}

fn is_body(location: &str) -> bool {
    matches!(location, "body" | "formData")
}

/// Returns the scheme that is used: `https`, if it is there.
fn used(schemes: &[String]) -> Option<&'static str> {
    let is_there = |scheme: &&&str| schemes.iter().any(|known| known == **scheme);
    ["https", "http"].iter().find(is_there).copied()
}

/// A part of the document, and its pointer there.
#[derive(Clone)]
struct Located {
    node: Node,
    at: String,
}

struct Lift<'a, 'n> {
    notes: &'a mut Notes<'n>,
    consumes: Option<Vec<String>>,
    produces: Option<Vec<String>>,
    /// Parameters for all operations that become bodies.
    shared: BTreeMap<String, Located>,
    /// The scheme that is used, and the rest of the URL, if the document has a host.
    scheme: Option<&'static str>,
    address: Option<String>,
}

impl Lift<'_, '_> {
    /// `schemes`, `host` and `basePath`.
    fn servers(&mut self, root: &mut Node) {
        let schemes = list(&mut root.value, "schemes").unwrap_or_default();
        let host = root.value.take("host").map(|(_, node)| node);
        let base = root.value.take("basePath").map(|(_, node)| node);
        let place = match (&host, &base) {
            (Some(node), _) | (None, Some(node)) => node.place.clone(),
            (None, None) => return,
        };
        let base_place = base.as_ref().map_or(&place, |node| &node.place).clone();
        let base = base.as_ref().and_then(Node::as_str).unwrap_or_default();
        let base = base.trim_end_matches('/');
        let mut base = base.to_owned();
        if !base.is_empty() && !base.starts_with('/') {
            let what = "`basePath` does not start with a slash; it is read as if it did";
            self.notes.lost(&base_place, "/basePath", what);
            base.insert(0, '/');
        }
        let scheme = used(&schemes).unwrap_or("https");
        let urls = match host.as_ref().and_then(Node::as_str) {
            Some(host) => {
                let address = format!("{host}{base}");
                let is_both = ["http", "https"].map(|scheme| schemes.iter().any(|it| it == scheme));
                let mut urls = vec![format!("{scheme}://{address}")];
                if is_both == [true, true] {
                    urls.push(format!("http://{address}"));
                }
                self.scheme = Some(scheme);
                self.address = Some(address);
                urls
            }
            None if base.is_empty() => vec!["/".to_owned()],
            None => vec![base],
        };
        root.value.set("servers", servers(&place, urls));
    }

    fn path_item(&mut self, item: &mut Node, at: &str) {
        let mut bodies = Vec::new();
        if let Some(parameters) = item.value.get_mut("parameters") {
            bodies = self.parameters(parameters, at);
        }
        for method in METHODS {
            if let Some(operation) = item.value.get_mut(method) {
                self.operation(operation, &bodies, &format!("{at}/{method}"));
            }
        }
    }

    fn operation(&mut self, operation: &mut Node, above: &[Located], at: &str) {
        self.schemes(operation, at);
        let consumes = list(&mut operation.value, "consumes").or_else(|| self.consumes.clone());
        let produces = list(&mut operation.value, "produces").or_else(|| self.produces.clone());
        let mut bodies = Vec::new();
        if let Some(parameters) = operation.value.get_mut("parameters") {
            bodies = self.parameters(parameters, at);
        }
        // The operation's own override those of its path.
        let name = |body: &Located| match location(&body.node) {
            Some("body") => None,
            _ => Some(body.node.get("name")?.as_str()?.to_owned()),
        };
        for parameter in above {
            if !bodies.iter().any(|own| name(own) == name(parameter)) {
                bodies.push(parameter.clone());
            }
        }
        if let Some(body) = self.body(bodies, consumes.unwrap_or_default()) {
            operation.value.set("requestBody", body);
        }
        if let Some(responses) = operation.value.get_mut("responses") {
            for (status, response) in members(responses) {
                if !status.starts_with("x-") {
                    let at = format!("{at}/responses/{}", escape(status));
                    self.response(response, &produces, &at);
                }
            }
        }
    }

    /// `schemes` of an operation, instead of those of the document.
    fn schemes(&mut self, operation: &mut Node, at: &str) {
        let Some(place) = operation.get("schemes").map(|node| node.place.clone()) else {
            return;
        };
        let Some(schemes) = list(&mut operation.value, "schemes") else {
            return;
        };
        match (used(&schemes), &self.address) {
            (Some(scheme), Some(address)) if self.scheme != Some(scheme) => {
                let url = format!("{scheme}://{address}");
                operation.value.set("servers", servers(&place, vec![url]));
            }
            (None, _) if !schemes.is_empty() => {
                let what = "`schemes` of an operation: only `https` and `http` are used";
                self.notes.lost(&place, &format!("{at}/schemes"), what);
            }
            _ => {}
        }
    }

    /// Converts a list of parameters, and returns separately those that become a body.
    fn parameters(&mut self, parameters: &mut Node, at: &str) -> Vec<Located> {
        let mut bodies = Vec::new();
        let Value::Array(items) = &mut parameters.value else {
            return bodies;
        };
        let mut index = 0..;
        items.retain_mut(|parameter| {
            let index: usize = index.next().unwrap_or_default();
            let at = format!("{at}/parameters/{index}");
            let shared = parameter.get("$ref").and_then(Node::as_str);
            let shared = shared.and_then(|text| text.strip_prefix("#/parameters/"));
            if let Some(shared) = shared.and_then(|name| self.shared.get(name)) {
                bodies.push(shared.clone());
                return false;
            }
            if location(parameter).is_some_and(is_body) {
                let node = parameter.clone();
                bodies.push(Located { node, at });
                return false;
            }
            self.parameter(parameter, &at);
            true
        });
        bodies
    }

    /// Converts a parameter that remains a parameter.
    fn parameter(&mut self, parameter: &mut Node, pointer: &str) {
        if parameter.value.has("$ref") || parameter.as_object().is_none() {
            return;
        }
        let place = parameter.place.clone();
        // The check reports another case.
        let is_query = location(parameter).is_some_and(|it| it.eq_ignore_ascii_case("query"));
        let format = parameter.value.take("collectionFormat");
        let schema = self.values(parameter, pointer);
        let is_list = is_array(&schema);
        if is_list {
            let said = format.as_ref().and_then(|(_, format)| format.as_str());
            let at = format.as_ref().map_or(&place, |(_, format)| &format.place);
            let style = |style: &str| text(at, style);
            let (style, explode) = match said.unwrap_or("csv") {
                "csv" if is_query => (style("form"), false),
                "csv" => (style("simple"), false),
                "multi" => (style("form"), true),
                "ssv" if is_query => (style("spaceDelimited"), false),
                "pipes" if is_query => (style("pipeDelimited"), false),
                other => match separator(other) {
                    Some(separator) => {
                        parameter.value.set(SEPARATOR, text(at, separator));
                        let own = if is_query { "form" } else { "simple" };
                        (style(own), false)
                    }
                    // Invalid: the check reports it here.
                    None => (style(other), false),
                },
            };
            parameter.value.set("style", style);
            parameter.value.set("explode", flag(&place, explode));
        }
        parameter.value.set("schema", schema);
        if !parameter.value.has("example") {
            parameter.value.rename("x-example", "example");
        }
    }

    /// The body that parameters become.
    fn body(&mut self, mut bodies: Vec<Located>, consumes: Vec<String>) -> Option<Node> {
        if let Some(index) = bodies
            .iter()
            .position(|body| location(&body.node) == Some("body"))
        {
            let mut body = bodies.swap_remove(index).node;
            let place = body.place.clone();
            let mut lifted = object(&place, Vec::new());
            for name in ["description", "required"] {
                if let Some(member) = body.value.take(name) {
                    lifted.value.put(name, member);
                }
            }
            let schema = body.value.take("schema");
            let schema = schema.map_or_else(|| object(&place, Vec::new()), |(_, schema)| schema);
            let types = match consumes.is_empty() {
                true => vec![JSON.to_owned()],
                false => consumes,
            };
            lifted
                .value
                .set("content", contents(&place, &types, &schema));
            keep_extensions(&mut body, &mut lifted);
            return Some(lifted);
        }
        let place = bodies.first()?.node.place.clone();
        let takes = |media_type: &str| consumes.iter().any(|known| essence(known) == media_type);
        let is_multipart =
            bodies.iter().any(|body| is_file(&body.node)) || (takes(MULTIPART) && !takes(FORM));
        let is_both = takes(MULTIPART) && !is_multipart;
        let mut properties = object(&place, Vec::new());
        let mut required = Vec::new();
        let mut encoding = object(&place, Vec::new());
        for Located {
            node: mut field,
            at,
        } in bodies
        {
            let Some((_, name)) = field.value.take("name") else {
                continue;
            };
            let Some(name) = name.as_str().map(str::to_owned) else {
                continue;
            };
            if field.get("required").and_then(Node::as_bool) == Some(true) {
                required.push(text(&field.place, &name));
            }
            let format = field.value.take("collectionFormat");
            let mut schema = self.values(&mut field, &at);
            if let Some(description) = field.value.take("description") {
                schema.value.put("description", description);
            }
            keep_extensions(&mut field, &mut schema);
            let is_list = is_array(&schema);
            let is_file_list = schema.get("items").is_some_and(is_file);
            if is_list && !(is_file_list && format.is_none()) {
                let said = format.as_ref().and_then(|(_, format)| format.as_str());
                let style = match said.unwrap_or("csv") {
                    "multi" => None,
                    "csv" => Some("form"),
                    "ssv" => Some("spaceDelimited"),
                    "pipes" => Some("pipeDelimited"),
                    "tsv" => Some("form"),
                    other => Some(other),
                };
                if let Some(style) = style {
                    let at = format
                        .as_ref()
                        .map_or(&field.place, |(_, format)| &format.place);
                    let mut rule = vec![("style", text(at, style)), ("explode", flag(at, false))];
                    if style == "form"
                        && let Some(separator) = said.and_then(separator)
                    {
                        rule.push((SEPARATOR, text(at, separator)));
                    }
                    encoding.value.set(&name, object(at, rule));
                }
            }
            properties.value.set(&name, schema);
        }
        let mut schema = object(
            &place,
            vec![("type", text(&place, "object")), ("properties", properties)],
        );
        let is_required = !required.is_empty();
        if is_required {
            schema
                .value
                .set("required", node(&place, Value::Array(required)));
        }
        let mut media_type = object(&place, vec![("schema", schema)]);
        if encoding.as_object().is_some_and(|all| !all.is_empty()) {
            media_type.value.set("encoding", encoding);
        }
        let name = if is_multipart { MULTIPART } else { FORM };
        let mut content = object(&place, vec![(name, media_type.clone())]);
        if is_both {
            content.value.set(MULTIPART, media_type);
        }
        let mut body = object(&place, vec![("content", content)]);
        if is_required {
            body.value.set("required", flag(&place, true));
        }
        Some(body)
    }

    fn response(&mut self, response: &mut Node, produces: &Option<Vec<String>>, at: &str) {
        if response.value.has("$ref") || response.as_object().is_none() {
            return;
        }
        if let Some(headers) = response.value.get_mut("headers") {
            for (name, header) in members(headers) {
                let at = format!("{at}/headers/{}", escape(name));
                let format = header.value.take("collectionFormat");
                if let Some((_, format)) = format.filter(|(_, format)| !is_csv(format)) {
                    let what = "`collectionFormat` of a response header: items are read up to the next comma";
                    let at = format!("{at}/collectionFormat");
                    self.notes.lost(&format.place, &at, what);
                }
                let schema = self.values(header, &at);
                header.value.set("schema", schema);
            }
        }
        let examples = response.value.take("examples");
        let Some((key, schema)) = response.value.take("schema") else {
            if let Some((key, _)) = examples.filter(|(_, node)| node.as_object().is_some()) {
                let what = "`examples` of a response without a `schema` are not read";
                self.notes.lost(&key.place, &format!("{at}/examples"), what);
            }
            return;
        };
        let is_file = is_file(&schema);
        let types = match produces.as_deref() {
            Some([_, ..]) => produces.clone().unwrap_or_default(),
            _ if is_file => vec![BYTES.to_owned()],
            _ => vec![JSON.to_owned()],
        };
        let mut content = contents(&key.place, &types, &schema);
        if let Some((_, mut examples)) = examples {
            for (name, example) in members(&mut examples) {
                if let Some(media_type) = content.value.get_mut(name) {
                    media_type.value.set("example", example.clone());
                }
            }
        }
        response.value.set("content", content);
    }

    /// Moves the keywords for values of an object into a schema.
    fn values(&mut self, from: &mut Node, at: &str) -> Node {
        let mut schema = object(&from.place.clone(), Vec::new());
        for name in OF_VALUES {
            if let Some(member) = from.value.take(name) {
                schema.value.put(name, member);
            }
        }
        let mut at = format!("{at}/items");
        let mut items = schema.value.get_mut("items");
        while let Some(inner) = items {
            if let Some((_, format)) = inner
                .value
                .take("collectionFormat")
                .filter(|(_, format)| !is_csv(format))
            {
                let what = "`collectionFormat` of items: only lists of single values can be sent";
                let at = format!("{at}/collectionFormat");
                self.notes.lost(&format.place, &at, what);
            }
            at.push_str("/items");
            items = inner.value.get_mut("items");
        }
        schema
    }
}

fn is_array(node: &Node) -> bool {
    let kind = node.get("type").and_then(Node::as_str);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("array"))
}

fn is_file(node: &Node) -> bool {
    node.get("type").and_then(Node::as_str) == Some("file")
}

fn is_csv(format: &Node) -> bool {
    format.as_str() == Some("csv")
}

fn servers(place: &Place, urls: Vec<String>) -> Node {
    let servers = urls.into_iter();
    let servers = servers.map(|url| object(place, vec![("url", text(place, url))]));
    node(place, Value::Array(servers.collect()))
}

/// The same schema for each media type.
fn contents(place: &Place, types: &[String], schema: &Node) -> Node {
    let mut content = object(place, Vec::new());
    for name in types {
        let media_type = object(place, vec![("schema", schema.clone())]);
        content.value.set(name, media_type);
    }
    content
}

/// Moves the extensions of the document.
fn keep_extensions(from: &mut Node, to: &mut Node) {
    if let (Value::Object(from), Value::Object(to)) = (&mut from.value, &mut to.value) {
        let is_known = |name: &str, to: &[(super::super::Key, Node)]| {
            to.iter().any(|(key, _)| key.name == name)
        };
        from.retain(|(key, node)| {
            let moves = key.name.starts_with("x-") && !is_known(&key.name, to);
            if moves {
                to.push((key.clone(), node.clone()));
            }
            !moves
        });
    }
}

fn security(scheme: &mut Node) {
    let place = scheme.place.clone();
    match scheme.get("type").and_then(Node::as_str) {
        Some("basic") => {
            scheme.value.set("type", text(&place, "http"));
            scheme.value.set("scheme", text(&place, "basic"));
        }
        Some("oauth2") => {
            let flow = scheme.value.take("flow");
            let flow = flow.and_then(|(_, flow)| flow.as_str().map(str::to_owned));
            let name = match flow.as_deref() {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut flow = object(&place, Vec::new());
            for name in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(member) = scheme.value.take(name) {
                    flow.value.put(name, member);
                }
            }
            scheme
                .value
                .set("flows", object(&place, vec![(name, flow)]));
        }
        _ => {}
    }
}

fn schema(schema: &mut Node) {
    let place = schema.place.clone();
    let members = &mut schema.value;
    if let Some(discriminator) = members.get_mut("discriminator")
        && discriminator.as_str().is_some()
    {
        let name = discriminator.clone();
        *discriminator = object(&name.place.clone(), vec![("propertyName", name)]);
    }
    if members.get_mut("type").and_then(|kind| kind.as_str()) == Some("file") {
        members.set("type", text(&place, "string"));
        members.set("format", text(&place, "binary"));
    }
    if !members.has("nullable")
        && members
            .get_mut("x-nullable")
            .and_then(|flag| flag.as_bool())
            == Some(true)
        && let Some(member) = members.take("x-nullable")
    {
        members.put("nullable", member);
    }
}
