//! Another company's API by its generated crate alone, on a raw socket: credentials of every kind, and nothing of Dintero's.
//! Compiled and run by `tests/generated.rs`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use home_shop::prelude::*;
use home_shop::servers;

type Failure = Box<dyn std::error::Error>;

/// Answers token requests with a token and others with nothing, and hands on what it was sent.
fn serve() -> Result<(u16, Receiver<String>), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut granted = 0;
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(count) = stream.read(&mut buffer) {
                request.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if count > 0 && body.len() < length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                    continue;
                }
                let json = match head.split(' ').nth(1) {
                    Some(path) if path.ends_with("/token") => {
                        granted += 1;
                        Some(format!(r#"{{"access_token":"token-{granted}","token_type":"Bearer","expires_in":3600}}"#))
                    }
                    Some("/test-1/orders") if head.starts_with("GET") => Some(r#"[{"number":"7"}]"#.to_owned()),
                    _ => None,
                };
                let answer = match json {
                    Some(json) => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{json}", json.len()),
                    None => "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned(),
                };
                let _ = stream.write_all(answer.as_bytes());
                let _ = sender.send(text);
                break;
            }
        }
    });
    Ok((port, receiver))
}

/// The next request: its first line, the value of a header, its body.
fn next(sent: &Receiver<String>, header: &str) -> Result<(String, Option<String>, String), Failure> {
    let text = sent.recv_timeout(std::time::Duration::from_secs(10))?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no end of the headers")?;
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let mut value = None;
    for (name, text) in lines.filter_map(|line| line.split_once(": ")) {
        if name == "user-agent" && text != "home-shop/0.1.0" {
            return Err(format!("the user agent is {text}").into());
        }
        if format!("{name}{text}").to_lowercase().contains("dintero") {
            return Err(format!("{name}: {text} is Dintero's").into());
        }
        if name == header {
            value = Some(text.to_owned());
        }
    }
    Ok((line, value, body.to_owned()))
}

fn main() -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(calls())
}

async fn calls() -> Result<(), Failure> {
    let (port, sent) = serve()?;
    let url = servers::ShopUrl::default().port(port.to_string()).stage(servers::ShopStage::Test1);
    let client = home_shop::client()
        .base_url(url)
        .client_credentials("id:1", "secret &")
        .api_key("a key")
        .build()?;

    // A token for the scopes of the operation, once.
    let orders = client.home_shop().list_orders().send().await?;
    assert_eq!(orders.iter().map(|order| order.number.as_deref()).collect::<Vec<_>>(), [Some("7")]);
    client.home_shop().list_orders().send().await?;
    let basic = Some("Basic aWQlM0ExOnNlY3JldCslMjY=".to_owned()); // `id%3A1:secret+%26`
    let form = "grant_type=client_credentials&scope=read";
    assert_eq!(next(&sent, "authorization")?, ("POST /oauth/token".into(), basic.clone(), form.into()));
    for _ in 0..2 {
        let bearer = Some("Bearer token-1".to_owned());
        assert_eq!(next(&sent, "authorization")?, ("GET /test-1/orders".into(), bearer, String::new()));
    }

    // Another operation has other scopes.
    client.home_shop().create_order().number("8").send().await?;
    let form = "grant_type=client_credentials&scope=read+write%3Aall";
    assert_eq!(next(&sent, "authorization")?, ("POST /oauth/token".into(), basic.clone(), form.into()));
    let bearer = Some("Bearer token-2".to_owned());
    assert_eq!(next(&sent, "authorization")?, ("POST /test-1/orders".into(), bearer, r#"{"number":"8"}"#.into()));

    // A relative URL is below the base URL, wherever the operation is.
    client.home_shop().list_lines(7).send().await?;
    let form = "grant_type=client_credentials";
    assert_eq!(next(&sent, "authorization")?, ("POST /test-1/login/token".into(), basic, form.into()));
    let bearer = Some("Bearer token-3".to_owned());
    assert_eq!(next(&sent, "authorization")?, ("GET /test-1/orders/7/lines".into(), bearer, String::new()));

    // A key; nothing where nothing is needed.
    client.home_shop().by_key().send().await?;
    assert_eq!(next(&sent, "x-shop-key")?, ("GET /test-1/key".into(), Some("a key".into()), String::new()));
    client.home_shop().by_nothing().send().await?;
    assert_eq!(next(&sent, "authorization")?, ("GET /test-1/none".into(), None, String::new()));

    // Basic authentication, without a client.
    let url = servers::ShopUrl::default().port(port.to_string());
    let client = home_shop::client().base_url(url).basic_auth("user", "pass:word").build()?;
    client.home_shop().by_password().send().await?;
    let basic = Some("Basic dXNlcjpwYXNzOndvcmQ=".to_owned());
    assert_eq!(next(&sent, "authorization")?, ("GET /live/basic".into(), basic, String::new()));
    let error = client.home_shop().by_key().send().await.expect_err("no key is set");
    assert_eq!(error.kind(), ErrorKind::Credentials);

    // The whole header, of another form than `Bearer`.
    let url = servers::ShopUrl::default().port(port.to_string());
    let client = home_shop::client().base_url(url).api_key_for("raw", "Token abc").build()?;
    client.home_shop().by_raw_header().send().await?;
    let raw = Some("Token abc".to_owned());
    assert_eq!(next(&sent, "authorization")?, ("GET /live/raw".into(), raw, String::new()));

    // Scopes, audience and address by settings.
    let client = home_shop::client()
        .base_url(servers::ShopUrl::default().port(port.to_string()))
        .client_credentials("id", "secret")
        .token_url(format!("http://127.0.0.1:{port}/oauth/token"))
        .token_scopes(["all"])
        .token_audience("the shop")
        .build()?;
    client.home_shop().by_key().send().await.expect_err("a token is no key");
    client.home_shop().create_order().number("9").send().await?;
    let form = "grant_type=client_credentials&scope=all&audience=the+shop".to_owned();
    assert_eq!(next(&sent, "content-length")?.2, form);
    assert_eq!(next(&sent, "authorization")?.1, Some("Bearer token-4".into()));

    debug_shows_values()?;
    println!("another company's API takes its own credentials, and gets nothing of Dintero's");
    Ok(())
}

/// `Debug` shows what is received and sent, but not what the document marks as secret or personal.
fn debug_shows_values() -> Result<(), Failure> {
    let json = r#"{"name":"Kari Nordmann","pin":"1234","born":"19700101","token":"secret token","notes":["my note"],
        "address":{"street":"Main Street 1","code":"0150"},"other":{"a":"some text"}}"#;
    let customer: home_shop::Customer = serde_json::from_str(json)?;
    let shown = format!("{customer:?}");
    assert_eq!(
        shown,
        "Customer { address: CustomerAddress { code: \"…\", street: \"Main Street 1\" }, born: \"…\", \
         name: \"Kari Nordmann\", notes: \"…\", pin: \"…\", token: \"…\", other: {\"a\":\"some text\"} }"
    );
    // A secret of another kind than documented is kept without a field.
    let customer: home_shop::Customer = serde_json::from_str(r#"{"name":"Kari","pin":987654321}"#)?;
    let shown = format!("{customer:#?}");
    assert!(shown.contains("Kari") && !shown.contains("987654321"), "{shown}");
    // It is written all the same.
    assert!(serde_json::to_string(&customer)?.contains("987654321"));
    Ok(())
}
