//! Reads the current transaction of a callback or event from Dintero's API.

use super::{Callback, Error, ErrorKind, Event};
use crate::payments::{Payments, SessionId, Transaction, TransactionId};
use crate::rt::Transport;

impl Callback {
    /// Returns [`transaction_id`](Self::transaction_id) as the type that transaction operations take.
    #[must_use]
    pub fn to_transaction_id(&self) -> Option<TransactionId> {
        self.transaction_id().map(TransactionId::new)
    }

    /// Returns [`session_id`](Self::session_id) as the type that session operations take.
    #[must_use]
    pub fn to_session_id(&self) -> Option<SessionId> {
        self.session_id().map(SessionId::new)
    }

    /// Reads the transaction of the callback from the API. Act on this one, because the body of a callback is not
    /// signed.
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client, callback: dintero::webhook::Callback) -> Result<(), Box<dyn std::error::Error>> {
    /// let transaction = callback.fetch(&client)?.await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The client determines the return type: a future for the async client. Its account must be the one whose secret
    /// verified the callback.
    ///
    /// # Errors
    /// [`ErrorKind::NoTransaction`] if the callback has no transaction, as with some [`error`](Self::error)s. The
    /// returned value has the errors of the call.
    pub fn fetch<C: Transport>(&self, client: &C) -> Result<C::Sent<Transaction>, Error> {
        fetch(self.to_transaction_id(), client)
    }
}

impl Event {
    /// Reads the transaction of the event from the API. The transaction in a webhook is signed, but the webhook may be
    /// late or a retry; this is the current transaction.
    ///
    /// # Errors
    /// [`ErrorKind::NoTransaction`] if the event has no transaction. The returned value has the errors of the call.
    pub fn fetch<C: Transport>(&self, client: &C) -> Result<C::Sent<Transaction>, Error> {
        fetch(self.transaction_id().map(TransactionId::new), client)
    }
}

fn fetch<C: Transport>(
    id: Option<TransactionId>,
    client: &C,
) -> Result<C::Sent<Transaction>, Error> {
    let id = id.filter(|id| !id.as_str().is_empty()).ok_or_else(|| {
        let message =
            "there is no transaction to read: the request has no transaction id; check its error first";
        Error::new(ErrorKind::NoTransaction, message)
    })?;
    let payments = Payments {
        client: client.clone(),
    };
    Ok(payments.get_transaction(id).send())
}
