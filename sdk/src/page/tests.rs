#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::HashSet;

use http::HeaderMap;
use proptest::prelude::*;

use super::Cursor;
use super::paging::Paging;
use crate::rt::{
    CursorPart, Info, Method, Next, Operation, Paged, RawResponse, Request, Server, part, position,
};
use crate::{Error, ErrorKind};

static SERVER: Server = Server { url: "" };

/// Lists that say where the next page begins.
#[derive(Clone, Debug)]
struct Told {
    after: Option<String>,
}

/// What such a list answers.
type Answer = (Vec<u32>, Option<String>);

/// Lists whose next page begins behind the last item.
#[derive(Clone, Debug)]
struct Behind {
    after: Option<i64>,
}

macro_rules! operation {
    ($name:ident, $answer:ty, $text:literal) => {
        impl Operation for $name {
            type Answer = $answer;
            type Failure = ();
            type Headers = ();
            const INFO: Info = Info {
                name: $text,
                method: Method::GET,
                path: "/things",
                server: &SERVER,
                security: &[],
                scopes: &[],
                accept: "",
            };
            fn request(&self) -> Result<Request, Error> {
                Request::new("/things").finish()
            }
            fn answer(response: &RawResponse) -> Result<$answer, Error> {
                Err(Error::invalid_request("", response.status.as_str()))
            }
            fn failure(_: &RawResponse) -> Result<(), Error> {
                Ok(())
            }
            fn headers(_: &HeaderMap) {}
        }
    };
}
operation!(Told, Answer, "test.told");
operation!(Behind, Vec<u32>, "test.behind");

impl Paged for Told {
    type Item = u32;
    fn cursor(&mut self) -> Vec<CursorPart<'_>> {
        Vec::from([part("after", &mut self.after)])
    }
    fn next(&self, answer: &Answer) -> Next {
        Next::told([position(answer.1.as_ref())])
    }
    fn items(answer: Answer) -> Vec<u32> {
        answer.0
    }
}

impl Paged for Behind {
    type Item = u32;
    fn cursor(&mut self) -> Vec<CursorPart<'_>> {
        Vec::from([part("after", &mut self.after)])
    }
    fn next(&self, answer: &Vec<u32>) -> Next {
        Next::behind(answer.last(), |last| [position(Some(&i64::from(*last)))])
    }
    fn items(answer: Vec<u32>) -> Vec<u32> {
        answer
    }
}

/// What came of reading a list.
struct Reading {
    items: Vec<u32>,
    calls: usize,
    error: Option<Error>,
    /// Every cursor, with the number of items before it.
    cursors: Vec<(Cursor, usize)>,
}

/// Reads until the end or an error that is no lost connection. `lost` says which calls fail on the way.
fn read<O: Paged<Item = u32>>(
    mut paging: Paging<O>,
    lost: impl Fn(usize) -> bool,
    serve: impl Fn(&O) -> O::Answer,
) -> Reading {
    let mut reading = Reading {
        items: Vec::new(),
        calls: 0,
        error: None,
        cursors: Vec::new(),
    };
    loop {
        let operation = match paging.request() {
            Ok(Some(operation)) => operation,
            Ok(None) => return reading,
            Err(error) => {
                reading.error = Some(error);
                return reading;
            }
        };
        reading.calls += 1;
        assert!(reading.calls < 10_000, "endless");
        if lost(reading.calls) {
            continue;
        }
        match paging.receive(serve(&operation)) {
            Ok(None) => {}
            Ok(Some(page)) => {
                assert!(!page.items().is_empty());
                reading.items.extend(page.items());
                let cursor = page.cursor().cloned();
                assert_eq!(cursor, paging.cursor());
                reading
                    .cursors
                    .extend(cursor.map(|cursor| (cursor, reading.items.len())));
            }
            Err(error) => {
                reading.error = Some(error);
                return reading;
            }
        }
    }
}

/// Pages by number: how many items, and which page is next. None leads back to the first one, which is read without
/// a cursor: a second name for it can't be told from that of another page.
fn pages() -> impl Strategy<Value = Vec<(u32, Option<usize>)>> {
    let page = (0_u32..4, proptest::option::weighted(0.9, 1_usize..12));
    proptest::collection::vec(page, 1..12)
}

/// Items of a page; no item is on two pages.
fn items_of(pages: &[(u32, Option<usize>)], number: usize) -> Vec<u32> {
    let count = pages.get(number).map_or(0, |page| page.0);
    (0..count).map(|item| number as u32 * 100 + item).collect()
}

fn serve(pages: &[(u32, Option<usize>)], after: Option<&String>) -> Answer {
    let number = after.map_or(0, |after| after.parse().unwrap());
    let next = pages.get(number).and_then(|page| page.1);
    (items_of(pages, number), next.map(|next| next.to_string()))
}

proptest! {
    #[test]
    fn any_server_comes_to_an_end(pages in pages(), lost in 0_usize..5) {
        // What there is to read: the way through the pages, until one leads back.
        let (mut way, mut seen, mut at, mut circle) = (Vec::new(), HashSet::new(), 0, false);
        loop {
            let next = pages.get(at).and_then(|page| page.1);
            if next.is_some_and(|next| !seen.insert(next)) {
                circle = true;
                break;
            }
            way.extend(items_of(&pages, at));
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        let reading = read(
            Paging::new(Told { after: None }),
            |call| lost > 1 && call % lost == 0,
            |operation| serve(&pages, operation.after.as_ref()),
        );
        let kind = reading.error.map(|error| error.kind());
        prop_assert_eq!(kind, circle.then_some(ErrorKind::Pagination));
        prop_assert_eq!(&reading.items, &way);
        let once: HashSet<u32> = reading.items.iter().copied().collect();
        prop_assert_eq!(once.len(), reading.items.len());
    }

    #[test]
    fn what_is_taken_up_later_goes_on_where_it_was(pages in pages()) {
        let list = |operation: &Told| serve(&pages, operation.after.as_ref());
        let whole = read(Paging::new(Told { after: None }), |_| false, list);
        for (cursor, before) in &whole.cursors {
            let saved: Cursor = cursor.to_string().parse().unwrap();
            let mut paging = Paging::new(Told { after: None });
            paging.resume(&saved);
            let rest = read(paging, |_| false, list);
            let expected = &whole.items[*before..];
            prop_assert!(rest.items.starts_with(expected));
            if whole.error.is_none() {
                prop_assert_eq!(rest.items, expected);
            }
        }
    }

    #[test]
    fn nothing_behind_the_last_item_is_lost(total in 0_u32..60, size in 1_u32..9, lost in 0_usize..4) {
        let reading = read(
            Paging::new(Behind { after: None }),
            |call| lost > 1 && call % lost == 0,
            |operation| {
                let first = operation.after.map_or(0, |after| after as u32 + 1);
                (first..total).take(size as usize).collect()
            },
        );
        prop_assert!(reading.error.is_none());
        prop_assert_eq!(reading.items, (0..total).collect::<Vec<_>>());
    }

    #[test]
    fn a_server_that_does_not_listen_is_found_out(items in proptest::collection::vec(0_u32..9, 1..9)) {
        let reading = read(Paging::new(Behind { after: None }), |_| false, |_| items.clone());
        prop_assert_eq!(reading.error.unwrap().kind(), ErrorKind::Pagination);
        prop_assert_eq!((reading.items, reading.calls), (items, 2));
    }
}

#[test]
fn a_start_that_was_set_counts_as_read() {
    // From 1 to 2 and back to 1.
    let pages = [(1, None), (1, Some(2)), (1, Some(1))];
    let after = Some("1".to_owned());
    let list = |operation: &Told| serve(&pages, operation.after.as_ref());
    let reading = read(Paging::new(Told { after }), |_| false, list);
    assert_eq!(reading.error.unwrap().kind(), ErrorKind::Pagination);
    assert_eq!(reading.items, [100]);
}

#[test]
fn endless_empty_pages_are_given_up_and_can_be_followed_on() {
    let list = |operation: &Told| {
        let at: u32 = operation.after.as_ref().map_or(0, |at| at.parse().unwrap());
        let items = if at == 150 { vec![7] } else { Vec::new() };
        (items, (at < 150).then(|| (at + 1).to_string()))
    };
    let mut paging = Paging::new(Told { after: None });
    let mut errors = 0;
    let mut items = Vec::new();
    while let Some(operation) = paging.request().unwrap() {
        match paging.receive(list(&operation)) {
            Ok(page) => items.extend(page.into_iter().flatten()),
            Err(error) => {
                assert_eq!(
                    error.to_string(),
                    "GET /things: the list can't be read on: 100 pages in a row are empty"
                );
                errors += 1;
            }
        }
    }
    assert_eq!((errors, items), (1, vec![7]));
}

#[test]
fn cursors_of_another_list() {
    let mut paging = Paging::new(Behind { after: None });
    for (cursor, expected) in [
        ("test.told?after=1", "is of the list of another operation"),
        ("test.behind?before=1", "does not fit the operation"),
        ("test.behind?after=x", "does not fit the operation"),
    ] {
        paging.resume(&cursor.parse().unwrap());
        let error = paging.request().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(expected), "{error}");
    }
    paging.resume(&"test.behind?after=4".parse().unwrap());
    assert_eq!(paging.request().unwrap().unwrap().after, Some(4));
}

#[test]
fn cursors_as_text() {
    let cursor: Cursor = "a.b?x=1%262&y=%C3%B8".parse().unwrap();
    assert_eq!(cursor.part("x"), Some("1&2"));
    assert_eq!(cursor.part("y"), Some("ø"));
    assert_eq!(cursor.to_string(), "a.b?x=1%262&y=%C3%B8");
    assert!(!format!("{cursor:?}").contains('ø'));
    for bad in [
        "",
        "a.b",
        "a.b?",
        "?x=1",
        "a b?x=1",
        "a.b?x=",
        "a.b?x=1 2",
        "a.b?=1",
    ] {
        assert!(bad.parse::<Cursor>().is_err(), "{bad}");
    }
}

#[test]
fn a_pair_is_all_or_nothing() {
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(Next::told([None, None]), Next::End);
    assert_eq!(Next::told([text("a"), None]), Next::Incomplete);
    let both = Next::At(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(Next::told([text("a"), text("b")]), both);
    assert_eq!(Next::behind(None::<&u8>, |_| [None]), Next::End);
    assert_eq!(Next::behind(Some(&1), |_| [None]), Next::Incomplete);
    assert_eq!(position(Some(&String::new())), None);
}
