//! Downloads from signed URLs, as an operation for rules.

use std::fmt;

use bytes::Bytes;
use http::Method;
use reqwest::Url;

use crate::Error;
use crate::rt::{Info, Json, Operation, Request, Server};

static SERVER: Server = Server { url: "" };

/// A [download](crate::Client::download) from a signed URL. The response is the file.
///
/// ```
/// use dintero::mock::{FetchFile, Mock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), dintero::Error> {
/// let mock = Mock::new();
/// mock.on::<FetchFile>()
///     .when(|call| call.url().contains("/report.csv?"))
///     .value("day;amount".into());
///
/// let mut file = Vec::new();
/// let url = "https://files.example/report.csv?signature=abc";
/// assert_eq!(mock.client().download(url).to_writer(&mut file).await?, 10);
/// assert_eq!(file, b"day;amount");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FetchFile(String);

impl FetchFile {
    pub(crate) fn new(url: &Url) -> Self {
        Self(url.as_str().to_owned())
    }

    /// Returns the signed URL. It gives access to the file: use it in tests, don't log it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl Operation for FetchFile {
    type Output = Bytes;
    type ErrorResponse = Json;
    type Headers = ();

    const INFO: &'static Info = &Info {
        name: "download",
        method: &Method::GET,
        path: "{signed_url}",
        server: &SERVER,
        accept: "*/*",
        ..Info::USUAL
    };

    /// Messages don't show the URL.
    fn request(&self) -> Result<Request, Error> {
        Err(Error::configuration("signed_url", "is a secret"))
    }
}

/// Hides the URL.
impl fmt::Debug for FetchFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FetchFile").finish_non_exhaustive()
    }
}
