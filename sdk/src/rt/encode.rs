//! Encodes values as text: percent-encoding, joined lists, forms.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Json, Node};

/// Everything except letters, digits and `-._~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reserved characters that are allowed in a query and do not end a value: `allowReserved` keeps them. `&` and `+` have
/// a meaning in a query, `#`, `[` and `]` are not allowed in one.
const NOT_ALLOWED: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// The characters of a value that are percent-encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Escape {
    /// Everything except unreserved characters: `{value}` of RFC 6570.
    #[default]
    All,
    /// Keeps reserved characters that a query allows, and percent-encoded ones: `{+value}`.
    Unreserved,
    /// No character.
    Nothing,
}

impl Escape {
    /// Appends text percent-encoded.
    pub(super) fn percent(self, into: &mut String, text: &str) {
        match self {
            Self::All => return percent(into, text),
            Self::Nothing => return into.push_str(text),
            Self::Unreserved => {}
        }
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            let (before, from) = rest.split_at(at);
            into.extend(utf8_percent_encode(before, NOT_ALLOWED));
            let is_encoded = (from.as_bytes().get(1..3))
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            into.push_str(if is_encoded { "%" } else { "%25" });
            rest = &from[1..];
        }
        into.extend(utf8_percent_encode(rest, NOT_ALLOWED));
    }
}

/// Appends text percent-encoded, as RFC 6570 expands `{value}`.
pub(super) fn percent(into: &mut String, text: &str) {
    into.extend(utf8_percent_encode(text, RESERVED));
}

/// Returns one level of free-form JSON as a tree.
pub(super) fn open(node: Node<'_>) -> Node<'_> {
    let Node::Json(json) = node else { return node };
    match json {
        Json::Null => Node::Null,
        Json::Bool(value) => Node::Bool(*value),
        Json::Number(number) => Node::Word(number.to_string().into()),
        Json::String(text) => Node::Text(text.into()),
        Json::Array(items) => Node::List(items.iter().map(Node::Json).collect()),
        Json::Object(object) => super::write::tree(object),
    }
}

/// Returns a single value as text, not yet encoded.
pub(super) fn scalar(node: Node<'_>) -> Result<Cow<'_, str>, String> {
    match open(node) {
        Node::Text(text) | Node::Word(text) | Node::Digits(text) => Ok(text),
        Node::Bool(value) => Ok(if value { "true" } else { "false" }.into()),
        Node::Number(number) if number.is_finite() => Ok(number.to_string().into()),
        Node::Number(number) => Err(format!("{number} can't be encoded")),
        node => Err(format!("{} is not supported here", node.describe())),
    }
}

/// Returns the parts of a list, or alternating names and values of an object, as text.
fn parts(node: Node<'_>) -> Result<Vec<Cow<'_, str>>, String> {
    match open(node) {
        Node::List(items) => items.into_iter().map(scalar).collect(),
        Node::Object(object) => {
            let mut parts = Vec::with_capacity(object.members.len() * 2);
            for (name, value) in object.members {
                parts.push(name);
                parts.push(scalar(value)?);
            }
            Ok(parts)
        }
        node => scalar(node).map(|text| vec![text]),
    }
}

/// Returns the parts of a list or of an object as text, not encoded.
#[cfg(feature = "multipart")]
pub(super) fn raw_parts(node: Node<'_>) -> Result<Vec<Cow<'_, str>>, String> {
    parts(node)
}

/// Encodes a value, or a list joined by a separator, with the parts (not the separator) percent-encoded.
pub(super) fn joined(node: Node<'_>, separator: &str, escape: Escape) -> Result<String, String> {
    let mut text = String::new();
    for (index, part) in parts(node)?.into_iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        escape.percent(&mut text, &part);
    }
    Ok(text)
}

/// Encodes the members of an object as `name=value`: `explode` of the styles without a name.
pub(super) fn exploded(node: Node<'_>, separator: &str) -> Result<String, String> {
    let Node::Object(object) = open(node.clone()) else {
        return joined(node, separator, Escape::All);
    };
    let mut text = String::new();
    for (index, (name, value)) in object.members.into_iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        percent(&mut text, &name);
        text.push('=');
        percent(&mut text, &scalar(value)?);
    }
    Ok(text)
}

/// `{.value}` of RFC 6570, exploded: `{.value*}`.
pub(super) fn label(node: Node<'_>, explode: bool) -> Result<String, String> {
    let text = match explode {
        true => exploded(node, "."),
        false => joined(node, ",", Escape::All),
    };
    Ok(format!(".{}", text?))
}

/// `{;name}` of RFC 6570, exploded: `{;name*}`.
pub(super) fn matrix(node: Node<'_>, name: &str, explode: bool) -> Result<String, String> {
    let mut text = String::new();
    let mut part = |name: &str, value: &str| {
        text.push(';');
        percent(&mut text, name);
        // Without `=` if the value is empty.
        if !value.is_empty() {
            text.push('=');
            text.push_str(value);
        }
    };
    let encoded = |value| joined(value, ",", Escape::All);
    match open(node) {
        Node::List(items) if explode => {
            for item in items {
                part(name, &encoded(item)?);
            }
        }
        Node::Object(object) if explode => {
            for (member, value) in object.members {
                part(&member, &encoded(value)?);
            }
        }
        node => part(name, &encoded(node)?),
    }
    Ok(text)
}

/// Encodes a value, or a list joined by a separator, for a header.
pub(super) fn plain(node: Node<'_>, separator: &str) -> Result<String, String> {
    Ok(parts(node)?.join(separator))
}

/// Encodes the members of an object as `name=value` for a header.
pub(super) fn plain_exploded(node: Node<'_>) -> Result<String, String> {
    let Node::Object(object) = open(node.clone()) else {
        return plain(node, ",");
    };
    let members = object.members.into_iter();
    let members = members.map(|(name, value)| Ok(format!("{name}={}", scalar(value)?)));
    Ok(members.collect::<Result<Vec<_>, String>>()?.join(","))
}

/// The encoding of lists as pairs. Lists of objects always have indices, because without them the item of a member is
/// ambiguous.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// The key once per item.
    Repeated,
    /// `key[0]`, `key[1]`.
    Indexed,
}

/// Encodes an object as pairs of a query or form: nested objects are `key[member]`.
pub(super) fn pairs<'a>(
    node: Node<'a>,
    name: &str,
    lists: Lists,
    into: &mut Vec<(String, Cow<'a, str>)>,
) -> Result<(), String> {
    match open(node) {
        Node::Null => {}
        Node::List(items) => {
            for (index, item) in items.into_iter().enumerate() {
                let item = open(item);
                let is_indexed =
                    lists == Lists::Indexed || matches!(item, Node::Object(_) | Node::List(_));
                if is_indexed {
                    pairs(item, &format!("{name}[{index}]"), lists, into)?;
                } else {
                    pairs(item, name, lists, into)?;
                }
            }
        }
        Node::Object(object) => {
            for (member, value) in object.members {
                pairs(
                    value,
                    &if name.is_empty() {
                        member.into_owned()
                    } else {
                        format!("{name}[{member}]")
                    },
                    lists,
                    into,
                )?;
            }
        }
        node => into.push((name.to_owned(), scalar(node)?)),
    }
    Ok(())
}

/// The encoding of a member of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartStyle {
    /// The default of OpenAPI: text unchanged, the key once per item of a list, objects as JSON.
    Plain,
    /// The key once per item; each member of an object is a key (`form`, exploded).
    Repeat,
    /// Items joined by this text, which is already percent-encoded if needed.
    Joined(&'static str),
    /// `key[member]` and `key[0]` (`deepObject`).
    Deep,
    /// As JSON.
    Json,
}

/// A member of a form whose encoding is described.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The name in the form.
    pub name: &'static str,
    /// The encoding.
    pub style: PartStyle,
    /// Whether reserved characters are kept.
    pub reserved: bool,
}

/// Encodes `application/x-www-form-urlencoded`, where spaces are `+`. Members that are not in `described` are encoded
/// as `rest`.
pub(super) fn form(node: Node<'_>, rest: PartStyle, described: &[Part]) -> Result<String, String> {
    let Node::Object(object) = open(node) else {
        return Err("must be an object for a form".to_owned());
    };
    let mut text = String::new();
    for (name, value) in object.members {
        let part = described.iter().find(|part| part.name == name);
        let style = part.map_or(rest, |part| part.style);
        let escape = match part {
            Some(part) if part.reserved => Escape::Unreserved,
            _ => Escape::All,
        };
        let mut found = Vec::new();
        match style {
            PartStyle::Plain => match open(value) {
                Node::List(items) => {
                    for item in items {
                        found.extend(plain_part(&name, item)?);
                    }
                }
                value => found.extend(plain_part(&name, value)?),
            },
            PartStyle::Repeat => {
                let value = open(value);
                let name = match value {
                    Node::Object(_) => "",
                    _ => name.as_ref(),
                };
                pairs(value, name, Lists::Repeated, &mut found)?;
            }
            PartStyle::Deep => pairs(value, &name, Lists::Indexed, &mut found)?,
            PartStyle::Json => found.push((name.into_owned(), json(value)?.into())),
            PartStyle::Joined(separator) => {
                let value = open(value);
                let is_empty = match &value {
                    Node::Null => true,
                    Node::List(items) => items.is_empty(),
                    _ => false,
                };
                if !is_empty {
                    key(&mut text, &name);
                    text.push_str(&joined(value, separator, escape)?);
                }
            }
        }
        for (name, value) in found {
            key(&mut text, &name);
            escape.percent(&mut text, &value);
        }
    }
    Ok(text.replace("%20", "+"))
}

/// Starts the next pair of a form.
fn key(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    percent(text, name);
    text.push('=');
}

fn plain_part<'a>(name: &str, value: Node<'a>) -> Result<Option<(String, Cow<'a, str>)>, String> {
    let value = match open(value) {
        Node::Null => return Ok(None),
        value @ (Node::List(_) | Node::Object(_)) => json(value)?.into(),
        value => scalar(value)?,
    };
    Ok(Some((name.to_owned(), value)))
}

pub(super) fn json(node: Node<'_>) -> Result<String, String> {
    serde_json::to_string(&node).map_err(|error| error.to_string())
}
