//! Tests with a model that has one item of each kind, and every name that could collide with generated code.

use super::*;
use crate::model::*;

fn named(name: &str) -> TypeRef {
    TypeRef::Named(name.to_owned())
}

fn list(item: TypeRef) -> TypeRef {
    TypeRef::List(Box::new(item))
}

fn param(wire: &str, ty: TypeRef, location: Location, required: bool) -> Param {
    Param {
        made_up: false,
        wire: wire.to_owned(),
        name: wire.replace(['.', '-'], "_").to_lowercase(),
        field: String::new(),
        setter: None,
        ty,
        docs: String::new(),
        unconfirmed: None,
        location,
        style: Style::Single,
        reserved: false,
        required,
        argument: false,
        client_value: None,
        default: None,
        rules: Vec::new(),
        deprecated: None,
        sample: Sample::OfType,
        place: String::new(),
    }
}

fn field(wire: &str, ty: TypeRef, shape: Shape, required: bool) -> Field {
    Field {
        wire: wire.to_owned(),
        name: wire.to_owned(),
        setter: None,
        ty,
        docs: String::new(),
        unconfirmed: None,
        shape,
        row: match required {
            _ if shape == Shape::Bare => Row::Guaranteed,
            true => Row::Required,
            false => Row::Optional,
        },
        secret: false,
        nullable: false,
        required,
        default: None,
        deprecated: None,
        sample: Sample::OfType,
        place: String::new(),
    }
}

fn ty(kind: TypeKind) -> Type {
    let usage = Usage {
        sent: true,
        received: true,
    };
    Type {
        docs: String::new(),
        unconfirmed: None,
        deprecated: None,
        must_use: None,
        kind,
        usage,
        origin: None,
        place: String::new(),
    }
}

fn object(fields: Vec<Field>, builder: bool) -> Type {
    ty(TypeKind::Struct(Struct {
        fields,
        constants: Vec::new(),
        additional: None,
        least: 0,
        builder,
    }))
}

fn variant(name: &str, ty: TypeRef, tags: &[&str], json: JsonKind, required: &[&str]) -> Variant {
    let marks = required.iter().map(|&wire| Mark {
        within: Vec::new(),
        wire: wire.to_owned(),
        is_needed: true,
        texts: Vec::new(),
        form: None,
    });
    Variant {
        name: name.to_owned(),
        ty,
        tags: tags.iter().map(|&text| text.to_owned()).collect(),
        kinds: vec![json],
        marks: marks.collect(),
        place: String::new(),
    }
}

fn member<T>(wire: T, variant: &str) -> Member<T> {
    Member {
        wire,
        variant: variant.to_owned(),
        docs: String::new(),
    }
}

fn single(ty: TypeRef) -> Responses {
    let payload = Payload {
        encoding: PayloadEncoding::Json,
        ty,
    };
    let case = Case {
        status: Status::Code(200),
        variant: "Ok".into(),
        payload: Some(payload.clone()),
        docs: String::new(),
    };
    Responses {
        cases: vec![case],
        shape: ResponseShape::Single {
            payload,
            optional: false,
        },
    }
}

fn by_status(name: &str) -> Responses {
    let case = |status, variant: &str, payload| Case {
        status,
        variant: variant.to_owned(),
        payload,
        docs: "Why.".into(),
    };
    let payload = |encoding, ty| Some(Payload { encoding, ty });
    let cases = vec![
        case(
            Status::Code(200),
            "Ok",
            payload(PayloadEncoding::Json, named("Card")),
        ),
        case(Status::Code(202), "Accepted", None),
        case(
            Status::Code(206),
            "Part",
            payload(PayloadEncoding::Bytes, TypeRef::Bytes),
        ),
        case(
            Status::Class(2),
            "Other2",
            payload(PayloadEncoding::Text, TypeRef::String),
        ),
    ];
    Responses {
        cases,
        shape: ResponseShape::Enum(name.to_owned()),
    }
}

fn unit() -> Responses {
    Responses {
        cases: Vec::new(),
        shape: ResponseShape::Unit,
    }
}

fn operation(name: &str, type_name: &str, params: Vec<Param>, body: Option<Body>) -> Operation {
    Operation {
        file: "types".to_owned(),
        name: name.to_owned(),
        formerly: Vec::new(),
        type_name: type_name.to_owned(),
        family: type_name.to_owned(),
        full_name: format!("things.{name}"),
        summary: "Does [it]".to_owned(),
        docs: "See https://example.com.\n\n    let x = 1;\n".to_owned(),
        unconfirmed: None,
        deprecated: None,
        method: "POST".to_owned(),
        path: "/things/{id}".to_owned(),
        server: 0,
        security: vec![vec![0], vec![]],
        scopes: vec!["read".to_owned()],
        settled_by: Some(OperationId {
            group: 0,
            position: 0,
        }),
        may_answer_other: false,
        idempotent_by: Some(ValuePlace::Param(0)),
        pagination: None,
        stream: None,
        offers: Vec::new(),
        request_id_header: None,
        params,
        constants: Vec::new(),
        body,
        success: single(list(named("Card"))),
        error: unit(),
        headers: Vec::new(),
        accept: "application/json".to_owned(),
        place: String::new(),
    }
}

fn body(ty: TypeRef, encoding: BodyEncoding, flatten: bool, required: bool) -> Option<Body> {
    Some(Body {
        encoding,
        ty,
        set: match flatten {
            true => BodySet::Members(Vec::new()),
            false => BodySet::Whole(Setter::default()),
        },
        required,
        docs: String::new(),
        media_type: "application/json".to_owned(),
        sample: Sample::OfType,
    })
}

fn types() -> BTreeMap<String, Type> {
    let mut card = object(
        vec![
            field("number", TypeRef::String, Shape::Bare, true),
            field("amount", TypeRef::Integer, Shape::Optional, true),
            field("tags", list(TypeRef::String), Shape::Several, true),
            field("note", TypeRef::String, Shape::Optional, true),
            field("until", TypeRef::Date, Shape::Optional, true),
            field(
                "parent",
                TypeRef::Boxed(Box::new(named("Card"))),
                Shape::Optional,
                false,
            ),
            field(
                "other",
                TypeRef::Boxed(Box::new(named("Card"))),
                Shape::Optional,
                false,
            ),
            field("rate", TypeRef::Number, Shape::Optional, false),
            field("share", TypeRef::Float, Shape::Optional, false),
            field("at", TypeRef::Timestamp, Shape::Optional, false),
            field(
                "links",
                TypeRef::Map(Box::new(named("Size"))),
                Shape::Several,
                false,
            ),
            field(
                "gaps",
                list(TypeRef::Nullable(Box::new(TypeRef::Integer))),
                Shape::Several,
                false,
            ),
            field("kind", named("Size"), Shape::Bare, false),
            field("mode", TypeRef::String, Shape::Optional, false),
            field("free", TypeRef::Json, Shape::Optional, false),
            field("open", TypeRef::JsonObject, Shape::Optional, false),
            field("links_null", TypeRef::Bool, Shape::Optional, false),
        ],
        true,
    );
    if let TypeKind::Struct(card) = &mut card.kind {
        card.constants.push(Constant {
            wire: "type".into(),
            value: ConstantValue::Text("card".into()),
            is_needed: true,
            guaranteed: false,
            sent: Sent::Always,
        });
        card.additional = Some(TypeRef::Integer);
        for index in [3, 4, 10] {
            card.fields[index].nullable = true;
        }
        card.fields[12].default = Some(Literal::Variant("Size".into(), "Small".into()));
        card.fields[13].default = Some(Literal::String("fast".into()));
    }
    let clashes = [
        "build", "send", "default", "clone", "client", "optional", "body", "value", "builder",
        "new",
    ];
    let clashing = |shape, required| {
        let fields = clashes
            .iter()
            .map(|name| field(name, TypeRef::String, shape, required));
        object(fields.collect(), true)
    };
    let union = |tag: Option<&str>, variants: Vec<Variant>| {
        let count = variants.len();
        ty(TypeKind::Union(Union {
            tag: tag.map(str::to_owned),
            variants,
            tried: (0..count).rev().collect(),
        }))
    };
    let mut old = object(
        vec![field("x", TypeRef::Bool, Shape::Optional, false)],
        true,
    );
    old.deprecated = Some("use `Card`".into());
    let mut types = BTreeMap::from([
        ("A".to_owned(), clashing(Shape::Optional, true)),
        ("C".to_owned(), clashing(Shape::Optional, false)),
        ("Bare".to_owned(), clashing(Shape::Bare, true)),
        ("Card".to_owned(), card),
        ("Nothing".to_owned(), object(Vec::new(), true)),
        ("Old".to_owned(), old),
        ("ThingId".to_owned(), ty(TypeKind::Id { personal: false })),
        (
            "Size".to_owned(),
            ty(TypeKind::StringEnum(vec![
                member("small".to_owned(), "Small"),
                member(String::new(), "Empty"),
            ])),
        ),
        (
            "Level".to_owned(),
            ty(TypeKind::IntegerEnum(vec![
                member(-1, "Low"),
                member(1, "High"),
            ])),
        ),
        (
            "Method".to_owned(),
            union(
                Some("type"),
                vec![
                    variant(
                        "Card",
                        named("Card"),
                        &["card", "debit"],
                        JsonKind::Object,
                        &[],
                    ),
                    variant(
                        "Nothing",
                        named("Nothing"),
                        &["nothing"],
                        JsonKind::Object,
                        &[],
                    ),
                ],
            ),
        ),
        (
            "Loose".to_owned(),
            union(
                None,
                vec![
                    variant("Card", named("Card"), &[], JsonKind::Object, &["number"]),
                    variant("Whole", TypeRef::Integer, &[], JsonKind::Integer, &[]),
                    variant("Number", TypeRef::Number, &[], JsonKind::Number, &[]),
                    variant("Text", TypeRef::String, &[], JsonKind::String, &[]),
                    variant("Size", named("Size"), &[], JsonKind::String, &[]),
                    variant("List", list(named("Method")), &[], JsonKind::Array, &[]),
                    variant(
                        "Again",
                        TypeRef::Boxed(Box::new(named("Loose"))),
                        &[],
                        JsonKind::Object,
                        &[],
                    ),
                ],
            ),
        ),
        (
            "Whatever".to_owned(),
            union(
                None,
                vec![
                    variant("Flag", TypeRef::Bool, &[], JsonKind::Bool, &[]),
                    variant("Any", TypeRef::Json, &[], JsonKind::Any, &[]),
                    variant("Text", TypeRef::String, &[], JsonKind::String, &[]),
                ],
            ),
        ),
    ]);
    for (name, sent, received) in [("Old", true, false), ("Nothing", false, true)] {
        if let Some(ty) = types.get_mut(name) {
            ty.usage = Usage { sent, received };
            if let TypeKind::Struct(object) = &mut ty.kind {
                object.builder = sent;
            }
        }
    }
    types
}

fn operations() -> Vec<Operation> {
    let argument = |name: &str, ty| Param {
        argument: true,
        ..param(name, ty, Location::Path, true)
    };
    let styled = |name: &str, location, style| Param {
        style,
        ..param(name, list(TypeRef::String), location, false)
    };
    let mut account = param(
        "aid",
        TypeRef::Runtime(RuntimeType::AccountId),
        Location::Path,
        true,
    );
    account.client_value = Some("account".into());
    let mut functions = param("functions", list(named("Size")), Location::Query, true);
    functions.style = Style::Json;
    functions.rules = vec![
        Rule::MinItems(1),
        Rule::NeedsCompanion(vec!["small".into()]),
    ];
    let mut fixed = param("fixed", named("Size"), Location::Query, true);
    fixed.default = Some(Literal::Variant("Size".into(), "Small".into()));
    let mut everything = operation(
        "new",
        "New",
        vec![
            argument("id", named("ThingId")),
            argument("client", TypeRef::Integer),
            account,
            functions,
            fixed,
            param("body", TypeRef::String, Location::Query, true),
            param("optional", TypeRef::Bool, Location::Query, true),
            param("created_at.gte", TypeRef::Timestamp, Location::Query, false),
            param("X-Level", named("Level"), Location::Header, true),
            styled("joined", Location::Query, Style::Joined('|')),
            styled("repeated", Location::Query, Style::Repeat),
            styled("deep", Location::Query, Style::DeepObject),
            styled("header_json", Location::Header, Style::Json),
            styled("cookie", Location::Cookie, Style::Joined(',')),
        ],
        body(named("Card"), BodyEncoding::Json, true, true),
    );
    everything.deprecated = Some("since today; use `other`".into());
    everything.success = by_status("NewOutput");
    everything.error = by_status("NewErrorResponse");
    everything.headers = vec![Header {
        wire: "X-Total".into(),
        name: "x_total".into(),
        ty: TypeRef::Integer,
        docs: String::new(),
    }];
    let mut clash = operation(
        "clash",
        "Clash",
        vec![
            param("build", TypeRef::String, Location::Query, true),
            param("send", TypeRef::String, Location::Query, false),
        ],
        body(named("A"), BodyEncoding::Form(Form::default()), true, true),
    );
    clash.success = unit();
    let mut optional_response = operation(
        "text",
        "Text",
        vec![],
        body(TypeRef::String, BodyEncoding::Text, false, true),
    );
    optional_response.success.shape = ResponseShape::Single {
        payload: Payload {
            encoding: PayloadEncoding::Text,
            ty: TypeRef::String,
        },
        optional: true,
    };
    vec![
        everything,
        clash,
        optional_response,
        operation("empty", "Empty", vec![], None),
        operation(
            "upload",
            "Upload",
            vec![],
            body(TypeRef::Bytes, BodyEncoding::Bytes, false, false),
        ),
        operation(
            "lazy",
            "Lazy",
            vec![],
            body(named("C"), BodyEncoding::Json, true, false),
        ),
        operation(
            "plain",
            "Plain",
            vec![],
            body(named("C"), BodyEncoding::Json, true, true),
        ),
        operation(
            "whole",
            "Whole",
            vec![],
            body(named("Card"), BodyEncoding::Json, true, false),
        ),
        operation(
            "bare",
            "BareCall",
            vec![],
            body(named("Bare"), BodyEncoding::Json, true, true),
        ),
        operation(
            "body",
            "BodyCall",
            vec![param("body", TypeRef::String, Location::Query, true)],
            body(list(named("Card")), BodyEncoding::Json, false, true),
        ),
    ]
}

fn one_of_each() -> Api {
    crate::lower::with_setters(Api {
        title: "Things".to_owned(),
        docs: "All <b>of</b> them.".to_owned(),
        module: "things".to_owned(),
        source: "spec/things.yaml".to_owned(),
        servers: vec![Server {
            constant: "MAIN".into(),
            url: "https://example.com/v1".into(),
            docs: String::new(),
            template: None,
        }],
        schemes: vec![Scheme {
            constant: "KEY".into(),
            name: "key".into(),
            kind: SchemeKind::HeaderKey("x-api-key".into()),
            docs: String::new(),
        }],
        groups: vec![Group {
            name: "types".into(),
            type_name: "Things".into(),
            docs: String::new(),
            operations: operations(),
        }],
        types: types(),
        aliases: BTreeMap::new(),
        imports: Vec::new(),
        schemas: Vec::new(),
    })
}

fn text(files: &BTreeMap<String, String>) -> String {
    files.values().map(String::as_str).collect()
}

#[test]
fn every_file_is_rust_and_says_where_it_comes_from() {
    for options in [
        Options::module("some-runtime"),
        Options::own_crate("some-runtime"),
    ] {
        for (name, text) in emit(&one_of_each(), &options) {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!file.items.is_empty(), "{name}");
            assert!(!text.contains("compile_error"), "{name}");
            assert!(
                text.starts_with("// @generated by `cargo xtask codegen` from spec/things.yaml. "),
                "{name}"
            );
        }
    }
}

#[test]
fn tables_have_a_row_a_line_and_other_macros_take_one() {
    let text = text(&emit(&one_of_each(), &Options::module("some-runtime")));
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("rt::") || line.ends_with(");") || line == "rt::required! {" {
            continue;
        }
        assert!(line.ends_with(" {"), "{line}");
        let mut rows = lines.by_ref().take_while(|row| *row != "});").peekable();
        assert!(rows.peek().is_some(), "{line}");
        for row in rows {
            assert!(row.starts_with("    ") && row.ends_with(','), "{row}");
        }
    }
}

#[test]
fn code_is_no_doctest() {
    let text = text(&emit(&one_of_each(), &Options::module("some-runtime")));
    assert!(text.contains("/// ```text\n    /// let x = 1;\n    /// ```"));
    assert!(text.contains("/// Does \\[it\\]\n"));
    assert!(text.contains("//! All **of** them."));
}

#[test]
fn the_order_of_threads_does_not_show() {
    let first = emit(&one_of_each(), &Options::module("some-runtime"));
    for _ in 0..5 {
        assert_eq!(
            emit(&one_of_each(), &Options::module("some-runtime")),
            first
        );
    }
}

#[test]
fn what_clashes_gets_out_of_the_way() {
    let files = emit(&one_of_each(), &Options::module("some-runtime"));
    let group = files.get("types_group.rs").unwrap();
    // Required values with the names of the builder's own methods.
    assert!(group.contains("pub fn build_value("));
    assert!(group.contains("pub fn body_build_value("));
    assert!(group.contains("pub fn request_body("));
    // The document has types called `A` and `C`.
    assert!(group.contains("NewBuilder<Carrier, "));
    // The operation holds a body of its own.
    assert!(group.contains("pub body_value: Option<String>,"));
    assert!(group.contains("self.partial.operation.body_value = Some("));
    let root = files.get("mod.rs").unwrap();
    assert!(root.contains("mod types_group;"));
}

#[test]
fn the_direction_says_only_whether_there_is_a_builder() {
    let files = emit(&one_of_each(), &Options::module("some-runtime"));
    let tables = files.get("json.rs").unwrap();
    for name in ["Old", "Nothing", "Card"] {
        assert!(tables.contains(&format!("rt::object!({name}")), "{name}");
    }
    assert!(tables.contains("rt::object!(Nothing {});\n"));
    let all = text(&files);
    assert!(all.contains("rt::builder!(OldBuilder => Old);\n"));
    assert!(!all.contains("NothingBuilder"));
}

#[test]
fn a_table_has_constants_guarantees_and_the_rest_in_its_head() {
    let files = emit(&one_of_each(), &Options::module("some-runtime"));
    let (types, tables) = (&files["types.rs"], &files["json.rs"]);
    let head =
        r#"rt::object!(Card, constant "type" "card", guaranteed ["number", "kind"], additional {"#;
    assert!(tables.contains(head));
    assert!(
        tables.contains("    guaranteed \"number\" number,\n    required \"amount\" amount,\n")
    );
    assert!(types.contains("    pub additional: rt::Map<i64>,\n"));
    assert!(types.contains("    pub gaps: rt::List<Option<i64>>,\n"));
}

#[test]
fn null_is_said_by_setters_of_their_own() {
    let files = emit(&one_of_each(), &Options::module("some-runtime"));
    let builders = text(&files);
    // Required: either setter is enough.
    assert_eq!(
        builders
            .matches("pub fn note_null(mut self) -> CardBuilder<")
            .count(),
        1
    );
    assert!(builders.contains("self.partial.value.note = None;"));
    assert!(builders.contains("self.partial.value.extra.set_null(\"note\");"));
    // A list is not an `Option`, and the name of the setter is already taken by a member.
    assert!(builders.contains("pub fn links_null_value(mut self) -> Self {"));
    assert!(builders.contains("self.partial.value.links = Default::default();"));
}

#[test]
fn unions_tell_their_types_in_the_order_in_which_they_are_tried() {
    let files = emit(&one_of_each(), &Options::module("some-runtime"));
    let (types, tables) = (&files["types.rs"], &files["json.rs"]);
    assert!(tables.contains("rt::union!(Method, tag \"type\" {\n    Nothing \"nothing\",\n    Card \"card\" \"debit\",\n});"));
    // In the order in which they are matched.
    assert!(tables.contains("rt::union!(Loose {\n    Again Object,\n    List Array,\n    Size String,\n    Text String,\n    Number Number,\n    Whole Integer,\n    Card Object \"number\",\n"));
    // Neither can whatever comes after `Any`.
    assert!(
        tables
            .contains("rt::union!(Whatever {\n    Text String,\n    Any Any,\n    Flag Bool,\n});")
    );
    assert!(types.contains("impl From<&str> for Loose {"));
}
