//! Faults on demand, as the crate `dintero` sees them, and whether the request had its effect.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use dintero::payments::*;
use dintero::{Amount, Client, Currency, ErrorKind, RetryPolicy};
use dintero_sandbox::{DeliveryStatus, Fault, Plan, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::checked;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<Sandbox> {
    Ok(checked().start().await?)
}

fn impatient(sandbox: &Sandbox) -> Result<Client> {
    let builder = sandbox.client_builder().retry(RetryPolicy::none());
    Ok(builder.timeout(Duration::from_millis(600)).build()?)
}

/// A transaction of 100.00 that is authorized.
async fn paid(sandbox: &Sandbox, callback_url: Option<&str>) -> Result<TransactionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(10_000))
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .build();
    let mut urls = SessionUrls::builder().return_url("https://shop.example/");
    if let Some(url) = callback_url {
        urls = urls.callback_url(url);
    }
    let request = sandbox.client()?.payments().create_session();
    let request = request
        .order(order)
        .url(urls.build())
        .profile_id(ProfileId::new("default"));
    let session = request.send().await?;
    let done = sandbox.pay(&session.id).await?;
    Ok(TransactionId::new(
        done.transaction.ok_or("no transaction")?,
    ))
}

async fn status(sandbox: &Sandbox, id: &TransactionId) -> Result<String> {
    let client = sandbox.client()?;
    let transaction = client.payments().get_transaction(id).send().await?;
    Ok(transaction.status.to_string())
}

/// Each fault: the kind of the error, and whether the capture happened.
#[tokio::test]
async fn faults_lose_a_response_or_a_request() -> Result {
    use ErrorKind::{Decode, NotFound, RateLimited, Redirect, Server, Timeout, Transport};
    let sandbox = sandbox().await?;
    let client = impatient(&sandbox)?;
    let lost_and_not = ["", "; carried-out"];
    let mut count = 0;
    for (text, kind, options) in [
        ("429", RateLimited, &lost_and_not[..]),
        ("500", Server, &lost_and_not),
        ("502", Server, &lost_and_not),
        ("503", Server, &lost_and_not),
        ("404", NotFound, &lost_and_not),
        ("connection-reset", Transport, &lost_and_not),
        ("no-response", Transport, &lost_and_not),
        ("garbage", Transport, &lost_and_not),
        ("timeout", Timeout, &lost_and_not),
        ("wrong-content-type", Decode, &lost_and_not),
        ("redirect=https://other.example/", Redirect, &lost_and_not),
        ("slow-response=2", Timeout, &["; carried-out"]),
        ("slow-body=2", Timeout, &["; carried-out"]),
        ("truncated-body", Transport, &["; carried-out"]),
        ("malformed-chunk", Transport, &["; carried-out"]),
        ("malformed-json", Decode, &["; carried-out"]),
    ] {
        for option in options {
            let id = paid(&sandbox, None).await?;
            let fault = match options.len() {
                1 => text.to_owned(),
                _ => format!("{text}{option}"),
            };
            let capture = client
                .payments()
                .capture_transaction(&id)
                .amount(Amount::minor(10_000));
            let captured = capture.send().header("dintero-sandbox-fault", &fault).await;
            let error = captured.err().ok_or_else(|| format!("{fault}: no error"))?;
            assert_eq!(error.kind(), kind, "{fault}: {error}");
            let expected = if option.is_empty() {
                "AUTHORIZED"
            } else {
                "CAPTURED"
            };
            assert_eq!(status(&sandbox, &id).await?, expected, "{fault}");
            // What a shop does: it reads the transaction, or the second capture is refused.
            let again = client.payments().capture_transaction(&id);
            let again = again.amount(Amount::minor(10_000)).send().await;
            assert_eq!(again.is_ok(), option.is_empty(), "{fault}");
            count += 1;
        }
    }
    println!("faults of captures tested: {count}");
    Ok(())
}

/// A client that retries gets through, and the number of faults is exact.
#[tokio::test]
async fn planned_faults_are_used_up() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client_builder();
    let policy = RetryPolicy::default().first_delay(Duration::from_millis(5));
    let client = client.retry(policy).build()?;
    let id = paid(&sandbox, None).await?;
    let read = || client.payments().get_transaction(&id).send();
    read().await?;

    let faults = sandbox.faults();
    let name = "payments.get_transaction";
    faults.next(name, Fault::status(503).times(2)).await?;
    read().await?;
    let once = impatient(&sandbox)?;
    let read_once = || once.payments().get_transaction(&id).send();
    read_once().await?;

    // The third from now, and one of any operation, which those that get tokens leave alone.
    faults
        .next(name, Fault::connection_reset().on_call(3))
        .await?;
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(read_once().await.err().map(|error| error.kind()));
    }
    assert_eq!(kinds, [None, None, Some(ErrorKind::Transport), None]);
    faults.next(None, Fault::status(500)).await?;
    let fresh = impatient(&sandbox)?;
    let error = fresh
        .payments()
        .get_transaction(&id)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Server, Some(name))
    );

    // Retry-After is honored.
    faults
        .next(name, Fault::status(429).retry_after(Duration::from_secs(1)))
        .await?;
    let begun = Instant::now();
    read().await?;
    assert!(begun.elapsed() >= Duration::from_secs(1));

    faults.next(name, Fault::status(500).times(9)).await?;
    faults.clear().await?;
    read_once().await?;

    // What was carried out is not known to the client.
    let lost = Fault::no_response().carried_out();
    faults.next("payments.capture_transaction", lost).await?;
    let capture = client.payments().capture_transaction(&id);
    let captured = capture.amount(Amount::minor(10_000)).send().await;
    let error = captured.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert_eq!(status(&sandbox, &id).await?, "CAPTURED");

    // An expired token is replaced by the client.
    faults.next(name, Fault::expired_token()).await?;
    tokio::time::sleep(Duration::from_millis(10)).await;
    let error = read_once().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    sandbox
        .client()?
        .payments()
        .get_transaction(&id)
        .send()
        .await?;
    Ok(())
}

#[tokio::test]
async fn faults_that_can_not_be_used_are_refused() -> Result {
    let sandbox = sandbox().await?;
    let faults = sandbox.faults();
    let refused = |operation: Option<&'static str>, fault: Fault, part: &'static str| async move {
        let error = faults.next(operation, fault).await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    refused(
        Some("payments.captur"),
        Fault::status(500),
        "there is no operation",
    )
    .await;
    refused(None, Fault::status(200), "not a status").await;
    refused(None, Fault::status(500).times(0), "at least 1").await;
    refused(None, Fault::twice(), "`callback`").await;
    refused(Some("callback"), Fault::status(500), "out-of-order").await;
    refused(
        None,
        Fault::outcome(Plan::Fails("X".into())),
        "payments.capture_transaction",
    )
    .await;
    let client = impatient(&sandbox)?;
    let read = client
        .payments()
        .get_transaction(TransactionId::new("x"))
        .send();
    let error = read
        .header("dintero-sandbox-fault", "503; times=2")
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    Ok(())
}

/// Captures that fail or come later, through the same means.
#[tokio::test]
async fn outcomes_are_faults_too() -> Result {
    let sandbox = sandbox().await?;
    let client = impatient(&sandbox)?;
    let capture = |id: &TransactionId| {
        client
            .payments()
            .capture_transaction(id)
            .amount(Amount::minor(10_000))
            .send()
    };
    let id = paid(&sandbox, None).await?;
    let failed = capture(&id)
        .header("dintero-sandbox-fault", "fails=CODE")
        .await
        .unwrap_err();
    assert_eq!(failed.status().map(|status| status.as_u16()), Some(400));
    let transaction = client.payments().get_transaction(&id).send().await?;
    let codes: Vec<_> = (transaction.events.iter())
        .filter_map(|event| event.error.as_ref()?.code.clone())
        .collect();
    assert_eq!(
        codes.last().map(|code| code.to_string()).as_deref(),
        Some("CODE")
    );

    let later = Plan::Later {
        after: Some(Duration::from_secs(60)),
        fails: None,
    };
    sandbox
        .faults()
        .next("payments.capture_transaction", Fault::outcome(later))
        .await?;
    capture(&id).await?;
    assert_eq!(status(&sandbox, &id).await?, "AUTHORIZED");
    sandbox.advance(Duration::from_secs(61)).await?;
    sandbox.settled().await;
    assert_eq!(status(&sandbox, &id).await?, "CAPTURED");
    Ok(())
}

/// A connection that is cut takes nothing else with it, and what was sent before it arrives.
#[tokio::test]
async fn connections_end_as_they_should() -> Result {
    let sandbox = sandbox().await?;
    let address = sandbox.url().replace("http://", "");
    let exchange = |fault: &'static str| {
        let address = address.clone();
        async move {
            let mut stream = tokio::net::TcpStream::connect(address).await?;
            let good = "GET /v1/admin/signature HTTP/1.1\r\nhost: a\r\n\r\n";
            let bad = format!(
                "GET /v1/admin/signature HTTP/1.1\r\nhost: a\r\ndintero-sandbox-fault: {fault}\r\n\r\n"
            );
            stream.write_all(good.as_bytes()).await?;
            let mut head = [0; 12];
            stream.read_exact(&mut head).await?;
            assert_eq!(&head, b"HTTP/1.1 401");
            tokio::time::sleep(Duration::from_millis(50)).await;
            stream.write_all(bad.as_bytes()).await?;
            let mut rest = Vec::new();
            let end = stream.read_to_end(&mut rest).await;
            let text = String::from_utf8_lossy(&rest).into_owned();
            let after = text.split("\"}}").last().unwrap_or_default().to_owned();
            Ok::<_, std::io::Error>((after, end.map(drop).map_err(|error| error.kind())))
        }
    };
    let reset = Err(std::io::ErrorKind::ConnectionReset);
    assert_eq!(exchange("connection-reset").await?.1, reset);
    assert_eq!(exchange("no-response").await?, (String::new(), Ok(())));
    let (garbage, end) = exchange("garbage").await?;
    assert!(
        garbage.contains("this is not HTTP") && end.is_ok(),
        "{garbage:?}"
    );
    let (half, end) = exchange("truncated-body").await?;
    let (head, body) = half.split_once("\r\n\r\n").ok_or("no head")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.ok_or("no length")?.parse()?;
    assert_eq!((body.len(), end), (length / 2, Ok(())), "{half:?}");
    let (chunk, end) = exchange("malformed-chunk").await?;
    assert!(
        chunk.ends_with("\r\n\r\nnot a chunk\r\n") && end.is_ok(),
        "{chunk:?}"
    );
    Ok(())
}

/// Callbacks of several sessions, as the merchant sees them: the ids of the transactions, in their order.
#[tokio::test]
async fn callbacks_come_late_twice_out_of_order_or_never() -> Result {
    let sandbox = sandbox().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let received = Arc::<Mutex<Vec<String>>>::default();
    let shared = Arc::clone(&received);
    let handler = move |request: axum::extract::Request| async move {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned();
        let id = query
            .filter(|(name, _)| name == "transaction_id")
            .map(|(_, id)| id);
        shared.lock().unwrap().extend(id);
        "{}"
    };
    let router = Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let take = || std::mem::take(&mut *received.lock().unwrap());
    let pay = || async {
        let id = paid(&sandbox, Some(&url)).await?;
        sandbox.settled().await;
        Result::Ok(id.to_string())
    };
    let faults = sandbox.faults();

    faults.next("callback", Fault::twice()).await?;
    let twice = pay().await?;
    assert_eq!(take(), [twice.clone(), twice]);

    faults
        .next("callback", Fault::late(Duration::from_secs(30)))
        .await?;
    let late = pay().await?;
    assert_eq!(take().len(), 0);
    sandbox.advance(Duration::from_secs(30)).await?;
    sandbox.settled().await;
    assert_eq!(take(), [late]);

    faults.next("callback", Fault::out_of_order()).await?;
    let first = pay().await?;
    assert_eq!(take().len(), 0);
    let second = pay().await?;
    sandbox.settled().await;
    assert_eq!(take(), [second, first]);
    sandbox.advance(Duration::from_secs(120)).await?;
    sandbox.settled().await;
    assert_eq!(take().len(), 0);

    faults.next("callback", Fault::out_of_order()).await?;
    let alone = pay().await?;
    sandbox.advance(Duration::from_secs(60)).await?;
    sandbox.settled().await;
    assert_eq!(take(), [alone]);

    faults.next("callback", Fault::lost()).await?;
    let lost = pay().await?;
    assert_eq!(take().len(), 0);
    let delivery = sandbox.deliveries().pop().ok_or("no delivery")?;
    assert_eq!(delivery.status, DeliveryStatus::Failed);
    sandbox.replay(&delivery.id).await?;
    sandbox.settled().await;
    assert_eq!(take(), [lost]);
    assert!(
        sandbox
            .deliveries()
            .iter()
            .all(|one| one.status == DeliveryStatus::Delivered)
    );
    Ok(())
}

/// A dropped sandbox is gone, also for clients that have a connection or wait for a response.
#[tokio::test]
async fn a_dropped_sandbox_is_gone() -> Result {
    let sandbox = sandbox().await?;
    let id = paid(&sandbox, None).await?;
    let builder = sandbox.client_builder().retry(RetryPolicy::none());
    let client = builder.timeout(Duration::from_secs(30)).build()?;
    let read = || client.payments().get_transaction(&id).send();
    read().await?;
    sandbox.faults().next(None, Fault::timeout()).await?;
    let waiting = tokio::spawn(read());
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(sandbox);
    let begun = Instant::now();
    let kind = waiting.await?.unwrap_err().kind();
    assert_eq!(kind, ErrorKind::Transport);
    assert_eq!(read().await.unwrap_err().kind(), ErrorKind::Connect);
    assert!(begun.elapsed() < Duration::from_secs(5));
    Ok(())
}
