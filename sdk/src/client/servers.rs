//! Base URLs of operations.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::rt::{Server, Service};
use crate::{AccountId, Error};

impl AsRef<str> for Server {
    fn as_ref(&self) -> &str {
        self.url
    }
}

/// Dintero's two base URLs for requests to the checkout host; see [`ClientBuilder::payments_base`].
///
/// [`ClientBuilder::payments_base`]: crate::ClientBuilder::payments_base
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PaymentsBase {
    /// `https://checkout.dintero.com/v1`, which Dintero's guides use.
    #[default]
    Checkout,
    /// `https://api.dintero.com/v1/accounts/{aid}/payments`, the base of the newer "Payments API v2". It takes access tokens only,
    /// no API keys.
    ///
    /// Not confirmed: which operations it has. One page shows it, for `POST /admin/terminals/operations`; listing sessions is
    /// said to be left to the other base.
    Account,
}

/// The base URL that [`PaymentsBase`] replaces.
pub(super) const CHECKOUT: &str = "https://checkout.dintero.com/v1";
/// The parent of the newer base URL.
pub(super) const API: &str = "https://api.dintero.com/v1";
/// The path of the newer base URL.
pub(super) const PAYMENTS: &str = "/accounts/{aid}/payments";

/// Dintero's own.
const HOSTS: [&str; 2] = ["api.dintero.com", "checkout.dintero.com"];

/// Base URLs that replace the documented ones, checked and without a trailing slash.
#[derive(Debug, Default)]
pub(super) struct Servers {
    pub(super) every: Option<Url>,
    /// By the documented URL.
    pub(super) each: BTreeMap<String, Url>,
    /// Whether the checkout uses the newer base of payments.
    pub(super) account_scoped: bool,
    /// Another company's API.
    pub(super) service: Option<&'static Service>,
    /// A cache of parsed base URLs, because parsing takes most of the time of preparing a request. Reads take no lock,
    /// on which concurrent calls would contend.
    pub(super) called: Called,
}

/// Base URLs by the documented ones, in a fixed number of slots.
#[derive(Debug, Default)]
pub(super) struct Called([OnceLock<(&'static str, Url)>; 8]);

impl Called {
    /// Returns the base URL of an operation. The first call parses it; every call does once the cache is full.
    fn get(
        &self,
        server: &'static str,
        parse: impl FnOnce() -> Result<Url, Error>,
    ) -> Result<Cow<'_, Url>, Error> {
        let mut known = self.0.iter().map_while(OnceLock::get);
        if let Some((_, url)) = known.find(|(known, _)| *known == server) {
            return Ok(Cow::Borrowed(url));
        }
        let url = parse()?;
        let mut entry = (server, url.clone());
        for place in &self.0 {
            match place.set(entry) {
                Err(back) if place.get().is_some_and(|(known, _)| *known != server) => entry = back,
                // Another call may have been first.
                Ok(()) | Err(_) => break,
            }
        }
        Ok(Cow::Owned(url))
    }
}

impl Servers {
    /// Returns the URL of a request. The host comes from the documentation or a setting, never from the path.
    pub(super) fn url(
        &self,
        server: &'static str,
        account: Option<&AccountId>,
        path_and_query: &str,
    ) -> Result<Url, Error> {
        if !path_and_query.starts_with('/') {
            return Err(Error::invalid_request("path", "does not start with `/`"));
        }
        let configured = self.each.get(trimmed(server)).or(self.every.as_ref());
        let base = match configured {
            Some(base) => Cow::Borrowed(base),
            // It depends on the account.
            None if server.contains('{') => Cow::Owned(documented(server, account)?),
            None => self.called.get(server, || documented(server, None))?,
        };
        Ok(below(&base, path_and_query))
    }

    /// Returns whether API keys are not accepted there, whatever the documentation says.
    pub(super) fn takes_tokens_only(&self, server: &str) -> bool {
        self.account_scoped && trimmed(server) == CHECKOUT
    }

    /// Credentials are sent only to the hosts of the client's API and to configured ones, not to any documented host: a
    /// client can send operations of several APIs.
    pub(super) fn check_trust(&self, server: &'static str) -> Result<(), Error> {
        let configured = self.every.is_some() || self.each.contains_key(trimmed(server));
        let is_own = match self.service {
            Some(service) => service.has(server),
            None => is_dintero(server),
        };
        if configured || is_own {
            return Ok(());
        }
        let setting = format!("server {server}");
        let reason = "is not one of the client's API, so no credentials are sent to it; to send them, configure it: \
                      `.server(url, url)`";
        Err(Error::configuration(&setting, reason))
    }
}

/// Returns the URL of a path below a base URL.
fn below(base: &Url, path_and_query: &str) -> Url {
    let prefix = trimmed(base.path());
    // `join` interprets these as more than a path and a query.
    let start = if prefix.is_empty() {
        path_and_query
    } else {
        prefix
    };
    let is_plain = !path_and_query.contains(['#', ' ', '\t', '\n', '\r'])
        && !start.starts_with("//")
        && !start.starts_with("/\\");
    if is_plain {
        // The URL reserves the length of this text, including leading blanks, which are dropped. With as many blanks as
        // the length of the base it need not grow.
        let room = base.as_str().len();
        let mut text = String::with_capacity(room + prefix.len() + path_and_query.len());
        text.extend(std::iter::repeat_n(' ', room));
        text.push_str(prefix);
        text.push_str(path_and_query);
        if let Ok(url) = base.join(&text) {
            return url;
        }
    }
    let mut url = base.clone();
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    url.set_path(&format!("{prefix}{path}"));
    url.set_query(query);
    url
}

/// Returns whether credentials for Dintero may be sent there.
fn is_dintero(url: &str) -> bool {
    // The common case, checked for every call: only the host is before the path.
    let host = url
        .strip_prefix("https://")
        .and_then(|rest| rest.split('/').next());
    if host.is_some_and(|host| HOSTS.contains(&host)) {
        return true;
    }
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https");
    let host = url.as_ref().and_then(Url::host_str);
    host.is_some_and(|host| HOSTS.contains(&host))
}

/// Returns a value that the client fills in for a URL or an operation.
pub(super) fn client_value(account: Option<&AccountId>, name: &str) -> Option<String> {
    match name {
        "account" | "aid" => account.map(ToString::to_string),
        _ => None,
    }
}

/// Checks a documented base URL.
fn documented(server: &str, account: Option<&AccountId>) -> Result<Url, Error> {
    if !server.contains("://") {
        let reason = "is not set, and the document has no absolute one";
        return Err(Error::configuration("base_url", reason));
    }
    base(server, server, account, &PlainHosts::default())
}

/// Hosts of a development machine or network to which plain `http` is allowed.
#[derive(Clone, Debug, Default)]
pub(super) struct PlainHosts(BTreeSet<String>);

impl PlainHosts {
    pub(super) fn add(&mut self, host: String) {
        self.0.insert(host);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.0.iter().any(|plain| plain.eq_ignore_ascii_case(host))
    }

    /// Checks that each is only a host name, and not one of Dintero's.
    pub(super) fn check(&self) -> Result<(), Error> {
        for host in &self.0 {
            let wrong = |reason| Error::configuration("allow_plain_http", reason);
            let url = Url::parse(&format!("http://{host}"));
            let read = url.as_ref().ok().and_then(Url::host_str);
            // `*` would be a valid host, too.
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
            let read =
                read.filter(|read| read.eq_ignore_ascii_case(host) && host.chars().all(is_plain));
            let read = read.ok_or_else(|| {
                wrong("expects a host name without scheme, port and path, such as `dintero-fake`")
            })?;
            if read == "dintero.com" || read.ends_with(".dintero.com") {
                return Err(wrong("does not allow Dintero's own hosts"));
            }
        }
        Ok(())
    }
}

/// Rejects a setting with a production account; `rule` is the setting that forbids it.
pub(super) fn check_sandbox(rule: &str, setting: &str, text: &str) -> Result<(), Error> {
    let text = percent_decode_str(text).decode_utf8_lossy();
    let mut parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_production =
        |part: &str| (part.parse::<AccountId>()).is_ok_and(|account| !account.is_sandbox());
    if parts.any(is_production) {
        let reason = format!("rejects `{setting}`, which has a production account (`P…`)");
        return Err(Error::configuration(rule, reason));
    }
    Ok(())
}

/// Checks a base URL: absolute, `https` or a loopback host, only scheme, host and path.
pub(super) fn base(
    setting: &str,
    text: &str,
    account: Option<&AccountId>,
    plain: &PlainHosts,
) -> Result<Url, Error> {
    let url = absolute(setting, text, account, plain)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Error::configuration(setting, "has a query or fragment"));
    }
    Ok(url)
}

/// Checks a URL: absolute, `https` or a loopback host, no user or password. `{aid}` and `{account}` are filled in.
pub(super) fn absolute(
    setting: &str,
    text: &str,
    account: Option<&AccountId>,
    plain: &PlainHosts,
) -> Result<Url, Error> {
    let wrong = |reason: &str| Error::configuration(setting, reason);
    let text = filled(setting, text, account)?;
    let url = Url::parse(&text).map_err(|error| {
        Error::configuration(setting, format_args!("is not an absolute URL ({error})"))
    })?;
    check_url(&url, plain).map_err(wrong)?;
    Ok(url)
}

/// Returns why requests can't be sent to a URL, if there is a reason.
pub(super) fn check_url(url: &Url, plain: &PlainHosts) -> Result<(), &'static str> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("contains a user name or password");
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) || plain.has(url) => Ok(()),
        "http" => Err(
            "is plain http, which is allowed only for loopback addresses and hosts of `allow_plain_http`",
        ),
        _ => Err("is neither https nor http"),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

pub(super) fn filled(
    setting: &str,
    text: &str,
    account: Option<&AccountId>,
) -> Result<String, Error> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err(Error::configuration(setting, "has a `{` without `}`"));
        };
        let value = client_value(account, name).ok_or_else(|| {
            let reason = match name {
                "account" | "aid" => format!("contains `{{{name}}}`, but no account is set"),
                _ => format!(
                    "contains the unknown placeholder `{{{name}}}`; configure this server's URL without it"
                ),
            };
            Error::configuration(setting, reason)
        })?;
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Removes trailing slashes, because the documentation has the same URL with and without.
pub(super) fn trimmed(url: &str) -> &str {
    url.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountId {
        "T12345678".parse().unwrap()
    }

    fn checked(text: &str) -> Result<String, String> {
        let base = base("base_url", text, Some(&account()), &PlainHosts::default());
        base.map(|url| trimmed(url.as_str()).to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn bases_that_will_do() {
        for (text, expected) in [
            ("https://api.dintero.com/v1", "https://api.dintero.com/v1"),
            ("https://api.dintero.com/v1/", "https://api.dintero.com/v1"),
            ("https://example.com", "https://example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:1/x", "http://localhost:1/x"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            (
                "https://api.dintero.com/v1/accounts/{aid}/payments",
                "https://api.dintero.com/v1/accounts/T12345678/payments",
            ),
            ("https://x.example/{account}", "https://x.example/T12345678"),
        ] {
            assert_eq!(checked(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn bases_that_will_not() {
        for (text, expected) in [
            ("api.dintero.com/v1", "is not an absolute URL"),
            ("", "is not an absolute URL"),
            ("http://api.dintero.com/v1", "is plain http"),
            ("http://128.0.0.1", "is plain http"),
            ("http://localhost.example.com", "is plain http"),
            ("http://127.0.0.1.example.com", "is plain http"),
            ("http://127.0.0.1@example.com", "contains a user name"),
            ("ftp://127.0.0.1", "is neither https nor http"),
            ("https://user:hunter2@example.com", "contains a user name"),
            ("https://example.com/?key=hunter2", "has a query"),
            ("https://example.com/#x", "has a query or fragment"),
            (
                "https://example.com/{region}",
                "contains the unknown placeholder `{region}`",
            ),
            ("https://example.com/{aid", "has a `{` without `}`"),
        ] {
            let error = checked(text).unwrap_err();
            assert!(error.starts_with("configuration: base_url: "), "{error}");
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let error = base(
            "base_url",
            "https://example.com/{aid}",
            None,
            &PlainHosts::default(),
        )
        .unwrap_err();
        assert!(error.to_string().contains("no account is set"), "{error}");
    }

    #[test]
    fn the_host_is_never_part_of_the_path() {
        let servers = Servers::default();
        let url = |path| servers.url("https://api.dintero.com/", None, path);
        assert_eq!(
            url("/a?b=c").unwrap().as_str(),
            "https://api.dintero.com/a?b=c"
        );
        for path in ["@example.com/", ".example.com/", ":1/", "", "?x"] {
            assert!(url(path).is_err(), "{path}");
        }
        for path in ["//example.com/", "/\\example.com", "/@example.com"] {
            assert_eq!(url(path).unwrap().host_str(), Some("api.dintero.com"));
        }
    }

    #[test]
    fn paths_stay_as_they_were_encoded() {
        let servers = Servers::default();
        for (path, expected) in [
            ("/a%2Fb/c%3Fd?e=%23&f=a+b", "/v1/a%2Fb/c%3Fd?e=%23&f=a+b"),
            (
                "/a?b=https%3A%2F%2Fx.no%2F%3Fc",
                "/v1/a?b=https%3A%2F%2Fx.no%2F%3Fc",
            ),
            ("/", "/v1/"),
        ] {
            for _ in 0..2 {
                let url = servers
                    .url("https://api.dintero.com/v1/", None, path)
                    .unwrap();
                assert_eq!(url.as_str(), format!("https://api.dintero.com{expected}"));
            }
        }
        for (path, expected) in [
            ("/a#b c", "/a%23b%20c"),
            ("/a?b#c", "/a?b%23c"),
            ("/../x", "/x"),
        ] {
            let url = servers.url("https://api.dintero.com/", None, path).unwrap();
            assert_eq!(url.as_str(), format!("https://api.dintero.com{expected}"));
        }
        let url = servers.url("https://api.dintero.com/{aid}", Some(&account()), "/x");
        assert_eq!(url.unwrap().path(), "/T12345678/x");
        assert!(
            servers
                .url("https://api.dintero.com/{aid}", None, "/x")
                .is_err()
        );
        for relative in ["", "/api/v3"] {
            let error = servers.url(relative, None, "/x").unwrap_err();
            assert_eq!(
                error.to_string(),
                "configuration: base_url: is not set, and the document has no absolute one"
            );
        }
    }

    #[test]
    fn a_document_is_parsed_once_while_there_is_room() {
        let parsed = |servers: &Servers, server| {
            let mut parsed = false;
            let url = servers.called.get(server, || {
                parsed = true;
                documented(server, None)
            });
            assert_eq!(trimmed(url.unwrap().as_str()), server);
            parsed
        };
        let servers = Servers::default();
        let names: Vec<&'static str> = (0..9)
            .map(|number| &*format!("https://example.com/{number}").leak())
            .collect();
        for again in [false, true] {
            let times = names.iter().filter(|name| parsed(&servers, name)).count();
            assert_eq!(times, if again { 1 } else { names.len() });
        }
        let (first, last) = (&names[0], &names[8]);
        assert!(!parsed(&servers, first));
        assert!(parsed(&servers, last));
        assert!(
            servers
                .called
                .get("example.com", || documented("example.com", None))
                .is_err()
        );
    }

    /// URLs are built in one step or, where that would misread the path, in two. Both have the same result.
    #[test]
    fn both_ways_to_a_url_lead_to_the_same() {
        for text in [
            "https://a.example",
            "https://a.example/v1/",
            "http://127.0.0.1:8080/x",
        ] {
            let base = Url::parse(text).unwrap();
            for path in [
                "/",
                "/a",
                "/a/%2F/b",
                "/a?",
                "/a?b=c&d=%20",
                "/a?b=c?d",
                "/a/",
                "/a%3Fb",
                "/é?ø=å",
                "/a?'\"<>",
                "/./a/../b",
                "/a:b@c",
                "/%",
            ] {
                let mut slow = base.clone();
                let (path_alone, query) = match path.split_once('?') {
                    Some((path, query)) => (path, Some(query)),
                    None => (path, None),
                };
                slow.set_path(&format!("{}{path_alone}", trimmed(base.path())));
                slow.set_query(query);
                assert_eq!(below(&base, path), slow);
            }
        }
    }

    #[test]
    fn credentials_go_to_dinteros_hosts_and_where_somebody_says() {
        let trusted = |server| Servers::default().check_trust(server).is_ok();
        assert!(trusted("https://api.dintero.com"));
        assert!(trusted("https://checkout.dintero.com/v1"));
        for server in [
            "http://api.dintero.com",
            "https://other.dintero.com",
            "https://notdintero.com",
            "https://api.dintero.com.example",
            "https://api.dintero.com@example.com",
            "",
        ] {
            assert!(!trusted(server), "{server}");
        }
        let servers = Servers {
            every: None,
            each: [(
                "https://a.example".into(),
                Url::parse("https://b.example").unwrap(),
            )]
            .into(),
            account_scoped: false,
            service: None,
            called: Called::default(),
        };
        assert!(servers.check_trust("https://a.example/").is_ok());
        assert!(servers.check_trust("https://b.example").is_err());
    }

    #[test]
    fn one_server_or_all_of_them() {
        let servers = Servers {
            every: Some(Url::parse("http://127.0.0.1:1").unwrap()),
            each: [(
                "https://a.example/v1".into(),
                Url::parse("http://127.0.0.1:2").unwrap(),
            )]
            .into(),
            account_scoped: false,
            service: None,
            called: Called::default(),
        };
        let url = |server| servers.url(server, None, "/x").unwrap().port();
        assert_eq!(url("https://a.example/v1"), Some(2));
        assert_eq!(url("https://a.example/v1/"), Some(2));
        assert_eq!(url("https://a.example/v2"), Some(1));
    }

    #[test]
    fn the_newer_base_of_payments() {
        let client = crate::Client::builder()
            .account(account())
            .payments_base(PaymentsBase::Account)
            .build()
            .unwrap();
        for (server, expected) in [
            (
                "https://checkout.dintero.com/v1",
                "https://api.dintero.com/v1/accounts/T12345678/payments/x",
            ),
            ("https://api.dintero.com/v1", "https://api.dintero.com/v1/x"),
        ] {
            let url = client.0.servers.url(server, Some(&account()), "/x");
            assert_eq!(url.unwrap().as_str(), expected);
        }
    }
}
