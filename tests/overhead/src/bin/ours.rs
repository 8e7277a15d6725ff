//! By `dintero`.

use dintero::Client;
use dintero::payments::TransactionId;
use overhead::{AMOUNT, ID, Outcome, arguments, runtime};

fn main() -> Outcome {
    let (base, calls) = arguments()?;
    runtime()?.block_on(async {
        let client = Client::builder().base_url(base).bearer_token("token");
        let client = client.build()?;
        let payments = client.payments();
        let id = TransactionId::new(ID);
        for _ in 0..calls {
            let transaction = payments.get_transaction(&id).send().await?;
            if transaction.amount.minor_units() != AMOUNT || transaction.events.len() != 3 {
                return Err("another answer".into());
            }
        }
        Ok(())
    })
}
