//! With a lock, what was one type stays one, and what happens to be equal does not become one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::BTreeSet;

use generator::{Input, Output, Target, generate, load::Source};

const BEGIN: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /orders:
    get:
      operationId: list_orders
      parameters:
        - {name: state, in: query, schema: {type: string, enum: [open, paid]}}
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        state: {type: string, enum: [open, paid]}
        payer: {type: object, properties: {name: {type: string}, mail: {type: string}}}
        receiver: {type: object, properties: {name: {type: string}, mail: {type: string}}}
";

fn run(text: &str, lock: Option<&str>) -> Result<Output, String> {
    let input = Input {
        document: Source {
            name: "shop.yaml".to_owned(),
            text: text.to_owned(),
        },
        overlays: Vec::new(),
        lock: lock.map(|text| Source {
            name: "names.lock".to_owned(),
            text: text.to_owned(),
        }),
        target: Target::Module {
            name: "shop".to_owned(),
            package: "some_runtime".to_owned(),
            root: BTreeSet::from(["Currency".to_owned()]),
        },
    };
    generate(&input).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn changed(from: &str, to: &str) -> String {
    assert!(BEGIN.contains(from), "{from}");
    BEGIN.replacen(from, to, 1)
}

fn all(output: &Output) -> String {
    output.files.values().cloned().collect()
}

fn warnings(output: &Output) -> String {
    output.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn an_enum_grows_at_one_place() {
    let first = run(BEGIN, None).unwrap();
    assert!(all(&first).contains("pub enum OrderState {"));
    let grown = changed(
        "state: {type: string, enum: [open, paid]}",
        "state: {type: string, enum: [open, paid, late]}",
    );
    let alone = run(&grown, None).unwrap();
    assert!(
        all(&alone).contains("pub enum OrderState {"),
        "without a lock they are two"
    );
    let kept = run(&grown, Some(&first.lock)).unwrap();
    let text = all(&kept);
    assert!(text.contains("pub enum OrderState {") && !text.contains("ListOrdersState"));
    assert!(text.contains("    Late,"));
    assert!(
        text.contains("- `list_orders?state`: all but `late`"),
        "{text}"
    );
    // Once more, and the other place follows.
    let again = run(&grown, Some(&kept.lock)).unwrap();
    assert_eq!(again.lock, kept.lock);
    let both = grown.replace(
        "schema: {type: string, enum: [open, paid]}",
        "schema: {type: string, enum: [open, paid, late]}",
    );
    let text = all(&run(&both, Some(&kept.lock)).unwrap());
    assert!(text.contains("pub enum OrderState {") && !text.contains("all but"));
}

#[test]
fn an_object_grows_at_one_place() {
    let first = run(BEGIN, None).unwrap();
    assert!(all(&first).contains("pub struct OrderPayer {"));
    let grown = changed(
        "receiver: {type: object, properties: {name",
        "receiver: {type: object, required: [door], properties: {door: {type: string}, name",
    );
    let kept = run(&grown, Some(&first.lock)).unwrap();
    let text = all(&kept);
    assert!(!text.contains("OrderReceiver"), "{text}");
    assert!(text.contains("pub door: Option<String>"));
    assert!(text.contains("- `Order.payer`: all but `door`"));
    // A member of another type is another object.
    let other = changed(
        "receiver: {type: object, properties: {name: {type: string}",
        "receiver: {type: object, properties: {name: {type: integer}",
    );
    assert!(all(&run(&other, Some(&first.lock)).unwrap()).contains("pub struct OrderReceiver {"));
}

#[test]
fn what_is_new_shares_by_decision_only() {
    let first = run(BEGIN, None).unwrap();
    let more = format!("{BEGIN}        last_state: {{type: string, enum: [open, paid]}}\n");
    let text = all(&run(&more, Some(&first.lock)).unwrap());
    assert!(text.contains("pub enum OrderState {") && text.contains("pub enum OrderLastState {"));
    let by_overlay = more.replace(
        "enum: [open, paid]}",
        "enum: [open, paid], x-rust-name: OrderState}",
    );
    let text = all(&run(&by_overlay, Some(&first.lock)).unwrap());
    assert!(text.contains("pub last_state: Option<OrderState>"));
    let by_lock = first
        .lock
        .replace("  Order.state\n", "  Order.last_state\n  Order.state\n");
    let text = all(&run(&more, Some(&by_lock)).unwrap());
    assert!(text.contains("pub last_state: Option<OrderState>"));
}

#[test]
fn what_lost_its_uses_is_known_by_what_it_holds() {
    let text = BEGIN.replace("        receiver: {type: object, properties: {name: {type: string}, mail: {type: string}}}\n", "");
    let text = text.replace(
        "mail: {type: string}",
        "mail: {type: string}, phone: {type: string}",
    );
    let first = run(&text, None).unwrap();
    assert!(all(&first).contains("pub struct OrderPayer {"));
    let moved = text.replace("payer:", "buyer:");
    assert!(
        all(&run(&moved, Some(&first.lock)).unwrap())
            .contains("pub buyer: Option<Box<OrderPayer>>")
    );
    // A small enum could be anything.
    let first = run(BEGIN, None).unwrap();
    let other = BEGIN.replace("state", "mode");
    assert!(all(&run(&other, Some(&first.lock)).unwrap()).contains("pub enum OrderMode {"));
}

#[test]
fn an_operation_whose_path_moved_keeps_its_name() {
    let first = run(BEGIN, None).unwrap();
    let moved = BEGIN
        .replace("  /orders:", "  /v2/orders:")
        .replace("operationId: list_orders", "operationId: v2_orders_get");
    assert!(all(&run(&moved, Some(&first.lock)).unwrap()).contains("pub fn list_orders("));
}

#[test]
fn ugly_names_are_said_while_they_can_be_changed() {
    let ugly = BEGIN.replace("list_orders", "orders_get").replace(
        "        payer: {type: object,",
        "        order_of_order: {type: object, properties: {order: {type: object, properties: {order: {type: object, properties: {x: {type: string}}}}}}}\n        payer: {type: object,",
    );
    let output = run(&ugly, None).unwrap();
    let said = warnings(&output);
    assert!(
        said.contains("the operation `orders_get` is badly named"),
        "{said}"
    );
    assert!(said.contains("`OrderOfOrderOrder`"), "{said}");
    let root = BEGIN
        .replace(
            "#/components/schemas/Order'",
            "#/components/schemas/Currency'",
        )
        .replace("    Order:", "    Currency:");
    assert!(
        warnings(&run(&root, None).unwrap()).contains("the crate has another thing of this name")
    );
    assert_eq!(warnings(&run(BEGIN, None).unwrap()), "");
}
