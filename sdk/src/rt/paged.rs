//! What generated code says about lists that come in pages.

use std::fmt;

use super::{Build, Node, Operation, Read, Transport, Write, read};
use crate::Number;
use crate::page::{Items, Pages};

/// An operation that gives one page of a list.
pub trait Paged: Operation {
    /// What is listed.
    type Item: Send + 'static;

    /// The parameters that say where a page begins.
    fn cursor(&mut self) -> Vec<CursorPart<'_>>;

    /// Where the next page begins.
    fn next(&self, answer: &Self::Answer) -> Next;

    /// What is on the page.
    fn items(answer: Self::Answer) -> Vec<Self::Item>;
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
            let number = text.parse::<i64>().map(Number::from).map(Node::Number);
            let number = number.ok().and_then(|number| read::<T>(number).ok());
            number.or_else(|| read(Node::Text(text.into())).ok())
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
    let text = match value?.write() {
        Node::Text(text) | Node::Word(text) => text.into_owned(),
        Node::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
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

    /// Behind the last item. When there is none, this was the last page.
    pub fn behind<T, const N: usize>(
        last: Option<&T>,
        parts: impl FnOnce(&T) -> [Option<String>; N],
    ) -> Self {
        last.map_or(Self::End, |last| Self::complete(parts(last)))
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

/// The pages of the list that a builder has built.
pub fn pages<C: Transport, O: Paged>(builder: impl Build<C, O>) -> Pages<C, O> {
    let (client, operation) = builder.finish();
    Pages::new(client, operation)
}

/// The items of the list that a builder has built.
pub fn items<C: Transport, O: Paged>(builder: impl Build<C, O>) -> Items<C, O> {
    Items::new(pages(builder))
}
