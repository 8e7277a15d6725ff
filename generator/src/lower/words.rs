//! Names of the document as Rust names.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that generated code names without a path, and derives' names; a schema of such a name gets another.
const TAKEN_TYPES: &[&str] = &[
    "Self",
    "String",
    "Option",
    "Some",
    "None",
    "Vec",
    "Box",
    "Result",
    "Ok",
    "Err",
    "Clone",
    "Debug",
    "Default",
    "From",
    "Into",
    "Iterator",
    "IntoIterator",
    "Send",
    "Sync",
    "PartialEq",
    "Drop",
    "Fn",
    "Copy",
    "Sized",
    "Eq",
    "Hash",
    "Ord",
    "AsRef",
    "ToString",
    "ToOwned",
];

/// `created_at_gte` for `created_at.gte`.
pub(crate) fn snake(text: &str) -> String {
    finish(spell(text).to_snake_case(), "value_", '_')
}

/// `AcmeCreditcard` for `acme.creditcard`.
pub(crate) fn pascal(text: &str) -> String {
    finish(spell(text).to_upper_camel_case(), "Value", '_')
}

/// `CHECKOUT_V1` for `checkout v1`.
pub(crate) fn shouty(text: &str) -> String {
    finish(spell(text).to_shouty_snake_case(), "VALUE_", '_')
}

/// A type name that shadows nothing.
pub(crate) fn type_name(text: &str) -> String {
    let name = pascal(text);
    if TAKEN_TYPES.contains(&name.as_str()) {
        return format!("{name}Value");
    }
    name
}

/// The variant for a value of an enum.
pub(crate) fn variant(value: &str) -> String {
    if value.is_empty() {
        return "Empty".to_owned();
    }
    match pascal(value) {
        name if name == "Self" || name == "Unrecognized" => format!("{name}Value"),
        name => name,
    }
}

fn finish(name: String, prefix: &str, suffix: char) -> String {
    let starts_well = name.starts_with(|c: char| c.is_alphabetic());
    let name = if name.is_empty() {
        prefix.trim_end_matches('_').to_owned()
    } else if starts_well {
        name
    } else {
        format!("{prefix}{name}")
    };
    if KEYWORDS.contains(&name.as_str()) {
        return format!("{name}{suffix}");
    }
    name
}

/// Signs that tell two names apart are spelled out; the others part words.
fn spell(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let only_signs = !text.contains(|c: char| c.is_alphanumeric());
    for c in text.chars() {
        match c {
            '<' => spelled.push_str(" lt "),
            '>' => spelled.push_str(" gt "),
            '=' => spelled.push_str(" eq "),
            '+' => spelled.push_str(" plus "),
            '-' if only_signs => spelled.push_str(" minus "),
            '*' if only_signs => spelled.push_str(" star "),
            c if c.is_alphanumeric() => spelled.push(c),
            _ => spelled.push(' '),
        }
    }
    spelled
}

/// Owner and member as one name, what both say said once: `CheckoutKpiName` for `CheckoutKpi` and `KpiName`.
pub(crate) fn joined(owner: &str, member: &str) -> String {
    let starts = owner
        .char_indices()
        .filter(|(_, c)| c.is_uppercase())
        .map(|(at, _)| at);
    for start in starts {
        if let Some(rest) = member.strip_prefix(&owner[start..])
            && rest.starts_with(char::is_uppercase)
        {
            return format!("{owner}{rest}");
        }
    }
    format!("{owner}{member}")
}

/// One of several: `status` for `statuses`, `item` for `items`.
pub(crate) fn singular(text: &str) -> String {
    for (plural, single) in [("ies", "y"), ("sses", "ss"), ("uses", "us"), ("xes", "x")] {
        if let Some(stem) = text.strip_suffix(plural)
            && stem.len() > 1
        {
            return format!("{stem}{single}");
        }
    }
    let keeps = ["ss", "us", "is"].iter().any(|end| text.ends_with(end));
    match text.strip_suffix('s') {
        Some(stem) if !keeps && stem.len() > 1 => stem.to_owned(),
        _ => text.to_owned(),
    }
}

/// The name itself, or with the first number that makes it new.
pub(crate) fn distinct(name: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let separator = if name.contains('_') || name.starts_with(char::is_lowercase) {
        "_"
    } else {
        ""
    };
    (2_u32..)
        .map(|number| format!("{name}{separator}{number}"))
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or_default()
}

/// Distinct names for a list, in its order.
pub(crate) fn all_distinct<'n>(
    names: impl IntoIterator<Item = String> + 'n,
    reserved: &[&str],
) -> Vec<String> {
    let mut taken: BTreeSet<String> = reserved.iter().map(|&name| name.to_owned()).collect();
    let mut result = Vec::new();
    for name in names {
        let name = distinct(&name, &taken);
        taken.insert(name.clone());
        result.push(name);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_documents() {
        assert_eq!(snake("created_at.gte"), "created_at_gte");
        assert_eq!(snake("wallet:payment:id"), "wallet_payment_id");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("Acme-System"), "acme_system");
        assert_eq!(snake("3ds"), "value_3ds");
        assert_eq!(snake("StartTime<"), "start_time_lt");
        assert_eq!(variant("acme.creditcard"), "AcmeCreditcard");
        assert_eq!(variant("/Terminal/default.aspx"), "TerminalDefaultAspx");
        assert_eq!(variant(""), "Empty");
        assert_eq!(variant("3DS"), "Value3ds");
        assert_eq!(variant("-"), "Minus");
        assert_eq!(type_name("Option"), "OptionValue");
        assert_eq!(joined("CheckoutKpi", "KpiName"), "CheckoutKpiName");
        assert_eq!(joined("SessionExpress", "Express"), "SessionExpressExpress");
        assert_eq!(singular("statuses"), "status");
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("includes"), "include");
    }
}
