//! The pages, as a browser asks for them.

mod deliveries;

use std::time::{Duration, SystemTime};

use dintero::payments::*;
use dintero::{Amount, Currency, RetryPolicy};
use dintero_sandbox::Sandbox;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

struct Browser {
    http: reqwest::Client,
    origin: String,
}

struct Page {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Page {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.and_then(std::result::Result::ok).unwrap_or_default()
    }
}

impl Browser {
    fn new(sandbox: &Sandbox) -> Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            origin: sandbox.url(),
        })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Page> {
        let response = request.send().await?;
        Ok(Page {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    async fn get(&self, path: &str) -> Result<Page> {
        self.send(self.http.get(format!("{}{path}", self.origin)))
            .await
    }

    async fn post(&self, path: &str, form: &str) -> Result<Page> {
        let request = self.http.post(format!("{}{path}", self.origin));
        self.send(request.body(form.to_owned())).await
    }
}

async fn sandbox() -> Result<(Sandbox, Browser)> {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let builder = Sandbox::builder()
        .seed(1)
        .clock(start)
        .check_responses(true);
    let sandbox = builder.start().await?;
    let browser = Browser::new(&sandbox)?;
    Ok((sandbox, browser))
}

/// The path of a new session's checkout.
async fn session(sandbox: &Sandbox, order: SessionOrder, return_url: &str) -> Result<String> {
    let create = sandbox.client()?.payments().create_session();
    let create = create.order(order).profile_id(ProfileId::new("default"));
    let created = create
        .url(SessionUrls::builder().return_url(return_url).build())
        .send()
        .await?;
    Ok(format!("/v1/view/{}", created.id))
}

fn order(amount: i64, currency: &str) -> Result<SessionOrder> {
    Ok(SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::parse(currency)?)
        .merchant_reference("order <1>")
        .build())
}

const SHOP: &str = "https://shop.example/return";

#[tokio::test]
async fn amounts_have_the_decimals_of_their_currency() -> Result {
    let (sandbox, browser) = sandbox().await?;
    for (currency, expected) in [
        ("NOK", "299.90 NOK"),
        ("JPY", "29990 JPY"),
        ("KWD", "29.990 KWD"),
    ] {
        let path = session(&sandbox, order(29_990, currency)?, SHOP).await?;
        let page = browser.get(&path).await?;
        assert_eq!(page.status, 200);
        assert!(
            page.text.contains(&format!("<h1>Pay {expected}</h1>")),
            "{currency}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_merchants_send_is_text_in_every_page() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let hostile = "<script>\"'&";
    let item: SessionOrderItem = serde_json::from_value(serde_json::json!({
        "id": "1", "line_id": "1", "description": hostile, "quantity": 1, "amount": 100, "vat": 25,
    }))?;
    let order = SessionOrder::builder()
        .amount(Amount::minor(100))
        .currency(Currency::NOK)
        .merchant_reference(hostile)
        .items([item])
        .build();
    let path = session(&sandbox, order, "javascript:alert(1)").await?;
    let id = path.rsplit('/').next().unwrap_or_default();
    let open = browser.get(&path).await?;
    assert!(!open.text.contains("<script"), "{}", open.text);
    assert!(open.text.contains("&#60;script&#62;"), "{}", open.text);
    sandbox.pay(id).await?;
    let stored = sandbox
        .client()?
        .payments()
        .get_session(SessionId::new(id))
        .send()
        .await?;
    let transaction = stored.transaction_id.ok_or("no transaction")?;
    for path in [
        path.clone(),
        "/".to_owned(),
        "/sandbox/sessions".to_owned(),
        format!("/sandbox/sessions/{id}"),
        format!("/sandbox/transactions/{transaction}"),
        "/sandbox/requests/2".to_owned(),
        "/v1/view/%3Cscript%3E%22".to_owned(),
        "/sandbox/sessions/%3Cscript%3E%22".to_owned(),
    ] {
        let page = browser.get(&path).await?;
        assert!(!page.text.contains("<script"), "{path}");
        assert!(!page.text.contains("href=\"javascript:"), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_load_nothing_and_are_not_framed() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    let app = session(&sandbox, order(100, "NOK")?, "shopapp://return").await?;
    for path in ["/", &path, "/sandbox/sessions", "/v1/view/unknown"] {
        let page = browser.get(path).await?;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("script-src") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(!policy.contains("shopapp"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.text.contains("style="), "{path}");
    }
    // The form of this one ends in an app.
    let page = browser.get(&app).await?;
    assert!(
        page.header("content-security-policy")
            .ends_with("form-action 'self' http: https: shopapp:")
    );
    let page = browser
        .post(&app, "payment_type=vipps&outcome=paid")
        .await?;
    assert!(
        page.header("location").starts_with("shopapp://return?"),
        "{}",
        page.text
    );
    Ok(())
}

#[tokio::test]
async fn other_web_sites_get_nothing() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    let secret = sandbox.client_secret();
    let get = |host: &str| browser.http.get(&browser.origin).header("host", host);
    for host in ["shop.example", "localhost.shop.example:80", "192.168.0.1"] {
        let page = browser.send(get(host)).await?;
        assert_eq!(page.status, 403, "{host}");
        assert!(!page.text.contains(&secret));
    }
    let page = browser.send(get("localhost:8700")).await?;
    assert!(page.status == 200 && page.text.contains(&secret));

    for (name, value) in [
        ("origin", "https://shop.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        for (path, form) in [
            ("/sandbox/clock", "count=1&unit=days"),
            (&*path, "payment_type=vipps&outcome=paid"),
        ] {
            let request = browser.http.post(format!("{}{path}", browser.origin));
            let page = browser.send(request.header(name, value).body(form)).await?;
            assert_eq!(page.status, 403, "{path} {name}");
        }
    }
    let page = browser.get("/").await?;
    assert!(
        page.text.contains("2027-01-15 08:00:00 UTC"),
        "the clock was turned"
    );
    assert!(
        browser
            .get(&path)
            .await?
            .text
            .contains("<h1>Pay 1.00 NOK</h1>")
    );
    Ok(())
}

#[tokio::test]
async fn invalid_choices_are_explained_and_change_nothing() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    for (form, message) in [
        (
            "payment_type=vipps&outcome=lucky",
            "`lucky` is not one of the outcomes",
        ),
        ("payment_type=vipps", "`` is not one of the outcomes"),
        (
            "payment_type=swish.swish&outcome=paid",
            "does not offer `swish.swish`",
        ),
        (
            "payment_type=vipps&outcome=declined&decline_code=LUCK",
            "`LUCK` is not one of the documented errors",
        ),
    ] {
        let page = browser.post(&path, form).await?;
        assert!((400..500).contains(&page.status), "{form}: {}", page.status);
        assert!(page.text.contains(message), "{form}: {}", page.text);
    }
    for (path, form) in [
        ("/sandbox/clock", "count=-1&unit=days"),
        ("/sandbox/clock", "count=1&unit=years"),
        ("/sandbox/clock", "count=99999999999&unit=days"),
        ("/sandbox/plan", "event=LAUNCH&outcome=fails&code=ERROR"),
        ("/sandbox/plan", "event=CAPTURE&outcome=explodes&code=ERROR"),
    ] {
        assert_eq!(browser.post(path, form).await?.status, 400, "{path} {form}");
    }
    let long = format!("payment_type={}", "x".repeat(70_000));
    assert_eq!(browser.post(&path, &long).await?.status, 413);
    assert!(
        browser
            .get("/sandbox/transactions")
            .await?
            .text
            .contains("None yet.")
    );
    Ok(())
}

#[tokio::test]
async fn express_sessions_are_paid_after_the_choice_of_shipping() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let express: Express = serde_json::from_value(serde_json::json!({
        "shipping_options": [{ "id": "post", "line_id": "post", "title": "Post", "operator": "Posten", "amount": 50, "vat": 25, "vat_amount": 10, "countries": ["NO"] }],
    }))?;
    let create = sandbox.client()?.payments().create_session();
    let create = create
        .order(order(100, "NOK")?)
        .profile_id(ProfileId::new("default"));
    let create = create.url(SessionUrls::builder().return_url(SHOP).build());
    let id = create.express(express).send().await?.id;
    let path = format!("/v1/view/{id}");
    let pay = "payment_type=vipps&outcome=paid";
    for (action, form, missing) in [
        ("/discounts", "codes=", "Save the address first."),
        (
            "/address",
            "country=NO&postal_code=0150",
            "Choose a shipping option first.",
        ),
    ] {
        browser.post(&format!("{path}{action}"), form).await?;
        let page = browser.post(&path, pay).await?;
        assert!(
            page.status == 400 && page.text.contains(missing),
            "{}",
            page.text
        );
        assert!(!page.text.contains("name=\"pay\""), "{}", page.text);
    }
    let page = browser
        .post(&format!("{path}/shipping"), "option=nothing")
        .await?;
    assert!(
        page.text.contains("there is no shipping option `nothing`"),
        "{}",
        page.text
    );
    browser
        .post(&format!("{path}/shipping"), "option=post")
        .await?;
    assert!(
        browser
            .get(&path)
            .await?
            .text
            .contains("<h1>Pay 1.50 NOK</h1>")
    );
    let page = browser.post(&path, pay).await?;
    assert!(page.header("location").starts_with(SHOP), "{}", page.text);
    Ok(())
}

#[tokio::test]
async fn a_planned_failure_is_explained_on_the_dashboard() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    let done = sandbox
        .pay(path.rsplit('/').next().unwrap_or_default())
        .await?;
    let id = TransactionId::new(done.transaction.ok_or("no transaction")?);
    let planned = browser
        .post(
            "/sandbox/plan",
            "event=CAPTURE&outcome=fails&code=EXPIRED_CARD",
        )
        .await?;
    assert_eq!(
        (planned.status, planned.header("location")),
        (303, "/?done=plan")
    );
    let client = sandbox.client()?;
    let capture = || {
        client
            .payments()
            .capture_transaction(&id)
            .amount(Amount::minor(100))
            .send()
    };
    let _ = capture().await;
    let page = browser.get(&format!("/sandbox/transactions/{id}")).await?;
    assert!(page.text.contains("The card has expired."), "{}", page.text);
    assert_eq!(capture().await?.status.as_str(), "CAPTURED");
    Ok(())
}

#[tokio::test]
async fn faults_are_planned_and_removed() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let client = sandbox
        .client_builder()
        .retry(RetryPolicy::none())
        .build()?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    let id = SessionId::new(path.rsplit('/').next().unwrap_or_default());
    let get = || client.payments().get_session(&id).send();
    let fault = "operation=payments.get_session&fault=429%3B+retry-after%3D1";
    let planned = browser.post("/sandbox/faults", fault).await?;
    assert_eq!(
        (planned.status, planned.header("location")),
        (303, "/?done=fault")
    );
    assert!(
        browser
            .get("/")
            .await?
            .text
            .contains("429; retry-after=1</span>")
    );
    let error = get().await.err().ok_or("there was no fault")?;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    get().await?;
    assert!(
        !browser
            .get("/")
            .await?
            .text
            .contains("429; retry-after=1</span>")
    );
    browser.post("/sandbox/faults", fault).await?;
    browser.post("/sandbox/faults/clear", "").await?;
    get().await?;
    for wrong in [
        "operation=payments.launch&fault=500",
        "fault=explosion",
        "fault=twice",
    ] {
        assert_eq!(
            browser.post("/sandbox/faults", wrong).await?.status,
            400,
            "{wrong}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn captures_are_settled_by_a_button() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let client = sandbox.client()?;
    let path = session(&sandbox, order(100, "NOK")?, SHOP).await?;
    let done = sandbox
        .pay(path.rsplit('/').next().unwrap_or_default())
        .await?;
    let id = TransactionId::new(done.transaction.ok_or("no transaction")?);
    client
        .payments()
        .capture_transaction(&id)
        .amount(Amount::minor(100))
        .send()
        .await?;
    let count = || async {
        client
            .payments()
            .list_settlements()
            .send()
            .await
            .map(|list| list.items.len())
    };
    assert_eq!(count().await?, 0);
    assert_eq!(
        browser
            .post("/sandbox/settle", "")
            .await?
            .header("location"),
        "/?done=settle"
    );
    assert_eq!(count().await?, 1);
    Ok(())
}

#[tokio::test]
async fn requests_are_shown_without_secrets() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let unknown = sandbox
        .client()?
        .payments()
        .get_session(SessionId::new("unknown"))
        .send()
        .await;
    assert!(unknown.is_err());
    let list = browser.get("/sandbox/requests").await?;
    assert!(
        list.text.contains("GET /sessions/unknown") && list.text.contains("there is no session")
    );
    // The token, and the request with it.
    let token = browser.get("/sandbox/requests/1").await?;
    let request = browser.get("/sandbox/requests/2").await?;
    assert!(
        token.text.contains("Basic •••") && token.text.contains("access_token&#34;: &#34;•••&#34;"),
        "{}",
        token.text
    );
    assert!(request.text.contains("Bearer •••"), "{}", request.text);
    assert!(request.text.contains("Check the id"), "{}", request.text);
    let log = sandbox.client_secret();
    assert!(!token.text.contains(&log));
    assert_eq!(browser.get("/sandbox/requests/99").await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn lists_have_pages_and_the_newest_thousand_requests() -> Result {
    let (sandbox, browser) = sandbox().await?;
    for _ in 0..1_060 {
        browser.get("/v1/nothing").await?;
    }
    let first = browser.get("/sandbox/requests").await?;
    assert!(first.text.contains("1–50 of 1000"), "{}", first.text);
    let last = browser.get("/sandbox/requests?page=99").await?;
    assert!(last.text.contains("951–1000 of 1000") && last.text.contains("/sandbox/requests/61\""));
    assert_eq!(browser.get("/sandbox/requests/60").await?.status, 404);
    assert!(
        !browser
            .get("/sandbox/sessions")
            .await?
            .text
            .contains("rel=\"next\"")
    );
    drop(sandbox);
    Ok(())
}
