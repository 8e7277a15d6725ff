//! What the mock answers: one settlement with a file, and two reports of which one is too old to be fetched.

use dintero::Currency;
use dintero::mock::{FetchFile, Mock, Reply};
use dintero::payments::{
    Amount, AttachmentId, DownloadSettlementAttachment, ListReports, ListSettlements,
    ReportMetadata, ReportMetadataResponse, SettlementId, SettlementItem, SettlementItemAttachment,
    SettlementResponse,
};

const REPORT: &str = "https://files.example/report.csv?signature=abc";
const EXPIRED: &str = "https://files.example/old.csv?signature=abc";

pub(crate) fn rules(mock: &Mock) {
    let sum = Amount::builder()
        .amount(97_500)
        .capture(110_000)
        .refund(10_000)
        .fee(2_500)
        .currency(Currency::NOK);
    let file = SettlementItemAttachment::builder()
        .id(AttachmentId::new("file-1"))
        .content_type("text/csv")
        .extension("csv");
    let settlement = SettlementItem::builder()
        .id(SettlementId::new("settlement-1"))
        .amounts([sum.build()])
        .attachments([file.build()]);
    let list = SettlementResponse::builder().items([settlement.build()]);
    mock.on::<ListSettlements>().answer(list.build());
    mock.on::<DownloadSettlementAttachment>()
        .when(|call| call.attachment_id().as_str() == "file-1")
        .answer("day;amount\n2026-02-01;975.00\n".into());

    let report = |id: &str, url: &str| ReportMetadata::builder().id(id).signed_url(url).build();
    let reports = [report("report-1", REPORT), report("report-0", EXPIRED)];
    let list = ReportMetadataResponse::builder().reports(reports);
    mock.on::<ListReports>().answer(list.build());
    mock.on::<FetchFile>()
        .when(|call| call.url() == REPORT)
        .answer("store;sold\n1;12\n".into());
    mock.on::<FetchFile>()
        .when(|call| call.url() == EXPIRED)
        .reply(Reply::status(403));
}
