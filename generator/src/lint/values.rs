//! Values of a text that a document lists in words or in a pattern, instead of in `enum`.

use std::collections::BTreeSet;

/// Words after which a description lists all values, in lower case.
const MARKS: [&str; 12] = [
    "one of",
    "possible values",
    "allowed values",
    "valid values",
    "accepted values",
    "supported values",
    "available values",
    "possible options",
    "valid options",
    "allowed options",
    "available options",
    "must be either",
];

/// Words that may stand between the mark and the list.
const FILLERS: [&str; 9] = [
    "the",
    "following",
    "these",
    "values",
    "value",
    "are",
    "is",
    "include",
    "either",
];

/// Most values of a list.
const MOST: usize = 100;

/// Returns the values that a description lists as the only ones, if there are two or more.
pub(super) fn in_words(text: &str) -> Option<Vec<String>> {
    let lower = text.to_ascii_lowercase();
    // A list in a text: `a,b`.
    if lower.contains("separated") {
        return None;
    }
    MARKS.iter().find_map(|mark| {
        let at = lower.find(mark)?;
        let before = lower.get(..at)?;
        let after = text.get(at + mark.len()..)?;
        listed(after).filter(|_| is_of_this(before))
    })
}

/// Returns whether the words before a mark leave no doubt that the list is of this value, and is whole: not in "`purpose`
/// must be one of", "at least one of", "if it was paid, one of".
fn is_of_this(before: &str) -> bool {
    let sentence = before.rsplit(['.', '\n']).next().unwrap_or_default();
    let last = sentence.split_whitespace().next_back().unwrap_or_default();
    let first = sentence.split_whitespace().next().unwrap_or_default();
    let is_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    is_word
        && !sentence.contains(['`', '*'])
        && !["exactly", "least", "most", "only", "any"].contains(&last)
        && !["for", "if", "when", "unless", "in", "with"].contains(&first)
}

fn listed(after: &str) -> Option<Vec<String>> {
    let mut rest = after.trim_start();
    while let Some(word) = FILLERS.iter().find(|word| {
        let start = rest.get(..word.len()).unwrap_or_default();
        let next = rest.get(word.len()..).unwrap_or_default();
        start.eq_ignore_ascii_case(word) && !next.starts_with(|c: char| c.is_alphanumeric())
    }) {
        rest = rest.get(word.len()..)?.trim_start();
    }
    let has_colon = rest.starts_with(':');
    let rest = rest.trim_start_matches([':', '[', '(']).trim_start();
    quoted(rest).or_else(|| bare(rest).filter(|_| has_colon))
}

/// Values in quotes or backquotes: `` `a`, `b` or `c` ``, also one to a line with an explanation each.
fn quoted(text: &str) -> Option<Vec<String>> {
    let is_list = text.starts_with(['-', '*']);
    let mut values = Vec::new();
    let (mut rest, mut end) = (text, text);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ",|/-*".contains(c));
        for word in ["or ", "and "] {
            rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
        }
        let Some(quote @ ('`' | '"' | '\'')) = rest.chars().next() else {
            break;
        };
        let (value, after) = rest.get(1..)?.split_once(quote)?;
        values.push(value.to_owned());
        (rest, end) = (after, after);
        if is_list {
            // The explanation.
            rest = rest.split_once('\n').map_or("", |(_, next)| next);
        }
    }
    // Not in "one of `a` and `b` must be set".
    let next = end.trim_start_matches(' ').chars().next();
    let is_end = next.is_none_or(|c| ".;)]\n(".contains(c));
    distinct(values).filter(|_| is_end || is_list)
}

/// Values without quotes, up to the end of the sentence: `a, b, c`.
fn bare(text: &str) -> Option<Vec<String>> {
    let line = text.lines().next()?.trim();
    let sentence = line.split(". ").next()?;
    let sentence = sentence.trim_end_matches(['.', ']', ')']);
    let separated = sentence.replace(" or ", ",").replace(" and ", ",");
    let values = separated.split([',', '|']).map(str::trim);
    let values: Vec<String> = (values.filter(|value| !value.is_empty()))
        .map(str::to_owned)
        .collect();
    distinct(values)
}

/// Returns the values, if they are several words without a space.
fn distinct(values: Vec<String>) -> Option<Vec<String>> {
    let is_value = |value: &String| {
        let rest = value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
        rest && !value.is_empty() && value.len() <= 60
    };
    let known: BTreeSet<&String> = values.iter().collect();
    let is_list = known.len() == values.len() && (2..=MOST).contains(&values.len());
    (is_list && values.iter().all(is_value)).then_some(values)
}

/// Returns the values of a pattern that only lists them: `^(a|b|c)$`.
pub(super) fn in_pattern(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let inner = inner.strip_prefix('(')?.strip_suffix(')')?;
    let inner = inner.strip_prefix("?:").unwrap_or(inner);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-|".contains(c);
    if !inner.chars().all(plain) {
        return None;
    }
    distinct(inner.split('|').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_words() {
        for text in [
            "The state. One of `open`, `paid` or `void`.",
            "One of the following values: `open`, `paid`, `void`",
            "Possible values are 'open', 'paid' and 'void'. More to come.",
            "Allowed values: open, paid, void.",
            "allowed values: open | paid | void",
            "One of:\n- `open`: not paid yet\n- `paid`: done\n- `void`: taken back\n",
            "Must be either \"open\", \"paid\" or \"void\"",
        ] {
            let found = in_words(text);
            assert_eq!(
                found.unwrap_or_default(),
                ["open", "paid", "void"],
                "{text}"
            );
        }
        for text in [
            "One of the ways to pay.",
            "One of `open`.",
            "At least one of name and mail is required.",
            "Phone of the payer; someone of `a`, `b`.",
            "Possible values: any text, or nothing at all.",
            "Such as `open` or `paid`.",
            "One of open and paid.",
            "One of `open`, `open`",
            "Exactly one of `name` or `selector`.",
            "One of `name` or `selector` must be set.",
            "The file. Its `purpose` must be one of `icon`, `logo`.",
            "If it was paid by card, one of `debit`, `credit`.",
            "One of: `user`, `user:group`.",
            "A comma-separated list. Allowed values: `a`, `b`.",
        ] {
            assert_eq!(in_words(text), None, "{text}");
        }
    }

    #[test]
    fn lists_in_patterns() {
        let found = in_pattern("^(NO|SE|DK)$").unwrap_or_default();
        assert_eq!(found, ["NO", "SE", "DK"]);
        for pattern in ["^(a|b", "^[ab]$", "^(a|b.)$", "^(a)$", "(a|b)"] {
            assert_eq!(in_pattern(pattern), None, "{pattern}");
        }
    }
}
