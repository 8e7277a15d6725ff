//! The order of a session, as pages show it.

use dintero::payments::{OrderAddress, StoredSession};
use dintero::{Amount, Currency};

use super::text;

/// A line of an order.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) description: String,
    /// `Quantity 2 · VAT 25 %`
    pub(super) details: String,
    pub(super) amount: String,
}

/// The order of a session.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) reference: String,
    pub(super) lines: Vec<Line>,
    pub(super) shipping: Option<Line>,
    pub(super) discounts: Vec<Line>,
    /// The difference between the amount and the sum of the lines.
    pub(super) rest: Option<String>,
    pub(super) vat: Option<String>,
    pub(super) total: String,
    pub(super) address: Vec<String>,
}

impl Order {
    pub(super) fn of(session: &StoredSession) -> Self {
        let Some(order) = &session.order else {
            return Self::default();
        };
        let currency = order.currency.as_ref();
        let money = |amount: Option<Amount>| text::money(amount.unwrap_or_default(), currency);
        let mut sum = 0;
        let mut count = |amount: Option<Amount>| sum += amount.unwrap_or_default().minor_units();
        let mut lines = Vec::new();
        for item in &order.items {
            count(item.amount);
            let name = item.description.as_ref().or(item.id.as_ref());
            let quantity = item.quantity.map(|quantity| format!("Quantity {quantity}"));
            let vat = item.vat.map(|vat| format!("VAT {vat} %"));
            lines.push(Line {
                description: name.map_or("Item", String::as_str).to_owned(),
                details: [quantity, vat]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · "),
                amount: money(item.amount),
            });
        }
        let shipping = order.shipping_option.as_ref().map(|option| {
            count(option.amount);
            let names = [&option.operator, &option.description];
            let names = names.into_iter().flatten().map(String::as_str);
            Line {
                description: option
                    .title
                    .clone()
                    .unwrap_or_else(|| "Shipping".to_owned()),
                details: names.collect::<Vec<_>>().join(" · "),
                amount: money(option.amount),
            }
        });
        let mut discounts = Vec::new();
        for discount in &order.discount_lines {
            let amount = discount.amount.unwrap_or_default().minor_units();
            sum -= amount.abs();
            let name = discount.description.clone();
            discounts.push(Line {
                description: name.unwrap_or_else(|| "Discount".to_owned()),
                details: String::new(),
                amount: text::money(Amount::minor(-amount.abs()), currency),
            });
        }
        let rest = order.amount.unwrap_or_default().minor_units() - sum;
        let is_shown = rest != 0 && !lines.is_empty();
        Self {
            reference: order.merchant_reference.clone().unwrap_or_default(),
            lines,
            shipping,
            discounts,
            rest: is_shown.then(|| text::money(Amount::minor(rest), currency)),
            vat: vat(session, currency),
            total: money(order.amount),
            address: order
                .shipping_address
                .as_deref()
                .map(address)
                .unwrap_or_default(),
        }
    }
}

/// The VAT of an order, or else that of its lines, if they have any.
fn vat(session: &StoredSession, currency: Option<&Currency>) -> Option<String> {
    let order = session.order.as_ref()?;
    let of_shipping = order
        .shipping_option
        .as_ref()
        .and_then(|option| option.vat_amount);
    let of_lines = order
        .items
        .iter()
        .map(|item| item.vat_amount)
        .chain([of_shipping]);
    let of_lines: Vec<_> = of_lines.flatten().collect();
    let of_lines = match of_lines.is_empty() {
        true => None,
        false => Amount::checked_sum(of_lines).ok(),
    };
    let amount = order.vat_amount.or(of_lines)?;
    Some(text::money(amount, currency))
}

/// An address in lines.
pub(super) fn address(address: &OrderAddress) -> Vec<String> {
    let join = |parts: [&Option<String>; 2]| {
        let parts = parts.into_iter().flatten().map(String::as_str);
        parts.collect::<Vec<_>>().join(" ")
    };
    let lines = [
        address.business_name.clone().unwrap_or_default(),
        join([&address.first_name, &address.last_name]),
        address.address_line.clone().unwrap_or_default(),
        address.address_line_2.clone().unwrap_or_default(),
        join([&address.postal_code, &address.postal_place]),
        address.country.clone().unwrap_or_default(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
