//! Values against schemas, read more strictly than OpenAPI does: an object has the fields that its schema names and no
//! others, unless the schema says `additionalProperties`, and none that are `readOnly`.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Everything in a value that its schema does not allow.
pub(super) fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    match validator(document, schema) {
        Ok(validator) => validator
            .iter_errors(value)
            .map(|error| format!("{error} at {:?}", error.instance_path().as_str()))
            .collect(),
        Err(why) => vec![format!("can't read the schema: {why}")],
    }
}

fn validator(document: &Value, schema: &Value) -> Result<Validator, String> {
    let translate = Translate { document };
    let schemas = &document["components"]["schemas"];
    let root = translate.schema(schema, Form::Closed)?;
    let mut needed = Vec::new();
    definitions_in(&root, &mut needed);
    // Only what the schema leads to: documents have hundreds of others.
    let mut definitions = Map::new();
    while let Some(name) = needed.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        let forms = [Form::Closed, Form::Open, Form::Loose].into_iter();
        let of_name = forms.filter_map(|form| {
            let plain = name.strip_prefix(&form.name(""))?;
            Some((form, schemas.get(plain)?))
        });
        for (form, schema) in of_name {
            let schema = translate.schema(schema, form)?;
            definitions_in(&schema, &mut needed);
            definitions.insert(name.clone(), schema);
        }
    }
    let root = json!({ "$defs": definitions, "allOf": [root] });
    jsonschema::draft202012::new(&root).map_err(|error| error.to_string())
}

/// Names of the definitions that a schema refers to.
fn definitions_in(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| definitions_in(item, found)),
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            let name = target.and_then(|target| target.strip_prefix("#/$defs/"));
            found.extend(name.map(str::to_owned));
            members
                .values()
                .for_each(|member| definitions_in(member, found));
        }
        _ => {}
    }
}

/// A part of an `allOf` knows only its own fields, so it must let others pass; the whole must not. Where parts describe the
/// same field, that field must let others pass in each of them, too, all the way down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Open,
    Closed,
    Loose,
}

impl Form {
    /// The form of what is not a part but has parts of its own.
    fn of_inner(self) -> Self {
        if self == Self::Loose {
            Self::Loose
        } else {
            Self::Closed
        }
    }

    /// The form of parts.
    fn of_parts(self) -> Self {
        if self == Self::Loose {
            Self::Loose
        } else {
            Self::Open
        }
    }

    fn name(self, name: &str) -> String {
        let form = match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Loose => "loose",
        };
        format!("{form}.{name}")
    }
}

/// OpenAPI 3.0 schemas to JSON Schema 2020-12.
struct Translate<'a> {
    document: &'a Value,
}

impl Translate<'_> {
    fn schema(&self, schema: &Value, form: Form) -> Result<Value, String> {
        if let Some(target) = schema["$ref"].as_str() {
            let name = target
                .strip_prefix("#/components/schemas/")
                .filter(|name| !name.contains('/'));
            let name = name.ok_or_else(|| format!("$ref {target} names no component"))?;
            return Ok(json!({ "$ref": format!("#/$defs/{}", form.name(name)) }));
        }
        if form == Form::Closed
            && schema["allOf"].is_array()
            && let Some(merged) = self.merged(schema)?
        {
            return Ok(merged);
        }
        let mut out = Map::new();
        for (key, value) in schema.as_object().into_iter().flatten() {
            match key.as_str() {
                "type" | "enum" | "pattern" | "minimum" | "maximum" | "multipleOf"
                | "minLength" | "maxLength" | "minItems" | "maxItems" | "uniqueItems"
                | "minProperties" | "maxProperties" => {
                    out.insert(key.clone(), value.clone());
                }
                "items" => drop(out.insert(key.clone(), self.schema(value, form.of_inner())?)),
                "not" => drop(out.insert(key.clone(), self.schema(value, Form::Loose)?)),
                "allOf" | "oneOf" | "anyOf" => {
                    let parts = value.as_array().into_iter().flatten();
                    let parts: Vec<Value> = parts
                        .map(|part| self.schema(part, form.of_parts()))
                        .collect::<Result<_, _>>()?;
                    out.insert(key.clone(), parts.into());
                }
                "additionalProperties" if value.is_object() => {
                    out.insert(key.clone(), self.schema(value, form.of_inner())?);
                }
                "additionalProperties" => drop(out.insert(key.clone(), value.clone())),
                "properties" => drop(out.insert(key.clone(), self.properties(value, form)?)),
                "required" => drop(out.insert(key.clone(), self.required(schema))),
                "exclusiveMinimum" if *value == true => {
                    out.insert(key.clone(), schema["minimum"].clone());
                }
                "exclusiveMaximum" if *value == true => {
                    out.insert(key.clone(), schema["maximum"].clone());
                }
                _ => {}
            }
        }
        if form == Form::Closed
            && let Some(kinds) = self.kinds(schema)?
        {
            out.entry("anyOf").or_insert(kinds);
        }
        let has_fields = ["properties", "allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| out.contains_key(*key));
        if form == Form::Closed && has_fields && !out.contains_key("additionalProperties") {
            out.insert("unevaluatedProperties".to_owned(), false.into());
        }
        let out = Value::Object(out);
        Ok(if schema["nullable"] == true {
            json!({ "anyOf": [{ "type": "null" }, out] })
        } else {
            out
        })
    }

    /// What an object can be whose discriminator leads to schemas that have it as a part.
    fn kinds(&self, schema: &Value) -> Result<Option<Value>, String> {
        let tag = &schema["discriminator"]["propertyName"];
        let mapping = schema["discriminator"]["mapping"].as_object();
        let (Some(tag), Some(mapping)) = (tag.as_str(), mapping) else {
            return Ok(None);
        };
        let kinds = mapping.iter().map(|(value, target)| {
            let is_this = json!({ "properties": { tag: { "const": value } } });
            let kind = self.schema(&json!({ "$ref": target }), Form::Open)?;
            Ok(json!({ "allOf": [is_this, kind] }))
        });
        kinds.collect::<Result<Value, _>>().map(Some)
    }

    /// A schema whose parts describe the same field or items, as what they say of each together.
    fn merged(&self, schema: &Value) -> Result<Option<Value>, String> {
        let mut parts = Vec::new();
        self.parts(schema, &mut parts);
        let mut fields: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (name, schema) in (parts.iter())
            .filter_map(|part| part["properties"].as_object())
            .flatten()
        {
            fields.entry(name).or_default().push(schema);
        }
        let items: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
        if items.len() < 2 && fields.values().all(|several| several.len() < 2) {
            return Ok(None);
        }
        let together = |several: &[&Value]| match several {
            [only] => self.schema(only, Form::Closed),
            _ => self.schema(&json!({ "allOf": several }), Form::Closed),
        };
        let loose: Vec<Value> = (parts.iter())
            .map(|part| self.schema(part, Form::Loose))
            .collect::<Result<_, _>>()?;
        let mut out = json!({ "allOf": loose });
        if !items.is_empty() {
            out["items"] = together(&items)?;
        }
        if !fields.is_empty() {
            let mut all = Map::new();
            for (name, several) in fields {
                let read_only = several.iter().any(|schema| self.is_read_only(schema));
                let schema = if read_only {
                    false.into()
                } else {
                    together(&several)?
                };
                all.insert(name.to_owned(), schema);
            }
            out["properties"] = all.into();
            out["unevaluatedProperties"] = false.into();
        }
        Ok(Some(out))
    }

    /// The plain schemas that a schema is made of.
    fn parts(&self, schema: &Value, found: &mut Vec<Value>) {
        let target = schema["$ref"]
            .as_str()
            .and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        if let Some(target) = target {
            return self.parts(target, found);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.parts(part, found);
        }
        let mut own = schema.clone();
        if let Some(members) = own.as_object_mut() {
            members.remove("allOf");
        }
        found.push(own);
    }

    fn properties(&self, properties: &Value, form: Form) -> Result<Value, String> {
        let mut out = Map::new();
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let schema = if self.is_read_only(schema) {
                false.into()
            } else {
                self.schema(schema, form.of_inner())?
            };
            out.insert(name.clone(), schema);
        }
        Ok(out.into())
    }

    fn required(&self, schema: &Value) -> Value {
        let names = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        names
            .filter(|name| !self.is_read_only(&schema["properties"][*name]))
            .collect()
    }

    fn is_read_only(&self, schema: &Value) -> bool {
        let target = schema["$ref"]
            .as_str()
            .and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        let part = || {
            schema["allOf"]
                .as_array()
                .is_some_and(|parts| parts.iter().any(|part| self.is_read_only(part)))
        };
        schema["readOnly"] == true
            || target.is_some_and(|target| self.is_read_only(target))
            || part()
    }
}
