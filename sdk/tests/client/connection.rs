//! Proxies, certificates and HTTP clients of the user's own.

use dintero::{Client, ErrorKind};

use crate::support::operation::{Charge, Open};
use crate::support::{Probe, Reply, Server, client};

/// A client that a proxy has to carry to somewhere it can't go without.
fn far() -> dintero::ClientBuilder {
    Client::builder()
        .account("T12345678".parse().unwrap())
        .base_url("https://dintero.invalid")
        .retry(dintero::RetryPolicy::none())
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_proxy_gets_the_host_and_nothing_else() {
    let proxy = Server::start(|_| Reply::with(403, &[], ""));
    let url = proxy.url().replace("//", "//user:hunter2@");
    let builder = far().bearer_token("c4n4ry").proxy(url);
    assert!(!format!("{builder:?}").contains("hunter2"));
    let client = builder.build().unwrap();
    let error = client.send(<Probe>::new("1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_been_sent());
    assert!(!format!("{error:?}{error}").contains("hunter2"));
    let seen = proxy.only();
    assert_eq!(
        (seen.method(), seen.target()),
        ("CONNECT", "dintero.invalid:443")
    );
    assert_eq!(
        seen.header("proxy-authorization"),
        Some("Basic dXNlcjpodW50ZXIy")
    );
    assert!(!seen.head.contains("c4n4ry"), "{}", seen.head);
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_copy_with_another_setting_has_connections_of_its_own() {
    let proxy = Server::start(|_| Reply::with(403, &[], ""));
    let client = far().no_proxy().build().unwrap();
    let copy = client.to_builder().proxy(proxy.url()).build().unwrap();
    copy.send(Probe::<Open>::new("1")).await.unwrap_err();
    assert_eq!(proxy.only().method(), "CONNECT");
    let error = client.to_builder().root_certificate("none").build();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn loopback_addresses_need_no_proxy() {
    let proxy = Server::start(|_| Reply::with(403, &[], ""));
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server).proxy(proxy.url()).build().unwrap();
    client.send(Probe::<Open>::new("1")).await.unwrap();
    assert!(proxy.seen().is_empty());
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn no_proxy_of_the_environment() {
    let proxy = Server::start(|_| Reply::with(403, &[], ""));
    for (child, seen) in [("with", 1), ("without", 1)] {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &format!("connection::child_{child}"),
                "--ignored",
            ])
            .env("HTTPS_PROXY", proxy.url())
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
        assert!(String::from_utf8_lossy(&status.stdout).contains("1 passed"));
        assert_eq!(proxy.seen().len(), seen, "{child}");
    }
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn child_with() {
    let call = far().build().unwrap().send(Probe::<Open>::new("1"));
    call.await.unwrap_err();
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn child_without() {
    let client = far().no_proxy().build().unwrap();
    client.send(Probe::<Open>::new("1")).await.unwrap_err();
}

#[test]
fn settings_that_can_not_be_used() {
    for (builder, expected) in [
        (far().proxy("hunter2"), "proxy: is not an absolute URL"),
        (
            far().proxy("ftp://hunter2"),
            "proxy: is neither an http nor",
        ),
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        (
            far().root_certificate("hunter2"),
            "root_certificate: contains no certificate",
        ),
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        (
            far().client_identity("hunter2", "hunter2"),
            "client_identity: requires a certificate and its key",
        ),
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        (
            far().root_certificate("hunter2"),
            "root_certificate: this build has no TLS",
        ),
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        (
            far().client_identity("hunter2", "hunter2"),
            "client_identity: this build has no TLS",
        ),
    ] {
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{shown}{error:?}{error}").contains("hunter2"));
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::server::WebPkiClientVerifier;

    use super::*;

    const CA: &str = include_str!("tls/ca.pem");
    const SERVER: &str = include_str!("tls/server.pem");
    const SERVER_KEY: &str = include_str!("tls/server.key");
    const CLIENT: &str = include_str!("tls/client.pem");
    const CLIENT_KEY: &str = include_str!("tls/client.key");

    fn certificate(pem: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
    }

    /// Answers with the number of certificates that the client has shown. Gives its URL.
    fn serve(asks: bool) -> String {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate(CA)).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let builder = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match asks {
            true => builder.with_client_cert_verifier(verifier.build().unwrap()),
            false => builder.with_no_client_auth(),
        };
        let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
        let config = builder
            .with_single_cert(vec![certificate(SERVER)], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0) {
                    head.push(byte[0]);
                }
                if head.starts_with(b"GET /accounts/T12345678/things/flood") {
                    std::thread::spawn(move || {
                        let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(4000);
                        while stream.write_all(many.as_bytes()).is_ok() {}
                    });
                    continue;
                }
                let shown = stream.conn.peer_certificates().map_or(0, <[_]>::len);
                let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[{shown}]");
                let _ = stream.write_all(reply.as_bytes());
            }
        });
        url
    }

    fn at(url: &str) -> dintero::ClientBuilder {
        far().no_proxy().base_url(url)
    }

    #[tokio::test]
    async fn an_authority_of_ones_own() {
        let url = serve(false);
        let stranger = at(&url).build().unwrap();
        let error = stranger.send(Probe::<Open>::new("1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert!(!error.may_have_been_sent());
        let client = at(&url).root_certificate(CA).build().unwrap();
        assert_eq!(client.send(Probe::<Open>::new("1")).await.unwrap(), [0]);
    }

    /// Responses that announce another (1xx), as fast as this machine makes them: the call ends with its deadline, and other
    /// tasks of the only thread go on.
    #[tokio::test]
    async fn informational_responses_without_end() {
        let client = at(&serve(false)).root_certificate(CA);
        let policy = dintero::RetryPolicy::none().deadline(Duration::from_millis(1500));
        let client = client.retry(policy).build().unwrap();
        let call = tokio::spawn(client.send(Probe::<Open>::new("flood")));
        let mut longest = Duration::ZERO;
        let begun = Instant::now();
        while !call.is_finished() {
            let begun = Instant::now();
            tokio::time::sleep(Duration::from_millis(5)).await;
            longest = longest.max(begun.elapsed());
        }
        let took = begun.elapsed();
        println!("took {took:?}, longest {longest:?}");
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(took < Duration::from_secs(4), "{took:?}");
        assert!(longest < Duration::from_secs(2), "{longest:?}");
    }

    #[tokio::test]
    async fn a_certificate_of_the_clients_own() {
        let url = serve(true);
        let builder = at(&url).root_certificate(CA);
        let anonymous = builder.clone().build().unwrap();
        anonymous.send(Probe::<Open>::new("1")).await.unwrap_err();
        let builder = builder.client_identity(CLIENT, CLIENT_KEY);
        assert!(!format!("{builder:?}").contains("BEGIN"));
        let client = builder.build().unwrap();
        // Some libraries show the authority too.
        let shown = client.send(Probe::<Open>::new("1")).await.unwrap();
        assert!(shown[0] > 0, "{shown:?}");
    }
}

#[cfg(feature = "reqwest-013")]
mod own {
    use std::time::Duration;

    use reqwest::redirect::Policy;

    use super::*;

    #[tokio::test]
    async fn a_client_of_ones_own_is_used() {
        let server = Server::start(|seen| match seen.target().ends_with("/slow") {
            true => Reply::Silence,
            false => Reply::with(307, &[("location", "/elsewhere")], ""),
        });
        let http = reqwest::Client::builder()
            .user_agent("mine")
            .default_headers(
                [(
                    http::HeaderName::from_static("x-mine"),
                    "1".parse().unwrap(),
                )]
                .into_iter()
                .collect(),
            );
        let builder = client(&server).timeout(Duration::from_millis(300));
        let client = builder.http_client(http).build().unwrap();
        let error = client.send(Probe::<Open>::new("1")).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 307);
        assert_eq!(server.only().header("x-mine"), Some("1"));
        let error = client.send(Probe::<Open>::new("slow")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }

    /// Whatever its builder says: a payment goes to the place that was asked, and once.
    #[tokio::test]
    async fn it_follows_nothing_and_repeats_nothing() {
        for policy in [
            Policy::default(),
            Policy::limited(1),
            Policy::custom(|attempt| attempt.follow()),
        ] {
            let server = Server::start(|seen| match seen.target() {
                "/charge" => Reply::with(307, &[("location", "/elsewhere")], ""),
                _ => Reply::with(200, &[], ""),
            });
            let again = reqwest::retry::for_host("127.0.0.1")
                .max_retries_per_request(3)
                .classify_fn(|attempt| attempt.retryable());
            let http = reqwest::Client::builder().redirect(policy).retry(again);
            let client = client(&server).http_client(http).build().unwrap();
            let charge = Charge {
                body: None,
                key: None,
            };
            let error = client.send(charge).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert_eq!(server.only().target(), "/charge");
        }
    }

    /// Clients with other settings are made of one builder.
    #[tokio::test]
    async fn it_serves_copies() {
        let server = Server::start(|_| Reply::json(200, "[]"));
        let builder = client(&server).http_client(reqwest::Client::builder().user_agent("mine"));
        for client in [builder.clone().build().unwrap(), builder.build().unwrap()] {
            let copy = client.to_builder().timeout(Duration::from_secs(9));
            for client in [client, copy.build().unwrap()] {
                client.send(Probe::<Open>::new("1")).await.unwrap();
            }
        }
        assert_eq!(server.connections(), 1);
    }

    #[test]
    fn one_that_can_not_be_built() {
        let http = || reqwest::Client::builder().user_agent("a\nb");
        let builder = far().http_client(http());
        for builder in [builder.clone(), builder] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(
                error.to_string().contains("http_client: can't be set up"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_has_no_effect_beside_it() {
        for (builder, setting) in [
            (far().no_proxy(), "proxy"),
            (far().proxy("http://proxy.example"), "proxy"),
            (far().root_certificate("x"), "root_certificate"),
            (far().client_identity("x", "y"), "client_identity"),
            (
                far().pool_idle_timeout(Duration::from_secs(9)),
                "pool_idle_timeout",
            ),
            (far().pool_max_idle_per_host(9), "pool_max_idle_per_host"),
            (
                far().connection_max_age(Duration::from_secs(9)),
                "connection_max_age",
            ),
        ] {
            let http = reqwest::Client::builder();
            let error = builder.http_client(http).build().unwrap_err();
            let expected = format!("{setting}: has no effect with `http_client`");
            assert!(error.to_string().contains(&expected), "{error}");
        }
    }
}
