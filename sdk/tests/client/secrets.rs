//! Nothing that anybody prints shows a secret, an id or the text of a body.

use std::error::Error as _;
use std::fmt::Debug;

use dintero::{Error, Secret};

use crate::support::operation::{Key, Open, QueryKey};
use crate::support::{Probe, Reply, Seen, Server, client, token};

/// In every secret and id, and in every body that is not a message for people.
const CANARY: &str = "c4n4ry";

#[derive(Default)]
struct Shown(Vec<String>);

impl Shown {
    fn debug(&mut self, value: &dyn Debug) {
        self.0.push(format!("{value:?}"));
        self.0.push(format!("{value:#?}"));
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        self.0.push(format!("{error} {error:#}"));
        let mut next = error.source();
        while let Some(source) = next {
            self.debug(&source);
            self.0.push(format!("{source} {source:#}"));
            next = source.source();
        }
    }
}

fn repeat(seen: &Seen) -> Reply {
    let authorization = seen.header("authorization").unwrap_or_default();
    let key = seen.header("x-api-key").unwrap_or_default();
    let query = seen.target().split_once('?').unwrap_or_default().1;
    let message = format!("not {authorization} {key} {query}");
    Reply::json(
        401,
        format!(r#"{{"error":{{"code":"{key}","message":"{message}"}}}}"#),
    )
}

#[tokio::test]
async fn nothing_shows_them() {
    let secret = |name: &str| format!("{CANARY}-{name}");
    let mut shown = Shown::default();
    shown.debug(&Secret::new(CANARY));

    let replies = [
        Reply::json(200, format!(r#"{{"{CANARY}":1}}"#)),
        Reply::with(200, &[(CANARY, CANARY)], CANARY),
        Reply::json(
            400,
            format!(r#"{{"error":{{"errors":["{CANARY}"]}},"{CANARY}":0}}"#),
        ),
        Reply::json(500, CANARY),
        Reply::with(
            307,
            &[("location", &format!("http://{CANARY}.example/"))],
            CANARY,
        ),
        Reply::Last(Vec::new()),
        Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nc4n4ry".to_vec()),
        Reply::Last(b"c4n4ry\r\n\r\n".to_vec()),
        Reply::Silence,
    ];
    // What can be read without it is.
    let server = Server::start(|_| Reply::json(200, format!(r#"["{CANARY}"]"#)));
    let reader = client(&server).build().unwrap();
    let read = reader.send(Probe::<Open>::new(CANARY)).await.unwrap();
    assert_eq!(read.unread_items().len(), 1);
    shown.debug(&read);
    shown.debug(&read.unread_items());
    shown.debug(&dintero::rt::unread(&read));
    let strict = client(&server).strict().build().unwrap();
    shown.error(&strict.send(Probe::<Open>::new(CANARY)).await.unwrap_err());

    // The last server repeats what it got.
    for reply in replies.into_iter().map(Some).chain([None]) {
        let for_token = token(&secret("token"), 3600);
        let server = Server::start(move |seen| match seen.method() {
            "POST" => for_token.clone(),
            _ => reply.clone().unwrap_or_else(|| repeat(seen)),
        });
        let builder = client(&server)
            .client_credentials("id", secret("secret"))
            .api_key(secret("key"))
            .api_key_for("inQuery", secret("query"))
            .timeout(std::time::Duration::from_millis(300));
        shown.debug(&builder);
        shown.debug(&builder.clone().bearer_token(secret("fixed")));
        let client = builder.build().unwrap();
        shown.debug(&client);
        shown.debug(&client.send(<Probe>::new(CANARY)));
        shown.error(&client.send(<Probe>::new(CANARY)).await.unwrap_err());
        shown.error(&client.send(Probe::<Key>::new(CANARY)).await.unwrap_err());
        shown.error(
            &client
                .send(Probe::<QueryKey>::new(CANARY))
                .await
                .unwrap_err(),
        );
        let error = client
            .send_with_response(Probe::<Open>::new(CANARY))
            .await
            .unwrap_err();
        shown.error(&error);
        if let Some(Err(error)) = error.error_body::<Probe<Open>>() {
            shown.error(&error);
        }
    }

    for reply in [
        Reply::json(200, format!(r#"{{"access_token":"{CANARY} {CANARY}"}}"#)),
        Reply::json(
            200,
            format!(r#"{{"access_token":"{CANARY}","token_type":"{CANARY}"}}"#),
        ),
        Reply::with(200, &[], CANARY),
        Reply::with(401, &[], CANARY),
        Reply::json(
            401,
            r#"{"error":{"code":"c4n4ry-secret","message":"not c4n4ry-secret"}}"#,
        ),
    ] {
        let server = Server::start(move |_| reply.clone());
        let builder = client(&server).client_credentials("id", secret("secret"));
        let client = builder.build().unwrap();
        let error = client.send(<Probe>::new(CANARY)).await.unwrap_err();
        shown.error(&error);
        let kept = error
            .body()
            .map(|body| String::from_utf8_lossy(body).into_owned());
        let refused = error.status().is_some_and(|status| status == 401);
        assert!(
            refused || kept.is_none_or(|body| !body.contains(CANARY)),
            "{error:?}"
        );
    }

    let server = Server::start(|_| Reply::with(200, &[("x", CANARY)], "[1]"));
    let open = client(&server).build().unwrap();
    shown.debug(
        &open
            .send_with_response(Probe::<Open>::new(CANARY))
            .await
            .unwrap(),
    );
    let unused = format!("http://127.0.0.1:1/{CANARY}");
    let refused = client(&server).base_url(unused).build().unwrap();
    shown.error(&refused.send(Probe::<Open>::new(CANARY)).await.unwrap_err());
    let with_password =
        dintero::Client::builder().base_url(format!("https://u:{CANARY}@x.example"));
    shown.debug(&with_password);
    shown.error(&with_password.build().unwrap_err());

    assert!(shown.0.len() > 100);
    for text in shown.0 {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[tokio::test]
async fn values_of_the_runtime_do_not_show_them() {
    let mut shown = Shown::default();
    let server = Server::start(|_| Reply::with(200, &[("location", CANARY)], "[1]"));
    let client = client(&server)
        .bearer_token(CANARY)
        .account("T12345678".parse().unwrap())
        .interceptor(Seeing)
        .build()
        .unwrap();
    shown.debug(&client.to_builder());
    shown.debug(&client.for_merchant("P87654321".parse().unwrap()));
    let sending = client.send(Probe::<Open>::new(CANARY));
    let sending = sending
        .header("x-tenant", CANARY)
        .header("x-other", "c4n4ry\n");
    shown.debug(&sending);
    shown.error(&sending.await.unwrap_err());
    let response = client.send_with_response(Probe::<Open>::new(CANARY));
    shown.debug(&response.await.unwrap());
    shown.debug(&dintero::Redirect::to(CANARY));
    let hour = std::time::Duration::from_secs(3600);
    shown.debug(&dintero::AccessToken::new(CANARY, hour));
    shown.debug(&Some(Secret::new(CANARY)));
    shown.0.append(&mut SEEN.lock().unwrap());

    #[cfg(feature = "payments")]
    {
        use dintero::payments::{SessionId, TransactionId};
        let payments = client.payments();
        shown.debug(&payments.list_transactions().search(CANARY));
        shown.debug(&payments.list_transactions().search(CANARY).build());
        shown.debug(&payments.list_transactions().search(CANARY).pages());
        shown.debug(&payments.list_transactions().search(CANARY).items());
        shown.debug(&payments.get_transaction(TransactionId::new(CANARY)).build());
        shown.debug(&payments.get_session(SessionId::new(CANARY)));
    }
    #[cfg(feature = "download")]
    {
        let download = client.download(format!("{}/{CANARY}", server.url()));
        shown.debug(&download.header("x-tenant", CANARY));
        shown.debug(&client.download_response(Probe::<Open>::new(CANARY)));
    }
    #[cfg(feature = "mock")]
    {
        use dintero::mock::{Mock, MockResponse};
        let mock = Mock::new();
        shown.debug(&mock.expect(Probe::<Open>::new(CANARY)));
        shown.debug(&MockResponse::<Probe<Open>>::raw(200, CANARY).header(CANARY, CANARY));
        shown.debug(&mock.client().send(Probe::<Open>::new(CANARY)));
        shown.debug(&mock);
    }
    #[cfg(feature = "webhook")]
    webhooks(&mut shown);

    assert!(shown.0.len() > 40);
    for text in shown.0 {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[cfg(feature = "webhook")]
fn webhooks(shown: &mut Shown) {
    use dintero::webhook::*;
    let account = || "P12345678".parse().unwrap();
    let verifier = CallbackVerifier::new(account(), [CANARY]).unwrap();
    let signer = CallbackSigner::new(account(), CANARY).unwrap();
    let url = format!("https://shop.example/{CANARY}?transaction_id={CANARY}&error={CANARY}%20x");
    let now = std::time::SystemTime::now();
    let signature = signer.sign("GET", &url, now).unwrap();
    let headers = |name: &str| (name == "dintero-signature").then(|| signature.clone());
    let callback = verifier.verify_parts("GET", &url, headers).unwrap();
    shown.debug(&callback);
    shown.debug(&callback.error());
    shown.debug(&verifier);
    shown.debug(&signer);
    let refused = |_: &str| Some(format!("t={CANARY}"));
    let error = verifier.verify_parts("GET", &url, refused).unwrap_err();
    shown.debug(&error);
    shown.0.push(error.to_string());
    let url = format!("https://shop.example/{CANARY}?x={CANARY}");
    shown.debug(&CallbackUrl::new(&url).unwrap());

    let signer = WebhookSigner::new(CANARY).unwrap();
    let verifier = WebhookVerifier::new([CANARY]).unwrap();
    shown.debug(&verifier);
    shown.debug(&signer);
    for body in [
        format!(r#"{{"event":"{CANARY} x","account_id":"P12345678","a":"{CANARY}"}}"#),
        format!(r#"{{"event":"ping","account_id":"P12345678","{CANARY}":"{CANARY}"}}"#),
        CANARY.to_owned(),
    ] {
        let signature = signer.sign(&body).unwrap();
        let webhook = verifier.verify_parts(|_| Some(signature.clone()), body);
        let webhook = webhook.unwrap();
        shown.debug(&webhook);
        match webhook.event() {
            Ok(event) => shown.debug(&event),
            Err(error) => shown.0.push(format!("{error} {error:?}")),
        }
    }
}

static SEEN: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// Writes down what interceptors are shown.
struct Seeing;

impl dintero::Interceptor for Seeing {
    fn after(&self, attempt: &dintero::Attempt, outcome: &dintero::Outcome) {
        let text = format!("{attempt:?} {outcome:?}");
        SEEN.lock().unwrap().push(text);
    }
}
