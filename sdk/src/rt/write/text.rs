//! JSON text.

use crate::Number;
use crate::rt::Node;

/// A value without parts, or JSON, as text.
pub(super) fn write_leaf(text: &mut Vec<u8>, node: &Node<'_>) {
    let written = match node {
        Node::Bool(value) => return write_bool(text, *value),
        Node::Number(number) => return write_number(text, number),
        Node::Digits(digits) => {
            text.extend_from_slice(digits.as_bytes());
            return;
        }
        Node::Text(value) | Node::Word(value) => {
            return write_text(text, value);
        }
        Node::Json(json) => serde_json::to_writer(&mut *text, json),
        #[cfg(feature = "multipart")]
        Node::File(file) => match serde_json::to_vec(file) {
            Ok(json) => {
                text.extend_from_slice(&json);
                return;
            }
            Err(error) => Err(error),
        },
        Node::Null | Node::List(_) | Node::Object(_) => {
            text.extend_from_slice(b"null");
            return;
        }
    };
    // Every value here can be encoded.
    if written.is_err() {
        text.extend_from_slice(b"null");
    }
}

pub(super) fn write_bool(text: &mut Vec<u8>, value: bool) {
    text.extend_from_slice(if value { b"true" } else { b"false" });
}

pub(super) fn write_whole(text: &mut Vec<u8>, number: i64) {
    // Writing to a Vec can't fail.
    let _ = serde_json::to_writer(text, &number);
}

pub(super) fn write_number(text: &mut Vec<u8>, number: &Number) {
    if let Some(whole) = number.as_i64() {
        write_whole(text, whole);
    } else if serde_json::to_writer(&mut *text, number).is_err() {
        // Numbers that JSON can't represent were rejected before.
        text.extend_from_slice(b"null");
    }
}

/// Returns whether no byte needs escaping, as in most texts. Checks eight bytes at a time.
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // Returns whether a byte is below a limit of up to 128.
    let has_less =
        |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & (ONES * 128);
    let specials = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        let is = |byte: u8| has_less(word ^ (ONES * u64::from(byte)), 1);
        has_less(word, b' ') | is(b'"') | is(b'\\')
    };
    match text.last_chunk::<8>() {
        // The last word may overlap the one before.
        Some(last) => {
            let (words, _) = text.as_chunks::<8>();
            words
                .iter()
                .fold(specials(last), |found, word| found | specials(word))
                == 0
        }
        None => {
            let mut word = [b'0'; 8];
            word.iter_mut().zip(text).for_each(|(to, byte)| *to = *byte);
            specials(&word) == 0
        }
    }
}

pub(super) fn write_text(into: &mut Vec<u8>, text: &str) {
    if is_plain(text.as_bytes()) {
        into.reserve(text.len() + 2);
        into.push(b'"');
        into.extend_from_slice(text.as_bytes());
        into.push(b'"');
    } else if serde_json::to_writer(&mut *into, text).is_err() {
        into.extend_from_slice(b"\"\"");
    }
}

/// Returns whether no name needs escaping in JSON. Evaluated at compile time.
#[must_use]
pub const fn are_plain(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, others @ ..] = rest {
        let mut bytes = name.as_bytes();
        while let [byte, others @ ..] = bytes {
            if *byte < b' ' || matches!(*byte, b'"' | b'\\') {
                return false;
            }
            bytes = others;
        }
        rest = others;
    }
    true
}

/// Writes a name with its delimiters.
pub(super) fn write_name(into: &mut Vec<u8>, is_first: bool, name: &str, is_plain: bool) {
    into.reserve(name.len() + 4);
    match (is_first, is_plain) {
        (false, true) => into.extend_from_slice(b",\""),
        (true, true) => into.push(b'"'),
        (false, false) => into.push(b','),
        (true, false) => {}
    }
    if is_plain {
        into.extend_from_slice(name.as_bytes());
        into.extend_from_slice(b"\":");
    } else {
        write_text(into, name);
        into.push(b':');
    }
}
