//! Values as text: percent-encoding, joined lists, forms.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Json, Node};

/// Everything but letters, digits and `-._~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Appends text percent-encoded, as RFC 6570 expands `{value}`.
pub(super) fn percent(into: &mut String, text: &str) {
    into.extend(utf8_percent_encode(text, RESERVED));
}

/// One level of undescribed JSON as a tree.
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

/// A single value as text, not yet encoded.
pub(super) fn scalar(node: Node<'_>) -> Result<Cow<'_, str>, String> {
    match open(node) {
        Node::Text(text) | Node::Word(text) => Ok(text),
        Node::Bool(value) => Ok(if value { "true" } else { "false" }.into()),
        Node::Number(number) if number.is_finite() => Ok(number.to_string().into()),
        Node::Number(number) => Err(format!("{number} can't be written")),
        node => Err(format!("{} can't stand here", node.describe())),
    }
}

/// The parts of a list, or names and values of an object in turn, as text.
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

/// A value, or a list joined by a separator, with the parts (not the separator) percent-encoded.
pub(super) fn joined(node: Node<'_>, separator: &str) -> Result<String, String> {
    let mut text = String::new();
    for (index, part) in parts(node)?.into_iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        percent(&mut text, &part);
    }
    Ok(text)
}

/// A value, or a list joined by commas, as it stands in a header.
pub(super) fn plain(node: Node<'_>) -> Result<String, String> {
    Ok(parts(node)?.join(","))
}

/// An object as pairs of a query or form: lists repeat their key, objects inside are `key[member]`.
pub(super) fn pairs<'a>(
    node: Node<'a>,
    name: &str,
    into: &mut Vec<(String, Cow<'a, str>)>,
) -> Result<(), String> {
    match open(node) {
        Node::Null => {}
        Node::List(items) => {
            for item in items {
                pairs(item, name, into)?;
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
                    into,
                )?;
            }
        }
        node => into.push((name.to_owned(), scalar(node)?)),
    }
    Ok(())
}

/// `application/x-www-form-urlencoded`: spaces are `+` there.
pub(super) fn form(node: Node<'_>) -> Result<String, String> {
    let mut found = Vec::new();
    pairs(node, "", &mut found)?;
    let mut text = String::new();
    for (name, value) in found {
        if !text.is_empty() {
            text.push('&');
        }
        percent(&mut text, &name);
        text.push('=');
        percent(&mut text, &value);
    }
    Ok(text.replace("%20", "+"))
}
