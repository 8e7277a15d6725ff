//! From what came to what Dintero's API says now.

use super::{Callback, Error, ErrorKind, Event};
use crate::payments::{Payments, SessionId, Transaction, TransactionId};
use crate::rt::Transport;

impl Callback {
    /// [`transaction_id`](Self::transaction_id) as the calls about transactions take it.
    #[must_use]
    pub fn to_transaction_id(&self) -> Option<TransactionId> {
        self.transaction_id().map(TransactionId::new)
    }

    /// [`session_id`](Self::session_id) as the calls about sessions take it.
    #[must_use]
    pub fn to_session_id(&self) -> Option<SessionId> {
        self.session_id().map(SessionId::new)
    }

    /// Reads the transaction that the callback names from the API. Act on this one: the body of a callback is not signed.
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client, callback: dintero::webhook::Callback) -> Result<(), Box<dyn std::error::Error>> {
    /// let transaction = callback.fetch(&client)?.await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The client decides what sending gives: a future of the async client. Its account has to be the one whose secret
    /// verified the callback.
    ///
    /// # Errors
    /// [`ErrorKind::NoTransaction`] when the callback names none, which a reported [`error`](Self::error) may do. Errors of
    /// the call itself come from what it gives.
    pub fn fetch<C: Transport>(&self, client: &C) -> Result<C::Sent<Transaction>, Error> {
        fetch(self.to_transaction_id(), client)
    }
}

impl Event {
    /// Reads the transaction that the event names from the API. The one in a webhook is signed, but a webhook may come late
    /// or again; this is how the transaction stands now.
    ///
    /// # Errors
    /// [`ErrorKind::NoTransaction`] when the event names none. Errors of the call itself come from what it gives.
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
            "there is no transaction to read: what came names none; look at its error first";
        Error::new(ErrorKind::NoTransaction, message)
    })?;
    let payments = Payments {
        client: client.clone(),
    };
    Ok(payments.get_transaction(id).send())
}
