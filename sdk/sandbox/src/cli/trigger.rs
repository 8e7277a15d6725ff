//! Taking a payment to an event, so that its callbacks and webhooks are sent.

use dintero::payments::{ProfileId, SessionOrder, SessionUrls, TransactionId};
use dintero::{Amount, Client, Currency};
use dintero_sandbox::About;
use serde_json::{Value, json};

use super::arguments::Trigger;
use super::remote::{Control, listed};
use super::{Failure, print};

/// How to get to an event.
struct Path {
    /// The customer's choice.
    outcome: &'static str,
    review: Option<bool>,
    /// Each with the fault that it gets.
    requests: &'static [(Step, &'static str)],
}

#[derive(Clone, Copy)]
enum Step {
    Capture,
    Refund,
    Void,
}

impl Path {
    const PAID: Self = Self {
        outcome: "paid",
        review: None,
        requests: &[],
    };

    fn to(event: &str) -> Option<Self> {
        use Step::{Capture, Refund, Void};
        let chosen = |outcome| Self {
            outcome,
            ..Self::PAID
        };
        let reviewed = |approve| Self {
            outcome: "on-hold",
            review: Some(approve),
            requests: &[],
        };
        let then = |requests| Self {
            requests,
            ..Self::PAID
        };
        Some(match event {
            "authorize" => Self::PAID,
            "decline" => chosen("declined"),
            "reject" => chosen("rejected"),
            "fail" => chosen("failed"),
            "cancel" => chosen("cancelled"),
            "on-hold" => chosen("on-hold"),
            "on-hold-approved" => reviewed(true),
            "on-hold-refused" => reviewed(false),
            "capture" => then(&[(Capture, "")]),
            "refund" => then(&[(Capture, ""), (Refund, "")]),
            "void" => then(&[(Void, "")]),
            "capture-failed" => then(&[(Capture, "fails")]),
            "refund-failed" => then(&[(Capture, ""), (Refund, "fails")]),
            "void-failed" => then(&[(Void, "fails")]),
            "capture-later" => then(&[(Capture, "later")]),
            "refund-later" => then(&[(Capture, ""), (Refund, "later")]),
            "capture-fails-later" => then(&[(Capture, "later-fails")]),
            "refund-fails-later" => then(&[(Capture, ""), (Refund, "later-fails")]),
            _ => return None,
        })
    }
}

pub(super) async fn trigger(trigger: Trigger) -> Result<(), Failure> {
    let Some(path) = Path::to(&trigger.event) else {
        return Err(Failure::Usage(format!(
            "there is no event `{}`",
            trigger.event
        )));
    };
    let control = Control::new(&trigger.url)?;
    let info = control.info().await?;
    let mut builder = Client::builder()
        .account(info.account.parse()?)
        .client_credentials(info.client_id, info.client_secret.unwrap_or_default())
        .base_url(&trigger.url);
    if let Some(host) = plain_host(&trigger.url) {
        builder = builder.allow_plain_http(host);
    }
    let client = builder.build()?;
    let before = control.deliveries().await?.len();

    let session = session(&client, &trigger).await?;
    print(&format!("session      {session}\n"))?;
    let body = json!({ "outcome": path.outcome });
    let done: Value = control
        .post(&format!("/sessions/{session}/pay"), body)
        .await?;
    if let Some(id) = done["transaction_id"].as_str() {
        print(&format!("transaction  {id}\n"))?;
        if let Some(approve) = path.review {
            // The callback about the review comes second.
            control.settled().await?;
            let body = json!({ "approve": approve });
            let _: Value = control
                .post(&format!("/transactions/{id}/review"), body)
                .await?;
        }
        for (step, fault) in path.requests {
            control.settled().await?;
            request(&client, *step, id, trigger.amount, fault).await?;
        }
        let transaction = client.payments().get_transaction(TransactionId::new(id));
        let transaction = transaction.send().await?;
        print(&format!("status       {}\n", transaction.status))?;
    }
    control.settled().await?;
    let all = control.deliveries().await?;
    let new: Vec<_> = all
        .iter()
        .skip(before)
        .filter(|one| match &one.about {
            About::Callback { session: of } => *of == session,
            _ => true,
        })
        .collect();
    match new.is_empty() {
        true => print(
            "No callback or webhook was sent: add --callback URL, or create a webhook subscription.\n",
        ),
        false => print(&listed(new)),
    }
}

/// The host of a URL without TLS, which the client must be told about.
fn plain_host(url: &str) -> Option<String> {
    let url = reqwest::Url::parse(url).ok()?;
    (url.scheme() == "http").then(|| url.host_str().unwrap_or_default().to_owned())
}

async fn session(client: &Client, trigger: &Trigger) -> Result<String, Failure> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(trigger.amount))
        .currency(Currency::NOK)
        .merchant_reference(format!("trigger {}", trigger.event))
        .build();
    let mut urls = SessionUrls::builder().return_url("https://shop.example/return");
    if let Some(url) = &trigger.callback {
        urls = urls.callback_url(url);
    }
    let request = client
        .payments()
        .create_session()
        .order(order)
        .url(urls.build());
    let created = request.profile_id(ProfileId::new("default")).send().await?;
    Ok(created.id.to_string())
}

async fn request(
    client: &Client,
    step: Step,
    id: &str,
    amount: i64,
    fault: &str,
) -> Result<(), Failure> {
    let payments = client.payments();
    let (id, amount) = (TransactionId::new(id), Amount::minor(amount));
    // An empty header is a fault that can't be read.
    macro_rules! sent {
        ($request:expr) => {{
            let request = $request.send();
            match fault {
                "" => request.await.map(drop),
                fault => request
                    .header("dintero-sandbox-fault", fault)
                    .await
                    .map(drop),
            }
        }};
    }
    let (name, result) = match step {
        Step::Capture => (
            "capture",
            sent!(payments.capture_transaction(id).amount(amount)),
        ),
        Step::Refund => (
            "refund",
            sent!(payments.refund_transaction(id).amount(amount)),
        ),
        Step::Void => ("void", sent!(payments.void_transaction(id))),
    };
    match result {
        Ok(()) if fault.starts_with("later") => print(&format!(
            "{name:11}  accepted; its outcome comes in 2 seconds, or with `advance 2s`\n"
        )),
        Ok(()) => print(&format!("{name:11}  done\n")),
        Err(error) if fault == "fails" && error.status().is_some() => {
            print(&format!("{name:11}  {error}\n"))
        }
        Err(error) => Err(error.into()),
    }
}
