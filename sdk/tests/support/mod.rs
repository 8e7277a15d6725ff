//! An HTTP server on a loopback socket, and operations to call it with.

pub(crate) mod operation;
pub(crate) mod server;

pub(crate) use operation::Probe;
pub(crate) use server::{Reply, Seen, Server};

/// A client for that server that sends everything once, with nothing else set.
pub(crate) fn client(server: &Server) -> dintero::ClientBuilder {
    let account = "T12345678".parse().unwrap();
    dintero::Client::builder()
        .account(account)
        .base_url(server.url())
        .retry(dintero::RetryPolicy::none())
}

/// The answer of a token endpoint.
pub(crate) fn token(token: &str, expires_in: u64) -> Reply {
    Reply::json(
        200,
        format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{expires_in}}}"#),
    )
}

/// Path of the token endpoint.
pub(crate) const TOKEN_PATH: &str = "/accounts/T12345678/auth/token";
