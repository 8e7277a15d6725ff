//! `cargo xtask sbom`: what the published crate `dintero` is made of, in CycloneDX.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::tools::{self, Tool};
use crate::{package, process, workspace};

/// Writes CycloneDX of what cargo resolves.
const CYCLONEDX: Tool = Tool {
    name: "cargo-cyclonedx",
    version: "0.5.9",
};
/// Where the result is, below the root.
const RESULT: &str = "target/dintero.cdx.json";

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let root = workspace::root();
    let tool = tools::install(&root, &CYCLONEDX)?;
    let manifest = package::unpacked(&root, "target/sbom", package::Verify::No)?.manifest;
    // The package by itself: in the workspace its dependencies would have the features that our tests need.
    process::run(
        Command::new(tool)
            .args([
                "cyclonedx",
                "--quiet",
                "--format",
                "json",
                "--spec-version",
                "1.5",
            ])
            .args([
                "--target",
                "all",
                "--override-filename",
                "bom",
                "--manifest-path",
            ])
            .arg(&manifest),
    )?;
    let folder = manifest.parent().unwrap_or(&root);
    let text = workspace::read(&folder.join("bom.json"))?;
    // The path of the build folder must not be published.
    let place = format!("path+file://{}#", folder.display());
    let text = text
        .replace(&place, "")
        .replace("?download_url=file://.", "");
    let text = only(&text, &built(&manifest)?)?;
    let result = root.join(RESULT);
    fs::write(&result, text).map_err(|error| Failure::file("write", &result, &error))?;
    println!("{}", result.display());
    Ok(())
}

/// Returns the packages that cargo builds: name and version of each.
fn built(manifest: &Path) -> Outcome<BTreeSet<(String, String)>> {
    let tree = process::output(
        process::cargo()
            .args(["tree", "--locked", "--quiet", "--edges", "normal,build"])
            .args(["--target", "all", "--prefix", "none", "--format", "{p}"])
            .arg("--manifest-path")
            .arg(manifest),
    )?;
    let packages = tree.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        Some((name.to_owned(), version.to_owned()))
    });
    Ok(packages.collect())
}

/// The bill without what cargo's metadata names and nothing builds: optional dependencies behind weak features.
fn only(text: &str, built: &BTreeSet<(String, String)>) -> Outcome<String> {
    let unfit = |why: String| Failure::Mistake(format!("error: cargo-cyclonedx wrote {why}"));
    let mut bill: Value = serde_json::from_str(text).map_err(|error| unfit(error.to_string()))?;
    let mut left_out = BTreeSet::new();
    let components = bill["components"].as_array_mut();
    let components = components.ok_or_else(|| unfit("no components".to_owned()))?;
    components.retain(|component| {
        let word = |name: &str| component[name].as_str().unwrap_or_default().to_owned();
        let is_built = built.contains(&(word("name"), word("version")));
        if !is_built {
            left_out.insert(word("bom-ref"));
        }
        is_built
    });
    // The crate itself is not a component.
    if components.len() + 1 != built.len() {
        return Err(unfit(format!(
            "{} components for a tree of {} packages",
            components.len(),
            built.len()
        )));
    }
    let is_left = |name: &Value| !left_out.contains(name.as_str().unwrap_or_default());
    if let Some(dependencies) = bill["dependencies"].as_array_mut() {
        dependencies.retain(|entry| is_left(&entry["ref"]));
        for entry in dependencies {
            if let Some(on) = entry.get_mut("dependsOn").and_then(Value::as_array_mut) {
                on.retain(is_left);
            }
        }
    }
    Ok(format!("{bill:#}\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn what_is_not_built_is_left_out() {
        let bill = r##"{"components":[{"bom-ref":"r#a@1","name":"a","version":"1"},{"bom-ref":"r#q@2","name":"q","version":"2"}],
            "dependencies":[{"ref":"x@1","dependsOn":["r#a@1","r#q@2"]},{"ref":"r#a@1"},{"ref":"r#q@2"}]}"##;
        let packages = |names: &[&str]| -> BTreeSet<(String, String)> {
            let names = names.iter();
            names
                .map(|name| ((*name).to_owned(), "1".to_owned()))
                .collect()
        };
        let text = only(bill, &packages(&["x", "a"])).unwrap();
        assert!(text.contains("r#a@1") && !text.contains("r#q"), "{text}");
        // One that is missing, and none at all.
        assert!(only(bill, &packages(&["x", "a", "b"])).is_err());
        assert!(only("{}", &packages(&["x"])).is_err());
    }
}
