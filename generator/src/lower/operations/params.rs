//! Parameters.

use std::collections::BTreeSet;

use openapiv3::{
    OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr,
};

use super::{Plainness, RawParam, RawType, Reader, payloads::plain};
use crate::{
    load::{AS_IT_IS, Node, SEPARATOR, followed, uses_authorization},
    lower::{
        facts,
        graph::{Hint, ShapeId, ShapeKind, Value, ValueKind, only_documented},
        lineage::{self, Root},
        lock::placeholders,
        samples,
        site::{Site, component, escape},
        types::paragraphs,
        words,
    },
    media_type::is_json,
    model::{ConstantParam, ConstantValue, Location, Rule, Style, TypeRef},
};

impl<'d> Reader<'_, 'd> {
    /// Returns the parameters, and those that are constants.
    pub(super) fn params(&mut self, type_name: &str) -> (Vec<RawParam>, Vec<ConstantParam>) {
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
        let mut of_client: Vec<(String, String)> = Vec::new();
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
            // A parameter of the operation overrides that of the path.
            let known = all.iter().any(|(other, ..)| {
                let other_data = other.parameter_data_ref();
                other_data.name == data.name && location(other) == location(parameter)
            });
            let ours = location(parameter) == Location::Header
                && ["accept", "content-type", "authorization"]
                    .contains(&data.name.to_lowercase().as_str());
            if ours {
                of_client.push((data.name.clone(), site.at.clone()));
            }
            let is_key = self.is_key(parameter);
            if is_key && !known {
                let what = format!("the parameter `{}`: a security scheme sends it", data.name);
                self.graph.findings.constraint(&site.at, &what);
            }
            if !known && !ours && !is_key {
                all.push((parameter.clone(), site.clone(), component(&site.at)));
            }
        }
        for (name, at) in of_client {
            self.note_header(&name, &at);
        }
        let in_path: Vec<&str> = placeholders(self.path);
        all.sort_by_key(|(parameter, ..)| match location(parameter) {
            Location::Path => in_path
                .iter()
                .position(|name| *name == parameter.parameter_data_ref().name)
                .unwrap_or(usize::MAX - 1),
            _ => usize::MAX,
        });
        let (mut params, mut constants) = (Vec::new(), Vec::new());
        for (parameter, site, key) in all {
            match self.constant(&parameter, &site) {
                Some(constant) => constants.push(constant),
                None => params.extend(self.param(&parameter, site, key, type_name)),
            }
        }
        (params, constants)
    }

    /// Notes a header that is not a parameter in the generated code.
    fn note_header(&mut self, name: &str, at: &str) {
        let what = match name.to_lowercase().as_str() {
            "accept" => "it has the media types of the responses",
            "content-type" => "it has the media type of the body",
            _ if self.sends_authorization() => return,
            _ => "no security scheme sets it",
        };
        let what = format!("the header parameter `{name}`: {what}");
        self.graph.findings.constraint(at, &what);
    }

    /// Whether a security scheme of the operation sets the header `Authorization`.
    fn sends_authorization(&self) -> bool {
        (self.alternatives().into_iter().flatten()).any(uses_authorization)
    }

    /// Whether a parameter is the API key of a security scheme: of each alternative of the operation, if it is required.
    fn is_key(&self, parameter: &Parameter) -> bool {
        let data = parameter.parameter_data_ref();
        let place = match location(parameter) {
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
            Location::Path => return false,
        };
        let sends = |scheme: &&Node| {
            let text = |key| scheme.get(key).and_then(Node::as_str).unwrap_or_default();
            let is_name = match place {
                "header" => text("name").eq_ignore_ascii_case(&data.name),
                _ => text("name") == data.name,
            };
            text("type") == "apiKey" && text("in") == place && is_name
        };
        let alternatives = self.alternatives();
        let mut sent = alternatives.iter().map(|one| one.iter().any(sends));
        match data.required {
            true => sent.len() > 0 && sent.all(|sent| sent),
            false => sent.any(|sent| sent),
        }
    }

    /// The security schemes of each alternative of the operation.
    fn alternatives(&self) -> Vec<Vec<&'d Node>> {
        let root = self.graph.document.root();
        let own = self.site.node.get("security");
        let alternatives = own.or_else(|| root.get("security"));
        let alternatives = alternatives.and_then(Node::as_array).unwrap_or_default();
        let schemes = |one: &'d Node| {
            let names = one.as_object().unwrap_or_default().iter();
            let schemes = names.filter_map(|(key, _)| {
                let at = format!("/components/securitySchemes/{}", escape(&key.name));
                root.at(&at).and_then(|scheme| followed(root, scheme))
            });
            schemes.collect()
        };
        alternatives.iter().map(schemes).collect()
    }

    /// Returns a required parameter that has one value.
    fn constant(&mut self, parameter: &Parameter, site: &Site<'d>) -> Option<ConstantParam> {
        let data = parameter.parameter_data_ref();
        let location = location(parameter);
        let names = ["x-rust-name", "x-rust-type", "x-client-value"];
        let is_required = data.required || location == Location::Path;
        if !is_required || names.iter().any(|key| site.get(key).is_some()) {
            return None;
        }
        let (schema, content) = schema_of(data, site)?;
        // The caller writes other content.
        if content.as_ref().is_some_and(|(name, _)| !is_json(name)) {
            return None;
        }
        let used = lineage::parameter(&data.name, None, location == Location::Path);
        let fixed = self
            .graph
            .constant(&used, std::slice::from_ref(&schema), false)
            .filter(|fixed| fixed.value != ConstantValue::Null)?;
        let value = Value {
            kind: ValueKind::Simple(TypeRef::String),
            nullable: false,
        };
        let style = self.style(parameter, site, &RawType::Value(value), content.is_some());
        let reserved = self.reserved(site, location);
        Some(ConstantParam {
            wire: data.name.clone(),
            value: fixed.value,
            location,
            style,
            reserved,
        })
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
        let (schema, content) = schema_of(data, &site)?;
        let is_json = (content.as_ref()).is_some_and(|(media_type, _)| is_json(media_type));
        let client_value = site.text("x-client-value").map(str::to_owned);
        let locked = self.locked_name(&data.name, location);
        let wanted = match (site.text("x-rust-name"), &locked, &client_value) {
            (Some(name), ..) => Some(name.to_owned()),
            (None, Some(locked), None) if *locked != data.name => Some(locked.clone()),
            _ => None,
        };
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
        let used = lineage::parameter(&data.name, wanted.as_deref(), location == Location::Path);
        let sites = std::slice::from_ref(&schema);
        let value = match content {
            // As of a body: text that the caller writes.
            Some((media_type, media)) if !is_json => {
                self.note_untyped(media_type, &media, false);
                plain(TypeRef::String)
            }
            _ => (self.graph).at_use(&used, |graph| graph.resolve(sites, Hint::Name(hint))),
        };
        let given = samples::given(self.graph.document, &site);
        let sample = samples::sample(self.graph, sites, &value, &data.name, given);
        let of_client = named.filter(|_| client_value.is_some());
        let runtime = named
            .and_then(|named| named.strip_prefix("rt::"))
            .or(of_client);
        let runtime = runtime.and_then(facts::runtime_type);
        let resolved = value.clone();
        let value = match (named, &client_value, location, &value.kind) {
            (Some(_), Some(_), ..) if runtime.is_some() => {
                runtime.map_or(RawType::Value(value.clone()), RawType::Runtime)
            }
            (Some(_), .., ValueKind::Simple(simple))
                if runtime.is_some_and(|ty| facts::plain(ty) == *simple) =>
            {
                runtime.map_or(RawType::Value(value.clone()), RawType::Runtime)
            }
            (_, _, _, ValueKind::Simple(TypeRef::Named(name))) => {
                RawType::Id(name.clone(), site.at.clone())
            }
            (named, _, Location::Path, ValueKind::Simple(TypeRef::String))
            | (named @ Some(_), _, _, ValueKind::Simple(TypeRef::String)) => {
                let name = named.map_or_else(
                    || {
                        self.locked_id(&data.name, wanted.as_deref(), location)
                            .unwrap_or_else(|| {
                                let name = locked.as_deref().unwrap_or(&data.name);
                                self.id_name(name, key.as_deref())
                            })
                    },
                    words::type_name,
                );
                if site.flag("x-personal") || schema.flag("x-personal") {
                    self.graph.personal.insert(name.clone());
                }
                RawType::Id(name, site.at.clone())
            }
            _ => RawType::Value(value),
        };
        let style = self.style(parameter, &site, &value, is_json);
        if let RawType::Value(value) = &value {
            self.note_nested(value, style, &site);
        }
        if client_value.is_some() && matches!(style, Style::Label { .. } | Style::Matrix { .. }) {
            self.refuse_at(
                &site.at,
                "a value that the client fills in is written in the style `simple` only",
                "remove `x-client-value`, or describe the parameter with `style: simple`",
            );
        }
        let reserved = self.reserved(&site, location);
        let mut parts = vec![schema.clone()];
        if schema.reference().is_some() {
            parts = vec![self.graph.target(&schema)];
        }
        let mut constraints = only_documented(&resolved, &parts);
        constraints.push_str(&facts::constraints(&parts));
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
            .filter(|text| !text.trim().is_empty())
            .or_else(|| schema.text("description"))
            .unwrap_or_default();
        Some(RawParam {
            wire: data.name.clone(),
            id_is_open: named.is_none(),
            wanted,
            is_asked: site.text("x-rust-name").is_some(),
            value,
            docs: paragraphs(described, &constraints),
            unconfirmed: facts::unconfirmed(&site),
            location,
            style,
            reserved,
            required: data.required || location == Location::Path,
            client_value,
            made_up,
            rules,
            deprecated: (data.deprecated == Some(true)).then(|| facts::deprecation(&site)),
            sample,
            place: site.at,
        })
    }

    /// Returns the name of a parameter of the path when the operation got its name.
    fn locked_name(&self, name: &str, location: Location) -> Option<String> {
        let locked = placeholders(self.locked_path.as_deref()?);
        let now = placeholders(self.path);
        let position = now.iter().position(|one| *one == name)?;
        let is_same = location == Location::Path && locked.len() == now.len();
        is_same.then(|| locked[position].to_owned())
    }

    /// The type that a parameter has in the lock.
    fn locked_id(&self, wire: &str, wanted: Option<&str>, location: Location) -> Option<String> {
        let part = lineage::parameter(wire, wanted, location == Location::Path);
        let root = Root::of(&self.before, "", &part);
        self.old.at(&root.before).map(str::to_owned)
    }

    /// `TransactionId` for a component of that name, `SessionId` for `session_id`, `OrderId` for `id` in `/orders/{id}`.
    fn id_name(&self, parameter: &str, key: Option<&str>) -> String {
        if let Some(key) = key {
            return words::type_name(key);
        }
        let placeholder = format!("{{{parameter}}}");
        let path = self.locked_path.as_deref().unwrap_or(self.path);
        let before = path
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
        site: &Site<'d>,
        value: &RawType,
        is_json: bool,
    ) -> Style {
        if is_json {
            return Style::Json;
        }
        let plainness = match value {
            RawType::Value(value) => self.plainness(value),
            RawType::Id(..) | RawType::Runtime(_) => Plainness::Scalar,
        };
        let explode = site.node.get("explode").and_then(Node::as_bool);
        if let Some(separator) = separator(site) {
            return Style::Joined(separator);
        }
        let wanted = site.text("style").unwrap_or_default().to_owned();
        match parameter {
            Parameter::Query { style, .. } => {
                let style = match style {
                    QueryStyle::Form => "form",
                    QueryStyle::SpaceDelimited => "spaceDelimited",
                    QueryStyle::PipeDelimited => "pipeDelimited",
                    QueryStyle::DeepObject => "deepObject",
                };
                self.query_style(style, explode, plainness, &site.at)
            }
            Parameter::Path { .. } => match (wanted.as_str(), plainness) {
                ("label", _) => Style::Label {
                    explode: explode == Some(true),
                },
                ("matrix", _) => Style::Matrix {
                    explode: explode == Some(true),
                },
                (_, Plainness::Object) if explode == Some(true) => Style::Exploded,
                (_, Plainness::Scalar) => Style::Single,
                _ => Style::Joined(','),
            },
            Parameter::Header { .. } => match plainness {
                Plainness::Scalar => Style::Single,
                Plainness::Object if explode == Some(true) => Style::Exploded,
                _ => Style::Joined(','),
            },
            Parameter::Cookie { .. } if plainness == Plainness::Scalar => Style::Single,
            Parameter::Cookie { .. } if explode == Some(false) => Style::Joined(','),
            Parameter::Cookie { .. } if site.get(AS_IT_IS).is_some() => Style::Repeat,
            Parameter::Cookie { .. } => {
                self.graph.findings.constraint(
                    &site.at,
                    "a cookie of several values, exploded: each is a cookie; OpenAPI does not say what is between them",
                );
                Style::Repeat
            }
        }
    }

    /// Lists the lists and objects inside of others: OpenAPI defines no form of them but JSON.
    fn note_nested(&mut self, value: &Value, style: Style, site: &Site<'d>) {
        let name = site.text("name").unwrap_or_default();
        let mut nested = Vec::new();
        self.nested(value, &mut BTreeSet::new(), &mut nested);
        for (outer, inner) in nested {
            let is_in_list = outer == Plainness::List;
            let is_list = inner == Plainness::List;
            let form = match (style, is_in_list, is_list) {
                (Style::Json, ..) => return,
                (Style::Repeat, true, true) => Some(format!("{name}[0]=a&{name}[0]=b")),
                (Style::Repeat, false, true) => Some("member=a&member=b".to_owned()),
                (Style::Repeat, false, false) => Some("member[inner]=a".to_owned()),
                (Style::DeepObject, true, true) => Some(format!("{name}[0][0]=a")),
                (Style::DeepObject, false, true) => Some(format!("{name}[member][0]=a")),
                (Style::DeepObject, false, false) => Some(format!("{name}[member][inner]=a")),
                (Style::Repeat | Style::DeepObject, ..) => Some(format!("{name}[0][member]=a")),
                (Style::Matrix { explode: true }, ..) => Some("a,b".to_owned()),
                _ => None,
            };
            let inner = if is_list { "lists" } else { "objects" };
            let outer = if is_in_list { "a list" } else { "an object" };
            let what = match form {
                Some(form) => format!(
                    "{inner} in {outer}: sent as `{form}`; OpenAPI does not define them there"
                ),
                None => format!(
                    "{inner} in {outer}, which can't be sent: this style has no form for them, and such a value is an error"
                ),
            };
            self.graph.findings.constraint(&site.at, &what);
        }
    }

    /// Adds the forms of the values inside of a list or object, with its own.
    fn nested(
        &self,
        value: &Value,
        seen: &mut BTreeSet<ShapeId>,
        into: &mut Vec<(Plainness, Plainness)>,
    ) {
        let mut add = |outer, inner: &Value| {
            let forms = self.forms(inner, &mut BTreeSet::new());
            into.extend(forms.into_iter().map(|inner| (outer, inner)));
        };
        match &value.kind {
            ValueKind::Simple(_) => {}
            ValueKind::List(item) => add(Plainness::List, item),
            ValueKind::Map(item) => add(Plainness::Object, item),
            ValueKind::Shape(id) => match &self.graph.shapes[*id].kind {
                ShapeKind::Object(object) => {
                    let members = object.members.iter().map(|member| &member.value);
                    for value in members.chain(&object.additional) {
                        add(Plainness::Object, value);
                    }
                }
                ShapeKind::Union(union) if seen.insert(*id) => {
                    for variant in &union.variants {
                        self.nested(&variant.value, seen, into);
                    }
                }
                _ => {}
            },
        }
    }

    /// The forms that a value can have, without those of single values, and of any JSON.
    fn forms(&self, value: &Value, seen: &mut BTreeSet<ShapeId>) -> Vec<Plainness> {
        if let ValueKind::Shape(id) = &value.kind
            && let ShapeKind::Union(union) = &self.graph.shapes[*id].kind
        {
            if !seen.insert(*id) {
                return Vec::new();
            }
            let variants = union.variants.iter();
            return variants
                .flat_map(|variant| self.forms(&variant.value, seen))
                .collect();
        }
        let is_any = value.kind == ValueKind::Simple(TypeRef::Json);
        let form = self.plainness(value);
        let is_form = form != Plainness::Scalar && !is_any;
        is_form.then_some(form).into_iter().collect()
    }

    /// The styles of queries, which are those of forms, too.
    pub(super) fn query_style(
        &mut self,
        style: &str,
        explode: Option<bool>,
        plainness: Plainness,
        at: &str,
    ) -> Style {
        let separator = match style {
            "spaceDelimited" => ' ',
            "pipeDelimited" => '|',
            _ => ',',
        };
        match (style, plainness) {
            ("deepObject", Plainness::Scalar) => {
                self.graph.findings.constraint(
                    &format!("{at}/style"),
                    "`deepObject`, which has no meaning for a single value: it is sent as `name=value`",
                );
                Style::Single
            }
            (_, Plainness::Scalar) => Style::Single,
            ("deepObject", _) => {
                if plainness == Plainness::List {
                    self.graph.findings.constraint(
                        at,
                        "a list as `deepObject`: `name[0]`; OpenAPI does not define lists there",
                    );
                }
                if explode == Some(false) {
                    self.graph
                        .findings
                        .constraint(at, "`explode: false` has no meaning for `deepObject`");
                }
                Style::DeepObject
            }
            ("form", _) => match explode {
                Some(false) => Style::Joined(separator),
                _ => Style::Repeat,
            },
            // Exploded, all styles write the key once per item.
            _ if explode == Some(true) => Style::Repeat,
            _ => Style::Joined(separator),
        }
    }

    /// Whether reserved characters of a query are kept, or all of a cookie. The keyword is reported where it has no meaning.
    fn reserved(&mut self, site: &Site<'d>, location: Location) -> bool {
        if site.flag("allowEmptyValue") {
            let what = match location {
                Location::Query => {
                    "`allowEmptyValue`: an empty text is sent as `name=`; a value of another type can't be empty"
                }
                _ => "`allowEmptyValue`, which has a meaning in a query only",
            };
            self.graph
                .findings
                .constraint(&format!("{}/allowEmptyValue", site.at), what);
        }
        let is_reserved = site.flag("allowReserved");
        if is_reserved && location != Location::Query {
            self.graph.findings.constraint(
                &format!("{}/allowReserved", site.at),
                match location {
                    Location::Header => "`allowReserved`, which has no meaning in a header",
                    _ => "`allowReserved`, which is followed in a query only: the value is percent-encoded",
                },
            );
        }
        match location {
            Location::Query => is_reserved,
            Location::Cookie => site.get(AS_IT_IS).is_some(),
            _ => false,
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
}

/// Returns the schema of a parameter, and its media type with its place if it is written as that.
fn schema_of<'d>(
    data: &ParameterData,
    site: &Site<'d>,
) -> Option<(Site<'d>, Option<(&'d str, Site<'d>)>)> {
    match &data.format {
        ParameterSchemaOrContent::Schema(_) => Some((site.get("schema")?, None)),
        ParameterSchemaOrContent::Content(_) => {
            let (media_type, media) = site.entries("content").into_iter().next()?;
            let schema = media.get("schema").unwrap_or_else(|| media.clone());
            Some((schema, Some((media_type, media))))
        }
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

/// Returns the separator of the items, if no style of OpenAPI 3.0 says it.
pub(super) fn separator(site: &Site<'_>) -> Option<char> {
    site.text(SEPARATOR)?.chars().next()
}
