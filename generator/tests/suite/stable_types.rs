//! What a document says about requests (`readOnly`, `writeOnly`, `nullable`, `required`, which way a type travels) changes
//! builders. It renames no type and changes no field: code that reads these types goes on to compile.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Fields, Item, Visibility};

use crate::support::{construct, crate_of, generated};

fn files(text: String) -> BTreeMap<String, String> {
    generated(&crate_of("open_types", text)).files
}

/// Each public struct and enum that holds values, with its derives and what is public in it, in order.
fn types(text: String) -> BTreeMap<String, Vec<String>> {
    let mut types = BTreeMap::new();
    for (path, text) in files(text) {
        if !path.ends_with(".rs") || path == "src/required.rs" {
            continue;
        }
        for item in syn::parse_file(&text).unwrap().items {
            let (name, generics, attributes, parts) = match item {
                Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => {
                    let parts = parts(&item.fields);
                    (item.ident, item.generics, item.attrs, parts)
                }
                Item::Enum(item) if matches!(item.vis, Visibility::Public(_)) => {
                    let variants = item.variants.into_iter();
                    let parts = variants.map(|variant| {
                        format!("{}({})", variant.ident, parts(&variant.fields).join(", "))
                    });
                    (item.ident, item.generics, item.attrs, parts.collect())
                }
                _ => continue,
            };
            // Groups have type parameters; values have none.
            if generics.params.is_empty() && !name.to_string().ends_with("Builder") {
                let derives = (attributes
                    .iter()
                    .filter(|one| one.path().is_ident("derive")))
                .map(|one| one.to_token_stream().to_string());
                let said = derives.chain(parts).collect();
                assert!(types.insert(name.to_string(), said).is_none(), "{name}");
            }
        }
    }
    types
}

fn parts(fields: &Fields) -> Vec<String> {
    let fields = fields.iter();
    let fields = fields.map(|field| {
        let name = field.ident.iter().map(|name| format!("{name}: "));
        format!("{}{}", name.collect::<String>(), field.ty.to_token_stream())
    });
    fields.collect()
}

fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

/// One change each: nothing but builders differs. A constant is another matter: it is a field once it may be absent or null.
fn changes_no_type(changes: &[(&str, &str)]) {
    let before = types(construct("open_types"));
    assert!(before.contains_key("Account") && before.contains_key("Address"));
    let files_before = files(construct("open_types"));
    for (from, to) in changes {
        let text = changed(&construct("open_types"), from, to);
        assert_ne!(files(text.clone()), files_before, "{to} says nothing");
        assert_eq!(types(text), before, "{to}");
    }
}

const STREET: &str = "street: {type: string";
const LIMITS: &str = "limits: {$ref: '#/components/schemas/Limits'}";
const OWNERS: &str = "owners: {type: array,";
const COUNTRY: &str = "country: {type: string,";

#[test]
fn one_read_only_more() {
    changes_no_type(&[
        (STREET, "street: {readOnly: true, type: string"),
        (
            LIMITS,
            "limits: {readOnly: true, allOf: [{$ref: '#/components/schemas/Limits'}]}",
        ),
        (OWNERS, "owners: {readOnly: true, type: array,"),
        (COUNTRY, "country: {readOnly: true, type: string,"),
    ]);
}

#[test]
fn one_write_only_more() {
    changes_no_type(&[
        (STREET, "street: {writeOnly: true, type: string"),
        (
            LIMITS,
            "limits: {writeOnly: true, allOf: [{$ref: '#/components/schemas/Limits'}]}",
        ),
        (OWNERS, "owners: {writeOnly: true, type: array,"),
    ]);
}

#[test]
fn one_nullable_more() {
    changes_no_type(&[
        (STREET, "street: {nullable: true, type: string"),
        (
            LIMITS,
            "limits: {nullable: true, allOf: [{$ref: '#/components/schemas/Limits'}]}",
        ),
        (OWNERS, "owners: {nullable: true, type: array,"),
    ]);
}

#[test]
fn one_required_more_or_less() {
    let required = "required: [id, name, password, closed_at, tags, country]";
    changes_no_type(&[
        (
            required,
            "required: [id, name, password, closed_at, tags, country, pin]",
        ),
        (
            required,
            "required: [id, name, password, closed_at, tags, country, limits]",
        ),
        (
            required,
            "required: [id, name, password, closed_at, tags, country, owners]",
        ),
        (
            required,
            "required: [id, password, closed_at, tags, country]",
        ),
        (
            required,
            "required: [id, name, password, closed_at, country]",
        ),
        (
            "Address: {type: object, required: [city], ",
            "Address: {type: object, ",
        ),
    ]);
}

/// What travels one way only, and nothing else has: its type is there all the same.
#[test]
fn one_member_less_that_travels() {
    let before = types(construct("recursion"));
    assert!(before.contains_key("Right") && before.contains_key("Expression"));
    for (from, flag) in [
        ("right: {", "readOnly"),
        ("left: {", "readOnly"),
        ("expression: {", "writeOnly"),
        ("of: {", "writeOnly"),
    ] {
        let text = construct("recursion");
        let (head, tail) = text.split_once(from).unwrap();
        let (reference, tail) = tail.split_once('}').unwrap();
        let text = format!("{head}{from}{flag}: true, allOf: [{{{reference}}}]}}{tail}");
        assert_eq!(types(text), before, "{from}{flag}");
    }
}

/// Types without names of their own are one where they are equal, and stay one.
#[test]
fn one_of_equal_types() {
    let before = types(construct("equal_types"));
    for flag in ["readOnly", "writeOnly", "nullable"] {
        let text = construct("equal_types");
        let enabled = "enabled: {type: boolean";
        assert_eq!(text.matches(enabled).count(), 3);
        let text = text.replacen(
            enabled,
            &format!("enabled: {{{flag}: true, type: boolean"),
            1,
        );
        assert_eq!(types(text), before, "{flag}");
    }
}

/// A type that was received is sent as well, and one that was sent is received.
#[test]
fn one_operation_more() {
    let before = types(construct("open_types"));
    for name in ["Entries", "Problem"] {
        let builder = |text: String| {
            let mut files = files(text).into_values();
            files.any(|text| text.contains(&format!("pub struct {name}Builder")))
        };
        assert!(!builder(construct("open_types")));
        let operation = format!(
            "paths:\n  /more:\n    put:\n      operationId: more\n      requestBody: {{required: true, content: \
             {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}\n      \
             responses: {{'204': {{description: Done.}}}}\n"
        );
        let text = changed(&construct("open_types"), "paths:\n", &operation);
        assert!(builder(text.clone()));
        let mut after = types(text);
        assert!(after.remove("More").is_some());
        assert_eq!(after, before, "{name}");
    }
    let operation = "paths:\n  /more:\n    get:\n      operationId: more\n      responses: {'200': {description: One., \
                     content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}\n";
    let mut after = types(changed(&construct("open_types"), "paths:\n", operation));
    assert!(after.remove("More").is_some());
    assert_eq!(after, before);
}

/// The counterpart: what does change a type is seen.
#[test]
fn a_guarantee_is_a_change() {
    let text = changed(
        &construct("open_types"),
        STREET,
        "street: {x-guaranteed: true, type: string",
    );
    assert_ne!(types(text), types(construct("open_types")));
}
