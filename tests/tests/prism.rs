//! The SDK against Prism, a mock server that nobody here wrote, and against the checks that Prism leaves out.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]
#![allow(
    deprecated,
    reason = "what is deprecated has to work as long as it is there"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use dintero::insight::{
    AggregateFunction, CheckoutTransactionEvent, CreateReportConfiguration, Interval, KpiName,
    KpiTransactionStatus, ListCheckoutKpis, ReportContentType, ReportFilter, ReportFilterColumn,
    ReportLanguage, ReportSchedule,
};
use dintero::{Amount, Currency, ErrorKind, Timestamp};
use tests::prism::Prism;
use tests::recorder::{Recorded, Recorder};
use tests::world::{Seen, World};

#[tokio::test]
async fn every_insight_operation_passes_with_nothing_optional() {
    let Some(mut world) = World::start("insight.yaml") else {
        return;
    };
    let insight = world.client().insight();
    let mut seen = Seen::default();

    let call = insight
        .list_checkout_kpis()
        .interval(Interval::Day)
        .transaction_status(KpiTransactionStatus::Captured)
        .aggregate_functions([AggregateFunction::Sum])
        .send();
    let (kpis, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);
    assert_eq!(
        kpis.iter()
            .map(|kpi| kpi.kpi_name.clone())
            .collect::<Vec<_>>(),
        [Some(KpiName::Sum), Some(KpiName::Count)]
    );
    let first = &kpis[0].values[0];
    assert_eq!(first.value.as_ref().unwrap().to_string(), "1284500");
    assert_eq!(
        first.date.as_ref().unwrap().to_string(),
        "2024-03-01T00:00:00Z"
    );
    assert_eq!(first.currency, Some(Currency::NOK));

    let call = insight
        .list_checkout_transaction_event_kpis()
        .event(CheckoutTransactionEvent::Capture)
        .created_at_gte("2024-03-01T00:00:00Z".parse::<Timestamp>().unwrap())
        .send();
    let (kpis, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);
    let figure = &kpis[0].values[1];
    assert_eq!(figure.avg_amount.as_ref().unwrap().to_string(), "18412.5");
    assert_eq!(
        (figure.count, figure.sum_amount),
        (Some(24), Some(Amount::minor(441_900)))
    );

    let (kpis, sent) = world
        .passes(insight.list_checkout_transaction_status_kpis().send())
        .await;
    seen.add(&world.document, &sent);
    assert_eq!(kpis[0].values.len(), 2);

    let call = insight
        .generate_report()
        .name("March")
        .from("2024-03-01T00:00:00Z")
        .to("2024-04-01T00:00:00Z")
        .schedule(ReportSchedule::Monthly)
        .language(ReportLanguage::En)
        .send();
    let (params, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);
    assert_eq!(params.name.as_deref(), Some("Web shop, March"));

    let call = insight
        .create_report_configuration()
        .name("Weekly")
        .schedule(ReportSchedule::Weekly)
        .language(ReportLanguage::No)
        .send();
    let (created, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);

    let call = insight
        .update_report_configuration(created.id.unwrap())
        .name("Monthly")
        .schedule(ReportSchedule::Monthly)
        .language(ReportLanguage::En)
        .send();
    let (updated, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);
    assert_eq!(updated.content_types, [ReportContentType::TextCsv]);

    let call = insight.list_report_configurations().send();
    let (_, sent) = world.passes(call).await;
    seen.add(&world.document, &sent);

    seen.is_all_of(&world.document);
}

#[tokio::test]
async fn every_insight_operation_passes_with_everything() {
    let Some(mut world) = World::start("insight.yaml") else {
        return;
    };
    let insight = world.client().insight();
    let mut seen = Seen::default();
    let mut complete = |world: &World, sent: &Recorded| {
        assert_eq!(world.document.unused(sent), [""; 0], "{}", sent.target);
        seen.add(&world.document, sent);
    };
    let filters = [
        ReportFilterColumn::StoreId,
        ReportFilterColumn::PayoutDestinationId,
    ]
    .map(|column| {
        ReportFilter::builder()
            .filter(column)
            .value("æ 1/2?")
            .build()
    });

    let call = insight
        .list_checkout_kpis()
        .interval(Interval::Month)
        .field("total_amount")
        .transaction_status(KpiTransactionStatus::Refunded)
        .aggregate_functions([
            AggregateFunction::Avg,
            AggregateFunction::Count,
            AggregateFunction::Currency,
        ])
        .event_created_at_gte("2024-03-01T00:00:00+01:00".parse::<Timestamp>().unwrap())
        .send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight
        .list_checkout_transaction_event_kpis()
        .interval("day")
        .event(CheckoutTransactionEvent::Void)
        .created_at_gte("2024-03-01T00:00:00Z".parse::<Timestamp>().unwrap())
        .send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight
        .list_checkout_transaction_status_kpis()
        .interval("day")
        .status("AUTHORIZED")
        .created_at_gte("2024-03-01T00:00:00Z".parse::<Timestamp>().unwrap())
        .send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight
        .generate_report()
        .data_type("checkout/transactions")
        .name("March \"2024\"")
        .from("2024-03-01T00:00:00Z")
        .to("2024-04-01T00:00:00Z")
        .schedule(ReportSchedule::Monthly)
        .language(ReportLanguage::En)
        .emails(["finance@example.com"])
        .report_filters(filters.clone())
        .content_type(ReportContentType::ApplicationPdf)
        .send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight
        .create_report_configuration()
        .data_type("checkout/transactions")
        .name("Weekly")
        .schedule(ReportSchedule::Weekly)
        .language(ReportLanguage::No)
        .emails(["finance@example.com", "owner@example.com"])
        .report_filters(filters.clone())
        .content_types([
            ReportContentType::ApplicationPdf,
            ReportContentType::TextCsv,
        ])
        .send();
    let (created, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight
        .update_report_configuration(created.id.unwrap())
        .data_type("checkout/transactions")
        .name("Monthly")
        .schedule(ReportSchedule::Daily)
        .language(ReportLanguage::En)
        .emails(["finance@example.com"])
        .report_filters(filters)
        .content_types([ReportContentType::TextCsv])
        .send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    let call = insight.list_report_configurations().send();
    let (_, sent) = world.passes(call).await;
    complete(&world, &sent);

    seen.is_all_of(&world.document);
}

#[tokio::test]
async fn documented_failures_become_the_right_errors() {
    let Some(mut world) = World::start("insight.yaml") else {
        return;
    };
    let insight = world.client().insight();
    let kpis = || {
        let call = insight
            .list_checkout_kpis()
            .interval(Interval::Day)
            .transaction_status(KpiTransactionStatus::Captured);
        call.aggregate_functions([AggregateFunction::Sum]).send()
    };
    let create = |name: &str| {
        let call = insight
            .create_report_configuration()
            .name(name)
            .schedule(ReportSchedule::Weekly);
        call.language(ReportLanguage::No).send()
    };

    world.recorder.prefer(Some("code=409"));
    let error = create("Weekly").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Conflict, 409)
    );
    assert_eq!(error.message(), Some("This report is configured already"));
    let body = error
        .error_body::<CreateReportConfiguration>()
        .unwrap()
        .unwrap();
    assert_eq!(
        body.error.unwrap().message.as_deref(),
        Some("This report is configured already")
    );

    // No status but success has a description of its own here, so every failure has the body of `default`.
    let kinds = [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Server),
    ];
    for (status, kind) in kinds {
        world.recorder.prefer(Some(&format!("code={status}")));
        let error = kpis().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (kind, status),
            "{error:?}"
        );
        assert_eq!(error.code(), Some("NOT FOUND"));
        let body = error.error_body::<ListCheckoutKpis>().unwrap().unwrap();
        assert_eq!(body.error.unwrap().code.as_deref(), Some("NOT FOUND"));
    }

    // What the server refuses by itself: the name has at most 64 characters.
    world.recorder.prefer(None);
    world.recorder.take();
    let error = create(&"x".repeat(65)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest, "{error:?}");
    let wrong = world.document.check(&world.sent());
    assert!(
        wrong
            .iter()
            .any(|what| what.contains("longer than 64 characters")),
        "{wrong:?}"
    );
    world.prism.alive().unwrap();
}

#[test]
fn wrong_requests_are_noticed_by_one_or_the_other() {
    let Some(mut world) = World::start("insight.yaml") else {
        return;
    };
    let call = |query: &str, credentials: &str| {
        let path = "/accounts/T12300000/insight/kpi/checkout?field=total_amount&transaction_status=CAPTURED";
        let head = format!("GET {path}{query} HTTP/1.1\r\nHost: localhost\r\n{credentials}\r\n");
        let status = raw(&world.recorder, &head);
        (status, world.document.check(&world.sent()))
    };
    let token = "Authorization: Bearer x\r\n";
    let good = "&interval=day&aggregate_functions=%5B%22sum%22%5D";
    assert_eq!(call(good, token), (200, vec![]));
    assert_eq!(call(good, "").0, 401);
    assert_eq!(
        call("&interval=year&aggregate_functions=%5B%22sum%22%5D", token).0 / 100,
        4
    );
    // Prism lets these two pass.
    assert_eq!(
        call("&interval=day&aggregate_functions=sum", token).1.len(),
        1
    );
    assert_eq!(
        call(&format!("{good}&event_created_at=2024"), token)
            .1
            .len(),
        1
    );
    world.prism.alive().unwrap();
}

#[test]
fn a_mock_that_does_not_start_says_why() {
    let document = PathBuf::from("none.yaml");
    let why = Prism::start("false".as_ref(), &document).unwrap_err();
    assert!(why.contains("has ended"), "{why}");
    let why = Prism::start("no-such-command".as_ref(), &document).unwrap_err();
    assert!(why.contains("can't start no-such-command"), "{why}");
}

/// Sends a request without any client and gives the status of the answer.
fn raw(recorder: &Recorder, request: &str) -> u16 {
    let mut stream = TcpStream::connect(recorder.url().trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
