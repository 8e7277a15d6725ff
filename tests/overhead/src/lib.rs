//! What both ways share: how they are started, and the answer they read.

use std::error::Error;

/// What they end with when something is wrong.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A transaction as Dintero answers with it; every value is made up.
pub const ANSWER: &str = include_str!("transaction.json");

/// The id of it.
pub const ID: &str = "P12345678.4XfVcHdL9KTuEZ2bTRkQmN";

/// Its amount.
pub const AMOUNT: i64 = 29_990;

/// The base URL and the number of calls, from the command line.
///
/// # Errors
/// They are not there.
pub fn arguments() -> Outcome<(String, u32)> {
    let mut arguments = std::env::args().skip(1);
    let base = arguments.next().ok_or("a base URL first")?;
    let calls = arguments.next().ok_or("then the number of calls")?;
    Ok((base, calls.parse()?))
}

/// A runtime of one thread.
///
/// # Errors
/// Those of the system.
pub fn runtime() -> Outcome<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    Ok(builder.enable_all().build()?)
}
