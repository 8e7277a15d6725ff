//! Express checkouts: the shop's server is asked for shipping options.

use std::sync::{Arc, Mutex};

use axum::routing::post;
use dintero::payments::*;
use dintero::{Amount, Client, Currency};

use crate::support::checked;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A shop that ships to Norway, and what it was asked.
async fn shop(log: Arc<Mutex<Vec<String>>>) -> Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let ship = move |body: axum::body::Bytes| {
        let log = Arc::clone(&log);
        async move {
            let session = dintero::webhook::unverified_session(&body).unwrap();
            log.lock().unwrap().push(session.id.unwrap().to_string());
            let address = session.order.and_then(|order| order.shipping_address);
            let country = address
                .and_then(|address| address.country)
                .unwrap_or_default();
            let option = ShipmentOption::builder()
                .id("parcel")
                .line_id("parcel-home")
                .title("Home delivery")
                .operator("Bring")
                .amount(Amount::minor(3_900));
            let response = ShippingAddressResponse::builder();
            let response = match &*country {
                "NO" => response.shipping_options([option.build()]),
                _ => response.shipping_options(Vec::<ShipmentOption>::new()),
            };
            let response = response.build().into_http_response().unwrap();
            response.map(axum::body::Body::from)
        }
    };
    let incomplete = || async { r#"{"shipping_options":[{"id":"parcel","amount":1}]}"# };
    // The lines cost 10,000, and the order 12,000.
    let dear = || async {
        r#"{"shipping_options": [], "order": {"amount": 12000,
            "items": [{"line_id": "1", "description": "Chair", "quantity": 1, "amount": 10000}]}}"#
    };
    let router = axum::Router::new()
        .route("/dear", post(dear))
        .route("/incomplete", post(incomplete))
        .route("/shipping", post(ship))
        .route(
            "/broken",
            post(|| async { (axum::http::StatusCode::IM_A_TEAPOT, "{}") }),
        );
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

async fn session(client: &Client, callback: &str) -> Result<SessionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(10_000))
        .currency(Currency::NOK)
        .merchant_reference("1042");
    let express = Express::builder()
        .shipping_options(Vec::<ShipmentOption>::new())
        .shipping_address_callback_url(callback);
    let created = client
        .payments()
        .create_session()
        .profile_id(ProfileId::new("default"))
        .order(order.build())
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/")
                .build(),
        )
        .express(express.build());
    Ok(created.send().await?.id)
}

/// Changes the address of a session.
async fn send(
    client: &Client,
    id: &SessionId,
    country: &str,
) -> std::result::Result<StoredSession, dintero::Error> {
    let address = OrderAddress::builder().country(country).postal_code("0155");
    let order = SessionOrderUpdate::builder()
        .amount(Amount::minor(10_000))
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .shipping_address(address.build());
    let update = client.payments().update_session(id).order(order.build());
    update.update_without_lock(true).send().await
}

#[tokio::test]
async fn the_shop_is_asked_for_shipping_options() -> Result {
    let sandbox = checked().start().await?;
    let client = sandbox.client()?;
    let log = Arc::default();
    let shop = shop(Arc::clone(&log)).await?;

    let id = session(&client, &format!("{shop}/shipping")).await?;
    let updated = send(&client, &id, "NO").await?;
    let options = updated
        .express
        .map(|express| express.shipping_options)
        .unwrap_or_default();
    assert_eq!(options.len(), 1);
    assert_eq!(options[0].amount, Some(Amount::minor(3_900)));
    let updated = send(&client, &id, "SE").await?;
    assert!(
        updated
            .express
            .is_none_or(|express| express.shipping_options.is_empty())
    );
    assert_eq!(*log.lock().unwrap(), [id.to_string(), id.to_string()]);

    // A shop that fails is an error of the request; there is no second attempt.
    let id = session(&client, &format!("{shop}/broken")).await?;
    let error = send(&client, &id, "NO").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert!(error.to_string().contains("418"), "{error}");
    let id = session(&client, &format!("{shop}/incomplete")).await?;
    let error = send(&client, &id, "NO").await.unwrap_err();
    assert!(error.to_string().contains("line_id"), "{error}");

    // An item makes up for the difference, once.
    let id = session(&client, &format!("{shop}/dear")).await?;
    for _ in 0..2 {
        let order = send(&client, &id, "NO").await?.order.ok_or("no order")?;
        assert_eq!(order.amount, Some(Amount::minor(12_000)));
        let lines: Vec<_> = order.items.iter().map(|item| item.amount).collect();
        assert_eq!(
            lines,
            [10_000, 2_000].map(|amount| Some(Amount::minor(amount)))
        );
        assert_eq!(order.items[1].line_id.as_deref(), Some("correction"));
    }
    Ok(())
}
