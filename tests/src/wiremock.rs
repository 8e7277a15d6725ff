//! WireMock, a server that misbehaves on demand and counts what it got.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::process::Command;

use serde_json::{Value, json};

use crate::counterpart::{self, Process};

/// A running WireMock.
#[derive(Debug)]
pub struct WireMock {
    process: Process,
    https: String,
    admin: reqwest::Client,
}

impl WireMock {
    /// Starts WireMock. Nothing where it is not installed.
    #[must_use]
    pub fn start() -> Option<Self> {
        let usual = "node_modules/wiremock/build/wiremock-standalone-3.13.2.jar";
        let jar = counterpart::find("DINTERO_TEST_WIREMOCK", usual, "WireMock")?;
        let java = Command::new("java").arg("-version").output();
        if !java.is_ok_and(|output| output.status.success()) {
            assert!(std::env::var_os("CI").is_none(), "Java is not installed");
            println!("not run: WireMock needs Java 17 or newer");
            return None;
        }
        let (http, https) = (
            counterpart::free_address().unwrap(),
            counterpart::free_address().unwrap(),
        );
        let mut command = Command::new("java");
        command
            .args(["-Xmx128m", "-jar"])
            .arg(jar)
            .args(["--port", &http.port().to_string()])
            .args(["--https-port", &https.port().to_string()])
            .args(["--bind-address", "127.0.0.1", "--disable-banner"])
            .args(["--root-dir".as_ref(), std::env::temp_dir().as_os_str()]);
        Some(Self {
            process: Process::start(&mut command, http).unwrap(),
            https: format!("https://{https}"),
            admin: reqwest::Client::builder().no_proxy().build().unwrap(),
        })
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.process.url()
    }

    /// Its base URL with a certificate that nobody has signed.
    #[must_use]
    pub fn https_url(&self) -> &str {
        &self.https
    }

    /// Forgets everything and answers like this from now on, the last answer for ever.
    pub async fn answer(&self, answers: &[Value]) {
        self.admin("reset", &Value::Null).await;
        for (number, answer) in answers.iter().enumerate() {
            let state = |number: usize| match number {
                0 => "Started".to_owned(),
                number => number.to_string(),
            };
            let next = (number + 1).min(answers.len() - 1);
            let mapping = json!({
                "request": { "urlPathPattern": "/.*" },
                "response": answer,
                "scenarioName": "answers",
                "requiredScenarioState": state(number),
                "newScenarioState": state(next),
            });
            self.admin("mappings", &mapping).await;
        }
    }

    /// How many requests arrived since the answers were set.
    pub async fn requests(&self) -> u64 {
        let count = self.admin("requests/count", &json!({})).await;
        count["count"].as_u64().unwrap()
    }

    async fn admin(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/__admin/{path}", self.url());
        let sent = self.admin.post(url).body(body.to_string()).send();
        let response = sent.await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
    }
}
