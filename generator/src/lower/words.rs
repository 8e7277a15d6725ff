//! Names of the document as Rust names.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that generated code names without a path, and names of derives; a schema of such a name gets another.
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

/// Maximum length of a name in bytes: files are named after types, with endings, and no file system allows more than 255.
const LONGEST: usize = 120;

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
    match pascal(&numbers(value)) {
        name if name == "Self" || name == "Unrecognized" => format!("{name}Value"),
        name => name,
    }
}

fn finish(name: String, prefix: &str, suffix: char) -> String {
    let starts_well = name.starts_with(unicode_ident::is_xid_start);
    let name = if name.is_empty() {
        prefix.trim_end_matches('_').to_owned()
    } else if starts_well {
        name
    } else {
        format!("{prefix}{name}")
    };
    let name = shortened(name);
    if KEYWORDS.contains(&name.as_str()) {
        return format!("{name}{suffix}");
    }
    name
}

/// A name that is short enough to be one of a file.
fn shortened(mut name: String) -> String {
    if name.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&end| name.is_char_boundary(end));
        name.truncate(end.unwrap_or_default());
        name.truncate(name.trim_end_matches('_').len());
    }
    name
}

/// The dot of a number and the sign before it are spelled out: `1.0` is not `10`, and `-1` not `1`.
fn numbers(text: &str) -> String {
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let chars: Vec<char> = text.chars().collect();
    let mut spelled = String::with_capacity(text.len());
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| chars.get(index));
        let after = digit(chars.get(index + 1));
        match c {
            '.' if digit(before) && after => spelled.push_str("point"),
            '-' if before.is_none() && after => spelled.push_str("minus "),
            c => spelled.push(c),
        }
    }
    spelled
}

/// Signs that distinguish two names are spelled out; the others separate words.
fn spell(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let only_signs = !text.contains(|c: char| c.is_alphanumeric());
    for c in text.chars() {
        match c {
            '<' => spelled.push_str(" lt "),
            '>' => spelled.push_str(" gt "),
            '=' => spelled.push_str(" eq "),
            '+' => spelled.push_str(" plus "),
            c if c.is_alphanumeric() && unicode_ident::is_xid_continue(c) => spelled.push(c),
            // `m²`
            c if c.is_alphanumeric() => {
                spelled.push_str(deunicode::deunicode_char(c).unwrap_or(" "))
            }
            c if only_signs => {
                let sign = SIGNS.iter().find(|(sign, _)| *sign == c);
                spelled.push_str(sign.map_or(" ", |(_, name)| name));
                spelled.push(' ');
            }
            _ => spelled.push(' '),
        }
    }
    spelled
}

/// Names of signs, if there is nothing else.
const SIGNS: &[(char, &str)] = &[
    ('!', "bang"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "and"),
    ('*', "star"),
    ('-', "minus"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    ('?', "question"),
    ('@', "at"),
    ('^', "caret"),
    ('|', "or"),
    ('~', "tilde"),
];

/// A name of a file and of the module in it: Rust finds no file under a name that is not ASCII.
pub(crate) fn file(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    snake(&deunicode::deunicode(name))
}

/// Owner and member as one name, without repeating a common part: `CheckoutKpiName` for `CheckoutKpi` and `KpiName`.
pub(crate) fn joined(owner: &str, member: &str) -> String {
    let starts = owner
        .char_indices()
        .filter(|(_, c)| c.is_uppercase())
        .map(|(at, _)| at);
    for start in starts {
        if let Some(rest) = member.strip_prefix(&owner[start..])
            && rest.starts_with(char::is_uppercase)
        {
            return shortened(format!("{owner}{rest}"));
        }
    }
    shortened(format!("{owner}{member}"))
}

/// Methods that every builder has.
const OWN_METHODS: &[&str] = &[
    "build",
    "send",
    "send_with_response",
    "extra",
    "into_future",
    "without_body",
    "clone",
];

/// The setter of a field.
pub(crate) fn setter(field: &str) -> String {
    match OWN_METHODS.contains(&field) {
        true => format!("{field}_value"),
        false => field.to_owned(),
    }
}

/// The setter that says `null`.
pub(crate) fn null_setter(setter: &str) -> String {
    let stem = setter.trim_start_matches("r#").trim_end_matches('_');
    format!("{stem}_null")
}

/// The type with which a builder marks a missing value.
pub(crate) fn marker(setter: &str) -> String {
    match setter.trim_start_matches("r#").to_upper_camel_case() {
        name if name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit())
            || name == "Self" =>
        {
            format!("_{name}")
        }
        name => name,
    }
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

/// Returns the name itself, or with the first number that makes it unique.
pub(crate) fn distinct(name: &str, taken: &BTreeSet<String>) -> String {
    distinct_where(name, |name| !taken.contains(name))
}

/// Returns the name itself, or with the first number that makes it free.
pub(crate) fn distinct_where(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(name) {
        return name.to_owned();
    }
    let separator = if name.contains('_') || name.starts_with(char::is_lowercase) {
        "_"
    } else {
        ""
    };
    // `type_` is distinguished from another one as `type_2`.
    let name = name.strip_suffix('_').unwrap_or(name);
    (2_u32..)
        .map(|number| format!("{name}{separator}{number}"))
        .find(|candidate| is_free(candidate))
        .unwrap_or_default()
}

/// Returns distinct names for a list. An entry spelled like its name has it, whatever its position; the others in their order.
pub(crate) fn all_distinct<'n>(
    names: impl IntoIterator<Item = (&'n str, String)>,
    reserved: &[&str],
) -> Vec<String> {
    let mut taken: BTreeSet<String> = reserved.iter().map(|&name| name.to_owned()).collect();
    let mut names: Vec<(bool, String)> = (names.into_iter())
        .map(|(text, name)| (text == name && !taken.contains(&name), name))
        .collect();
    for (exact, name) in &mut names {
        // Of several equal ones the first.
        *exact = *exact && taken.insert(name.clone());
    }
    for (_, name) in names.iter_mut().filter(|(exact, _)| !exact) {
        *name = distinct(name, &taken);
        taken.insert(name.clone());
    }
    names.into_iter().map(|(_, name)| name).collect()
}

/// Returns variants for the values of an enum. Of values that only case distinguishes, those that are good names keep
/// their case: `MW` is not `mW`.
pub(crate) fn variants(values: &[String]) -> Vec<String> {
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        *folded.entry(value.to_lowercase()).or_default() += 1;
    }
    let name = |value: &String| {
        let is_name = value.starts_with(|c: char| c.is_ascii_uppercase())
            && value.chars().all(|c| c.is_ascii_alphanumeric())
            && value.len() <= LONGEST
            && variant(value) != format!("{value}Value");
        match folded.get(&value.to_lowercase()) {
            Some(2..) if is_name => value.clone(),
            _ => variant(value),
        }
    };
    let names = values.iter().map(|value| (value.as_str(), name(value)));
    all_distinct(names, &["Unrecognized"])
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
        assert_eq!(variant("-1"), "Minus1");
        assert_eq!(variant("1.0"), "Value1point0");
        assert_eq!(variant("$$"), "DollarDollar");
        assert_eq!(variant("m²"), "M2");
        assert_eq!(file("ñandú"), "nandu");
        assert_eq!(type_name("Option"), "OptionValue");
        assert_eq!(joined("CheckoutKpi", "KpiName"), "CheckoutKpiName");
        assert_eq!(joined("SessionExpress", "Express"), "SessionExpressExpress");
        assert_eq!(singular("statuses"), "status");
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("includes"), "include");
    }

    fn variants_of(values: &[&str]) -> Vec<String> {
        variants(
            &values
                .iter()
                .map(|&value| value.to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn an_exact_spelling_has_its_name() {
        assert_eq!(variants_of(&["mW", "MW", "Mw"]), ["MW2", "MW", "Mw"]);
        assert_eq!(variants_of(&["kw", "KW"]), ["Kw", "KW"]);
        assert_eq!(
            variants_of(&["1.0", "10", "-1", "1"]),
            ["Value1point0", "Value10", "Minus1", "Value1"]
        );
        let fields = ["M", "m", "self", "Self"];
        assert_eq!(
            all_distinct(fields.map(|name| (name, snake(name))), &[]),
            ["m_2", "m", "self_", "self_2"]
        );
    }

    #[test]
    fn names_are_short_enough_for_files() {
        let long = "long ".repeat(60);
        assert!(snake(&long).len() <= LONGEST && !snake(&long).ends_with('_'));
        assert!(joined(&pascal(&long), &pascal(&long)).len() <= LONGEST);
    }
}
