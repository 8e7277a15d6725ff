//! Properties of an object without a field, kept as JSON.

use std::fmt;

use super::{Invalid, Json, UnreadItem};

/// The properties of an object without a field, as JSON.
///
/// It has three kinds of properties: unknown ones (a shop's own keys, or properties that were added to the API later),
/// known ones with a value of another kind than documented (their field is absent, and `unread()` lists them), and
/// those that you set with `.extra(…)` of a builder or with [`insert`](Self::insert).
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
/// All of them are written back when a value is serialized. A request omits received unknown properties; it has those
/// that you set.
#[derive(Clone, Default)]
pub struct Extra(
    /// One pointer, because it is empty in most objects.
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

impl Member {
    fn is_visible(&self) -> bool {
        !matches!(self.kind, Kind::LeftOut)
    }
}

/// The reason why a property is kept here.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// It is unknown.
    Unknown,
    /// It is known, and its value could not be read.
    Unread(Why),
    /// The user set it.
    Set,
    /// The user set a known one to `null`.
    Null,
    /// It always has one value, and was not there. Not a property: only storage and responses omit it.
    LeftOut,
}

/// The error of a value that could not be read: its place in the value, and the reason.
#[derive(Clone, Debug)]
pub(super) struct Why {
    /// The path from the value to the error, as a JSON path without `$`.
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

    /// Returns the property of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.find(name).map(|member| &member.json)
    }

    /// Returns names and values, in the received order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.visible().map(|member| (&*member.name, &member.json))
    }

    /// Returns the number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.visible().count()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.visible().next().is_none()
    }

    /// Sets a property to send, replacing one of this name. If the property has a setter, the request fails before
    /// anything is sent.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) {
        self.put(&name.into(), value.into(), Kind::Set);
    }

    /// Removes and returns the property of this name.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let members = self.0.as_mut()?;
        let index = members
            .iter()
            .position(|member| &*member.name == name && member.is_visible())?;
        let member = members.remove(index);
        if members.is_empty() {
            self.0 = None;
        }
        Some(member.json)
    }

    /// Returns whether a property of this name is known and could not be read.
    #[must_use]
    pub fn is_unread(&self, name: &str) -> bool {
        self.find(name)
            .is_some_and(|member| matches!(member.kind, Kind::Unread(_)))
    }

    /// Makes a request send `null` for a property with a field.
    #[doc(hidden)]
    pub fn set_null(&mut self, name: &str) {
        self.put(name, Json::Null, Kind::Null);
    }

    /// Omits a member that always has one value.
    pub(super) fn leave_out(&mut self, name: &str) {
        self.put(name, Json::Null, Kind::LeftOut);
    }

    pub(super) fn is_left_out(&self, name: &str) -> bool {
        let mut members = self.members().iter();
        members.any(|member| &*member.name == name && !member.is_visible())
    }

    /// Returns whether nothing is stored here.
    pub(super) fn is_unused(&self) -> bool {
        self.0.is_none()
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
        let members = self.visible();
        members.map(|member| (&*member.name, &member.json, &member.kind))
    }

    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.find(name).map(|member| &member.kind)
    }

    /// Returns the name as stored here.
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
        self.visible().find(|member| &*member.name == name)
    }

    fn visible(&self) -> impl Iterator<Item = &Member> {
        self.members().iter().filter(|member| member.is_visible())
    }

    fn members(&self) -> &[Member] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// Equal if they have the same properties, in any order.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(name, json)| other.get(name) == Some(json))
    }
}

/// Hides names and values, because they may be personal or secret.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extra({})", self.len())
    }
}

/// A place in a received value that could not be read as documented. Its JSON is kept there, and its field is absent.
#[derive(Clone, PartialEq)]
pub struct Unread {
    pub(super) path: String,
    /// The path without names of maps, for logs.
    pub(super) logged: String,
    pub(super) what: String,
    pub(super) json: Json,
}

impl Unread {
    /// Joins the path of the value and the path of the error in it.
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

    /// Returns an item of the list at this place.
    pub(crate) fn of_item(list: &str, item: UnreadItem) -> Self {
        let (index, json, path, what) = item.into_parts();
        let place = format!("{list}[{index}]");
        Self::at(&place, &place, &Why { path, what }, &json)
    }

    /// Returns the place as a JSON path: `$.items[3].quantity`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the expected and the received kind: `expected a number, found text`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.what
    }

    /// Returns the value as received.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// Returns [`path`](Self::path) without names that a shop has chosen.
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
