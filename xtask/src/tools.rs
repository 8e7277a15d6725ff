//! Programs written in Rust that commands need, installed into `target/tools`.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::process;

/// A program on crates.io.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The program, of exactly this version. Cargo does nothing if it is there already.
pub(crate) fn install(root: &Path, tool: &Tool) -> Outcome<PathBuf> {
    let tools = root.join("target/tools");
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
            .arg(tools.join("build"))
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
