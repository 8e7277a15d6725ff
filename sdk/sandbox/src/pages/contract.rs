//! The contract of a seller, where the link `contract_url` of an application leads.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use dintero::payments::ApprovalStatus;
use http::StatusCode;

use super::{page, problem, see_other};
use crate::operations::sellers;
use crate::request::Problem;
use crate::server::Inner;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new().route("/contracts/{id}", get(show).post(sign))
}

#[derive(Template)]
#[template(path = "contract.html")]
struct ContractPage {
    id: String,
    seller: String,
    status: String,
    message: &'static str,
    can_sign: bool,
}

async fn show(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let Some((_, approval)) = inner.read(|state| sellers::by_id(state, &id)) else {
        return problem(&Problem::not_found("application", &id));
    };
    let status = approval.case_status.as_ref();
    let can_sign = status.is_some_and(sellers::can_sign);
    let message = match status {
        Some(ApprovalStatus::Active) => "The seller is approved and can be paid out.",
        Some(ApprovalStatus::Declined) => "The application was declined.",
        Some(ApprovalStatus::Archived) => "The application was archived.",
        Some(_) if can_sign => "The contract waits for a signature.",
        _ => "The application is being checked.",
    };
    let seller = approval.payout_destination_id.as_ref();
    let contract = ContractPage {
        seller: seller.map(ToString::to_string).unwrap_or_default(),
        status: status.map(ToString::to_string).unwrap_or_default(),
        message,
        can_sign,
        id,
    };
    page(StatusCode::OK, &contract)
}

async fn sign(Extract(inner): Extract<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let signed = inner.change(|state| sellers::sign(state, &id)).await;
    match signed.and_then(|signed| signed) {
        Ok(()) => see_other(&format!("/contracts/{id}")),
        Err(error) => problem(&error),
    }
}
