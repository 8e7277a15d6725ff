//! Values against schemas, read more strictly than OpenAPI does: an object has the fields that its schema names and no
//! others, unless the schema says `additionalProperties`, and none that are `readOnly`.

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
        let forms = [Form::Closed, Form::Open].into_iter();
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
            members.values().for_each(|member| definitions_in(member, found));
        }
        _ => {}
    }
}

/// A part of an `allOf` knows only its own fields, so it must let others pass; the whole must not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Open,
    Closed,
}

impl Form {
    fn name(self, name: &str) -> String {
        let form = if self == Self::Open { "open" } else { "closed" };
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
        let mut out = Map::new();
        for (key, value) in schema.as_object().into_iter().flatten() {
            match key.as_str() {
                "type" | "enum" | "pattern" | "minimum" | "maximum" | "multipleOf"
                | "minLength" | "maxLength" | "minItems" | "maxItems" | "uniqueItems"
                | "minProperties" | "maxProperties" => {
                    out.insert(key.clone(), value.clone());
                }
                "items" => drop(out.insert(key.clone(), self.schema(value, Form::Closed)?)),
                "not" => drop(out.insert(key.clone(), self.schema(value, Form::Open)?)),
                "allOf" | "oneOf" | "anyOf" => {
                    let parts = value.as_array().into_iter().flatten();
                    let parts: Vec<Value> = parts
                        .map(|part| self.schema(part, Form::Open))
                        .collect::<Result<_, _>>()?;
                    out.insert(key.clone(), parts.into());
                }
                "additionalProperties" if value.is_object() => {
                    out.insert(key.clone(), self.schema(value, Form::Closed)?);
                }
                "additionalProperties" => drop(out.insert(key.clone(), value.clone())),
                "properties" => drop(out.insert(key.clone(), self.properties(value)?)),
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

    fn properties(&self, properties: &Value) -> Result<Value, String> {
        let mut out = Map::new();
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let schema = if self.is_read_only(schema) {
                false.into()
            } else {
                self.schema(schema, Form::Closed)?
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
