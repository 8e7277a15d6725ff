//! Generated crates compile, without a warning of rustc, clippy or rustdoc: one for each construct of OpenAPI, one for
//! the official payments document and one for each document of other companies in reach.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use generator::{Input, Runtime, Target, generate, load::Source};
use tests::counterpart::{self, Process};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Crates of programs that use generated crates, by the folder in which they lie.
const PROGRAMS: [&str; 8] = [
    "wire",
    "compile-fail",
    "mocked",
    "decode",
    "former",
    "home",
    "parts",
    "events",
];

/// Writes a crate as a member of a workspace; the manifest of a crate of its own declares one itself. Names are locked by a file
/// beside the document.
fn write(folder: &Path, name: &str, document: &Path) {
    let lock = document.with_file_name("names.lock");
    let lock = fs::read_to_string(lock).ok().map(|text| Source {
        name: "names.lock".to_owned(),
        text,
    });
    let input = Input {
        document: Source {
            name: document.file_name().unwrap().to_string_lossy().into_owned(),
            text: fs::read_to_string(document).unwrap(),
        },
        overlays: Vec::new(),
        lock,
        target: Target::Crate {
            name: name.to_owned(),
            runtime: Runtime {
                name: "dintero".to_owned(),
                path: root().join("sdk").display().to_string(),
            },
        },
    };
    let output = generate(&input).unwrap_or_else(|errors| {
        panic!(
            "{}",
            errors
                .iter()
                .map(|error| format!("{error}\n"))
                .collect::<String>()
        )
    });
    for (path, text) in &output.files {
        let path = folder.join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = match path.ends_with("Cargo.toml") {
            true => text.replace("\n[workspace]\n", ""),
            false => text.clone(),
        };
        fs::write(path, text).unwrap();
    }
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("target/generated"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("RUSTFLAGS", "-D warnings")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .output()
        .unwrap()
}

fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let output = cargo(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {arguments:?} failed:\n{text}"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A crate whose programs use generated crates.
fn write_programs(folder: &Path, name: &str, uses: &[&str], features: &str) {
    let programs = root().join("tests").join(name);
    let folder = folder.join(name);
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    let generated: String = uses
        .iter()
        .map(|name| format!("{name} = {{ path = \"../{name}\", default-features = false, features = [{features}] }}\n"))
        .collect();
    let sdk = root().join("sdk").display().to_string();
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{generated}\
         dintero = {{ path = {sdk:?}, default-features = false, features = [\"insight\"] }}\n\
         futures-core = \"0.3\"\nserde_json = \"1\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    for program in fs::read_dir(programs).unwrap() {
        let program = program.unwrap().path();
        if program
            .extension()
            .is_none_or(|extension| extension != "rs")
        {
            continue;
        }
        fs::copy(
            &program,
            folder.join("src/bin").join(program.file_name().unwrap()),
        )
        .unwrap();
    }
}

/// A document of schemas each of which holds the next: as a property, in a list, or in a map.
fn chain(length: usize) -> String {
    let mut text = "openapi: 3.0.3
info: { title: Deep, version: '1' }
servers: [{ url: 'https://api.example.com/v1' }]
paths:
  /deep:
    post:
      operationId: send_deep
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/S0' } } } }
      responses: { '200': { description: The same., content: { application/json: { schema: { $ref: '#/components/schemas/S0' } } } } }
components:
  schemas:
"
    .to_owned();
    for number in 0..length {
        let next = format!(
            "{{ $ref: '#/components/schemas/S{}' }}",
            (number + 1) % length
        );
        let next = match number % 3 {
            0 => next,
            1 => format!("{{ type: array, items: {next} }}"),
            _ => format!("{{ type: object, additionalProperties: {next} }}"),
        };
        text.push_str(&format!(
            "    S{number}: {{ type: object, required: [text], properties: {{ text: {{ type: string }}, next: {next} }} }}\n"
        ));
    }
    text
}

#[test]
fn generated_crates_compile_and_run() {
    let folder = root().join("target/generated-crates");
    let _ = fs::remove_dir_all(&folder);
    let mut documents: Vec<(String, PathBuf)> =
        fs::read_dir(root().join("generator/tests/constructs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (
                    path.file_stem()
                        .unwrap()
                        .to_string_lossy()
                        .replace('_', "-"),
                    path,
                )
            })
            .collect();
    match env::var_os("DINTERO_OFFICIAL_SPEC") {
        Some(path) => documents.push(("official".to_owned(), path.into())),
        None => println!("not run on the official document: DINTERO_OFFICIAL_SPEC is not set"),
    }
    fs::create_dir_all(&folder).unwrap();
    let deep = folder.join("deep.yaml");
    fs::write(&deep, chain(300)).unwrap();
    documents.push(("deep".to_owned(), deep));
    let former = root().join("tests/former/shop.yaml");
    documents.push(("former-names".to_owned(), former));
    let home = root().join("tests/home/shop.yaml");
    documents.push(("home-shop".to_owned(), home));
    documents.sort();
    for (name, document) in &documents {
        write(&folder, name, document);
    }
    let uses = [
        "answers",
        "bodies",
        "calls",
        "content",
        "deep",
        "forms",
        "json-schema",
        "maps-and-null",
        "media-types",
        "methods",
        "numbers",
        "parameters",
        "paths",
        "security",
        "servers",
        "styles",
        "swagger",
        "unions",
    ];
    write_programs(&folder, "wire", &uses, "");
    write_programs(
        &folder,
        "compile-fail",
        &["bodies", "directions", "parameters"],
        "",
    );
    write_programs(&folder, "decode", &["recursion", "told-apart"], "");
    write_programs(&folder, "former", &["former-names"], "");
    write_programs(&folder, "home", &["home-shop"], "");
    let uses = ["answers", "bodies", "directions", "media-types"];
    write_programs(&folder, "mocked", &uses, "\"mock\"");
    write_programs(&folder, "parts", &["uploads"], "\"mock\"");
    let uses = ["streams", "item-schemas", "media-types"];
    let (uses, features) = (uses, "\"blocking\", \"mock\"");
    write_programs(&folder, "events", &uses, features);
    let mut members: Vec<String> = documents
        .iter()
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    members.extend(PROGRAMS.map(|name| format!("{name:?}")));
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let mut without = vec!["--workspace"];
    without.extend(PROGRAMS.iter().flat_map(|name| ["--exclude", name]));
    // Without the mock, the compiler's own warnings are those of the doctests below.
    let clippy = [
        &["clippy", "--quiet", "--no-default-features"],
        &without[..],
        &["--features", "mock", "--", "-D", "warnings"],
    ];
    succeeds(&folder, &clippy.concat());
    let doc = [
        &[
            "doc",
            "--quiet",
            "--no-deps",
            "--no-default-features",
            "--features",
            "mock",
        ],
        &without[..],
    ];
    succeeds(&folder, &doc.concat());
    let examples = [
        &["test", "--quiet", "--doc", "--no-default-features"],
        &without[..],
    ];
    succeeds(&folder, &examples.concat());
    println!(
        "{} generated crates and the examples in their documentation compile without a warning",
        documents.len()
    );

    for program in ["decode", "events", "former", "home", "wire", "mocked"] {
        let run = ["run", "--quiet", "--package", program];
        print!("{}", succeeds(&folder, &run));
    }
    uploads(&folder);
    compile_fail(&folder);
}

/// Multipart bodies, read by parsers that nobody here wrote.
fn uploads(folder: &Path) {
    let address = counterpart::free_address().unwrap();
    let mut command = Command::new("node");
    command.current_dir(root().join("tests/counterparts"));
    command.args(["parts.mjs", &address.port().to_string()]);
    let server = Process::start(&mut command, address).unwrap();
    let run = ["run", "--quiet", "--package", "parts", "--", &server.url()];
    print!("{}", succeeds(folder, &run));
}

/// The compiler's one error names what is missing, swapped or unknown.
fn compile_fail(folder: &Path) {
    for (program, says) in [
        (
            "missing_field",
            "a required value has not been set: `dintero::rt::Missing<AggregateFunctions>`",
        ),
        (
            "missing_in_object",
            "a required value has not been set: `dintero::rt::Missing<Language>`",
        ),
        (
            "swapped_ids",
            "`ShopId: std::convert::From<OrderId>` is not satisfied",
        ),
        (
            "body_forgotten",
            "a required value has not been set: `dintero::rt::Missing<bodies::required::Amount>`",
        ),
        ("unknown_setter", "no method named `colour` found"),
        (
            "answer_built",
            "no function or associated item named `builder` found for struct `CheckoutKpi`",
        ),
        (
            "read_only_set",
            "no method named `id` found for struct `AccountBuilder<A, B>`",
        ),
        (
            "feature_off",
            "the item is gated behind the `checkout` feature",
        ),
    ] {
        let output = cargo(
            folder,
            &[
                "check",
                "--quiet",
                "--package",
                "compile-fail",
                "--bin",
                program,
            ],
        );
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{program} compiles");
        assert!(
            text.contains(says),
            "{program} does not say {says:?}:\n{text}"
        );
        let errors = text
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("error:"))
            .count();
        // The last line counts the errors.
        let expected = if program == "swapped_ids" { 3 } else { 2 };
        assert_eq!(errors, expected, "{program}:\n{text}");
        println!("{program}: {says}");
    }
}
