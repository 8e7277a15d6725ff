//! What the guide does when requests fail, and requests that were stored.

use std::time::Duration;

use dintero::payments::TransactionId;
use dintero::{Amount, Client};
use dintero_sandbox::{Fault, Sandbox};

use super::{Result, paid, sandbox};

#[rustfmt::skip]
fn decision(error: &dintero::Error) -> &'static str {
    // errors.md, 0
    use dintero::{Error, ErrorKind};

    /// What a shop does about a failed capture.
    fn decide(error: &Error) -> &'static str {
        if error.call_succeeded() {
            return "done: only the response could not be read";
        }
        if error.settled_by().is_some() {
            return "nobody knows: read the transaction";
        }
        if !error.may_have_been_sent() {
            return "not sent: try again";
        }
        match error.kind() {
            ErrorKind::RateLimited => "not done: try again after `retry_after`",
            ErrorKind::BadRequest | ErrorKind::NotFound | ErrorKind::Conflict => "refused: look at it",
            ErrorKind::Unauthorized | ErrorKind::Forbidden => "refused: look at the credentials",
            _ => "tell somebody",
        }
    }
    // end
    decide(error)
}

#[rustfmt::skip]
async fn hurried(client: &Client, id: TransactionId) -> u32 {
    // errors.md, 1; id).send() = TransactionId::new("T1")).send()
    use std::time::Duration;
    use dintero::RetryPolicy;

    // A customer is waiting: rather fail soon.
    let hurried = RetryPolicy::default().retries(1).deadline(Duration::from_secs(5));
    let read = client.payments().get_transaction(id).send();
    let error = read.retry(hurried).timeout(Duration::from_secs(2)).await.unwrap_err();
    // end
    error.attempts()
}

#[rustfmt::skip]
async fn readiness(client: &Client) -> bool {
    // operating.md, 0
    use std::time::Duration;
    use dintero::{Client, RetryPolicy};

    /// For a readiness probe.
    async fn is_ready(client: &Client) -> bool {
        let once = RetryPolicy::none().deadline(Duration::from_secs(5));
        match client.check().retry(once).await {
            Ok(()) => true,
            Err(error) => {
                eprintln!("not ready: {error}");
                false
            }
        }
    }
    // end
    is_ready(client).await
}

#[rustfmt::skip]
async fn stored(client: &Client, id: TransactionId) -> Result {
    // stored.md, 0; (id) = (TransactionId::new("T12345678.abc"))
    use dintero::Amount;
    use dintero::payments::{CaptureTransaction, TransactionId};

    // In the transaction of your database that marks the order as shipped:
    let capture = client
        .payments()
        .capture_transaction(id)
        .amount(Amount::minor(29_990))
        .capture_reference("order-1042")
        .build();
    let stored = serde_json::to_value(&capture)?;

    // In the worker:
    let capture: CaptureTransaction = serde_json::from_value(stored)?;
    client.send(capture).await?;
    // end
    Ok(())
}

#[rustfmt::skip]
async fn undocumented(client: &Client, id: TransactionId) -> Result {
    // undocumented.md, 4
    client
        .payments()
        .capture_transaction(&id)
        .amount(dintero::Amount::minor(500))
        .extra("new_property", serde_json::json!({"a": 1}))
        .send()
        .query("new_parameter", "1")
        .await?;
    // end
    Ok(())
}

/// The decision about a capture with a fault.
async fn decided(sandbox: &Sandbox, client: &Client, fault: Fault) -> Result<&'static str> {
    let id = paid(sandbox, client).await?;
    let capture = "payments.capture_transaction";
    sandbox.faults().next(capture, fault).await?;
    let call = client.payments().capture_transaction(&id);
    let error = call.amount(Amount::minor(1)).send().await.unwrap_err();
    Ok(decision(&error))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_decides_about_failed_captures() -> Result {
    let (sandbox, client) = sandbox(4).await?;
    let unread = Fault::malformed_json();
    let status = |status| Fault::status(status).times(10);
    let limited = status(429).retry_after(Duration::from_secs(100));
    for (fault, expected) in [
        (unread, "done: only the response could not be read"),
        (
            Fault::connection_reset(),
            "nobody knows: read the transaction",
        ),
        (Fault::status(503), "nobody knows: read the transaction"),
        (limited, "not done: try again after `retry_after`"),
        (Fault::status(409), "refused: look at it"),
        (Fault::status(403), "refused: look at the credentials"),
    ] {
        let what = fault.to_string();
        assert_eq!(decided(&sandbox, &client, fault).await?, expected, "{what}");
        sandbox.faults().clear().await?;
    }
    // Nothing listens there any more.
    let url = sandbox.url();
    let id = paid(&sandbox, &client).await?;
    drop(sandbox);
    // A kept connection may end with the first of these calls.
    for _ in 0..50 {
        let call = client.payments().capture_transaction(&id);
        let error = call.amount(Amount::minor(1)).send().await.unwrap_err();
        if decision(&error) == "not sent: try again" {
            return Ok(());
        }
        assert_eq!(
            decision(&error),
            "nobody knows: read the transaction",
            "{url}: {error}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("{url} is still there").into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hurried_read_and_a_readiness_probe() -> Result {
    let (sandbox, client) = sandbox(5).await?;
    let id = paid(&sandbox, &client).await?;
    let down = Fault::status(503).times(10);
    let read = "payments.get_transaction";
    sandbox.faults().next(read, down).await?;
    assert_eq!(hurried(&client, id).await, 2);

    assert!(readiness(&client).await);
    let refused = Fault::status(403);
    let list = "payments.list_transactions";
    sandbox.faults().next(list, refused).await?;
    assert!(!readiness(&client).await);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_requests_and_undocumented_members() -> Result {
    let (sandbox, client) = sandbox(6).await?;
    let id = paid(&sandbox, &client).await?;
    stored(&client, id.clone()).await?;
    undocumented(&client, id.clone()).await?;
    let transaction = client.payments().get_transaction(&id).send().await?;
    assert_eq!(transaction.refundable(), Some(Amount::minor(30_490)));
    Ok(())
}
