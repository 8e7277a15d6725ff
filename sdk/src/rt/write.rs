//! Writing of values: as JSON text, or as a tree for other formats.

mod object;
mod text;

use serde::{Serialize, Serializer};

pub use object::Object;
pub use text::are_plain;
use text::{write_bool, write_leaf, write_number, write_text, write_whole};

use super::extra::{Extra, Unread};
use super::node::Object as NodeObject;
use super::{Bytes, Constant, Invalid, Json, JsonObject, Node, UnreadItem};
use crate::{AccountId, Amount, Currency, Date, Number, Timestamp};

/// A type that can be written.
pub trait Write {
    /// Writes the value.
    fn write<'a>(&'a self, to: &mut Writer<'a>);

    /// Returns whether a member with this value is omitted.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The purpose of writing a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Storage: everything.
    Storage,
    /// A request: required members are checked; read-only members and received unknown members are omitted.
    Request,
    /// A stored request: as a request, but not checked yet.
    StoredRequest,
    /// A response, as the server would write it.
    Response,
}

impl Purpose {
    fn is_request(self) -> bool {
        matches!(self, Self::Request | Self::StoredRequest)
    }
}

/// The output of a writer.
#[allow(
    missing_debug_implementations,
    reason = "contains text that must not be shown"
)]
pub struct Writer<'a> {
    out: Out<'a>,
    purpose: Purpose,
    fault: Option<Invalid>,
    /// Extra members whose field is set, of all open objects.
    with_fields: Vec<&'a str>,
    /// Whether secret members are replaced.
    hides: bool,
}

enum Out<'a> {
    /// JSON text.
    Text(Vec<u8>),
    /// A tree: the open values, innermost last, and the complete one.
    Tree(Vec<Open<'a>>, Option<Node<'a>>),
    /// Only the unread places: the current place, and those found.
    Unread(Place, Vec<Unread>),
}

/// An open list or object.
enum Open<'a> {
    List(Vec<Node<'a>>),
    Object(NodeObject<'a>, Option<std::borrow::Cow<'a, str>>),
}

/// A place in a value, as a JSON path without `$`; once in full and once without free names.
#[derive(Default)]
struct Place {
    full: String,
    logged: String,
}

impl Place {
    fn lengths(&self) -> (usize, usize) {
        (self.full.len(), self.logged.len())
    }

    fn back_to(&mut self, (full, logged): (usize, usize)) {
        self.full.truncate(full);
        self.logged.truncate(logged);
    }

    fn name(&mut self, name: &str, is_free: bool) {
        Invalid::step(&mut self.full, name);
        Invalid::step(&mut self.logged, if is_free { "*" } else { name });
    }

    fn index(&mut self, index: usize) {
        use std::fmt::Write as _;
        // Writing to a String can't fail.
        let _ = write!(self.full, "[{index}]");
        let _ = write!(self.logged, "[{index}]");
    }
}

impl<'a> Writer<'a> {
    fn new(out: Out<'a>, purpose: Purpose) -> Self {
        Self {
            out,
            purpose,
            fault: None,
            with_fields: Vec::new(),
            hides: false,
        }
    }

    fn leaf(&mut self, node: Node<'a>) {
        match &mut self.out {
            Out::Text(text) => write_leaf(text, &node),
            Out::Tree(open, complete) => match open.last_mut() {
                Some(Open::List(items)) => items.push(node),
                Some(Open::Object(object, name)) => {
                    object.members.push((name.take().unwrap_or_default(), node));
                }
                None => *complete = Some(node),
            },
            Out::Unread(..) => {}
        }
    }

    /// `null`
    pub fn null(&mut self) {
        self.leaf(Node::Null);
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        match &mut self.out {
            Out::Text(text) => write_bool(text, value),
            _ => self.leaf(Node::Bool(value)),
        }
    }

    /// A whole number.
    pub fn whole(&mut self, number: i64) {
        match &mut self.out {
            Out::Text(text) => write_whole(text, number),
            _ => self.leaf(Node::Number(number.into())),
        }
    }

    /// A number.
    pub fn number(&mut self, number: Number) {
        if !number.is_finite() && self.fault.is_none() && !matches!(self.out, Out::Unread(..)) {
            self.fault = Some(Invalid::new(format!(
                "JSON can't represent the number {number}"
            )));
        }
        match &mut self.out {
            Out::Text(text) => write_number(text, &number),
            _ => self.leaf(Node::Number(number)),
        }
    }

    /// An integer of any size.
    pub(super) fn digits(&mut self, digits: &'a str) {
        match &mut self.out {
            Out::Text(text) => text.extend_from_slice(digits.as_bytes()),
            _ => self.leaf(Node::Digits(digits.into())),
        }
    }

    /// Free text, hidden in `Debug`.
    pub fn text(&mut self, text: &'a str) {
        match &mut self.out {
            Out::Text(out) => write_text(out, text),
            _ => self.leaf(Node::Text(text.into())),
        }
    }

    /// Bytes, as base64.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.leaf(Node::Text(crate::base64::encode(bytes).into()));
    }

    /// Text that may be shown.
    pub fn word(&mut self, text: &'a str) {
        match &mut self.out {
            Out::Text(out) => write_text(out, text),
            _ => self.leaf(Node::Word(text.into())),
        }
    }

    /// Free-form JSON.
    pub fn json(&mut self, json: &'a Json) {
        self.leaf(Node::Json(json));
    }

    /// A file of a multipart body.
    #[cfg(feature = "multipart")]
    pub(super) fn file(&mut self, file: &'a super::File) {
        if matches!(self.out, Out::Text(_)) && self.fault.is_none() {
            let what = "a file can only be sent in a multipart body";
            self.fault = Some(Invalid::new(what.to_owned()));
        }
        self.leaf(Node::File(file));
    }

    /// Starts an object of a type. `are_plain` is the result of [`are_plain`] for the names of its members.
    pub fn object<'w>(
        &'w mut self,
        type_name: &'static str,
        are_plain: bool,
        extra: &'a Extra,
    ) -> Object<'w, 'a> {
        self.begin_object(Some(type_name));
        Object {
            extra: (!extra.is_unused()).then_some(extra),
            is_open: false,
            are_plain,
            with_fields: self.with_fields.len(),
            is_first: true,
            free: 0,
            to: self,
        }
    }

    /// Starts a complete operation.
    pub fn operation<'w>(&'w mut self, name: &'static str) -> Object<'w, 'a> {
        // Fields of Rust.
        let mut object = self.object(name, true, &super::NO_EXTRA);
        object.constant(super::stored::OPERATION, Constant::Text(name));
        object
    }

    /// Starts an object with free names.
    pub fn map<'w>(&'w mut self, extra: &'a Extra) -> Object<'w, 'a> {
        self.begin_object(None);
        Object {
            extra: (!extra.is_empty()).then_some(extra),
            is_open: true,
            are_plain: false,
            with_fields: self.with_fields.len(),
            is_first: true,
            free: 0,
            to: self,
        }
    }

    fn begin_object(&mut self, type_name: Option<&'static str>) {
        match &mut self.out {
            Out::Text(text) => text.push(b'{'),
            Out::Tree(open, _) => {
                let object = NodeObject {
                    type_name,
                    ..NodeObject::default()
                };
                open.push(Open::Object(object, None));
            }
            Out::Unread(..) => {}
        }
    }

    /// Starts a list.
    pub fn list<'w>(&'w mut self, unread: &'a [UnreadItem]) -> List<'w, 'a> {
        match &mut self.out {
            Out::Text(text) => text.push(b'['),
            Out::Tree(open, _) => open.push(Open::List(Vec::new())),
            Out::Unread(..) => {}
        }
        List {
            unread,
            index: 0,
            to: self,
        }
    }

    /// Closes the open list or object.
    fn end(&mut self, bracket: u8) {
        let node = match &mut self.out {
            Out::Text(text) => {
                text.push(bracket);
                return;
            }
            Out::Tree(open, _) => match open.pop() {
                Some(Open::List(items)) => Node::List(items),
                Some(Open::Object(object, _)) => Node::Object(object),
                None => return,
            },
            Out::Unread(..) => return,
        };
        self.leaf(node);
    }
}

/// An open list.
#[allow(
    missing_debug_implementations,
    reason = "contains text that must not be shown"
)]
pub struct List<'w, 'a> {
    to: &'w mut Writer<'a>,
    unread: &'a [UnreadItem],
    /// The position of the next item.
    index: usize,
}

impl<'a> List<'_, 'a> {
    /// An item.
    pub fn item(&mut self, item: &'a dyn Write) {
        self.unread_before(false);
        self.put(item);
    }

    /// Completes the list.
    pub fn end(mut self) {
        self.unread_before(true);
        self.to.end(b']');
    }

    /// Unread items at this position.
    fn unread_before(&mut self, is_end: bool) {
        while let Some((first, rest)) = self.unread.split_first()
            && (is_end || first.index <= self.index)
        {
            self.unread = rest;
            if let Out::Unread(place, found) = &mut self.to.out {
                let before = place.lengths();
                place.index(first.index);
                found.push(Unread::at(
                    &place.full,
                    &place.logged,
                    &first.why,
                    &first.json,
                ));
                place.back_to(before);
            }
            self.put(&first.json);
        }
    }

    fn put(&mut self, item: &'a dyn Write) {
        if self.to.fault.is_some() {
            return;
        }
        let before = match &mut self.to.out {
            Out::Text(text) => {
                if self.index > 0 {
                    text.push(b',');
                }
                (0, 0)
            }
            Out::Tree(..) => (0, 0),
            Out::Unread(place, _) => {
                let before = place.lengths();
                place.index(self.index);
                before
            }
        };
        item.write(self.to);
        if let Out::Unread(place, _) = &mut self.to.out {
            place.back_to(before);
        }
        if self.to.fault.is_some() {
            self.to.fault = self.to.fault.take().map(|fault| fault.at(self.index));
        }
        self.index += 1;
    }
}

/// The value as a tree.
pub(super) fn tree(value: &dyn Write) -> Node<'_> {
    tree_for(value, Purpose::Storage).unwrap_or(Node::Null)
}

/// The value as a tree for `Debug`, without its secret members.
pub(super) fn shown_tree(value: &dyn Write) -> Node<'_> {
    let mut writer = Writer::new(Out::Tree(Vec::new(), None), Purpose::Storage);
    writer.hides = true;
    value.write(&mut writer);
    match writer.out {
        Out::Tree(_, Some(node)) => node,
        _ => Node::Null,
    }
}

/// A value of a request as a tree: a parameter, a form.
///
/// # Errors
/// A required value is missing, or a value can't be sent.
pub(super) fn request_tree(value: &dyn Write) -> Result<Node<'_>, Invalid> {
    if value.is_absent() {
        return Ok(Node::Null);
    }
    tree_for(value, Purpose::Request)
}

fn tree_for(value: &dyn Write, purpose: Purpose) -> Result<Node<'_>, Invalid> {
    let mut writer = Writer::new(Out::Tree(Vec::new(), None), purpose);
    value.write(&mut writer);
    // Not JSON text yet: values that can't be encoded are checked later.
    match (writer.out, writer.fault) {
        (_, Some(fault)) if purpose == Purpose::Request => Err(fault),
        (Out::Tree(_, Some(node)), _) => Ok(node),
        _ => Ok(Node::Null),
    }
}

/// Returns the value as JSON.
pub(super) fn json(value: &dyn Write) -> Json {
    tree(value).into_json()
}

/// The value as JSON text, as a request has it.
///
/// # Errors
/// A required value is missing, or a value can't be sent.
pub(super) fn request_text(value: &dyn Write) -> Result<Vec<u8>, Invalid> {
    text(value, Purpose::Request)
}

/// The value as JSON text, as the server would write it.
pub(super) fn response_text(value: &dyn Write) -> Result<Vec<u8>, Invalid> {
    text(value, Purpose::Response)
}

fn text(value: &dyn Write, purpose: Purpose) -> Result<Vec<u8>, Invalid> {
    let mut writer = Writer::new(Out::Text(Vec::with_capacity(256)), purpose);
    value.write(&mut writer);
    match (writer.out, writer.fault) {
        (_, Some(fault)) => Err(fault),
        (Out::Text(text), None) => Ok(text),
        _ => Ok(Vec::new()),
    }
}

/// Every place in the value that could not be read as documented.
#[must_use]
pub fn unread(value: &dyn Write) -> Vec<Unread> {
    let place = Place::default();
    let mut writer = Writer::new(Out::Unread(place, Vec::new()), Purpose::Storage);
    value.write(&mut writer);
    match writer.out {
        Out::Unread(_, found) => found,
        _ => Vec::new(),
    }
}

/// Writes through serde, so that a type can have `Serialize`.
///
/// # Errors
/// The error of the serializer.
pub fn serialize<S: Serializer>(value: &dyn Write, serializer: S) -> Result<S::Ok, S::Error> {
    tree(value).serialize(serializer)
}

/// Writes a complete operation through serde.
///
/// # Errors
/// The errors of [`serialize`], and a number that JSON can't represent.
pub fn serialize_operation<S: Serializer>(
    value: &dyn Write,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match tree_for(value, Purpose::StoredRequest) {
        Ok(node) => node.serialize(serializer),
        Err(fault) => Err(serde::ser::Error::custom(fault)),
    }
}

macro_rules! leaves {
    ($($ty:ty, $method:ident, $value:ident => $written:expr;)*) => {$(
        impl Write for $ty {
            fn write<'a>(&'a self, to: &mut Writer<'a>) {
                let $value = self;
                to.$method($written);
            }
        }
    )*};
}

leaves! {
    String, text, value => value;
    bool, bool, value => *value;
    i64, whole, value => *value;
    u64, number, value => (*value).into();
    f64, number, value => (*value).into();
    Number, number, value => *value;
    Amount, whole, value => value.minor_units();
    Currency, word, value => value.as_str();
    Timestamp, word, value => value.as_str();
    Date, word, value => value.as_str();
    AccountId, word, value => value.as_str();
    Json, json, value => value;
    Bytes, bytes, value => value;
}

/// Whether its names are free.
impl Write for JsonObject {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        let mut object = to.map(&super::NO_EXTRA);
        for (name, value) in self {
            object.entry(name, value);
        }
        object.end();
    }
}

impl<T: Write> Write for Box<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        T::write(self, to);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }
}

impl<T: Write> Write for Option<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        match self {
            Some(value) => value.write(to),
            None => to.null(),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
