//! Masks of fields, as webhook subscriptions have them: `account(partner_id,created_at)`.

use std::collections::BTreeMap;

use serde_json::Value;

/// The names that are kept, each with a mask of its own; none: everything is kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask(BTreeMap<String, Mask>);

impl Mask {
    /// Reads `a,b`, `a/b`, `a(b,c)` and `*`, which is every item.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim();
        let mask = Self::list(&mut rest, text)?;
        match rest.is_empty() {
            true => Ok(mask),
            false => Err(wrong(text, rest)),
        }
    }

    fn list(rest: &mut &str, text: &str) -> Result<Self, String> {
        let mut mask = Self::default();
        loop {
            mask.item(rest, text)?;
            match rest.strip_prefix(',') {
                Some(next) => *rest = next,
                None => return Ok(mask),
            }
        }
    }

    fn item(&mut self, rest: &mut &str, text: &str) -> Result<(), String> {
        let end = rest.find([',', '/', '(', ')']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let name = name.trim();
        if name.is_empty() {
            return Err(wrong(text, rest));
        }
        *rest = after;
        let below = self.0.entry(name.to_owned()).or_default();
        if let Some(next) = rest.strip_prefix('/') {
            *rest = next;
            return below.item(rest, text);
        }
        if let Some(next) = rest.strip_prefix('(') {
            *rest = next;
            let list = Self::list(rest, text)?;
            below.0.extend(list.0);
            *rest = rest
                .strip_prefix(')')
                .ok_or_else(|| wrong(text, rest))?
                .trim_start();
        }
        Ok(())
    }

    /// Removes what is not named.
    pub(crate) fn apply(&self, value: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match value {
            Value::Array(items) => {
                let below = self.0.get("*").unwrap_or(self);
                items.iter_mut().for_each(|item| below.apply(item));
            }
            Value::Object(members) => {
                let below = |name: &str| self.0.get(name).or_else(|| self.0.get("*"));
                members.retain(|name, _| below(name).is_some());
                for (name, member) in members {
                    if let Some(below) = below(name) {
                        below.apply(member);
                    }
                }
            }
            _ => {}
        }
    }
}

fn wrong(text: &str, rest: &str) -> String {
    let at = text.len() - rest.len();
    format!(
        "`{text}` is not a mask of fields: a name is missing or a bracket is wrong at character {at}"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn masks() {
        let value = json!({ "a": { "b": 1, "c": 2, "d": [{ "e": 3, "f": 4 }] }, "g": 5 });
        for (mask, expected) in [
            ("a,g", value.clone()),
            ("g", json!({ "g": 5 })),
            ("a/b", json!({ "a": { "b": 1 } })),
            ("a(b,c),g", json!({ "a": { "b": 1, "c": 2 }, "g": 5 })),
            ("a/d/*/e", json!({ "a": { "d": [{ "e": 3 }] } })),
            ("a/d(f)", json!({ "a": { "d": [{ "f": 4 }] } })),
            ("x", json!({})),
        ] {
            let mut shown = value.clone();
            Mask::parse(mask).unwrap().apply(&mut shown);
            assert_eq!(shown, expected, "{mask}");
        }
        for mask in ["", "a,", "a(b", "a)", "a//b", "(a)"] {
            assert!(Mask::parse(mask).is_err(), "{mask}");
        }
    }
}
