//! The command line of the repository: arguments, files and processes. The crate `generator` generates the code.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod bench;
mod codegen;
mod diff;
mod failure;
mod fetch;
mod figures;
mod full;
mod instances;
mod lint;
mod measure;
mod msrv;
mod mutations;
mod overhead;
mod package;
mod policy;
mod process;
mod public_api;
mod release;
mod sandbox;
mod sbom;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};

const HELP: &str = "\
cargo xtask codegen [--check] [--report]
    Generates sdk/src/api and spec/names.lock from spec/. Only changed files are written, and files that are no longer
    produced are deleted. If any document has an error, nothing is written.
    --check    writes nothing; prints a diff and exits with 1 if a file is stale
    --report   prints the untyped places of the documents and the constraints that are not enforced

cargo xtask codegen --document FILE --out DIR [--overlay FILE]... [--name NAME] [--runtime PATH] [--check] [--report]
                    [--strict] [--trust-required]
    Generates a complete crate for one document, with the crate `dintero` as its runtime. Unsupported operations and
    optional properties are omitted: --report and the crate's front page list them.
    --strict   rejects the document instead, also for mistakes with an obvious correction
    --trust-required  makes required members of responses fields without `Option`: a response without one is an error
    --overlay  an OpenAPI Overlay 1.0 file, applied first; can be passed several times, in order
    --name     name of the crate; default: derived from the document's file name
    --runtime  path of the crate `dintero` in Cargo.toml; default: absolute path of this repository's
    --out      optional with --report: without it nothing is written

cargo xtask diff OLD NEW [--format text|json|markdown] [--docs] [--overlay FILE]... [--lock FILE]
    Prints what a change of documents does to users of the crate: each change with its Rust path, its place in both
    documents, what a user must do, and where possible the overlay action that avoids it; then the version it implies.
    Exit code: 4 if users' programs no longer compile (BREAKING), 3 if they act otherwise (BEHAVIOUR), else 0.
    OLD, NEW   folders with sdk.toml, such as spec; revisions of this repository; or two documents. A document in such a
               folder has its overlays and names, and NEW may be any version of it, also in other words
    --format   markdown is the changelog entry
    --docs     also changes of documentation
    --overlay  for documents outside of such a folder: applied to both, in order
    --lock     for the same: names.lock of the generated crate

cargo xtask fetch [DOCUMENT]... [--into FOLDER] [--timeout SECONDS] [--from FOLDER [--as-of DATE]] [--format text|json]
    Fetches the documents that Dintero publishes, compares them with spec/ by method, path and JSON, and prints the parts
    that only one side has: operations, parameters, bodies, statuses, headers, members, values of enums. The addresses are
    in spec/sdk.toml. Writes what it compared, with the date, into spec/published.toml. Exit code 1 if a document could not
    be fetched or read; the others are compared. An interrupted run can be started again: it continues.
    DOCUMENT   only this document, such as `spec-payments.yaml`; can be passed several times
    --into     folder of the documents; default: target/published
    --timeout  time limit of each document, retries included; default: 120
    --from     compares the documents in a folder, under the same names, and fetches nothing
    --as-of    their date, for the record: 2024-07 or 2024-07-31

cargo xtask test [--full [PART]...]
    Runs all tests of the repository. Installs the tools that they need besides Rust (npm packages, into
    tests/node_modules).
    --full     also runs the slow checks, hours of them, and writes what they print into docs/figures.md, part by part
    PART       runs this part alone, without the tests: others (all documents of OPENAPI_CORPUS), figures, overhead,
               sandbox, bench, values (20000 random ones), mutants (20000 documents), crates (500 of these), lint, policy
               or mutations; can be passed several times

cargo xtask bench [--no-peers] [DOCUMENT]...
    Prints the cost of generating and checking a crate for the document in DINTERO_OFFICIAL_SPEC, compared with other
    generators, which are installed into target/peers; and for each document of the folder in OPENAPI_CORPUS, whether it
    becomes code that compiles, passes clippy and its doctests, with the cost, by ours and two others. Takes hours at
    first: results of unchanged code are kept in target/bench/corpus, so that an interrupted run can be started again.
    DOCUMENT   only this document of OPENAPI_CORPUS, without its extension, such as `stripe`

cargo xtask figures [--large]
    Prints the cost of generating, checking and building the crate `dintero`, of generating from large documents, of the
    program of the README compared with the same program by hand, how many of the known operations are covered, and the
    untyped places of the documents. Takes minutes.
    --large    only the cost of large documents

cargo xtask instances [DOCUMENT]...
    Generates the values of every schema for the test `roundtrip`, into tests/roundtrip/instances. Required after a
    change of a schema. The values come from hypothesis-jsonschema, which is installed into target/counterparts.
    DOCUMENT   only this document, such as `payments.yaml`

cargo xtask lint [--fix] [--full]
    Prints the places of the documents in spec/ that make worse code, each with the overlay action that fixes it: operations
    without operationId, nested types without a name, colliding and ugly names, values that only a description or pattern
    lists, objects without a type, formats that are regular expressions; and actions of overlays that have no effect.
    Then runs openapi-spec-validator and Redocly CLI, installed into target/counterparts, with the rules in spec/lint.
    Fails if anything is found.
    --fix      first adds the actions that need no decision to the overlays
    --full     also runs Spectral, which takes minutes

cargo xtask lint --document FILE [--overlay FILE]... [--lock FILE] [--fix]
    The same places of one document, without the other linters.
    --fix      adds the actions to the last overlay, which is created if it does not exist
    --overlay  an OpenAPI Overlay 1.0 file, applied first; can be passed several times, in order
    --lock     names.lock of the generated crate: released names are not reported

cargo xtask sandbox
    Prints how many payments a second the sandbox takes, in memory and with a state file, the memory of 100000 of them, the
    number of its operations, and how much random flows tried.

cargo xtask msrv
    Fails if a dependency requires a newer Rust than the workspace promises.

cargo xtask mutations [--full] [--only KIND]
    Changes documents in 30 ways, and prints how often the verdict of `cargo xtask diff` is that of the compiler: for each
    change, a program that uses everything of the old crate is checked with the new one.
    --full     about 400 changes; the opinion of cargo-semver-checks on 20 of them, which is installed into target/tools;
               and changes of spec/ that mean nothing, after which the hand-written code must compile
    --only     changes whose kind contains this text; `crate`: only the changes of spec/

cargo xtask overhead
    Prints the cost of a call compared with the same call by reqwest and serde: instructions, and with 256 concurrent calls
    CPU time, throughput and futex calls; and the cost of reading a list and writing a request. Requires valgrind, and perf
    or strace for the futex calls.

cargo xtask policy
    Runs cargo-deny on licences, sources and advisories of dependencies, and builds the crate `dintero` with each feature
    alone, with none and with all (cargo-hack). Installs both tools into target/tools. Advisories require the RustSec
    database, a Git repository: if it can't be fetched, reports that they were not checked.

cargo xtask public-api [--check]
    Writes docs/public-api.txt: the hand-written public API, one item per line. Requires a nightly toolchain for its
    rustdoc; installs cargo-public-api into target/tools.
    --check    writes nothing; prints a diff and exits with 1 if the file is stale. Without nightly, reports that it was
               not run

cargo xtask release VERSION | --dry-run
    Checks the requirements for publishing the crates `dintero` and `dintero-sandbox`: committed files, generated code, changelog, the package and
    its contents, minimum Rust version, public API, documentation as on docs.rs, policy, tests. Then sets the version and
    the changelog's heading, marks the new names in spec/names.lock as released, and prints the remaining manual steps. It never publishes.
    --dry-run  writes nothing

cargo xtask sbom
    Writes target/dintero.cdx.json: the crate `dintero` as published and its dependencies with default features, for every
    target, in CycloneDX 1.5. Installs cargo-cyclonedx into target/tools.

cargo xtask help

Exit codes: 0 success, 1 an error in a document or a failed check, 2 wrong usage.";

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

fn run(mut arguments: lexopt::Parser) -> Outcome<ExitCode> {
    use lexopt::prelude::*;
    match arguments.next()? {
        Some(Value(command)) if command == "diff" => return diff::run(arguments),
        Some(Value(command)) if command == "fetch" => return fetch::run(arguments),
        Some(Value(command)) => match command.to_str() {
            Some("codegen") => codegen::run(arguments),
            Some("test") => test::run(arguments),
            Some("bench") => bench::run(arguments),
            Some("figures") => figures::run(arguments),
            Some("instances") => instances::run(arguments),
            Some("lint") => lint::run(arguments),
            Some("msrv") => msrv::run(arguments),
            Some("mutations") => mutations::run(arguments),
            Some("overhead") => overhead::run(arguments),
            Some("policy") => policy::run(arguments),
            Some("public-api") => public_api::run(arguments),
            Some("release") => release::run(arguments),
            Some("sandbox") => sandbox::run(arguments),
            Some("sbom") => sbom::run(arguments),
            Some("help") => help(),
            _ => Err(Failure::Usage(format!(
                "unknown command {}",
                command.display()
            ))),
        },
        Some(Short('h') | Long("help")) => help(),
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::Usage("no command given".to_owned())),
    }
    .map(|()| ExitCode::SUCCESS)
}

fn help() -> Outcome {
    println!("{HELP}");
    Ok(())
}
