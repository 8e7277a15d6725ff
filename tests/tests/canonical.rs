//! Signatures of callbacks against Node.js, whose `URLSearchParams` Dintero signs with: random addresses, signed by both.

#![allow(missing_docs)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use dintero::webhook::CallbackSigner;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

const CASES: usize = 2_000;
const SECONDS: u64 = 1_582_236_537;

/// Reads addresses as lines of JSON and prints a signature for each. Written from Dintero's page, not from our code.
const SCRIPT: &str = r#"
const { createHmac } = require("node:crypto");
const lines = require("node:fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const line of lines) {
    const url = new URL(JSON.parse(line));
    url.searchParams.sort();
    const payload = ["1582236537", "T12345678", "GET", url.hostname, url.pathname, url.searchParams.toString()].join("\n");
    console.log(createHmac("sha256", "the secret").update(payload).digest("hex"));
}
"#;

/// Text as it may stand in a query: what has a meaning there, what is escaped, and letters of every length in UTF-8 and
/// UTF-16.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-cA-C]",
        2 => prop::sample::select(vec!["+", "%20", "*", "-", ".", "_", "~", "!", "'", "(", ")", "/", "?", ":", "@", "$", ",", ";"])
            .prop_map(str::to_owned),
        2 => any::<char>().prop_map(|letter| {
            let mut bytes = [0; 4];
            letter.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect()
        }),
        1 => any::<u8>().prop_map(|byte| format!("%{byte:02x}")),
        1 => prop::sample::select(vec!["%", "%2", "%zz", "="]).prop_map(str::to_owned),
    ];
    vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn address() -> impl Strategy<Value = String> {
    let pair = (text(), proptest::option::of(text())).prop_map(|(name, value)| match value {
        Some(value) => format!("{name}={value}"),
        None => name,
    });
    let path = prop::sample::select(vec![
        "/",
        "/callback",
        "/a/b/",
        "/a%20b",
        "/%C3%A5",
        "/a+b;c=1",
    ]);
    let host = prop::sample::select(vec!["shop.example", "shop.example:8443", "192.0.2.1"]);
    (host, path, vec(pair, 0..7))
        .prop_map(|(host, path, pairs)| format!("https://{host}{path}?{}", pairs.join("&")))
}

#[test]
fn node_signs_the_same() {
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), seed);
    let addresses: Vec<String> = (0..CASES)
        .map(|_| address().new_tree(&mut runner).unwrap().current())
        .collect();
    let theirs = node(&addresses);
    assert_eq!(theirs.len(), addresses.len());

    let signer = CallbackSigner::new("T12345678".parse().unwrap(), "the secret").unwrap();
    let at = UNIX_EPOCH + Duration::from_secs(SECONDS);
    for (address, theirs) in addresses.iter().zip(theirs) {
        let ours = signer.sign("GET", address, at).unwrap();
        assert_eq!(
            ours,
            format!("t={SECONDS},v0-hmac-sha256={theirs}"),
            "{address}"
        );
    }
}

fn node(addresses: &[String]) -> Vec<String> {
    let mut node = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs Node.js 20 or newer");
    let mut input = node.stdin.take().unwrap();
    let lines: String = addresses
        .iter()
        .map(|address| format!("{}\n", serde_json::Value::from(address.as_str())))
        .collect();
    // Node reads everything before it prints anything, so neither waits for the other.
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "node failed");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}
