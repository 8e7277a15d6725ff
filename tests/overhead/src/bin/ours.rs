//! By `dintero`.

use std::convert::Infallible;
use std::time::Duration;

use dintero::payments::TransactionId;
use dintero::{AccessToken, Client};
use overhead::{AMOUNT, ID, Load, Outcome, drive};

fn main() -> Outcome {
    let load = Load::from_arguments()?;
    let builder = Client::builder().base_url(&load.base);
    let builder = if load.fetched {
        let hour = Duration::from_secs(3600);
        let token = move || Ok::<_, Infallible>(AccessToken::new("token", hour));
        builder.token_provider(move |_| async move { token() })
    } else {
        builder.bearer_token("token")
    };
    let client = builder.build()?;
    let id = TransactionId::new(ID);
    drive(&load, move || {
        let call = client.payments().get_transaction(&id).send();
        async {
            let transaction = call.await?;
            if transaction.amount.minor_units() != AMOUNT || transaction.events.len() != 3 {
                return Err("another response".into());
            }
            Ok(())
        }
    })
}
