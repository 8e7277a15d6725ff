#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
#![allow(dead_code, unreachable_pub, reason = "types that only this file has")]

use std::collections::HashSet;

use proptest::prelude::*;

use super::Cursor;
use super::paging::Paging;
use crate::rt::{
    self, CursorPart, Extra, Info, List, Method, Next, Operation, Paged, Request, Server, part,
    position,
};
use crate::{Error, ErrorKind};

static SERVER: Server = Server { url: "" };

/// Lists that say where the next page begins.
#[derive(Clone, Debug)]
struct Told {
    after: Option<String>,
}

/// A page of such a list.
#[derive(Clone, Default, PartialEq)]
struct Output {
    items: List<i64>,
    next: Option<String>,
    extra: Extra,
}
rt::object!(Output {
    optional "items" items,
    optional "next" next,
});

/// Lists whose next page begins behind the last item.
#[derive(Clone, Debug)]
struct Behind {
    after: Option<i64>,
}

macro_rules! operation {
    ($name:ident, $answer:ty, $text:literal) => {
        impl Operation for $name {
            type Output = $answer;
            type ErrorResponse = ();
            type Headers = ();
            const INFO: &'static Info = &Info {
                name: $text,
                method: &Method::GET,
                path: "/things",
                server: &SERVER,
                accept: "",
                ..Info::USUAL
            };
            fn request(&self) -> Result<Request, Error> {
                Request::new("/things").finish()
            }
        }
    };
}
operation!(Told, Output, "test.told");
operation!(Behind, List<i64>, "test.behind");

impl Paged for Told {
    type Item = i64;
    const PLACES: &'static [&'static str] = &["items", "next"];
    fn cursor(&mut self) -> Vec<CursorPart<'_>> {
        Vec::from([part("after", &mut self.after)])
    }
    fn next(&self, answer: &Output) -> Next {
        Next::told([position(answer.next.as_ref())])
    }
    fn items(answer: Output) -> List<i64> {
        answer.items
    }
}

impl Paged for Behind {
    type Item = i64;
    const PLACES: &'static [&'static str] = &[""];
    fn cursor(&mut self) -> Vec<CursorPart<'_>> {
        Vec::from([part("after", &mut self.after)])
    }
    fn next(&self, answer: &List<i64>) -> Next {
        Next::behind(Some(answer), |last| [position(Some(last))], &["id"])
    }
    fn items(answer: List<i64>) -> List<i64> {
        answer
    }
}

/// The result of reading a list.
struct Reading {
    items: Vec<i64>,
    calls: usize,
    error: Option<Error>,
    /// Every cursor, with the number of items before it.
    cursors: Vec<(Cursor, usize)>,
}

/// Reads until the end or an error other than a lost connection. `lost` has the calls that fail.
fn read<O: Paged<Item = i64>>(
    mut paging: Paging<O>,
    lost: impl Fn(usize) -> bool,
    serve: impl Fn(&O) -> O::Output,
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
fn pages() -> impl Strategy<Value = Vec<(i64, Option<usize>)>> {
    let page = (0_i64..4, proptest::option::weighted(0.9, 1_usize..12));
    proptest::collection::vec(page, 1..12)
}

/// Items of a page; no item is on two pages.
fn items_of(pages: &[(i64, Option<usize>)], number: usize) -> Vec<i64> {
    let count = pages.get(number).map_or(0, |page| page.0);
    (0..count)
        .map(|item| i64::try_from(number).unwrap() * 100 + item)
        .collect()
}

fn serve(pages: &[(i64, Option<usize>)], after: Option<&String>) -> Output {
    let number = after.map_or(0, |after| after.parse().unwrap());
    let next = pages.get(number).and_then(|page| page.1);
    Output {
        items: items_of(pages, number).into(),
        next: next.map(|next| next.to_string()),
        extra: Extra::default(),
    }
}

proptest! {
    #[test]
    fn any_server_comes_to_an_end(pages in pages(), lost in 0_usize..5) {
        // The expected result: the path through the pages, until one repeats.
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
        let once: HashSet<i64> = reading.items.iter().copied().collect();
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
    fn nothing_behind_the_last_item_is_lost(total in 0_i64..60, size in 1_i64..9, lost in 0_usize..4) {
        let reading = read(
            Paging::new(Behind { after: None }),
            |call| lost > 1 && call % lost == 0,
            |operation| {
                let first = operation.after.map_or(0, |after| after + 1);
                (first..total).take(size.try_into().unwrap()).collect()
            },
        );
        prop_assert!(reading.error.is_none());
        prop_assert_eq!(reading.items, (0..total).collect::<Vec<_>>());
    }

    #[test]
    fn a_server_that_does_not_listen_is_found_out(items in proptest::collection::vec(0_i64..9, 1..9)) {
        let reading = read(Paging::new(Behind { after: None }), |_| false, |_| items.clone().into());
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
        let at: i64 = operation.after.as_ref().map_or(0, |at| at.parse().unwrap());
        let items = if at == 150 { vec![7] } else { Vec::new() };
        Output {
            items: items.into(),
            next: (at < 150).then(|| (at + 1).to_string()),
            extra: Extra::default(),
        }
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
                    "GET /things: the rest of the list can't be read: 100 pages in a row are empty"
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
        ("test.told?after=1", "belongs to another operation"),
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
    assert_eq!(
        Next::behind(None::<&List<i64>>, |_| [None], &["id"]),
        Next::End
    );
    assert_eq!(
        Next::behind(Some(&List::<i64>::new()), |_| [None], &["id"]),
        Next::End
    );
    assert_eq!(
        Next::behind(Some(&List::from([1])), |_| [None], &["id"]),
        Next::Incomplete
    );
    assert_eq!(position(Some(&String::new())), None);
}

/// Reads everything as `.items()` does.
fn entries<O: Paged<Item = i64>>(
    mut paging: Paging<O>,
    serve: impl Fn(&O) -> O::Output,
) -> Vec<Result<i64, Error>> {
    let mut read = Vec::new();
    for _ in 0..20 {
        let operation = match paging.request() {
            Ok(Some(operation)) => operation,
            Ok(None) => return read,
            Err(error) => {
                read.push(Err(error));
                return read;
            }
        };
        match paging.receive(serve(&operation)) {
            Ok(None) => {}
            Ok(Some(page)) => {
                let mut entries = super::Entries::of(page);
                while let Some(entry) = entries.next_of::<O>() {
                    read.push(entry);
                }
            }
            Err(error) => {
                read.push(Err(error));
                return read;
            }
        }
    }
    panic!("endless");
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_broken_item_is_an_error_once() {
    let read = entries(Paging::new(Told { after: None }), |operation| {
        json(match operation.after.as_deref() {
            None => r#"{"items":[1,"x",2,{"a":1}],"next":"b"}"#,
            Some("b") => r#"{"items":["y"],"next":"c"}"#,
            _ => r#"{"items":[3]}"#,
        })
    });
    let shown: Vec<String> = read
        .iter()
        .map(|entry| match entry {
            Ok(item) => item.to_string(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unread);
                let place = &error.unread()[0];
                assert_eq!(error.json_path(), Some(place.path()));
                format!("{} {}", place.path(), place.json())
            }
        })
        .collect();
    assert_eq!(
        shown,
        [
            "1",
            r#"$.items[1] "x""#,
            "2",
            r#"$.items[3] {"a":1}"#,
            r#"$.items[0] "y""#,
            "3"
        ]
    );
}

#[test]
fn the_list_goes_on_behind_an_item_that_could_not_be_read() {
    let read = entries(Paging::new(Behind { after: None }), |operation| {
        json(match operation.after {
            None => r#"[1,{"id":7}]"#,
            Some(7) => "[8]",
            _ => "[]",
        })
    });
    assert_eq!(read.len(), 3);
    assert!(matches!(read[..], [Ok(1), Err(_), Ok(8)]));
}

#[test]
fn a_list_does_not_end_where_the_way_on_could_not_be_read() {
    for (answer, items) in [
        (r#"{"items":[1],"next":{"at":1}}"#, 1),
        (r#"{"items":{},"next":"b"}"#, 0),
        (r#"{"items":"none"}"#, 0),
    ] {
        let read = entries(Paging::new(Told { after: None }), |_| json(answer));
        let error = read.last().unwrap().as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination, "{answer}");
        assert!(error.to_string().contains("could not be read"), "{error}");
        assert_eq!(read.len(), items + 1, "{answer}");
    }
    // A last item without what the next page begins behind.
    let read = entries(Paging::new(Behind { after: None }), |_| {
        json(r#"[1,{"no":7}]"#)
    });
    assert_eq!(read.len(), 3);
    assert_eq!(read[2].as_ref().unwrap_err().kind(), ErrorKind::Pagination);
}
