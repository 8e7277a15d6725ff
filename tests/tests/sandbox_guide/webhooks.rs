//! A server that gets callbacks and webhooks of the sandbox.

use std::error::Error;

use dintero::hooks::{HmacSha1, SubscriptionConfig, SubscriptionEvent, SubscriptionSecret};
use dintero::payments::{ProfileId, SessionId, SessionOrder, SessionUrls};
use dintero::{Amount, Currency};
use dintero_sandbox::{Choice, Sandbox};

#[rustfmt::skip]
fn server(sandbox: &Sandbox, listener: tokio::net::TcpListener) -> Result<(String, &'static str), Box<dyn Error>> {
    let base = format!("http://{}", listener.local_addr()?);
    let callback_url = format!("{base}/callback");
    let client = sandbox.client()?;
    let account = || sandbox.account().parse();
    let (secret, webhook_secret) = (sandbox.callback_secret(), "another secret");
    // webhooks.md, 0; "127.0.0.1" = "shop.example"; &callback_url = "https://shop.example/callback"
    use axum::Router;
    use axum::body::Bytes;
    use axum::extract::{Request, State};
    use axum::http::{HeaderMap, StatusCode};
    use axum::response::{IntoResponse, Response};
    use axum::routing::{any, post};
    use dintero::Client;
    use dintero::webhook::{CallbackError, CallbackUrl, CallbackVerifier, Event, WebhookVerifier};

    #[derive(Clone)]
    struct App {
        client: Client,
        callbacks: CallbackVerifier,
        webhooks: WebhookVerifier,
    }

    /// A callback of a session: axum's whole request, whose body is not signed.
    async fn callback(State(app): State<App>, request: Request) -> Result<&'static str, Refusal> {
        let callback = app.callbacks.verify(&request)?;
        match callback.error() {
            None | Some(CallbackError::CaptureFailed) => {
                let transaction = callback.fetch(&app.client)?.await?;
                println!("{} is {}", transaction.id, transaction.status);
            }
            Some(error) => println!("nothing was paid: {error}"),
        }
        Ok("{}") // 200 with a JSON object: handled
    }

    /// An event of a subscription: the body is what is signed.
    async fn webhook(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<&'static str, Refusal> {
        let webhook = app.webhooks.verify_parts(|name| headers.get(name), &body)?;
        let event = webhook.event()?;
        match &event {
            Event::CheckoutTransaction(_) => {
                let transaction = event.fetch(&app.client)?.await?;
                println!("{} is {}", transaction.id, transaction.status);
            }
            other => println!("nothing to do for {}", other.name()),
        }
        Ok("{}")
    }

    /// The sender learns the status, the log everything.
    struct Refusal(StatusCode);

    impl From<dintero::webhook::Error> for Refusal {
        fn from(error: dintero::webhook::Error) -> Self {
            eprintln!("{error}");
            Self(error.status())
        }
    }

    /// The API could not be asked: Dintero delivers it again.
    impl From<dintero::Error> for Refusal {
        fn from(error: dintero::Error) -> Self {
            eprintln!("{error}");
            Self(StatusCode::SERVICE_UNAVAILABLE)
        }
    }

    impl IntoResponse for Refusal {
        fn into_response(self) -> Response {
            (self.0, "{}").into_response()
        }
    }

    fn router(app: App) -> Router {
        Router::new().route("/callback", any(callback)).route("/webhook", post(webhook)).with_state(app)
    }
    // Once, when the server starts:
    let app = App {
        client,
        callbacks: CallbackVerifier::new(account()?, [secret])?.host("127.0.0.1")?,
        webhooks: WebhookVerifier::new([webhook_secret])?,
    };

    // For each session: where to call, and also when paying fails.
    let address = CallbackUrl::new(&callback_url)?.report_error();
    // end
    tokio::spawn(async move { axum::serve(listener, router(app)).await });
    Ok((address.to_string(), webhook_secret))
}

async fn session(client: &dintero::Client, callback: &str) -> Result<SessionId, dintero::Error> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(29_990))
        .currency(Currency::NOK)
        .merchant_reference("1042");
    let urls = SessionUrls::builder()
        .return_url("https://shop.example/")
        .callback_url(callback);
    let created = (client.payments().create_session())
        .order(order.build())
        .url(urls.build())
        .profile_id(ProfileId::new("default"));
    Ok(created.send().await?.id.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_and_webhooks_arrive() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().check_responses(true).start().await?;
    let client = sandbox.client()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let hook = format!("http://{}/webhook", listener.local_addr()?);
    let (callback, webhook_secret) = server(&sandbox, listener)?;
    let secret = HmacSha1::builder().value(webhook_secret).build();
    let config = SubscriptionConfig::builder()
        .url(hook)
        .secret(SubscriptionSecret::from(secret));
    let subscribed = (client.hooks().create_subscription())
        .config(config.build())
        .events([SubscriptionEvent::CheckoutTransaction]);
    subscribed.send().await?;
    sandbox.pay(session(&client, &callback).await?).await?;
    let cancelled = session(&client, &callback).await?;
    sandbox.choose(&cancelled, "", Choice::Cancelled).await?;
    sandbox.settled().await;
    let deliveries = sandbox.deliveries();
    // The ping, the event of the payment, and a callback each.
    assert_eq!(deliveries.len(), 4, "{deliveries:?}");
    for one in deliveries {
        assert_eq!(one.status.to_string(), "delivered", "{one:?}");
    }
    Ok(())
}
