//! The crate `dintero` as published.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{process, workspace};

/// Whether cargo builds the package.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verify {
    No,
    Yes,
}

/// The package, unpacked into a separate folder.
pub(crate) struct Package {
    /// The archive.
    pub(crate) archive: PathBuf,
    /// The unpacked `Cargo.toml`.
    pub(crate) manifest: PathBuf,
}

/// Builds the package below `folder`, a path in the workspace.
pub(crate) fn unpacked(root: &Path, folder: &str, verify: Verify) -> Outcome<Package> {
    let folder = root.join(folder);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Failure::file("remove", &folder, &error))?;
    }
    let mut package = process::cargo();
    package
        .args(["package", "--locked", "--quiet", "--package", "dintero"])
        .args(["--allow-dirty", "--target-dir"])
        .arg(&folder)
        .current_dir(root);
    if verify == Verify::No {
        package.arg("--no-verify");
    }
    process::run(&mut package)?;
    let packages = folder.join("package");
    let entries =
        fs::read_dir(&packages).map_err(|error| Failure::file("list", &packages, &error))?;
    let found = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let archive = found
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "crate")
        })
        .max()
        .ok_or_else(|| Failure::Mistake("error: cargo made no package of dintero".to_owned()))?;
    process::run(
        Command::new("tar")
            .arg("-xzf")
            .arg(&archive)
            .current_dir(&packages),
    )?;
    let manifest = archive.with_extension("").join("Cargo.toml");
    // It is below our workspace, but not a member of it.
    let text = workspace::read(&manifest)? + "\n[workspace]\n";
    fs::write(&manifest, text).map_err(|error| Failure::file("write", &manifest, &error))?;
    Ok(Package { archive, manifest })
}

impl Package {
    /// Returns the files in it, as sorted paths with forward slashes.
    pub(crate) fn files(&self) -> Outcome<Vec<String>> {
        let list = process::output(Command::new("tar").arg("-tzf").arg(&self.archive))?;
        let paths = list
            .lines()
            .filter_map(|path| Some(path.split_once('/')?.1));
        let mut paths: Vec<String> = paths
            .filter(|path| !path.is_empty() && !path.ends_with('/'))
            .map(str::to_owned)
            .collect();
        paths.sort();
        Ok(paths)
    }

    /// Returns the folder of the files.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest.parent().unwrap_or(&self.manifest)
    }
}
