//! Paginated operations.

use std::fmt;

use super::{Json, List, Node, Operation, PartialCall, Read, Transport, Write, source, write};
use crate::page::Pages;

/// An operation that returns one page of a list.
pub trait Paged: Operation {
    /// The type of the items.
    type Item: Send + Sync + 'static;

    /// The places of the list and of the cursor in the response: JSON names with dots between them. Empty: the response
    /// is the list.
    const PLACES: &'static [&'static str];

    /// The parameters of the cursor.
    fn cursor(&mut self) -> Vec<CursorPart<'_>>;

    /// Returns the cursor of the next page.
    fn next(&self, answer: &Self::Output) -> Next;

    /// Returns the items of the page.
    fn items(answer: Self::Output) -> List<Self::Item>;
}

/// A parameter of the cursor.
pub struct CursorPart<'a> {
    /// Its name in the API.
    pub name: &'static str,
    value: &'a mut dyn CursorValue,
}

impl CursorPart<'_> {
    /// Returns its value as text; `None` if it is not set.
    pub(crate) fn get(&self) -> Option<String> {
        self.value.get()
    }

    /// Sets it. Returns `false` if the text is not valid for its type.
    pub(crate) fn set(&mut self, text: Option<&str>) -> bool {
        self.value.set(text)
    }
}

impl fmt::Debug for CursorPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorPart")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

trait CursorValue {
    fn get(&self) -> Option<String>;
    fn set(&mut self, text: Option<&str>) -> bool;
}

impl<T: Read + Write> CursorValue for Option<T> {
    fn get(&self) -> Option<String> {
        position(self.as_ref())
    }

    fn set(&mut self, text: Option<&str>) -> bool {
        *self = text.and_then(|text| {
            let number = text.parse::<i64>().ok();
            let number = number.and_then(|number| source::whole(&number.into()));
            number.or_else(|| source::whole(&text.into()))
        });
        self.is_some() == text.is_some()
    }
}

/// Names a parameter of a cursor.
#[allow(private_bounds, reason = "only values of parameters")]
pub fn part<'a, T: Read + Write>(name: &'static str, value: &'a mut Option<T>) -> CursorPart<'a> {
    CursorPart { name, value }
}

/// Returns a value as text for a cursor. Empty text is `None`, because some servers end lists that way.
pub fn position(value: Option<&impl Write>) -> Option<String> {
    let text = match write::tree(value?) {
        Node::Text(text) | Node::Word(text) | Node::Digits(text) => text.into_owned(),
        Node::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Returns the text of a value in JSON, at this path.
fn position_in(json: &Json, way: &str) -> Option<String> {
    let mut value = json;
    for name in way.split('.') {
        value = value.get(name)?;
    }
    match value {
        Json::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The cursor of the next page.
#[derive(PartialEq, Eq)]
pub enum Next {
    /// None: this was the last page.
    End,
    /// One value per parameter of the cursor.
    At(Vec<String>),
    /// Incomplete: a part is missing.
    Incomplete,
}

impl Next {
    /// Returns the cursor in the response. Without one, this was the last page.
    #[must_use]
    pub fn told<const N: usize>(parts: [Option<String>; N]) -> Self {
        if parts.iter().all(Option::is_none) {
            return Self::End;
        }
        Self::complete(parts)
    }

    /// Returns the cursor after the last item, even one that could not be read. Without items, this was the last page.
    pub fn behind<T, const N: usize>(
        list: Option<&List<T>>,
        parts: impl FnOnce(&T) -> [Option<String>; N],
        ways: &[&str; N],
    ) -> Self {
        let Some(list) = list else {
            return Self::End;
        };
        let all = list.len() + list.unread_items().len();
        let unread = list.unread_items().last();
        match (unread.filter(|item| item.index() + 1 == all), list.last()) {
            (Some(item), _) => Self::complete(ways.map(|way| position_in(item.json(), way))),
            (None, Some(last)) => Self::complete(parts(last)),
            (None, None) => Self::End,
        }
    }

    fn complete<const N: usize>(parts: [Option<String>; N]) -> Self {
        let parts: Option<Vec<String>> = parts.into_iter().collect();
        parts.map_or(Self::Incomplete, Self::At)
    }
}

/// Hides the values, because they may be ids.
impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "End",
            Self::At(_) => "At",
            Self::Incomplete => "Incomplete",
        })
    }
}

impl<C: Transport, O: Paged, State> PartialCall<C, O, State> {
    /// Returns the pages of the list.
    pub fn pages(self) -> Pages<C, O> {
        let (client, operation) = self.into_parts();
        Pages::new(client, operation)
    }
}
