//! Changes of the Payments API that break nothing for users. The whole crate, with its hand-written code, compiles after
//! each of them, and so does a program that uses everything of the old crate.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use generator::Input;
use generator::diff::Class;
use generator::load::load;
use generator::surface::{Surface, describe_together};
use serde_json::{Value, json};

use super::make::{each, move_schema, push, remove, replace, reverse, set};
use crate::codegen::{mistakes, sdk_tree, settings, units};
use crate::failure::{Failure, Outcome};
use crate::{diff, process, workspace};

/// A change: its name, and its function, which returns `false` if the document no longer has the place.
type Row = (&'static str, fn(&mut Value) -> bool);

const STATUS: &str = "/components/schemas/Transaction/allOf/1/properties/status";
const CAPTURE: &str = "/paths/~1transactions~1{id}~1capture/post";
const CAPTURE_BODY: &str = "/paths/~1transactions~1{id}~1capture/post/requestBody/content/application~1json/schema/allOf/1/properties";
const LIST: &str = "/paths/~1transactions/get";
const CONFIGURATION: &str =
    "/components/schemas/SessionOptions/allOf/3/properties/configuration/allOf";

const ROWS: &[Row] = &[
    ("a value of an enum", |root| {
        let at = "/components/schemas/Transaction/allOf/1/properties/payment_product_type/enum";
        push(root, at, json!("klarna.kustom"))
    }),
    ("values of an enum in another order", |root| {
        reverse(root, &format!("{STATUS}/enum"))
    }),
    ("a property of a response", |root| {
        let at = "/components/schemas/Transaction/allOf/1/properties";
        set(root, at, "brand_new", json!({"type": "string"}))
    }),
    ("a property of a request", |root| {
        set(root, CAPTURE_BODY, "brand_new", json!({"type": "string"}))
    }),
    ("null in a response", |root| {
        let at = "/components/schemas/Transaction/allOf/1/properties/merchant_reference";
        set(root, at, "nullable", json!(true))
    }),
    ("an operation", |root| {
        let get = json!({"get": {"operationId": "transactions_id_receipt_get", "responses": {"204": {"description": "None."}}}});
        set(root, "/paths", "/receipts", get)
    }),
    ("another name of a path parameter", |root| {
        let Some(mut item) = remove(root, "/paths", "/transactions/{id}/capture") else {
            return false;
        };
        let known = root
            .pointer("/components/parameters/TransactionId")
            .cloned();
        let Some(mut parameter) = known else {
            return false;
        };
        parameter["name"] = json!("transaction_id");
        each(&mut item, &mut |value| {
            let text = value.to_string();
            let is_it = value.get("name") == Some(&json!("id")) && value["in"] == "path"
                || text == "{\"$ref\":\"#/components/parameters/TransactionId\"}";
            if is_it {
                *value = parameter.clone();
            }
        });
        set(
            root,
            "/paths",
            "/transactions/{transaction_id}/capture",
            item,
        )
    }),
    ("an error status", |root| {
        let at = format!("{CAPTURE}/responses");
        let same = root.pointer(&format!("{at}/400")).cloned();
        same.is_some_and(|same| set(root, &at, "429", same))
    }),
    ("an optional parameter", |root| {
        let added = json!({"name": "brand_new", "in": "query", "schema": {"type": "string"}});
        push(root, &format!("{LIST}/parameters"), added)
    }),
    ("a schema split in two", |root| {
        let Some(schema) = remove(root, "/components/schemas", "ShippingOption") else {
            return false;
        };
        let part = json!({"allOf": [{"$ref": "#/components/schemas/ShippingOptionBase2"}]});
        set(root, "/components/schemas", "ShippingOptionBase2", schema)
            && set(root, "/components/schemas", "ShippingOption", part)
    }),
    ("a part of a session's configuration", |root| {
        let part = json!({"type": "object", "properties": {"theme_color": {"type": "string"}}});
        push(root, CONFIGURATION, part)
    }),
    ("parts in another order", |root| {
        reverse(root, CONFIGURATION)
    }),
    ("a summary", |root| {
        set(root, CAPTURE, "summary", json!("Something else."))
    }),
    ("a deprecated property", |root| {
        set(
            root,
            &format!("{CAPTURE_BODY}/capture_reference"),
            "deprecated",
            json!(true),
        )
    }),
    ("an example", |root| {
        set(
            root,
            &format!("{CAPTURE_BODY}/capture_reference"),
            "example",
            json!("R-1"),
        )
    }),
    ("a default", |root| {
        set(
            root,
            &format!("{CAPTURE_BODY}/final_capture"),
            "default",
            json!(true),
        )
    }),
    ("an operationId", |root| {
        set(root, CAPTURE, "operationId", json!("capture_now"))
    }),
    ("another name of a tag", |root| {
        each(root, &mut |value| {
            if value.get("tags") == Some(&json!(["transactions"])) {
                value["tags"] = json!(["Transactions of all kinds"]);
            }
        });
        true
    }),
    ("another name of a schema", |root| {
        move_schema(root, "ShippingOption", "NewShippingOption")
    }),
    ("an enum in a component", |root| {
        let at = "/components/schemas/Transaction/allOf/1/properties/channel";
        let Some(schema) = root.pointer(at).cloned() else {
            return false;
        };
        replace(
            root,
            at,
            json!({"$ref": "#/components/schemas/SalesChannel"}),
        ) && set(root, "/components/schemas", "SalesChannel", schema)
    }),
    ("a maximum length", |root| {
        set(
            root,
            &format!("{CAPTURE_BODY}/capture_reference"),
            "maxLength",
            json!(40),
        )
    }),
    ("properties in another part", |root| {
        let parts = "/components/schemas/Transaction/allOf";
        let properties = format!("{parts}/1/properties");
        let Some(items) = remove(root, &properties, "items") else {
            return false;
        };
        push(
            root,
            parts,
            json!({"type": "object", "properties": {"items": items}}),
        )
    }),
    ("a property of a shared schema", |root| {
        set(
            root,
            "/components/schemas/Address/properties",
            "brand_new",
            json!({"type": "string"}),
        )
    }),
    ("a read-only property of a shared schema", |root| {
        let value = json!({"type": "string", "format": "date-time", "readOnly": true});
        set(
            root,
            "/components/schemas/Address/properties",
            "verified_at",
            value,
        )
    }),
    ("a value at one of three equal enums", |root| {
        push(root, &format!("{STATUS}/enum"), json!("CHARGED_BACK"))
    }),
    ("a value at another one of them", |root| {
        let at = "/components/schemas/TransactionSettlementsRead/properties/settlement_status/enum";
        push(root, at, json!("CHARGED_BACK"))
    }),
    ("a value of a filter", |root| {
        let parameters = root.pointer_mut(&format!("{LIST}/parameters"));
        let parameters = parameters
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten();
        let mut status = parameters.filter(|one| one["name"] == "status");
        let schema = status.next().and_then(|one| one.get_mut("schema"));
        let schema = schema.map(|schema| match schema.get("items") {
            Some(_) => &mut schema["items"],
            None => schema,
        });
        let values = schema.and_then(|schema| schema.get_mut("enum")?.as_array_mut());
        values
            .map(|values| values.push(json!("CHARGED_BACK")))
            .is_some()
    }),
    ("a write-only property", |root| {
        let value = json!({"type": "string", "writeOnly": true});
        set(
            root,
            "/components/schemas/ShippingOption/properties",
            "secret_hint",
            value,
        )
    }),
];

/// The modules that are built: those of the default features.
const MODULES: [&str; 2] = ["insight", "payments"];
/// Where the crate is built.
const FOLDER: &str = "target/mutations-sdk";

/// Tries all rows. Returns a line for each; one that breaks something is an error.
pub(super) fn report(root: &Path) -> Outcome<String> {
    let refused = |found: Vec<generator::diagnostic::Diagnostic>| mistakes(&found);
    let copy = root.join(FOLDER);
    prepare(root, &copy)?;
    let settings = settings::read(root)?;
    let inputs = diff::inputs(root)?;
    let before = describe_together(&inputs, &units(&settings))
        .map_err(refused)?
        .surface;
    let program = before.program_of("dintero", &|module| MODULES.contains(&module));
    write(&copy.join("program/src/main.rs"), &program)?;
    let is_payments = |input: &&Input| input.document.name.ends_with("/payments.yaml");
    let Some(payments) = inputs.iter().find(is_payments) else {
        return Err(Failure::Mistake(
            "error: there is no payments.yaml".to_owned(),
        ));
    };
    let document = load(&payments.document, &payments.overlays)
        .map_err(refused)?
        .root()
        .to_json();
    let unchanged: Row = ("nothing", |_| true);
    let mut text = String::from(
        "| change of spec/payments.yaml | verdict | the whole crate and the program |\n|---|---|---|\n",
    );
    let mut failed = Vec::new();
    for (what, change) in std::iter::once(&unchanged).chain(ROWS) {
        eprintln!("== {what}");
        let mut changed = document.clone();
        if !change(&mut changed) {
            failed.push(format!("{what}: the document no longer has the place"));
            continue;
        }
        let surface = generate(root, &copy, &changed)?;
        let findings = generator::diff::diff(&before, &surface);
        let worst = findings.iter().map(|finding| finding.class).min();
        let error = check(&copy, &root.join(super::build::FOLDER).join("target"))?;
        let _ = writeln!(
            text,
            "| {what} | {} | {} |",
            worst.map_or("no change", Class::name),
            if error.is_none() { "compile" } else { "FAIL" }
        );
        if worst == Some(Class::Breaking) || error.is_some() {
            let first = findings
                .first()
                .map(|one| format!("{}: {}", one.path, one.change));
            failed.push(format!("{what}: {}", error.or(first).unwrap_or_default()));
        }
    }
    if failed.is_empty() {
        return Ok(text);
    }
    Err(Failure::Mistake(format!(
        "{text}\nerror: {} changes break something that should not:\n{}",
        failed.len(),
        failed.join("\n")
    )))
}

/// A workspace with the crate and a program.
fn prepare(root: &Path, copy: &Path) -> Outcome {
    for folder in ["spec", "sdk"] {
        let to = copy.join(folder);
        if to.exists() {
            fs::remove_dir_all(&to).map_err(|error| Failure::file("remove", &to, &error))?;
        }
        copy_folder(&root.join(folder), &to)?;
    }
    let manifest = workspace::read(&root.join("Cargo.toml"))?;
    let line = manifest.lines().find(|line| line.starts_with("members = "));
    let manifest = manifest.replacen(
        line.unwrap_or_default(),
        "members = [\"sdk\", \"program\"]",
        1,
    );
    write(&copy.join("Cargo.toml"), &manifest)?;
    let features = MODULES.map(|module| format!("\"{module}\"")).join(", ");
    write(
        &copy.join("program/Cargo.toml"),
        &format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             dintero = {{ path = \"../sdk\", default-features = false, features = [{features}] }}\n"
        ),
    )?;
    write(
        &copy.join("Cargo.lock"),
        &workspace::read(&root.join("Cargo.lock"))?,
    )?;
    // Their lists of APIs are brought up to date with the documents.
    for path in ["tests/Cargo.toml", "README.md"] {
        write(&copy.join(path), &workspace::read(&root.join(path))?)?;
    }
    Ok(())
}

/// The crate for a changed document; returns its surface.
fn generate(root: &Path, copy: &Path, payments: &Value) -> Outcome<Surface> {
    let refused = |found: Vec<generator::diagnostic::Diagnostic>| mistakes(&found);
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    if payments
        .pointer("/components/schemas/ShippingOption")
        .is_none()
    {
        let reference = "payments.yaml#/components/schemas/ShippingOption";
        let now = "payments.yaml#/components/schemas/NewShippingOption";
        renamed.insert(reference.to_owned(), now.to_owned());
    }
    let settings = settings::read(root)?;
    for api in &settings.api {
        let mut text = workspace::read(&root.join("spec").join(&api.document))?;
        if api.module == "payments" {
            text = payments.to_string();
        }
        for (old, new) in &renamed {
            for end in ["'", "\"", "\n"] {
                text = text.replace(&format!("{old}{end}"), &format!("{new}{end}"));
            }
        }
        write(&copy.join("spec").join(&api.document), &text)?;
    }
    // Its overlay is applied already.
    let overlay = copy.join("spec/overlays/payments.yaml");
    if overlay.exists() {
        fs::remove_file(&overlay).map_err(|error| Failure::file("remove", &overlay, &error))?;
    }
    let toml = workspace::read(&root.join("spec/sdk.toml"))?;
    write(
        &copy.join("spec/sdk.toml"),
        &toml.replace("overlays = [\"overlays/payments.yaml\"]", "overlays = []"),
    )?;
    let (Some(tree), _) = sdk_tree(copy)? else {
        return Err(Failure::Mistake("error: nothing was generated".to_owned()));
    };
    let api = copy.join("sdk/src/api");
    fs::remove_dir_all(&api).map_err(|error| Failure::file("remove", &api, &error))?;
    for (path, text) in &tree.files {
        if path.starts_with("sdk/src/api/") {
            write(&copy.join(path), text)?;
        }
    }
    let inputs = diff::inputs(copy)?;
    let described = describe_together(&inputs, &units(&settings)).map_err(refused)?;
    Ok(described.surface)
}

/// The first error of the compiler.
fn check(copy: &Path, target: &Path) -> Outcome<Option<String>> {
    let mut cargo = process::cargo();
    cargo
        .args(["check", "--quiet", "--package", "program"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin(Stdio::null())
        .current_dir(copy);
    let shown = process::shown(&cargo);
    let output = cargo
        .output()
        .map_err(|error| Failure::Mistake(format!("error: can't run `{shown}`: {error}")))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let from = said.find("error").unwrap_or(0);
    let lines: Vec<&str> = said
        .get(from..)
        .unwrap_or_default()
        .lines()
        .take(8)
        .collect();
    Ok(Some(lines.join("\n    ")))
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| Failure::file("make", to, &error))?;
    let entries = fs::read_dir(from).map_err(|error| Failure::file("list", from, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file("list", from, &error))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            if entry.file_name() != "target" {
                copy_folder(&from, &to)?;
            }
        } else {
            fs::copy(&from, &to).map_err(|error| Failure::file("write", &to, &error))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Outcome {
    super::build::write(path, text)
}
