//! Names that read badly, while they can still be changed: a released name stays.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::{operations::RawOperation, types::OpenName, words};
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{Type, TypeKind},
};

/// More letters than this are too many for a name.
pub(crate) const LONG: usize = 40;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// A name that can be improved.
#[derive(Clone, Debug)]
pub(crate) struct BadName {
    pub(crate) fault: Fault,
    pub(crate) name: String,
    /// `operation`, `type`, `identifier`
    pub(crate) kind: &'static str,
    /// JSON pointer.
    pub(crate) place: String,
    pub(crate) why: String,
    /// Of a type without a name: the names that it is made of, the outermost first.
    pub(crate) path: Vec<String>,
    /// Whether generation warns of it, too.
    is_warned: bool,
}

/// The fault of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The operation has no `operationId`.
    NoId,
    /// The type is named after its place, over several levels.
    Inline,
    /// Another thing has the name.
    Collision,
    /// It is made of a method and a path.
    Method,
    /// It reads badly.
    Ugly,
}

impl BadName {
    /// Returns the warning of a run that generates code.
    pub(super) fn warning(&self, document: &Document) -> Option<Diagnostic> {
        let Self {
            name, kind, why, ..
        } = self;
        let key = self.key();
        let help = format!(
            "choose a name before it is released: `{key}` in an overlay, or its line in the lock"
        );
        let what = format!("the {kind} `{name}` is badly named: {why}");
        let found = document.error(&self.place, what, help).into_warning();
        self.is_warned.then_some(found)
    }

    /// The extension that sets the name.
    pub(crate) fn key(&self) -> &'static str {
        match self.kind {
            "identifier" => "x-rust-type",
            _ => "x-rust-name",
        }
    }
}

/// Names of operations that can be improved.
pub(super) fn operations(document: &Document, raw: &[RawOperation]) -> Vec<BadName> {
    // The name of a further media type is made of that of the operation.
    let named = raw.iter().filter(|operation| !operation.is_further());
    let bad = named.filter_map(|operation| {
        let name = &operation.name.name;
        let node = document.node(&operation.place);
        let text = |key: &str| node.and_then(|node| node.get(key)?.as_str());
        let given = text("x-rust-name");
        let id = given.or_else(|| text("operationId"));
        let is_taken = given.is_some_and(|given| is_numbered(name, &words::snake(given)));
        if !operation.name.is_open && !is_taken {
            return None;
        }
        let mut words = name.split('_');
        let (first, last) = (words.next(), words.next_back());
        // `get_session` is a name, `get_sessions_by_id` made of method and path is none.
        let says_method = last.is_some_and(|last| METHODS.contains(&last))
            || (first.is_some_and(|first| METHODS.contains(&first))
                && name.matches('_').count() > 3);
        let ugly = match () {
            () if says_method => {
                Some("the name of an HTTP method does not describe the operation".to_owned())
            }
            () if name.len() > LONG => Some(format!("{} letters are many", name.len())),
            () => None,
        };
        let numbered = id.filter(|id| is_numbered(name, &words::snake(id)));
        let (fault, why) = match (id, numbered, &ugly) {
            (None, _, _) => {
                let why = "it is made of method and path: the operation has no `operationId`";
                (Fault::NoId, ugly.clone().unwrap_or(why.to_owned()))
            }
            (_, Some(id), _) => (
                Fault::Collision,
                format!("it has a number because another operation is called `{id}`"),
            ),
            (_, _, Some(why)) if says_method => (Fault::Method, why.clone()),
            (_, _, Some(why)) => (Fault::Ugly, why.clone()),
            _ => return None,
        };
        Some(BadName {
            fault,
            name: name.clone(),
            kind: "operation",
            place: operation.place.clone(),
            why,
            path: Vec::new(),
            is_warned: ugly.is_some() || is_taken,
        })
    });
    bad.collect()
}

/// Returns whether a name is another one with a number.
pub(crate) fn is_numbered(name: &str, usual: &str) -> bool {
    let rest = name.strip_prefix(usual.trim_end_matches('_'));
    rest.is_some_and(|rest| {
        let digits = rest.trim_start_matches('_');
        name != usual && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    })
}

/// Names of types that can be improved. `root`: names that the crate has by hand, at its root or in this module.
pub(super) fn types(
    open: &[OpenName],
    all: &BTreeMap<String, Type>,
    root: &BTreeSet<String>,
) -> Vec<BadName> {
    let mut found = Vec::new();
    for OpenName {
        name,
        place,
        wanted,
        path,
        is_new,
    } in open
    {
        let (fault, why) = match repeated(name) {
            Some(words) => (Fault::Ugly, format!("it says `{words}` twice")),
            None if name.len() > LONG => (Fault::Ugly, format!("{} letters are many", name.len())),
            None if name != wanted => (
                Fault::Collision,
                format!("it has a number because `{wanted}` is something else"),
            ),
            None if *is_new && is_nested(name, path) => (
                Fault::Inline,
                format!("it is made of {} names: the schema has none", path.len()),
            ),
            None => continue,
        };
        found.push(BadName {
            fault,
            name: name.clone(),
            kind: "type",
            place: place.clone(),
            why,
            path: path.clone(),
            is_warned: fault != Fault::Inline,
        });
    }
    let own = all.iter().filter(|(_, ty)| ty.origin.is_none());
    for (name, ty) in own.filter(|(name, _)| root.contains(*name)) {
        found.push(BadName {
            fault: Fault::Collision,
            name: name.clone(),
            kind: match ty.kind {
                TypeKind::Id { .. } => "identifier",
                _ => "type",
            },
            place: ty.place.clone(),
            why: "the crate has another thing of this name, written by hand".to_owned(),
            path: Vec::new(),
            is_warned: true,
        });
    }
    found
}

/// Returns whether a name is made of those of three types and more around it.
fn is_nested(name: &str, path: &[String]) -> bool {
    path.len() > 3
        && path
            .first()
            .is_some_and(|root| name.starts_with(root.as_str()))
}

/// Words that follow each other twice, or two and more that come again anywhere.
pub(crate) fn repeated(name: &str) -> Option<String> {
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
