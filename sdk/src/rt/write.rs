//! How values are written: as JSON text, or as a tree where they become something else.

use serde::{Serialize, Serializer};

use super::extra::{Extra, Kind, Unread};
use super::node::Object as NodeObject;
use super::{Bytes, Invalid, Json, JsonObject, Node, UnreadItem};
use crate::{AccountId, Amount, Currency, Date, Number, Timestamp};

/// A type that can be written.
pub trait Write {
    /// Writes the value.
    fn write<'a>(&'a self, to: &mut Writer<'a>);

    /// Whether a member with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// What a value is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To be kept: everything.
    Storage,
    /// To be sent: what is required is there, and what only the server says is left out, as are unknown members that were
    /// read.
    Request,
    /// To be sent later: as a request, but nothing is checked yet.
    StoredRequest,
    /// As the server would write it.
    Response,
}

impl Purpose {
    fn is_request(self) -> bool {
        matches!(self, Self::Request | Self::StoredRequest)
    }
}

/// Takes a value as it is written.
#[allow(
    missing_debug_implementations,
    reason = "holds text that is not to be shown"
)]
pub struct Writer<'a> {
    out: Out<'a>,
    purpose: Purpose,
    fault: Option<Invalid>,
    /// Extra members whose field is there, of all objects that are open.
    with_fields: Vec<&'a str>,
}

enum Out<'a> {
    /// JSON text.
    Text(Vec<u8>),
    /// A tree: what is open, the innermost last, and what is complete.
    Tree(Vec<Open<'a>>, Option<Node<'a>>),
    /// Only what could not be read: the place that is being written, and what was found.
    Unread(Place, Vec<Unread>),
}

/// A list or an object in the making.
enum Open<'a> {
    List(Vec<Node<'a>>),
    Object(NodeObject<'a>, Option<std::borrow::Cow<'a, str>>),
}

/// A place in a value, as a JSON path without `$`; once in full and once without names that somebody chose.
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
            self.fault = Some(Invalid::new(format!("JSON has no number {number}")));
        }
        match &mut self.out {
            Out::Text(text) => write_number(text, &number),
            _ => self.leaf(Node::Number(number)),
        }
    }

    /// A whole number of any size.
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

    /// Text that names something and may be shown.
    pub fn word(&mut self, text: &'a str) {
        match &mut self.out {
            Out::Text(out) => write_text(out, text),
            _ => self.leaf(Node::Word(text.into())),
        }
    }

    /// JSON of a form that nobody described.
    pub fn json(&mut self, json: &'a Json) {
        self.leaf(Node::Json(json));
    }

    /// Begins an object of a type. `are_plain`: [`are_plain`] says so of the names of its members.
    pub fn object<'w>(
        &'w mut self,
        type_name: &'static str,
        are_plain: bool,
        extra: &'a Extra,
    ) -> Object<'w, 'a> {
        self.begin_object(Some(type_name));
        Object {
            extra: (!extra.is_empty()).then_some(extra),
            is_open: false,
            are_plain,
            with_fields: self.with_fields.len(),
            is_first: true,
            free: 0,
            to: self,
        }
    }

    /// Begins a complete operation.
    pub fn operation<'w>(&'w mut self, name: &'static str) -> Object<'w, 'a> {
        // Fields of Rust.
        let mut object = self.object(name, true, &super::NO_EXTRA);
        object.constant(super::stored::OPERATION, name);
        object
    }

    /// Begins an object whose names somebody chose.
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

    /// Begins a list.
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

    /// Closes what is open.
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

/// A value without parts, or JSON, as text.
fn write_leaf(text: &mut Vec<u8>, node: &Node<'_>) {
    let written = match node {
        Node::Bool(value) => return write_bool(text, *value),
        Node::Number(number) => return write_number(text, number),
        Node::Digits(digits) => {
            text.extend_from_slice(digits.as_bytes());
            return;
        }
        Node::Text(value) | Node::Word(value) => {
            return write_text(text, value);
        }
        Node::Json(json) => serde_json::to_writer(&mut *text, json),
        Node::Null | Node::List(_) | Node::Object(_) => {
            text.extend_from_slice(b"null");
            return;
        }
    };
    // Nothing that stands here can't be written.
    if written.is_err() {
        text.extend_from_slice(b"null");
    }
}

fn write_bool(text: &mut Vec<u8>, value: bool) {
    text.extend_from_slice(if value { b"true" } else { b"false" });
}

fn write_whole(text: &mut Vec<u8>, number: i64) {
    // Writing to a Vec can't fail.
    let _ = serde_json::to_writer(text, &number);
}

fn write_number(text: &mut Vec<u8>, number: &Number) {
    if let Some(whole) = number.as_i64() {
        write_whole(text, whole);
    } else if serde_json::to_writer(&mut *text, number).is_err() {
        // One that JSON has no form for was looked at before.
        text.extend_from_slice(b"null");
    }
}

/// Whether nothing in it may have to be escaped: so it is with most texts. Eight bytes at a time.
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // Whether a byte is below a limit of up to 128.
    let has_less =
        |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & (ONES * 128);
    let specials = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        let is = |byte: u8| has_less(word ^ (ONES * u64::from(byte)), 1);
        has_less(word, b' ') | is(b'"') | is(b'\\')
    };
    match text.last_chunk::<8>() {
        // The last word may have some of the one before once more.
        Some(last) => {
            let (words, _) = text.as_chunks::<8>();
            words
                .iter()
                .fold(specials(last), |found, word| found | specials(word))
                == 0
        }
        None => {
            let mut word = [b'0'; 8];
            word.iter_mut().zip(text).for_each(|(to, byte)| *to = *byte);
            specials(&word) == 0
        }
    }
}

fn write_text(into: &mut Vec<u8>, text: &str) {
    if is_plain(text.as_bytes()) {
        into.reserve(text.len() + 2);
        into.push(b'"');
        into.extend_from_slice(text.as_bytes());
        into.push(b'"');
    } else if serde_json::to_writer(&mut *into, text).is_err() {
        into.extend_from_slice(b"\"\"");
    }
}

/// Whether nothing in these names has to be escaped in JSON: looked at once, when the crate is compiled.
#[must_use]
pub const fn are_plain(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, others @ ..] = rest {
        let mut bytes = name.as_bytes();
        while let [byte, others @ ..] = bytes {
            if *byte < b' ' || matches!(*byte, b'"' | b'\\') {
                return false;
            }
            bytes = others;
        }
        rest = others;
    }
    true
}

/// A name and what stands around it.
fn write_name(into: &mut Vec<u8>, is_first: bool, name: &str, is_plain: bool) {
    into.reserve(name.len() + 4);
    match (is_first, is_plain) {
        (false, true) => into.extend_from_slice(b",\""),
        (true, true) => into.push(b'"'),
        (false, false) => into.push(b','),
        (true, false) => {}
    }
    if is_plain {
        into.extend_from_slice(name.as_bytes());
        into.extend_from_slice(b"\":");
    } else {
        write_text(into, name);
        into.push(b':');
    }
}

/// An object in the making.
#[allow(
    missing_debug_implementations,
    reason = "holds text that is not to be shown"
)]
pub struct Object<'w, 'a> {
    to: &'w mut Writer<'a>,
    extra: Option<&'a Extra>,
    /// All names in it were chosen by somebody: nothing of it is left out.
    is_open: bool,
    /// Nothing in the names of the type has to be escaped.
    are_plain: bool,
    /// From where on [`Writer::with_fields`] has names of this object.
    with_fields: usize,
    is_first: bool,
    free: usize,
}

impl<'a> Object<'_, 'a> {
    /// A member that always has this text.
    pub fn constant(&mut self, name: &'static str, value: &'static str) {
        if self.extra.is_some_and(|extra| extra.get(name).is_some()) {
            return;
        }
        self.member(name, false, |to| to.word(value));
    }

    /// A member that may be absent.
    // Most are: inlined, that costs a comparison.
    #[inline]
    pub fn optional<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if self.extra.is_some() || !value.is_absent() {
            self.present(name, value);
        }
    }

    /// A member that is always there.
    #[inline]
    pub fn guaranteed<T: Write>(&mut self, name: &'static str, value: &'a T) {
        self.optional(name, value);
    }

    /// A member that has to be there when the object is sent.
    #[inline]
    pub fn required<T: Write>(&mut self, name: &'static str, value: &'a T) {
        self.optional(name, value);
        if value.is_absent() {
            self.missing(name);
        }
    }

    /// A member that only the server says. A user who sets it with `extra` knows better than the document.
    #[inline]
    pub fn read_only<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.to.purpose.is_request() {
            self.optional(name, value);
        } else if let Some(extra) = self.extra {
            self.leave_out(extra, name);
        }
    }

    /// A member that only requests have.
    #[inline]
    pub fn write_only<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if self.to.purpose != Purpose::Response {
            self.optional(name, value);
        }
    }

    /// Not inlined: what dropping a type takes is then compiled for this module, and not for each that has the type in a
    /// member.
    #[inline(never)]
    fn present<T: Write>(&mut self, name: &'static str, value: &'a T) {
        self.known(name, value);
    }

    fn known(&mut self, name: &'static str, value: &'a dyn Write) {
        if let Some(extra) = self.extra {
            self.note(extra, name, value);
            if value.is_absent() {
                return;
            }
        }
        self.member(name, false, |to| value.write(to));
    }

    /// What has to be there when the object is sent is absent.
    fn missing(&mut self, name: &'static str) {
        if self.to.purpose == Purpose::Request && self.to.fault.is_none() && !self.is_null(name) {
            let why = self.extra.and_then(|extra| extra.why(name));
            let fault = match why {
                Some(why) => Invalid::of_parts(why.path.clone(), why.what.clone()),
                None => Invalid::new("missing, and required"),
            };
            self.to.fault = Some(fault.under(name));
        }
    }

    /// A member that is not sent: neither is what could not be read of it.
    fn leave_out(&mut self, extra: &'a Extra, name: &'static str) {
        if let Some(Kind::Unread(_)) = extra.kind(name) {
            self.to.with_fields.extend(extra.name(name));
        }
    }

    /// Members of one type whose names somebody chose.
    pub fn additional<T: Write>(&mut self, members: &'a super::Map<T>) {
        for (name, value) in members {
            self.entry(name, value);
        }
    }

    /// A member whose name somebody chose.
    pub fn entry(&mut self, name: &'a str, value: &'a dyn Write) {
        self.free += 1;
        self.member(name, true, |to| value.write(to));
    }

    /// The object is complete.
    pub fn end(mut self) {
        if let Some(extra) = self.extra {
            self.rest(extra);
            self.to.with_fields.truncate(self.with_fields);
        }
        if let Out::Tree(open, _) = &mut self.to.out
            && let Some(Open::Object(object, _)) = open.last_mut()
        {
            object.free = self.free;
        }
        self.to.end(b'}');
    }

    /// Looks whether a member with a field is among the others, too.
    fn note(&mut self, extra: &'a Extra, name: &'static str, value: &dyn Write) {
        let Some(kind) = extra.kind(name) else {
            return;
        };
        if self.to.purpose == Purpose::Request
            && matches!(kind, Kind::Set)
            && self.to.fault.is_none()
        {
            let fault = Invalid::new("is set with `extra`, and has a setter of its own");
            self.to.fault = Some(fault.under(name));
        }
        if !value.is_absent() {
            self.to.with_fields.extend(extra.name(name));
        }
    }

    fn is_null(&self, name: &str) -> bool {
        let kind = self.extra.and_then(|extra| extra.kind(name));
        kind.is_some_and(|kind| matches!(kind, Kind::Null))
    }

    fn member(&mut self, name: &'a str, is_free: bool, write: impl FnOnce(&mut Writer<'a>)) {
        if self.to.fault.is_some() {
            return;
        }
        let is_first = std::mem::replace(&mut self.is_first, false);
        match &mut self.to.out {
            Out::Text(text) => {
                write_name(text, is_first, name, self.are_plain && !is_free);
                write(self.to);
            }
            Out::Tree(open, _) => {
                if let Some(Open::Object(_, next)) = open.last_mut() {
                    *next = Some(name.into());
                }
                write(self.to);
            }
            Out::Unread(place, _) => {
                let before = place.lengths();
                place.name(name, is_free);
                write(self.to);
                if let Out::Unread(place, _) = &mut self.to.out {
                    place.back_to(before);
                }
            }
        }
        if self.to.fault.is_some() {
            self.to.fault = self.to.fault.take().map(|fault| fault.under(name));
        }
    }

    /// Members without a field.
    fn rest(&mut self, extra: &'a Extra) {
        for (name, json, kind) in extra.entries() {
            if self.to.with_fields[self.with_fields..].contains(&name) {
                continue;
            }
            if let Out::Unread(place, found) = &mut self.to.out {
                if let Kind::Unread(why) = kind {
                    let before = place.lengths();
                    place.name(name, self.is_open);
                    found.push(Unread::at(&place.full, &place.logged, why, json));
                    place.back_to(before);
                }
                continue;
            }
            let is_unknown = matches!(kind, Kind::Unknown);
            if is_unknown && self.to.purpose.is_request() && !self.is_open {
                continue;
            }
            self.free += 1;
            self.member(name, true, |to| to.json(json));
        }
    }
}

/// A list in the making.
#[allow(
    missing_debug_implementations,
    reason = "holds text that is not to be shown"
)]
pub struct List<'w, 'a> {
    to: &'w mut Writer<'a>,
    unread: &'a [UnreadItem],
    /// Place of the next item.
    index: usize,
}

impl<'a> List<'_, 'a> {
    /// An item.
    pub fn item(&mut self, item: &'a dyn Write) {
        self.unread_before(false);
        self.put(item);
    }

    /// The list is complete.
    pub fn end(mut self) {
        self.unread_before(true);
        self.to.end(b']');
    }

    /// Items that could not be read and stand here.
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

/// A value of a request as a tree: a parameter, a form.
///
/// # Errors
/// What is missing in it, or can't be sent.
pub(super) fn request_tree(value: &dyn Write) -> Result<Node<'_>, Invalid> {
    if value.is_absent() {
        return Ok(Node::Null);
    }
    tree_for(value, Purpose::Request)
}

fn tree_for(value: &dyn Write, purpose: Purpose) -> Result<Node<'_>, Invalid> {
    let mut writer = Writer::new(Out::Tree(Vec::new(), None), purpose);
    value.write(&mut writer);
    // Not JSON yet: what can't be written in it is looked at there.
    match (writer.out, writer.fault) {
        (_, Some(fault)) if purpose == Purpose::Request => Err(fault),
        (Out::Tree(_, Some(node)), _) => Ok(node),
        _ => Ok(Node::Null),
    }
}

/// The value as JSON of its own.
pub(super) fn json(value: &dyn Write) -> Json {
    tree(value).into_json()
}

/// The value as JSON text, as a request has it.
///
/// # Errors
/// What is missing in it, or can't be sent.
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
/// What the serializer can't write.
pub fn serialize<S: Serializer>(value: &dyn Write, serializer: S) -> Result<S::Ok, S::Error> {
    tree(value).serialize(serializer)
}

/// The same of a complete operation.
///
/// # Errors
/// As [`serialize`], and a number that JSON does not have.
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

/// Names in it were chosen by somebody.
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
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        T::write(self, to);
    }

    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }
}

impl<T: Write> Write for Option<T> {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        match self {
            Some(value) => value.write(to),
            None => to.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
