//! The SDK against Prism, a mock server that nobody here wrote, and against the checks that Prism leaves out.

#![allow(missing_docs)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use tests::prism::{self, Prism};
use tests::recorder::Recorder;
use tests::strict::Document;

fn document(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec")).join(name)
}

/// What the tests of a document need, or nothing where Prism is not installed.
fn start(name: &str) -> Option<(Prism, Recorder, Document)> {
    let Some(command) = prism::command() else {
        println!("not run: Prism is not installed; `cargo xtask test` installs it");
        return None;
    };
    let path = document(name);
    let prism = Prism::start(&command, &path).unwrap();
    let recorder = Recorder::start(prism.address()).unwrap();
    let document = Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    Some((prism, recorder, document))
}

/// A request without any client: status and body.
fn raw(recorder: &Recorder, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(recorder.url().trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

#[test]
fn wrong_requests_are_noticed_by_one_or_the_other() {
    let Some((mut prism, recorder, document)) = start("insight.yaml") else {
        return;
    };
    let call = |query: &str, credentials: &str| {
        let path = format!(
            "/accounts/T12345678/insight/kpi/checkout?field=total_amount&transaction_status=CAPTURED{query}"
        );
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{credentials}Accept: application/json\r\n\r\n"
        );
        let (status, _) = raw(&recorder, &request);
        (status, document.check(&recorder.take()[0]))
    };
    let token = "Authorization: Bearer x\r\n";
    let good = "&interval=day&aggregate_functions=%5B%22sum%22%5D";
    assert_eq!(call(good, token), (200, vec![]));
    assert_eq!(call(good, "").0, 401);
    assert_eq!(
        call("&interval=year&aggregate_functions=%5B%22sum%22%5D", token).0 / 100,
        4
    );
    // Prism lets these two pass.
    assert_eq!(
        call("&interval=day&aggregate_functions=sum", token).1.len(),
        1
    );
    assert_eq!(
        call(&format!("{good}&event_created_at=2024"), token)
            .1
            .len(),
        1
    );
    recorder.prefer(Some("code=500"));
    assert_ne!(call(good, token).0, 200);
    prism.alive().unwrap();
}
