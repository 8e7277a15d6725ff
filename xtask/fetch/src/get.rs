//! A document over HTTP.

use std::error::Error;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use tokio::time::{sleep, timeout};

use crate::part::{self, Head, Part};
use crate::store::Files;
use crate::{MAX_BYTES, Order, Outcome, Stored, Wanted, idle, is_loopback, sha256, url};

/// Attempts for a document.
const ATTEMPTS: u32 = 3;
/// Maximum number of redirects of an attempt.
const REDIRECTS: usize = 5;
/// Delay before the second attempt; doubled before the third.
const DELAY: Duration = Duration::from_millis(500);

/// Why an attempt failed.
struct Trouble {
    why: String,
    /// Whether another attempt may succeed.
    again: bool,
    /// Delay that the server asks for.
    after: Option<Duration>,
}

impl Trouble {
    fn last(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            again: false,
            after: None,
        }
    }

    fn again(why: impl Into<String>) -> Self {
        Self {
            again: true,
            ..Self::last(why)
        }
    }
}

pub(crate) fn client(order: &Order) -> Result<Client, String> {
    let mut builder = Client::builder()
        .user_agent("dintero-xtask")
        .connect_timeout(idle(order))
        .redirect(Policy::custom(|attempt| {
            match redirect(attempt.previous(), attempt.url()) {
                Ok(()) => attempt.follow(),
                Err(why) => attempt.error(why),
            }
        }));
    let is_local = |wanted: &Wanted| url(&wanted.address).is_ok_and(|url| is_loopback(&url));
    if order.documents.iter().all(is_local) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| format!("no HTTP client: {}", chain(&error)))
}

/// Whether a redirect is followed. Only a document of this machine may come from it.
fn redirect(previous: &[Url], to: &Url) -> Result<(), String> {
    if previous.len() > REDIRECTS {
        return Err(format!("more than {REDIRECTS} redirects"));
    }
    let may_be_local = previous.first().is_some_and(is_loopback);
    if to.scheme() == "https" || (may_be_local && is_loopback(to)) {
        return Ok(());
    }
    Err(format!("it redirects to {to}, which is not https"))
}

/// Fetches a document, in several attempts if necessary.
pub(crate) async fn document(client: &Client, order: &Order, wanted: &Wanted) -> Outcome {
    let files = match Files::new(&order.folder, &wanted.name) {
        Ok(files) => files,
        Err(why) => return Outcome::Failed { why },
    };
    if let Err(why) = url(&wanted.address) {
        return Outcome::Failed { why };
    }
    let mut last = None;
    let all = attempts(client, order, wanted, &files, &mut last);
    let why = match timeout(Duration::from_secs(order.seconds), all).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(why)) => why,
        Err(_) => {
            let last = last.map_or(String::new(), |why| format!("; before, {why}"));
            format!("it was not complete after {} seconds{last}", order.seconds)
        }
    };
    let kept = Part::read(&files.part(), &wanted.address);
    let kept = kept.map_or(String::new(), |part| {
        let bytes = part.bytes.len();
        format!("; {bytes} bytes are kept, and the next run continues there")
    });
    Outcome::Failed {
        why: format!("{why}{kept}"),
    }
}

async fn attempts(
    client: &Client,
    order: &Order,
    wanted: &Wanted,
    files: &Files,
    last: &mut Option<String>,
) -> Result<Outcome, String> {
    let mut delay = DELAY;
    for left in (0..ATTEMPTS).rev() {
        let trouble = match attempt(client, order, wanted, files).await {
            Ok(outcome) => return Ok(outcome),
            Err(trouble) => trouble,
        };
        if !trouble.again || left == 0 {
            return Err(trouble.why);
        }
        *last = Some(trouble.why);
        sleep(trouble.after.unwrap_or(delay)).await;
        delay *= 2;
    }
    Err(String::new())
}

async fn attempt(
    client: &Client,
    order: &Order,
    wanted: &Wanted,
    files: &Files,
) -> Result<Outcome, Trouble> {
    let known = files.known(&wanted.address);
    let part = Part::read(&files.part(), &wanted.address);
    // A range of a compressed document would be no range of the document.
    let mut request = client
        .get(&wanted.address)
        .header(ACCEPT_ENCODING, "identity");
    if let Some(known) = &known {
        match (&known.etag, &known.last_modified) {
            (Some(etag), _) => request = request.header(IF_NONE_MATCH, etag),
            (None, Some(date)) => request = request.header(IF_MODIFIED_SINCE, date),
            (None, None) => {}
        }
    }
    if let Some(part) = &part {
        request = request
            .header(RANGE, format!("bytes={}-", part.from()))
            .header(IF_RANGE, &part.head.etag);
    }
    let sent = timeout(idle(order), request.send()).await;
    let response = sent
        .map_err(|_| Trouble::again("there was no response in time"))?
        .map_err(|error| {
            let why = chain(&error);
            if error.is_redirect() || error.is_builder() {
                Trouble::last(why)
            } else {
                Trouble::again(why)
            }
        })?;
    match (response.status(), known, part) {
        (StatusCode::NOT_MODIFIED, Some(stored), _) => {
            files.remove_part().map_err(Trouble::last)?;
            Ok(Outcome::Unchanged { stored })
        }
        (StatusCode::PARTIAL_CONTENT, _, Some(part)) => {
            rest(order, wanted, files, response, part).await
        }
        (StatusCode::OK, ..) => whole(order, wanted, files, response).await,
        (StatusCode::RANGE_NOT_SATISFIABLE, _, Some(_)) => {
            files.remove_part().map_err(Trouble::last)?;
            Err(Trouble::again(
                "the part of an earlier run is not of this document",
            ))
        }
        _ => Err(refused(&response)),
    }
}

/// An error response.
fn refused(response: &Response) -> Trouble {
    let status = response.status();
    let why = format!("the response was {status}");
    let may_pass = status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT;
    if !may_pass {
        return Trouble::last(why);
    }
    let after = text(response.headers(), &RETRY_AFTER).and_then(|text| text.parse().ok());
    Trouble {
        after: after.map(Duration::from_secs),
        ..Trouble::again(why)
    }
}

/// Reads a document from its first byte.
async fn whole(
    order: &Order,
    wanted: &Wanted,
    files: &Files,
    response: Response,
) -> Result<Outcome, Trouble> {
    let headers = response.headers().clone();
    let is_chunked = text(&headers, &TRANSFER_ENCODING).is_some_and(|way| way.contains("chunked"));
    if response.content_length().is_none() && !is_chunked {
        return Err(Trouble::last(
            "the response does not state its length: a part would look like the document",
        ));
    }
    if response
        .content_length()
        .is_some_and(|length| length > MAX_BYTES)
    {
        return Err(too_large());
    }
    let encoding = text(&headers, &CONTENT_ENCODING).unwrap_or_default();
    let etag = text(&headers, &ETAG);
    let is_strong = |etag: &String| etag.starts_with('"') && encoding.is_empty();
    let mut file = match etag.clone().filter(is_strong) {
        Some(etag) => {
            let address = wanted.address.clone();
            let begun = part::begin(&files.part(), &Head { address, etag });
            Some(begun.map_err(|error| unwritten(files, &error))?)
        }
        None => {
            files.remove_part().map_err(Trouble::last)?;
            None
        }
    };
    let mut bytes = Vec::new();
    read(order, response, |chunk| {
        bytes.extend_from_slice(chunk);
        if bytes.len() as u64 > MAX_BYTES {
            files.remove_part().map_err(Trouble::last)?;
            return Err(too_large());
        }
        append(files, file.as_mut(), chunk)
    })
    .await?;
    let bytes = match encoding.as_str() {
        "" | "identity" => bytes,
        "gzip" | "x-gzip" => unzipped(&bytes)?,
        other => {
            return Err(Trouble::last(format!(
                "the response has the encoding `{other}`, which was not asked for"
            )));
        }
    };
    finish(wanted, files, &headers, bytes, 0)
}

/// Reads what follows a part.
async fn rest(
    order: &Order,
    wanted: &Wanted,
    files: &Files,
    response: Response,
    part: Part,
) -> Result<Outcome, Trouble> {
    let headers = response.headers().clone();
    let restart = |why: &str| {
        files.remove_part().map_err(Trouble::last)?;
        Err(Trouble::again(why))
    };
    let range = text(&headers, &CONTENT_RANGE).unwrap_or_default();
    let total = total_from(&range, part.from());
    let etag = text(&headers, &ETAG);
    let is_other = etag.is_some_and(|etag| etag != part.head.etag);
    let Some(total) = total.filter(|_| !is_other) else {
        return restart("the response has another range than asked for");
    };
    if total > MAX_BYTES {
        return Err(too_large());
    }
    let mut file = part
        .open(&files.part())
        .map_err(|error| unwritten(files, &error))?;
    let kept = part.bytes.len();
    let (before, expected) = part.bytes.split_at(part.from());
    let mut fresh = Vec::new();
    let mut is_damaged = false;
    let outcome = read(order, response, |chunk| {
        let from = fresh.len().max(expected.len());
        fresh.extend_from_slice(chunk);
        let known = fresh.len().min(expected.len());
        if fresh.get(..known) != expected.get(..known) {
            is_damaged = true;
            return Err(Trouble::again(""));
        }
        if (before.len() + fresh.len()) as u64 > total {
            return Err(Trouble::last("the response is longer than it states"));
        }
        append(
            files,
            Some(&mut file),
            fresh.get(from..).unwrap_or_default(),
        )
    })
    .await;
    if is_damaged {
        return restart("the part of an earlier run is not a part of the document");
    }
    outcome?;
    let bytes = [before, &fresh].concat();
    if bytes.len() as u64 != total {
        return Err(Trouble::again(format!(
            "the response ended after {} of {total} bytes",
            bytes.len()
        )));
    }
    finish(wanted, files, &headers, bytes, kept as u64)
}

/// Reads a body to its end.
async fn read(
    order: &Order,
    mut response: Response,
    mut take: impl FnMut(&[u8]) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut count = 0;
    loop {
        let chunk = timeout(idle(order), response.chunk()).await;
        let ended = |why: String| Trouble::again(format!("after {count} bytes, {why}"));
        let chunk = chunk
            .map_err(|_| ended("no more came in time".to_owned()))?
            .map_err(|error| ended(chain(&error)))?;
        let Some(chunk) = chunk else {
            return Ok(());
        };
        count += chunk.len();
        take(&chunk)?;
    }
}

fn append(files: &Files, file: Option<&mut File>, chunk: &[u8]) -> Result<(), Trouble> {
    let Some(file) = file else {
        return Ok(());
    };
    file.write_all(chunk)
        .map_err(|error| unwritten(files, &error))
}

/// Checks a whole body, and makes it the file.
fn finish(
    wanted: &Wanted,
    files: &Files,
    headers: &HeaderMap,
    bytes: Vec<u8>,
    resumed: u64,
) -> Result<Outcome, Trouble> {
    if let Err(why) = check(&bytes) {
        files.remove_part().map_err(Trouble::last)?;
        return Err(Trouble::last(why));
    }
    let stored = Stored {
        address: wanted.address.clone(),
        etag: text(headers, &ETAG),
        last_modified: text(headers, &LAST_MODIFIED),
        sha256: sha256(&bytes),
        bytes: bytes.len() as u64,
    };
    files.put(&bytes, &stored).map_err(Trouble::last)?;
    Ok(Outcome::Fetched { stored, resumed })
}

const PAGE: &str = "the response is a web page, not a document";

/// Checks that bytes are the text of an OpenAPI document, without reading it.
fn check(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("the response is not UTF-8 text: {error}"))?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        return Err(PAGE.to_owned());
    }
    let is_json = start.starts_with('{');
    let states_version = |line: &str| {
        let key = line.trim_start_matches(['\'', '"']);
        key.starts_with("openapi") || key.starts_with("swagger")
    };
    let is_document = match is_json {
        true => start.contains("\"openapi\"") || start.contains("\"swagger\""),
        false => start.lines().any(states_version),
    };
    if is_document {
        return Ok(());
    }
    Err(
        "the response is not an OpenAPI document: it has neither `openapi` nor `swagger`"
            .to_owned(),
    )
}

/// Decodes a body that is compressed although that was not asked for.
fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| Trouble::again(format!("the compressed response is damaged: {error}")))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    Ok(text)
}

fn too_large() -> Trouble {
    Trouble::last(format!("the document has more than {MAX_BYTES} bytes"))
}

fn unwritten(files: &Files, error: &std::io::Error) -> Trouble {
    let path = files.part();
    Trouble::last(format!("can't write {}: {error}", path.display()))
}

/// The length of the document, if a `Content-Range` goes from this byte to its end.
fn total_from(range: &str, from: usize) -> Option<u64> {
    let (bounds, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = bounds.split_once('-')?;
    let (start, end, total): (u64, u64, u64) =
        (start.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    (start == from as u64 && end.checked_add(1)? == total).then_some(total)
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.trim().to_owned())
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        // Some errors have the text of their cause in theirs.
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn redirects_to_https_and_from_this_machine_to_itself() {
        let follows = |from: &str, to: &str| {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            redirect(&[from], &to).is_ok()
        };
        let (local, remote) = ("http://127.0.0.1:1/a", "https://docs.example.com/a");
        assert!(follows(remote, "https://cdn.example.com/a"));
        assert!(follows(local, "http://[::1]:2/b"));
        assert!(follows(local, "http://localhost:2/b"));
        assert!(follows(local, remote));
        assert!(!follows(remote, local));
        assert!(!follows(remote, "http://docs.example.com/a"));
        assert!(!follows(local, "http://docs.example.com/a"));
        assert!(!follows(local, "file:///etc/passwd"));
        let url = Url::parse(remote).unwrap();
        assert!(redirect(&vec![url.clone(); REDIRECTS], &url).is_ok());
        assert!(redirect(&vec![url.clone(); REDIRECTS + 1], &url).is_err());
    }

    #[test]
    fn ranges_to_the_end() {
        assert_eq!(total_from("bytes 4-9/10", 4), Some(10));
        for (range, from) in [
            ("bytes 4-9/10", 5),
            ("bytes 4-8/10", 4),
            ("bytes 4-9/*", 4),
            ("bytes */10", 4),
            ("items 4-9/10", 4),
            ("", 0),
        ] {
            assert_eq!(total_from(range, from), None, "{range}");
        }
    }

    #[test]
    fn documents_and_others() {
        for text in [
            "openapi: 3.1.0\n",
            "# a comment\nswagger: '2.0'\n",
            "---\n\"openapi\": 3.0.0\n",
            "\u{feff}{\"openapi\": \"3.0.0\"}",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
        for text in [
            "",
            "<!doctype html>\nopenapi: 3",
            "title: openapi\n",
            "{\"a\": 1}",
        ] {
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
        assert!(check(&[0xff, 0xfe]).is_err());
    }
}
