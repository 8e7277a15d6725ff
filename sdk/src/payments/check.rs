//! Whether a client can do its work.

use super::ListTransactions;
use crate::rt::Operation;
use crate::{Client, SendFuture};

/// Health checks.
impl Client {
    /// Checks that this client can work: reads the list of transactions, one of them at most, and forgets it. For a readiness
    /// probe, or the start of a program.
    ///
    /// That it succeeds proves that DNS, proxy, TLS and network lead to Dintero, that a token was granted (or the API key
    /// taken) for this account, and that it may read transactions (scope `read:checkout`). It proves neither that
    /// transactions may be captured or refunded, which are other scopes, nor that callbacks and webhooks arrive.
    ///
    /// It changes nothing at Dintero, and fetches a token only if there is none that works. A probe should not ask more
    /// often than every few seconds, and not wait as long as a payment does:
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
    /// Those of every request. [`ErrorKind::Token`](crate::ErrorKind::Token) or
    /// [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized): the credentials are wrong, or those of another account.
    /// [`ErrorKind::Forbidden`](crate::ErrorKind::Forbidden): they are right, and lack the scope.
    pub fn check(&self) -> SendFuture<()> {
        let operation = self.payments().list_transactions().limit(1).build();
        self.sending(operation, |_, raw| {
            // It has to be the answer of this API: a welcome page comes with 200, too.
            ListTransactions::answer(&raw).map(drop)
        })
    }
}
