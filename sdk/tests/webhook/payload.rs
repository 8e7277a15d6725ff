//! What a webhook says.

use dintero::webhook::{CallbackError, Error, ErrorKind, Event, WebhookSigner, WebhookVerifier};

pub(crate) const TRANSACTION: &str = r#"{"account_id":"P12345678","event":"checkout_transaction",
    "event_delivery":"9ebb6d41","transaction":{"id":"P12345678.abc","session_id":"P12345678.def",
    "merchant_reference":"order-7","status":"PARTIALLY_CAPTURED","amount":1000,"currency":"NOK","new":{"a":[1]},
    "events":[{"event":"CAPTURE","success":true,"amount":400,"transaction_status":"PARTIALLY_CAPTURED"}]}}"#;
pub(crate) const CANCELLED: &str = r#"{"account_id":"P12345678","event":"checkout_authorization","event_delivery":"1",
    "authorization":{"merchant_reference":"order-7","session_id":"P12345678.def","error":"cancelled"}}"#;
pub(crate) const TOKEN: &str = r#"{"account_id":"P12345678","event":"checkout_token_add","event_delivery":"1",
    "token":{"id":"t1","status":"ACTIVE","masked_pan":"476173******0416","token":"secret-token"}}"#;
pub(crate) const PING: &str = r#"{"id":"h1","config":{"url":"https://shop.example","secret":"x"},"events":["checkout_transaction"]}"#;

pub(crate) fn event(body: &str) -> Result<Event, Error> {
    let signature = WebhookSigner::new("whsec").unwrap().sign(body).unwrap();
    let verifier = WebhookVerifier::new(["whsec"]).unwrap();
    let webhook = verifier.verify_parts(|_| Some(&signature), body).unwrap();
    webhook.event()
}

#[test]
fn the_same_with_and_without_types() {
    let transaction = event(TRANSACTION).unwrap();
    assert_eq!(transaction.name(), "checkout_transaction");
    assert_eq!(transaction.account_id(), Some("P12345678"));
    assert_eq!(transaction.transaction_id(), Some("P12345678.abc"));
    assert_eq!(transaction.error(), None);

    let cancelled = event(CANCELLED).unwrap();
    assert_eq!(cancelled.name(), "checkout_authorization");
    assert_eq!(cancelled.transaction_id(), None);
    assert_eq!(cancelled.error(), Some(CallbackError::Cancelled));
    let named = CANCELLED.replace(r#""error":"cancelled""#, r#""transaction_id":"T1""#);
    assert_eq!(event(&named).unwrap().transaction_id(), Some("T1"));
    let whole = CANCELLED.replace(
        r#""error":"cancelled"}"#,
        r#""x":1},"transaction":{"id":"T2","status":"FAILED","amount":1,"currency":"NOK"}"#,
    );
    assert_eq!(event(&whole).unwrap().transaction_id(), Some("T2"));

    let token = event(TOKEN).unwrap();
    assert_eq!(token.name(), "checkout_token_add");
    assert_eq!(token.account_id(), Some("P12345678"));
    assert_eq!(token.transaction_id(), None);
}

#[cfg(feature = "payments")]
#[test]
fn types() {
    use dintero::payments::{CheckoutTokenStatus, EventTransaction, TransactionStatus};

    let Event::CheckoutTransaction(event_of) = event(TRANSACTION).unwrap() else {
        panic!("not typed");
    };
    let transaction: EventTransaction = *event_of.transaction.unwrap();
    assert_eq!(
        transaction.status,
        Some(TransactionStatus::PartiallyCaptured)
    );

    let Event::CheckoutAuthorization(cancelled) = event(CANCELLED).unwrap() else {
        panic!("not typed");
    };
    let session = cancelled.authorization.unwrap().session_id.unwrap();
    assert_eq!(session.as_str(), "P12345678.def");

    let token = event(TOKEN).unwrap();
    assert!(!format!("{token:?}").contains("secret-token"));
    let Event::CheckoutToken(token) = token else {
        panic!("not typed");
    };
    assert_eq!(
        token.token.unwrap().status,
        Some(CheckoutTokenStatus::Active)
    );

    // Little is demanded: an event that lost a member is still one.
    assert!(matches!(
        event(r#"{"event":"checkout_transaction"}"#),
        Ok(Event::CheckoutTransaction(_))
    ));
    // What can't be read is left out, and the rest is there.
    let wrong = event(&TRANSACTION.replace("1000", "100.5")).unwrap();
    assert_eq!(wrong.transaction_id(), Some("P12345678.abc"));
    let Event::CheckoutTransaction(wrong) = wrong else {
        panic!("not typed");
    };
    assert_eq!(wrong.unread()[0].path(), "$.transaction.amount");
    assert_eq!(wrong.transaction.unwrap().amount, None);
}

/// Bodies that are not as documented: the event, its account and its transaction are told all the same.
#[test]
fn bodies_that_are_not_as_documented() {
    for (body, name, account, transaction) in [
        (
            r#"{"event":"checkout_transaction_update","account_id":"P12345678","transaction":{"id":"T1"}}"#,
            "checkout_transaction_update",
            Some("P12345678"),
            Some("T1"),
        ),
        (
            r#"{"event":"checkout_authorization_update","authorization":{"transaction_id":"T1"}}"#,
            "checkout_authorization_update",
            None,
            Some("T1"),
        ),
        (
            r#"{"transaction":{"id":"T1","events":7},"event":"checkout_transaction","account_id":"12345678"}"#,
            "checkout_transaction",
            Some("12345678"),
            Some("T1"),
        ),
        (
            r#"{"event":"checkout_authorization","authorization":7,"transaction":{"id":"T1"}}"#,
            "checkout_authorization",
            None,
            Some("T1"),
        ),
        (
            r#"{"event":"checkout_authorization","transaction":[{"id":"T1"}],"account_id":[]}"#,
            "checkout_authorization",
            None,
            None,
        ),
        (
            r#"{"event":"checkout_token_update","token":{"id":"t","transaction_id":"T1"},"account_id":"P1"}"#,
            "checkout_token_update",
            Some("P1"),
            Some("T1"),
        ),
        (
            r#"{"event":"approval_payout_destination_update","payout_destination_case":{"case_status":"NEW"}}"#,
            "approval_payout_destination_update",
            None,
            None,
        ),
        (
            r#"{"event":"account_store_add","account_id":"shop-1","store":"S1"}"#,
            "account_store_add",
            Some("shop-1"),
            None,
        ),
    ] {
        let event = event(body).unwrap();
        assert_eq!(event.name(), name, "{body}");
        assert_eq!(event.account_id(), account, "{body}");
        assert_eq!(event.transaction_id(), transaction, "{body}");
        let unverified = dintero::webhook::unverified_event(body).unwrap();
        assert_eq!(unverified, event, "{body}");
    }
    let cancelled = CANCELLED.replace("checkout_authorization", "checkout_authorization_update");
    assert_eq!(
        event(&cancelled).unwrap().error(),
        Some(CallbackError::Cancelled)
    );
}

/// An approval without its id is still an approval.
#[cfg(feature = "hooks")]
#[test]
fn an_approval_without_an_id() {
    let body = r#"{"event":"approval_payout_destination_update","account_id":"P12345678",
        "payout_destination_case":{"payout_destination_id":"P1","case_status":"ACTIVE"}}"#;
    let Event::SellerApprovalUpdate(update) = event(body).unwrap() else {
        panic!("not typed");
    };
    assert!(update.unread().is_empty(), "{:?}", update.unread());
    assert!(update.payout_destination_case.is_some());
}

#[test]
fn pings() {
    for body in [PING, r#"{"event":"ping","event_delivery":"1"}"#] {
        let Event::Ping(ping) = event(body).unwrap() else {
            panic!("{body}");
        };
        assert!(ping.json().is_object());
        assert!(!format!("{ping:?}").contains("shop.example"));
    }
    assert_eq!(event(PING).unwrap().name(), "ping");
}

#[test]
fn unknown_events_keep_their_json() {
    for (body, name) in [
        (
            r#"{"event":"location_add","account_id":"P1","account":{"name":"Kari"}}"#,
            "location_add",
        ),
        // Of another API, although it sounds alike.
        (
            r#"{"event":"transaction","transaction":{"id":"T1"},"account":{"name":"Kari"}}"#,
            "transaction",
        ),
        (r#"{"event":7,"account":{"name":"Kari"}}"#, ""),
        (r#"{"events":[],"account":{"name":"Kari"}}"#, ""),
    ] {
        let event = event(body).unwrap();
        assert_eq!(event.name(), name);
        assert_eq!(event.transaction_id(), None);
        assert!(!format!("{event:?}").contains("Kari"));
        let Event::Other(other) = event else {
            panic!("{body}");
        };
        assert_eq!(other.json()["account"]["name"], "Kari");
    }
    for body in ["", "[]", "7", "{", "\u{feff}{}"] {
        assert_eq!(event(body).unwrap_err().kind(), ErrorKind::Json, "{body}");
    }
}

/// Every event that has a type, under its name; with a member that nobody knows.
#[cfg(feature = "hooks")]
#[test]
fn events_about_accounts_have_types() {
    for name in [
        "account_add",
        "account_update",
        "account_store_add",
        "account_store_update",
        "account_store_delete",
        "account_payout_destination_add",
        "account_payout_destination_update",
        "account_payout_destination_delete",
        "approval_payout_destination_update",
        "approval_payout_destination_delete",
        "cdd_case_update",
        "receipt_add",
        "token_add",
        "token_remove",
    ] {
        let body =
            format!(r#"{{"event":"{name}","event_delivery":"1","account_id":"T12345678","x":1}}"#);
        let event = event(&body).unwrap();
        assert!(!matches!(event, Event::Other(_)), "{event:?}");
        assert_eq!(
            (event.name(), event.account_id()),
            (name, Some("T12345678"))
        );
        assert_eq!(event.transaction_id(), None);
    }
    let body =
        r#"{"event":"account_store_add","account_id":"T12345678","store":{"name":"c4n4ry"}}"#;
    let Event::StoreAdd(added) = event(body).unwrap() else {
        panic!("no store");
    };
    assert!(added.store.is_some() && !format!("{added:?}").contains("c4n4ry"));
}
