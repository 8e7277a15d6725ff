//! What the mock answers.

use dintero::mock::Mock;
use dintero::payments::{
    CancelSession, CreateSession, GetSession, SessionCreated, SessionCreatedSession,
    SessionCreatedSessionOrder, SessionId, UpdateSession,
};
use dintero::{Amount, Timestamp};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreateSession>()
        .when(|call| call.profile_id() == "default")
        .answer(
            SessionCreated::builder()
                .id(SessionId::new("T12345678.session"))
                .url("https://checkout.example/v1/view/T12345678.session")
                .build(),
        );
    mock.on::<GetSession>()
        .answer_with(|call| session(call.session_id(), Some(Amount::minor(59_900))));
    mock.on::<UpdateSession>()
        .when(|call| call.update_without_lock() == Some(true))
        .answer_with(|call| session(call.session_id(), call.order().amount));
    mock.on::<CancelSession>().answer_with(|call| {
        let mut session = session(call.session_id(), None);
        session.cancelled_at = Timestamp::parse("2026-02-01T12:00:00Z").ok();
        session
    });
}

fn session(id: &SessionId, amount: Option<Amount>) -> SessionCreatedSession {
    let order = amount.map(|amount| SessionCreatedSessionOrder::builder().amount(amount).build());
    let session = SessionCreatedSession::builder().id(id);
    match order {
        Some(order) => session.order(order).build(),
        None => session.build(),
    }
}
