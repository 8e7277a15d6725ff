//! `cargo xtask instances`: values of every schema, made by hypothesis-jsonschema, for the test that reads and writes them.

use std::path::{Path, PathBuf};
use std::process::Command;

use generator::load::Library;
use serde_json::json;

use crate::codegen::{self, settings};
use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// The script that generates the values; its requirements are next to it.
const SCRIPT: &str = "tests/roundtrip/make.py";
const REQUIREMENTS: &str = "tests/roundtrip/requirements.txt";
/// Where the values go.
const INSTANCES: &str = "tests/roundtrip/instances";

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let mut only = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(document) => only.push(document.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let root = workspace::root();
    let asked = root.join("target/instances");
    std::fs::create_dir_all(&asked).map_err(|error| Failure::file("make", &asked, &error))?;
    let files = ask(&root, &asked, &only)?;
    let python = python(&root)?;
    let mut make = Command::new(python);
    make.arg(SCRIPT).arg(INSTANCES).args(files);
    // Sets of Python come in the same order each time.
    make.env("PYTHONHASHSEED", "0");
    make.env("HYPOTHESIS_STORAGE_DIRECTORY", asked.join("hypothesis"));
    process::run(make.current_dir(&root))
}

/// Writes the documents as the generator sees them, each with what values are wanted of.
fn ask(root: &Path, folder: &Path, only: &[String]) -> Outcome<Vec<PathBuf>> {
    let settings = settings::read(root)?;
    let apis = &settings.api;
    if let Some(unknown) = (only.iter()).find(|name| !apis.iter().any(|api| api.document == **name))
    {
        return Err(Failure::Usage(format!(
            "there is no document {unknown} in {}/{}",
            settings::FOLDER,
            settings::FILE
        )));
    }
    let (inputs, together) = codegen::together(root, &settings)?;
    let sources = inputs.iter();
    let library = Library::read(sources.map(|input| (&input.document, &*input.overlays)));
    let mut files = Vec::new();
    for (number, (api, output)) in apis.iter().zip(&together.outputs).enumerate() {
        if !only.is_empty() && !only.contains(&api.document) {
            continue;
        }
        let document = library
            .document(number)
            .map_err(|found| codegen::mistakes(&found))?;
        let schemas: Vec<_> = (output.schemas.iter())
            .map(|schema| {
                let fingerprint = document.fingerprint(&schema.place).unwrap_or_default();
                json!({
                    "place": schema.place,
                    "sent": schema.usage.sent,
                    "received": schema.usage.received,
                    "fingerprint": format!("{fingerprint:016x}"),
                })
            })
            .collect();
        let wanted = json!({
            "name": api.document,
            "document": document.root().to_json(),
            "schemas": schemas,
        });
        let file = folder.join(&api.document).with_extension("json");
        std::fs::write(&file, wanted.to_string())
            .map_err(|error| Failure::file("write", &file, &error))?;
        files.push(file);
    }
    Ok(files)
}

/// Returns a Python with the requirements of the script, recreated for another version.
pub(crate) fn python(root: &Path) -> Outcome<PathBuf> {
    let folder = root.join("target/counterparts/instances");
    let python = folder.join("bin/python");
    let wanted = workspace::read(&root.join(REQUIREMENTS))?;
    // Left behind once all is installed.
    let done = folder.join("installed.txt");
    if workspace::read_if_there(&done)?.as_ref() == Some(&wanted) {
        return Ok(python);
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    process::run(install.arg(root.join(REQUIREMENTS)))?;
    std::fs::write(&done, wanted).map_err(|error| Failure::file("write", &done, &error))?;
    Ok(python)
}
