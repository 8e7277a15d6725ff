//! The command from the addresses to the record, against a server on this machine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use serde_json::Value;

use super::{Format, One, Options, Report, parse, record, report, show};
use crate::codegen::settings;
use crate::workspace;

const OURS: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /orders/{id}:
    get:
      operationId: get_order
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The order.
          content:
            application/json:
              schema:
                type: object
                properties:
                  amount: {type: integer}
                  ours: {type: string}
  /ours:
    delete:
      operationId: delete_ours
      responses: {'204': {description: Deleted.}}
";

const THEIRS: &str = "
swagger: '2.0'
info: {title: Published shop, version: LATEST}
host: api.example.com
basePath: /v1
paths:
  /orders/{order}:
    get:
      parameters:
        - {name: order, in: path, required: true, type: string}
      produces: [application/json]
      responses:
        200:
          description: ok
          schema:
            type: object
            properties:
              amount: {type: integer}
              status: {type: string, enum: [PAID]}
";

/// A repository with a document, and published ones with these addresses.
fn repository(published: &[(&str, Option<&str>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir_all(&spec).unwrap();
    fs::write(spec.join("shop.yaml"), OURS).unwrap();
    let mut text =
        String::from("[[api]]\ndocument = \"shop.yaml\"\nmodule = \"shop\"\nabout = \"orders\"\n");
    for (name, address) in published {
        text.push_str(&format!(
            "[[published]]\nname = \"{name}\"\ndocuments = [\"shop.yaml\"]\n"
        ));
        if let Some(address) = address {
            text.push_str(&format!("address = \"{address}\"\n"));
        }
    }
    fs::write(spec.join("sdk.toml"), text).unwrap();
    folder
}

fn done(root: &Path, options: &Options) -> Report {
    let report = report(root, options).unwrap_or_else(|why| panic!("{why}"));
    let compared: Vec<_> = report.compared.iter().map(One::record).collect();
    record::write(root, &compared, "2026-11-28").unwrap();
    report
}

/// A server with these bodies by path; others are 404.
fn server(bodies: &'static [(&str, &str)]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = lines.first().and_then(|line| line.split(' ').nth(1));
            let found = bodies.iter().find(|(known, _)| Some(*known) == path);
            let (status, body) = found.map_or(("404 Not Found", ""), |(_, body)| ("200 OK", *body));
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status}\r\netag: \"one\"\r\ncontent-length: {length}\r\n\r\n");
            // The test fails where the client says so.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

fn options(of: &str) -> Options {
    let words = of.split_whitespace().map(str::to_owned);
    parse(lexopt::Parser::from_args(words)).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn documents_from_the_network() {
    let address = server(&[
        ("/shop.yaml", THEIRS),
        ("/broken.yaml", "openapi: 3.0.0\npaths: [\n"),
    ]);
    let url = |path: &str| format!("{address}{path}");
    let (good, gone, broken) = (url("/shop.yaml"), url("/gone.yaml"), url("/broken.yaml"));
    let repository = repository(&[
        ("shop.yaml", Some(&good)),
        ("gone.yaml", Some(&gone)),
        ("broken.yaml", Some(&broken)),
        ("unknown.yaml", None),
    ]);
    let root = repository.path();
    let into = root.join("work");
    let report = done(root, &options(&format!("--into {}", into.display())));
    let text = show::text(&report).replace(&address, "ADDRESS");
    let (found, rest) = text.split_once("spec/shop.yaml: ").unwrap();
    insta_like(
        found,
        "shop.yaml: Published shop LATEST, Swagger 2.0; 1 operations
  fetched from ADDRESS/shop.yaml
  they have, we lack: 1 member
    member      GET /v1/orders/{order}  response 200: status
                work/shop.yaml:19, missing at spec/shop.yaml:17
  we have, they lack: 1 member
    member      GET /v1/orders/{id}  response 200: ours
                spec/shop.yaml:20, missing at work/shop.yaml:16

",
    );
    for expected in [
        "its operations that no published document has are not listed, because these were not compared: gone.yaml, broken.yaml, unknown.yaml\n",
        "not compared: unknown.yaml: its address is not known; add it to spec/sdk.toml\n",
        "error: gone.yaml: the response was 404 Not Found\n",
        "error: broken.yaml: ",
        "work/broken.yaml:",
    ] {
        assert!(rest.contains(expected), "{expected:?} is not in\n{rest}");
    }
    assert_eq!(report.failed.len(), 2);

    let [one] = record::read(root).unwrap().try_into().unwrap();
    assert_eq!(
        (one.name.as_str(), one.date.as_str()),
        ("shop.yaml", "2026-11-28")
    );
    assert_eq!(one.address, Some(good.clone()));
    assert_eq!(one.etag.as_deref(), Some("\"one\""));
    assert_eq!((one.operations, one.matched), (1, 1));
    assert_eq!((one.lacking_here, one.lacking_there), (1, 1));

    // The other documents of a record stay; a document that fails keeps its file and its record.
    let path = root.join("spec/published.toml");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(
        root.join("spec/sdk.toml"),
        fs::read_to_string(root.join("spec/sdk.toml"))
            .unwrap()
            .replace(&good, &gone),
    )
    .unwrap();
    let report = done(
        root,
        &options(&format!("shop.yaml --into {}", into.display())),
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert!(
        report.failed[0].1.contains("is of an earlier run"),
        "{:?}",
        report.failed
    );
    assert_eq!(fs::read_to_string(into.join("shop.yaml")).unwrap(), THEIRS);
}

/// Text with the difference in the message.
#[track_caller]
fn insta_like(found: &str, expected: &str) {
    assert_eq!(found, expected, "\n{found}\n");
}

#[test]
fn documents_from_a_folder() {
    let repository = repository(&[("shop.yaml", None)]);
    let root = repository.path();
    let folder = root.join("copies");
    fs::create_dir(&folder).unwrap();
    let of_folder = format!("--from {}", folder.display());
    // Nothing to compare is an error.
    assert!(report(root, &options(&of_folder)).is_err());
    fs::write(folder.join("shop.yaml"), THEIRS).unwrap();
    let report = done(root, &options(&of_folder));
    let text = show::text(&report);
    // Every published document of it was compared.
    assert!(text.contains("spec/shop.yaml: in no published document: 1 operation\n    operation   DELETE /v1/ours\n"), "{text}");
    let [one] = record::read(root).unwrap().try_into().unwrap();
    assert_eq!((one.address, one.etag), (None, None));

    let json: Value = serde_json::from_str(&show::json(&report)).unwrap();
    let lacking = &json["compared"][0]["lacking_here"][0];
    assert_eq!(lacking["path"], "response 200: status");
    assert_eq!(lacking["nearest"]["file"], "spec/shop.yaml");
    assert_eq!(
        json["ours"][0]["only_ours"][0]["operation"],
        "DELETE /v1/ours"
    );
    assert!(options("--format json").format == Format::Json);

    // Copies and what was fetched are recorded separately, in an order that does not depend on the runs.
    let fetched = super::record::Compared {
        address: Some("https://example.com/shop.yaml".to_owned()),
        ..One::record(&report.compared[0])
    };
    record::write(root, std::slice::from_ref(&fetched), "2026-11-29").unwrap();
    let path = root.join("spec/published.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(record::read(root).unwrap().len(), 2);
    record::write(root, &[One::record(&report.compared[0])], "2026-11-28").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    record::write(root, &[fetched], "2026-11-29").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// An overlay changes a document for Rust; a published document may have its additions, and parts that it removes.
#[test]
fn overlays_are_known_but_not_expected() {
    let repository = repository(&[("shop.yaml", None)]);
    let root = repository.path();
    let spec = root.join("spec");
    fs::create_dir(spec.join("overlays")).unwrap();
    let overlay = "overlay: 1.0.0\ninfo: {title: a, version: '1'}\nactions:\n  - target: \
                   $.paths['/orders/{id}'].get.responses['200'].content['application/json'].schema\n    \
                   description: Two members.\n    \
                   update: {properties: {status: {type: string, enum: [PAID]}, more: {type: string}}}\n  - target: \
                   $.paths['/orders/{id}'].get.responses['200'].content['application/json'].schema.properties.removed\n    \
                   description: The client has it.\n    remove: true\n";
    let document = spec.join("shop.yaml");
    let text = fs::read_to_string(&document).unwrap();
    let text = text.replace(
        "amount:",
        "removed: {type: string}\n                  amount:",
    );
    fs::write(document, text).unwrap();
    fs::write(spec.join("overlays/shop.yaml"), overlay).unwrap();
    let path = spec.join("sdk.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let settings = settings.replacen("about", "overlays = [\"overlays/shop.yaml\"]\nabout", 1);
    fs::write(&path, settings).unwrap();
    let theirs = THEIRS.replace("enum: [PAID]", "enum: [PAID, LOST]");
    fs::write(
        root.join("shop.yaml"),
        theirs.replace("amount:", "removed: {type: string}\n              amount:"),
    )
    .unwrap();
    let report = done(root, &options(&format!("--from {}", root.display())));
    let pairing = &report.compared[0].pairing;
    let [one] = pairing.lacking_here.as_slice() else {
        panic!("{:?}", pairing.lacking_here)
    };
    // Without the overlay it is the member that is missing.
    assert_eq!(
        (one.kind.name(), one.path.as_str()),
        ("values", "response 200: status")
    );
    assert_eq!(one.values, ["LOST"]);
    let paths: Vec<&str> = (pairing.lacking_there.iter())
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(paths, ["response 200: ours"]);
}

#[test]
fn records_of_any_text() {
    let repository = repository(&[("shop.yaml", None)]);
    let root = repository.path();
    let titles = "\"quoted\" \\ \u{7f}\n\t[[compared]] \u{1}é";
    let theirs = THEIRS.replace("Published shop", &serde_json::to_string(titles).unwrap());
    fs::write(root.join("shop.yaml"), theirs).unwrap();
    done(root, &options(&format!("--from {}", root.display())));
    assert_eq!(record::read(root).unwrap()[0].title, titles);
}

#[test]
fn wrong_usage() {
    let fails = |of: &str| parse(lexopt::Parser::from_args(of.split_whitespace())).is_err();
    for usage in [
        "--timeout 0",
        "--timeout x",
        "--format yaml",
        "--from a --into b",
        "--what",
        "--as-of 2024-07",
        "--from a --as-of 2024",
        "--from a --as-of 2024-7",
        "--from a --as-of 2024-ab",
    ] {
        assert!(fails(usage), "{usage}");
    }
    assert_eq!(
        options("--from a --as-of 2024-07").as_of.unwrap(),
        "2024-07"
    );
    let repository = repository(&[("shop.yaml", None)]);
    let unknown = report(repository.path(), &options("other.yaml"));
    let why = unknown.err().unwrap().to_string();
    assert!(why.contains("\"other.yaml\" is not the name"), "{why}");
    assert!(report(repository.path(), &options("--from nowhere")).is_err());
    fs::write(
        repository.path().join("spec/published.toml"),
        "[[compared]]\nx = 1\n",
    )
    .unwrap();
    let why = record::read(repository.path()).err().unwrap().to_string();
    assert!(why.starts_with("error: spec/published.toml: "), "{why}");
}

/// The addresses of the repository and its record.
#[test]
fn the_record_of_the_repository() {
    let root = workspace::root();
    let settings = settings::read(&root).unwrap();
    let mut covered = BTreeSet::new();
    for published in &settings.published {
        let address = published.address.as_deref().unwrap_or_default();
        assert!(
            address.starts_with("https://docs.dintero.com/"),
            "{address}"
        );
        assert!(
            address.ends_with(&format!("/{}", published.name)),
            "{address}"
        );
        covered.extend(published.documents.iter().cloned());
    }
    for api in &settings.api {
        assert!(
            covered.contains(&api.document),
            "{} is in no [[published]]",
            api.document
        );
    }
    let recorded = record::read(&root).unwrap();
    assert!(!recorded.is_empty());
    for one in &recorded {
        let published = settings
            .published
            .iter()
            .find(|published| published.name == one.name);
        let published = published.unwrap_or_else(|| panic!("{} is not published", one.name));
        assert!(one.address.is_none() || one.address == published.address);
        let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_hexdigit());
        assert!(one.sha256.len() == 64 && digits(&one.sha256));
        assert!(super::is_date(&one.date), "{}", one.date);
        assert!(one.as_of.is_none() || one.address.is_none());
        assert!(one.matched > 0);
    }
}

/// Both forms of the official document are the same requests and responses, and the record is of one of them.
#[test]
fn the_official_document() {
    let Some(new) = std::env::var_os("DINTERO_OFFICIAL_SPEC") else {
        println!("not run: DINTERO_OFFICIAL_SPEC is not set");
        return;
    };
    let new = Path::new(&new);
    let old = new.to_string_lossy().replace(".openapi3.", ".swagger2.");
    let root = workspace::root();
    let compared = |path: &Path| {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(path, folder.path().join("spec-payments.yaml")).unwrap();
        let options = options(&format!(
            "spec-payments.yaml --from {}",
            folder.path().display()
        ));
        let mut report = report(&root, &options).unwrap_or_else(|why| panic!("{why}"));
        assert!(report.failed.is_empty());
        report.compared.remove(0)
    };
    let new = compared(new);
    println!("{:?}", One::record(&new));
    // Dintero publishes more operations now than at that time.
    assert_eq!(new.wire.format, "OpenAPI 3.0.0");
    assert!(new.pairing.matched * 10 > new.wire.operations * 9);
    if !Path::new(&old).is_file() {
        println!("not run: there is no document {old}");
        return;
    }
    let old = compared(Path::new(&old));
    assert_eq!(old.wire.format, "Swagger 2.0");
    let parts = |one: &One| -> Vec<(String, String, Vec<String>)> {
        let all = one
            .pairing
            .lacking_here
            .iter()
            .chain(&one.pairing.lacking_there);
        // One of them has servers.
        let operation = |text: &str| text.replace(" /v1/", " /").replace("/v1/v2/", "/v2/");
        let mut all: Vec<_> = all
            .map(|part| {
                (
                    operation(&part.operation),
                    part.path.clone(),
                    part.values.clone(),
                )
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(parts(&old), parts(&new));
    let recorded = record::read(&root).unwrap();
    let copy = recorded
        .iter()
        .find(|one| one.name == "spec-payments.yaml" && one.address.is_none());
    assert_eq!(copy.unwrap().sha256, old.obtained.sha256);
    assert_eq!(copy.unwrap().operations, old.wire.operations);
}
