//! Calls of every operation and values of every union of another company's API, by its generated crate. Compiled and
//! run by `tests/tests/others`, which writes `calls.rs` and `unions.rs` beside it, and the name of the crate instead of
//! `the_api`.

mod calls;
mod unions;

use std::io::{BufRead, Write};
use std::pin::Pin;
use std::time::Duration;

use dintero::rt::serde::{Serialize, de::DeserializeOwned};
use dintero::rt::Operation;
use dintero::{Client, ErrorKind, RetryPolicy, Timestamp};
use serde_json::{Value, json};

/// A complete call, if its values could be made.
type Built<O> = Result<O, Box<dyn std::error::Error>>;

/// Sends a call and says what came of it.
type Run = fn(&Client) -> Pin<Box<dyn Future<Output = Value>>>;

/// The calls of one operation.
struct Call {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    /// With the required values.
    minimal: Option<Run>,
    /// With everything that can be set.
    full: Option<Run>,
    /// What is set in neither, and why.
    left_out: &'static [&'static str],
}

/// A union.
struct Union {
    name: &'static str,
    /// Reads a value and writes it back; with the name of the type that it was read as.
    through: fn(&[u8]) -> Result<(&'static str, Value), String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1) {
        Some(url) => {
            let done = std::env::args().nth(2).and_then(|done| done.parse().ok());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(call(url, done.unwrap_or(0)))
        }
        None => read(),
    }
}

/// Makes all calls but the first ones; a line of JSON for each. Ends where the server is gone.
async fn call(url: String, done: usize) -> Result<(), Box<dyn std::error::Error>> {
    // The first response of an operation takes Prism long, on a busy machine very long.
    let limit = Duration::from_secs(300);
    let client = the_api::client()
        .base_url(url)
        .bearer_token("token")
        .basic_auth("user", "password")
        .api_key("key")
        .timeout(limit)
        .retry(RetryPolicy::none().deadline(limit))
        .build()?;
    let mut out = std::io::stdout().lock();
    let all = calls::CALLS.iter();
    let all = all.flat_map(|call| [(call, "minimal", call.minimal), (call, "full", call.full)]);
    for (call, label, run) in all.skip(done) {
        let mut line = match run {
            Some(run) => run(&client).await,
            None => json!({"outcome": "not written"}),
        };
        line["name"] = call.name.into();
        line["operation"] = format!("{} {}", call.method, call.path).into();
        line["label"] = label.into();
        line["left_out"] = call.left_out.into();
        writeln!(out, "{line}")?;
        if line["outcome"] == "lost" {
            return Ok(());
        }
    }
    let left_out = json!({"outcome": "left out", "left_out": calls::LEFT_OUT});
    writeln!(out, "{left_out}")?;
    Ok(())
}

fn sent<O: Operation>(client: &Client, built: Built<O>) -> Pin<Box<dyn Future<Output = Value>>> {
    let operation = match built {
        Ok(operation) => operation,
        Err(error) => {
            let line = json!({"outcome": "not built", "why": error.to_string()});
            return Box::pin(async { line });
        }
    };
    let sending = client.send(operation);
    Box::pin(async move {
        let error = match sending.await {
            Ok(_) => return json!({"outcome": "ok"}),
            // An example of the document, which is about whatever object it likes.
            Err(error) if error.kind() == ErrorKind::Mismatch => return json!({"outcome": "ok"}),
            Err(error) => error,
        };
        let raw = error.raw();
        let violations = raw.and_then(|raw| raw.headers.get("sl-violations")?.to_str().ok());
        let violations: Value = violations.map_or(Value::Null, |text| {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        });
        let body = error.body().map(|body| String::from_utf8_lossy(body).into_owned());
        let outcome = match error.kind() {
            ErrorKind::Decode => "unreadable",
            _ if error.status().is_some() => "refused",
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => "lost",
            _ => "not sent",
        };
        json!({
            "outcome": outcome,
            "why": error.to_string(),
            "status": error.status().map(|status| status.as_u16()),
            "violations": violations,
            "body": body,
        })
    })
}

/// Reads a line of JSON for each value: its union, and its text.
fn read() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let union = unions::UNIONS.iter().find(|union| line["union"] == union.name);
        let union = union.ok_or_else(|| format!("no union {}", line["union"]))?;
        let value = &line["value"];
        let came = match (union.through)(value.to_string().as_bytes()) {
            Ok((read_as, written)) => {
                json!({"read_as": read_as, "is_equal": is_same(value, &written), "written": written})
            }
            Err(why) => json!({"why": why}),
        };
        writeln!(out, "{came}")?;
    }
    Ok(())
}

fn through<T: DeserializeOwned + Serialize>(
    json: &[u8],
    name: fn(&T) -> &'static str,
) -> Result<(&'static str, Value), String> {
    let value: T = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    let written = serde_json::from_str(&written).map_err(|error| error.to_string())?;
    Ok((name(&value), written))
}

/// Whether two values mean the same: 1 and 1.0, a point in time whatever its offset, and a member that is `null` or
/// missing.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::String(one), Value::String(other)) if one != other => {
            let (one, other) = (Timestamp::parse(one), Timestamp::parse(other));
            matches!((one, other), (Ok(one), Ok(other)) if one == other)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_there = |(name, value)| is_same(value, other.get(name).unwrap_or(&Value::Null));
            let is_new = |(name, value): (&String, &Value)| !value.is_null() && !one.contains_key(name);
            one.iter().all(is_there) && !other.iter().any(is_new)
        }
        _ => one == other,
    }
}
