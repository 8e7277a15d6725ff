//! Sellers: applications that move on by the clock, and the sellers that can be paid out to.

use std::time::{Duration, SystemTime};

use dintero::management::{AuthPayoutDestination, PayoutDestinationCreate};
use dintero::payments::{ApprovalStatus, SellerApplication, SellerApproval, SellerApprovals};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, typed, unknown_cursor};
use super::{Handler, Outcome, payouts, stores};
use crate::delivery;
use crate::request::{Answer, Problem, Request};
use crate::state::{Job, State};
use crate::store::Record;

/// How long an application stays in each status.
const STEP: Duration = Duration::from_secs(60);

impl Record for SellerApproval {
    const TABLE: &'static str = "approvals";
}

impl Record for AuthPayoutDestination {
    const TABLE: &'static str = "sellers";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "create_seller_approval") => apply,
        ("payments", "list_seller_approvals") => list_approvals,
        ("management", "archive_seller_approval") => archive,
        ("management", "list_payout_destinations") => list,
        ("management", "create_payout_destination") => create,
        ("management", "get_payout_destination") => get,
        // Which members `management.update_payout_destination` changes is not documented.
        _ => return None,
    }))
}

/// The status after this one. The description of the seller decides the outcome, as on Dintero's test accounts: with
/// `AUTO_WAITING_FOR_SIGNATURE` the application waits. Other applications are declared, signed and checked, which
/// persons do at Dintero.
fn next(status: &ApprovalStatus, description: &str) -> Option<ApprovalStatus> {
    use ApprovalStatus::*;
    match (status, description) {
        (AutomaticReview, "AUTO_APPROVE") => Some(Active),
        (AutomaticReview, "AUTO_DECLINE") => Some(Declined),
        (AutomaticReview, "AUTO_WAITING_FOR_SIGNATURE") => Some(WaitingForSignature),
        (WaitingForSignature, "AUTO_WAITING_FOR_SIGNATURE") => None,
        (WaitingForDeclaration, _) => Some(WaitingForSignature),
        (WaitingForSignature, _) => Some(UnderManualReview),
        (UnderManualReview, _) => Some(Active),
        _ => None,
    }
}

fn apply(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<SellerApplication>()?;
    let account = &request.caller.account;
    let refused = |message: &str| Problem::bad_request("ValidationError", message);
    let is_individual = body
        .type_
        .as_ref()
        .is_some_and(|kind| kind.as_str() == "individual");
    if !is_individual && (body.country_code.is_none() || body.organization_number.is_none()) {
        let message = "body: `country_code` and `organization_number` are required unless `type` is `individual`";
        return Err(refused(message));
    }
    let seller = body
        .payout_destination_id
        .as_ref()
        .map_or("", |id| id.as_str());
    check_free(state, account, seller)?;
    let description = body
        .payout_destination_description
        .as_deref()
        .unwrap_or_default();
    let status = match description {
        "AUTO_APPROVE" | "AUTO_DECLINE" | "AUTO_WAITING_FOR_SIGNATURE" => {
            ApprovalStatus::AutomaticReview
        }
        _ => ApprovalStatus::WaitingForDeclaration,
    };
    let id = state.uuid();
    let now = state.timestamp();
    let contract = format!("{}/contracts/{id}", request.origin);
    let approval: SellerApproval = merged(
        &body,
        json!({
            "id": id,
            "created_at": now,
            "created_by": request.caller.name,
            "updated_at": now,
            "deleted_at": null,
            "deleted_by": null,
            "case_status": status.as_str(),
            "links": [{ "rel": "contract_url", "href": contract }],
        }),
    )?;
    let place = key(account, &id);
    state.store.put(&place, &approval);
    state.schedule(STEP, Job::Approve(place));
    Answer::json(&approval)
}

/// The id of a seller is its own, unless an application with it was rejected or archived.
fn check_free(state: &State, account: &str, seller: &str) -> Result<(), Problem> {
    let ended = [
        ApprovalStatus::Declined,
        ApprovalStatus::Archived,
        ApprovalStatus::Terminated,
    ];
    let is_applied_for = of_account::<SellerApproval>(state, account)
        .iter()
        .any(|one| {
            let is_same = one
                .payout_destination_id
                .as_ref()
                .is_some_and(|id| id.as_str() == seller);
            is_same
                && one
                    .case_status
                    .as_ref()
                    .is_none_or(|status| !ended.contains(status))
        });
    if !is_applied_for
        && !state
            .store
            .contains::<AuthPayoutDestination>(&key(account, seller))
    {
        return Ok(());
    }
    let message = format!("body.payout_destination_id: there is a seller `{seller}` already");
    Err(Problem::bad_request("ValidationError", message))
}

/// An application moves on, as often as the time since its last change allows.
pub(crate) fn move_on(state: &mut State, place: &str) {
    let Some(mut approval) = state.store.get::<SellerApproval>(place) else {
        return;
    };
    let account = place.split('/').next().unwrap_or_default().to_owned();
    let now = state.now();
    let description = approval.payout_destination_description.clone();
    let description = description.unwrap_or_default();
    loop {
        let changed = approval.updated_at.as_ref();
        let changed = changed.and_then(|time| SystemTime::try_from(time).ok());
        let due = changed.unwrap_or(now) + STEP;
        let status = approval.case_status.as_ref();
        let Some(next) = status.and_then(|status| next(status, &description)) else {
            return;
        };
        if due > now {
            let wait = due.duration_since(now).unwrap_or_default();
            return state.schedule(wait, Job::Approve(place.to_owned()));
        }
        let is_active = next == ApprovalStatus::Active;
        approval.case_status = Some(next);
        approval.updated_at = Some(due.into());
        state.store.put(place, &approval);
        if is_active {
            add(state, &account, &approval);
        }
        tell(
            state,
            &account,
            "approval_payout_destination_update",
            &approval,
        );
    }
}

/// Returns an application by its id, with the place where it is stored.
pub(crate) fn by_id(state: &State, id: &str) -> Option<(String, SellerApproval)> {
    let mut all = state.store.iter::<SellerApproval>();
    let is_it = |one: &SellerApproval| one.id.as_ref().is_some_and(|own| own.as_str() == id);
    let (place, found) = all.find(|(_, one)| is_it(one))?;
    Some((place.to_owned(), found))
}

/// Whether the contract of an application can be signed.
pub(crate) fn can_sign(status: &ApprovalStatus) -> bool {
    use ApprovalStatus::{WaitingForDeclaration, WaitingForSignature};
    matches!(status, WaitingForDeclaration | WaitingForSignature)
}

/// The seller declares what is asked and signs the contract, which is checked next.
///
/// # Errors
/// The application is unknown, or nothing is to be signed.
pub(crate) fn sign(state: &mut State, id: &str) -> Result<(), Problem> {
    let found = by_id(state, id).ok_or_else(|| Problem::not_found("application", id))?;
    let (place, mut approval) = found;
    if !approval.case_status.as_ref().is_some_and(can_sign) {
        let message = "the contract of this application can't be signed now";
        return Err(Problem::bad_request("InvalidRequest", message));
    }
    approval.case_status = Some(ApprovalStatus::UnderManualReview);
    approval.updated_at = Some(state.timestamp());
    state.store.put(&place, &approval);
    let account = place.split('/').next().unwrap_or_default().to_owned();
    tell(
        state,
        &account,
        "approval_payout_destination_update",
        &approval,
    );
    state.schedule(STEP, Job::Approve(place));
    Ok(())
}

/// Sends the merchant an event of an approval, with the documented members.
fn tell(state: &mut State, account: &str, event: &str, approval: &SellerApproval) {
    let approval = serde_json::to_value(approval).unwrap_or_default();
    let members = [
        "id",
        "created_at",
        "created_by",
        "updated_at",
        "deleted_at",
        "deleted_by",
        "payout_destination_id",
        "payout_destination_name",
        "payout_destination_description",
        "payout_reference",
        "organization_number",
        "case_status",
    ];
    let case = members.iter().filter_map(|member| {
        let value = approval.get(member)?.clone();
        Some(((*member).to_owned(), value))
    });
    let case: serde_json::Map<String, Value> = case.collect();
    delivery::account_event(
        state,
        account,
        event,
        || json!({ "payout_destination_case": case }),
    );
}

/// Adds the seller of an application that was approved.
fn add(state: &mut State, account: &str, approval: &SellerApproval) {
    let from = serde_json::to_value(approval).unwrap_or_default();
    let interval = match from["payout_interval_type"].as_str() {
        Some("weekly") => "week",
        Some("monthly") => "month",
        _ => "day",
    };
    let mut organization = json!({});
    for (member, of) in [
        ("organization_number", "organization_number"),
        ("name", "payout_destination_name"),
    ] {
        if let Some(value) = from.get(of) {
            organization[member] = value.clone();
        }
    }
    let accounts = from["bank_accounts"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let accounts = accounts.into_iter().map(|mut one| {
        if let Some(members) = one.as_object_mut() {
            members.remove("payout_currency");
        }
        one
    });
    let mut seller = json!({
        "account_id": account,
        "bank_accounts": accounts.collect::<Vec<_>>(),
        "case_status": from["case_status"],
        "payout_interval_type": interval,
        "links": from["links"],
    });
    for member in [
        "type",
        "payout_destination_id",
        "payout_reference",
        "individual",
    ] {
        if let Some(value) = from.get(member) {
            seller[member] = value.clone();
        }
    }
    if from["type"] != "individual" {
        seller["organization"] = organization;
    }
    let by = approval.created_by.clone().unwrap_or_default();
    let id = approval
        .payout_destination_id
        .as_ref()
        .map_or("", |id| id.as_str());
    let _ = store(state, account, id, &by, seller);
}

/// Stores a new seller, and pays its balance out when it is due.
fn store(
    state: &mut State,
    account: &str,
    id: &str,
    by: &str,
    mut members: Value,
) -> Result<AuthPayoutDestination, Problem> {
    let now = state.timestamp();
    members["id"] = state.uuid().into();
    members["created_at"] = now.as_str().into();
    members["created_by"] = by.into();
    members["updated_at"] = now.as_str().into();
    let (stores, terminals) = stores::of_seller(state, account, id);
    members["number_of_stores"] = stores.into();
    members["number_of_terminals"] = terminals.into();
    let seller = typed::<AuthPayoutDestination>(members)?;
    state.store.put(&key(account, id), &seller);
    payouts::schedule(state, account, id);
    Ok(seller)
}

fn list_approvals(state: &mut State, request: &Request) -> Outcome {
    let mut approvals = of_account::<SellerApproval>(state, &request.caller.account);
    let one_of = |name: &str, value: Option<&str>| {
        let mut wanted = request.query_values(name).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| value == Some(wanted))
    };
    approvals.retain(|one| {
        let seller = one.payout_destination_id.as_ref().map(|id| id.as_str());
        let status = one.case_status.as_ref().map(|status| status.as_str());
        one_of("payout_destination_id", seller) && one_of("case_status", status)
    });
    let mut answer = typed::<SellerApprovals>(json!({}))?;
    answer.payout_destinations = approvals.into();
    Answer::json(&answer)
}

fn archive(state: &mut State, request: &Request) -> Outcome {
    let id = request.id("id");
    let account = &request.caller.account;
    let place = key(account, id);
    let approval = state.store.get::<SellerApproval>(&place);
    let approval = approval.filter(|one| one.case_status != Some(ApprovalStatus::Archived));
    let mut approval = approval.ok_or_else(|| Problem::not_found("application", id))?;
    if approval.case_status == Some(ApprovalStatus::Active) {
        if request.query_value("delete_active") != Some("true") {
            let message = "the seller is active: set `delete_active` to archive it";
            return Err(Problem::bad_request("InvalidRequest", message));
        }
        let seller = approval
            .payout_destination_id
            .as_ref()
            .map_or("", |id| id.as_str());
        state
            .store
            .remove::<AuthPayoutDestination>(&key(account, seller));
    }
    let now = state.timestamp();
    approval.case_status = Some(ApprovalStatus::Archived);
    approval.updated_at = Some(now.clone());
    approval.deleted_at = Some(now);
    approval.deleted_by = Some(request.caller.name.clone());
    state.store.put(&place, &approval);
    tell(
        state,
        account,
        "approval_payout_destination_delete",
        &approval,
    );
    Ok(Answer::empty(204))
}

fn list(state: &mut State, request: &Request) -> Outcome {
    if let Some(cursor) = request.query_value("starting_after") {
        // The list is one page.
        return Err(unknown_cursor("starting_after", cursor));
    }
    let sellers = of_account::<AuthPayoutDestination>(state, &request.caller.account);
    let sellers: Vec<AuthPayoutDestination> = (sellers.into_iter())
        .map(|seller| counted(state, request, seller))
        .map(|mut seller| {
            seller.links = Vec::new().into();
            seller
        })
        .collect();
    let mut answer = typed::<dintero::management::ListPayoutDestinationsResponse>(json!({}))?;
    answer.payout_destinations = sellers.into();
    Answer::json(&answer)
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<PayoutDestinationCreate>()?;
    let account = &request.caller.account;
    let id = body
        .payout_destination_id
        .as_ref()
        .map_or("", |id| id.as_str())
        .to_owned();
    check_free(state, account, &id)?;
    let members: Value = merged(
        &body,
        json!({
            "account_id": account,
            "case_status": ApprovalStatus::Active.as_str(),
            // Not members of a seller.
            "payout_destination_name": null,
            "payout_destination_description": null,
            "form_submitter": null,
        }),
    )?;
    Answer::json(&store(state, account, &id, &request.caller.name, members)?)
}

fn get(state: &mut State, request: &Request) -> Outcome {
    let id = request.id("payout_destination_id");
    let place = key(&request.caller.account, id);
    let found = state.store.get::<AuthPayoutDestination>(&place);
    let found = found.ok_or_else(|| Problem::not_found("seller", id))?;
    let found = counted(state, request, found);
    let terminals = stores::summaries_of_seller(state, &request.caller.account, id);
    Answer::json(&merged::<AuthPayoutDestination>(
        &found,
        json!({ "terminals": terminals }),
    )?)
}

/// Returns a seller with the numbers of stores and terminals that it has now.
fn counted(
    state: &State,
    request: &Request,
    mut seller: AuthPayoutDestination,
) -> AuthPayoutDestination {
    let id = seller
        .payout_destination_id
        .as_ref()
        .map_or("", |id| id.as_str());
    let (stores, terminals) = stores::of_seller(state, &request.caller.account, id);
    seller.number_of_stores = i64::try_from(stores).ok();
    seller.number_of_terminals = i64::try_from(terminals).ok();
    seller
}
