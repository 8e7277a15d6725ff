//! Errors of the JSON library, without the values they quote.

use std::error::Error as StdError;
use std::fmt;

/// Returns the message of the JSON library without the values that it quotes, because they may be personal data.
#[derive(Debug)]
pub(crate) struct Masked(String);

impl Masked {
    pub(crate) fn of(error: &serde_json::Error) -> Self {
        Self(without_quotations(&error.to_string()))
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Masked {}

/// `invalid type: string "Kari", expected i64 at line 1 column 9` becomes `invalid type: string …, expected i64 at …`.
fn without_quotations(text: &str) -> String {
    let quoting = ["invalid type: ", "invalid value: ", "unknown variant "];
    let Some(start) = quoting.iter().find_map(|start| text.strip_prefix(start)) else {
        return text.to_owned();
    };
    // Searched from the end, because the quoted value may contain anything, these words too.
    let Some(at) = start.rfind(", expected ") else {
        return text.to_owned();
    };
    let (quoted, rest) = start.split_at(at);
    let head = &text[..text.len() - start.len()];
    match quoted.find(['"', '`']) {
        Some(at) => format!("{head}{}…{rest}", &quoted[..at]),
        None => text.to_owned(),
    }
}

/// A shorter secret, which only a fake of Dintero has, may be part of any word.
const SHORT: usize = 8;

/// Replaces a secret in a text; a short one only where it is a word of its own.
pub(super) fn hide(text: &mut String, secret: &str) {
    if secret.is_empty() || !text.contains(secret) {
        return;
    }
    if secret.chars().count() >= SHORT {
        *text = text.replace(secret, "…");
        return;
    }
    let is_inner = |c: char| c.is_alphanumeric() || "'’_".contains(c);
    let mut masked = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, found) in text.match_indices(secret) {
        let end = at + found.len();
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        if !before.is_some_and(is_inner) && !after.is_some_and(is_inner) {
            masked.push_str(&text[rest..at]);
            masked.push('…');
            rest = end;
        }
    }
    masked.push_str(&text[rest..]);
    *text = masked;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        for (text, secret, expected) in [
            ("the key hunter2hunter2.", "hunter2hunter2", "the key …."),
            ("xhunter2hunter2x", "hunter2hunter2", "x…x"),
            ("more than is authorized", "t", "more than is authorized"),
            ("can't use token t, or T", "t", "can't use token …, or T"),
            ("t", "t", "…"),
            ("Bearer abc=abcd abc", "abc", "Bearer …=abcd …"),
            ("æt t æ", "t", "æt … æ"),
            ("nothing", "", "nothing"),
        ] {
            let mut text = text.to_owned();
            hide(&mut text, secret);
            assert_eq!(text, expected);
        }
    }

    fn masked<'de, T: serde::Deserialize<'de>>(json: &'de str) -> String {
        let error = serde_json::from_str::<T>(json).err().unwrap();
        Masked::of(&error).to_string()
    }

    #[test]
    fn values_are_left_out() {
        assert_eq!(
            masked::<i64>(r#""Kari, expected `b\" Nordmann""#),
            "invalid type: string …, expected i64 at line 1 column 30"
        );
        assert_eq!(
            masked::<Vec<String>>("[4925000000000004]"),
            "invalid type: integer …, expected a string at line 1 column 17"
        );
        assert_eq!(
            masked::<u8>("4925"),
            "invalid value: integer …, expected u8 at line 1 column 4"
        );
    }

    #[test]
    fn the_rest_stays() {
        assert_eq!(masked::<i64>("<html>"), "expected value at line 1 column 1");
        assert_eq!(
            masked::<i64>("null"),
            "invalid type: null, expected i64 at line 1 column 4"
        );
    }
}
