//! Downloads.

use std::time::Duration;

use dintero::ErrorKind;
use dintero::mock::{Fault, FetchFile, FetchToken, MockResponse};
use dintero::payments::{AttachmentId, DownloadSettlementAttachment, SettlementId};

use crate::mocked;

const URL: &str = "https://files.example/report.csv?signature=hunter2";

#[tokio::test]
async fn a_file_comes_from_a_signed_url_without_credentials() {
    let (mock, client) = mocked();
    mock.on::<FetchFile>()
        .when(|call| call.url() == URL)
        .responses([
            MockResponse::rate_limited(Duration::from_secs(2)),
            MockResponse::fault(Fault::ConnectionReset),
            MockResponse::value(&"day;amount".into()),
        ]);
    let mut file = Vec::new();
    let size = client.download(URL).to_writer(&mut file).await.unwrap();
    assert_eq!((size, file.as_slice()), (10, b"day;amount".as_slice()));
    let requests = mock.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests[0].headers().get("authorization").is_none());
    assert_eq!(mock.attempts::<FetchToken>(), 0);
    mock.verify();
}

#[tokio::test]
async fn an_answer_is_written_as_it_came() {
    let (mock, client) = mocked();
    mock.on::<DownloadSettlementAttachment>()
        .value(b"%PDF".as_slice().into());
    let (settlement, attachment) = (SettlementId::new("s"), AttachmentId::new("a"));
    let call = client
        .payments()
        .download_settlement_attachment(settlement, attachment);
    let mut file = Vec::new();
    let download = client.download_response(call.build());
    assert_eq!(download.to_writer(&mut file).await.unwrap(), 4);
    assert_eq!(file, b"%PDF");
    mock.verify();
}

#[tokio::test]
async fn limits_and_failures_are_those_of_a_download() {
    let (mock, client) = mocked();
    mock.on::<FetchFile>().responses([
        MockResponse::value(&"day;amount".into()),
        MockResponse::status(403),
        MockResponse::raw(200, "day").header("content-length", "10"),
    ]);
    for kind in [
        ErrorKind::TooLarge,
        ErrorKind::Forbidden,
        ErrorKind::Transport,
    ] {
        let mut file = Vec::new();
        let download = client.download(URL).max_bytes(9);
        let download = match kind {
            ErrorKind::Transport => client.download(URL),
            _ => download,
        };
        let error = download.to_writer(&mut file).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(file.len() < 10);
    }
}

#[tokio::test]
async fn a_url_without_a_rule_is_not_told() {
    let (mock, client) = mocked();
    let error = client.download(URL).to_writer(Vec::new()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = format!("{error} {error:?} {:?}", mock.calls::<FetchFile>());
    assert!(text.contains("download"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}
