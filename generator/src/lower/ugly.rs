//! Reports names that read badly, while they can still be changed: a released name stays.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::{operations::RawOperation, types::OpenName, words};
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{Type, TypeKind},
};

/// More letters than this are too many for a name.
const LONG: usize = 40;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// Why an operation's name is none to keep.
pub(super) fn operations(document: &Document, raw: &[RawOperation]) -> Vec<Diagnostic> {
    let open = raw.iter().filter(|operation| operation.is_open);
    let ugly = open.filter_map(|operation| {
        let name = &operation.name;
        let mut words = name.split('_');
        let (first, last) = (words.next(), words.next_back());
        // `get_session` is a name, `get_sessions_by_id` made of method and path is none.
        let says_method = last.is_some_and(|last| METHODS.contains(&last))
            || (first.is_some_and(|first| METHODS.contains(&first))
                && name.matches('_').count() > 3);
        let why = match () {
            () if says_method => {
                "the name of an HTTP method does not describe the operation".to_owned()
            }
            () if name.len() > LONG => format!("{} letters are many", name.len()),
            () => return None,
        };
        Some(warning(document, &operation.place, name, "operation", &why))
    });
    ugly.collect()
}

/// Why a type's name is none to keep. `root`: names that the crate has by hand, at its root or in this module.
pub(super) fn types(
    document: &Document,
    open: &[OpenName],
    all: &BTreeMap<String, Type>,
    root: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for OpenName {
        name,
        place,
        wanted,
    } in open
    {
        let why = match repeated(name) {
            Some(words) => format!("it says `{words}` twice"),
            None if name.len() > LONG => format!("{} letters are many", name.len()),
            None if name != wanted => {
                format!("it has a number because `{wanted}` is something else")
            }
            None => continue,
        };
        found.push(warning(document, place, name, "type", &why));
    }
    let own = all.iter().filter(|(_, ty)| ty.origin.is_none());
    for (name, ty) in own.filter(|(name, _)| root.contains(*name)) {
        let kind = match ty.kind {
            TypeKind::Id { .. } => "identifier",
            _ => "type",
        };
        let why = "the crate has another thing of this name, written by hand";
        found.push(warning(document, &ty.place, name, kind, why));
    }
    found
}

fn warning(document: &Document, at: &str, name: &str, kind: &str, why: &str) -> Diagnostic {
    let key = match kind {
        "identifier" => "x-rust-type",
        _ => "x-rust-name",
    };
    document
        .error(
            at,
            format!("the {kind} `{name}` is badly named: {why}"),
            format!("choose a name before it is released: `{key}` in an overlay, or its line in the lock"),
        )
        .into_warning()
}

/// Words that follow each other twice, or two and more that come again anywhere.
fn repeated(name: &str) -> Option<String> {
    let snake = name.to_snake_case();
    let words: Vec<String> = snake.split('_').map(words::singular).collect();
    for length in (1..=words.len() / 2).rev() {
        for (start, one) in words.windows(length).enumerate() {
            let again = words.get(start + length..).unwrap_or_default();
            let found = match length {
                1 => again.first() == one.first(),
                _ => again.windows(length).any(|other| other == one),
            };
            if found {
                return Some(one.join(" "));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_said_twice() {
        for (name, words) in [
            ("MetadataMetadata", "metadata"),
            ("AmountLimitLimits", "limit"),
            ("CustomerTokensCustomerTokens", "customer token"),
            ("TaxAddressTypeOfTaxAddress", "tax address"),
        ] {
            assert_eq!(repeated(name).as_deref(), Some(words), "{name}");
        }
        for name in [
            "SessionOrder",
            "TokenTypeOfToken",
            "Metadata",
            "OrderItemGroup",
        ] {
            assert_eq!(repeated(name), None, "{name}");
        }
    }
}
