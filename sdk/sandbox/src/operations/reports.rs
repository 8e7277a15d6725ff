//! Reports on transactions: made at once or on a schedule, listed, and downloaded from signed URLs.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{Path, RawQuery, State as Extract};
use dintero::Timestamp;
use dintero::insight::{ReportConfiguration, ReportParams, ReportSettings};
use dintero::payments::{ReportMetadata, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, page, typed};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::server::Inner;
use crate::state::{Job, State, millis};
use crate::store::Record;

/// How long a signed URL gives access.
const VALID: Duration = Duration::from_secs(60 * 60);

/// The most reports of a configuration that are made at once, after the clock was turned far: the last ones.
const MAX_DUE: u32 = 400;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A finished report.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Report {
    metadata: ReportMetadata,
    /// The file.
    text: String,
}

impl Record for Report {
    const TABLE: &'static str = "reports";
}

/// A configuration, and until when its reports are made.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Plan {
    account: String,
    configuration: ReportConfiguration,
    last: Timestamp,
}

impl Record for Plan {
    const TABLE: &'static str = "report-configurations";
}

/// The access by a signed URL, under its signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Access {
    report: String,
    /// Since 1970, in milliseconds.
    expires_at: u64,
}

impl Record for Access {
    const TABLE: &'static str = "signed-urls";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "list_reports") => list,
        ("insight", "generate_report") => generate,
        ("insight", "create_report_configuration") => configure,
        ("insight", "update_report_configuration") => reconfigure,
        ("insight", "list_report_configurations") => list_configurations,
        _ => return None,
    }))
}

/// Makes a report of an account. `settings` has the members that both ways of asking for one have.
fn make(
    state: &mut State,
    account: &str,
    settings: &Value,
    (from, to): (&Timestamp, &Timestamp),
    more: Value,
) -> Result<(), Problem> {
    let filters: Vec<(String, String)> = (settings["reportFilters"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|one| {
            let text = |name: &str| one[name].as_str().map(str::to_owned);
            Some((text("filter")?, text("value")?))
        })
        .collect();
    let text = text(state, account, &filters, (from, to));
    let id = state.uuid();
    let filters: Vec<Value> = (filters.iter())
        .map(|(filter, value)| {
            let filter = match filter.as_str() {
                "payout_destination_id" => "operation_payout_destination",
                other => other,
            };
            json!({ "filter": filter, "value": value })
        })
        .collect();
    let mut metadata = json!({
        "id": id,
        "report_job_id": state.uuid(),
        "account_id": account,
        "content_type": "text/csv",
        "content_language": settings["language"],
        "created_at": state.timestamp(),
        "data_from": from,
        "data_to": to,
        "schedule": settings["schedule"],
        "report_file_name": format!("{account}/{id}.csv"),
        "custom_report_name": settings["name"],
        "data_type": settings["dataType"],
        "report_filters": filters,
    });
    if let (Some(metadata), Value::Object(more)) = (metadata.as_object_mut(), more) {
        metadata.extend(more);
    }
    let report = Report {
        metadata: typed(metadata)?,
        text,
    };
    state.store.put(&key(account, &id), &report);
    Ok(())
}

/// The columns, by the names of the transaction's members: those of Dintero's reports are not documented.
const COLUMNS: [&str; 10] = [
    "id",
    "created_at",
    "status",
    "amount",
    "currency",
    "payment_product_type",
    "merchant_reference",
    "settlement_status",
    "payout_destination_id",
    "store_id",
];

fn text(
    state: &State,
    account: &str,
    filters: &[(String, String)],
    (from, to): (&Timestamp, &Timestamp),
) -> String {
    let transactions = state.store.iter::<Transaction>().map(|(_, one)| one);
    let rows: Vec<Value> = transactions
        .filter(|one| {
            one.account_id
                .as_ref()
                .is_some_and(|id| id.as_str() == account)
        })
        .filter(|one| {
            one.created_at
                .as_ref()
                .is_some_and(|at| at >= from && at < to)
        })
        .filter_map(|one| {
            let store = one.store.as_ref().and_then(|store| store.id.clone());
            let store = store.map(|id| id.to_string());
            merged(&one, json!({ "store_id": store })).ok()
        })
        .filter(|row: &Value| {
            let mut filters = filters.iter();
            filters.all(|(column, value)| row[column.as_str()] == value.as_str())
        })
        .collect();
    super::records::csv(&COLUMNS, &rows)
}

/// The sandbox makes one kind of file.
fn check_kinds<'k>(kinds: impl IntoIterator<Item = &'k str>) -> Result<(), Problem> {
    match kinds.into_iter().find(|kind| *kind != "text/csv") {
        None => Ok(()),
        Some(kind) => Err(Problem::unknown(format!("reports as {kind}; use text/csv"))),
    }
}

fn generate(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<ReportParams>()?;
    let settings: Value = merged(&body, json!({}))?;
    check_kinds(settings["contentType"].as_str())?;
    let time = |name: &str| {
        let text = settings[name].as_str().unwrap_or_default();
        let day = || Timestamp::parse(&format!("{text}T00:00:00Z"));
        Timestamp::parse(text)
            .or_else(|error| day().map_err(|_| error))
            .map_err(|error| {
                Problem::bad_request("ValidationError", format!("body.{name}: {error}"))
            })
    };
    let (from, to) = (time("from")?, time("to")?);
    let by = json!({ "created_by": request.caller.name });
    make(state, &request.caller.account, &settings, (&from, &to), by)?;
    Answer::json(&body)
}

fn configure(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<ReportSettings>()?;
    check_kinds(body.content_types.iter().map(|kind| kind.as_str()))?;
    let id = state.uuid();
    let now = state.timestamp();
    let configuration: ReportConfiguration = merged(
        &body,
        json!({ "id": id, "created_at": now, "created_by": request.caller.name }),
    )?;
    let plan = Plan {
        account: request.caller.account.clone(),
        configuration,
        last: now,
    };
    let place = key(&plan.account, &id);
    state.store.put(&place, &plan);
    state.schedule(interval(&plan), Job::Report(place));
    Answer::json(&plan.configuration)
}

fn reconfigure(state: &mut State, request: &Request) -> Outcome {
    let place = key(&request.caller.account, request.id("id"));
    let found = state.store.get::<Plan>(&place);
    let mut plan = found.ok_or_else(|| Problem::not_found("configuration", request.id("id")))?;
    let body = request.read::<ReportSettings>()?;
    check_kinds(body.content_types.iter().map(|kind| kind.as_str()))?;
    let before = &plan.configuration;
    plan.configuration = merged(
        &body,
        json!({
            "id": before.id,
            "created_at": before.created_at,
            "created_by": before.created_by,
        }),
    )?;
    state.store.put(&place, &plan);
    // The job of the former schedule finds that nothing is due.
    state.schedule(interval(&plan), Job::Report(place));
    Answer::json(&plan.configuration)
}

/// A bare list, as of other operations without pages: what is around the configurations is not documented.
fn list_configurations(state: &mut State, request: &Request) -> Outcome {
    let plans = of_account::<Plan>(state, &request.caller.account);
    let all: Vec<ReportConfiguration> = plans.into_iter().map(|plan| plan.configuration).collect();
    Answer::json(&all)
}

fn interval(plan: &Plan) -> Duration {
    let schedule = plan.configuration.schedule.as_ref();
    match schedule.map_or("", |schedule| schedule.as_str()) {
        "weekly" => DAY * 7,
        "monthly" => DAY * 30,
        _ => DAY,
    }
}

/// Makes the reports of a configuration that are due: several after the clock was turned far.
pub(crate) fn make_due(state: &mut State, place: &str) {
    let Some(mut plan) = state.store.get::<Plan>(place) else {
        return;
    };
    let now = state.now();
    let mut made = false;
    let oldest = now.checked_sub(interval(&plan) * MAX_DUE);
    if let (Some(oldest), Ok(mut last)) = (oldest, SystemTime::try_from(&plan.last)) {
        while last < oldest {
            last += interval(&plan);
        }
        plan.last = Timestamp::from(last);
    }
    loop {
        let Ok(last) = SystemTime::try_from(&plan.last) else {
            return;
        };
        let due = last + interval(&plan);
        if due > now {
            break;
        }
        let to = Timestamp::from(due);
        let settings = serde_json::to_value(&plan.configuration).unwrap_or_default();
        let more = json!({
            "report_config_id": plan.configuration.id,
            "created_by": plan.configuration.created_by,
            "created_at": to,
        });
        let account = plan.account.clone();
        let _ = make(state, &account, &settings, (&plan.last, &to), more);
        plan.last = to;
        made = true;
    }
    if made {
        state.store.put(place, &plan);
        let next = SystemTime::try_from(&plan.last).map_or(DAY, |last| {
            (last + interval(&plan))
                .duration_since(now)
                .unwrap_or_default()
        });
        state.schedule(next, Job::Report(place.to_owned()));
    }
}

/// Newest first. Each list has URLs of its own.
fn list(state: &mut State, request: &Request) -> Outcome {
    let account = &request.caller.account;
    let mut all: Vec<ReportMetadata> = of_account::<Report>(state, account)
        .into_iter()
        .map(|report| report.metadata)
        .collect();
    all.reverse();
    let (mut reports, has_more) = page(request, all, 10, |one| {
        one.id.as_ref().map(|id| id.as_str())
    })?;
    for report in &mut reports {
        let id = report.id.as_ref().map_or("", |id| id.as_str());
        let signature = state.text(43);
        let access = Access {
            report: key(account, id),
            expires_at: millis(state.now() + VALID),
        };
        state.store.put(&signature, &access);
        let url = format!("{}/reports/{id}?signature={signature}", request.origin);
        report.signed_url = Some(url);
    }
    state.store.keep_newest::<Access>(10_000);
    let last = reports.last().and_then(|report| report.id.as_ref());
    let cursor = last.filter(|_| has_more).map(|id| id.as_str().to_owned());
    let mut answer = typed::<dintero::payments::ReportMetadataPage>(json!({}))?;
    answer.reports = reports.into();
    answer.starting_after = cursor;
    Answer::json(&answer)
}

/// Serves the file of a signed URL, which gives access by itself.
pub(crate) async fn file(
    Extract(inner): Extract<Arc<Inner>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> axum::response::Response {
    let query = query.unwrap_or_default();
    let mut query = form_urlencoded::parse(query.as_bytes());
    let signature = query.find(|(name, _)| name == "signature");
    let signature = signature.map(|(_, value)| value.into_owned());
    let outcome = inner.read(|state| {
        let refused = || Problem::forbidden("the URL gives no access, or has expired");
        let access = state.store.get::<Access>(&signature.unwrap_or_default());
        let access = access.filter(|access| access.expires_at > millis(state.now()));
        let access = access.ok_or_else(refused)?;
        let report = state.store.get::<Report>(&access.report);
        let is_same = |report: &Report| {
            report
                .metadata
                .id
                .as_ref()
                .is_some_and(|own| own.as_str() == id)
        };
        let report = report.filter(is_same).ok_or_else(refused)?;
        Ok(Answer::bytes(200, "text/csv", report.text))
    });
    crate::server::response(outcome.unwrap_or_else(Problem::into_answer))
}
