//! Changes of Dintero's documents that change nothing for their users rename nothing: the names in a lock are kept
//! whichever way the document is written.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use generator::load::{Source, load};
use generator::{Input, Output, generate};
use quote::quote;
use serde_json::{Value, json};
use syn::{ImplItem, Item, Visibility};

use super::{inputs, settings, units};
use crate::workspace;

/// The Payments API: its document with its overlays applied, and its lock.
fn payments() -> &'static (Value, Input) {
    static PAYMENTS: OnceLock<(Value, Input)> = OnceLock::new();
    PAYMENTS.get_or_init(|| {
        let root = workspace::root();
        let mut inputs = inputs(&root, &settings::read(&root).unwrap().api)
            .unwrap()
            .into_iter();
        let mut input = inputs
            .find(|input| input.document.name.ends_with("/payments.yaml"))
            .unwrap();
        let document = load(&input.document, &input.overlays).unwrap();
        input.overlays.clear();
        (document.root().to_json(), input)
    })
}

fn run(document: &Value, lock: Option<&str>) -> Result<Output, String> {
    let mut input = payments().1.clone();
    input.document.text = document.to_string();
    if let Some(lock) = lock {
        input.lock = Some(Source {
            name: "names.lock".to_owned(),
            text: lock.to_owned(),
        });
    }
    let told = |found: Vec<generator::diagnostic::Diagnostic>| {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        found.join("\n")
    };
    generate(&input).map_err(told)
}

/// Declarations in the files of `output` that differ from those of `other`.
fn public(output: &Output, other: &Output) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in &output.files {
        if other.files.get(path) != Some(text) {
            declared(text, &mut found);
        }
    }
    found
}

/// Everything public: types with their parameters in their order, fields with their types, variants with what they hold, methods
/// with what they take and return. The file of a type is not part of its name.
fn declared(text: &str, found: &mut BTreeSet<String>) {
    let Ok(file) = syn::parse_file(text) else {
        return;
    };
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    for item in file.items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let (name, generics) = (&item.ident, &item.generics);
                found.insert(quote!(struct #name #generics).to_string());
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let (field, ty) = (&field.ident, &field.ty);
                    found.insert(quote!(#name.#field: #ty).to_string());
                }
            }
            Item::Enum(item) => {
                let name = &item.ident;
                found.insert(quote!(enum #name).to_string());
                for variant in &item.variants {
                    let (variant, fields) = (&variant.ident, &variant.fields);
                    let fields = fields.iter().map(|field| &field.ty);
                    found.insert(quote!(#name::#variant(#(#fields),*)).to_string());
                }
            }
            Item::Type(item) => {
                let (name, generics, ty) = (&item.ident, &item.generics, &item.ty);
                found.insert(quote!(type #name #generics = #ty).to_string());
            }
            Item::Const(item) => drop(found.insert(item.ident.to_string())),
            Item::Static(item) => drop(found.insert(item.ident.to_string())),
            Item::Impl(item) if item.trait_.is_none() => {
                let ty = &item.self_ty;
                for function in item.items {
                    if let ImplItem::Fn(function) = function
                        && is_public(&function.vis)
                    {
                        let signature = &function.sig;
                        found.insert(quote!(#ty #signature).to_string());
                    }
                }
            }
            _ => {}
        }
    }
}

fn before() -> &'static Output {
    static BEFORE: OnceLock<Output> = OnceLock::new();
    BEFORE.get_or_init(|| run(&payments().0, None).unwrap())
}

/// The public lines after a change of the document, and the new ones among them.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut document = payments().0.clone();
    change(&mut document);
    assert!(document != payments().0, "the change changes nothing");
    let output = run(&document, None).unwrap_or_else(|errors| panic!("{errors}"));
    let (before, after) = (public(before(), &output), public(&output, before()));
    let gone: Vec<&String> = before.difference(&after).collect();
    assert!(gone.is_empty(), "gone: {gone:#?}");
    after.difference(&before).cloned().collect()
}

#[track_caller]
fn renames_nothing(change: impl FnOnce(&mut Value)) {
    let new = changed(change);
    assert!(new.is_empty(), "new: {new:#?}");
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// Calls `change` with every value under a key.
fn each(value: &mut Value, key: &str, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == key {
                    change(member);
                }
                each(member, key, change);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, key, change)),
        _ => {}
    }
}

/// The names of references to a schema, and of the schema.
fn rename_schema(document: &mut Value, old: &str, new: &str) {
    let schemas = at(document, "/components/schemas").as_object_mut().unwrap();
    let schema = schemas.remove(old).unwrap();
    schemas.insert(new.to_owned(), schema);
    let prefix = format!("#/components/schemas/{old}");
    let rename = |reference: &mut Value| {
        if let Some(rest) = reference
            .as_str()
            .and_then(|text| text.strip_prefix(&prefix))
            && (rest.is_empty() || rest.starts_with('/'))
        {
            *reference = json!(format!("#/components/schemas/{new}{rest}"));
        }
    };
    each(document, "$ref", &mut |reference| rename(reference));
    each(document, "mapping", &mut |mapping| {
        let values = mapping.as_object_mut().into_iter().flatten();
        values.for_each(|(_, reference)| rename(reference));
    });
}

/// Turns the parts of schemas around, and references into them.
fn reverse(document: &mut Value, which: impl Fn(&str) -> bool) {
    fn walk(value: &mut Value, pointer: &str, which: &impl Fn(&str) -> bool) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    walk(member, &format!("{pointer}/{name}"), which);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    walk(item, &format!("{pointer}/{index}"), which);
                }
                if pointer.ends_with("/allOf") && which(pointer) {
                    items.reverse();
                }
            }
            _ => {}
        }
    }
    let before = document.clone();
    each(document, "$ref", &mut |reference| {
        let Some(pointer) = reference.as_str().and_then(|text| text.strip_prefix('#')) else {
            return;
        };
        let mut moved = String::new();
        let mut original = String::new();
        for token in pointer.split('/').skip(1) {
            let parts = before.pointer(&original).and_then(Value::as_array);
            let token_now = match (parts, token.parse::<usize>()) {
                (Some(parts), Ok(index)) if original.ends_with("/allOf") && which(&original) => {
                    (parts.len() - 1 - index).to_string()
                }
                _ => token.to_owned(),
            };
            original = format!("{original}/{token}");
            moved = format!("{moved}/{token_now}");
        }
        *reference = json!(format!("#{moved}"));
    });
    walk(document, "", &which);
}

const CONFIGURATION: &str =
    "/components/schemas/SessionOptions/allOf/3/properties/configuration/allOf";
const TRANSACTION: &str = "/components/schemas/Transaction/allOf";
const ADDRESS: &str = "/components/schemas/Address/properties";
const OPTION: &str = "/components/schemas/ShippingOption";

#[test]
fn a_document_as_it_is() {
    let mut before_all = BTreeSet::new();
    let texts = before().files.values();
    texts.for_each(|text| declared(text, &mut before_all));
    assert!(before_all.len() > 2000);
    let all = checked_in();
    let own: Vec<&String> = before_all
        .iter()
        .filter(|line| line.starts_with("struct"))
        .collect();
    assert!(own.iter().filter(|line| all.contains(**line)).count() > own.len() * 9 / 10);
}

/// Declarations of the checked-in crate.
fn checked_in() -> BTreeSet<String> {
    fn walk(folder: &std::path::Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                declared(&std::fs::read_to_string(path).unwrap(), found);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&workspace::root().join(super::API), &mut found);
    found
}

#[test]
fn null_where_there_was_a_value() {
    renames_nothing(|document| {
        at(document, TRANSACTION)[1]["properties"]["merchant_reference"]["nullable"] = json!(true);
    });
}

#[test]
fn names_of_path_parameters() {
    for path in ["capture", "refund", "void", "authorization", ""] {
        renames_nothing(|document| {
            let end = if path.is_empty() {
                String::new()
            } else {
                format!("/{path}")
            };
            let paths = at(document, "/paths").as_object_mut().unwrap();
            let mut item = paths.remove(&format!("/transactions/{{id}}{end}")).unwrap();
            // The parameter may be one that several operations have.
            let inline = json!({"name": "transaction_id", "in": "path", "required": true, "schema": {"type": "string"}});
            for (_, operation) in item.as_object_mut().unwrap() {
                let parameters = operation
                    .get_mut("parameters")
                    .and_then(Value::as_array_mut);
                for parameter in parameters.into_iter().flatten() {
                    let text = parameter.to_string();
                    if text.contains("\"name\":\"id\"") || text.contains("parameters/TransactionId")
                    {
                        let named = parameter.get("x-rust-type").cloned();
                        *parameter = inline.clone();
                        if let Some(named) = named {
                            parameter["x-rust-type"] = named;
                        }
                    }
                }
            }
            let paths = at(document, "/paths").as_object_mut().unwrap();
            paths.insert(format!("/transactions/{{transaction_id}}{end}"), item);
        });
    }
}

#[test]
fn the_order_of_parts() {
    renames_nothing(|document| {
        at(document, CONFIGURATION)
            .as_array_mut()
            .unwrap()
            .swap(0, 1)
    });
    renames_nothing(|document| reverse(document, |pointer| pointer == CONFIGURATION));
    renames_nothing(|document| reverse(document, |pointer| pointer == TRANSACTION));
}

#[test]
fn the_order_of_all_parts_everywhere() {
    renames_nothing(|document| {
        reverse(document, |_| true);
    });
}

#[test]
fn one_part_more() {
    let new = changed(|document| {
        let part = json!({"type": "object", "properties": {"theme_color": {"type": "string"}}});
        at(document, CONFIGURATION)
            .as_array_mut()
            .unwrap()
            .push(part);
    });
    assert!(
        !new.is_empty() && new.iter().all(|line| line.contains("theme_color")),
        "{new:#?}"
    );
}

#[test]
fn a_schema_split_into_parts() {
    for schema in [
        "ShippingOption",
        "OrderItem",
        "SessionBase",
        "TransactionEvent",
    ] {
        renames_nothing(|document| {
            let base = format!("{schema}Base2");
            rename_schema(document, schema, &base);
            // All that referred to it refers to what extends it.
            each(document, "$ref", &mut |reference| {
                if *reference == json!(format!("#/components/schemas/{base}")) {
                    *reference = json!(format!("#/components/schemas/{schema}"));
                }
            });
            at(document, "/components/schemas")[schema] =
                json!({"allOf": [{"$ref": format!("#/components/schemas/{base}")}]});
        });
    }
}

#[test]
fn names_of_schemas() {
    for schema in [
        "ShippingOption",
        "Address",
        "OrderItem",
        "TransactionEvent",
        "Card",
        "Metadata",
    ] {
        renames_nothing(|document| rename_schema(document, schema, &format!("New{schema}")));
    }
}

#[test]
fn members_moved_to_another_part() {
    renames_nothing(|document| {
        let parts = at(document, TRANSACTION).as_array_mut().unwrap();
        let properties = parts[1]["properties"].as_object_mut().unwrap();
        let status = properties.remove("status").unwrap();
        let items = properties.remove("items").unwrap();
        parts.insert(
            2,
            json!({"type": "object", "properties": {"status": status, "items": items}}),
        );
    });
}

/// A change that may add what says one of these, and may take nothing away.
#[track_caller]
fn adds(words: &[&str], change: impl FnOnce(&mut Value)) {
    let new = changed(change);
    let is_meant = |line: &&String| words.iter().any(|word| line.contains(word));
    let other: Vec<&String> = new.iter().filter(|line| !is_meant(line)).collect();
    assert!(other.is_empty(), "new besides {words:?}: {other:#?}");
    let is_there = words.is_empty() || !new.is_empty();
    assert!(is_there, "nothing new of {words:?}");
}

const CAPTURE: &str = "/paths/~1transactions~1{id}~1capture/post";
const LIST: &str = "/paths/~1transactions/get";

fn push(document: &mut Value, pointer: &str, value: Value) {
    at(document, pointer).as_array_mut().unwrap().push(value);
}

/// Where an operation's body is described.
fn body_of(document: &mut Value, operation: &str) -> String {
    let schema = format!("{operation}/requestBody/content/application~1json/schema");
    match at(document, &schema).get("$ref").and_then(Value::as_str) {
        Some(reference) => reference.trim_start_matches('#').to_owned(),
        None => schema,
    }
}

#[test]
fn more_of_what_there_is() {
    let part = format!("{TRANSACTION}/1/properties");
    adds(&["KlarnaKustom"], |document| {
        push(
            document,
            &format!("{part}/payment_product_type/enum"),
            json!("klarna.kustom"),
        );
    });
    adds(&["settlement_hint"], |document| {
        at(document, &part)["settlement_hint"] = json!({"type": "string"});
    });
    adds(&["settlement_hint"], |document| {
        let body = body_of(document, CAPTURE);
        at(document, &body)["properties"]["settlement_hint"] = json!({"type": "string"});
    });
    adds(&["settlement_hint"], |document| {
        at(document, ADDRESS)["settlement_hint"] = json!({"type": "string"});
    });
    adds(&["settlement_hint"], |document| {
        at(document, "/components/schemas/OrderItem/properties")["settlement_hint"] =
            json!({"type": "string", "readOnly": true});
    });
    adds(&["settlement_hint"], |document| {
        let parameter =
            json!({"name": "settlement_hint", "in": "query", "schema": {"type": "string"}});
        push(document, &format!("{LIST}/parameters"), parameter);
    });
    adds(&["Receipt", "receipt"], |document| {
        let mut get = at(document, "/paths/~1transactions~1{id}/get").clone();
        get["operationId"] = json!("get_transaction_receipt");
        get.as_object_mut().unwrap().remove("x-rust-name");
        let paths = at(document, "/paths").as_object_mut().unwrap();
        paths.insert("/transactions/{id}/receipt".to_owned(), json!({"get": get}));
    });
    adds(&["VippsTokenProvider"], |document| {
        let (parent, child) = token_provider(document);
        let mut vipps = at(document, &format!("/components/schemas/{child}")).clone();
        vipps.as_object_mut().unwrap().remove("x-rust-name");
        at(document, "/components/schemas")["VippsTokenProvider"] = vipps;
        let mapping = at(
            document,
            &format!("/components/schemas/{parent}/discriminator/mapping"),
        );
        mapping["vipps"] = json!("#/components/schemas/VippsTokenProvider");
        let parent = at(document, &format!("/components/schemas/{parent}"));
        if let Some(branches) = parent.get_mut("oneOf").and_then(Value::as_array_mut) {
            branches.push(json!({"$ref": "#/components/schemas/VippsTokenProvider"}));
        }
    });
}

/// The union of token providers, and one of them.
fn token_provider(document: &mut Value) -> (String, String) {
    let schemas = at(document, "/components/schemas").as_object().unwrap();
    let mut found = schemas.iter().filter_map(|(name, schema)| {
        let mapping = schema.get("discriminator")?.get("mapping")?.as_object()?;
        let child = mapping.values().next()?.as_str()?.rsplit('/').next()?;
        name.contains("TokenProvider")
            .then(|| (name.clone(), child.to_owned()))
    });
    found.next().unwrap()
}

#[test]
fn what_the_compiler_does_not_see() {
    let part = format!("{TRANSACTION}/1/properties");
    renames_nothing(|document| {
        let values = at(document, &format!("{part}/payment_product_type/enum"));
        values.as_array_mut().unwrap().reverse();
    });
    renames_nothing(|document| {
        each(document, "enum", &mut |values| {
            if let Some(values) = values.as_array_mut() {
                values.reverse();
            }
        });
    });
    renames_nothing(|document| {
        let body = body_of(document, CAPTURE);
        let body = at(document, &body);
        let reference = &mut body["properties"]["capture_reference"];
        reference["deprecated"] = json!(true);
        reference["maxLength"] = json!(40);
        body["properties"]["final_capture"]["default"] = json!(true);
        body["properties"]["amount"]["example"] = json!(1);
    });
    renames_nothing(|document| {
        let conflict = json!({"description": "It was captured meanwhile."});
        at(document, &format!("{CAPTURE}/responses"))["409"] = conflict;
    });
    renames_nothing(|document| {
        let operation = at(document, CAPTURE).as_object_mut().unwrap();
        operation.insert(
            "servers".to_owned(),
            json!([{"url": "https://api.dintero.com/v1"}]),
        );
    });
    // The order in which bodies, parameters and required members are listed.
    renames_nothing(|document| {
        for key in ["parameters", "required"] {
            each(document, key, &mut |list| {
                if let Some(list) = list.as_array_mut() {
                    list.reverse();
                }
            });
        }
    });
    for key in ["oneOf", "anyOf"] {
        let mut document = payments().0.clone();
        each(&mut document, key, &mut |branches| {
            if let Some(branches) = branches.as_array_mut() {
                branches.reverse();
            }
        });
        if document != payments().0 {
            renames_nothing(|changed| *changed = document);
        }
    }
}

#[test]
fn another_path() {
    renames_nothing(|document| {
        let paths = at(document, "/paths").as_object_mut().unwrap();
        let item = paths.remove("/transactions/{id}/void").unwrap();
        paths.insert("/transactions/{id}/cancel".to_owned(), item);
    });
}

#[test]
fn names_of_all_schemas_at_once() {
    renames_nothing(|document| {
        let schemas = at(document, "/components/schemas").as_object().unwrap();
        let names: Vec<String> = schemas.keys().cloned().collect();
        for name in names {
            rename_schema(document, &name, &format!("New{name}"));
        }
    });
}

#[test]
fn inline_types_moved_to_components() {
    for (pointer, name) in [
        (
            "/components/schemas/Transaction/allOf/1/properties/channel",
            "SalesChannel",
        ),
        (
            "/components/schemas/Transaction/allOf/1/properties/status",
            "StatusOfIt",
        ),
        (
            "/components/schemas/SessionMeta/properties/events/items",
            "Happened",
        ),
        (
            "/components/schemas/OrderItem/properties/groups/items",
            "GroupOfIt",
        ),
    ] {
        renames_nothing(|document| {
            let place = at(document, pointer);
            let mut reference = json!({"$ref": format!("#/components/schemas/{name}")});
            if let Some(guaranteed) = place.get("x-guaranteed").cloned() {
                reference = json!({"allOf": [reference], "x-guaranteed": guaranteed});
            }
            let schema = std::mem::replace(place, reference);
            at(document, "/components/schemas")[name] = schema;
        });
    }
}

#[test]
fn words_and_what_operations_and_tags_are_called_in_the_document() {
    renames_nothing(|document| {
        for key in ["description", "summary", "title"] {
            each(document, key, &mut |text| {
                if text.is_string() {
                    *text = json!("Something else altogether.");
                }
            });
        }
        each(document, "operationId", &mut |id| {
            *id = json!(format!("op_{}", id.as_str().unwrap()));
        });
        each(document, "tags", &mut |tags| {
            for tag in tags
                .as_array_mut()
                .into_iter()
                .flatten()
                .filter(|tag| tag.is_string())
            {
                *tag = json!(format!("The {}", tag.as_str().unwrap()));
            }
        });
    });
}

#[test]
fn a_read_only_member() {
    let new = changed(|document| {
        at(document, ADDRESS)["verified_at"] =
            json!({"type": "string", "format": "date-time", "readOnly": true});
    });
    assert!(
        new.iter().all(|line| line.contains("verified_at")),
        "{new:#?}"
    );
}

#[test]
fn a_write_only_member() {
    let new = changed(|document| {
        at(document, OPTION)["properties"]["secret_hint"] =
            json!({"type": "string", "writeOnly": true});
    });
    assert!(
        new.iter().all(|line| line.contains("secret_hint")),
        "{new:#?}"
    );
}

/// Places whose enums are one type.
const STATUS: [&str; 2] = [
    "/components/schemas/Transaction/allOf/1/properties/status/enum",
    "/components/schemas/TransactionSettlementsRead/properties/settlement_status/enum",
];

#[test]
fn a_value_at_one_of_several_places() {
    for pointer in STATUS {
        adds(&["ChargedBack"], |document| {
            at(document, pointer)
                .as_array_mut()
                .unwrap()
                .push(json!("CHARGED_BACK"));
        });
    }
    // The filter of the list.
    adds(&["ChargedBack"], |document| {
        let parameters = at(document, "/paths/~1transactions/get/parameters");
        let parameters = parameters.as_array_mut().unwrap();
        let status = parameters
            .iter_mut()
            .find(|one| one["name"] == "status")
            .unwrap();
        let values = match status["schema"].get_mut("items") {
            Some(items) => &mut items["enum"],
            None => &mut status["schema"]["enum"],
        };
        values.as_array_mut().unwrap().push(json!("CHARGED_BACK"));
    });
}

#[test]
fn what_only_one_place_knows_is_said() {
    let mut document = payments().0.clone();
    let values = at(&mut document, STATUS[0]).as_array_mut().unwrap();
    values.push(json!("CHARGED_BACK"));
    let output = run(&document, None).unwrap();
    let enums = &output.files["enums.rs"];
    assert!(enums.contains("ChargedBack,"), "the value is there");
    assert!(
        enums.contains("all but `CHARGED_BACK`"),
        "and where it is not is said"
    );
}

/// Changes of the Payments API that other documents use: none of them renames anything.
#[test]
fn all_documents_together() {
    let root = workspace::root();
    let settings = settings::read(&root).unwrap();
    let all = inputs(&root, &settings.api).unwrap();
    let files = |change: &dyn Fn(&mut Value)| {
        let mut document = payments().0.clone();
        change(&mut document);
        let mut inputs = all.clone();
        let input = inputs
            .iter_mut()
            .find(|input| input.document.name.ends_with("/payments.yaml"))
            .unwrap();
        input.document.text = document.to_string();
        input.overlays.clear();
        let together = generator::generate_together(&inputs, &units(&settings)).unwrap();
        let mut files: BTreeMap<(String, String), String> = BTreeMap::new();
        let own = inputs.iter().zip(together.outputs);
        let own = own.map(|(input, output)| (input.document.name.clone(), output.files));
        let shared = together.shared.into_iter();
        let shared = shared.map(|shared| (shared.module, shared.files));
        for (module, all) in own.chain(shared) {
            let all = all.into_iter();
            files.extend(all.map(|(path, text)| ((module.clone(), path), text)));
        }
        files
    };
    let before = files(&|_| {});
    let after = files(&|document| {
        at(document, ADDRESS)["verified_at"] = json!({"type": "string", "readOnly": true});
        at(document, OPTION)["properties"]["secret_hint"] =
            json!({"type": "string", "writeOnly": true});
        at(document, CONFIGURATION)
            .as_array_mut()
            .unwrap()
            .swap(0, 1);
        for pointer in STATUS {
            let values = at(document, pointer).as_array_mut().unwrap();
            values.push(json!("CHARGED_BACK"));
        }
    });
    let lines = |files: &BTreeMap<(String, String), String>, others: &BTreeMap<_, _>| {
        let mut lines = BTreeSet::new();
        let changed = files
            .iter()
            .filter(|(path, text)| others.get(*path) != Some(*text));
        changed.for_each(|(_, text)| declared(text, &mut lines));
        lines
    };
    let (before, after) = (lines(&before, &after), lines(&after, &before));
    let gone: Vec<&String> = before.difference(&after).collect();
    assert!(gone.is_empty(), "gone: {gone:#?}");
    let mut new = after.difference(&before);
    assert!(
        new.all(|line| ["verified_at", "secret_hint", "ChargedBack"]
            .iter()
            .any(|word| line.contains(word))),
        "{:#?}",
        after.difference(&before)
    );
}

/// As after a release.
fn released() -> String {
    let lock = run(&payments().0, None).unwrap().lock;
    super::lock::released(&lock, "1.0.0")
}

#[test]
fn a_released_name_changes_by_decision_only() {
    let lock = released();
    assert!(run(&payments().0, Some(&lock)).is_ok());
    let mut document = payments().0.clone();
    at(&mut document, OPTION)["x-rust-name"] = json!("DeliveryOption");
    let errors = run(&document, Some(&lock)).unwrap_err();
    assert!(
        errors.contains("`ShippingOption` would become `DeliveryOption`"),
        "{errors}"
    );
    assert!(errors.contains("names.lock:"), "{errors}");
    let decided = format!("{lock}renamed type ShippingOption DeliveryOption\n");
    let output = run(&document, Some(&decided)).unwrap();
    let types: String = output.files.values().cloned().collect();
    assert!(types.contains("pub struct DeliveryOption {"));
    assert!(types.contains("pub type ShippingOption = DeliveryOption;"));
    assert!(
        output.lock.contains("type DeliveryOption\n"),
        "released with the next version"
    );
    // The next run does the same.
    let again = run(&document, Some(&output.lock)).unwrap();
    assert_eq!(again.lock, output.lock);
}

#[test]
fn a_released_operation_changes_by_decision_only() {
    let lock = released();
    let mut document = payments().0.clone();
    at(&mut document, "/paths/~1transactions~1{id}~1void/post")["x-rust-name"] =
        json!("cancel_transaction");
    let errors = run(&document, Some(&lock)).unwrap_err();
    assert!(
        errors.contains("`void_transaction` would become `cancel_transaction`"),
        "{errors}"
    );
    assert!(errors.contains("names.lock:"), "{errors}");
    let decided = format!("{lock}renamed operation void_transaction cancel_transaction\n");
    let output = run(&document, Some(&decided)).unwrap();
    let text: String = output.files.values().cloned().collect();
    assert!(text.contains("pub fn cancel_transaction"));
    assert!(
        text.contains("pub fn void_transaction"),
        "the old one forwards"
    );
}

#[test]
fn the_name_of_what_is_gone_is_given_to_nothing_else() {
    let lock = released();
    let mut document = payments().0.clone();
    let properties = at(&mut document, "/components/schemas/OrderItem/properties");
    properties.as_object_mut().unwrap().remove("groups");
    let gone = run(&document, Some(&lock)).unwrap();
    assert!(
        gone.lock.contains("type OrderItemGroup 1.0.0\ntype "),
        "a name without uses"
    );
    at(&mut document, "/components/schemas/OrderItem/properties")["groups"] = json!({"type": "array", "items": {"type": "object", "properties": {"other": {"type": "string"}}}});
    let back = run(&document, Some(&gone.lock)).unwrap();
    let text: String = back.files.values().cloned().collect();
    assert!(
        !text.contains("pub struct OrderItemGroup {"),
        "{}",
        back.lock
    );
    assert!(
        back.lock.contains("type OrderItemGroup 1.0.0\ntype "),
        "it goes on to be kept"
    );
}
