//! Express checkouts: the customer enters an address and chooses how to ship before paying.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State as Extract};
use axum::response::Response;
use axum::routing::post;
use dintero::mock;
use dintero::payments::{OrderAddress, StoredSession};

use super::render;
use crate::express;
use crate::pages::{Form, order, see_other, text};
use crate::request::Problem;
use crate::server::Inner;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/v1/view/{session}/address", post(address))
        .route("/v1/view/{session}/shipping", post(shipping))
        .route("/v1/view/{session}/discounts", post(discounts))
}

/// The steps before paying.
#[derive(Debug)]
pub(super) struct ExpressView {
    /// As it is now; none before there is one.
    pub(super) address: Vec<String>,
    pub(super) fields: Vec<Field>,
    pub(super) options: Vec<ShippingOption>,
    pub(super) has_discounts: bool,
    pub(super) codes: String,
    /// The step that is missing before paying.
    pub(super) missing: Option<&'static str>,
}

/// A field of the address.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) is_required: bool,
}

/// A way of shipping.
#[derive(Debug)]
pub(super) struct ShippingOption {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) details: String,
    pub(super) amount: String,
    pub(super) is_chosen: bool,
}

impl ExpressView {
    pub(super) fn of(session: &StoredSession) -> Option<Self> {
        let express = session.express.as_ref()?;
        let stored = session.order.as_ref();
        let known = stored.and_then(|order| order.shipping_address.as_deref());
        let currency = stored.and_then(|order| order.currency.as_ref());
        let chosen = stored.and_then(|order| order.shipping_option.as_deref());
        let chosen = chosen.and_then(|option| option.line_id.as_ref().or(option.id.as_ref()));
        let options = express.shipping_options.iter().filter_map(|option| {
            let id = option.line_id.as_ref().or(option.id.as_ref())?;
            let details = [&option.operator, &option.description];
            let details = details.into_iter().flatten().map(String::as_str);
            Some(ShippingOption {
                is_chosen: chosen == Some(id),
                title: option.title.clone().unwrap_or_else(|| id.clone()),
                details: details.collect::<Vec<_>>().join(" · "),
                amount: text::money(option.amount.unwrap_or_default(), currency),
                id: id.clone(),
            })
        });
        let options: Vec<_> = options.collect();
        let needs_shipping = express
            .shipping_mode
            .as_ref()
            .is_none_or(|mode| mode.as_str() == "shipping_required");
        let missing = match (known, chosen) {
            (None, _) => Some("Save the address first."),
            (Some(_), None) if needs_shipping && options.is_empty() => {
                Some("The shop does not ship to this address.")
            }
            (Some(_), None) if needs_shipping => Some("Choose a shipping option first."),
            _ => None,
        };
        Some(Self {
            address: known.map(order::address).unwrap_or_default(),
            fields: fields(known),
            has_discounts: express.discount_codes.is_some(),
            codes: stored
                .map(|order| order.discount_codes.join(" "))
                .unwrap_or_default(),
            missing,
            options,
        })
    }
}

/// The fields with their values, or else those of a customer who does not exist.
fn fields(known: Option<&OrderAddress>) -> Vec<Field> {
    let field = |name, label, value: fn(&OrderAddress) -> &Option<String>, example: &str| {
        let value = match known {
            Some(address) => value(address).clone().unwrap_or_default(),
            None => example.to_owned(),
        };
        Field {
            name,
            label,
            value,
            is_required: matches!(name, "country" | "postal_code"),
        }
    };
    vec![
        field("first_name", "First name", |one| &one.first_name, "Kari"),
        field("last_name", "Last name", |one| &one.last_name, "Nordmann"),
        field(
            "address_line",
            "Address",
            |one| &one.address_line,
            "Testveien 1",
        ),
        field("postal_code", "Postal code", |one| &one.postal_code, "0150"),
        field("postal_place", "City", |one| &one.postal_place, "Oslo"),
        field("country", "Country code", |one| &one.country, "NO"),
        field("email", "Email", |one| &one.email, "kari@example.com"),
        field(
            "phone_number",
            "Phone",
            |one| &one.phone_number,
            "+4700000000",
        ),
    ]
}

async fn address(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return render(&inner, &id, Some(problem)),
    };
    let address = mock::value(|address: &mut OrderAddress| {
        address.first_name = form.some("first_name");
        address.last_name = form.some("last_name");
        address.address_line = form.some("address_line");
        address.postal_code = form.some("postal_code");
        address.postal_place = form.some("postal_place");
        address.country = form.some("country");
        address.email = form.some("email");
        address.phone_number = form.some("phone_number");
    });
    let changed = express::set_shipping_address(&inner, &id, address).await;
    back(&inner, &id, changed)
}

async fn shipping(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let changed = match Form::read(request).await {
        Ok(form) => express::set_shipping_option(&inner, &id, form.get("option")).await,
        Err(problem) => Err(problem),
    };
    back(&inner, &id, changed)
}

async fn discounts(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let changed = match Form::read(request).await {
        Ok(form) => {
            let codes = form.get("codes").split_whitespace().map(str::to_owned);
            express::set_discount_codes(&inner, &id, codes.collect()).await
        }
        Err(problem) => Err(problem),
    };
    back(&inner, &id, changed)
}

fn back(inner: &Inner, id: &str, changed: Result<StoredSession, Problem>) -> Response {
    match changed {
        Ok(_) => see_other(&format!("/v1/view/{id}")),
        Err(problem) => render(inner, id, Some(problem)),
    }
}
