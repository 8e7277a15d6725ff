//! The command line of the repository. Arguments, files and processes; what is generated is the crate `generator`'s.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod bench;
mod codegen;
mod failure;
mod figures;
mod full;
mod instances;
mod lint;
mod measure;
mod msrv;
mod overhead;
mod package;
mod policy;
mod process;
mod public_api;
mod release;
mod sbom;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};

const HELP: &str = "\
cargo xtask codegen [--check] [--report]
    Generates sdk/src/api and spec/names.lock from spec/. Only files whose content changed are written, files that
    are no longer produced are deleted; with a mistake in any document nothing is written.
    --check    writes nothing; prints a diff and exits with 1 if something is stale
    --report   prints what the documents leave untyped and which constraints are not carried

cargo xtask codegen --document FILE --out DIR [--overlay FILE]... [--name NAME] [--runtime PATH] [--check] [--report]
                    [--strict]
    Generates a complete crate for one document, with the crate `dintero` as its runtime. Operations and optional
    properties that can't be expressed are left out: --report and the crate's front page list them.
    --strict   refuses the document instead, and slips whose meaning is plain
    --overlay  an OpenAPI Overlay 1.0 file, applied before anything else; may be given several times, in order
    --name     name of the crate; without it, made of the document's file name
    --runtime  path of the crate `dintero`, as Cargo.toml shall name it; without it, this repository's, absolute
    --out      may be left out with --report: then nothing is written

cargo xtask test [--full]
    Every test of the repository. Installs what the tests need beside Rust (npm packages, into tests/node_modules).
    --full     then what takes long: random values for longer (PROPTEST_CASES sets how long), `lint --full`, `policy`,
               `figures`, `overhead` and `bench`; writes what they print into docs/figures.md

cargo xtask bench [--no-peers]
    Prints what generating and checking a crate costs for the document that DINTERO_OFFICIAL_SPEC names, beside other
    generators, which it installs into target/peers.

cargo xtask figures
    Prints what generating, checking and building the crate `dintero` costs, the program of the README beside the same by
    hand, how many of the known operations there are, and what the documents leave untyped. Takes minutes.

cargo xtask instances [DOCUMENT]...
    Makes the values of every schema that the test `roundtrip` reads and writes, into tests/roundtrip/instances: needed
    after a change of a schema. The values come from hypothesis-jsonschema, which is installed into target/counterparts.
    DOCUMENT   only those of `payments.yaml`, say

cargo xtask lint [--full]
    What openapi-spec-validator and Redocly CLI say about the documents in spec/, and Spectral with --full, which takes
    minutes. Installs them into target/counterparts. The rules are in spec/lint.

cargo xtask msrv
    Fails if a dependency needs a newer Rust than the workspace promises.

cargo xtask overhead
    Prints what a call costs, beside the same call by reqwest and serde alone: instructions, and with 256 calls at once CPU
    time, throughput and futex calls; and what reading a list and writing a request cost. Needs valgrind, and perf or
    strace for the futex calls.

cargo xtask policy
    What cargo-deny says about licences, sources and advisories of dependencies, and whether the crate `dintero` builds with
    each feature alone, with none and with all (cargo-hack). Installs both tools into target/tools. Advisories need the
    RustSec database, a Git repository: where it can't be fetched, says that they were not checked.

cargo xtask public-api [--check]
    Writes docs/public-api.txt: whatever is public and was written by hand, a line each. Needs a nightly toolchain, for
    what only its rustdoc tells; installs cargo-public-api into target/tools.
    --check    writes nothing; prints a diff and exits with 1 if the file is stale. Without nightly, says that it was not
               run

cargo xtask release VERSION | --dry-run
    Checks all that must hold before the crate `dintero` is published: committed files, generated code, changelog, the package
    and what is in it, minimum Rust version, public API, documentation as docs.rs builds it, policy, tests. Then sets the
    version and the changelog's heading, and prints what is left to a person. It never publishes.
    --dry-run  writes nothing

cargo xtask sbom
    Writes target/dintero.cdx.json: the crate `dintero` as it would be published and its dependencies with default features,
    for every target, in CycloneDX 1.5. Installs cargo-cyclonedx into target/tools.

cargo xtask help

Exit codes: 0 done, 1 a mistake in a document or a failed check, 2 wrong usage.";

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    match arguments.next()? {
        Some(Value(command)) => match command.to_str() {
            Some("codegen") => codegen::run(arguments),
            Some("test") => test::run(arguments),
            Some("bench") => bench::run(arguments),
            Some("figures") => figures::run(arguments),
            Some("instances") => instances::run(arguments),
            Some("lint") => lint::run(arguments),
            Some("msrv") => msrv::run(arguments),
            Some("overhead") => overhead::run(arguments),
            Some("policy") => policy::run(arguments),
            Some("public-api") => public_api::run(arguments),
            Some("release") => release::run(arguments),
            Some("sbom") => sbom::run(arguments),
            Some("help") => help(),
            _ => Err(Failure::Usage(format!(
                "there is no command {}",
                command.display()
            ))),
        },
        Some(Short('h') | Long("help")) => help(),
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::Usage("which command?".to_owned())),
    }
}

fn help() -> Outcome {
    println!("{HELP}");
    Ok(())
}
