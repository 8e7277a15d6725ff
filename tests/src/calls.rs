//! Calls that the generator wrote for each operation.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::fmt;
use std::pin::Pin;

use dintero::rt::Operation;
use dintero::{Client, ErrorKind};

/// A complete call, if its values could be made.
pub type Built<O> = Result<O, Box<dyn std::error::Error>>;

/// Sends a call.
pub type Run = fn(&Client) -> Pin<Box<dyn Future<Output = Result<(), Failed>>>>;

/// The calls of one operation.
pub struct Call {
    /// Its name in errors: `payments.capture_transaction`.
    pub name: &'static str,
    /// `POST`.
    pub method: &'static str,
    /// With placeholders, as in the document.
    pub path: &'static str,
    /// With what it needs.
    pub minimal: Option<Run>,
    /// With everything that can be set.
    pub full: Option<Run>,
    /// What is set in neither, and why.
    pub left_out: &'static [&'static str],
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The calls of one document.
#[derive(Debug)]
pub struct Calls {
    /// A file of `spec/`.
    pub document: &'static str,
    /// Every operation.
    pub calls: &'static [Call],
    /// Members of objects that are in no call, and why.
    pub left_out: &'static [&'static str],
}

/// A call that gave an error.
#[derive(Debug)]
pub struct Failed {
    /// The error.
    pub error: dintero::Error,
    /// Why the documented failure could not be read; nothing where it could, or where it is not documented.
    pub failure: Option<String>,
}

/// Sends a call and forgets its answer.
pub fn sent<O: Operation>(
    client: &Client,
    built: Built<O>,
) -> Pin<Box<dyn Future<Output = Result<(), Failed>>>> {
    let operation = built.unwrap_or_else(|error| panic!("{}: {error}", O::INFO.name));
    let sending = client.send(operation);
    Box::pin(async move {
        let answer = match sending.await {
            // An example of the document, which is about whatever object it likes.
            Err(error) if error.kind() == ErrorKind::Mismatch => Ok(()),
            answer => answer.map(drop),
        };
        answer.map_err(|error| {
            let failure = error.error_body::<O>();
            let failure = failure.and_then(|failure| failure.err().map(|why| why.to_string()));
            Failed { error, failure }
        })
    })
}
