//! Schemas with one value: what they become, and what a later document makes of them.

use generator::diff::{Class, diff};
use generator::surface::describe_together;
use generator::{Output, generate};

use crate::support::{construct, module_of, source};

const SHOP: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /orders:
    post:
      operationId: save_order
      parameters:
        - {name: format, in: query, required: true, schema: {type: string, enum: [json]}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
components:
  schemas:
    Order:
      type: object
      required: [object, note, live]
      properties:
        object: {type: string, enum: [order]}
        live: {type: boolean, enum: [true]}
        note: {type: string}
";

fn run(text: &str, lock: Option<&str>) -> Output {
    let mut shop = module_of("shop", text);
    shop.lock = lock.map(|text| source("names.lock", text));
    generate(&shop).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn all(output: &Output) -> String {
    output.files.values().cloned().collect()
}

#[test]
fn a_second_value_breaks_nothing() {
    let old = describe_together(&[module_of("shop", SHOP)], &[]).unwrap();
    for (from, to) in [
        ("enum: [order]", "enum: [order, draft]"),
        ("{type: string, enum: [order]}", "{type: string}"),
        ("{type: boolean, enum: [true]}", "{type: boolean}"),
        ("enum: [json]", "enum: [json, xml]"),
    ] {
        assert!(SHOP.contains(from), "{from}");
        let mut input = module_of("shop", SHOP.replacen(from, to, 1));
        input.lock = old.locks.first().map(|lock| source("names.lock", lock));
        let new = describe_together(&[input], &[]).unwrap();
        let found = diff(&old.surface, &new.surface);
        assert!(!found.is_empty(), "{to}");
        for one in &found {
            let is_fine = matches!(one.class, Class::Additive | Class::NewName | Class::Docs);
            assert!(
                is_fine,
                "{to}: {} {}: {}",
                one.class.name(),
                one.path,
                one.change
            );
        }
    }
    // Another object never had that constant: its member is required.
    let more = SHOP.replace(
        "        note: {type: string}",
        "        note: {type: string}\n        line: {type: object, required: [object], properties: {object: {type: string, enum: [order, line]}}}",
    );
    let output = run(&more, Some(&run(SHOP, None).lock));
    assert!(all(&output).contains("OrderLineBuilder<A = rt::Missing<required::Object>>"));
}

#[test]
fn what_was_a_type_stays_one_where_it_was() {
    let two = SHOP.replace("enum: [order]", "enum: [order, draft]");
    let lock = run(&two, None).lock;
    let lock = lock.replace("values draft order", "values order");
    assert_ne!(lock, run(&two, None).lock);
    let kept = run(SHOP, Some(&lock));
    assert!(
        all(&kept).contains("pub enum OrderObject {"),
        "{}",
        all(&kept)
    );
    assert!(!all(&run(SHOP, None)).contains("pub enum"));
    // Elsewhere the same value is none.
    let more = SHOP.replace(
        "        note: {type: string}",
        "        note: {type: string}\n        kind: {type: string, enum: [order]}",
    );
    let kept = all(&run(&more, Some(&lock)));
    assert!(
        kept.contains("pub kind: Option<String>,")
            && kept.contains("pub object: Option<OrderObject>,"),
        "{kept}"
    );
}

#[test]
fn the_lock_changes_nothing() {
    for name in ["constants", "trusted", "unions", "told_apart"] {
        let first = run(&construct(name), None);
        let again = run(&construct(name), Some(&first.lock));
        assert!(
            first.files == again.files && first.lock == again.lock,
            "{name}"
        );
    }
}
