//! `dintero-sandbox`: starts a sandbox and says how to use it, or uses one that runs.

mod cli;

use std::process::ExitCode;

/// Requests and the state are many small pieces, which take the allocator of the system longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
