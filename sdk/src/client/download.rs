//! Downloads: large responses, chunk by chunk.

mod chunks;
mod file;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH, RANGE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::options::CallOptions;
use super::{Client, Inner, Kind, Prepared, servers};
use crate::retry::Progress;
use crate::rt::{Info, Operation, RawResponse};
use crate::transport::{Backend, Rest, too_large};
use crate::{Error, ErrorKind, RetryPolicy, Secret, trace};
pub use chunks::Chunks;
use file::PartFile;

/// The operation that logs show for downloads from URLs.
static SIGNED_URL: Info = Info {
    name: "download",
    path: "{signed_url}",
    ..Info::USUAL
};

impl Client {
    /// Downloads from a signed URL, such as the `signed_url` of a report.
    ///
    /// The URL itself gives access, so no token, API key or Dintero header is sent. It must be `https` (or `http` to a
    /// loopback address). Redirects are not followed but are errors; if you trust the [`location`](Error::location),
    /// download from it.
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client, url: &str) -> Result<(), dintero::Error> {
    /// let bytes = client
    ///     .download(url)
    ///     .max_bytes(100 << 20)
    ///     .to_file("report.csv")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, url: impl AsRef<str>) -> Download {
        let url = Secret::new(url.as_ref());
        self.downloading(&SIGNED_URL, move |inner, options| {
            inner.signed(url.expose(), options)
        })
    }

    /// Downloads the response of an operation, such as a report or a picture, as received and without holding all of it
    /// in memory.
    pub fn download_response<O: Operation>(&self, operation: O) -> Download {
        let kind = Kind::of(&operation, &self.0.observed.backend);
        self.downloading(kind.info, move |inner, options| {
            let request = operation.request()?;
            let mut prepared = inner.prepare(&kind, request, options)?;
            prepared.streamed = true;
            Ok(prepared)
        })
    }

    fn downloading(
        &self,
        call: &'static Info,
        prepare: impl FnOnce(&Inner, &CallOptions) -> Result<Box<Prepared>, Error>
        + Send
        + Sync
        + 'static,
    ) -> Download {
        Download {
            client: self.clone(),
            call,
            prepare: Box::new(prepare),
            options: CallOptions::default(),
            limit: None,
            deadline: None,
            progress: Mutex::default(),
        }
    }
}

impl Inner {
    fn signed(&self, url: &str, options: &CallOptions) -> Result<Box<Prepared>, Error> {
        let wrong = |reason: &str| Error::invalid_request("signed_url", reason);
        // The URL is a secret, so no error quotes it.
        let mut url = Url::parse(url).map_err(|_| wrong("is not an absolute URL"))?;
        servers::check_url(&url, &self.settings.plain_http).map_err(wrong)?;
        url.set_fragment(None);
        if let Some(name) = options.query_name() {
            let reason = "can't be added to a signed URL";
            return Err(Error::invalid_request(name, reason));
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if let Some(agent) = self.headers.get(USER_AGENT) {
            headers.insert(USER_AGENT, agent.clone());
        }
        headers.extend(options.headers(&[])?);
        let purpose = self.observed.backend.purpose_of_file(&url);
        Ok(Box::new(Prepared {
            method: Method::GET,
            url,
            headers,
            body: None,
            security: &[],
            repeatable: true,
            redirects: &[],
            needed: Vec::new(),
            timeout: options.limit(),
            most: options.most(),
            streamed: true,
            purpose,
        }))
    }
}

type Prepare = Box<dyn FnOnce(&Inner, &CallOptions) -> Result<Box<Prepared>, Error> + Send + Sync>;
type OnProgress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A download that has not started. [`to_file`](Self::to_file), [`to_writer`](Self::to_writer) or
/// [`chunks`](Self::chunks) starts it.
///
/// The request is retried by the [`RetryPolicy`] until the response starts to arrive; after that, an error ends the
/// download. The client's [`timeout`](crate::ClientBuilder::timeout) limits the wait for the start and for each chunk.
/// The whole download may take an hour, unless [`deadline`](Self::deadline) or that of the [`RetryPolicy`] is set. A
/// download slower than the client's [`min_throughput`](crate::ClientBuilder::min_throughput) fails; the time of the
/// file or writer does not count.
#[must_use = "call `.to_file(…)`, `.to_writer(…)` or `.chunks()` and await it"]
pub struct Download {
    client: Client,
    call: &'static Info,
    prepare: Prepare,
    options: CallOptions,
    limit: Option<u64>,
    /// Overrides the deadline of the policy.
    deadline: Option<Duration>,
    /// Never locked. Makes the download `Sync` although the function is not.
    progress: Mutex<Option<OnProgress>>,
}

impl Download {
    /// Sets the maximum size in bytes. A larger response fails with [`ErrorKind::TooLarge`], before it is read if its
    /// size is announced. Default: no limit.
    pub fn max_bytes(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets a function that is called after each chunk with the bytes written and the total, if that is announced. It
    /// must not block.
    pub fn on_progress(mut self, tell: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Mutex::new(Some(Box::new(tell)));
        self
    }

    /// Sets the time limit for the start of the response and for each chunk, instead of [the
    /// client's](crate::ClientBuilder::timeout).
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout(limit);
        self
    }

    /// Sets the time limit of the whole download, from the first attempt to the last byte, instead of the
    /// [policy's](RetryPolicy::deadline).
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Adds a header to the request; see [`SendFuture::header`](crate::SendFuture::header).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.header(name.as_ref(), value.as_ref());
        self
    }

    /// Adds a query parameter to the request; see [`SendFuture::query`](crate::SendFuture::query). Not supported for
    /// signed URLs, because it would invalidate the signature.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the retry policy of the request, instead of the client's. A deadline that was set in it applies to the
    /// whole download.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry(policy);
        self
    }

    /// Writes to a file, replacing an existing one. Returns its size in bytes.
    ///
    /// The file gets its name once everything has arrived. Until then it is a hidden file in the same folder, which is
    /// removed if the download fails or is dropped. On Unix only its owner can read it (mode 0600), because reports and
    /// settlements contain personal data.
    ///
    /// # Errors
    /// The errors of a call; [`ErrorKind::TooLarge`]; [`ErrorKind::Transport`] if the response is cut off or differs
    /// from its announced length; [`ErrorKind::TooSlow`]; [`ErrorKind::Output`] if the file can't be written;
    /// [`ErrorKind::Timeout`] if the whole download takes too long; [`ErrorKind::Decode`] if the server sends a part
    /// (206) without a `Range` header in the request.
    pub async fn to_file(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        let call = self.call;
        let limit = self.whole_limit();
        let http = Arc::clone(&self.client.0.observed.backend);
        let work = async {
            let (mut body, tell) = self.begin().await?;
            let part = PartFile::create(path).await;
            let mut part = part.map_err(|error| body.not_written(error))?;
            let size = body.write(&mut part.file, tell).await?;
            let finished = part.finish().await;
            finished.map_err(|error| body.not_written(error))?;
            Ok(size)
        };
        let span = trace::Call::begin(call);
        let outcome = span.within(limited(&http, limit, work)).await;
        let outcome = outcome.map_err(|error: Error| error.of(call));
        span.end(outcome.as_ref().err());
        outcome
    }

    /// Writes to a writer and flushes it. Returns the number of bytes. If it fails, a part may have been written.
    ///
    /// # Errors
    /// The errors of [`to_file`](Self::to_file).
    pub async fn to_writer(self, writer: impl AsyncWrite + Unpin) -> Result<u64, Error> {
        let call = self.call;
        let limit = self.whole_limit();
        let http = Arc::clone(&self.client.0.observed.backend);
        let work = async {
            let (mut body, tell) = self.begin().await?;
            body.write(writer, tell).await
        };
        let span = trace::Call::begin(call);
        let outcome = span.within(limited(&http, limit, work)).await;
        let outcome = outcome.map_err(|error: Error| error.of(call));
        span.end(outcome.as_ref().err());
        outcome
    }

    /// Starts the download. Returns its chunks while they arrive, for code that is neither a file nor a writer, such as
    /// the response of your own server.
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client, url: &str) -> Result<(), dintero::Error> {
    /// let mut chunks = client.download(url).chunks().await?;
    /// let mut size = 0;
    /// while let Some(chunk) = chunks.try_next().await? {
    ///     size += chunk.len();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The errors of a call; [`ErrorKind::TooLarge`] if the announced size exceeds the limit; [`ErrorKind::Decode`] if the
    /// server sends a part (206) without a `Range` header in the request.
    pub async fn chunks(self) -> Result<Chunks, Error> {
        let call = self.call;
        let limit = self.whole_limit();
        let http = Arc::clone(&self.client.0.observed.backend);
        let begun = std::time::Instant::now();
        let span = trace::Call::begin(call);
        let outcome = span.within(limited(&http, limit, self.begin())).await;
        match outcome.map_err(|error: Error| error.of(call)) {
            Ok((body, tell)) => {
                let left = limit.map(|limit| (limit, limit.saturating_sub(begun.elapsed())));
                Ok(Chunks::new(call, body, tell, left, span))
            }
            Err(error) => {
                span.end(Some(&error));
                Err(error)
            }
        }
    }

    fn whole_limit(&self) -> Option<Duration> {
        let policy = self.options.policy();
        let policy = policy.unwrap_or(&self.client.0.settings.retry);
        self.deadline.or_else(|| policy.download_limit())
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn with(mut self, all: CallOptions) -> Self {
        self.options = all;
        self
    }

    async fn begin(self) -> Result<(Body, Option<OnProgress>), Error> {
        let inner = Arc::clone(&self.client.0);
        let prepared = (self.prepare)(&inner, &self.options);
        let policy = self.options.policy();
        let prepared = prepared.map_err(|error| error.of(self.call))?;
        let progress = Progress::default();
        let received = inner.call(self.call, &prepared, policy, &progress).await;
        let received = received.map_err(|error| prepared.failed(self.call, &progress, error))?;
        let is_part = received.raw.status == StatusCode::PARTIAL_CONTENT;
        if is_part && !prepared.headers.contains_key(RANGE) {
            let reason = "is a part that was not requested";
            let error = Error::handing_on(ErrorKind::Decode, received.raw, reason, None);
            return Err(prepared.failed(self.call, &progress, error));
        }
        let announced = received.raw.headers.get(CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.trim().parse().ok());
        let body = Body {
            head: received.raw,
            rest: received.rest,
            announced,
            limit: self.limit,
        };
        if let (Some(limit), Some(length)) = (self.limit, announced)
            && length > limit
        {
            return Err(body.too_large(limit));
        }
        let progress = self.progress.into_inner();
        Ok((body, progress.unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Waits for a download, up to its deadline.
async fn limited<T>(
    http: &Backend,
    limit: Option<Duration>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(limit) = limit else {
        return work.await;
    };
    http.ready()?;
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or_else(|_| Err(Error::download_deadline(limit)))
}

/// A response that has started to arrive.
struct Body {
    head: RawResponse,
    /// `None` if the response has no body to stream: a documented redirect.
    rest: Option<Rest>,
    announced: Option<u64>,
    limit: Option<u64>,
}

impl Body {
    async fn write(
        &mut self,
        mut writer: impl AsyncWrite + Unpin,
        mut tell: Option<OnProgress>,
    ) -> Result<u64, Error> {
        let mut written = 0_u64;
        if let Some(rest) = &mut self.rest {
            while let Some(piece) = rest.next(&self.head).await? {
                let size = written.saturating_add(piece.len() as u64);
                if let Some(limit) = self.limit.filter(|limit| size > *limit) {
                    return Err(too_large(self.head.clone(), limit));
                }
                let result = writer.write_all(&piece).await;
                result.map_err(|error| not_written(&self.head, error))?;
                written = size;
                if let Some(tell) = &mut tell {
                    tell(written, self.announced);
                }
            }
        }
        let result = writer.flush().await;
        result.map_err(|error| self.not_written(error))?;
        check_length(&self.head, self.announced, written)?;
        Ok(written)
    }

    fn too_large(&self, limit: u64) -> Error {
        too_large(self.head.clone(), limit)
    }

    fn not_written(&self, error: std::io::Error) -> Error {
        not_written(&self.head, error)
    }
}

/// Checks the size of a complete download.
fn check_length(head: &RawResponse, announced: Option<u64>, size: u64) -> Result<(), Error> {
    match announced {
        Some(announced) if announced != size => {
            let reason = format!("is {size} bytes long instead of {announced}");
            let head = head.clone();
            Err(Error::handing_on(ErrorKind::Transport, head, reason, None))
        }
        _ => Ok(()),
    }
}

fn not_written(head: &RawResponse, error: std::io::Error) -> Error {
    Error::handing_on(ErrorKind::Output, head.clone(), "", Some(error))
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.call.name)
            .field("max_bytes", &self.limit)
            .finish_non_exhaustive()
    }
}
