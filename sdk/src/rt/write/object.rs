//! Writes objects: their members, and those without a field.

use super::text::write_name;
use super::{Open, Out, Purpose, Write, Writer};
use crate::rt::extra::{Extra, Kind, Unread};
use crate::rt::{Constant, Invalid, Map, writer};

/// An open object.
#[allow(
    missing_debug_implementations,
    reason = "holds text that is not to be shown"
)]
pub struct Object<'w, 'a> {
    pub(super) to: &'w mut Writer<'a>,
    pub(super) extra: Option<&'a Extra>,
    /// Whether all names are free, so that no member is omitted.
    pub(super) is_open: bool,
    /// Whether no name of the type needs escaping.
    pub(super) are_plain: bool,
    /// The start of the names of this object in [`Writer::with_fields`].
    pub(super) with_fields: usize,
    pub(super) is_first: bool,
    pub(super) free: usize,
}

/// In place of a secret.
struct Hidden;

static HIDDEN: Hidden = Hidden;

impl Write for Hidden {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        to.word("…");
    }
}

impl<'a> Object<'_, 'a> {
    /// A member that has one value. If another one was received, only requests have the documented one.
    pub fn constant(&mut self, name: &'static str, value: Constant) {
        let is_request = self.to.purpose.is_request();
        if let Some(extra) = self.extra {
            let is_other = match extra.kind(name) {
                Some(Kind::Unknown) => !is_request,
                Some(_) => true,
                None => !is_request && extra.is_left_out(name),
            };
            if is_other {
                return;
            }
        }
        self.member(name, false, |to| value.put(to));
    }

    /// A read-only member that has one value: requests omit it.
    pub fn read_only_constant(&mut self, name: &'static str, value: Constant) {
        if !self.to.purpose.is_request() {
            self.constant(name, value);
        }
    }

    /// A write-only member that has one value: responses omit it.
    pub fn write_only_constant(&mut self, name: &'static str, value: Constant) {
        if self.to.purpose != Purpose::Response {
            self.constant(name, value);
        }
    }

    /// A member that may be absent.
    // Most are: inlined, that costs a comparison.
    #[inline]
    pub fn optional<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if self.extra.is_some() || !value.is_absent() {
            self.present(name, writer(value));
        }
    }

    /// A member that is always there.
    #[inline]
    pub fn guaranteed<T: Write>(&mut self, name: &'static str, value: &'a T) {
        self.optional(name, value);
    }

    /// A required member of requests.
    #[inline]
    pub fn required<T: Write>(&mut self, name: &'static str, value: &'a T) {
        self.optional(name, value);
        if value.is_absent() {
            self.missing(name);
        }
    }

    /// A read-only member. A user can still set it with `extra`.
    #[inline]
    pub fn read_only<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.to.purpose.is_request() {
            self.optional(name, value);
        } else if let Some(extra) = self.extra {
            self.leave_out(extra, name);
        }
    }

    /// A write-only member. It may be secret.
    #[inline]
    pub fn write_only<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if self.to.purpose != Purpose::Response && !self.hides(name, value) {
            self.optional(name, value);
        }
    }

    /// A secret member that may be absent.
    pub fn secret<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.hides(name, value) {
            self.optional(name, value);
        }
    }

    /// A secret member that is always there.
    pub fn secret_guaranteed<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.hides(name, value) {
            self.guaranteed(name, value);
        }
    }

    /// A secret required member of requests.
    pub fn secret_required<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.hides(name, value) {
            self.required(name, value);
        }
    }

    /// A secret read-only member.
    pub fn secret_read_only<T: Write>(&mut self, name: &'static str, value: &'a T) {
        if !self.hides(name, value) {
            self.read_only(name, value);
        }
    }

    /// Replaces a member if secrets are hidden; returns whether they are.
    fn hides(&mut self, name: &'static str, value: &dyn Write) -> bool {
        if self.to.hides {
            let is_extra = self.extra.is_some_and(|extra| extra.kind(name).is_some());
            if is_extra || !value.is_absent() {
                self.present(name, &HIDDEN);
            }
        }
        self.to.hides
    }

    fn present(&mut self, name: &'static str, value: &'a dyn Write) {
        if let Some(extra) = self.extra {
            self.note(extra, name, value);
            if value.is_absent() {
                return;
            }
        }
        self.member(name, false, |to| value.write(to));
    }

    /// Records a missing required member.
    fn missing(&mut self, name: &'static str) {
        if self.to.purpose == Purpose::Request && self.to.fault.is_none() && !self.is_null(name) {
            let why = self.extra.and_then(|extra| extra.why(name));
            let fault = match why {
                Some(why) => Invalid::of_parts(why.path.clone(), why.what.clone()),
                None => Invalid::new("missing required value"),
            };
            self.to.fault = Some(fault.under(name));
        }
    }

    /// Omits a member, including its unread value.
    fn leave_out(&mut self, extra: &'a Extra, name: &'static str) {
        if let Some(Kind::Unread(_)) = extra.kind(name) {
            self.to.with_fields.extend(extra.name(name));
        }
    }

    /// Members of one type with free names.
    pub fn additional<T: Write>(&mut self, members: &'a Map<T>) {
        for (name, value) in members {
            self.entry(name, value);
        }
    }

    /// A member with a free name.
    pub fn entry(&mut self, name: &'a str, value: &'a dyn Write) {
        self.free += 1;
        self.member(name, true, |to| value.write(to));
    }

    /// Completes the object.
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

    /// Checks whether a member with a field is also among the others.
    fn note(&mut self, extra: &'a Extra, name: &'static str, value: &dyn Write) {
        let Some(kind) = extra.kind(name) else {
            return;
        };
        if self.to.purpose == Purpose::Request
            && matches!(kind, Kind::Set)
            && self.to.fault.is_none()
        {
            let fault = Invalid::new("is set with `extra`, but has its own setter");
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
