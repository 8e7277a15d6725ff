//! What generated code says about lists that come in pages.

use std::fmt;

use super::{Json, List, Node, Operation, PartialCall, Read, Transport, Write, source, write};
use crate::page::Pages;

/// An operation that gives one page of a list.
pub trait Paged: Operation {
    /// What is listed.
    type Item: Send + Sync + 'static;

    /// Where the list, and what says where the next page begins, stand in the response: names on the wire with dots between
    /// them. Empty: the response is the list.
    const PLACES: &'static [&'static str];

    /// The parameters that say where a page begins.
    fn cursor(&mut self) -> Vec<CursorPart<'_>>;

    /// Where the next page begins.
    fn next(&self, answer: &Self::Answer) -> Next;

    /// What is on the page.
    fn items(answer: Self::Answer) -> List<Self::Item>;
}

/// One of the parameters that say where a page begins.
pub struct CursorPart<'a> {
    /// Its name on the wire.
    pub name: &'static str,
    value: &'a mut dyn CursorValue,
}

impl CursorPart<'_> {
    /// Its value as text; none when it is left out.
    pub(crate) fn get(&self) -> Option<String> {
        self.value.get()
    }

    /// Sets it. `false`: the text is no value of its type.
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

/// A value as text, as cursors have it. Empty texts are none: some servers end lists that way.
pub fn position(value: Option<&impl Write>) -> Option<String> {
    let text = match write::tree(value?) {
        Node::Text(text) | Node::Word(text) | Node::Digits(text) => text.into_owned(),
        Node::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The same of JSON, at the end of this way.
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

/// Where the next page of a list begins.
#[derive(PartialEq, Eq)]
pub enum Next {
    /// Nowhere: this was the last one.
    End,
    /// Here: one value for each parameter of the cursor.
    At(Vec<String>),
    /// A part of it is missing.
    Incomplete,
}

impl Next {
    /// Where the answer says. When it says nothing, this was the last page.
    #[must_use]
    pub fn told<const N: usize>(parts: [Option<String>; N]) -> Self {
        if parts.iter().all(Option::is_none) {
            return Self::End;
        }
        Self::complete(parts)
    }

    /// Behind the last item, be it one that could not be read. When there is none, this was the last page.
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

/// Shows what it is, not the values: they may be ids.
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
    /// The pages of the list.
    pub fn pages(self) -> Pages<C, O> {
        let (client, operation) = self.into_parts();
        Pages::new(client, operation)
    }
}
