//! The token request, as an operation for rules.

use http::Method;
use serde_json::json;

use crate::Error;
use crate::client::{TOKEN_PATH, TOKEN_SERVER};
use crate::rt::{Info, Json, Operation, RawResponse, Request, Server};

static SERVER: Server = Server { url: TOKEN_SERVER };

/// The request for an access token, or for a merchant's token in exchange for the client's own. The response is the
/// token, valid for an hour.
///
/// Without a rule for it, a [`Mock`](super::Mock) returns `mock-token-1`, `mock-token-2` and so on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FetchToken;

impl Operation for FetchToken {
    type Output = String;
    type ErrorResponse = Json;
    type Headers = ();

    const INFO: &'static Info = &Info {
        name: "auth.token",
        method: &Method::POST,
        path: TOKEN_PATH,
        server: &SERVER,
        ..Info::USUAL
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new(TOKEN_PATH)
            .path_from_client("aid", "account", &None::<String>)
            .finish()
    }

    fn respond(token: &String) -> Result<RawResponse, Error> {
        let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
        RawResponse::of_json(200, &body)
    }
}
