//! A sandbox that runs, through its control API.

use std::fmt::Write as _;

use dintero_sandbox::{About, Delivery};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::arguments::Remote;
use super::{Failure, print};

/// The names and secrets of a sandbox.
#[derive(Debug, Deserialize)]
pub(super) struct Info {
    pub(super) now: dintero::Timestamp,
    pub(super) account: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) callback_secret: Option<String>,
}

/// A sandbox that runs.
pub(super) struct Control {
    url: String,
    http: reqwest::Client,
}

impl Control {
    pub(super) fn new(url: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self {
            url: url.to_owned(),
            http,
        })
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, Failure> {
        let mut request = self
            .http
            .request(method, format!("{}/sandbox/api{path}", self.url));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await.map_err(|error| {
            let why = if error.is_builder() { "that is not a URL" } else { "is it running?" };
            Failure::Failed(format!(
                "no sandbox responds at {}: {why} Its address is set with --url or DINTERO_SANDBOX_URL.",
                self.url
            ))
        })?;
        let status = response.status();
        let text = response.text().await?;
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        if !status.is_success() {
            let message = value["error"]["message"].as_str();
            let message = message.map_or_else(
                || format!("{} responded with {status}", self.url),
                str::to_owned,
            );
            return Err(Failure::Failed(message));
        }
        serde_json::from_value(value)
            .map_err(|_| Failure::Failed(format!("{} is not a sandbox of this version", self.url)))
    }

    pub(super) async fn info(&self) -> Result<Info, Failure> {
        self.send(reqwest::Method::GET, "", None).await
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Value,
    ) -> Result<T, Failure> {
        self.send(reqwest::Method::POST, path, Some(body)).await
    }

    /// Waits until what is due has happened.
    pub(super) async fn settled(&self) -> Result<(), Failure> {
        let _: Value = self.send(reqwest::Method::GET, "/settled", None).await?;
        Ok(())
    }

    pub(super) async fn deliveries(&self) -> Result<Vec<Delivery>, Failure> {
        self.send(reqwest::Method::GET, "/deliveries", None).await
    }
}

/// One line for each delivery, and one for each error.
pub(super) fn listed<'d>(deliveries: impl IntoIterator<Item = &'d Delivery>) -> String {
    let mut text = String::new();
    for delivery in deliveries {
        let about = match &delivery.about {
            About::Callback { session } => format!("callback of {session}"),
            About::Webhook { event, .. } => format!("webhook {event}"),
            _ => String::new(),
        };
        let last = delivery.attempts.last();
        let status = last
            .and_then(|last| last.status)
            .map(|status| format!(" {status}"));
        let _ = writeln!(
            text,
            "{}  {:9}{}  {about}  {} {}",
            delivery.id,
            delivery.status.to_string(),
            status.unwrap_or_default(),
            delivery.method,
            delivery.url
        );
        let error = delivery.error.as_ref();
        if let Some(error) = error.or_else(|| last?.error.as_ref()) {
            let _ = writeln!(text, "    {error}");
        }
    }
    text
}

pub(super) async fn run(remote: Remote, url: &str) -> Result<(), Failure> {
    let control = Control::new(url)?;
    match remote {
        Remote::Pay {
            session,
            outcome,
            code,
            payment_type,
        } => {
            let body = json!({ "outcome": outcome, "code": code, "payment_type": payment_type });
            let done: Value = control
                .post(&format!("/sessions/{session}/pay"), body)
                .await?;
            for (name, label) in [("transaction_id", "transaction"), ("redirect", "redirect")] {
                if let Some(value) = done[name].as_str() {
                    print(&format!("{label}  {value}\n"))?;
                }
            }
            Ok(())
        }
        Remote::Advance(time) => {
            let body = json!({ "seconds": time.as_secs() });
            let now: Value = control.post("/advance", body).await?;
            control.settled().await?;
            print(&format!("{}\n", now["now"].as_str().unwrap_or_default()))
        }
        Remote::Deliveries => print(&listed(&control.deliveries().await?)),
        Remote::Replay(id) => {
            let _: Value = control
                .post(&format!("/deliveries/{id}/replay"), json!({}))
                .await?;
            control.settled().await?;
            let all = control.deliveries().await?;
            print(&listed(all.iter().filter(|delivery| delivery.id == id)))
        }
        Remote::Fault { fault, operation } => {
            let body = json!({ "fault": fault, "operation": operation });
            let _: Value = control.post("/faults", body).await?;
            print("added\n")
        }
        Remote::Faults => {
            let all: Vec<Value> = control.send(reqwest::Method::GET, "/faults", None).await?;
            let mut text = String::new();
            for one in all {
                let operation = one["operation"].as_str().unwrap_or("any operation");
                let fault = one["fault"].as_str().unwrap_or_default();
                let _ = writeln!(text, "{operation}  {fault}");
            }
            print(&text)
        }
        Remote::ClearFaults => {
            let _: Value = control
                .send(reqwest::Method::DELETE, "/faults", None)
                .await?;
            print("removed\n")
        }
    }
}
