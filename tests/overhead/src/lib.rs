//! What both ways share: how they are started, and the response they read.

mod json;
mod load;
mod webhook;

use std::error::Error;

pub use json::{Line, decode, encode};
pub use load::{Load, drive};
pub use webhook::{SECRET, receive};

/// What they end with when something is wrong.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A transaction as Dintero answers with it; every value is made up.
pub const ANSWER: &str = include_str!("transaction.json");

/// The id of it.
pub const ID: &str = "P12345678.4XfVcHdL9KTuEZ2bTRkQmN";

/// Its amount.
pub const AMOUNT: i64 = 29_990;
