//! By `reqwest` and `serde` alone, as somebody would write it who needs this call and no other.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Serialize)]
struct TokenRequest<'a> {
    grant_type: &'a str,
    audience: &'a str,
}

#[derive(Serialize)]
struct Session<'a> {
    order: Order<'a>,
    url: Urls<'a>,
    profile_id: &'a str,
}

#[derive(Serialize)]
struct Order<'a> {
    amount: i64,
    currency: &'a str,
    merchant_reference: &'a str,
}

#[derive(Serialize)]
struct Urls<'a> {
    return_url: &'a str,
}

#[derive(Deserialize)]
struct Created {
    url: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account = "T12345678";
    let client = reqwest::Client::new();

    let request = TokenRequest {
        grant_type: "client_credentials",
        audience: &format!("https://api.dintero.com/v1/accounts/{account}"),
    };
    let answer = client
        .post(format!(
            "https://api.dintero.com/v1/accounts/{account}/auth/token"
        ))
        .basic_auth(
            std::env::var("DINTERO_CLIENT_ID")?,
            Some(std::env::var("DINTERO_CLIENT_SECRET")?),
        )
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&request)?)
        .send()
        .await?
        .error_for_status()?;
    let token: Token = serde_json::from_slice(&answer.bytes().await?)?;

    let session = Session {
        order: Order {
            amount: 29990,
            currency: "NOK",
            merchant_reference: "order-1",
        },
        url: Urls {
            return_url: "https://shop.example/thanks",
        },
        profile_id: "default",
    };
    let answer = client
        .post("https://checkout.dintero.com/v1/sessions-profile")
        .bearer_auth(token.access_token)
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&session)?)
        .send()
        .await?
        .error_for_status()?;
    let created: Created = serde_json::from_slice(&answer.bytes().await?)?;

    println!("{:?}", created.url); // where the customer pays
    Ok(())
}
