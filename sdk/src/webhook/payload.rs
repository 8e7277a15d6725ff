//! What a webhook says.

use std::fmt;

use serde_json::Value;

use super::{CallbackError, Error, ErrorKind};
#[cfg(feature = "hooks")]
use crate::hooks::{
    AccountEvent, AccountPayoutDestinationAddEvent, AccountPayoutDestinationDeleteEvent,
    AccountPayoutDestinationUpdateEvent, AccountStoreAddEvent, AccountStoreDeleteEvent,
    AccountStoreUpdateEvent, ApprovalPayoutDestinationDeleteEvent,
    ApprovalPayoutDestinationUpdateEvent, CddCaseUpdateEvent, ReceiptAddEvent, TokenEvent,
};
#[cfg(feature = "payments")]
use crate::payments::{CheckoutAuthorizationEvent, CheckoutTokenEvent, CheckoutTransactionEvent};

/// What a webhook says has happened.
///
/// The events of the checkout have types with the feature `payments`, where a transaction is the one that
/// `get_transaction` gives; those about accounts, stores, sellers, receipts and tokens with the feature `hooks`. Without
/// the feature they are [`Other`](Self::Other), like every event that this version has no type for. [`name`](Self::name), [`account_id`](Self::account_id) and [`transaction_id`](Self::transaction_id) are the
/// same either way.
///
#[cfg_attr(feature = "payments", doc = "```")]
#[cfg_attr(not(feature = "payments"), doc = "```ignore")]
/// use dintero::webhook::{Event, WebhookSigner, WebhookVerifier};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let body = r#"{"event":"checkout_transaction","event_delivery":"e7a1","account_id":"T12345678",
/// #     "transaction":{"id":"T12345678.abc","amount":29990,"currency":"NOK","status":"CAPTURED"}}"#;
/// # let signature = WebhookSigner::new("secret")?.sign(body)?;
/// # let request = http::Request::post("/").header("event-signature", signature).body(body)?;
/// # let verifier = WebhookVerifier::new(["secret"])?;
/// let webhook = verifier.verify(&request)?;
/// match webhook.event()? {
///     Event::CheckoutTransaction(event) => {
///         let amount = event.transaction.map(|transaction| transaction.amount);
///         assert_eq!(amount, Some(dintero::Amount::minor(29_990)));
///     }
///     Event::Ping(_) => println!("the subscription works"),
///     other => println!("nothing to do for {}", other.name()),
/// }
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `checkout_transaction`: a transaction was created, captured, refunded or voided.
    #[cfg(feature = "payments")]
    CheckoutTransaction(Box<CheckoutTransactionEvent>),
    /// `checkout_authorization`: a payment was authorized, or the attempt ended without one.
    #[cfg(feature = "payments")]
    CheckoutAuthorization(Box<CheckoutAuthorizationEvent>),
    /// `checkout_token_add`, `checkout_token_update` or `checkout_token_delete`: a payment token.
    #[cfg(feature = "payments")]
    CheckoutToken(Box<CheckoutTokenEvent>),
    /// `account_add` or `account_update`: a partner got a production account, or one was changed.
    #[cfg(feature = "hooks")]
    Account(Box<AccountEvent>),
    /// `account_store_add`: an account has a new store.
    #[cfg(feature = "hooks")]
    StoreAdd(Box<AccountStoreAddEvent>),
    /// `account_store_update`: a store was changed.
    #[cfg(feature = "hooks")]
    StoreUpdate(Box<AccountStoreUpdateEvent>),
    /// `account_store_delete`: a store is gone.
    #[cfg(feature = "hooks")]
    StoreDelete(Box<AccountStoreDeleteEvent>),
    /// `account_payout_destination_add`: an account has a new seller.
    #[cfg(feature = "hooks")]
    SellerAdd(Box<AccountPayoutDestinationAddEvent>),
    /// `account_payout_destination_update`: a seller was changed.
    #[cfg(feature = "hooks")]
    SellerUpdate(Box<AccountPayoutDestinationUpdateEvent>),
    /// `account_payout_destination_delete`: a seller is gone.
    #[cfg(feature = "hooks")]
    SellerDelete(Box<AccountPayoutDestinationDeleteEvent>),
    /// `approval_payout_destination_update`: the approval of a seller moved on.
    #[cfg(feature = "hooks")]
    SellerApprovalUpdate(Box<ApprovalPayoutDestinationUpdateEvent>),
    /// `approval_payout_destination_delete`: the approval of a seller was put away.
    #[cfg(feature = "hooks")]
    SellerApprovalDelete(Box<ApprovalPayoutDestinationDeleteEvent>),
    /// `cdd_case_update`: the check of a customer (customer due diligence) moved on.
    #[cfg(feature = "hooks")]
    CddCaseUpdate(Box<CddCaseUpdateEvent>),
    /// `receipt_add`: a receipt was stored.
    #[cfg(feature = "hooks")]
    ReceiptAdd(Box<ReceiptAddEvent>),
    /// `token_add` or `token_remove`: a token of a customer.
    #[cfg(feature = "hooks")]
    Token(Box<TokenEvent>),
    /// `ping`: Dintero tries the subscription out, as when it was made.
    Ping(Ping),
    /// An event without a type here.
    Other(OtherEvent),
}

impl Event {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        let json: Value = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
        if !json.is_object() {
            let message = "the body is signed rightly, but no JSON object, as every event is";
            return Err(Error::new(ErrorKind::Json, message));
        }
        let name = text(&json, &["event"]);
        // A ping is the bare subscription, which has events in the plural. Its name stands in a header only, and that is
        // not signed.
        let is_subscription =
            json.get("config").is_some_and(Value::is_object) && json.get("events").is_some();
        match name {
            #[cfg(feature = "payments")]
            Some("checkout_transaction") => typed(json, Self::CheckoutTransaction),
            #[cfg(feature = "payments")]
            Some("checkout_authorization") => typed(json, Self::CheckoutAuthorization),
            #[cfg(feature = "payments")]
            Some("checkout_token_add" | "checkout_token_update" | "checkout_token_delete") => {
                typed(json, Self::CheckoutToken)
            }
            #[cfg(feature = "hooks")]
            Some("account_add" | "account_update") => typed(json, Self::Account),
            #[cfg(feature = "hooks")]
            Some("account_store_add") => typed(json, Self::StoreAdd),
            #[cfg(feature = "hooks")]
            Some("account_store_update") => typed(json, Self::StoreUpdate),
            #[cfg(feature = "hooks")]
            Some("account_store_delete") => typed(json, Self::StoreDelete),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_add") => typed(json, Self::SellerAdd),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_update") => typed(json, Self::SellerUpdate),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_delete") => typed(json, Self::SellerDelete),
            #[cfg(feature = "hooks")]
            Some("approval_payout_destination_update") => typed(json, Self::SellerApprovalUpdate),
            #[cfg(feature = "hooks")]
            Some("approval_payout_destination_delete") => typed(json, Self::SellerApprovalDelete),
            #[cfg(feature = "hooks")]
            Some("cdd_case_update") => typed(json, Self::CddCaseUpdate),
            #[cfg(feature = "hooks")]
            Some("receipt_add") => typed(json, Self::ReceiptAdd),
            #[cfg(feature = "hooks")]
            Some("token_add" | "token_remove") => typed(json, Self::Token),
            Some("ping") => Ok(Self::Ping(Ping(json))),
            None if is_subscription => Ok(Self::Ping(Ping(json))),
            _ => Ok(Self::Other(OtherEvent(json))),
        }
    }

    /// The name of the event, such as `checkout_transaction`; empty when the body has none.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutTransaction(_) => "checkout_transaction",
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(_) => "checkout_authorization",
            #[cfg(feature = "payments")]
            Self::CheckoutToken(event) => event.event.as_ref().map_or("", |event| event.as_str()),
            #[cfg(feature = "hooks")]
            Self::Account(event) => event.event.as_ref().map_or("", |event| event.as_str()),
            #[cfg(feature = "hooks")]
            Self::StoreAdd(_) => "account_store_add",
            #[cfg(feature = "hooks")]
            Self::StoreUpdate(_) => "account_store_update",
            #[cfg(feature = "hooks")]
            Self::StoreDelete(_) => "account_store_delete",
            #[cfg(feature = "hooks")]
            Self::SellerAdd(_) => "account_payout_destination_add",
            #[cfg(feature = "hooks")]
            Self::SellerUpdate(_) => "account_payout_destination_update",
            #[cfg(feature = "hooks")]
            Self::SellerDelete(_) => "account_payout_destination_delete",
            #[cfg(feature = "hooks")]
            Self::SellerApprovalUpdate(_) => "approval_payout_destination_update",
            #[cfg(feature = "hooks")]
            Self::SellerApprovalDelete(_) => "approval_payout_destination_delete",
            #[cfg(feature = "hooks")]
            Self::CddCaseUpdate(_) => "cdd_case_update",
            #[cfg(feature = "hooks")]
            Self::ReceiptAdd(_) => "receipt_add",
            #[cfg(feature = "hooks")]
            Self::Token(event) => event.event.as_ref().map_or("", |event| event.as_str()),
            Self::Ping(_) => "ping",
            Self::Other(event) => event.name(),
        }
    }

    /// `account_id`: the account that the event is of. A ping has none. Compare it with yours if several accounts share a
    /// secret.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutTransaction(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "payments")]
            Self::CheckoutToken(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::Account(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::StoreAdd(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::StoreUpdate(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::StoreDelete(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::SellerAdd(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::SellerUpdate(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::SellerDelete(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::SellerApprovalUpdate(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::SellerApprovalDelete(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::CddCaseUpdate(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::ReceiptAdd(event) => event.account_id.as_ref().map(AsRef::as_ref),
            #[cfg(feature = "hooks")]
            Self::Token(event) => event.account_id.as_ref().map(AsRef::as_ref),
            Self::Ping(_) => None,
            Self::Other(event) => text(&event.0, &["account_id"]),
        }
    }

    /// The transaction that an event of the checkout is about; none when the payer cancelled.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutTransaction(event) => {
                let transaction = event.transaction.as_ref();
                let read = transaction.map(|transaction| transaction.id.as_str());
                read.or_else(|| kept_id(&event.extra))
            }
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(event) => {
                let authorization = event.authorization.as_ref();
                let named = authorization.and_then(|short| short.transaction_id.as_ref());
                let whole = event.transaction.as_ref();
                let sent = whole.map(|transaction| transaction.id.as_str());
                named
                    .map(AsRef::as_ref)
                    .or(sent)
                    .or_else(|| kept_id(&event.extra))
            }
            #[cfg(feature = "payments")]
            Self::CheckoutToken(_) => None,
            #[cfg(feature = "hooks")]
            Self::Account(_)
            | Self::StoreAdd(_)
            | Self::StoreUpdate(_)
            | Self::StoreDelete(_)
            | Self::SellerAdd(_)
            | Self::SellerUpdate(_)
            | Self::SellerDelete(_)
            | Self::SellerApprovalUpdate(_)
            | Self::SellerApprovalDelete(_)
            | Self::CddCaseUpdate(_)
            | Self::ReceiptAdd(_)
            | Self::Token(_) => None,
            Self::Ping(_) => None,
            Self::Other(event) => match event.name() {
                "checkout_transaction" => text(&event.0, &["transaction", "id"]),
                "checkout_authorization" => text(&event.0, &["authorization", "transaction_id"])
                    .or_else(|| text(&event.0, &["transaction", "id"])),
                _ => None,
            },
        }
    }

    /// Why nothing was paid, as `checkout_authorization` tells it.
    #[must_use]
    pub fn error(&self) -> Option<CallbackError> {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(event) => {
                let error = event.authorization.as_ref()?.error.as_ref()?;
                Some(error.as_str().into())
            }
            Self::Other(event) if event.name() == "checkout_authorization" => {
                text(&event.0, &["authorization", "error"]).map(CallbackError::from)
            }
            _ => None,
        }
    }
}

/// The id of a transaction that could not be read.
#[cfg(feature = "payments")]
fn kept_id(extra: &crate::Extra) -> Option<&str> {
    extra.get("transaction")?.get("id")?.as_str()
}

#[cfg(any(feature = "hooks", feature = "payments"))]
fn typed<T: serde::de::DeserializeOwned>(
    json: Value,
    event: impl FnOnce(Box<T>) -> Event,
) -> Result<Event, Error> {
    // What it is about can still be told from a body that is not as documented.
    match T::deserialize(&json) {
        Ok(payload) => Ok(event(Box::new(payload))),
        Err(_) => Ok(Event::Other(OtherEvent(json))),
    }
}

fn unreadable(error: &serde_json::Error) -> Error {
    let message = "the body is signed rightly, but it can't be read as the event it says to be; `Webhook::json` reads \
                   it as what you ask for";
    Error::of_json(ErrorKind::Json, message, error)
}

fn text<'j>(json: &'j Value, path: &[&str]) -> Option<&'j str> {
    let member = |json: &'j Value, name: &&str| json.get(*name);
    path.iter().try_fold(json, member)?.as_str()
}

/// A trial of a subscription. `Debug` does not show the JSON.
#[derive(Clone, PartialEq)]
pub struct Ping(Value);

impl Ping {
    /// The body: the subscription, which may hold its secret.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ping({…})")
    }
}

/// An event that this version, with these features, has no type for. `Debug` does not show the JSON.
#[derive(Clone, PartialEq)]
pub struct OtherEvent(Value);

impl OtherEvent {
    /// The name of the event; empty when the body has none.
    #[must_use]
    pub fn name(&self) -> &str {
        text(&self.0, &["event"]).unwrap_or_default()
    }

    /// The body: `account_id`, `event`, `event_delivery` and an object with what the event is about.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherEvent({}, …)", crate::rt::word(self.name()))
    }
}
