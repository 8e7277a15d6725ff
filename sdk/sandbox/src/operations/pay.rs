//! Payments without the customer, saved cards, and the list of transactions.

use dintero::checkout::CardToken;
use dintero::payments::{PaySessionBody, PaySessionResponse, Transaction};
use serde_json::{Value, json};

use super::list::{self, Filters};
use super::sessions::{self, converted};
use super::{Handler, Outcome, transactions};
use crate::delivery;
use crate::pay::{self, Choice};
use crate::plan::{self, Plan};
use crate::request::{Answer, Problem, Request};
use crate::state::State;

pub(super) use crate::pay::transaction_event;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "pay_session") => by_token,
        ("payments", "list_transactions") => list,
        ("checkout", "list_card_tokens") => list_cards,
        ("checkout", "get_card_token") => get_card,
        ("checkout", "delete_card_token") => delete_card,
        _ => return None,
    }))
}

fn by_token(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<PaySessionBody>()?;
    let mut value = serde_json::to_value(&body).unwrap_or_default();
    let Value::Object(mut session) = value["session"].take() else {
        return Err(transactions::refused("`session` is missing"));
    };
    let product = value["payment"]["payment_product_type"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let tokens = session["customer"]["tokens"][&product].clone();
    let token = ["payment_token", "recurrence_token"]
        .into_iter()
        .find_map(|name| tokens[name].as_str());
    let Some(token) = token else {
        let message = format!("`session.customer.tokens` has no token for `{product}`");
        return Err(transactions::refused(&message));
    };
    let mut cards = state.store.iter::<CardToken>();
    let card = cards
        .find(|(_, card)| {
            let own = card.account_id.as_ref();
            let is_own = own.is_some_and(|own| own.as_str() == request.caller.account);
            is_own && card.token.as_deref() == Some(token)
        })
        .map(|(_, card)| card);
    drop(cards);
    let card = card.ok_or_else(|| transactions::refused("the token is not one of this account"))?;
    strict_reference(state, request, &session)?;
    // The response of `get_session` needs both, and a payment without the customer has neither.
    let urls = session.entry("url").or_insert_with(|| json!({}));
    if urls["return_url"].is_null() {
        urls["return_url"] = format!("{}/", request.origin).into();
    }
    let mut stored = sessions::stored(state, request, session)?;
    let kind = value["payment"]["operation"].as_str();
    stored.payment_operation = Some(kind.unwrap_or("unscheduled_purchase").into());
    let plan = plan::take(state, request, "AUTHORIZE")?;
    let is_active = card
        .status
        .as_ref()
        .is_none_or(|status| status.as_str() == "ACTIVE");
    let choice = match plan {
        Some(Plan::Fails(code)) => Choice::Declined(code),
        Some(Plan::Later { .. }) => return Err(Problem::unknown("payments by token with 202")),
        None if !is_active => Choice::Declined("TOKEN_NOT_ACTIVE".to_owned()),
        None => Choice::Paid,
    };
    let transaction = pay::attempt(state, &mut stored, &product, &choice)?;
    let is_paid = choice == Choice::Paid;
    let mut answer = serde_json::to_value(pay::public(&transaction)).unwrap_or_default();
    answer["success"] = is_paid.into();
    let news = delivery::News {
        transaction: Some(&transaction),
        error: (!is_paid).then_some("authorization"),
        event: None,
    };
    delivery::session_callback(state, &stored, news);
    Answer::json(&converted::<PaySessionResponse>(&answer)?)
}

/// `strict-merchant-reference` and `strict-success-merchant-reference`.
fn strict_reference(
    state: &State,
    request: &Request,
    session: &serde_json::Map<String, Value>,
) -> Result<(), Problem> {
    let toggles = request
        .header("dintero-feature-toggles")
        .unwrap_or_default();
    let has = |name: &str| toggles.split(',').any(|toggle| toggle.trim() == name);
    let (any, paid) = (
        has("strict-merchant-reference"),
        has("strict-success-merchant-reference"),
    );
    if !any && !paid {
        return Ok(());
    }
    let reference = session
        .get("order")
        .and_then(|order| order["merchant_reference"].as_str());
    let mut sessions = state.store.iter::<dintero::payments::StoredSession>();
    let is_taken = sessions.any(|(_, session)| {
        let own = session
            .order
            .as_ref()
            .and_then(|order| order.merchant_reference.as_deref());
        let transaction = session.transaction_id.as_ref();
        let transaction = transaction.and_then(|id| state.store.get::<Transaction>(id.as_str()));
        let is_paid =
            transaction.is_some_and(|one| !matches!(one.status.as_str(), "FAILED" | "DECLINED"));
        let account = session.account_id.as_ref();
        account.is_some_and(|account| account.as_str() == request.caller.account)
            && own.is_some()
            && own == reference
            && (any || is_paid)
    });
    match is_taken {
        true => Err(transactions::refused(
            "another session has the same `merchant_reference`",
        )),
        false => Ok(()),
    }
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let filters = Filters::of(request)?;
    let account = &request.caller.account;
    let found = list::items(state, request, |one: &Transaction| {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let customer = one.customer.as_ref();
        let card = one.card.as_ref();
        let metadata = one.metadata.as_ref();
        let session = text(one.session_id.as_ref().map(|id| id.as_str()));
        let store = one.store.as_ref();
        let tokens = [
            card.and_then(|card| card.payment_token_id.as_ref()),
            card.and_then(|card| card.recurrence_token_id.as_ref()),
        ];
        let tokens = tokens.map(|id| text(id.map(|id| id.as_str())));
        let done = |kind: &str| {
            let events = one
                .events
                .iter()
                .filter(move |event| list::is_done(event, kind));
            events
                .filter_map(|event| event.created_at.as_ref())
                .collect::<Vec<_>>()
        };
        one.account_id
            .as_ref()
            .is_some_and(|own| own.as_str() == account)
            && filters.one_of("id", &[one.id.as_str()])
            && filters.one_of("status", &[one.status.as_str()])
            && filters.one_of(
                "payment_product",
                &[&text(one.payment_product.as_ref().map(|it| it.as_str()))],
            )
            && filters.one_of(
                "payment_product_type",
                &[&text(
                    one.payment_product_type.as_ref().map(|it| it.as_str()),
                )],
            )
            && filters.one_of(
                "card_brand",
                &[&text(card.and_then(|card| card.brand.as_deref()))],
            )
            && filters.one_of(
                "merchant_reference",
                &[&text(one.merchant_reference.as_deref())],
            )
            && filters.one_of(
                "merchant_reference_2",
                &[&text(one.merchant_reference_2.as_deref())],
            )
            && filters.one_of("session_id", &[&session])
            && filters.one_of(
                "store_id",
                &[&text(
                    store.and_then(|it| it.id.as_ref()).map(|id| id.as_str()),
                )],
            )
            && filters.one_of(
                "terminal_id",
                &[&text(
                    store
                        .and_then(|it| it.terminal_id.as_ref())
                        .map(|id| id.as_str()),
                )],
            )
            && filters.one_of_separated(
                "payout_correlation_id",
                &[&text(
                    metadata.and_then(|it| it.payout_correlation_id.as_deref()),
                )],
            )
            && filters.one_of("currency", &[one.currency.as_str()])
            && filters.number("amount", one.amount.minor_units())
            && filters.during("created_at", one.created_at.iter())
            && filters.during("captured_at", done("CAPTURE"))
            && filters.during("refunded_at", done("REFUND"))
            && filters.one_of(
                "payment_operation",
                &[&text(one.payment_operation.as_ref().map(|it| it.as_str()))],
            )
            && filters.one_of(
                "customer_id",
                &[&text(
                    customer
                        .and_then(|it| it.customer_id.as_ref())
                        .map(|id| id.as_str()),
                )],
            )
            && filters.one_of(
                "payout_destination_id",
                &[&text(
                    one.payout_destination_id.as_ref().map(|id| id.as_str()),
                )],
            )
            && filters.one_of("token_id", &[&tokens[0], &tokens[1]])
            && filters.one_of(
                "channel",
                &[&text(one.channel.as_ref().map(|it| it.as_str()))],
            )
            && filters.contains("search", || {
                let address = one
                    .billing_address
                    .as_ref()
                    .or(one.shipping_address.as_ref());
                let name = address.map(|address| {
                    let first = address.first_name.as_deref().unwrap_or_default();
                    format!(
                        "{first} {}",
                        address.last_name.as_deref().unwrap_or_default()
                    )
                });
                let mut texts = vec![
                    one.id.to_string(),
                    session.clone(),
                    text(one.merchant_reference.as_deref()),
                    text(one.merchant_reference_2.as_deref()),
                    text(customer.and_then(|customer| customer.email.as_deref())),
                    text(customer.and_then(|customer| customer.phone_number.as_deref())),
                ];
                texts.extend(name);
                texts.extend(tokens.clone());
                texts
            })
    })?;
    let shown: Vec<Transaction> = found.iter().map(pay::public).collect();
    Answer::json(&shown)
}

fn of_caller(state: &State, request: &Request) -> Result<CardToken, Problem> {
    let id = request.id("token_id");
    let card = state.store.get::<CardToken>(id);
    let own = card.filter(|card| {
        let account = card.account_id.as_ref();
        account.is_some_and(|account| account.as_str() == request.caller.account)
    });
    own.ok_or_else(|| Problem::not_found("card token", id))
}

fn list_cards(state: &mut State, request: &Request) -> Outcome {
    let filters = Filters::of(request)?;
    let with_deleted = request.query_value("include_deleted") == Some("true");
    list::page(state, request, |card: &CardToken| {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let account = card.account_id.as_ref();
        account.is_some_and(|own| own.as_str() == request.caller.account)
            && (with_deleted || card.deleted_at.is_none())
            && filters.one_of(
                "customer_id",
                &[&text(card.customer_id.as_ref().map(|id| id.as_str()))],
            )
            && filters.one_of("relationship_id", &[&text(card.relationship_id.as_deref())])
            && filters.one_of(
                "status",
                &[&text(card.status.as_ref().map(|status| status.as_str()))],
            )
    })
}

fn get_card(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&of_caller(state, request)?)
}

fn delete_card(state: &mut State, request: &Request) -> Outcome {
    let mut card = of_caller(state, request)?;
    if card.deleted_at.is_some() {
        return Err(Problem::not_found("card token", request.id("token_id")));
    }
    card.status = Some("DELETED".into());
    card.deleted_at = Some(state.timestamp());
    card.deleted_by = Some(request.caller.name.clone());
    state.store.put(request.id("token_id"), &card);
    delivery::account_event(
        state,
        &request.caller.account,
        "checkout_token_delete",
        || json!({ "token": card }),
    );
    Answer::json(&card)
}
