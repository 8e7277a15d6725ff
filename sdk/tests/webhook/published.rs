//! Every example of an event that Dintero publishes, as it stands there.
//!
//! Some pages were only at hand in part: these examples end where the page did. A long meaningless text is shortened.

use dintero::webhook::Event;

use crate::payload::event;

const REFERENCE: &str = "https://docs.dintero.com/api-reference/";
const HOOKS: &str = "https://docs.dintero.com/webhooks-api/";

struct Example {
    /// As the page names it; the body of the token's example has no name.
    event: &'static str,
    host: &'static str,
    page: &'static str,
    body: &'static str,
}

macro_rules! examples {
    ($($event:literal, $host:expr, $page:literal, $file:literal;)*) => {
        &[$(Example {
            event: $event,
            host: $host,
            page: $page,
            body: include_str!(concat!("published/", $file, ".json")),
        }),*]
    };
}

const EXAMPLES: &[Example] = examples! {
    "checkout_transaction", "https://docs.dintero.com/docs/", "checkout/checkout-webhooks", "checkout_transaction.guide";
    "checkout_transaction", REFERENCE, "example-checkout-events/checkout_transaction", "checkout_transaction.reference";
    "checkout_authorization", "https://docs.dintero.com/docs/", "checkout/webhooks", "checkout_authorization.guide";
    "checkout_authorization", REFERENCE, "example-checkout-events/checkout_authorization", "checkout_authorization.reference";
    "checkout_token_*", REFERENCE, "example-checkout-events/checkout_token_*", "checkout_token.reference";
    "approval_payout_destination_update", REFERENCE, "example-management-auth-events/approval_payout_destination_update", "approval_payout_destination_update.reference";
    "account_store_add", HOOKS, "example-management-auth-events/example_account_store_add_event", "account_store_add.reference";
    "account_store_update", HOOKS, "example-management-auth-events/example_account_store_update_event", "account_store_update.reference";
    "account_payout_destination_update", HOOKS, "example-management-auth-events/example_account_payout_destination_update_event", "account_payout_destination_update.reference";
    "cdd_case_update", REFERENCE, "example-management-auth-events/cdd_case_update", "cdd_case_update.reference";
    "account_add", "https://docs.dintero.com/", "webhooks-api.html", "account_add.prose";
};

/// What a placeholder stands for is not known: `<string>` is no account and no currency.
#[cfg(any(feature = "hooks", feature = "payments"))]
const PLACEHOLDER: &str = "<string>";

/// Whether the event has a type here, and what of it could not be read.
fn result(event: &Event) -> (bool, Vec<String>) {
    #[cfg(any(feature = "hooks", feature = "payments"))]
    macro_rules! unread {
        ($event:expr) => {{
            let all = $event.unread();
            let told = { all.iter() }.filter(|one| one.json() != PLACEHOLDER);
            (true, told.map(|one| one.path().to_owned()).collect())
        }};
    }
    match event {
        #[cfg(feature = "payments")]
        Event::CheckoutTransaction(event) => unread!(event),
        #[cfg(feature = "payments")]
        Event::CheckoutAuthorization(event) => unread!(event),
        #[cfg(feature = "payments")]
        Event::CheckoutToken(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::Account(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::StoreAdd(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::StoreUpdate(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::SellerUpdate(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::SellerApprovalUpdate(event) => unread!(event),
        #[cfg(feature = "hooks")]
        Event::CddCaseUpdate(event) => unread!(event),
        _ => (false, Vec::new()),
    }
}

#[test]
fn every_published_example() {
    let mut table = String::from("event | source | result\n");
    let mut faults = Vec::new();
    for example in EXAMPLES {
        let Example {
            event: name,
            host,
            page,
            body,
        } = example;
        let json: serde_json::Value = serde_json::from_str(body).unwrap();
        let read = event(body);
        let told = match &read {
            Err(error) => {
                faults.push(*page);
                format!("{error}")
            }
            Ok(event) => {
                let (is_typed, unread) = result(event);
                let has_type = match page.contains("checkout") {
                    true => cfg!(feature = "payments"),
                    false => cfg!(feature = "hooks"),
                };
                let same = event.name() == json["event"].as_str().unwrap_or_default()
                    && event.account_id() == json["account_id"].as_str()
                    && is_typed == has_type
                    && unread.is_empty();
                if !same {
                    faults.push(*page);
                }
                let kind = if is_typed { "typed" } else { "Event::Other" };
                format!("{kind}, {} unread {unread:?}", unread.len())
            }
        };
        table += &format!("{name} | {host}{page} | {told}\n");
    }
    println!("{table}");
    assert!(faults.is_empty(), "{faults:?}\n{table}");
}

/// What an express checkout posts when the payer gives an address: neither example has the id of the session.
#[cfg(feature = "payments")]
#[test]
fn every_published_express_callback() {
    for (page, body) in [
        (
            "docs/checkout/shipping-address-callback",
            include_str!("published/shipping_address_callback.guide.json"),
        ),
        (
            "api-reference/example-session-callbacks/address-update",
            include_str!("published/shipping_address_callback.reference.json"),
        ),
    ] {
        let session = dintero::webhook::unverified_session(body).unwrap();
        let unread = session.unread();
        let told: Vec<_> = { unread.iter() }
            .filter(|one| one.json() != PLACEHOLDER)
            .collect();
        println!(
            "shipping_address_callback | https://docs.dintero.com/{page} | read, {told:?} unread"
        );
        assert!(told.is_empty(), "{page}: {told:?}");
        assert!(!session.order.unwrap().items.is_empty(), "{page}");
        assert_eq!(session.id, None, "{page}");
    }
}

/// Events that are documented, or that a subscription can name, without an example that could be read.
const WITHOUT: &[&str] = &[
    "account_payout_destination_add",
    "account_payout_destination_delete",
    "account_store_delete",
    "account_update",
    "approval_payout_destination_delete",
    "customer_add",
    "customer_change_password",
    "customer_delete",
    "customer_update",
    "discount_add",
    "discount_add_customers",
    "discount_customer_update",
    "discount_delete",
    "discount_update",
    "location_add",
    "location_delete",
    "location_update",
    "receipt_add",
    "receipt_update",
    "settlement_add",
    "shopping_draft_add",
    "shopping_draft_complete",
    "shopping_draft_update",
    "shopping_order_delete",
    "shopping_order_event_add",
    "shopping_order_update",
    "token_add",
    "token_remove",
    "transaction",
    "wallet_transaction",
];

#[test]
fn events_without_an_example_keep_what_they_say() {
    for name in WITHOUT {
        let body = format!(
            r#"{{"account_id":"P12345678","event":"{name}","event_delivery":"1","x":{{"y":1}}}}"#
        );
        let event = event(&body).unwrap();
        assert_eq!(
            (event.name(), event.account_id()),
            (*name, Some("P12345678"))
        );
        println!("{name} | no example at hand | {}", event.name());
    }
}

/// What a transaction in an event is sure to have is its id.
#[test]
fn transactions_in_events_may_lack_everything_but_the_id() {
    let whole = include_str!("published/checkout_transaction.guide.json");
    let whole: serde_json::Value = serde_json::from_str(whole).unwrap();
    let members = whole["transaction"].as_object().unwrap();
    for excluded in members.keys().filter(|name| *name != "id") {
        let mut body = whole.clone();
        body["transaction"]
            .as_object_mut()
            .unwrap()
            .remove(excluded);
        let event = event(&body.to_string()).unwrap();
        assert_eq!(
            event.transaction_id(),
            members["id"].as_str(),
            "without {excluded}"
        );
        #[cfg(feature = "payments")]
        {
            let Event::CheckoutTransaction(event) = event else {
                panic!("without {excluded}")
            };
            assert!(event.unread().is_empty(), "without {excluded}");
            assert!(event.transaction.is_some(), "without {excluded}");
        }
    }
}
