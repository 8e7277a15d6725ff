//! Lists that distinguish absent from empty, and keep items that can't be read.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::extra::{Kind, Why};
use super::{Extra, Json, Map, Place, Read, Write, Writer};

/// A list of a request or a response.
///
/// It derefs to a slice: `list.len()`, `list[0]`, `for item in &list`. An absent list is empty, and
/// [`is_present`](Self::is_present) distinguishes it from a list without items: the first is not written, the second is
/// written as `[]`.
///
/// An item that could not be read is not among the items. Its JSON is kept with its position, in
/// [`unread_items`](Self::unread_items), and written back there.
#[derive(Clone)]
pub struct List<T> {
    items: Option<Vec<T>>,
    #[allow(
        clippy::box_collection,
        reason = "one pointer: hardly any list has one"
    )]
    unread: Option<Box<Vec<UnreadItem>>>,
}

/// An item that could not be read.
#[derive(Clone)]
pub struct UnreadItem {
    pub(super) index: usize,
    pub(super) json: Json,
    pub(super) why: Why,
}

impl UnreadItem {
    /// Returns its position in the list, from zero, counting every item, read or not.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the item as received.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// Returns the expected and the received kind.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.why.what
    }

    pub(crate) fn into_parts(self) -> (usize, Json, String, String) {
        (self.index, self.json, self.why.path, self.why.what)
    }
}

impl PartialEq for UnreadItem {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.json == other.json
    }
}

/// Hides the value.
impl fmt::Debug for UnreadItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]: {}", self.index, self.why.what)
    }
}

impl<T> List<T> {
    /// Returns an absent list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            items: None,
            unread: None,
        }
    }

    /// Returns whether there is a list, even an empty one.
    #[must_use]
    pub const fn is_present(&self) -> bool {
        self.items.is_some()
    }

    /// Returns the items, without those that could not be read.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        self.items.get_or_insert_default().push(item);
    }

    /// Returns the items to change them, and makes the list present.
    pub fn as_mut_vec(&mut self) -> &mut Vec<T> {
        self.items.get_or_insert_default()
    }

    /// Returns the items, without those that could not be read.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items.unwrap_or_default()
    }

    /// Returns the items that could not be read.
    #[must_use]
    pub fn unread_items(&self) -> &[UnreadItem] {
        self.unread.as_deref().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn into_parts(self) -> (Vec<T>, Vec<UnreadItem>) {
        (
            self.items.unwrap_or_default(),
            self.unread.map(|unread| *unread).unwrap_or_default(),
        )
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items.as_deref().unwrap_or_default()
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.items.as_deref_mut().unwrap_or_default()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            items: Some(items),
            unread: None,
        }
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> Self {
        Vec::from(items).into()
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.into_vec()
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.as_mut_vec().extend(items);
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut List<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// An absent list and an empty one differ.
impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items && self.unread == other.unread
    }
}

impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for List<T> {
    fn eq(&self, other: &[U; N]) -> bool {
        **self == *other
    }
}

impl<T: PartialEq<U>, U> PartialEq<[U]> for List<T> {
    fn eq(&self, other: &[U]) -> bool {
        **self == *other
    }
}

impl<T: PartialEq<U>, U> PartialEq<Vec<U>> for List<T> {
    fn eq(&self, other: &Vec<U>) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A list that is being read.
pub trait Items {
    /// Makes it present.
    fn begin(&mut self);

    /// Returns the place of a new item.
    fn grow(&mut self) -> Option<&mut dyn Read>;

    /// Removes the last place.
    fn shrink(&mut self);

    /// Keeps an item that could not be read.
    #[doc(hidden)]
    fn keep(&mut self, item: UnreadItem);

    /// Returns whether `null` is a valid item.
    fn keeps_null(&self) -> bool;
}

impl<T: Read> Items for List<T> {
    #[inline]
    fn begin(&mut self) {
        *self = Self {
            items: Some(Vec::new()),
            unread: None,
        };
    }

    #[inline]
    fn grow(&mut self) -> Option<&mut dyn Read> {
        let items = self.items.as_mut()?;
        // Most lists have one or two items: `push` alone would reserve four.
        if items.capacity() == items.len() {
            items.reserve_exact(items.len().max(1));
        }
        items.push(T::blank());
        items.last_mut().map(|item| item as &mut dyn Read)
    }

    #[inline]
    fn shrink(&mut self) {
        if let Some(items) = &mut self.items {
            items.pop();
        }
    }

    #[inline]
    fn keep(&mut self, item: UnreadItem) {
        self.unread.get_or_insert_default().push(item);
    }

    #[inline]
    fn keeps_null(&self) -> bool {
        T::keeps_null()
    }
}

impl<T: Read> Read for List<T> {
    #[inline]
    fn blank() -> Self {
        Self::new()
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        Place::List(self)
    }

    #[inline]
    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T: Write> Write for List<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        let mut list = to.list(self.unread_items());
        for item in self {
            list.item(item);
        }
        list.end();
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.items.is_none()
    }
}

/// A list that may also be sent as a single item, which is read as a list of one.
///
/// It derefs to a [`List`], and is written as one.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrList<T>(List<T>);

impl<T> OneOrList<T> {
    /// Returns the list.
    #[must_use]
    pub fn into_list(self) -> List<T> {
        self.0
    }
}

impl<T> Default for OneOrList<T> {
    fn default() -> Self {
        Self(List::new())
    }
}

impl<T> Deref for OneOrList<T> {
    type Target = List<T>;

    fn deref(&self) -> &List<T> {
        &self.0
    }
}

impl<T> DerefMut for OneOrList<T> {
    fn deref_mut(&mut self) -> &mut List<T> {
        &mut self.0
    }
}

impl<T> From<List<T>> for OneOrList<T> {
    fn from(list: List<T>) -> Self {
        Self(list)
    }
}

impl<'a, T> IntoIterator for &'a OneOrList<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Read> Read for OneOrList<T> {
    #[inline]
    fn blank() -> Self {
        Self::default()
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        Place::OneOrList(&mut self.0)
    }

    #[inline]
    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<T: Write> Write for OneOrList<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        self.0.write(to);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }
}

super::through_serde!(List, OneOrList);

/// The argument of a setter of a list.
pub fn list<T, L: From<List<T>>>(items: impl IntoIterator<Item = impl Into<T>>) -> L {
    List::from(items.into_iter().map(Into::into).collect::<Vec<T>>()).into()
}

/// The argument of a setter of a map.
pub fn map<T>(members: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>) -> Map<T> {
    members
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

impl Extra {
    pub(super) fn keep(&mut self, name: &str, json: Json, why: Why) {
        self.put(name, json, Kind::Unread(why));
    }
}
