//! Schemas with one value. A member that always has it is a constant; any other use has the type of the value, not one of its own.

use std::collections::BTreeSet;

use super::{Flat, Graph, is_null_only};
use crate::{
    load::{Document, Value as Json},
    lower::{
        facts,
        lock::{self, Lock},
        site::{Site, component},
    },
    model::{ConstantValue, Sent, TypeRef},
};

/// The types of earlier versions that may have one value.
pub(super) struct Held {
    /// The contents of those in the lock, and their uses.
    own: Vec<(String, BTreeSet<String>)>,
    /// The places of all types of other documents.
    places: BTreeSet<String>,
    /// The only values of such types.
    texts: BTreeSet<String>,
    /// The uses that the lock has of them.
    uses: BTreeSet<String>,
}

/// A value that a required member or parameter always has.
pub(crate) struct Fixed {
    pub(crate) value: ConstantValue,
    pub(crate) sent: Sent,
    pub(crate) place: String,
}

impl Held {
    /// `places`: those of the types of other documents.
    pub(super) fn new(document: &Document, places: BTreeSet<String>, lock: &Lock) -> Self {
        let own = lock.types().filter_map(|(_, locked)| {
            let holds = locked.holds.as_ref()?;
            // The lock does not show an empty text.
            (holds.len() <= 1).then(|| (holds.digest(), locked.uses.clone()))
        });
        let foreign = lock.types().filter(|(name, _)| name.contains("::"));
        let texts = places
            .iter()
            .filter_map(|place| only_value(&[Site::find(document, place)?]))
            .map(|value| value.to_string());
        Self {
            own: own.collect(),
            uses: foreign
                .flat_map(|(_, locked)| locked.uses.clone())
                .collect(),
            texts: texts.collect(),
            places,
        }
    }

    /// Whether a value with these uses had a type of its own.
    fn has(&self, value: &ConstantValue, is_use: impl Fn(&String) -> bool) -> bool {
        let text = value.to_string();
        let digests = [
            lock::digest(lock::Kind::Values, [lock::word(&text).as_str()]),
            lock::digest(lock::Kind::Numbers, [text.as_str()]),
        ];
        let own = self.own.iter().filter(|(held, _)| digests.contains(held));
        own.flat_map(|(_, uses)| uses).any(&is_use)
            || (self.texts.contains(&text) && self.uses.iter().any(is_use))
    }
}

impl<'d> Graph<'d> {
    /// Resolves a value with that use, as the lock names it: `.status` of an object, `?status` of an operation.
    pub(crate) fn at_use<T>(&mut self, used: &str, resolve: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.used, lock::space(used));
        let value = resolve(self);
        self.used = outer;
        value
    }

    /// Returns the constant that a required member or parameter is. One that was a type stays one, unless it is of a type of
    /// a union, which distinguishes its types by constants.
    pub(crate) fn constant(
        &self,
        used: &str,
        sites: &[Site<'d>],
        is_branch: bool,
    ) -> Option<Fixed> {
        let Flat {
            parts, components, ..
        } = self.flat(sites);
        let is_null = parts.iter().any(|part| part.get("enum").is_some()) && {
            let all = parts.iter().filter(|part| part.get("enum").is_some());
            all.into_iter().all(is_null_only)
        };
        let says_more = |part: &Site<'d>| {
            let keys = ["x-rust-name", "x-rust-type", "oneOf", "anyOf"];
            (part.flag("nullable") && !is_null) || keys.iter().any(|key| part.get(key).is_some())
        };
        if parts.iter().any(says_more) {
            return None;
        }
        let value = match is_null {
            true => ConstantValue::Null,
            false => only_value(&parts)?,
        };
        let place = parts.last().map(|part| part.at.clone()).unwrap_or_default();
        let member = used.trim_start_matches('.');
        let is_known = self.constants.contains(&place)
            || (is_branch && self.was_constant(member, &value.to_string()));
        if !is_known && self.was_type(&value, &lock::space(used), &components, &parts) {
            return None;
        }
        let flag = |key: &str| parts.iter().any(|part| part.flag(key));
        let sent = match (flag("readOnly"), flag("writeOnly")) {
            (true, _) => Sent::InResponses,
            (false, true) => Sent::InRequests,
            (false, false) => Sent::Always,
        };
        Some(Fixed { value, sent, place })
    }

    /// Whether a member of a type of a union is a constant even if it is not required: it distinguishes the types.
    pub(super) fn distinguishes(&self, sites: &[Site<'d>]) -> bool {
        let Flat {
            parts, components, ..
        } = self.flat(sites);
        let says_more = |part: &Site<'d>| {
            ["readOnly", "writeOnly"].iter().any(|key| part.flag(key))
                || part.get("x-guaranteed").is_some()
        };
        components.is_empty() && !parts.iter().any(says_more)
    }

    fn was_constant(&self, name: &str, text: &str) -> bool {
        (self.constants).contains(&lock::space(&format!("{name}={text}")))
    }

    /// The type of a schema with one value whose use is not a constant. A type of a union has a name, and so has an earlier
    /// type, or one that an overlay names.
    pub(super) fn plain_value(&self, parts: &[Site<'d>], named: Option<&str>) -> Option<TypeRef> {
        let value = only_value(parts)?;
        let wants_name = |part: &Site<'d>| part.get("x-rust-name").is_some();
        let is_branch = |at: &str| self.discriminators.is_branch(at);
        if parts.iter().any(wants_name)
            || named.is_some_and(is_branch)
            || parts.iter().any(|part| is_branch(&part.at))
        {
            return None;
        }
        let (used, components) = match &named {
            Some(pointer) => ("", std::slice::from_ref(pointer)),
            None => (self.used.as_str(), &[][..]),
        };
        if self.was_type(&value, used, components, parts) {
            return None;
        }
        let types: BTreeSet<&str> = parts.iter().filter_map(|part| part.text("type")).collect();
        match value {
            ConstantValue::Text(_) => Some(TypeRef::String),
            ConstantValue::Integer(_) if types.is_empty() => Some(TypeRef::Integer),
            ConstantValue::Integer(_) => Some(facts::simple(parts, &types)),
            ConstantValue::Bool(_) | ConstantValue::Null => None,
        }
    }

    /// Whether a value had a type with only this value before: there, as a component, or in another document.
    fn was_type(
        &self,
        value: &ConstantValue,
        used: &str,
        components: &[&str],
        parts: &[Site<'d>],
    ) -> bool {
        let components: Vec<String> = (components.iter())
            .filter_map(|pointer| component(pointer))
            .map(|name| lock::space(&format!("#{name}")))
            .collect();
        parts.iter().any(|part| self.held.places.contains(&part.at))
            || self.held.has(value, |one| {
                (!used.is_empty() && one.ends_with(used)) || components.contains(one)
            })
    }
}

/// Returns the only value that a schema allows.
pub(super) fn only_value(parts: &[Site<'_>]) -> Option<ConstantValue> {
    let values = facts::enum_values(parts);
    let [only] = values.as_slice() else {
        return None;
    };
    let are = |kinds: &[&str]| {
        let mut types = parts.iter().filter_map(|part| part.text("type"));
        types.all(|name| kinds.contains(&name))
    };
    match &only.value {
        Json::String(text) if are(&["string"]) => Some(ConstantValue::Text(text.clone())),
        Json::Number(number) if are(&["integer", "number"]) => {
            facts::whole_number(number).map(ConstantValue::Integer)
        }
        Json::Bool(flag) if are(&["boolean"]) => Some(ConstantValue::Bool(*flag)),
        // Documents write `1` or `true` for a string, and declare it by the type.
        Json::Number(_) | Json::Bool(_)
            if are(&["string"]) && parts.iter().any(|part| part.text("type").is_some()) =>
        {
            facts::scalar_text(only).map(ConstantValue::Text)
        }
        _ => None,
    }
}
