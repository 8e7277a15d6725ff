//! The command line.

mod arguments;
mod remote;
mod serve;
mod signatures;
mod trigger;

use std::fmt;
use std::process::ExitCode;

use arguments::Command;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are wrong.
    Usage(String),
    Failed(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => {
                write!(f, "{message}\nSee `dintero-sandbox --help`.")
            }
            Self::Failed(message) => f.write_str(message),
        }
    }
}

/// Does what the arguments say. Wrong arguments end with 2, other errors with 1.
pub(crate) fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("dintero-sandbox: {failure}");
            match failure {
                Failure::Usage(_) => ExitCode::from(2),
                Failure::Failed(_) => ExitCode::FAILURE,
            }
        }
    }
}

fn run() -> Result<(), Failure> {
    let command = arguments::read(std::env::args_os().skip(1), |name| std::env::var_os(name))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command {
            Command::Help => print(arguments::HELP),
            Command::Version => print(concat!("dintero-sandbox ", env!("CARGO_PKG_VERSION"), "\n")),
            Command::Operations => print(&operations()),
            Command::Serve(serve) => serve::serve(serve).await,
            Command::Trigger(trigger) => trigger::trigger(trigger).await,
            Command::Sign(sign) => signatures::sign(sign).await,
            Command::Verify(verify) => signatures::verify(verify).await,
            Command::Remote(remote, url) => remote::run(remote, &url).await,
        }
    })
}

/// The list of operations, and how many the sandbox knows.
fn operations() -> String {
    let all = dintero_sandbox::operations();
    let known = all.iter().filter(|(_, known)| *known).count();
    let mut text: String = (all.iter())
        .map(|(name, known)| format!("{} {name}\n", if *known { "yes" } else { "no " }))
        .collect();
    text.push_str(&format!("{known} of {} operations\n", all.len()));
    text
}

/// Writes to the standard output, which may be closed.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
