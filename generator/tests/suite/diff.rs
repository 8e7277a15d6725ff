//! What is said of a change: its class, path, places, advice and overlay.

use generator::diff::{Class, Finding, diff};
use generator::surface::{Surface, describe_together, describe_tolerant};

use crate::support::{crate_of, module_of, source};

const SHOP: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example/v1'}]
security: [{Token: []}, {Key: []}]
paths:
  /orders/{shop}/{id}:
    get:
      operationId: order_get
      x-rust-name: get_order
      x-scopes: [read]
      parameters:
        - {name: shop, in: path, required: true, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: detail, in: query, schema: {type: string, enum: [short, long]}}
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '404': {description: None.}
    put:
      operationId: order_put
      x-rust-name: save_order
      parameters:
        - {name: shop, in: path, required: true, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '204': {description: Saved.}
components:
  securitySchemes:
    Token: {type: http, scheme: bearer}
    Key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Order:
      type: object
      required: [status]
      properties:
        status: {$ref: '#/components/schemas/Status'}
        amount: {type: integer, x-rust-type: 'rt::Amount', description: In minor units.}
        note: {type: string, description: What the buyer said.}
        paid: {type: boolean}
    Status: {type: string, enum: [OPEN, PAID]}
";

fn surfaces(new: &str) -> (Surface, Surface) {
    let old = describe_together(&[module_of("shop", SHOP)], &[]).unwrap();
    let mut input = module_of("shop", new);
    input.lock = old.locks.first().map(|lock| source("names.lock", lock));
    let new = describe_together(&[input], &[]);
    let new = new.unwrap_or_else(|found| panic!("{found:#?}"));
    (old.surface, new.surface)
}

/// The findings after texts were replaced by others.
#[track_caller]
fn after(changes: &[(&str, &str)]) -> Vec<Finding> {
    let mut text = SHOP.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let (old, new) = surfaces(&text);
    diff(&old, &new)
}

fn said(findings: &[Finding]) -> Vec<String> {
    let line = |one: &Finding| format!("{} {}: {}", one.class.name(), one.path, one.change);
    findings.iter().map(line).collect()
}

#[track_caller]
fn says(changes: &[(&str, &str)], expected: &[&str]) {
    let mut lines = said(&after(changes));
    // Examples have values that are made of names.
    lines.retain(|line| !line.ends_with(": another example"));
    assert_eq!(lines, expected);
}

#[test]
fn nothing_is_said_of_what_users_do_not_see() {
    for changes in [
        &[][..],
        &[("operationId: order_get", "operationId: get_it")],
        &[(
            "{$ref: '#/components/schemas/Status'}",
            "{type: string, enum: [OPEN, PAID]}",
        )],
        &[("[OPEN, PAID]", "[PAID, OPEN]")],
    ] {
        says(changes, &[]);
    }
    // Names in the path are not sent.
    let id = ("{name: id,", "{name: order_id,");
    says(&[("{id}", "{order_id}"), id, id], &[]);
}

/// Media types of responses, and streams.
#[test]
fn methods_of_media_types() {
    let first = "'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}";
    let with = |more: &str| {
        let one = "application/json: {schema: {$ref: '#/components/schemas/Order'}}";
        format!("'200': {{description: It., content: {{{one}{more}}}}}")
    };
    let many = with(
        ", text/csv: {schema: {type: string}}, application/pdf: {}, text/event-stream: {schema: {$ref: '#/components/schemas/Order'}}",
    );
    let other = with(
        ", text/csv: {schema: {type: string, format: binary}}, text/event-stream: {schema: {type: string}, x-stream-end: end}",
    );
    let shop = |response: &str| SHOP.replacen(first, response, 1);
    let (_, old) = surfaces(&shop(&many));
    let (_, new) = surfaces(&shop(&other));
    assert_eq!(
        said(&diff(&old, &new)),
        [
            "BREAKING shop::GetOrder as Streams::Item: `shop::Order` -> `String`",
            "BREAKING shop::GetOrder as as_csv: `String` -> `Bytes`",
            "BREAKING shop::builder::GetOrderBuilder::send_as_pdf: removed",
            "BEHAVIOUR shop::Shop::get_order: stream: JSON as `text/event-stream` -> text as `text/event-stream`, ended by `end`",
        ]
    );
}

/// Each media type of a body is a method; the first one has the name of the operation.
#[test]
fn methods_of_media_types_of_bodies() {
    let json = "application/json: {schema: {$ref: '#/components/schemas/Order'}}";
    let form = "application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Order'}}";
    let csv = "text/csv: {schema: {type: string}}";
    let shop = |content: &[&str]| {
        assert!(SHOP.contains(json));
        let content = format!(
            "requestBody: {{required: true, content: {{{}}}",
            content.join(", ")
        );
        SHOP.replacen(
            &format!("requestBody: {{required: true, content: {{{json}}}"),
            &content,
            1,
        )
    };
    let found = |old: &[&str], new: &[&str]| {
        let old = describe_together(&[module_of("shop", shop(old))], &[]).unwrap();
        let mut input = module_of("shop", shop(new));
        input.lock = old.locks.first().map(|lock| source("names.lock", lock));
        let new = describe_together(&[input], &[]).unwrap();
        said(&diff(&old.surface, &new.surface))
    };
    assert_eq!(found(&[json, form], &[form, json]), Vec::<String>::new());
    let added = found(&[form], &[json, form, csv]);
    assert!(
        !added.is_empty() && added.iter().all(|line| !line.starts_with("B")),
        "{added:#?}"
    );
    assert_eq!(
        found(&[json, form], &[form]),
        ["BREAKING shop::Shop::save_order: removed"]
    );
    assert_eq!(
        found(&[json, form], &[json]),
        ["BREAKING shop::Shop::save_order_as_form: removed"]
    );
}

#[test]
fn behaviour_that_no_compiler_tells() {
    let get = "shop::Shop::get_order";
    says(
        &[("x-scopes: [read]", "x-scopes: [admin]")],
        &[&format!("BEHAVIOUR {get}: scopes: read -> admin")],
    );
    says(
        &[(
            "'404': {description: None.}",
            "'404': {description: None.}\n        '409': {description: Twice.}",
        )],
        &[&format!("BEHAVIOUR {get}: error statuses: 404 -> 404, 409")],
    );
    says(
        &[(
            "x-scopes: [read]",
            "x-scopes: [read]\n      security: [{Token: []}]",
        )],
        &[&format!(
            "BEHAVIOUR {get}: credentials: Token (bearer token) or Key (key in the header `X-Key`) -> Token (bearer token)"
        )],
    );
    says(
        &[("name: X-Key", "name: X-Other")],
        &[
            "BEHAVIOUR shop::Shop::get_order: credentials: Token (bearer token) or Key (key in the header `X-Key`) -> Token (bearer token) or Key (key in the header `X-Other`)",
            "BEHAVIOUR shop::Shop::save_order: credentials: Token (bearer token) or Key (key in the header `X-Key`) -> Token (bearer token) or Key (key in the header `X-Other`)",
            "BEHAVIOUR shop::schemes::KEY: credentials: Key (key in the header `X-Key`) -> Key (key in the header `X-Other`)",
        ],
    );
    says(
        &[(
            "note: {type: string,",
            "comment: {type: string, x-rust-name: note,",
        )],
        &["BEHAVIOUR shop::Order.note: wire name: note -> comment"],
    );
}

#[test]
fn defaults_and_formats_are_behaviour() {
    says(
        &[(
            "paid: {type: boolean}",
            "paid: {type: boolean, default: true}",
        )],
        &[
            "BEHAVIOUR shop::Order.paid: default: none -> true",
            "DOCS shop::Order.paid: documentation changed",
        ],
    );
    says(
        &[(
            "note: {type: string,",
            "note: {type: string, format: email,",
        )],
        &[
            "BEHAVIOUR shop::Order.note: format: none -> email",
            "DOCS shop::Order.note: documentation changed",
        ],
    );
    // Another type is enough to say.
    let found = after(&[(
        "note: {type: string,",
        "note: {type: string, format: date-time,",
    )]);
    assert!(said(&found)[0].starts_with("BREAKING shop::Order.note"));
    assert!(found.iter().all(|one| one.class != Class::Behaviour));
}

#[test]
fn another_host_is_behaviour_and_a_constant_less() {
    let found = after(&[("https://shop.example/v1", "https://other.example/v1")]);
    let hosts = found.iter().filter(|one| {
        one.change
            .starts_with("host: https://shop.example/v1 -> https://other.example/v1")
    });
    assert_eq!(hosts.filter(|one| one.class == Class::Behaviour).count(), 2);
}

/// Both are texts: the compiler sees no difference.
#[test]
fn arguments_in_another_order_are_behaviour() {
    says(
        &[("/orders/{shop}/{id}", "/orders/{id}/{shop}")],
        &[
            "BEHAVIOUR shop::Shop::get_order: arguments: shop, id -> id, shop",
            "BEHAVIOUR shop::Shop::save_order: arguments: shop, id -> id, shop",
        ],
    );
}

#[test]
fn what_breaks_comes_with_what_to_do() {
    let found = after(&[("note: {type: string,", "comment: {type: string,")]);
    assert_eq!(
        said(&found),
        [
            "BREAKING shop::Order.note: removed; `comment` is new and has the same type",
            "ADDITIVE shop::Order.comment: new",
        ]
    );
    assert_eq!(
        found[0].also,
        [
            "shop::builder::OrderBuilder::note",
            "shop::builder::SaveOrderBuilder::note"
        ]
    );
    let line = |spot: &Option<generator::surface::Spot>| {
        spot.as_ref().unwrap().place.as_ref().unwrap().line
    };
    let at = SHOP
        .lines()
        .position(|line| line.contains("note:"))
        .unwrap();
    assert_eq!(line(&found[0].old) as usize, at + 1);
    assert_eq!(
        found[0].overlay.as_deref(),
        Some(
            "- target: \"$.components.schemas.Order.properties.comment\"\n  description: <the reason>\n  update: { x-rust-name: note }"
        )
    );
    // And that avoids it.
    let mended = "comment: {type: string, x-rust-name: note,";
    let found = after(&[("note: {type: string,", mended)]);
    assert!(found.iter().all(|one| one.class != Class::Breaking));

    let found = after(&[("x-rust-type: 'rt::Amount', ", "")]);
    assert_eq!(
        said(&found)[..1],
        ["BREAKING shop::Order.amount: `Option<Amount>` -> `Option<i64>`"]
    );
    assert!(
        found[0]
            .overlay
            .as_deref()
            .unwrap()
            .contains("x-rust-type: \"rt::Amount\"")
    );

    let found = after(&[("x-rust-name: get_order", "x-rust-name: read_order")]);
    assert_eq!(
        said(&found),
        ["BREAKING shop::Shop::get_order: renamed to `shop::Shop::read_order`"]
    );
    assert!(
        found[0]
            .overlay
            .as_deref()
            .unwrap()
            .contains("x-rust-name: get_order")
    );
}

#[test]
fn required_values() {
    says(
        &[("required: [status]", "required: [status, paid]")],
        &["BREAKING shop::builder::OrderBuilder::paid: now required"],
    );
    says(
        &[("      required: [status]\n", "")],
        &["ADDITIVE shop::builder::OrderBuilder::status: now optional"],
    );
}

#[test]
fn new_names_are_said_until_somebody_chose_them() {
    let added = "  /news:\n    get:\n      operationId: news_get\n      responses: {'204': {description: None.}}\ncomponents:";
    let found = after(&[("components:", added)]);
    assert_eq!(
        said(&found),
        ["NEW NAME shop::Shop::news_get: new operation"]
    );
    let chosen = added.replace("news_get", "news_get\n      x-rust-name: list_news");
    says(
        &[("components:", &chosen)],
        &["ADDITIVE shop::Shop::list_news: new operation"],
    );
}

#[test]
fn additions_and_documentation() {
    says(
        &[("[OPEN, PAID]", "[OPEN, PAID, SENT]")],
        &["ADDITIVE shop::Status::Sent: new"],
    );
    says(
        &[(
            "paid: {type: boolean}",
            "paid: {type: boolean, deprecated: true}",
        )],
        &["ADDITIVE shop::Order.paid: deprecated: the document marks it as deprecated"],
    );
    says(
        &[("What the buyer said.", "What the customer said.")],
        &["DOCS shop::Order.note: documentation changed"],
    );
}

#[test]
fn a_module_that_is_gone_takes_its_operations_along() {
    let (old, _) = surfaces(SHOP);
    let found = diff(&old, &Surface::default());
    assert!(found.iter().all(|one| one.class == Class::Breaking));
    assert!(found.iter().any(|one| one.path == "shop::Shop::get_order"));
    let found = diff(&Surface::default(), &old);
    assert!(found.iter().all(|one| one.class != Class::Breaking));
}

#[test]
fn a_document_of_its_own_has_its_groups_by_a_trait() {
    let described = describe_tolerant(&crate_of("shop-api", SHOP)).unwrap();
    let lines = described.surface.lines();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("shop_api::ShopApiApi::")),
        "{lines:#?}"
    );
    assert!(diff(&described.surface, &described.surface).is_empty());
}
