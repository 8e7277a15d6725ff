//! A webhook, verified and read by `dintero`.

use dintero::webhook::{Event, WebhookSigner, WebhookVerifier};
use overhead::{Outcome, SECRET, receive};

fn main() -> Outcome {
    let signer = WebhookSigner::new(SECRET)?;
    let verifier = WebhookVerifier::new([SECRET])?;
    receive(
        |body| signer.sign(body).unwrap_or_default(),
        |request| {
            std::hint::black_box(verifier.verify(request)?);
            Ok(())
        },
        |request| {
            let webhook = verifier.verify(request)?;
            let event = webhook.event()?;
            if webhook.delivery_id().len() != 36 || matches!(event, Event::Other(_)) {
                return Err("another event".into());
            }
            std::hint::black_box(event);
            Ok(())
        },
    )
}
