//! Tokens for persons.

use dintero::Client;
use dintero::mock::{Mock, value};
use dintero::payments::{
    AuthToken, AuthorizationCodeGrant, ClientCredentials, CreateToken, IssuedToken, MfaOobGrant,
    PasswordGrant, RefreshTokenGrant,
};
use serde_json::{Value, json};

const AUDIENCE: &str = "https://api.dintero.com/v1/accounts/T12345678";

fn grants() -> [(AuthToken, Value); 4] {
    let code = AuthorizationCodeGrant::builder()
        .ident_type("email")
        .ident("kari@shop.example")
        .verification_code("hunter2")
        .audience(AUDIENCE);
    let password = PasswordGrant::builder()
        .username("kari@shop.example")
        .password("hunter2")
        .audience(AUDIENCE);
    let factor = MfaOobGrant::builder()
        .oob_code("hunter2")
        .binding_code("hunter2")
        .mfa_token("hunter2");
    let refresh = RefreshTokenGrant::builder().refresh_token("hunter2");
    [
        (
            code.build().into(),
            json!({"grant_type": "authorization_code", "ident_type": "email", "ident": "kari@shop.example",
                "verification_code": "hunter2", "audience": AUDIENCE}),
        ),
        (
            password.build().into(),
            json!({"grant_type": "password", "username": "kari@shop.example", "password": "hunter2",
                "audience": AUDIENCE}),
        ),
        (
            factor.build().into(),
            json!({"grant_type": "mfa_oob", "oob_code": "hunter2", "binding_code": "hunter2", "mfa_token": "hunter2"}),
        ),
        (
            refresh.build().into(),
            json!({"grant_type": "refresh_token", "refresh_token": "hunter2"}),
        ),
    ]
}

#[tokio::test]
async fn they_are_asked_for_with_the_token_of_a_client() {
    let mock = Mock::new();
    mock.on::<CreateToken>()
        .value(value(|token: &mut IssuedToken| {
            token.access_token = "fresh".to_owned();
            token.expires_in = Some(60);
        }));
    let client = Client::builder().account("T12345678".parse().unwrap());
    let client = client.bearer_token("own").mock(&mock).build().unwrap();
    for (grant, expected) in grants() {
        assert!(!format!("{grant:?}").contains("hunter2"), "{grant:?}");
        let call = client.payments().create_token().body(grant);
        let token = call.send().await.unwrap();
        assert_eq!(token.access_token, "fresh");
        let sent = mock.requests().pop().unwrap();
        assert_eq!(sent.headers()["authorization"], "Bearer own");
        assert_eq!(sent.uri().path(), "/v1/accounts/T12345678/auth/token");
        let body: Value = serde_json::from_slice(sent.body()).unwrap();
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn a_client_s_own_is_asked_for_with_its_secret() {
    let mock = Mock::new();
    mock.on::<CreateToken>().value(IssuedToken::default());
    let grant = ClientCredentials::builder().audience(AUDIENCE).build();
    let call = mock.client().payments().create_token().body(grant);
    call.send().await.unwrap();
    let sent = mock.requests().pop().unwrap();
    let authorization = sent.headers()["authorization"].to_str().unwrap();
    assert!(authorization.starts_with("Basic "));
}
