//! `cargo xtask msrv`: whether the dependencies keep the promise that the workspace makes.

use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    rust_version: Option<String>,
}

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let mut command = process::cargo();
    command
        .args(["metadata", "--format-version", "1"])
        .current_dir(workspace::root());
    let metadata: Metadata =
        serde_json::from_str(&process::output(&mut command)?).map_err(|error| {
            Failure::Mistake(format!(
                "error: can't read what `cargo metadata` printed: {error}"
            ))
        })?;

    let (ours, theirs): (Vec<_>, Vec<_>) = metadata
        .packages
        .iter()
        .partition(|package| metadata.workspace_members.contains(&package.id));
    let promised = ours
        .iter()
        .filter_map(|package| package.rust_version.as_deref())
        .max_by_key(|it| numbers(it));
    let Some(promised) = promised else {
        return Err(Failure::Mistake(
            "error: the workspace has no rust-version".to_owned(),
        ));
    };
    let too_new: Vec<String> = theirs
        .iter()
        .filter_map(|package| Some((package, package.rust_version.as_deref()?)))
        .filter(|(_, needed)| numbers(needed) > numbers(promised))
        .map(|(package, needed)| {
            format!(
                "error: {} {} needs Rust {needed}",
                package.name, package.version
            )
        })
        .collect();
    if too_new.is_empty() {
        let silent = theirs
            .iter()
            .filter(|package| package.rust_version.is_none())
            .count();
        println!(
            "{} dependencies need no newer Rust than {promised}; {silent} of them don't say",
            theirs.len()
        );
        Ok(())
    } else {
        Err(Failure::Mistake(format!(
            "{}\nerror: the workspace promises Rust {promised}",
            too_new.join("\n")
        )))
    }
}

/// `1.88` and `1.88.0` are the same version.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100") > numbers("1.88.1"));
        assert_eq!(numbers("1.88"), numbers("1.88.0"));
    }
}
