use http::{HeaderValue, StatusCode};
use proptest::prelude::*;

use super::*;
use crate::auth::Failure;
use crate::rt::RawResponse;

fn answered(status: u16, retry_after: Option<&str>) -> Error {
    let mut headers = HeaderMap::new();
    if let Some(wait) = retry_after.and_then(|wait| HeaderValue::from_str(wait).ok()) {
        headers.insert("retry-after", wait);
    }
    Error::status_of(RawResponse {
        status: StatusCode::from_u16(status).unwrap_or_default(),
        headers,
        body: bytes::Bytes::new(),
        is_strict: false,
    })
}

fn broke(kind: ErrorKind, sent: bool) -> Error {
    Error::exchange(kind, sent, None, std::io::Error::other("broke"))
}

/// A token request has failed so, just now.
fn no_token(error: Error) -> Error {
    Error::token(Failure {
        error: std::sync::Arc::new(error),
        pause: Duration::from_millis(200),
        is_remembered: false,
    })
}

/// Whether the first error of a call is retried.
fn repeats(error: &Error, repeatable: bool) -> bool {
    let (policy, budget) = (RetryPolicy::default(), Budget::new());
    let mut state = RetryState::new(&policy, &budget, repeatable);
    state.next(error, false, None).is_some()
}

#[test]
fn what_is_repeated() {
    let both = [
        broke(ErrorKind::Connect, false),
        answered(429, None),
        no_token(broke(ErrorKind::Timeout, true)),
        no_token(answered(503, None)),
    ];
    let only_repeatable = [
        broke(ErrorKind::Timeout, true),
        broke(ErrorKind::Transport, true),
        broke(ErrorKind::TooSlow, true),
        answered(408, None),
        answered(425, None),
        answered(500, None),
        answered(502, None),
        answered(503, None),
        answered(504, None),
    ];
    let never = [
        answered(400, None),
        answered(401, None),
        answered(403, None),
        answered(404, None),
        answered(409, None),
        answered(423, None),
        broke(ErrorKind::TooLarge, true),
        answered(501, None),
        answered(302, None),
        Error::invalid_request("a", "b"),
        Error::configuration("a", "b"),
        no_token(answered(401, None)),
    ];
    for error in both {
        assert!(repeats(&error, true) && repeats(&error, false), "{error:?}");
    }
    for error in only_repeatable {
        assert!(
            repeats(&error, true) && !repeats(&error, false),
            "{error:?}"
        );
    }
    for error in never {
        assert!(
            !repeats(&error, true) && !repeats(&error, false),
            "{error:?}"
        );
    }
}

#[test]
fn only_reading_and_keys_make_repeatable() {
    let none = HeaderMap::new();
    let mut keyed = HeaderMap::new();
    keyed.insert(KEY_HEADER, HeaderValue::from_static("k"));
    let mut empty = HeaderMap::new();
    empty.insert(KEY_HEADER, HeaderValue::from_static(""));
    assert!(is_repeatable(&Method::GET, &none));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        assert!(!is_repeatable(&method, &none), "{method}");
        assert!(!is_repeatable(&method, &empty), "{method}");
        assert!(is_repeatable(&method, &keyed), "{method}");
    }
}

#[test]
fn a_refused_token_is_replaced_once() {
    let (policy, budget) = (RetryPolicy::none(), Budget::new());
    let mut state = RetryState::new(&policy, &budget, false);
    let refused = answered(401, None);
    assert_eq!(state.next(&refused, true, None), Some(Duration::ZERO));
    assert_eq!(state.next(&refused, true, None), None);
}

#[test]
fn counts_are_kept_apart() {
    let (policy, budget) = (RetryPolicy::default().retries(1), Budget::new());
    let mut state = RetryState::new(&policy, &budget, true);
    let (failed, throttled) = (answered(500, None), answered(429, None));
    assert!(state.next(&failed, false, None).is_some());
    assert!(state.next(&throttled, false, None).is_some());
    assert!(state.next(&failed, false, None).is_none());
    assert!(state.next(&throttled, false, None).is_none());
}

#[test]
fn waits_grow_to_a_limit() {
    let policy = RetryPolicy::default();
    let ceilings: Vec<u64> = [0, 1, 2, 4, 5, 31, 32, u32::MAX]
        .map(|repeated| policy.ceiling(repeated).as_millis() as u64)
        .to_vec();
    assert_eq!(ceilings, [500, 1000, 2000, 8000, 8000, 8000, 8000, 8000]);
    let draws: Vec<Duration> = (0..200).map(|_| jitter(Duration::from_secs(1))).collect();
    assert!(draws.iter().all(|draw| *draw <= Duration::from_secs(1)));
    let low = draws.iter().filter(|draw| draw.as_millis() < 500).count();
    assert!((50..150).contains(&low), "{low} of 200 in the lower half");
}

#[test]
fn what_the_server_asks_for() {
    let (policy, budget) = (RetryPolicy::default(), Budget::new());
    let next = |asked, left| {
        let error = answered(503, Some(asked));
        RetryState::new(&policy, &budget, true).next(&error, false, left)
    };
    assert_eq!(next("7", None), Some(Duration::from_secs(7)));
    assert_eq!(next("30", None), Some(Duration::from_secs(30)));
    assert_eq!(next("31", None), None);
    assert_eq!(next("7", Some(Duration::from_secs(7))), None);
    assert_eq!(
        next("7", Some(Duration::from_secs(8))),
        Some(Duration::from_secs(7))
    );
    // Callers that were all told the same moment are spread as well.
    assert!((0..20).any(|_| next("0", None) > Some(Duration::ZERO)));
    assert!(answered(503, Some("31")).to_string().contains("31 s"));
}

/// Before the pause is over, no token can come.
#[test]
fn a_pause_of_the_token_endpoint_is_waited_for_or_fails_the_call() {
    let (policy, budget) = (RetryPolicy::default(), Budget::new());
    let next = |pause, retry_after| {
        let error = Error::token(Failure {
            error: std::sync::Arc::new(answered(503, retry_after)),
            pause: Duration::from_secs(pause),
            is_remembered: true,
        });
        RetryState::new(&policy, &budget, false).next(&error, false, None)
    };
    let seconds = Duration::from_secs;
    assert_eq!(next(4, None), Some(seconds(4)));
    assert_eq!(next(9, None), None);
    // The server itself says how long, and some of that has passed.
    assert_eq!(next(9, Some("12")), Some(seconds(9)));
    assert_eq!(next(31, Some("40")), None);
}

#[test]
fn a_budget_runs_out_and_recovers() {
    let (policy, budget) = (RetryPolicy::default(), Budget::new());
    let repeats = || {
        let error = answered(500, None);
        RetryState::new(&policy, &budget, true)
            .next(&error, false, None)
            .is_some()
    };
    assert_eq!((0..200).filter(|_| repeats()).count(), 100);
    for _ in 0..4 {
        budget.earn();
    }
    assert!(!repeats());
    budget.earn();
    assert!(repeats());
    for _ in 0..10_000 {
        budget.earn();
    }
    assert_eq!((0..200).filter(|_| repeats()).count(), 100);
}

#[test]
fn what_is_known_when_a_call_is_given_up() {
    let progress = Progress::default();
    assert_eq!((progress.attempts(), progress.is_undecided()), (0, false));
    let before = progress.begin();
    assert_eq!((progress.attempts(), progress.is_undecided()), (1, true));
    progress.end(before, Some(&answered(429, None)));
    assert!(!progress.is_undecided());
    let before = progress.begin();
    progress.end(before, Some(&answered(500, None)));
    assert!(progress.is_undecided());
    // A later attempt that never left does not undo an earlier one.
    let before = progress.begin();
    progress.end(before, Some(&broke(ErrorKind::Connect, false)));
    assert_eq!((progress.attempts(), progress.is_undecided()), (3, true));
}

/// Any duration, long ones too.
fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u64..100_000).prop_map(Duration::from_millis),
        any::<(u64, u32)>().prop_map(|(seconds, nanos)| {
            Duration::new(seconds, 0).saturating_add(Duration::new(0, nanos))
        }),
        Just(Duration::ZERO),
        Just(Duration::MAX),
    ]
}

prop_compose! {
    fn policy()(
        retries in prop_oneof![0_u32..20, Just(u32::MAX)],
        first in duration(),
        longest in duration(),
        asked in duration(),
    ) -> RetryPolicy {
        RetryPolicy::default()
            .retries(retries)
            .first_delay(first)
            .longest_delay(longest)
            .longest_retry_after(asked)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_wait_is_longer_than_allowed(policy in policy(), repeated in any::<u32>(), parts in any::<u64>()) {
        let ceiling = policy.ceiling(repeated);
        prop_assert!(ceiling <= policy.longest_delay);
        prop_assert!(ceiling >= policy.first_delay.min(policy.longest_delay));
        prop_assert!(ceiling <= policy.ceiling(repeated.saturating_add(1)));
        for parts in [parts, 0, 1, u64::MAX - 1, u64::MAX] {
            prop_assert!(share(ceiling, parts) <= ceiling);
        }
        prop_assert_eq!(share(ceiling, 0), Duration::ZERO);
    }

    #[test]
    fn whatever_fails_in_a_row(
        policy in policy(),
        failures in proptest::collection::vec(
            (prop::sample::select(vec![429_u16, 500, 503, 504, 401, 404]), proptest::option::of(any::<u32>())),
            0..40,
        ),
        left in proptest::option::of(duration()),
        repeatable in any::<bool>(),
    ) {
        let budget = Budget::new();
        let mut state = RetryState::new(&policy, &budget, repeatable);
        let (mut failed, mut throttled) = (0_u32, 0_u32);
        for (status, asked) in failures {
            let asked = asked.map(|asked| Duration::from_secs(asked.into()));
            let text = asked.map(|asked| asked.as_secs().to_string());
            let error = answered(status, text.as_deref());
            let before = budget.0.load(Ordering::Relaxed);
            let wait = state.next(&error, false, left);
            let after = budget.0.load(Ordering::Relaxed);
            let price = wait.map_or(0, |_| Budget::PRICE);
            prop_assert_eq!(before.checked_sub(after), Some(price));
            let Some(wait) = wait else { continue };
            match status {
                429 => throttled += 1,
                500 | 503 | 504 => {
                    failed += 1;
                    prop_assert!(repeatable);
                }
                _ => prop_assert!(false, "{status} was repeated"),
            }
            prop_assert!(failed <= policy.retries && throttled <= policy.retries);
            prop_assert!(left.is_none_or(|left| wait < left));
            prop_assert!(wait <= policy.longest_delay.max(asked.unwrap_or_default()));
            if let Some(asked) = asked {
                prop_assert!(wait >= asked && asked <= policy.longest_retry_after);
            }
        }
        prop_assert!(failed + throttled <= Budget::FULL / Budget::PRICE);
    }
}
