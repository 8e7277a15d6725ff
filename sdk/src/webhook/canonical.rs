//! The signed text of a callback.

use http::uri::{Authority, Uri};
use http::{Method, Request};

use super::{Error, ErrorKind};
use crate::AccountId;

/// The URL of a callback.
#[derive(Debug)]
pub(super) struct Target {
    method: Method,
    host: String,
    path: String,
    /// Decoded, sorted by name; equal names in the order of the query.
    pub(super) pairs: Vec<(String, String)>,
}

impl Target {
    /// `host` takes precedence over that of the URL; `host_header` is for URLs without a host.
    pub(super) fn new(
        method: &str,
        url: &Uri,
        host: Option<&str>,
        host_header: Option<&str>,
    ) -> Result<Self, Error> {
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
            .map_err(|_| unusable("not an HTTP method: pass it as received, such as GET"))?;
        let host = match (host, url.authority(), host_header) {
            (Some(host), ..) => host.to_owned(),
            (None, Some(authority), _) => authority.host().to_ascii_lowercase(),
            (None, None, Some(header)) => host_name(header)
                .ok_or_else(|| unusable("the header Host has no host: set it with `host`"))?,
            (None, None, None) => {
                return Err(unusable(
                    "the host is unknown: set it with `host`, or pass the absolute URL or the header Host",
                ));
            }
        };
        if !url.path().starts_with('/') {
            return Err(unusable("the URL has no path: pass it as received"));
        }
        let query = url.query().unwrap_or_default();
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        // The order of URLSearchParams: stable, and by UTF-16, which differs from the order of UTF-8.
        pairs.sort_by(|(one, _), (two, _)| one.encode_utf16().cmp(two.encode_utf16()));
        Ok(Self {
            method,
            host,
            path: url.path().to_owned(),
            pairs,
        })
    }

    /// Returns the text that is signed: six lines, the last without a line end.
    pub(super) fn payload(&self, timestamp: &str, account: &AccountId) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.pairs);
        let lines: [&str; 6] = [
            timestamp,
            account.as_str(),
            self.method.as_str(),
            &self.host,
            &self.path,
            &query.finish(),
        ];
        lines.join("\n")
    }
}

/// Parses the URL of a request: absolute, or path and query.
pub(super) fn read_url(url: &str) -> Result<Uri, Error> {
    url.parse().map_err(|_| {
        unusable("the URL can't be parsed: pass it as received, such as https://shop.example/path?a=1 or /path?a=1")
    })
}

/// Returns the host in its signed form: lower case, no port.
pub(super) fn host_name(text: &str) -> Option<String> {
    let authority: Authority = text.trim().parse().ok()?;
    let host = authority.host();
    let plain = !host.is_empty() && !authority.as_str().contains('@');
    plain.then(|| host.to_ascii_lowercase())
}

/// Returns the first header of this name.
pub(super) fn header<'r, B>(request: &'r Request<B>, name: &str) -> Option<&'r [u8]> {
    request.headers().get(name).map(http::HeaderValue::as_bytes)
}

fn unusable(message: &'static str) -> Error {
    Error::new(ErrorKind::Request, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(method: &str, url: &str) -> String {
        let target = Target::new(method, &read_url(url).unwrap(), None, None).unwrap();
        target.payload("7", &"T12345678".parse().unwrap())
    }

    fn query(query: &str) -> String {
        let payload = payload("GET", &format!("https://shop.example/?{query}"));
        payload.rsplit('\n').next().unwrap().to_owned()
    }

    #[test]
    fn six_lines() {
        assert_eq!(
            payload(
                "post",
                "https://user:pass@Shop.Example:8443/a/%C3%A5%2f?b=2&a=1#there"
            ),
            "7\nT12345678\nPOST\nshop.example\n/a/%C3%A5%2f\na=1&b=2"
        );
        assert_eq!(
            payload("GET", "https://shop.example"),
            "7\nT12345678\nGET\nshop.example\n/\n"
        );
        assert_eq!(
            payload("GET", "https://[2001:DB8::1]:1/?"),
            "7\nT12345678\nGET\n[2001:db8::1]\n/\n"
        );
    }

    /// Expected values made with URLSearchParams of Node.js (`sort()` and `toString()`).
    #[test]
    fn queries_as_url_search_params_writes_them() {
        for (from, to) in [
            ("B=123&A=992", "A=992&B=123"),
            ("a=2&b=0&a=1", "a=2&a=1&b=0"),
            ("a=%20+%2B", "a=++%2B"),
            ("a=*-._~!'()", "a=*-._%7E%21%27%28%29"),
            ("a", "a="),
            ("&&a=1&", "a=1"),
            ("=1", "=1"),
            ("a=b=c", "a=b%3Dc"),
            ("%61=%2f", "a=%2F"),
            ("a=%C3%A5&%E2%82%AC=1", "a=%C3%A5&%E2%82%AC=1"),
            ("a=%FF%zz%", "a=%EF%BF%BD%25zz%25"),
            // U+FF5E is before U+1F600 in UTF-8 and after it in UTF-16.
            ("%EF%BD%9E=1&%F0%9F%98%80=2", "%F0%9F%98%80=2&%EF%BD%9E=1"),
            ("Z=1&a=2&_=3", "Z=1&_=3&a=2"),
        ] {
            assert_eq!(query(from), to, "{from}");
        }
    }

    #[test]
    fn hosts() {
        assert_eq!(
            host_name("Shop.Example:443").as_deref(),
            Some("shop.example")
        );
        assert_eq!(host_name("[::1]:80").as_deref(), Some("[::1]"));
        for wrong in [
            "",
            "https://shop.example",
            "a@shop.example",
            "shop.example/",
            ":80",
            "a b",
        ] {
            assert_eq!(host_name(wrong), None, "{wrong}");
        }
    }
}
