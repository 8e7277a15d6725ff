//! Lists that come in pages: which queries are sent, and what comes of the answers.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use dintero::payments::{PayoutDestinationId, TransactionId};
use dintero::{Client, Cursor, ErrorKind, RetryPolicy, Timestamp};
use futures_util::{StreamExt, TryStreamExt};

use crate::support::{Reply, Seen, Server, client};

/// A transaction with all that transactions always have.
fn transaction(id: u32) -> String {
    format!(r#"{{"id":"T1.{id}","amount":100,"currency":"NOK","status":"CAPTURED"}}"#)
}

/// Answers with these bodies, one after the other; then with the last one.
fn serve(replies: Vec<Reply>) -> (Server, Client) {
    let next = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::SeqCst);
        replies[index.min(replies.len() - 1)].clone()
    });
    let client = client(&server).bearer_token("t").build().unwrap();
    (server, client)
}

fn bodies(bodies: &[&str]) -> (Server, Client) {
    serve(bodies.iter().map(|body| Reply::json(200, body)).collect())
}

fn queries(server: &Server) -> Vec<String> {
    let query = |seen: &Seen| {
        seen.target()
            .split_once('?')
            .map_or("", |pair| pair.1)
            .to_owned()
    };
    server.seen().iter().map(query).collect()
}

#[tokio::test]
async fn behind_the_last_item_of_a_bare_list() {
    let first = format!("[{},{}]", transaction(1), transaction(2));
    let (server, client) = bodies(&[&first, &format!("[{}]", transaction(3)), "[]"]);
    let mut items = client.payments().list_transactions().limit(2).items();
    let mut ids = Vec::new();
    while let Some(transaction) = items.try_next().await.unwrap() {
        ids.push(transaction.id.to_string());
    }
    assert_eq!(ids, ["T1.1", "T1.2", "T1.3"]);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(
        queries(&server),
        [
            "limit=2",
            "limit=2&starting_after=T1.2",
            "limit=2&starting_after=T1.3"
        ]
    );
}

#[tokio::test]
async fn where_the_answer_says() {
    let (server, client) = bodies(&[
        r#"{"reports":[{"id":"a"}],"starting_after":"x&y"}"#,
        r#"{"reports":[],"starting_after":"z"}"#,
        r#"{"reports":[{"id":"b"}],"starting_after":null}"#,
    ]);
    let pages = client.payments().list_reports().pages();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let ids: Vec<_> = pages
        .iter()
        .flat_map(|page| page.items())
        .map(|report| report.id.as_ref().map(|id| id.as_str()))
        .collect();
    assert_eq!(ids, [Some("a"), Some("b")]);
    assert!(pages[1].cursor().is_none());
    assert_eq!(
        queries(&server),
        ["", "starting_after=x%26y", "starting_after=z"]
    );
}

#[tokio::test]
async fn a_pair_whose_half_depends_on_a_filter() {
    let page = r#"{"items":[{"id":"s1"}],"last_evaluated_key":{"id":"s1","account_id":"T12345678",
        "settled_at":"2026-01-02","created_at":"2026-01-01"}}"#;
    let last = r#"{"items":[{"id":"s2"}]}"#;
    for (by_creation, date) in [(false, "2026-01-02"), (true, "2026-01-01")] {
        let (server, client) = bodies(&[page, last]);
        let list = client.payments().list_settlements();
        let list = if by_creation {
            list.item_created_at_gte(Timestamp::parse("2026-01-01T00:00:00Z").unwrap())
        } else {
            list
        };
        let items: Vec<_> = list.items().try_collect().await.unwrap();
        assert_eq!(items.len(), 2);
        let second = &queries(&server)[1];
        assert!(
            second.contains(&format!("starting_after_id=s1&starting_after_date={date}")),
            "{second}"
        );
    }
    let (_, client) = bodies(&[r#"{"items":[],"last_evaluated_key":{"id":"s1"}}"#]);
    let error = client
        .payments()
        .list_settlements()
        .pages()
        .try_next()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        error.to_string(),
        "GET /accounts/{aid}/settlements: the rest of the list can't be read: a page lacks a part of the cursor of the next one"
    );
}

#[tokio::test]
async fn page_tokens() {
    let (server, client) = bodies(&[
        r#"{"entries":[],"next_page_token":"p2"}"#,
        r#"{"entries":[],"next_page_token":""}"#,
    ]);
    let seller = PayoutDestinationId::new("seller");
    let list = client.payments().list_payout_destination_transfers(seller);
    assert!(list.pages().try_next().await.unwrap().is_none());
    assert_eq!(queries(&server), ["", "page=p2"]);
}

#[tokio::test]
async fn a_failure_in_the_middle_repeats_the_page() {
    let failure = Reply::json(500, "{}");
    let (server, client) = serve(vec![
        Reply::json(200, format!("[{}]", transaction(1))),
        failure.clone(),
        Reply::json(200, "{"),
        Reply::json(200, format!("[{}]", transaction(2))),
        Reply::json(200, "[]"),
    ]);
    let mut items = client.payments().list_transactions().items();
    assert_eq!(
        items.try_next().await.unwrap().unwrap().id,
        TransactionId::new("T1.1")
    );
    assert_eq!(
        items.try_next().await.unwrap_err().kind(),
        ErrorKind::Server
    );
    assert_eq!(
        items.try_next().await.unwrap_err().kind(),
        ErrorKind::Decode
    );
    assert_eq!(
        items.try_next().await.unwrap().unwrap().id,
        TransactionId::new("T1.2")
    );
    assert!(items.try_next().await.unwrap().is_none());
    let at = |id| format!("starting_after={id}");
    assert_eq!(
        queries(&server),
        ["".into(), at("T1.1"), at("T1.1"), at("T1.1"), at("T1.2")]
    );

    // The policy of the list, or else the client's, which is to do nothing.
    let (server, client) = serve(vec![failure, Reply::json(200, "[]")]);
    let policy = RetryPolicy::default().first_delay(std::time::Duration::ZERO);
    let list = client.payments().list_transactions();
    assert!(
        list.items()
            .retry(policy)
            .try_next()
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_stream_ends_with_its_first_error() {
    let (server, client) = serve(vec![Reply::json(403, "{}")]);
    let mut stream = client.payments().list_transactions().pages();
    assert!(stream.next().await.unwrap().is_err());
    assert!(stream.next().await.is_none());
    assert_eq!(server.seen().len(), 1);
    assert!(stream.try_next().await.is_err());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn circles_end() {
    let (server, client) = bodies(&[
        r#"{"reports":[{"id":"a"}],"starting_after":"1"}"#,
        r#"{"reports":[{"id":"b"}],"starting_after":"2"}"#,
        r#"{"reports":[{"id":"c"}],"starting_after":"1"}"#,
    ]);
    let items: Vec<_> = client.payments().list_reports().items().collect().await;
    assert_eq!(items.len(), 3);
    let error = items[2].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(!format!("{error:?} {error}").contains("starting_after"));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn taken_up_from_a_saved_cursor() {
    let (_, client) = bodies(&[&format!("[{}]", transaction(1))]);
    let mut pages = client.payments().list_transactions().limit(1).pages();
    let page = pages.try_next().await.unwrap().unwrap();
    let saved = page.cursor().unwrap().to_string();
    assert_eq!(saved, "payments.list_transactions?starting_after=T1.1");
    assert_eq!(pages.cursor().as_ref(), page.cursor());

    let (server, client) = bodies(&["[]"]);
    let cursor: Cursor = saved.parse().unwrap();
    let mut pages = client
        .payments()
        .list_transactions()
        .limit(1)
        .pages()
        .resume(&cursor);
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(queries(&server), ["limit=1&starting_after=T1.1"]);
    let mut other = client.payments().list_reports().items().resume(&cursor);
    let error = other.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_dropped_wait_loses_nothing() {
    let (server, client) = serve(vec![
        Reply::json(200, format!("[{}]", transaction(1))).late(200),
        Reply::json(200, "[]"),
    ]);
    let mut items = client.payments().list_transactions().items();
    let short = std::time::Duration::from_millis(20);
    assert!(tokio::time::timeout(short, items.try_next()).await.is_err());
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn can_be_sent_to_other_threads() {
    fn check<T: Send + Unpin + 'static>(_: &Pin<Box<T>>) {}
    let client = Client::builder().api_key("k").build().unwrap();
    let list = client.payments().list_transactions();
    check(&Box::pin(list.clone().pages()));
    check(&Box::pin(list.clone().items()));
    fn sendable<F: Send>(_: &F) {}
    let mut items = list.items();
    sendable(&items.try_next());
}
