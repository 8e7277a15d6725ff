//! Which rule replies to which call, and what is said when none does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};

use dintero::mock::{Mock, MockResponse, value};
use dintero::payments::{
    CaptureTransaction, ErrorBody, ErrorDetails, RefundTransaction, Transaction,
};
use dintero::{Amount, ErrorKind};

use crate::{capture, captured, id, mocked, send};

fn asked(call: &CaptureTransaction) -> i64 {
    call.body.amount.unwrap_or_default().minor_units()
}

/// What `verify` panics with.
fn complaint(mock: &Mock) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| mock.verify())).err()?;
    panic.downcast_ref::<String>().cloned()
}

#[tokio::test]
async fn the_first_rule_that_fits_replies() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>()
        .fallback()
        .value(captured(0));
    mock.on::<CaptureTransaction>()
        .when(|call| call.body.amount == Some(Amount::minor(2)))
        .value(captured(2));
    mock.on::<CaptureTransaction>()
        .when(|call| call.body.amount > Some(Amount::minor(1)))
        .value_with(|call| captured(asked(call) * 10));
    mock.on::<RefundTransaction>().optional().value(captured(7));
    assert_eq!(send(&client, 2).await.unwrap(), captured(2));
    assert_eq!(send(&client, 3).await.unwrap(), captured(30));
    assert_eq!(send(&client, 1).await.unwrap(), captured(0));
    mock.verify();

    let calls = mock.calls::<CaptureTransaction>();
    let amounts: Vec<i64> = calls.iter().map(asked).collect();
    assert_eq!(amounts, [2, 3, 1]);
    assert_eq!(calls[0].transaction_id, id());
    assert_eq!(calls[0].body.capture_reference, None);
    assert!(mock.calls::<RefundTransaction>().is_empty());
}

#[tokio::test]
async fn replies_in_turn_and_rules_that_are_used_up() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>().times(1).value(captured(1));
    mock.on::<CaptureTransaction>().responses([
        MockResponse::error(409, "CONFLICT", "busy"),
        MockResponse::value(&captured(2)),
    ]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(send(&client, 5).await.map_err(|error| error.kind()));
    }
    let two = Ok(captured(2));
    assert_eq!(
        seen,
        [Ok(captured(1)), Err(ErrorKind::Conflict), two.clone(), two]
    );
    mock.verify();
}

#[tokio::test]
async fn a_complete_call_is_expected() {
    let (mock, client) = mocked();
    mock.expect(capture(&client, 5)).value(captured(5));
    assert_eq!(send(&client, 5).await.unwrap(), captured(5));
    mock.verify();
    // Once, unless more is asked for.
    assert_eq!(
        send(&client, 5).await.unwrap_err().kind(),
        ErrorKind::Configuration
    );

    // One value more is another call.
    let mock = Mock::new();
    let other = client.payments().capture_transaction(id());
    let other = other.amount(Amount::minor(5)).capture_reference("r-1");
    mock.expect(other.build()).times(2).value(captured(5));
    assert!(send(&mock.client(), 5).await.is_err());
    assert!(
        complaint(&mock)
            .unwrap()
            .contains("responded to 0 of 2 requests")
    );
}

#[tokio::test]
async fn a_call_without_a_rule_says_what_was_sent_and_expected() {
    let (mock, client) = mocked();
    let error = send(&client, 5).await.unwrap_err();
    assert!(
        error.to_string().contains("the mock has no rules"),
        "{error}"
    );

    let line = line!() + 1;
    mock.expect(capture(&client, 6)).value(captured(6));
    mock.on::<CaptureTransaction>()
        .when(|call| call.body.final_capture.is_some())
        .value(captured(7));
    let error = send(&client, 5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!error.may_have_been_sent());
    let file = file!();
    let said = error.to_string();
    for part in [
        "POST /transactions/{id}/capture: configuration: mock: no rule responds to payments.capture_transaction",
        "it sends id = \"P12345678.abc\", amount = 5;",
        &format!("{file}:{line}:10: expects id = \"P12345678.abc\", amount = 6;"),
        "its condition is not met",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let refused = client.payments().get_transaction(id()).send().await;
    let said = refused.unwrap_err().to_string();
    assert!(
        said.contains("there are rules for payments.capture_transaction"),
        "{said}"
    );

    let complaint = complaint(&mock).unwrap();
    let lines: Vec<&str> = complaint.lines().collect();
    // Three calls without a rule, two rules without a call.
    assert_eq!(lines.len(), 6, "{complaint}");
    let unmet = format!(
        "{file}:{line}:10: the rule for payments.capture_transaction responded to 0 of 1 requests"
    );
    assert!(complaint.contains(&unmet), "{complaint}");
}

#[tokio::test]
async fn messages_hold_nothing_secret() {
    let mock = Mock::new();
    let client = dintero::Client::builder().api_key("hunter2").mock(&mock);
    let client = client.build().unwrap();
    let call = client
        .payments()
        .capture_transaction(id())
        .amount(Amount::minor(1));
    let call = call.metadata([("card_number", "4925000000000004"), ("colour", "red")]);
    let said = format!("{:?}", call.send().await.unwrap_err());
    assert!(said.contains("colour") && said.contains("red"), "{said}");
    assert!(
        !said.contains("4925") && !said.contains("hunter2"),
        "{said}"
    );
    let requests = mock.requests();
    assert_eq!(requests[0].headers()["x-api-key"], "hunter2");
    assert!(!format!("{requests:?} {mock:?} {client:?}").contains("hunter2"));
}

#[tokio::test]
async fn failures_and_odd_answers() {
    let (mock, client) = mocked();
    let failure = value(|body: &mut ErrorBody| {
        body.error = Some(Box::new(value(|details: &mut ErrorDetails| {
            details.code = Some("NOT_FOUND".to_owned());
            details.message = Some("gone".to_owned());
        })));
    });
    mock.on::<CaptureTransaction>().responses([
        MockResponse::error(422, "INVALID", "too much"),
        MockResponse::json(404, &failure),
        MockResponse::status(204),
        MockResponse::raw(200, "<html>"),
        MockResponse::status(99),
        MockResponse::value(&captured(1)).header("bad header", ""),
        MockResponse::value(&captured(1))
            .with_status(202)
            .header("event-request-id", "e-1"),
    ]);
    let error = send(&client, 1).await.unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Some("INVALID"), Some("too much"))
    );
    let error = send(&client, 1).await.unwrap_err();
    assert_eq!(
        error.error_body::<CaptureTransaction>().unwrap().unwrap(),
        failure
    );
    for _ in 0..2 {
        let error = send(&client, 1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.call_succeeded());
    }
    for says in [
        "99 is not an HTTP status",
        "\"bad header\" is not a valid header",
    ] {
        let error = send(&client, 1).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let response = client
        .send_with_response(capture(&client, 1))
        .await
        .unwrap();
    assert_eq!(response.status(), 202);
    assert_eq!(response.headers().event_request_id.as_deref(), Some("e-1"));
    assert_eq!(response.into_value(), captured(1));
}

#[tokio::test]
async fn a_reply_may_keep_a_state() {
    let (mock, client) = mocked();
    let left = AtomicI64::new(10);
    let replies = mock.clone();
    mock.on::<CaptureTransaction>().response_with(move |call| {
        // Looking at the mock from a rule blocks nothing.
        assert!(!replies.requests().is_empty());
        let asked = self::asked(call);
        match left.fetch_sub(asked, Ordering::Relaxed) {
            before if before < asked => MockResponse::error(400, "AMOUNT", "more than authorized"),
            before => MockResponse::value(&captured(before - asked)),
        }
    });
    assert_eq!(send(&client, 4).await.unwrap(), captured(6));
    assert_eq!(send(&client, 6).await.unwrap(), captured(0));
    assert_eq!(send(&client, 1).await.unwrap_err().code(), Some("AMOUNT"));
}

#[test]
fn answers_can_be_written() {
    let text = serde_json::to_string(&captured(5)).unwrap();
    assert_eq!(
        serde_json::from_str::<Transaction>(&text).unwrap(),
        captured(5)
    );
}
