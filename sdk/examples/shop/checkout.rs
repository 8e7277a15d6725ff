//! Opening a checkout, and what an express checkout asks.

use dintero::payments::metadata::SessionMetadata;
use dintero::payments::{
    CreateSession, DiscountCodesOrderUpdate, DiscountCodesResponse, Express, ExpressDiscountCodes,
    ExpressSession, OrderAddress, ProfileId, SessionOrder, SessionOrderItem, SessionUrls,
    ShipmentOption, ShippingAddressResponse,
};
use dintero::webhook::CallbackUrl;
use dintero::{Amount, Client, Currency, Number};
use serde::Deserialize;

use crate::store::Order;

/// 599.00, tax included.
const CHAIR: Amount = Amount::minor(59_900);
const PARCEL: Amount = Amount::minor(3_900);

#[derive(Deserialize)]
pub(crate) struct Cart {
    pub(crate) order: String,
    pub(crate) chairs: i64,
    pub(crate) channel: String,
    email: String,
    street: String,
    postal_code: String,
    city: String,
}

pub(crate) fn session(
    client: &Client,
    shop: &str,
    cart: &Cart,
) -> Result<CreateSession, Box<dyn std::error::Error>> {
    let lines = (1..=cart.chairs).map(|line| {
        SessionOrderItem::builder()
            .line_id(line.to_string())
            .description("Chair")
            .quantity(Number::from(1))
            .amount(CHAIR)
            .vat(Number::from(25))
            .build()
    });
    let address = OrderAddress::builder()
        .email(&cart.email)
        .address_line(&cart.street)
        .postal_code(&cart.postal_code)
        .postal_place(&cart.city)
        .country("NO")
        .build();
    let order = SessionOrder::builder()
        .lines(lines, None)?
        .currency(Currency::NOK)
        .merchant_reference(&cart.order)
        .shipping_address(address.clone())
        .billing_address(address);
    let codes = ExpressDiscountCodes::builder()
        .callback_url(format!("{shop}/express/discount"))
        .max_count(Number::from(1));
    let express = Express::builder()
        .shipping_options([parcel(PARCEL)])
        .shipping_address_callback_url(format!("{shop}/express/shipping"))
        .discount_codes(codes.build());
    let callback = CallbackUrl::new(&format!("{shop}/callback"))?.report_error();
    let url = SessionUrls::builder()
        .return_url(format!("{shop}/thanks"))
        .callback_url(callback);
    let metadata = SessionMetadata::new([("ext_channel", cart.channel.as_str())])?;
    let create = client.payments().create_session();
    Ok(create
        .order(order.build())
        .url(url.build())
        .express(express.build())
        .metadata(metadata)
        .profile_id(ProfileId::new("default"))
        .build())
}

fn parcel(amount: Amount) -> ShipmentOption {
    ShipmentOption::builder()
        .id("parcel")
        .line_id("parcel-home")
        .title("Home delivery")
        .operator("Bring")
        .amount(amount)
        .build()
}

/// The sender is unknown: it gets prices, and changes no state.
pub(crate) fn shipping(session: &ExpressSession) -> ShippingAddressResponse {
    let address = session.order.as_ref();
    let address = address.and_then(|order| order.shipping_address.as_ref());
    let options = match address.and_then(|address| address.country.as_deref()) {
        Some("NO" | "SE") => vec![parcel(PARCEL)],
        _ => Vec::new(), // can't be shipped there
    };
    ShippingAddressResponse::builder()
        .shipping_options(options)
        .build()
}

/// `SPRING` is worth the shipping. The amount is that of our own order, not what came.
pub(crate) fn discount(session: &ExpressSession, order: &Order) -> DiscountCodesResponse {
    let asked = session.order.as_ref().map(|order| &order.discount_codes);
    let spring = asked.is_some_and(|codes| codes.iter().any(|code| code == "SPRING"));
    let update = DiscountCodesOrderUpdate::builder().amount(order.amount);
    DiscountCodesResponse::builder()
        .shipping_options([parcel(if spring { Amount::ZERO } else { PARCEL })])
        .order(update.discount_codes(spring.then_some("SPRING")).build())
        .build()
}
