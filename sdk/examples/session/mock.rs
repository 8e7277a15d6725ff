//! Responses of the mock.

use dintero::mock::{self, Mock};
use dintero::payments::{
    CancelSession, CreateSession, GetSession, ProfileId, SessionCreated, SessionId, StoredSession,
    StoredSessionOrder, UpdateSession,
};
use dintero::{Amount, Timestamp};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreateSession>()
        .when(|call| call.body.profile_id == Some(ProfileId::new("default")))
        .value(mock::value(|session: &mut SessionCreated| {
            session.id = SessionId::new("T12345678.session");
            session.url = Some("https://checkout.example/v1/view/T12345678.session".to_owned());
        }));
    mock.on::<GetSession>()
        .value_with(|call| session(&call.session_id, Some(Amount::minor(59_900))));
    mock.on::<UpdateSession>()
        .when(|call| call.update_without_lock == Some(true))
        .value_with(|call| {
            session(
                &call.session_id,
                call.body.order.as_ref().and_then(|order| order.amount),
            )
        });
    mock.on::<CancelSession>().value_with(|call| {
        let mut session = session(&call.session_id, None);
        session.cancelled_at = Timestamp::parse("2026-02-01T12:00:00Z").ok();
        session
    });
}

fn session(id: &SessionId, amount: Option<Amount>) -> StoredSession {
    mock::value(|session: &mut StoredSession| {
        session.id = id.clone();
        session.order = amount.map(|amount| {
            Box::new(mock::value(|order: &mut StoredSessionOrder| {
                order.amount = Some(amount);
            }))
        });
    })
}
