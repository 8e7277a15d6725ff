//! The sandbox's pages in a browser: the checkout as customers use it, and the dashboard.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dintero::Client;
use dintero::payments::{
    Express, ProfileId, SessionConfiguration, SessionId, SessionOrder, SessionUrls, TransactionId,
};
use dintero_sandbox::Sandbox;
use serde_json::{Value, json};
use tests::counterpart::{self, Stub};
use tests::table;

/// What a customer does, the status of the transaction, and the error of it and of the address of the shop.
const ENDINGS: [(&str, &str, &str, &str); 13] = [
    ("paid", "AUTHORIZED", "", ""),
    ("confirmed", "AUTHORIZED", "", ""),
    ("declined", "FAILED", "EXPIRED_CARD", "authorization"),
    (
        "unverified",
        "FAILED",
        "FAILED_VERIFICATION",
        "authorization",
    ),
    ("on_hold", "ON_HOLD", "", ""),
    ("rejected", "DECLINED", "", "authorization"),
    ("failed", "FAILED", "", "failed"),
    ("cancelled", "", "", "cancelled"),
    ("expired", "", "", ""),
    ("reviewed", "AUTHORIZED", "", ""),
    ("twice", "AUTHORIZED", "", ""),
    ("keyboard", "FAILED", "INSUFFICIENT_FUNDS", "authorization"),
    ("express", "AUTHORIZED", "", ""),
];

/// A shop, with the endpoints that Dintero asks for shipping options and discounts.
fn shop() -> Stub {
    let options = json!([
        { "id": "home", "line_id": "home", "title": "Home delivery", "operator": "Posten", "amount": 4_900, "vat_amount": 980, "vat": 25 },
        { "id": "shop", "line_id": "shop", "title": "Fetch in the shop", "operator": "Shop", "amount": 0 },
    ]);
    let response = move |path: &str| match path {
        "/address" => (200, json!({ "shipping_options": options })),
        "/discounts" => {
            let discount = json!([{ "amount": 5_000, "description": "Winter", "line_id": 1 }]);
            let order = json!({ "amount": 29_890, "discount_lines": discount });
            (200, json!({ "shipping_options": options, "order": order }))
        }
        "/nothing" => (500, json!({})),
        _ => (200, json!({ "shop": "Thank you" })),
    };
    let shop = Stub::start(move |request| {
        let (status, body) = response(request.target.split('?').next().unwrap_or_default());
        (status, body.to_string())
    });
    shop.unwrap()
}

/// The URL of a new session.
async fn session(client: &Client, shop: &str, reference: &str, express: Option<Value>) -> String {
    let order = json!({
        "amount": 29_990,
        "vat_amount": 5_998,
        "currency": "NOK",
        "merchant_reference": reference,
        "items": [
            { "id": "chair", "line_id": "1", "description": "Chair <b>\"Oslo\"</b>", "quantity": 2, "amount": 24_990, "vat": 25, "vat_amount": 4_998 },
            { "id": "lamp", "line_id": "2", "description": "Lamp", "quantity": 1, "amount": 5_000, "vat": 25, "vat_amount": 1_000 },
        ],
    });
    let configuration = json!({
        "payex": { "creditcard": { "enabled": true }, "type": "payment_type" },
        "vipps": { "enabled": true },
        "klarna": { "klarna": { "enabled": true }, "type": "payment_type" },
    });
    let url = json!({
        "return_url": format!("{shop}/return?from=checkout"),
        "callback_url": format!("{shop}/callback?method=POST"),
    });
    let create = client.payments().create_session();
    let create = create.url(serde_json::from_value::<SessionUrls>(url).unwrap());
    let create = create.order(serde_json::from_value::<SessionOrder>(order).unwrap());
    let configuration = serde_json::from_value::<SessionConfiguration>(configuration).unwrap();
    let create = create.configuration(configuration);
    let create = create.profile_id(ProfileId::new("default"));
    let created = match express {
        Some(express) => {
            let express = serde_json::from_value::<Express>(express).unwrap();
            create.express(express).send().await
        }
        None => create.send().await,
    };
    created.unwrap().url.unwrap()
}

/// What the browser saw.
fn browse(program: &Path, input: &Value) -> Value {
    let mut browser = Command::new("node")
        .arg("pages.mjs")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("can't start node for {}: {error}", program.display()));
    let mut pipe = browser.stdin.take().unwrap();
    pipe.write_all(input.to_string().as_bytes()).unwrap();
    drop(pipe);
    let output = browser.wait_with_output().unwrap();
    assert!(output.status.success(), "see above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The parameters that Dintero adds to the shop's address.
fn parameters(url: &str) -> BTreeMap<String, String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_and_developers_use_the_pages() {
    let what = "Chromium";
    let (usual, packages) = ("/usr/bin/chromium", "node_modules/playwright-core");
    let Some(program) = counterpart::find("DINTERO_TEST_CHROMIUM", usual, what) else {
        return;
    };
    if counterpart::find("DINTERO_TEST_PLAYWRIGHT", packages, "Playwright").is_none() {
        return;
    }
    let builder = Sandbox::builder().seed(7).check_responses(true);
    let sandbox = builder.start().await.unwrap();
    let (client, shop) = (sandbox.client().unwrap(), shop());
    let shop = shop.url();
    let mut sessions = BTreeMap::new();
    for (name, ..) in ENDINGS.iter().filter(|(name, ..)| *name != "express") {
        let url = session(&client, &shop, name, None).await;
        sessions.insert((*name).to_owned(), url);
        if !matches!(*name, "twice" | "keyboard" | "reviewed") {
            let plain = format!("{name}_plain");
            sessions.insert(plain.clone(), session(&client, &shop, &plain, None).await);
        }
    }
    let express = |address: &str| {
        Some(json!({
            "shipping_options": [],
            "shipping_address_callback_url": format!("{shop}/{address}"),
            "discount_codes": { "callback_url": format!("{shop}/discounts"), "max_count": 1 },
        }))
    };
    for (name, address) in [
        ("express", "address"),
        ("fresh", "address"),
        ("unreachable", "nothing"),
    ] {
        let url = session(&client, &shop, name, express(address)).await;
        sessions.insert(name.to_owned(), url);
    }
    for name in ["open", "withdrawn"] {
        sessions.insert(name.to_owned(), session(&client, &shop, name, None).await);
    }
    let id = |name: &str| {
        let url = &sessions[name];
        SessionId::new(url.rsplit('/').next().unwrap_or_default())
    };
    let withdrawn = client.payments().cancel_session(id("withdrawn"));
    withdrawn.send().await.unwrap();
    let unknown = client
        .payments()
        .get_transaction(TransactionId::new("T12345678.x"));
    unknown.send().await.unwrap_err();

    let input = json!({
        "origin": sandbox.url(),
        "sessions": sessions,
        "shop": shop,
        "program": program,
        "screenshots": std::env::var("DINTERO_TEST_SCREENSHOTS").ok(),
    });
    let run = tokio::task::spawn_blocking(move || browse(&program, &input));
    let seen = run.await.unwrap();

    let mut count = 0;
    for (name, status, error, returned) in ENDINGS {
        for name in [name.to_owned(), format!("{name}_plain")] {
            if !sessions.contains_key(&name) {
                continue;
            }
            count += 1;
            let session = client
                .payments()
                .get_session(id(&name))
                .send()
                .await
                .unwrap_or_else(|error| {
                    panic!("{name}: {error}: {}", error.message().unwrap_or_default())
                });
            let transaction = match &session.transaction_id {
                Some(id) => Some(client.payments().get_transaction(id).send().await.unwrap()),
                None => None,
            };
            let found = transaction.as_ref().map_or("", |one| one.status.as_str());
            assert_eq!(found, status, "{name}");
            let events = transaction.iter().flat_map(|one| &one.events);
            let mut errors = events.filter_map(|event| event.error.as_ref());
            assert_eq!(
                errors.any(|one| one.code.as_deref() == Some(error)),
                !error.is_empty(),
                "{name}"
            );
            let Some(url) = seen["ended"][&name].as_str() else {
                assert_eq!(name.trim_end_matches("_plain"), "expired");
                continue;
            };
            let mut expected =
                BTreeMap::from([("from", "checkout"), ("merchant_reference", name.as_str())]);
            let transaction = session
                .transaction_id
                .map(|id| id.to_string())
                .unwrap_or_default();
            match returned {
                "" => expected.insert("transaction_id", &transaction),
                returned => expected.insert("error", returned),
            };
            let found = parameters(url);
            let found: BTreeMap<_, _> = found
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect();
            assert_eq!(found, expected, "{name}: {url}");
        }
    }
    table::publish(
        "Pages of the sandbox in Chromium",
        &format!(
            "| payments | pages checked for accessibility | requests of the browser |\n|---|---|---|\n| {count} | {} | {} |\n",
            seen["pages"], seen["requests"]
        ),
    );
}
