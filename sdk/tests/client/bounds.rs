//! What may cross threads.

use dintero::rt::Transport;
use dintero::*;

use crate::support::Probe;

fn everywhere<T: Send + Sync + Unpin + 'static>() {}

#[test]
fn threads() {
    everywhere::<Client>();
    everywhere::<ClientBuilder>();
    everywhere::<RetryPolicy>();
    everywhere::<SendFuture<Vec<i64>>>();
    everywhere::<<Client as Transport>::Sent<Response<Probe>>>();
    everywhere::<Response<Probe>>();
    everywhere::<rt::RawResponse>();
    everywhere::<Redirect>();
    everywhere::<Attempt>();
    everywhere::<Outcome>();
    everywhere::<Box<dyn Interceptor>>();

    everywhere::<Error>();
    everywhere::<ErrorKind>();
    everywhere::<InvalidAccountId>();
    everywhere::<InvalidCursor>();
    everywhere::<MoneyError>();
    everywhere::<TimeError>();
    everywhere::<UnknownValue>();

    everywhere::<AccessToken>();
    everywhere::<AccountId>();
    everywhere::<Amount>();
    everywhere::<Currency>();
    everywhere::<Cursor>();
    everywhere::<Date>();
    everywhere::<Money>();
    everywhere::<List<String>>();
    everywhere::<Map<String>>();
    everywhere::<Extra>();
    everywhere::<Unread>();
    everywhere::<Number>();
    everywhere::<Page<String>>();
    everywhere::<Secret>();
    everywhere::<Timestamp>();
    // A name in it stands for a type that is nowhere, whatever that is.
    everywhere::<Unrecognized<*const ()>>();
    everywhere::<UnrecognizedJson<*const ()>>();
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_threads() {
    everywhere::<dintero::blocking::Client>();
    #[cfg(feature = "download")]
    everywhere::<dintero::blocking::Download>();
}

#[cfg(feature = "download")]
#[test]
fn downloads() {
    everywhere::<Download>();
}

#[cfg(feature = "mock")]
#[test]
fn mocks() {
    use dintero::mock::{Fault, FetchToken, Mock, MockResponse, On};
    everywhere::<Mock>();
    everywhere::<On<'static, Probe>>();
    everywhere::<MockResponse<Probe>>();
    everywhere::<Fault>();
    everywhere::<FetchToken>();
}

#[cfg(feature = "payments")]
#[test]
fn lists_and_operations() {
    use dintero::payments::*;
    everywhere::<Payments<Client>>();
    everywhere::<ListTransactions>();
    everywhere::<builder::ListTransactionsBuilder<Client>>();
    everywhere::<Transaction>();
    everywhere::<TransactionStatus>();
    everywhere::<Pages<Client, ListTransactions>>();
    everywhere::<Items<Client, ListTransactions>>();
    everywhere::<Settled>();
    everywhere::<WaitUntilSettled>();
    everywhere::<PayFailure<'static>>();
    everywhere::<metadata::MetadataError>();
    everywhere::<order::OrderError>();
    everywhere::<order::Totals>();
}

#[cfg(feature = "webhook")]
#[test]
fn webhooks() {
    use dintero::webhook::*;
    everywhere::<Callback>();
    everywhere::<CallbackVerifier>();
    everywhere::<CallbackSigner>();
    everywhere::<CallbackUrl>();
    everywhere::<Webhook>();
    everywhere::<WebhookVerifier>();
    everywhere::<WebhookSigner>();
    everywhere::<Event>();
    everywhere::<Ping>();
    everywhere::<OtherEvent>();
    everywhere::<dintero::webhook::Error>();
}
