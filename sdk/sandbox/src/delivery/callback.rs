//! Callbacks of sessions.

use std::time::Duration;

use dintero::payments::StoredSession;
use reqwest::Url;

use super::{About, Delivery, DeliveryStatus, News, enqueue};
use crate::state::State;

/// The longest `delay_callback`, in seconds.
const MAX_DELAY: u64 = 60;

/// Sends the callback of a session, if its `callback_url` asks for this one.
pub(crate) fn session_callback(state: &mut State, session: &StoredSession, news: News<'_>) {
    let account = account_of(session);
    let url = session
        .url
        .as_ref()
        .and_then(|url| url.callback_url.clone());
    let Some(text) = url.filter(|url| !url.is_empty()) else {
        return;
    };
    let mut delivery = Delivery {
        id: state.uuid(),
        account,
        about: About::Callback {
            session: session.id.to_string(),
        },
        method: "GET".to_owned(),
        url: text.clone(),
        body: None,
        created_at: state.timestamp(),
        status: DeliveryStatus::Waiting,
        error: None,
        attempts: Vec::new(),
        planned: 0,
        releases: None,
    };
    // One that can't be parsed is stored as failed.
    let mut delay = 0;
    if let Ok(mut url) = Url::parse(&text) {
        let options = Options::of(&url);
        if !options.want(news) {
            return;
        }
        let parameters = parameters(session, news, &options, &delivery.created_at.to_string());
        url.query_pairs_mut().extend_pairs(parameters);
        url.set_fragment(None);
        delivery.url = url.into();
        if options.posts {
            delivery.method = "POST".to_owned();
            delivery.body = body(session, news, options.includes_session);
        }
        delay = options.delay;
    }
    enqueue(state, delivery, Duration::from_secs(delay));
}

/// Whether a callback URL asks for the callback of an event, such as `CAPTURE`.
pub(crate) fn wants_event(callback_url: &str, event: &str) -> bool {
    let url = Url::parse(callback_url);
    url.is_ok_and(|url| Options::of(&url).wants_event(event))
}

fn account_of(session: &StoredSession) -> String {
    let account = session.account_id.as_ref().map(ToString::to_string);
    account.unwrap_or_else(|| {
        let id = session.id.as_str();
        id.split('.').next().unwrap_or_default().to_owned()
    })
}

/// The parameters by which the merchant's own URL chooses its callbacks.
#[derive(Default)]
struct Options {
    posts: bool,
    reports_errors: bool,
    events: Vec<String>,
    /// In seconds.
    delay: u64,
    includes_session: bool,
    short_session_id: bool,
}

impl Options {
    fn of(url: &Url) -> Self {
        let mut options = Self::default();
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("method", value) => options.posts = value == "POST",
                ("report_error", value) => options.reports_errors = value == "true",
                ("report_event", value) => options.events.push(value.to_owned()),
                ("delay_callback", value) => {
                    options.delay = value.parse().map_or(0, |delay: u64| delay.min(MAX_DELAY));
                }
                ("includes", "session") => options.includes_session = true,
                ("sid_parameter_name", value) => options.short_session_id = value == "sid",
                _ => {}
            }
        }
        options
    }

    fn wants_event(&self, event: &str) -> bool {
        self.events.iter().any(|wanted| wanted == event)
    }

    fn want(&self, news: News<'_>) -> bool {
        match (news.error, news.event) {
            (_, Some((event, _))) => self.wants_event(event),
            (Some(_), None) => self.reports_errors,
            (None, None) => true,
        }
    }
}

fn merchant_reference(session: &StoredSession, news: News<'_>) -> Option<String> {
    let of_transaction = news
        .transaction
        .and_then(|one| one.merchant_reference.clone());
    of_transaction.or_else(|| session.order.as_ref()?.merchant_reference.clone())
}

/// The parameters that Dintero adds to the query.
fn parameters(
    session: &StoredSession,
    news: News<'_>,
    options: &Options,
    time: &str,
) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    if let Some(transaction) = news.transaction {
        pairs.push(("transaction_id", transaction.id.to_string()));
    }
    let session_id = match options.short_session_id {
        true => "sid",
        false => "session_id",
    };
    pairs.push((session_id, session.id.to_string()));
    pairs.extend(merchant_reference(session, news).map(|text| ("merchant_reference", text)));
    pairs.push(("time", time.to_owned()));
    pairs.extend(news.error.map(|error| ("error", error.to_owned())));
    if let Some((event, id)) = news.event {
        pairs.push(("event", event.to_owned()));
        pairs.push(("event_id", id.to_owned()));
    }
    pairs
}

/// The transaction, with the session in its member of that name.
fn body(session: &StoredSession, news: News<'_>, includes_session: bool) -> Option<String> {
    let mut body = serde_json::to_value(crate::pay::public(news.transaction?)).ok()?;
    if includes_session {
        body["session"] = serde_json::to_value(session).ok()?;
    }
    Some(body.to_string())
}
