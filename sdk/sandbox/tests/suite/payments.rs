//! Sessions, payments and transactions, through the crate `dintero`.

use std::time::Duration;

use dintero::payments::*;
use dintero::{Amount, Client, Currency, ErrorKind};
use dintero_sandbox::{Choice, Plan, Sandbox};

use crate::support::checked;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<(Sandbox, Client)> {
    let sandbox = checked().start().await?;
    let client = sandbox.client()?;
    Ok((sandbox, client))
}

fn order(amount: i64, reference: &str) -> SessionOrder {
    SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .merchant_reference(reference)
        .build()
}

fn urls() -> SessionUrls {
    SessionUrls::builder()
        .return_url("https://shop.example/return")
        .build()
}

async fn session(client: &Client, amount: i64) -> Result<SessionId> {
    let created = client
        .payments()
        .create_session()
        .order(order(amount, "1042"))
        .url(urls())
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    Ok(created.id)
}

/// A transaction that is authorized.
async fn paid(sandbox: &Sandbox, client: &Client, amount: i64) -> Result<TransactionId> {
    let session = session(client, amount).await?;
    let done = sandbox.pay(&session).await?;
    Ok(TransactionId::new(
        done.transaction.ok_or("no transaction")?,
    ))
}

fn status_of(error: &dintero::Error) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}

#[tokio::test]
async fn a_payment_from_the_session_to_the_refund() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = session(&client, 29_990).await?;
    let stored = client.payments().get_session(&id).send().await?;
    assert_eq!(
        stored.order.as_ref().and_then(|order| order.amount),
        Some(Amount::minor(29_990))
    );
    assert_eq!(
        stored.metadata.and_then(|it| it.session_profile_id),
        Some(ProfileId::new("default"))
    );
    assert_eq!(
        sandbox.payment_types(id.as_str()),
        ["payex.creditcard", "vipps"]
    );

    let done = sandbox.pay(&id).await?;
    let transaction = TransactionId::new(done.transaction.ok_or("none")?);
    let redirect =
        format!("https://shop.example/return?merchant_reference=1042&transaction_id={transaction}");
    assert_eq!(done.redirect.as_deref(), Some(&*redirect));
    let authorized = client
        .payments()
        .get_transaction(&transaction)
        .send()
        .await?;
    assert_eq!(authorized.status, TransactionStatus::Authorized);
    assert_eq!(authorized.session_id.as_ref(), Some(&id));
    assert_eq!(authorized.capturable(), Some(Amount::minor(29_990)));

    let part = client
        .payments()
        .capture_transaction(&transaction)
        .amount(Amount::minor(10_000))
        .send()
        .await?;
    assert_eq!(part.status, TransactionStatus::PartiallyCaptured);
    assert_eq!(part.capturable(), Some(Amount::minor(19_990)));
    let over = client
        .payments()
        .capture_transaction(&transaction)
        .amount(Amount::minor(19_991))
        .send()
        .await;
    assert_eq!(status_of(&over.unwrap_err()), Some(400));
    let all = client
        .payments()
        .capture_transaction(&transaction)
        .amount(Amount::minor(19_990))
        .capture_reference("second")
        .send()
        .await?;
    assert_eq!(all.status, TransactionStatus::Captured);
    assert_eq!(
        all.events
            .last()
            .and_then(|event| event.event_reference.as_deref()),
        Some("second")
    );

    let refunded = client
        .payments()
        .refund_transaction(&transaction)
        .amount(Amount::minor(29_990))
        .send()
        .await?;
    assert_eq!(refunded.status, TransactionStatus::Refunded);
    let again = client
        .payments()
        .refund_transaction(&transaction)
        .amount(Amount::minor(1))
        .send()
        .await;
    assert_eq!(status_of(&again.unwrap_err()), Some(400));
    Ok(())
}

#[tokio::test]
async fn voids_release_what_is_not_captured() -> Result {
    let (sandbox, client) = sandbox().await?;
    let whole = paid(&sandbox, &client, 500).await?;
    let voided = client.payments().void_transaction(&whole).send().await?;
    assert_eq!(voided.status, TransactionStatus::AuthorizationVoided);
    let captured = client
        .payments()
        .capture_transaction(&whole)
        .amount(Amount::minor(1))
        .send()
        .await;
    assert_eq!(status_of(&captured.unwrap_err()), Some(400));

    // A card of PayEx releases the rest.
    let part = paid(&sandbox, &client, 500).await?;
    client
        .payments()
        .capture_transaction(&part)
        .amount(Amount::minor(200))
        .send()
        .await?;
    let voided = client.payments().void_transaction(&part).send().await?;
    assert_eq!(voided.capturable(), Some(Amount::minor(0)));
    assert_eq!(voided.refundable(), Some(Amount::minor(200)));
    Ok(())
}

#[tokio::test]
async fn declined_cancelled_and_failed_payments() -> Result {
    let (sandbox, client) = sandbox().await?;
    let choose = |session: SessionId, choice| {
        let sandbox = &sandbox;
        async move { sandbox.choose(&session, "payex.creditcard", choice).await }
    };
    let id = session(&client, 100).await?;
    let done = choose(id, Choice::Declined("INSUFFICIENT_FUNDS".to_owned())).await?;
    assert!(
        done.redirect
            .unwrap()
            .ends_with("?error=authorization&merchant_reference=1042")
    );
    let failed = TransactionId::new(done.transaction.unwrap());
    let failed = client.payments().get_transaction(&failed).send().await?;
    assert_eq!(failed.status, TransactionStatus::Failed);
    let error = failed
        .events
        .last()
        .and_then(|event| event.error.as_ref())
        .unwrap();
    assert_eq!(error.code.as_deref(), Some("INSUFFICIENT_FUNDS"));
    assert_eq!(error.type_.len(), 1);

    let id = session(&client, 100).await?;
    let done = choose(id.clone(), Choice::Cancelled).await?;
    assert_eq!(done.transaction, None);
    assert!(done.redirect.unwrap().contains("error=cancelled"));
    // It can still be paid.
    choose(id.clone(), Choice::Paid).await?;
    assert!(choose(id, Choice::Paid).await.is_err());

    let id = session(&client, 100).await?;
    assert!(
        choose(id, Choice::Failed)
            .await?
            .redirect
            .unwrap()
            .contains("error=failed")
    );
    let id = session(&client, 100).await?;
    let done = choose(id, Choice::Rejected).await?;
    let rejected = TransactionId::new(done.transaction.unwrap());
    let rejected = client.payments().get_transaction(&rejected).send().await?;
    assert_eq!(rejected.status, TransactionStatus::Declined);
    Ok(())
}

#[tokio::test]
async fn reviews_end_well_or_badly() -> Result {
    let (sandbox, client) = sandbox().await?;
    for (approve, expected) in [
        (true, TransactionStatus::Authorized),
        (false, TransactionStatus::Failed),
    ] {
        let id = session(&client, 100).await?;
        let done = sandbox
            .choose(&id, "payex.creditcard", Choice::OnHold)
            .await?;
        let id = TransactionId::new(done.transaction.unwrap());
        let held = client.payments().get_transaction(&id).send().await?;
        assert_eq!(held.status, TransactionStatus::OnHold);
        let captured = client
            .payments()
            .capture_transaction(&id)
            .amount(Amount::minor(100))
            .send()
            .await;
        assert!(captured.is_err());
        sandbox.review(id.as_str(), approve).await?;
        let reviewed = client.payments().get_transaction(&id).send().await?;
        assert_eq!(reviewed.status, expected);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_accepted_with_202_is_done_later() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = paid(&sandbox, &client, 500).await?;
    let later = Plan::Later {
        after: Some(Duration::from_millis(300)),
        fails: None,
    };
    sandbox.plan("CAPTURE", later).await?;
    let capture = client
        .payments()
        .capture_transaction(&id)
        .amount(Amount::minor(500));
    let response = capture.send_with_response().await?;
    assert_eq!(response.status(), 202);
    let accepted = response
        .wait_until_settled(&client)
        .first_delay(Duration::from_millis(100))
        .await?;
    assert_eq!(accepted.transaction().status, TransactionStatus::Captured);

    let later = Plan::Later {
        after: Some(Duration::from_millis(10)),
        fails: Some("NO".to_owned()),
    };
    sandbox.plan("REFUND", later).await?;
    let refund = client
        .payments()
        .refund_transaction(&id)
        .amount(Amount::minor(500));
    let response = refund.send_with_response().await?;
    assert_eq!(response.status(), 202);
    let settled = response
        .wait_until_settled(&client)
        .first_delay(Duration::from_millis(100))
        .await?;
    assert!(!settled.is_done(), "{settled:?}");

    sandbox
        .plan("REFUND", Plan::Fails("NO_MONEY".to_owned()))
        .await?;
    let refund = client
        .payments()
        .refund_transaction(&id)
        .amount(Amount::minor(500))
        .send()
        .await;
    assert_eq!(status_of(&refund.unwrap_err()), Some(400));
    let now = client.payments().get_transaction(&id).send().await?;
    assert_eq!(now.refundable(), Some(Amount::minor(500)));
    Ok(())
}

#[tokio::test]
async fn sessions_are_cancelled_and_expire() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = session(&client, 100).await?;
    let cancelled = client.payments().cancel_session(&id).send().await?;
    assert!(cancelled.cancelled_at.is_some());
    assert!(sandbox.pay(&id).await.is_err());

    let id = session(&client, 100).await?;
    let done = sandbox.pay(&id).await?;
    client.payments().cancel_session(&id).send().await?;
    let transaction = TransactionId::new(done.transaction.unwrap());
    let voided = client
        .payments()
        .get_transaction(&transaction)
        .send()
        .await?;
    assert_eq!(voided.status, TransactionStatus::AuthorizationVoided);

    let soon = dintero::Timestamp::from(std::time::SystemTime::now() + Duration::from_secs(600));
    let created = client
        .payments()
        .create_session()
        .order(order(100, "1"))
        .url(urls())
        .profile_id(ProfileId::new("default"))
        .expires_at(soon)
        .send()
        .await?;
    sandbox.advance(Duration::from_secs(601)).await?;
    let expired = sandbox.pay(&created.id).await.unwrap_err().to_string();
    assert!(expired.contains("has expired"), "{expired}");
    Ok(())
}

#[tokio::test]
async fn the_server_changes_an_order() -> Result {
    let (_sandbox, client) = sandbox().await?;
    let id = session(&client, 100).await?;
    let order = SessionOrderUpdate::builder()
        .amount(Amount::minor(250))
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .build();
    let unlocked = client
        .payments()
        .update_session(&id)
        .order(order.clone())
        .send()
        .await;
    assert_eq!(status_of(&unlocked.unwrap_err()), Some(400));
    let update = client
        .payments()
        .update_session(&id)
        .order(order)
        .update_without_lock(true);
    let updated = update.send().await?;
    assert_eq!(
        updated.order.and_then(|order| order.amount),
        Some(Amount::minor(250))
    );
    Ok(())
}

#[tokio::test]
async fn saved_cards_pay_without_the_customer() -> Result {
    let (sandbox, client) = sandbox().await?;
    let created = client
        .payments()
        .create_payment_token_session()
        .session(
            CreatePaymentTokenSessionBodySession::builder()
                .order(
                    SessionPaymentTokenOrder::builder()
                        .currency(Currency::NOK)
                        .merchant_reference("card")
                        .build(),
                )
                .url(urls())
                .build(),
        )
        .token_provider(
            PayExTokenProvider::builder()
                .token_types(["payment_token", "recurrence_token"])
                .build(),
        )
        .send()
        .await?;
    let done = sandbox.pay(&created.id).await?;
    let saved = TransactionId::new(done.transaction.unwrap());
    let without = client.payments().get_transaction(&saved).send().await?;
    assert_eq!(
        without
            .card
            .as_ref()
            .and_then(|card| card.payment_token.clone()),
        None
    );
    let with = client
        .payments()
        .get_transaction(&saved)
        .includes(["card.payment_token"])
        .send()
        .await?;
    let token = with
        .card
        .as_ref()
        .and_then(|card| card.payment_token.clone())
        .unwrap();

    let charge = |reference: &str, token: &str| {
        client
            .payments()
            .pay_session()
            .session(
                PaySessionBodySession::builder()
                    .order(order(4_200, reference))
                    .customer(
                        SessionProfileCustomer::builder()
                            .tokens(
                                SavedTokens::builder()
                                    .payex_creditcard(
                                        SavedPayexCardToken::builder().payment_token(token).build(),
                                    )
                                    .build(),
                            )
                            .build(),
                    )
                    .build(),
            )
            .payment(
                PayExCreditcardPayment::builder()
                    .operation("unscheduled_purchase")
                    .build(),
            )
    };
    let paid = charge("a", &token).send().await?;
    assert_eq!(paid.success, Some(true));
    assert_eq!(paid.status, TransactionStatus::Authorized);
    sandbox
        .plan("AUTHORIZE", Plan::Fails("INSUFFICIENT_FUNDS".to_owned()))
        .await?;
    let declined = charge("b", &token).send().await?;
    assert_eq!(declined.success, Some(false));
    assert_eq!(declined.status, TransactionStatus::Failed);
    let unknown = charge("c", "other").send().await;
    assert_eq!(status_of(&unknown.unwrap_err()), Some(400));

    let cards = client.checkout().list_card_tokens().send().await?;
    assert_eq!(cards.len(), 2);
    let card = cards
        .iter()
        .find(|card| card.token.as_ref() == Some(&token))
        .unwrap();
    client
        .checkout()
        .delete_card_token(card.id.as_ref().unwrap())
        .send()
        .await?;
    let deleted = charge("d", &token).send().await?;
    assert_eq!(deleted.success, Some(false));
    Ok(())
}

#[tokio::test]
async fn lists_have_filters_and_pages() -> Result {
    let (sandbox, client) = sandbox().await?;
    let mut all = Vec::new();
    for amount in 1..=25 {
        all.push(paid(&sandbox, &client, amount * 100).await?);
    }
    client
        .payments()
        .capture_transaction(&all[3])
        .amount(Amount::minor(400))
        .send()
        .await?;
    let mut items = client.payments().list_transactions().items();
    let mut listed = Vec::new();
    while let Some(item) = items.try_next().await? {
        listed.push(item.id);
    }
    listed.reverse();
    assert_eq!(listed, all);

    let list = || client.payments().list_transactions();
    let captured = list().status([TransactionStatus::Captured]).send().await?;
    assert_eq!(
        captured.iter().map(|one| &one.id).collect::<Vec<_>>(),
        [&all[3]]
    );
    let large = list()
        .amount_gte(Amount::minor(2_400))
        .limit(100)
        .send()
        .await?;
    assert_eq!(large.len(), 2);
    let exact = list().amount(Amount::minor(700)).send().await?;
    assert_eq!(exact.len(), 1);
    let found = list().search(all[5].as_str()).send().await?;
    assert_eq!(found.len(), 1);
    let early = list()
        .created_at_lte("2020-01-01T00:00:00Z".parse::<dintero::Timestamp>()?)
        .send()
        .await?;
    assert!(early.is_empty());
    let sessions = client.checkout().list_sessions().limit(100).send().await?;
    assert_eq!(sessions.len(), 25);
    Ok(())
}

#[tokio::test]
async fn invalid_requests_have_dinteros_error() -> Result {
    let (sandbox, client) = sandbox().await?;
    let http = reqwest::Client::new();
    let url = |path: &str| format!("{}/v1{path}", sandbox.url());
    let token = http
        .post(url(&format!("/accounts/{}/auth/token", sandbox.account())))
        .basic_auth(sandbox.client_id(), Some(sandbox.client_secret()))
        .header("content-type", "application/json")
        .body(format!(
            r#"{{"grant_type":"client_credentials","audience":"https://api.dintero.com/v1/accounts/{}"}}"#,
            sandbox.account()
        ))
        .send()
        .await?;
    assert_eq!(token.status(), 200);
    let token: serde_json::Value = serde_json::from_slice(&token.bytes().await?)?;
    let token = token["access_token"].as_str().unwrap().to_owned();
    let post = |body: &'static str| {
        http.post(url("/sessions-profile"))
            .bearer_auth(&token)
            .header("content-type", "application/json")
            .body(body)
            .send()
    };
    for (body, place) in [
        ("", "body is required"),
        ("{", "body is not JSON"),
        ("{}", "body"),
        (
            r#"{"profile_id":"default","url":{"return_url":"https://a"},"order":{"amount":"1","currency":"NOK","merchant_reference":"x"}}"#,
            "body.order.amount",
        ),
    ] {
        let response = post(body).await?;
        assert_eq!(response.status(), 400, "{body}");
        let error: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(place), "{message}");
    }
    let response = http
        .get(url("/transactions?limit=0"))
        .bearer_auth(&token)
        .send()
        .await?;
    assert_eq!(response.status(), 400);
    assert_eq!(http.get(url("/transactions")).send().await?.status(), 401);
    assert_eq!(
        http.get(url("/transactions"))
            .bearer_auth("x")
            .send()
            .await?
            .status(),
        401
    );
    assert_eq!(http.get(url("/nothing")).send().await?.status(), 404);
    let unknown = http
        .get(url("/sessions/T1.x"))
        .bearer_auth(&token)
        .send()
        .await?;
    assert_eq!(unknown.status(), 404);

    // Tokens expire by the clock of the sandbox, and the client gets another.
    sandbox.advance(Duration::from_secs(9 * 60 * 60)).await?;
    assert_eq!(
        http.get(url("/transactions"))
            .bearer_auth(&token)
            .send()
            .await?
            .status(),
        401
    );
    assert!(
        client
            .payments()
            .list_transactions()
            .send()
            .await?
            .is_empty()
    );
    let missing = client
        .payments()
        .get_transaction(TransactionId::new("T1.none"))
        .send()
        .await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn the_same_seed_and_clock_have_the_same_responses() -> Result {
    let run = || async {
        let clock = std::time::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        let sandbox = Sandbox::builder()
            .seed(7)
            .clock(clock)
            .check_responses(true)
            .start()
            .await?;
        let client = sandbox.client()?;
        let id = paid(&sandbox, &client, 100).await?;
        let transaction = client.payments().get_transaction(&id).send().await?;
        Ok::<_, Box<dyn std::error::Error>>(serde_json::to_string(&transaction)?)
    };
    assert_eq!(run().await?, run().await?);
    Ok(())
}

#[tokio::test]
async fn a_state_file_outlives_the_sandbox() -> Result {
    let folder = std::env::temp_dir().join(format!("dintero-sandbox-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("state");
    let start = || {
        Sandbox::builder()
            .state_file(&file)
            .check_responses(true)
            .start()
    };
    let sandbox = start().await?;
    let (account, secret) = (sandbox.account(), sandbox.client_secret());
    let id = paid(&sandbox, &sandbox.client()?, 100).await?;
    drop(sandbox);
    // Its tasks end at their next await.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let sandbox = start().await?;
    assert_eq!(
        (sandbox.account(), sandbox.client_secret()),
        (account, secret)
    );
    let transaction = sandbox
        .client()?
        .payments()
        .get_transaction(&id)
        .send()
        .await?;
    assert_eq!(transaction.status, TransactionStatus::Authorized);
    drop(sandbox);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// A session that offers one payment type only.
async fn paid_with(
    sandbox: &Sandbox,
    client: &Client,
    settings: serde_json::Value,
    choice: Choice,
) -> Result<TransactionId> {
    let configuration: SessionConfiguration = serde_json::from_value(settings)?;
    let created = client
        .payments()
        .create_session()
        .order(order(1_000, "1042"))
        .url(urls())
        .profile_id(ProfileId::new("default"))
        .configuration(configuration);
    let created = created.send().await?;
    let types = sandbox.payment_types(created.id.as_str());
    let wanted = types
        .iter()
        .find(|one| *one != "payex.creditcard" && *one != "vipps");
    let done = sandbox
        .choose(&created.id, wanted.ok_or("no type")?, choice)
        .await?;
    Ok(TransactionId::new(
        done.transaction.ok_or("no transaction")?,
    ))
}

#[tokio::test]
async fn authorizations_are_extended() -> Result {
    let (sandbox, client) = sandbox().await?;
    let klarna = serde_json::json!({ "klarna": { "klarna": { "enabled": true } } });
    let id = paid_with(&sandbox, &client, klarna, Choice::Paid).await?;
    let extend = || client.payments().extend_authorization(&id);
    assert_eq!(
        extend().send().await?.capturable(),
        Some(Amount::minor(1_000))
    );
    let more = extend().amount(Amount::minor(1_500)).send().await?;
    assert_eq!(more.capturable(), Some(Amount::minor(1_500)));
    client
        .payments()
        .capture_transaction(&id)
        .amount(Amount::minor(400))
        .send()
        .await?;
    client.payments().void_transaction(&id).send().await?;
    // 400 were captured, and 1,100 are released.
    let less = extend().amount(Amount::minor(1_400)).send().await;
    assert_eq!(status_of(&less.unwrap_err()), Some(400));

    let external = serde_json::json!({ "dintero": { "external": {
        "enabled": true,
        "display": { "payment_method_label": "Invoice", "button_label": "Pay" },
    } } });
    let held = paid_with(&sandbox, &client, external, Choice::OnHold).await?;
    let authorized = client.payments().extend_authorization(&held).send().await?;
    assert_eq!(authorized.status, TransactionStatus::Authorized);

    // A card of PayEx can't be extended.
    let card = paid(&sandbox, &client, 500).await?;
    let refused = client.payments().extend_authorization(&card).send().await;
    assert_eq!(status_of(&refused.unwrap_err()), Some(409));
    Ok(())
}

#[tokio::test]
async fn the_account_in_the_newer_base_url_is_that_of_the_credentials() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = paid(&sandbox, &client, 500).await?;
    let newer = sandbox
        .client_builder()
        .payments_base(dintero::PaymentsBase::Account);
    let transaction = newer
        .build()?
        .payments()
        .get_transaction(&id)
        .send()
        .await?;
    assert_eq!(transaction.id, id);
    let url = format!("{}/v1/accounts/T00000001/payments", sandbox.url());
    let other = sandbox
        .client_builder()
        .server("https://checkout.dintero.com/v1", url);
    let refused = other.build()?.payments().get_transaction(&id).send().await;
    assert_eq!(status_of(&refused.unwrap_err()), Some(403));
    Ok(())
}
