//! Events of webhooks.

use std::fmt;

#[cfg(any(feature = "hooks", feature = "payments"))]
use serde::de::DeserializeOwned;
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

/// The event of a webhook.
///
/// The events of the checkout have types with the feature `payments`; those about accounts, stores, sellers, receipts
/// and tokens with the feature `hooks`. All others are [`Other`](Self::Other): an event whose feature is off, one that
/// this version has no type for, and one that does not match its documentation. [`name`](Self::name),
/// [`account_id`](Self::account_id), [`transaction_id`](Self::transaction_id), [`error`](Self::error) and `fetch` give
/// the same for each of them, so decide by these where another crate of your program may turn a feature on.
///
/// A transaction in an event is an `EventTransaction`: the fields of a `Transaction`, of which only `id` is certain, because
/// Dintero's own examples have neither amount nor currency and a subscription can leave fields out (`exclude_fields`,
/// `fields`). `fetch` reads the whole `Transaction`.
///
#[cfg_attr(feature = "payments", doc = "```")]
#[cfg_attr(not(feature = "payments"), doc = "```ignore")]
/// use dintero::payments::TransactionStatus;
/// use dintero::webhook::{Event, WebhookSigner, WebhookVerifier};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let body = r#"{"account_id":"P12345678","event":"checkout_transaction","event_delivery":"9ebb6d41-dca5-484e-8330-9c9fa96b60ba",
/// #     "transaction":{"id":"P12345678.465UfBENeLpkBvwmqfTC4k","session_id":"P12345678.465U8CUzaPVpneu1wt8Wei",
/// #     "merchant_reference":"ORDER-123","created_at":"2019-08-24T14:15:22Z","updated_at":"2019-08-24T14:15:22Z",
/// #     "merchant_reference_2":"OTHER-ID-123","status":"AUTHORIZED"}}"#;
/// # let signature = WebhookSigner::new("secret")?.sign(body)?;
/// # let request = http::Request::post("/").header("event-signature", signature).body(body)?;
/// # let verifier = WebhookVerifier::new(["secret"])?;
/// let webhook = verifier.verify(&request)?;
/// match webhook.event()? {
///     Event::CheckoutTransaction(event) => {
///         let status = event.transaction.and_then(|transaction| transaction.status);
///         assert_eq!(status, Some(TransactionStatus::Authorized));
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
    /// `checkout_authorization`: a payment was authorized, or the attempt failed.
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
    /// `account_store_delete`: a store was deleted.
    #[cfg(feature = "hooks")]
    StoreDelete(Box<AccountStoreDeleteEvent>),
    /// `account_payout_destination_add`: an account has a new seller.
    #[cfg(feature = "hooks")]
    SellerAdd(Box<AccountPayoutDestinationAddEvent>),
    /// `account_payout_destination_update`: a seller was changed.
    #[cfg(feature = "hooks")]
    SellerUpdate(Box<AccountPayoutDestinationUpdateEvent>),
    /// `account_payout_destination_delete`: a seller was deleted.
    #[cfg(feature = "hooks")]
    SellerDelete(Box<AccountPayoutDestinationDeleteEvent>),
    /// `approval_payout_destination_update`: the approval of a seller changed.
    #[cfg(feature = "hooks")]
    SellerApprovalUpdate(Box<ApprovalPayoutDestinationUpdateEvent>),
    /// `approval_payout_destination_delete`: the approval of a seller was deleted.
    #[cfg(feature = "hooks")]
    SellerApprovalDelete(Box<ApprovalPayoutDestinationDeleteEvent>),
    /// `cdd_case_update`: the check of a customer (customer due diligence) changed.
    #[cfg(feature = "hooks")]
    CddCaseUpdate(Box<CddCaseUpdateEvent>),
    /// `receipt_add`: a receipt was stored.
    #[cfg(feature = "hooks")]
    ReceiptAdd(Box<ReceiptAddEvent>),
    /// `token_add` or `token_remove`: a token of a customer.
    #[cfg(feature = "hooks")]
    Token(Box<TokenEvent>),
    /// `ping`: Dintero tests the subscription, for example after its creation.
    Ping(Ping),
    /// An event without a type here, or one that does not match its documentation.
    Other(OtherEvent),
}

impl Event {
    /// `name` is the one in the body, because the header `event` is not signed.
    pub(super) fn read(body: &[u8], name: Option<&str>) -> Result<Self, Error> {
        match name {
            #[cfg(feature = "payments")]
            Some("checkout_transaction") => typed(body, Self::CheckoutTransaction),
            #[cfg(feature = "payments")]
            Some("checkout_authorization") => typed(body, Self::CheckoutAuthorization),
            #[cfg(feature = "payments")]
            Some("checkout_token_add" | "checkout_token_update" | "checkout_token_delete") => {
                typed(body, Self::CheckoutToken)
            }
            #[cfg(feature = "hooks")]
            Some("account_add" | "account_update") => typed(body, Self::Account),
            #[cfg(feature = "hooks")]
            Some("account_store_add") => typed(body, Self::StoreAdd),
            #[cfg(feature = "hooks")]
            Some("account_store_update") => typed(body, Self::StoreUpdate),
            #[cfg(feature = "hooks")]
            Some("account_store_delete") => typed(body, Self::StoreDelete),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_add") => typed(body, Self::SellerAdd),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_update") => typed(body, Self::SellerUpdate),
            #[cfg(feature = "hooks")]
            Some("account_payout_destination_delete") => typed(body, Self::SellerDelete),
            #[cfg(feature = "hooks")]
            Some("approval_payout_destination_update") => typed(body, Self::SellerApprovalUpdate),
            #[cfg(feature = "hooks")]
            Some("approval_payout_destination_delete") => typed(body, Self::SellerApprovalDelete),
            #[cfg(feature = "hooks")]
            Some("cdd_case_update") => typed(body, Self::CddCaseUpdate),
            #[cfg(feature = "hooks")]
            Some("receipt_add") => typed(body, Self::ReceiptAdd),
            #[cfg(feature = "hooks")]
            Some("token_add" | "token_remove") => typed(body, Self::Token),
            name => untyped(body, name),
        }
    }

    /// Returns the name of the event, such as `checkout_transaction`; empty if the body has none.
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

    /// Returns `account_id`, the account of the event. A ping has none. Compare it with yours if several accounts share
    /// a secret.
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

    /// Returns the transaction of a checkout event; `None` if the payer cancelled. For a payment token it is the
    /// transaction that created it.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutTransaction(event) => {
                let transaction = event.transaction.as_ref();
                transaction.map(|transaction| transaction.id.as_str())
            }
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(event) => {
                let authorization = event.authorization.as_ref();
                let named = authorization.and_then(|short| short.transaction_id.as_ref());
                let whole = event.transaction.as_ref();
                let sent = whole.map(|transaction| transaction.id.as_str());
                named.map(AsRef::as_ref).or(sent)
            }
            #[cfg(feature = "payments")]
            Self::CheckoutToken(event) => {
                let id = event.token.as_ref()?.transaction_id.as_ref();
                id.map(AsRef::as_ref)
            }
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
            Self::Other(event) if event.is_of_checkout() => {
                let paths: [&[&str]; 3] = [
                    &["authorization", "transaction_id"],
                    &["transaction", "id"],
                    &["token", "transaction_id"],
                ];
                paths.into_iter().find_map(|path| text(&event.0, path))
            }
            Self::Other(_) => None,
        }
    }

    /// Returns why nothing was paid, from `checkout_authorization`.
    #[must_use]
    pub fn error(&self) -> Option<CallbackError> {
        match self {
            #[cfg(feature = "payments")]
            Self::CheckoutAuthorization(event) => {
                let error = event.authorization.as_ref()?.error.as_ref()?;
                Some(error.as_str().into())
            }
            Self::Other(event) if event.is_of_checkout() => {
                text(&event.0, &["authorization", "error"]).map(CallbackError::from)
            }
            _ => None,
        }
    }
}

#[cfg(any(feature = "hooks", feature = "payments"))]
fn typed<T: DeserializeOwned>(
    body: &[u8],
    event: impl FnOnce(Box<T>) -> Event,
) -> Result<Event, Error> {
    match serde_json::from_slice(body) {
        Ok(payload) => Ok(event(Box::new(payload))),
        // The object of the event can be read even from JSON that does not match its documentation.
        Err(_) => Ok(Event::Other(OtherEvent(object(body)?))),
    }
}

fn untyped(body: &[u8], name: Option<&str>) -> Result<Event, Error> {
    let json = object(body)?;
    // The body of a ping is the subscription, which has `events` in the plural: only a header has the name.
    let is_subscription =
        json.get("config").is_some_and(Value::is_object) && json.get("events").is_some();
    if name == Some("ping") || (name.is_none() && is_subscription) {
        return Ok(Event::Ping(Ping(json)));
    }
    #[cfg(feature = "payments")]
    if is_nameless_token(&json)
        && let Ok(event) = serde::Deserialize::deserialize(&json)
    {
        return Ok(Event::CheckoutToken(Box::new(event)));
    }
    Ok(Event::Other(OtherEvent(json)))
}

/// Dintero's example of a payment token is `{"token": {…}}`. A token that identifies a customer has no `id`.
fn is_nameless_token(json: &Value) -> bool {
    json.get("event").is_none() && text(json, &["token", "id"]).is_some()
}

fn object(body: &[u8]) -> Result<Value, Error> {
    let json: Value = serde_json::from_slice(body).map_err(|error| {
        let message = "the body is not JSON";
        Error::of_json(ErrorKind::Json, message, &error)
    })?;
    if json.is_object() {
        return Ok(json);
    }
    let message = "the body is not a JSON object, as every event is";
    Err(Error::new(ErrorKind::Json, message))
}

fn text<'j>(json: &'j Value, path: &[&str]) -> Option<&'j str> {
    let member = |json: &'j Value, name: &&str| json.get(*name);
    path.iter().try_fold(json, member)?.as_str()
}

/// A test of a subscription. `Debug` does not show the JSON.
#[derive(Clone, PartialEq)]
pub struct Ping(Value);

impl Ping {
    /// The body: the subscription, which may contain its secret.
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

/// An event that this version, with these features, has no type for, or that does not match its documentation. `Debug`
/// does not show the JSON.
#[derive(Clone, PartialEq)]
pub struct OtherEvent(Value);

impl OtherEvent {
    /// The name of the event; empty if the body has none.
    #[must_use]
    pub fn name(&self) -> &str {
        text(&self.0, &["event"]).unwrap_or_default()
    }

    /// The body: `account_id`, `event`, `event_delivery` and the object of the event.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }

    fn is_of_checkout(&self) -> bool {
        self.name().starts_with("checkout_") || is_nameless_token(&self.0)
    }
}

impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherEvent({}, …)", crate::rt::word(self.name()))
    }
}
