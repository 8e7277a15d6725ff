//! Errors of the JSON library, without the values they quote.

use std::error::Error as StdError;
use std::fmt;

/// What the JSON library says is wrong, its quotations of the document taken out: they may be personal data.
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
    // From the back: the quotation may hold anything, these words too.
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

#[cfg(test)]
mod tests {
    use super::*;

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
