//! By `dintero`.

use dintero::Client;
use dintero::payments::TransactionId;
use overhead::{AMOUNT, ID, Load, Outcome, drive};

fn main() -> Outcome {
    let load = Load::from_arguments()?;
    let client = Client::builder()
        .base_url(&load.base)
        .bearer_token("token")
        .build()?;
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
