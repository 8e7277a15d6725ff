//! What the network does wrong, tokens and time.

use std::time::{Duration, Instant};

use dintero::mock::{Fault, FetchToken, Mock, MockResponse, value};
use dintero::payments::{CaptureTransaction, GetTransaction, Settled, TransactionEvent};
use dintero::{Client, ErrorKind, RetryPolicy};

use crate::{captured, id, mocked, send};

#[tokio::test]
async fn faults_are_the_errors_of_a_network() {
    for (fault, kind, may_have_been_sent, attempts) in [
        (Fault::ConnectionRefused, ErrorKind::Connect, false, 3),
        (Fault::ConnectTimeout, ErrorKind::Connect, false, 3),
        (Fault::ConnectionReset, ErrorKind::Transport, true, 1),
        (Fault::Timeout, ErrorKind::Timeout, true, 1),
        (Fault::TruncatedBody, ErrorKind::Transport, true, 1),
        (Fault::MalformedJson, ErrorKind::Decode, true, 1),
    ] {
        let (mock, client) = mocked();
        mock.on::<CaptureTransaction>().fault(fault);
        let error = send(&client, 1).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
        assert_eq!(error.may_have_been_sent(), may_have_been_sent, "{fault:?}");
        assert_eq!(mock.attempts::<CaptureTransaction>(), attempts, "{fault:?}");
        assert_eq!(mock.calls::<CaptureTransaction>().len(), 1);
        assert_eq!(error.attempts() as usize, attempts, "{fault:?}");
        // A truncated or malformed answer began with a success; of the others nobody knows.
        let undecided = matches!(fault, Fault::ConnectionReset | Fault::Timeout);
        let tells = undecided.then_some("get_transaction");
        assert_eq!(error.settled_by(), tells, "{fault:?}");
    }
}

#[tokio::test]
async fn what_only_reads_is_repeated_without_waiting() {
    let (mock, client) = mocked();
    mock.on::<GetTransaction>().responses([
        MockResponse::status(503),
        MockResponse::fault(Fault::Timeout),
        MockResponse::value(&captured(1)),
    ]);
    let policy = RetryPolicy::default().first_delay(Duration::from_secs(20));
    let begun = Instant::now();
    let call = client.payments().get_transaction(id()).send().retry(policy);
    assert_eq!(call.await.unwrap(), captured(1));
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(mock.waits().len(), 2);
    mock.verify();
}

#[tokio::test]
async fn retry_after_and_the_deadline_go_by_the_mock_s_clock() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>()
        .response(MockResponse::rate_limited(Duration::from_secs(20)));
    let policy = RetryPolicy::default()
        .retries(9)
        .deadline(Duration::from_secs(50));
    let call = client.send(crate::capture(&client, 1)).retry(policy);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    // A third wait would end after the deadline.
    assert_eq!(mock.waits(), [Duration::from_secs(20); 2]);
}

#[tokio::test]
async fn a_request_that_times_out_takes_its_time_on_that_clock() {
    let mock = Mock::new();
    let client = Client::builder().api_key("key").mock(&mock);
    let client = client.timeout(Duration::from_secs(40)).build().unwrap();
    mock.on::<GetTransaction>().fault(Fault::Timeout);
    let policy = RetryPolicy::default()
        .retries(9)
        .deadline(Duration::from_secs(100));
    let error = client
        .payments()
        .get_transaction(id())
        .send()
        .retry(policy)
        .await;
    // 40 + 40 + 40 s is more than the deadline.
    assert_eq!(error.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn tokens_come_by_themselves_and_expire() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>().value(captured(1));
    for _ in 0..2 {
        send(&client, 1).await.unwrap();
    }
    assert_eq!(mock.calls::<FetchToken>().len(), 1);
    mock.advance(Duration::from_secs(3600));
    send(&client, 1).await.unwrap();
    assert_eq!(mock.calls::<FetchToken>().len(), 2);

    let requests = mock.requests();
    let lines: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request.method(), request.uri()))
        .collect();
    let token = "POST https://api.dintero.com/v1/accounts/T12345678/auth/token";
    let capture = "POST https://checkout.dintero.com/v1/transactions/P12345678.abc/capture";
    assert_eq!(lines, [token, capture, capture, token, capture]);
    assert_eq!(
        requests[1].headers()["authorization"],
        "Bearer mock-token-1"
    );
    assert_eq!(
        requests[4].headers()["authorization"],
        "Bearer mock-token-2"
    );
    assert_eq!(requests[1].body(), r#"{"amount":1}"#);
    mock.verify();
}

#[tokio::test]
async fn a_token_that_is_refused_is_fetched_anew() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>().responses([
        MockResponse::error(401, "UNAUTHORIZED", "new"),
        MockResponse::error(401, "UNAUTHORIZED", "old"),
        MockResponse::value(&captured(1)),
    ]);
    let error = send(&client, 1).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unauthorized, 1)
    );
    mock.advance(Duration::from_secs(5));
    send(&client, 1).await.unwrap();
    assert_eq!(mock.calls::<FetchToken>().len(), 2);
}

#[tokio::test]
async fn clients_made_of_a_client_are_mocked_too() {
    let (mock, client) = mocked();
    mock.on::<GetTransaction>().value(captured(1));
    let quick = client.to_builder().timeout(Duration::from_secs(1));
    let merchant = client.for_merchant("T87654321".parse().unwrap());
    for client in [quick.build().unwrap(), merchant.unwrap()] {
        client
            .payments()
            .get_transaction(id())
            .send()
            .await
            .unwrap();
    }
    let requests = mock.requests();
    let paths: Vec<&str> = requests
        .iter()
        .map(|request| request.uri().path())
        .collect();
    let read = "/v1/transactions/P12345678.abc";
    assert_eq!(
        paths,
        [
            "/v1/accounts/T12345678/auth/token",
            read,
            "/v1/accounts/T12345678/auth/token",
            "/v1/accounts/T12345678/auth/exchange_token",
            "/v1/accounts/T87654321/auth/token",
            read,
        ]
    );
    mock.verify();
}

#[tokio::test]
async fn tokens_by_rule() {
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>().value(captured(1));
    mock.on::<FetchToken>().responses([
        MockResponse::error(403, "FORBIDDEN", "no grant"),
        MockResponse::value(&"own".to_owned()),
    ]);
    let error = send(&client, 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert_eq!(error.message(), Some("no grant"));
    mock.advance(Duration::from_secs(1));
    send(&client, 1).await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests[2].headers()["authorization"], "Bearer own");
    mock.verify();
}

#[tokio::test]
async fn what_comes_of_a_202_is_waited_for_on_that_clock() {
    let (mock, client) = mocked();
    let accepted = MockResponse::value(&captured(1)).with_status(202);
    mock.on::<CaptureTransaction>()
        .response(accepted.header("event-request-id", "ev-1"));
    let event = value(|event: &mut TransactionEvent| {
        event.event = Some("CAPTURE".into());
        event.success = Some(true);
        event.correlation_request_id = Some("ev-1".to_owned());
    });
    let mut done = captured(1);
    done.events = [event].into();
    mock.on::<GetTransaction>().responses([
        MockResponse::value(&captured(1)),
        MockResponse::value(&captured(1)),
        MockResponse::value(&done),
    ]);
    let begun = Instant::now();
    let response = client.send_with_response(crate::capture(&client, 1)).await;
    let settling = response.unwrap().wait_until_settled(&client);
    let settled = settling
        .first_delay(Duration::from_secs(10))
        .deadline(Duration::from_secs(100));
    assert!(matches!(settled.await.unwrap(), Settled::Done { .. }));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(mock.waits().len(), 3);
    assert!(mock.waits()[0] >= Duration::from_secs(5));
    mock.verify();

    // The deadline goes by it, too.
    let (mock, client) = mocked();
    mock.on::<CaptureTransaction>().response(
        MockResponse::value(&captured(1))
            .with_status(202)
            .header("event-request-id", "ev-1"),
    );
    mock.on::<GetTransaction>().value(captured(1));
    let response = client.send_with_response(crate::capture(&client, 1)).await;
    let settling = response.unwrap().wait_until_settled(&client);
    let settled = settling.deadline(Duration::from_secs(60)).await.unwrap();
    assert!(matches!(settled, Settled::Pending { .. }));
    let waited: Duration = mock.waits().iter().sum();
    assert!(waited < Duration::from_secs(60), "{waited:?}");
}
