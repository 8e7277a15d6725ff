//! What the documentation of generated code says.

use std::collections::BTreeMap;

use crate::support::{crate_of, generated, types};

/// The files of a document with these paths and components.
fn files(paths: &str, components: &str) -> BTreeMap<String, String> {
    let head = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.example'}]\n";
    let text = format!(
        "{head}paths:
{paths}
components:
{components}"
    );
    generated(&crate_of("shop", text)).files
}

/// The lines of documentation right before a line.
fn docs<'t>(text: &'t str, item: &str) -> Vec<&'t str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(item));
    let at = at.unwrap_or_else(|| panic!("{item} is not in {text}"));
    let before = lines.get(..at).unwrap().iter().rev();
    let before = before.skip_while(|line| line.starts_with("#["));
    let mut docs: Vec<&str> = before.map_while(|line| line.strip_prefix("///")).collect();
    docs.reverse();
    docs.into_iter().map(str::trim).collect()
}

const GET: &str = "  /orders:
    get:
      operationId: get_order
      responses:
        '200':
          description: OK
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}";

#[test]
fn a_merged_type_has_its_own_sentence_else_that_of_its_first_part() {
    let files = files(
        GET,
        "  schemas:
    Order:
      properties:
        parcel:
          description: What the carrier gets.
          allOf: [{$ref: '#/components/schemas/Box'}, {$ref: '#/components/schemas/Labelled'}]
        letter:
          allOf: [{$ref: '#/components/schemas/Box'}, {$ref: '#/components/schemas/Labelled'}, {properties: {pages: {type: integer}}}]
        gift:
          allOf:
          - {$ref: '#/components/schemas/Box'}
          - {description: A box with a bow., properties: {sender: {description: Who gives it., type: object, properties: {card: {type: string}}}}}
        crate: {$ref: '#/components/schemas/Crate'}
        pallet: {$ref: '#/components/schemas/Pallet'}
    Box: {type: object, description: A box., properties: {sender: {description: Who packs it., type: object, properties: {hall: {type: string}}}}}
    Labelled: {type: object, description: What is on labels., properties: {sender: {description: Who prints it., type: object, properties: {printer: {type: string}}}}}
    Crate: {allOf: [{$ref: '#/components/schemas/Box'}, {properties: {wood: {type: string}}}]}
    Pallet: {description: Carries boxes., allOf: [{$ref: '#/components/schemas/Box'}, {properties: {feet: {type: integer}}}]}
",
    );
    let types = &files["src/types.rs"];
    for (item, expected) in [
        ("pub parcel:", "What the carrier gets."),
        ("pub struct OrderParcel ", "What the carrier gets."),
        ("pub struct OrderLetterSender ", "Who packs it."),
        ("pub struct OrderLetter ", "A box."),
        ("pub struct OrderGift ", "A box."),
        ("pub struct OrderGiftSender ", "Who gives it."),
        ("pub struct Crate ", "A box."),
        ("pub struct Pallet ", "Carries boxes."),
    ] {
        assert_eq!(docs(types, item), [expected], "{item} in {types}");
    }
    let sender = types.split("pub struct OrderParcel {").nth(1).unwrap();
    assert_eq!(docs(sender, "pub sender:"), ["Who packs it."]);
}

#[test]
fn an_operation_says_what_it_returns_requires_and_fails_with() {
    let files = files(
        "  /orders/{id}/refund:
    post:
      operationId: refund_order
      summary: Pay back.
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: reason, in: query, required: true, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {required: [amount], properties: {amount: {type: integer}, note: {type: string}}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
        '404': {description: None, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        '409': {description: Twice, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
    get:
      operationId: list_refunds
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '204': {description: None}",
        "  schemas:
    Order: {type: object, properties: {id: {type: string}}}
    Problem: {type: object, properties: {code: {type: string}}}
",
    );
    let text: String = files.into_values().collect();
    assert_eq!(
        docs(&text, "pub fn refund_order(")
            .into_iter()
            .take_while(|line| *line != "# Examples")
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>(),
        [
            "Pay back.",
            "`POST /orders/{id}/refund`",
            "Returns a list of [`Order`]. Required: [`reason`](RefundOrderBuilder::reason), \
             [`amount`](RefundOrderBuilder::amount). Error statuses: `404`, `409`, with [`Problem`].",
        ]
    );
    assert!(docs(&text, "pub fn list_refunds(").contains(&"Returns no value."));
    // Searching the documentation for the action finds the operation.
    assert!(
        text.contains("#[doc(alias = \"refund\")]\n    pub fn refund_order("),
        "{text}"
    );
}

#[test]
fn what_is_not_confirmed_is_marked_and_listed_on_one_page() {
    let files = files(
        GET,
        "  schemas:
    Order:
      properties:
        state: {type: string, description: How far it is., x-not-confirmed: that it is *one* word}
        note: {type: string}
",
    );
    assert_eq!(
        docs(&files["src/types.rs"], "pub state:"),
        [
            "How far it is.",
            "",
            "[Not confirmed](super::not_confirmed)."
        ]
    );
    assert!(docs(&files["src/types.rs"], "pub note:").is_empty());
    let page = &files["src/not_confirmed.rs"];
    let line = "//! - [`Order`](super::Order), `state`: that it is *one* word";
    assert!(page.lines().any(|one| one == line), "{page}");
    assert!(files["src/lib.rs"].contains("#[cfg(doc)]\npub mod not_confirmed;"));
}

#[test]
fn nothing_is_written_that_only_repeats_a_name() {
    let files = files(
        GET,
        "  schemas:
    Order:
      properties:
        id: {type: string, description: The id of the order.}
        createdAt: {type: string}
        class: {type: string, x-rust-name: kind}
        state: {type: string, enum: [OPEN, DONE]}
",
    );
    let types = &files["src/types.rs"];
    for item in ["pub struct Order ", "pub id:", "pub created_at:"] {
        assert_eq!(docs(types, item), [""; 0], "{item}");
    }
    // A name that the Rust name does not tell is worth a line.
    assert_eq!(docs(types, "pub kind:"), ["Named `class` in the API."]);
    assert!(docs(&files["src/enums.rs"], "Open,").is_empty());
}

#[test]
fn descriptions_of_places() {
    let document = "openapi: 3.2.0
info: {title: A, version: '1'}
servers: [{url: 'https://h.example.com', name: prod}]
paths:
  /a:
    get:
      operationId: getA
      parameters:
      - {in: query, name: payer, description: '', schema: {description: Who pays., type: string}}
      responses:
        '200': {summary: Short., description: Long., content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}
        '201': {description: other, content: {application/json: {schema: {$ref: '#/components/schemas/E'}}}}
components:
  schemas:
    E: {type: object, properties: {m: {type: string}}}
    En: {type: string, enum: [a, b], description: Own of the enum.}
    Un: {oneOf: [{type: string}, {$ref: '#/components/schemas/E'}]}
    M:
      type: object
      properties:
        c: {$ref: '#/components/schemas/E', description: For an object.}
        d: {$ref: '#/components/schemas/En', description: For an enum., default: a}
        e: {$ref: '#/components/schemas/Un', description: For a union.}
        f: {$ref: '#/components/schemas/En'}
";
    let output = generated(&crate_of("a", document));
    let text = |file: &str| output.files[file].as_str();
    for said in ["For an object.", "For an enum.", "For a union."] {
        assert!(types(&output).contains(said), "{said}: {}", types(&output));
    }
    assert!(
        !types(&output).contains("Own of the enum."),
        "{}",
        types(&output)
    );
    let all: String = output.files.values().map(String::as_str).collect();
    for said in ["Who pays.", "Short.", "Long."] {
        assert!(all.contains(said), "{said}: {all}");
    }
    assert!(
        text("src/servers.rs").contains("PROD"),
        "{}",
        text("src/servers.rs")
    );
}
