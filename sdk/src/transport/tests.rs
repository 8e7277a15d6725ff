use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

/// A client that follows redirects can't be set; should there be one all the same, its answer is not taken.
#[tokio::test]
async fn an_answer_from_another_place_is_a_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for reply in [
            "HTTP/1.1 307 Any\r\nlocation: /other\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]",
        ] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 1024];
            let _ = stream.read(&mut head);
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    let http = Http {
        settings: Settings::default(),
        client: reqwest::Client::new(),
        direct: OnceLock::from(Ok(reqwest::Client::new())),
    };
    let mut outgoing = Outgoing {
        method: Method::GET,
        url: format!("http://{address}/one?a=b").parse().unwrap(),
        headers: HeaderMap::new(),
        body: None,
        timeout: None,
        streamed: false,
        purpose: Purpose::default(),
    };
    let error = http.exchange(&mut outgoing).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(error.may_have_been_sent());
    assert!(error.to_string().contains("Policy::none()"), "{error}");
}
