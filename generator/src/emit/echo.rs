//! Detects sentences that only repeat the name of their item.

/// Words without information of their own.
const FILLER: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "by",
    "field",
    "for",
    "from",
    "has",
    "if",
    "in",
    "is",
    "it",
    "its",
    "member",
    "of",
    "on",
    "or",
    "parameter",
    "property",
    "sets",
    "that",
    "the",
    "their",
    "these",
    "this",
    "to",
    "value",
    "was",
    "were",
    "when",
    "whether",
    "which",
    "with",
];

/// Returns whether all words of a paragraph are fillers or words of the names.
#[must_use]
pub fn is_echo(paragraph: &str, names: &[&str]) -> bool {
    let known: Vec<String> = names.iter().flat_map(|name| words(name)).collect();
    let said = words(paragraph);
    let mut said = said.iter();
    said.all(|word| FILLER.contains(&word.as_str()) || known.contains(word))
}

/// Returns the words of a sentence or a name, in lower case and in the singular.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut before) = (String::new(), ' ');
    for c in text.chars().chain([' ']) {
        let begins = c.is_uppercase() && before.is_lowercase();
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(singular(&word));
            word.clear();
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

fn singular(word: &str) -> String {
    let is_plural = word.len() > 3 && !word.ends_with("ss") && !FILLER.contains(&word);
    match word.strip_suffix('s') {
        Some(one) if is_plural => one.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_of_the_names_words_is_an_echo() {
        for (text, names) in [
            ("`created_at`", ["created_at", "Session"]),
            ("The id of the session.", ["id", "SessionRead"]),
            ("When it was created.", ["created_at", ""]),
            ("Sets the values of [`Address`].", ["AddressBuilder", ""]),
            ("", ["id", ""]),
        ] {
            assert!(is_echo(text, &names), "{text}");
        }
        for (text, names) in [
            ("Time of the creation, in UTC.", ["created_at", "Session"]),
            ("Not the id.", ["id", ""]),
            ("`type`", ["kind", "Card"]),
            ("Format: `int32`.", ["amount", ""]),
        ] {
            assert!(!is_echo(text, &names), "{text}");
        }
    }
}
