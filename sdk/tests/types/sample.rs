//! Values of generated types, as JSON.

use serde_json::{Map, Value, json};
use syn::{GenericArgument, PathArguments, Type};

use crate::source::{Shape, Source, Way, last};

/// Nothing that is printed may hold it.
pub(crate) const CANARY: &str = "c4n4ry kari@example.com";

/// What stands in values that are more than text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What the document says, and the canary in free text.
    Valid,
    /// The canary everywhere where text is.
    Canary,
}

pub(crate) struct Sampler<'s> {
    pub(crate) source: &'s Source,
    pub(crate) mode: Mode,
}

/// Types may hold themselves.
const DEEPEST: usize = 5;

pub(crate) fn argument(of: &Type, at: usize) -> &Type {
    let Type::Path(path) = of else {
        panic!("not a path")
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last().unwrap().arguments
    else {
        panic!("no arguments")
    };
    match &arguments.args[at] {
        GenericArgument::Type(of) => of,
        _ => panic!("not a type"),
    }
}

impl Sampler<'_> {
    fn word(&self, valid: &str) -> Value {
        match self.mode {
            Mode::Valid => valid.into(),
            Mode::Canary => CANARY.into(),
        }
    }

    /// A value of a type that is written so in a module.
    pub(crate) fn value(&self, module: &str, of: &Type, depth: usize) -> Value {
        let next = depth + 1;
        match last(of).as_str() {
            "Option" | "Box" => self.value(module, argument(of, 0), depth),
            "List" | "OneOrList" if depth > DEEPEST => json!([]),
            "List" | "OneOrList" => json!([self.value(module, argument(of, 0), next)]),
            "Map" if depth > DEEPEST => json!({}),
            "Map" => json!({ CANARY: self.value(module, argument(of, 0), next) }),
            name => match self.leaf(of, name) {
                Some(value) => value,
                None => self.named(module, name, depth),
            },
        }
    }

    /// The body of an answer of this type; `null` where it is not JSON.
    pub(crate) fn answer(&self, module: &str, of: &Type) -> Value {
        let inner = match last(of).as_str() {
            "Option" => argument(of, 0),
            _ => of,
        };
        match last(inner).as_str() {
            "Bytes" | "Redirect" => Value::Null,
            name if name.ends_with("Output") => Value::Null,
            _ => self.value(module, inner, 0),
        }
    }

    /// Types of the runtime, `None` for generated ones. They stand behind `rt::`, which no generated type does.
    fn leaf(&self, of: &Type, name: &str) -> Option<Value> {
        let Type::Path(path) = of else { return None };
        let runtime = path.path.segments.len() > 1;
        Some(match name {
            "String" if !runtime => CANARY.into(),
            "bool" => true.into(),
            "i64" => 1.into(),
            "f64" => 1.5.into(),
            _ if !runtime => return None,
            "Number" => 1.5.into(),
            "Amount" => 1.into(),
            "Currency" => self.word("NOK"),
            "Timestamp" => self.word("2026-01-31T12:00:00.5+01:00"),
            "Date" => self.word("2026-01-31"),
            "AccountId" => "T12345678".into(),
            "Json" => json!([CANARY, { CANARY: CANARY }]),
            "JsonObject" => json!({ CANARY: CANARY }),
            other => panic!("`rt::{other}` is a type that this test does not know"),
        })
    }

    /// A value of a generated type.
    pub(crate) fn named(&self, module: &str, name: &str, depth: usize) -> Value {
        let home = self.source.home(module, name);
        let (module, shape) = home.unwrap_or_else(|| panic!("{name} is not in {module}"));
        match shape {
            Shape::Id => self.word("id-1"),
            Shape::Texts(texts) => self.word(texts.first().unwrap()),
            Shape::Numbers(numbers) => numbers[0].into(),
            Shape::Union(payloads) => self.value(module, payloads.first().unwrap(), depth),
            Shape::Struct { members, constants } => {
                let mut object = Map::new();
                for (name, value) in constants {
                    object.insert(name.clone(), value.clone().into());
                }
                for member in members {
                    let needed = member.way == Way::Guaranteed;
                    if depth > DEEPEST && !needed {
                        continue;
                    }
                    match member.way {
                        Way::Additional => {
                            let value = self.value(module, argument(&member.of, 0), depth + 1);
                            object.insert(format!("{CANARY} beyond"), value);
                        }
                        _ => {
                            let value = self.value(module, &member.of, depth + 1);
                            object.insert(member.name.clone(), value);
                        }
                    }
                }
                Value::Object(object)
            }
        }
    }
}
