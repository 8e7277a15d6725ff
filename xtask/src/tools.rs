//! Programs written in Rust that commands need, installed into `target/tools`, or into the folder that an environment
//! variable names.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::process;

/// A folder of tools that outlives this clone: they take minutes to build.
const FOLDER: &str = "DINTERO_TOOLS";

/// A program on crates.io.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The program, of exactly this version. Cargo does nothing if it is there already.
pub(crate) fn install(root: &Path, tool: &Tool) -> Outcome<PathBuf> {
    let folder = std::env::var_os(FOLDER).filter(|folder| !folder.is_empty());
    let tools = folder.map_or_else(|| root.join("target/tools"), PathBuf::from);
    process::run(
        process::cargo()
            // Each runs for seconds, and takes minutes to build: optimizing it would cost more than it brings.
            .args(["install", "--locked", "--quiet", "--debug"])
            .args(["--config", "profile.dev.debug=0"])
            // Some ask for it in their manifest.
            .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
            .args(["--version", tool.version])
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(root.join("target/tools/build"))
            .arg(tool.name),
    )?;
    let program = tools.join("bin").join(tool.name);
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::Mistake(format!(
            "error: {} is not there although it was installed",
            program.display()
        )))
    }
}
