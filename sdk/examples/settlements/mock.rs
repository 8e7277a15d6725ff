//! Responses of the mock: one settlement with a file, and two reports, one of which is too old to be downloaded.

use dintero::Currency;
use dintero::mock::{self, FetchFile, Mock, MockResponse};
use dintero::payments::{
    AmountByCurrency, AttachmentId, DownloadSettlementAttachment, ListReports, ListSettlements,
    ReportId, ReportMetadata, ReportMetadataPage, SettlementId, SettlementItem,
    SettlementItemAttachment, SettlementPage,
};

const REPORT: &str = "https://files.example/report.csv?signature=abc";
const EXPIRED: &str = "https://files.example/old.csv?signature=abc";

pub(crate) fn rules(mock: &Mock) {
    let sum = mock::value(|sum: &mut AmountByCurrency| {
        sum.amount = Some(dintero::Amount::minor(97_500));
        sum.capture = Some(dintero::Amount::minor(110_000));
        sum.refund = Some(dintero::Amount::minor(10_000));
        sum.fee = Some(dintero::Amount::minor(2_500));
        sum.currency = Some(Currency::NOK);
    });
    let file = mock::value(|file: &mut SettlementItemAttachment| {
        file.id = Some(AttachmentId::new("file-1"));
        file.content_type = Some("text/csv".to_owned());
        file.extension = Some("csv".to_owned());
    });
    let settlement = mock::value(|settlement: &mut SettlementItem| {
        settlement.id = Some(SettlementId::new("settlement-1"));
        settlement.amounts = [sum].into();
        settlement.attachments = [file].into();
    });
    let list = mock::value(|list: &mut SettlementPage| list.items = [settlement].into());
    mock.on::<ListSettlements>().value(list);
    mock.on::<DownloadSettlementAttachment>()
        .when(|call| call.attachment_id.as_str() == "file-1")
        .value("day;amount\n2026-02-01;975.00\n".into());

    let report = |id: &str, url: &str| {
        mock::value(|report: &mut ReportMetadata| {
            report.id = Some(ReportId::new(id));
            report.signed_url = Some(url.to_owned());
        })
    };
    let reports = [report("report-1", REPORT), report("report-0", EXPIRED)];
    let list = mock::value(|list: &mut ReportMetadataPage| list.reports = reports.into());
    mock.on::<ListReports>().value(list);
    mock.on::<FetchFile>()
        .when(|call| call.url() == REPORT)
        .value("store;sold\n1;12\n".into());
    mock.on::<FetchFile>()
        .when(|call| call.url() == EXPIRED)
        .response(MockResponse::status(403));
}
