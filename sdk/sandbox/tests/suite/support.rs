//! What several tests begin with.

use dintero::payments::{ProfileId, SessionId, SessionOrder, SessionUrls};
use dintero::{Client, Timestamp};
use dintero_sandbox::{Builder, Sandbox};

/// A sandbox of one seed, whose responses must be as documented.
pub(crate) fn checked() -> Builder {
    Sandbox::builder().seed(1).check_responses(true)
}

/// Starts one whose clock begins at this time.
pub(crate) async fn starting_at(
    time: &str,
) -> std::result::Result<Sandbox, Box<dyn std::error::Error>> {
    let time = std::time::SystemTime::try_from(&Timestamp::parse(time)?)?;
    Ok(checked().clock(time).start().await?)
}

/// Creates a session of this order.
pub(crate) async fn session(
    client: &Client,
    order: SessionOrder,
) -> std::result::Result<SessionId, dintero::Error> {
    let urls = SessionUrls::builder().return_url("https://shop.example/");
    let create = client.payments().create_session().order(order);
    let create = create
        .url(urls.build())
        .profile_id(ProfileId::new("default"));
    Ok(create.send().await?.id.clone())
}
