//! `dintero-sandbox`: starts a sandbox and says how to use it, or uses one that runs.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
