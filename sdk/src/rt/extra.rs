//! Members of an object that have no field: kept as JSON, empty in the usual case.

use std::fmt;

use super::{Invalid, Json, UnreadItem};

/// The members of an object that have no field of their own, as JSON.
///
/// Three kinds of members are here: those that this version of the SDK does not know (a shop's own keys, what the API
/// added later), known ones whose value was not of the documented kind (their field is absent, and `unread()` lists them),
/// and those that you set yourself with `.extra(…)` of a builder or with [`insert`](Self::insert).
///
/// ```
/// # #[cfg(feature = "payments")] {
/// use dintero::payments::Transaction;
///
/// let transaction: Transaction = serde_json::from_str(
///     r#"{"id": "T1", "amount": 1000, "currency": "NOK", "status": "CAPTURED", "metadata": {"ext_order": "1042"}}"#,
/// )?;
/// let order = transaction.metadata.as_ref().and_then(|metadata| metadata.extra.get("ext_order"));
/// assert_eq!(order.and_then(|order| order.as_str()), Some("1042"));
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// All of it is written back when a value is serialized. A request leaves out unknown members that were read; it has those
/// that you set.
#[derive(Clone, Default)]
pub struct Extra(
    /// One pointer: hardly any object has one.
    #[allow(
        clippy::box_collection,
        reason = "a third of the size of a Vec in every object"
    )]
    Option<Box<Vec<Member>>>,
);

#[derive(Clone)]
struct Member {
    name: Box<str>,
    json: Json,
    kind: Kind,
}

/// Why a member is kept here.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Nobody knows it.
    Unknown,
    /// It is known, and its value could not be read.
    Unread(Why),
    /// The user set it.
    Set,
    /// The user set a known one to `null`.
    Null,
}

/// What is wrong with a value that could not be read: where in it, and what.
#[derive(Clone, Debug)]
pub(super) struct Why {
    /// Steps from the value to the fault, as a JSON path without `$`.
    pub(super) path: String,
    pub(super) what: String,
}

impl From<Invalid> for Why {
    fn from(invalid: Invalid) -> Self {
        let (path, what) = invalid.into_parts();
        Self { path, what }
    }
}

impl Extra {
    pub(super) const NONE: Self = Self(None);

    /// The member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.find(name).map(|member| &member.json)
    }

    /// Names and values, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members()
            .iter()
            .map(|member| (&*member.name, &member.json))
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    /// Sets a member that is sent, in place of any of this name. A request with a member that has a setter of its own is an
    /// error before anything is sent.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) {
        self.put(&name.into(), value.into(), Kind::Set);
    }

    /// Takes the member of this name out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let members = self.0.as_mut()?;
        let index = members.iter().position(|member| &*member.name == name)?;
        let member = members.remove(index);
        if members.is_empty() {
            self.0 = None;
        }
        Some(member.json)
    }

    /// Whether a member of this name is known and could not be read.
    #[must_use]
    pub fn is_unread(&self, name: &str) -> bool {
        self.find(name)
            .is_some_and(|member| matches!(member.kind, Kind::Unread(_)))
    }

    /// Has a request say `null` for a member with a field.
    #[doc(hidden)]
    pub fn set_null(&mut self, name: &str) {
        self.put(name, Json::Null, Kind::Null);
    }

    pub(super) fn put(&mut self, name: &str, json: Json, kind: Kind) {
        let members = self.0.get_or_insert_default();
        match members.iter_mut().find(|member| &*member.name == name) {
            Some(member) => (member.json, member.kind) = (json, kind),
            None => members.push(Member {
                name: name.into(),
                json,
                kind,
            }),
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Json, &Kind)> {
        let members = self.members().iter();
        members.map(|member| (&*member.name, &member.json, &member.kind))
    }

    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.find(name).map(|member| &member.kind)
    }

    /// The name as it is kept here.
    pub(super) fn name(&self, name: &str) -> Option<&str> {
        self.find(name).map(|member| &*member.name)
    }

    pub(super) fn why(&self, name: &str) -> Option<&Why> {
        match self.kind(name)? {
            Kind::Unread(why) => Some(why),
            _ => None,
        }
    }

    fn find(&self, name: &str) -> Option<&Member> {
        self.members().iter().find(|member| &*member.name == name)
    }

    fn members(&self) -> &[Member] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// Equal when they have the same members, in whatever order.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(name, json)| other.get(name) == Some(json))
    }
}

/// Hides names and values: nobody knows what is in them.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extra({})", self.len())
    }
}

/// A place in a received value that could not be read as documented. Its JSON is kept there, and its field is absent.
#[derive(Clone, PartialEq)]
pub struct Unread {
    pub(super) path: String,
    /// The same with names out of open maps left out, for logs.
    pub(super) logged: String,
    pub(super) what: String,
    pub(super) json: Json,
}

impl Unread {
    /// Puts the place of the value and the place of the fault in it together.
    pub(super) fn at(full: &str, logged: &str, why: &Why, json: &Json) -> Self {
        let dot = if why.path.is_empty() || why.path.starts_with('[') {
            ""
        } else {
            "."
        };
        let path = |place: &str| {
            let first = if place.starts_with('[') { "" } else { "." };
            format!("${first}{place}{dot}{}", why.path)
        };
        Self {
            path: path(full),
            logged: path(logged),
            what: why.what.clone(),
            json: json.clone(),
        }
    }

    /// An item of the list at this place.
    pub(crate) fn of_item(list: &str, item: UnreadItem) -> Self {
        let (index, json, path, what) = item.into_parts();
        let place = format!("{list}[{index}]");
        Self::at(&place, &place, &Why { path, what }, &json)
    }

    /// The place as a JSON path: `$.items[3].quantity`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected there, and what kind of value came: `expected a number, found text`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.what
    }

    /// The value as it came.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// [`path`](Self::path) without names that a shop has chosen.
    pub(crate) fn logged_path(&self) -> &str {
        &self.logged
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.logged, self.what)
    }
}

/// Hides the value.
impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_by_name() {
        let mut extra = Extra::default();
        assert!(extra.is_empty());
        assert_eq!(std::mem::size_of::<Extra>(), std::mem::size_of::<usize>());
        extra.insert("a", 1);
        extra.insert("b", "x");
        extra.insert("a", 2);
        assert_eq!(extra.len(), 2);
        assert_eq!(extra.get("a"), Some(&Json::from(2)));
        assert_eq!(
            extra.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["a", "b"]
        );
        let mut other = Extra::default();
        other.insert("b", "x");
        assert_ne!(extra, other);
        other.insert("a", 2);
        assert_eq!(extra, other);
        assert_eq!(extra.remove("a"), Some(Json::from(2)));
        assert_eq!(extra.remove("a"), None);
        assert_eq!(format!("{extra:?}"), "Extra(1)");
    }
}
