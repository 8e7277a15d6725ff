//! The request of `create_session`, made of an operation.

use dintero::payments::{CreateSession, ProfileId, SessionOrder, SessionOrderItem, SessionUrls};
use dintero::rt::Operation;
use dintero::{Amount, Client, Currency, Number};
use overhead::{Line, Outcome, encode};

fn main() -> Outcome {
    let item = |line: &Line| {
        SessionOrderItem::builder()
            .line_id(&line.line_id)
            .id(&line.id)
            .description(&line.description)
            .quantity(Number::from(line.quantity))
            .amount(Amount::minor(line.amount))
            .vat_amount(Amount::minor(line.vat_amount))
            .vat(Number::from(line.vat))
            .eligible_for_discount(line.eligible_for_discount)
            .build()
    };
    let lines = Line::all();
    let order = SessionOrder::builder()
        .amount(Amount::minor(lines.iter().map(|line| line.amount).sum()))
        .currency(Currency::NOK)
        .merchant_reference("order-1")
        .items(lines.iter().map(item));
    let urls = SessionUrls::builder().return_url("https://shop.example/thanks");
    let operation: CreateSession = Client::builder()
        .build()?
        .payments()
        .create_session()
        .order(order.build())
        .url(urls.build())
        .profile_id(ProfileId::new("default"))
        .build();
    encode(|| {
        let request = operation.request()?.resolve(&|_| None)?;
        let body = request.body.as_ref().and_then(|body| body.bytes());
        Ok(body.ok_or("no body")?.clone())
    })
}
