//! Maps: objects with free names and values of one type.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Extra, Members, Place, Read, Write, Writer};

/// An object with free names and values of one type, such as a shop's own metadata.
///
/// It derefs to a [`BTreeMap`]. An absent map is empty, and [`is_present`](Self::is_present) distinguishes it from a
/// map without members. Values that could not be read are kept in [`unread`](Self::unread), and written back.
#[derive(Clone)]
pub struct Map<T> {
    members: BTreeMap<String, T>,
    present: bool,
    extra: Extra,
}

impl<T> Map<T> {
    /// Returns an absent map.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            members: BTreeMap::new(),
            present: false,
            extra: Extra::NONE,
        }
    }

    /// Returns whether there is a map, even an empty one.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.present || !self.members.is_empty() || !self.extra.is_empty()
    }

    /// Returns the members, without those that could not be read.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<String, T> {
        self.members
    }

    /// Returns the members whose values could not be read, as JSON.
    #[must_use]
    pub const fn unread(&self) -> &Extra {
        &self.extra
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Map<T> {
    type Target = BTreeMap<String, T>;

    fn deref(&self) -> &BTreeMap<String, T> {
        &self.members
    }
}

impl<T> DerefMut for Map<T> {
    fn deref_mut(&mut self) -> &mut BTreeMap<String, T> {
        &mut self.members
    }
}

impl<T> From<BTreeMap<String, T>> for Map<T> {
    fn from(members: BTreeMap<String, T>) -> Self {
        Self {
            members,
            present: true,
            extra: Extra::default(),
        }
    }
}

impl<T, const N: usize> From<[(String, T); N]> for Map<T> {
    fn from(members: [(String, T); N]) -> Self {
        BTreeMap::from(members).into()
    }
}

impl<T> FromIterator<(String, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(members: I) -> Self {
        BTreeMap::from_iter(members).into()
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::collections::btree_map::IntoIter<String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = std::collections::btree_map::Iter<'a, String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.iter()
    }
}

/// An absent map and an empty one differ.
impl<T: PartialEq> PartialEq for Map<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_present() == other.is_present()
            && self.members == other.members
            && self.extra == other.extra
    }
}

/// Hides the names, which may be personal data.
impl<T: fmt::Debug> fmt::Debug for Map<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.members.values().map(|value| ("…", value)))
            .finish()
    }
}

impl<T: Read + Write> Members for Map<T> {
    #[inline]
    fn begin(&mut self) {
        self.present = true;
    }

    #[inline]
    fn member(&mut self, name: &str) -> Option<&mut dyn Read> {
        let value = self.members.entry(name.to_owned()).or_insert_with(T::blank);
        Some(value)
    }

    #[inline]
    fn discard(&mut self, name: &str) {
        self.members.remove(name);
    }

    #[inline]
    fn keeps_null(&self) -> bool {
        T::keeps_null()
    }

    #[inline]
    fn extra(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

impl<T: Read + Write> Read for Map<T> {
    #[inline]
    fn blank() -> Self {
        Self::new()
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        Place::Object(self)
    }

    #[inline]
    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T: Write> Write for Map<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        let mut object = to.map(&self.extra);
        for (name, value) in &self.members {
            object.entry(name, value);
        }
        object.end();
    }

    #[inline]
    fn is_absent(&self) -> bool {
        !self.is_present()
    }
}

super::through_serde!(Map);
