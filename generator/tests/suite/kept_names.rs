//! With a lock, what was one type stays one, and what happens to be equal does not become one.

use generator::{Output, Target, generate};

use crate::support::{lines, module_of, source};

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

pub(crate) fn run(text: &str, lock: Option<&str>) -> Result<Output, String> {
    let mut shop = module_of("shop", text);
    shop.lock = lock.map(|text| source("names.lock", text));
    if let Target::Module { root, .. } = &mut shop.target {
        root.insert("Currency".to_owned());
    }
    generate(&shop).map_err(|errors| lines(&errors))
}

fn changed(from: &str, to: &str) -> String {
    assert!(BEGIN.contains(from), "{from}");
    BEGIN.replacen(from, to, 1)
}

pub(crate) fn all(output: &Output) -> String {
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

const MEMBERS: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /orders/{order}:
    post:
      operationId: create_order
      parameters:
        - {name: order, in: path, required: true, schema: {type: string}}
        - {name: dry, in: query, schema: {type: boolean}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components:
  schemas:
    Base:
      type: object
      required: [lines]
      properties:
        lines: {type: integer}
    NewOrder:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          required: [amount, unit]
          properties:
            amount: {type: integer}
            unit: {type: string, enum: [a-b, kw]}
            itemCount: {type: integer, nullable: true}
    Order:
      type: object
      properties:
        order_id: {type: string}
        payment:
          oneOf:
            - $ref: '#/components/schemas/Card'
            - $ref: '#/components/schemas/Cash'
    Card: {type: object, required: [number], properties: {number: {type: string}, until: {type: string}, owner: {type: string}}}
    Cash: {type: object, required: [coins], properties: {coins: {type: integer}}}
";

fn released(lock: &str) -> String {
    let lines = lock.lines().map(|line| match line.split(' ').next() {
        Some("type" | "operation") => format!("{line} 1.0.0\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn members(from: &str, to: &str) -> String {
    assert!(MEMBERS.contains(from), "{from}");
    MEMBERS.replacen(from, to, 1)
}

/// All of it stands in what is generated of the changed document, with the lock of the first.
#[track_caller]
fn keeps(text: &str, expected: &[&str]) {
    keeps_from(MEMBERS, text, expected);
}

#[track_caller]
fn keeps_from(before: &str, text: &str, expected: &[&str]) {
    let lock = released(&run(before, None).unwrap().lock);
    let first = all(&run(before, Some(&lock)).unwrap());
    let output = run(text, Some(&lock)).unwrap();
    let later = all(&output);
    for line in expected {
        assert!(first.contains(line), "before: {line}\n{first}");
        assert!(later.contains(line), "after: {line}\n{later}");
    }
    // The next run does the same.
    assert_eq!(run(text, Some(&output.lock)).unwrap().lock, output.lock);
}

#[test]
fn a_value_that_comes_later_takes_no_name_away() {
    let setter = "pub fn amount(mut self, amount: i64)";
    keeps(
        &members(
            "{name: dry, in",
            "{name: amount, in: query, schema: {type: integer}}\n        - {name: dry, in",
        ),
        &[setter, "pub fn dry(mut self, dry: bool)"],
    );
    // The newcomer has another one.
    let lock = run(MEMBERS, None).unwrap().lock;
    let more = members(
        "{name: dry, in",
        "{name: amount, in: query, schema: {type: integer}}\n        - {name: dry, in",
    );
    let code = all(&run(&more, Some(&lock)).unwrap());
    assert!(
        code.contains("pub fn query_amount(mut self, query_amount: i64) -> Self"),
        "{code}"
    );
    // A property whose spelling is the name itself.
    keeps(
        &members(
            "itemCount: {type",
            "item_count: {type: string}\n            itemCount: {type",
        ),
        &[
            "pub item_count: Option<i64>",
            "optional \"itemCount\" item_count,",
        ],
    );
    // One whose name is that of the setter that says `null`.
    keeps(
        &members(
            "itemCount: {type",
            "item_count_null: {type: string}\n            itemCount: {type",
        ),
        &["pub fn item_count_null(mut self)"],
    );
    keeps(
        &members("[a-b, kw]", "[a_b, KW, a-b, kw]"),
        &["AB \"a-b\",", "Kw \"kw\","],
    );
}

#[test]
fn a_part_of_a_path_takes_no_setter_away() {
    // The path parameter is called as a member of the body now.
    let renamed = MEMBERS
        .replace("{order}", "{amount}")
        .replace("name: order,", "name: amount,");
    keeps(
        &renamed,
        &[
            "pub fn amount(mut self, amount: i64)",
            "pub order: OrderId,",
        ],
    );
}

#[test]
fn variants_keep_their_names() {
    let renamed = MEMBERS
        .replace("schemas/Card'", "schemas/NewCard'")
        .replace("    Card:", "    NewCard:");
    keeps(&renamed, &["    Card(Card),", "    Cash(Cash),"]);
    let renamed = MEMBERS
        .replace("schemas/Cash'", "schemas/Coins'")
        .replace("    Cash:", "    Coins:");
    keeps(&renamed, &["    Card(Card),", "    Cash(Cash),"]);
    let reversed = members(
        "            - $ref: '#/components/schemas/Card'\n            - $ref: '#/components/schemas/Cash'",
        "            - $ref: '#/components/schemas/Cash'\n            - $ref: '#/components/schemas/Card'",
    );
    keeps(&reversed, &["    Card(Card),", "    Cash(Cash),"]);
}

#[test]
fn a_variant_is_named_by_its_constants_or_by_what_it_alone_requires() {
    let document = "\
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /orders:
    patch:
      operationId: patch_orders
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Change'}}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Change:
      oneOf:
        - {type: object, required: [op, value], properties: {op: {type: string, enum: [add, replace]}, value: {type: string}}}
        - {type: object, required: [op, path], properties: {op: {type: string, enum: [remove]}, path: {type: string}}}
        - {type: object, required: [op, from], properties: {op: {type: string, enum: [move, copy]}, from: {type: string}}}
";
    let names = [
        "    AddOrReplace(ChangeAddOrReplace),",
        "    Remove(ChangeRemove),",
        "    MoveOrCopy(ChangeMoveOrCopy),",
    ];
    keeps_from(
        document,
        &document.replace("[add, replace]", "[add, replace, test]"),
        &names,
    );
    // A value of two types names neither, and a name of many values is too long.
    for values in ["[add, move]", "[a, b, c, d]"] {
        let other = document.replace("[add, replace]", values);
        let output = all(&run(&other, None).unwrap());
        assert!(
            output.contains("    Value(ChangeValue),"),
            "{values}: {output}"
        );
        // Neither does a member that two types require, and two are too many.
        for members in ["[op, path]", "[op, value, path, note]"] {
            let other = other.replacen("[op, value]", members, 1);
            let output = all(&run(&other, None).unwrap());
            assert!(output.contains("    Object("), "{members}: {output}");
        }
    }
    let by_member = document.replace("[add, replace]", "[add, move]");
    let names = [
        "    Value(ChangeValue),",
        "    Path(ChangePath),",
        "    From(ChangeFrom),",
    ];
    keeps_from(
        &by_member,
        &by_member.replacen("[op, value]", "[op, value, note]", 1),
        &names,
    );
}

/// Equal types of two unions share a name, but a number is none.
#[test]
fn a_variant_without_a_name_is_named_by_its_owner() {
    let union =
        "{ oneOf: [{ type: object, properties: { y: { type: string } } }, { type: integer }] }";
    let document = format!(
        "\
openapi: 3.0.3
info: {{title: T, version: '1'}}
servers: [{{url: https://api.example.com}}]
paths:
  /orders:
    patch:
      operationId: patch_orders
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}}}}}
      responses: {{'204': {{description: Done.}}}}
components:
  schemas:
    Order: {{ type: object, properties: {{ first: {union}, second: {{ type: array, items: {union} }}, third: {} }} }}
",
        union.replace("integer", "boolean")
    );
    let output = all(&run(&document, None).unwrap());
    assert!(
        output.contains("    Object(OrderFirstVariant1),"),
        "{output}"
    );
    assert!(!output.contains("(Variant1)"), "{output}");
}

#[test]
fn the_order_in_the_document_is_not_that_of_type_parameters() {
    let parameters = "    A = rt::Missing<required::Amount>,\n    B = rt::Missing<required::Lines>,\n    D = rt::Missing<required::Unit>,\n";
    let after = members(
        "        - $ref: '#/components/schemas/Base'\n        - type: object",
        "        - type: object",
    );
    let after = after.replacen(
        "nullable: true}",
        "nullable: true}\n        - $ref: '#/components/schemas/Base'",
        1,
    );
    keeps(&after, &[parameters]);
    keeps(&members("[amount, unit]", "[unit, amount]"), &[parameters]);
    let swapped = MEMBERS.replacen("            amount: {type: integer}\n", "", 1);
    let swapped = swapped.replacen("kw]}", "kw]}\n            amount: {type: integer}", 1);
    keeps(&swapped, &[parameters]);
}

#[test]
fn a_schema_of_an_operation_s_name_takes_it_not_away() {
    let more = MEMBERS.replace(
        "        payment:\n",
        "        made_by: {$ref: '#/components/schemas/CreateOrder'}\n        payment:\n",
    );
    let more =
        format!("{more}    CreateOrder: {{type: object, properties: {{x: {{type: string}}}}}}\n");
    keeps(
        &more,
        &[
            "rt::operation!(CreateOrder { order, dry, body });",
            "pub struct CreateOrderBuilder<",
        ],
    );
}

#[test]
fn a_member_is_renamed_by_decision_only() {
    let lock = released(&run(MEMBERS, None).unwrap().lock);
    let text = members(
        "amount: {type: integer}",
        "amount: {type: integer, x-rust-name: total}",
    );
    let errors = run(&text, Some(&lock)).unwrap_err();
    assert!(
        errors.contains("`NewOrder.amount` would become `NewOrder.total`"),
        "{errors}"
    );
    let line = "renamed member NewOrder.amount NewOrder.total";
    assert!(errors.contains(line), "{errors}");
    for text in [text.as_str(), MEMBERS] {
        let decided = format!("{lock}{line}\n");
        let output = run(text, Some(&decided)).unwrap();
        let code = all(&output);
        assert!(code.contains("pub total: Option<i64>"), "{code}");
        let former = "#[deprecated(note = \"is called `total` now\")]\n    pub fn amount(self, total: i64) -> ";
        assert_eq!(code.matches(former).count(), 2, "both builders\n{code}");
        let again = run(text, Some(&output.lock)).unwrap();
        assert_eq!(again.lock, output.lock);
        assert_eq!(all(&again), code);
    }
}

#[test]
fn a_parameter_is_renamed_by_decision_only() {
    let lock = released(&run(MEMBERS, None).unwrap().lock);
    let text = members("{name: dry,", "{name: dry, x-rust-name: rehearsal,");
    let errors = run(&text, Some(&lock)).unwrap_err();
    assert!(
        errors.contains("`dry` of `create_order` would become `rehearsal`"),
        "{errors}"
    );
    let line = "renamed member create_order.dry create_order.rehearsal";
    assert!(errors.contains(line), "{errors}");
    let output = run(&text, Some(&format!("{lock}{line}\n"))).unwrap();
    let code = all(&output);
    assert!(
        code.contains(
            "pub fn dry(self, rehearsal: bool) -> Self {\n        self.rehearsal(rehearsal)"
        ),
        "{code}"
    );
    assert_eq!(all(&run(&text, Some(&output.lock)).unwrap()), code);
}

#[test]
fn what_was_renamed_twice_has_both_former_names() {
    let lock = released(&run(MEMBERS, None).unwrap().lock);
    let lock = format!(
        "{lock}renamed operation place_order make_order\nrenamed operation make_order create_order\nrenamed type Bill Purchase\nrenamed type Purchase Order\nrenamed member NewOrder.sum NewOrder.total\nrenamed member NewOrder.total NewOrder.amount\n"
    );
    let code = all(&run(MEMBERS, Some(&lock)).unwrap());
    for line in [
        "pub fn place_order(",
        "pub fn make_order(",
        "pub type Bill = Order;",
        "pub type Purchase = Order;",
        "pub fn sum(",
        "pub fn total(",
    ] {
        assert!(code.contains(line), "{line}\n{code}");
    }
}

/// Documents in which a schema is referred to where it is, a path has two forms, and a body has keys that are not media types.
#[test]
fn an_odd_document_keeps_its_names() {
    let body = |id: &str, content: &str| {
        format!(
            "    put: {{ operationId: {id}, requestBody: {{ content: {{ {content} }} }}, responses: {{ '204': {{ description: done }} }} }}\n"
        )
    };
    let json = "application/json: { schema: { type: string } }";
    let text = "text/csv: { schema: { type: string } }";
    let document = |paths: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\npaths:\n{paths}"
        )
    };
    let id = |name: &str| {
        format!(
            "    parameters: [{{ name: {name}, in: path, required: true, schema: {{ type: string }} }}]\n"
        )
    };
    let paths = format!(
        "  /a:
    get:
      operationId: a
      responses: {{ '200': {{ description: it, content: {{ application/json: {{ schema: {{ type: object, properties: {{ owner: {{ $ref: '#/paths/~1b/get/responses/200/content/application~1json/schema/properties/of' }}, seller: {{ $ref: '#/components/schemas/Shop/properties/seller' }} }} }} }} }} }} }}
  /b:
    get:
      operationId: b
      responses: {{ '200': {{ description: it, content: {{ application/json: {{ schema: {{ type: object, properties: {{ of: {{ type: object, properties: {{ name: {{ type: string }} }} }} }} }} }} }} }} }}
  /brands/{{brand}}:\n{}{}  /brands/{{category}}:\n{}{}  /odd:\n{}",
        id("brand"),
        body("put_brand", &format!("{json}, {text}")),
        id("category"),
        body("put_category", &format!("{json}, {text}")),
        body("put_odd", "csv: { schema: { type: string } }, xml: { schema: { type: string } }"),
    );
    let components = "components:\n  schemas:\n    Shop: { type: object, properties: { seller: { type: object, properties: { id: { type: string } } } } }\n";
    let text = document(&format!("{paths}{components}"));
    let first = run(&text, None).unwrap();
    let code = all(&first);
    for name in ["pub struct AResponseOwner {", "pub struct ShopSeller {"] {
        assert!(code.contains(name), "{name}\n{code}");
    }
    for line in [
        "operation PUT /brands/{brand} put_brand\n",
        "operation PUT /brands/{brand} text/csv put_brand_as_csv\n",
        "operation PUT /brands/{category} put_category\n",
        "operation PUT /brands/{category} text/csv put_category_as_csv\n",
        "operation PUT /odd xml put_odd_as_xml\n",
    ] {
        assert!(first.lock.contains(line), "{line}\n{}", first.lock);
    }
    let again = run(&text, Some(&first.lock)).unwrap();
    assert_eq!(again.lock, first.lock);
    assert_eq!(all(&again), code);

    // One of two that share a path came later, or is gone, and the names in a path change.
    let at = text.find("  /brands/{category}").unwrap();
    let end = text.find("  /odd").unwrap();
    let alone = format!("{}{}", &text[..at], &text[end..]);
    let before = run(&alone, None).unwrap();
    assert!(
        before
            .lock
            .contains("operation PUT /brands/{brand} put_brand\n")
    );
    assert_eq!(run(&text, Some(&before.lock)).unwrap().lock, first.lock);
    assert_eq!(run(&alone, Some(&first.lock)).unwrap().lock, before.lock);
    let renamed = text
        .replace("put_brand", "set_brand")
        .replace("{brand}", "{kind}")
        .replace("name: brand", "name: kind");
    let renamed = run(&renamed, Some(&first.lock)).unwrap();
    assert!(renamed.lock.contains("put_category\n"), "{}", renamed.lock);
}

#[test]
fn a_key_of_content_that_is_not_a_media_type_is_not_sent() {
    let text = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\nservers: [{ url: 'https://api.example.com' }]\npaths:\n  /a:\n    put: { operationId: set, requestBody: { content: { application/json: { schema: { type: string } }, example: { schema: { type: string } } } }, responses: { '204': { description: done } } }\n";
    let output = run(text, None).unwrap();
    let code = all(&output);
    assert!(
        code.contains("fn set(") && !code.contains("fn set_as_"),
        "{code}"
    );
    assert!(warnings(&output).contains("`example` is not a media type"));
}
