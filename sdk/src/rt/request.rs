//! Building of requests: path, query, headers, cookies and body, without base URL and credentials.

use std::fmt;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_TYPE, COOKIE},
};

use super::{
    Content, Invalid, Node, Write,
    encode::{self, Escape, Lists, Part, PartStyle},
    write, writer,
};
use crate::Error;

/// A builder for a request. [`finish`](Self::finish) returns the first error.
pub struct Request {
    template: &'static str,
    path: Vec<(&'static str, Value)>,
    /// Keys of `None` are whole `key=value` texts.
    query: Vec<(Option<&'static str>, Value)>,
    headers: HeaderMap,
    /// Headers that the client fills in.
    late_headers: Vec<(&'static str, &'static str)>,
    cookies: String,
    body: Option<Content>,
    fault: Option<Error>,
    /// The encoding of the query values.
    escape: Escape,
}

/// An encoded value, or the name of a value of the client.
enum Value {
    Ready(String),
    Client(&'static str),
}

/// A request without base URL and credentials.
#[derive(Clone)]
pub struct Resolved {
    /// Starts with `/`.
    pub path_and_query: String,
    /// With `Content-Type` if there is a body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Content>,
}

/// A rule that is checked before anything is sent.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// The minimum number of items of a list.
    MinItems(usize),
    /// The maximum number of items of a list.
    MaxItems(usize),
    /// Values that are only allowed in a list with another value.
    NeedsCompanion(&'static [&'static str]),
    /// The minimum number of characters of a text.
    MinLength(usize),
    /// The maximum number of characters of a text.
    MaxLength(usize),
}

impl Rule {
    fn broken_by(self, node: &Node<'_>) -> Option<String> {
        let items = match node {
            Node::List(items) => items.as_slice(),
            _ => &[],
        };
        let length = match node {
            Node::Text(text) | Node::Word(text) => text.chars().count(),
            _ => 0,
        };
        match self {
            Self::MinItems(least) if items.len() < least => {
                Some(format!("needs at least {}", count(least, "item")))
            }
            Self::MaxItems(most) if items.len() > most => {
                Some(format!("takes at most {}", count(most, "item")))
            }
            Self::MinLength(least) if length < least => {
                Some(format!("needs at least {}", count(least, "character")))
            }
            Self::MaxLength(most) if length > most => {
                Some(format!("takes at most {}", count(most, "character")))
            }
            Self::NeedsCompanion(dependent) => {
                let is_dependent = |item: &&Node<'_>| matches!(item, Node::Text(text) | Node::Word(text) if dependent.contains(&text.as_ref()));
                let alone = items
                    .iter()
                    .find(is_dependent)
                    .filter(|_| items.iter().all(|item| is_dependent(&item)));
                let (Node::Text(text) | Node::Word(text)) = alone? else {
                    return None;
                };
                Some(format!("`{text}` is only valid with another value"))
            }
            _ => None,
        }
    }
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

impl Request {
    /// Returns a request to a path with `{placeholders}`.
    #[must_use]
    pub fn new(template: &'static str) -> Self {
        Self {
            template,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            late_headers: Vec::new(),
            cookies: String::new(),
            body: None,
            fault: None,
            escape: Escape::All,
        }
    }

    fn fail(&mut self, name: &str, reason: impl Into<String>) {
        if self.fault.is_none() {
            self.fault = Some(Error::invalid_request(name, reason));
        }
    }

    /// Returns the value, or records the error with this name.
    fn noted<T>(&mut self, name: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|reason| self.fail(name, reason)).ok()
    }

    /// Returns the value, checked for a request; `None` after an error.
    fn node<'v>(&mut self, name: &str, value: &'v dyn Write) -> Option<Node<'v>> {
        match write::request_tree(value) {
            Ok(node) => Some(node),
            Err(fault) => {
                self.fail_at(name, fault);
                None
            }
        }
    }

    /// Returns an optional value, checked for a request.
    fn present<'v>(&mut self, name: &str, value: &'v dyn Write) -> Option<Node<'v>> {
        let node = self.node(name, value)?;
        (!matches!(node, Node::Null)).then_some(node)
    }

    fn fail_at(&mut self, name: &str, fault: Invalid) {
        let (path, reason) = fault.under(name).into_parts();
        self.fail(&path, reason);
    }

    /// Checks that a required value is set: it may be missing in a deserialized operation.
    #[must_use]
    pub fn require(mut self, name: &'static str, value: &dyn Write) -> Self {
        if value.is_absent() {
            self.fail(name, "missing required value");
        }
        self
    }

    /// Checks a value; an absent one is valid.
    #[must_use]
    pub fn check(mut self, name: &'static str, value: &dyn Write, rules: &[Rule]) -> Self {
        if value.is_absent() {
            return self;
        }
        let node = write::tree(value);
        let broken = rules.iter().find_map(|rule| rule.broken_by(&node));
        if let Some(reason) = broken {
            self.fail(name, reason);
        }
        self
    }

    /// Fills a placeholder of the path; lists are joined by commas.
    #[must_use]
    pub fn path(self, name: &'static str, value: &dyn Write) -> Self {
        self.segment(name, value, |node| encode::joined(node, ",", Escape::All))
    }

    /// Fills a placeholder of the path with joined items; the separator is already encoded if needed.
    #[must_use]
    pub fn path_joined(self, name: &'static str, separator: &str, value: &dyn Write) -> Self {
        self.segment(name, value, |node| {
            encode::joined(node, separator, Escape::All)
        })
    }

    /// Fills a placeholder of the path; the members of an object are `member=value`, joined by commas.
    #[must_use]
    pub fn path_exploded(self, name: &'static str, value: &dyn Write) -> Self {
        self.segment(name, value, |node| encode::exploded(node, ","))
    }

    /// Fills a placeholder of the path with `.value`.
    #[must_use]
    pub fn path_label(self, name: &'static str, explode: bool, value: &dyn Write) -> Self {
        self.segment(name, value, |node| encode::label(node, explode))
    }

    /// Fills a placeholder of the path with `;name=value`.
    #[must_use]
    pub fn path_matrix(self, name: &'static str, explode: bool, value: &dyn Write) -> Self {
        self.segment(name, value, |node| encode::matrix(node, name, explode))
    }

    fn segment(
        mut self,
        name: &'static str,
        value: &dyn Write,
        text: impl FnOnce(Node<'_>) -> Result<String, String>,
    ) -> Self {
        if let Some(node) = self.node(name, value) {
            let text = text(node).and_then(segment);
            if let Some(text) = self.noted(name, text) {
                self.path.push((name, Value::Ready(text)));
            }
        }
        self
    }

    /// Fills a placeholder of the path with JSON.
    #[must_use]
    pub fn path_json(self, name: &'static str, value: &dyn Write) -> Self {
        self.with_json(name, value, |request, text| request.path(name, text))
    }

    /// Fills a placeholder of the path, with the client's value unless there is one here.
    #[must_use]
    pub fn path_from_client(
        mut self,
        name: &'static str,
        client: &'static str,
        value: &dyn Write,
    ) -> Self {
        if !value.is_absent() {
            return self.path(name, value);
        }
        self.path.push((name, Value::Client(client)));
        self
    }

    /// Adds a query parameter: the key once per item of a list, or each member of an object as a key.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &dyn Write) -> Self {
        if let Some(node) = self.node(name, value) {
            let node = encode::open(node);
            let is_object = matches!(node, Node::Object(_));
            self.pairs(if is_object { "" } else { name }, node, Lists::Repeated);
        }
        self
    }

    /// Adds query parameters whose reserved characters are kept.
    #[must_use]
    pub fn reserved(self, parameters: impl FnOnce(Self) -> Self) -> Self {
        self.escaping(Escape::Unreserved, parameters)
    }

    fn escaping(mut self, escape: Escape, parameters: impl FnOnce(Self) -> Self) -> Self {
        self.escape = escape;
        let mut request = parameters(self);
        request.escape = Escape::All;
        request
    }

    /// Adds a query parameter with joined items; the separator is already encoded if needed.
    #[must_use]
    pub fn query_joined(
        mut self,
        name: &'static str,
        separator: &'static str,
        value: &dyn Write,
    ) -> Self {
        let Some(node) = self.present(name, value) else {
            return self;
        };
        if matches!(&node, Node::List(items) if items.is_empty()) {
            return self;
        }
        let text = encode::joined(node, separator, self.escape);
        if let Some(text) = self.noted(name, text) {
            let mut pair = String::new();
            encode::percent(&mut pair, name);
            self.query
                .push((None, Value::Ready(format!("{pair}={text}"))));
        }
        self
    }

    /// A query parameter written as `name[member]=value`, lists as `name[0]=value`.
    #[must_use]
    pub fn query_deep(mut self, name: &'static str, value: &dyn Write) -> Self {
        if let Some(node) = self.node(name, value) {
            self.pairs(name, node, Lists::Indexed);
        }
        self
    }

    /// A query parameter written as JSON.
    #[must_use]
    pub fn query_json(self, name: &'static str, value: &dyn Write) -> Self {
        self.with_json(name, value, |request, text| request.query(name, text))
    }

    /// A query parameter, with the client's value unless there is one here.
    #[must_use]
    pub fn query_from_client(
        mut self,
        name: &'static str,
        client: &'static str,
        value: &dyn Write,
    ) -> Self {
        if !value.is_absent() {
            return self.query(name, value);
        }
        self.query.push((Some(name), Value::Client(client)));
        self
    }

    /// A header; lists are joined by commas.
    #[must_use]
    pub fn header(self, name: &'static str, value: &dyn Write) -> Self {
        self.header_joined(name, ",", value)
    }

    /// A header with joined items.
    #[must_use]
    pub fn header_joined(self, name: &'static str, separator: &str, value: &dyn Write) -> Self {
        self.header_as(name, value, |node| encode::plain(node, separator))
    }

    /// A header; the members of an object are `member=value`, joined by commas.
    #[must_use]
    pub fn header_exploded(self, name: &'static str, value: &dyn Write) -> Self {
        self.header_as(name, value, encode::plain_exploded)
    }

    fn header_as(
        mut self,
        name: &'static str,
        value: &dyn Write,
        text: impl FnOnce(Node<'_>) -> Result<String, String>,
    ) -> Self {
        if let Some(node) = self.present(name, value) {
            let text = text(node);
            if let Some(text) = self.noted(name, text) {
                let entry = header_entry(name, &text);
                if let Some((name, value)) = self.noted(name, entry) {
                    self.headers.insert(name, value);
                }
            }
        }
        self
    }

    /// A header written as JSON.
    #[must_use]
    pub fn header_json(self, name: &'static str, value: &dyn Write) -> Self {
        self.with_json(name, value, |request, text| request.header(name, text))
    }

    /// A header, with the client's value unless there is one here.
    #[must_use]
    pub fn header_from_client(
        mut self,
        name: &'static str,
        client: &'static str,
        value: &dyn Write,
    ) -> Self {
        if !value.is_absent() {
            return self.header(name, value);
        }
        self.late_headers.push((name, client));
        self
    }

    /// A cookie; lists are joined by commas.
    #[must_use]
    pub fn cookie(mut self, name: &'static str, value: &dyn Write) -> Self {
        if let Some(node) = self.present(name, value) {
            let text = encode::joined(node, ",", self.escape);
            if let Some(text) = self.noted(name, text) {
                self.add_cookie(name, &text);
            }
        }
        self
    }

    /// Adds a cookie per item of a list, or per member of an object with the name of the member.
    #[must_use]
    pub fn cookie_exploded(mut self, name: &'static str, value: &dyn Write) -> Self {
        if let Some(node) = self.present(name, value) {
            let node = encode::open(node);
            let is_object = matches!(node, Node::Object(_));
            let mut found = Vec::new();
            let name = if is_object { "" } else { name };
            let result = encode::pairs(node, name, Lists::Repeated, &mut found);
            self.noted(name, result);
            for (name, value) in found {
                let mut text = String::new();
                self.escape.percent(&mut text, &value);
                self.add_cookie(&name, &text);
            }
        }
        self
    }

    /// Adds cookies as they are: the style `cookie`.
    #[must_use]
    pub fn as_it_is(self, cookies: impl FnOnce(Self) -> Self) -> Self {
        self.escaping(Escape::Nothing, cookies)
    }

    /// The value is already encoded.
    fn add_cookie(&mut self, name: &str, value: &str) {
        let is_fit = is_cookie_value(value) && is_cookie_value(name) && !name.contains('=');
        if self.escape == Escape::Nothing && !is_fit {
            return self.fail(name, "has a character that a cookie can't have");
        }
        let separator = if self.cookies.is_empty() { "" } else { "; " };
        self.cookies.push_str(separator);
        self.escape.percent(&mut self.cookies, name);
        self.cookies.push('=');
        self.cookies.push_str(value);
    }

    /// A cookie written as JSON.
    #[must_use]
    pub fn cookie_json(self, name: &'static str, value: &dyn Write) -> Self {
        self.with_json(name, value, |request, text| request.cookie(name, text))
    }

    /// Sets a JSON body; none if the value is absent.
    #[must_use]
    pub fn json<T: Write>(self, media_type: &'static str, body: &T) -> Self {
        self.json_of(media_type, writer(body))
    }

    fn json_of(mut self, media_type: &'static str, body: &dyn Write) -> Self {
        if !body.is_absent() {
            match write::request_text(body) {
                Ok(text) => self.set_body(media_type, Ok(text.into())),
                Err(fault) => self.fail_in_body(fault),
            }
        }
        self
    }

    /// Sets a form as body; none if the value is absent.
    #[must_use]
    pub fn form<T: Write>(self, media_type: &'static str, body: &T) -> Self {
        self.form_of(media_type, body, PartStyle::Plain, &[])
    }

    /// Sets a form as body with described members; the others are encoded as `rest`.
    #[must_use]
    pub fn form_of<T: Write>(
        mut self,
        media_type: &'static str,
        body: &T,
        rest: PartStyle,
        described: &[Part],
    ) -> Self {
        if let Some(node) = self.in_body(writer(body)) {
            let text = encode::form(node, rest, described);
            self.set_body(media_type, text.map(Bytes::from));
        }
        self
    }

    /// Sets a body of `multipart/form-data`; none if the value is absent.
    #[cfg(feature = "multipart")]
    #[must_use]
    pub fn multipart<T: Write>(self, body: &T) -> Self {
        self.multipart_of(super::multipart::FORM_DATA, body, PartStyle::Plain, &[])
    }

    /// Sets a multipart body with described members; the others are encoded as `rest`.
    #[cfg(feature = "multipart")]
    #[must_use]
    pub fn multipart_of<T: Write>(
        mut self,
        media_type: &'static str,
        body: &T,
        rest: PartStyle,
        described: &[super::FormPart],
    ) -> Self {
        if let Some(node) = self.in_body(writer(body)) {
            match super::multipart::encode(media_type, node, rest, described) {
                Ok((media_type, parts)) => {
                    self.headers.insert(CONTENT_TYPE, media_type);
                    self.body = Some(Content::Parts(parts));
                }
                Err((name, reason)) => self.fail(&name, reason),
            }
        }
        self
    }

    /// Sets text as body; none if the value is absent.
    #[must_use]
    pub fn text(mut self, media_type: &'static str, body: &dyn Write) -> Self {
        if let Some(node) = self.in_body(body) {
            let text = encode::scalar(node);
            self.set_body(media_type, text.map(|text| Bytes::from(text.into_owned())));
        }
        self
    }

    /// Sets bytes as body; none if the value is absent.
    #[must_use]
    pub fn bytes(mut self, media_type: &'static str, body: Option<&Bytes>) -> Self {
        if let Some(body) = body {
            self.set_body(media_type, Ok(body.clone()));
        }
        self
    }

    /// The request.
    ///
    /// # Errors
    /// The first invalid value, by name.
    pub fn finish(self) -> Result<Self, Error> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self),
        }
    }

    /// Fills in the client's values.
    ///
    /// # Errors
    /// A value that the client fills in is not set.
    pub fn resolve(
        mut self,
        client_value: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Resolved, Error> {
        let look_up = |name: &str, client: &str| {
            client_value(client).ok_or_else(|| {
                Error::invalid_request(
                    name,
                    format!("is neither set on the call nor configured on the client (`{client}`)"),
                )
            })
        };
        let mut text = fill(self.template, |placeholder| {
            match self.path.iter().find(|(name, _)| *name == placeholder) {
                Some((_, Value::Ready(text))) => Ok(text.clone()),
                Some((name, Value::Client(client))) => {
                    let mut encoded = String::new();
                    encode::percent(&mut encoded, &look_up(name, client)?);
                    segment(encoded).map_err(|reason| Error::invalid_request(name, reason))
                }
                None => Err(Error::invalid_request(placeholder, "has no value")),
            }
        })?;
        let mut separator = if text.contains('?') { '&' } else { '?' };
        for (name, value) in &self.query {
            text.push(separator);
            separator = '&';
            match (name, value) {
                (_, Value::Ready(pair)) => text.push_str(pair),
                (name, Value::Client(client)) => {
                    let name = name.unwrap_or_default();
                    encode::percent(&mut text, name);
                    text.push('=');
                    encode::percent(&mut text, &look_up(name, client)?);
                }
            }
        }
        for (name, client) in &self.late_headers {
            let entry = header_entry(name, &look_up(name, client)?);
            let (name, value) = entry.map_err(|reason| Error::invalid_request(name, reason))?;
            self.headers.insert(name, value);
        }
        if !self.cookies.is_empty() {
            let cookies = HeaderValue::from_str(&self.cookies);
            self.headers.insert(
                COOKIE,
                cookies
                    .map_err(|_| Error::invalid_request("cookie", "is not allowed in a header"))?,
            );
        }
        Ok(Resolved {
            path_and_query: text,
            headers: self.headers,
            body: self.body,
        })
    }

    fn pairs(&mut self, name: &'static str, node: Node<'_>, lists: Lists) {
        let mut found = Vec::new();
        let result = encode::pairs(node, name, lists, &mut found);
        self.noted(name, result);
        for (name, value) in found {
            let mut pair = String::new();
            encode::percent(&mut pair, &name);
            pair.push('=');
            self.escape.percent(&mut pair, &value);
            self.query.push((None, Value::Ready(pair)));
        }
    }

    fn with_json(
        mut self,
        name: &str,
        value: &dyn Write,
        then: impl FnOnce(Self, &String) -> Self,
    ) -> Self {
        if value.is_absent() {
            return self;
        }
        match write::request_text(value) {
            Ok(json) => then(self, &String::from_utf8_lossy(&json).into_owned()),
            Err(fault) => {
                self.fail_at(name, fault);
                self
            }
        }
    }

    /// Returns the body as a tree; `None` if it is absent.
    fn in_body<'v>(&mut self, body: &'v dyn Write) -> Option<Node<'v>> {
        if body.is_absent() {
            return None;
        }
        let node = write::request_tree(body);
        node.map_err(|fault| self.fail_in_body(fault)).ok()
    }

    /// An error in the body has its path there, which matches the names of the setters.
    fn fail_in_body(&mut self, fault: Invalid) {
        let (path, reason) = fault.into_parts();
        self.fail(if path.is_empty() { "body" } else { &path }, reason);
    }

    fn set_body(&mut self, media_type: &'static str, body: Result<Bytes, String>) {
        let body = self.noted("body", body);
        self.body = body.map(Content::Bytes);
        let media_type = HeaderValue::from_str(media_type)
            .map_err(|_| "its media type is not allowed in a header".to_owned());
        if let Some(media_type) = self.noted("body", media_type) {
            self.headers.insert(CONTENT_TYPE, media_type);
        }
    }
}

/// Returns an encoded segment of a path: an empty one or dots would change the path.
fn segment(text: String) -> Result<String, String> {
    match text.as_str() {
        "" => Err("is empty, which would change the path".to_owned()),
        "." | ".." => Err(format!("is `{text}`, which would change the path")),
        _ => Ok(text),
    }
}

fn header_entry(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "is not a valid header name".to_owned())?;
    let value = HeaderValue::from_str(value)
        .map_err(|_| "contains a character that is not allowed in a header".to_owned())?;
    Ok((name, value))
}

/// Replaces each `{placeholder}`.
fn fill(template: &str, value: impl Fn(&str) -> Result<String, Error>) -> Result<String, Error> {
    let mut text = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((placeholder, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str(&value(placeholder)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// Shows only the template, because values may be personal.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("path", &self.template)
            .finish_non_exhaustive()
    }
}

/// Shows only sizes, because path, query and body may be personal.
impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved")
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// The characters of RFC 6265, and the comma that joins the items of a list.
fn is_cookie_value(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b';' | b'\\'))
}

#[cfg(test)]
mod tests;
