//! Answers that are not as they should be: nothing panics, and what need not be there may be missing, `null` or new.
//!
//! `PROPTEST_CASES=100000 cargo test --release …` looks longer.

use bytes::Bytes;
use dintero::rt::RawResponse;
use http::{HeaderMap, HeaderValue, StatusCode};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::catalog::{CALLS, TYPES};
use crate::entry::Entry;
use crate::kept::fits;
use crate::sample::{CANARY, Mode, Sampler};
use crate::source::{Shape, Source, Way, last};

fn sampler(source: &Source) -> Sampler<'_> {
    Sampler {
        source,
        mode: Mode::Valid,
    }
}

fn reads(entry: &Entry, json: &Value, why: &str) {
    if let Err(error) = (entry.read)(&json.to_string()) {
        panic!("{}::{} {why}: {error}\n{json}", entry.module, entry.name);
    }
}

#[test]
fn what_is_not_guaranteed_may_be_missing_null_or_new() {
    let source = Source::read();
    let sampler = sampler(&source);
    let mut members_seen = 0;
    for entry in TYPES {
        let (_, shape) = source.home(entry.module, entry.name).unwrap();
        let sample = sampler.named(entry.module, entry.name, 0);
        match shape {
            Shape::Struct { members, .. } => {
                let mut bare = sample.clone();
                for member in members
                    .iter()
                    .filter(|member| member.way != Way::Guaranteed)
                {
                    members_seen += 1;
                    let mut nulled = sample.clone();
                    nulled[&member.name] = Value::Null;
                    reads(entry, &nulled, "with a null");
                    if let Value::Object(bare) = &mut bare {
                        bare.remove(&member.name);
                    }
                }
                reads(entry, &bare, "without what is optional");
                if members.iter().all(|member| member.way != Way::Additional) {
                    let mut more = sample.clone();
                    more["something_new"] = json!({"a": [1, null, "x"]});
                    reads(entry, &more, "with something new");
                }
                for member in members {
                    let is_enum = match last(&member.of).as_str() {
                        "Option" | "List" | "OneOrList" | "Map" | "Box" => false,
                        name => {
                            matches!(source.home(entry.module, name), Some((_, Shape::Texts(_))))
                        }
                    };
                    if is_enum {
                        let mut other = sample.clone();
                        other[&member.name] = CANARY.into();
                        reads(entry, &other, "with a new value of an enum");
                    }
                }
            }
            Shape::Texts(_) => reads(entry, &CANARY.into(), "as a new value"),
            Shape::Numbers(_) => reads(entry, &json!(4711), "as a new value"),
            Shape::Union(payloads) => {
                for json in [json!({"type": CANARY, "a": [1]}), json!({})] {
                    let (home, _) = source.home(entry.module, entry.name).unwrap();
                    if payloads
                        .iter()
                        .any(|payload| fits(&source, home, payload, &json))
                    {
                        reads(entry, &json, "as something new");
                    }
                }
            }
            Shape::Id => {}
        }
    }
    assert!(members_seen > 4_000, "{members_seen}");
}

/// A new value of every enum at once, at any depth.
#[test]
fn enums_of_tomorrow_are_read() {
    let source = Source::read();
    let sampler = Sampler {
        source: &source,
        mode: Mode::Canary,
    };
    for entry in TYPES {
        let sample = sampler.named(entry.module, entry.name, 0);
        reads(entry, &sample, "with new values of enums");
    }
}

/// Puts something else in one place of the value.
fn mutate(json: &mut Value, path: &[Index], with: &Value) {
    let Some((first, rest)) = path.split_first() else {
        *json = with.clone();
        return;
    };
    match json {
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(first.index(members.len())).cloned();
            if let Some(inner) = key.and_then(|key| members.get_mut(&key)) {
                mutate(inner, rest, with);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = first.index(items.len());
            mutate(&mut items[at], rest, with);
        }
        _ => *json = with.clone(),
    }
}

fn strange() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("\u{0}\u{10FFFF}"),
        json!([]),
        json!([null]),
        json!([[[]]]),
        json!({}),
        json!({"": {}}),
        json!({"type": 1, "id": [], "items": {"a": 0}}),
    ])
}

/// Where bytes are replaced, how many, and by what.
type Junk = (Index, usize, Vec<u8>);

/// A mutated sample, perhaps with a stretch of bytes replaced.
fn spoiled() -> impl Strategy<Value = (Index, Vec<Index>, Value, Option<Junk>)> {
    let bytes = (
        any::<Index>(),
        0_usize..6,
        proptest::collection::vec(any::<u8>(), 0..6),
    );
    (
        any::<Index>(),
        proptest::collection::vec(any::<Index>(), 0..6),
        strange(),
        proptest::option::weighted(0.3, bytes),
    )
}

fn config(times: u32) -> ProptestConfig {
    let cases = ProptestConfig::default().cases.saturating_mul(times);
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn body(mut json: Value, path: &[Index], with: &Value, bytes: Option<Junk>) -> Vec<u8> {
    mutate(&mut json, path, with);
    let mut body = json.to_string().into_bytes();
    if let Some((at, length, junk)) = bytes {
        let start = at.index(body.len());
        let end = (start + length).min(body.len());
        body.splice(start..end, junk);
    }
    body
}

#[test]
fn spoiled_values_do_no_harm() {
    let source = Source::read();
    let sampler = sampler(&source);
    let samples: Vec<_> = TYPES
        .iter()
        .map(|entry| sampler.named(entry.module, entry.name, 0))
        .collect();
    let run = |(of, path, with, bytes): (Index, Vec<Index>, Value, _)| {
        let at = of.index(TYPES.len());
        let body = body(samples[at].clone(), &path, &with, bytes);
        if let Ok(text) = std::str::from_utf8(&body) {
            let shown = (TYPES[at].read)(text).unwrap_or_else(|error| error);
            prop_assert!(
                !shown.contains("kari@example.com") && !shown.contains("c4n4ry "),
                "{shown}"
            );
        }
        Ok(())
    };
    TestRunner::new(config(16)).run(&spoiled(), run).unwrap();
}

#[test]
fn spoiled_answers_do_no_harm() {
    let source = Source::read();
    let sampler = sampler(&source);
    let sample = |call: &crate::entry::Call| {
        let (module, name) = (call.module, call.name);
        let types = &source.modules[module].operations[name];
        match types {
            syn::Type::Path(_) => sampler.answer(module, types),
            _ => Value::Null,
        }
    };
    let samples: Vec<_> = CALLS.iter().map(sample).collect();
    let status = select(vec![
        200_u16, 201, 202, 204, 303, 400, 401, 403, 404, 409, 422, 429, 500,
    ]);
    let header = proptest::collection::vec(any::<u8>(), 0..20);
    let strategy = (spoiled(), status, header);
    let run = |((of, path, with, bytes), status, header): (_, u16, Vec<u8>)| {
        let (of, path): (Index, Vec<Index>) = (of, path);
        let at = of.index(CALLS.len());
        let mut headers = HeaderMap::new();
        for name in [
            "location",
            "retry-after",
            "request-id",
            "content-type",
            "x-total-count",
        ] {
            if let Ok(value) = HeaderValue::from_bytes(&header) {
                headers.insert(name, value);
            }
        }
        let response = RawResponse {
            is_strict: false,
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            body: Bytes::from(body(samples[at].clone(), &path, &with, bytes)),
        };
        for error in (CALLS[at].read)(&response)
            .into_iter()
            .filter_map(Result::err)
        {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains('\n'), "{shown}");
            prop_assert!(shown.len() < 2_000, "{shown}");
            prop_assert!(!shown.contains("kari@example.com"), "{shown}");
        }
        Ok(())
    };
    TestRunner::new(config(16)).run(&strategy, run).unwrap();
}

/// Not spoiled, every answer is read.
#[test]
fn samples_are_answers() {
    let source = Source::read();
    let sampler = sampler(&source);
    let mut read = 0;
    for call in CALLS {
        let of = &source.modules[call.module].operations[call.name];
        let syn::Type::Path(_) = of else { continue };
        let answer = sampler.answer(call.module, of);
        if answer.is_null() {
            continue;
        }
        let response = RawResponse {
            is_strict: false,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from(answer.to_string()),
        };
        let [answer, _] = (call.read)(&response);
        if let Err(error) = answer {
            panic!("{}::{}: {error}", call.module, call.name);
        }
        read += 1;
    }
    assert!(read > 250, "{read}");
}
