//! Health checks.

use super::ListTransactions;
use crate::rt::Operation;
use crate::{Client, SendFuture};

/// Health checks.
impl Client {
    /// Checks that this client works: reads the list of transactions, at most one of them, and drops it. Use it in a
    /// readiness probe, or when a program starts.
    ///
    /// Success proves that DNS, proxy, TLS and network reach Dintero, that a token was granted (or the API key
    /// accepted) for this account, and that the client may read transactions (scope `read:checkout`). It proves neither
    /// that the client may capture or refund, which takes other scopes, nor that callbacks and webhooks arrive.
    ///
    /// It changes nothing at Dintero, and fetches a token only if there is no valid one. A probe should run at most
    /// every few seconds, with a shorter time limit than a payment:
    ///
    /// ```no_run
    /// # async fn run(client: dintero::Client) {
    /// use std::time::Duration;
    /// use dintero::RetryPolicy;
    ///
    /// let once = RetryPolicy::none().deadline(Duration::from_secs(5));
    /// match client.check().retry(once).await {
    ///     Ok(()) => println!("ready"),
    ///     Err(error) => println!("not ready: {error}"),
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// The errors of every request. [`ErrorKind::Token`](crate::ErrorKind::Token) or
    /// [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized): the credentials are wrong, or those of another
    /// account. [`ErrorKind::Forbidden`](crate::ErrorKind::Forbidden): they are valid but lack the scope.
    pub fn check(&self) -> SendFuture<()> {
        let operation = self.payments().list_transactions().limit(1).build();
        self.sending(operation, |_, raw| {
            // The response must be that of this API, because a welcome page has status 200, too.
            ListTransactions::output(&raw).map(drop)
        })
    }
}
