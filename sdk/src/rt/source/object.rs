//! Reads objects: each member into its place, and members without one into `extra`.

use std::borrow::Cow;

use super::{MapAccess, Outcome, Seed, Session, Text};
use crate::rt::{Constant, Invalid, Json, Members, extra, write};

pub(super) fn object<'de, A: MapAccess<'de>>(
    members: &mut dyn Members,
    session: &Session,
    first: Option<Cow<'de, str>>,
    mut source: A,
) -> Result<Outcome, A::Error> {
    let mut object = Object::new(members, session);
    let mut next = first;
    while let Some(name) = next {
        if let Some(constant) = object.constant(&name) {
            let json = source.next_value::<Json>()?;
            if !constant.is(&json) {
                object.unknown(&name, json);
            }
            if !object.guaranteed.is_empty() {
                object.read(&name);
            }
            next = source.next_key_seed(Text)?;
            continue;
        }
        match object.members.member(&name) {
            Some(into) => {
                let outcome = source.next_value_seed(Seed { into, session })?;
                if let Outcome::Read = outcome {
                    if !object.guaranteed.is_empty() {
                        object.read(&name);
                    }
                } else {
                    object.took(&name, outcome);
                }
            }
            None => {
                let json = source.next_value::<Json>()?;
                object.unknown(&name, json);
            }
        }
        next = source.next_key_seed(Text)?;
    }
    Ok(object.end())
}

/// A place in a set of 64.
fn bit(index: usize) -> u64 {
    if index < 64 { 1 << index } else { 0 }
}

/// An object that is being read, and its guaranteed members so far.
pub(super) struct Object<'a> {
    members: &'a mut dyn Members,
    session: &'a Session,
    guaranteed: &'static [&'static str],
    constants: &'static [(&'static str, Constant)],
    /// Which of them were read.
    constants_read: u64,
    /// The guaranteed members that were read: of the first 64, and the others.
    seen: u64,
    seen_beyond: Vec<usize>,
    twice: Option<&'static str>,
}

impl<'a> Object<'a> {
    pub(super) fn new(members: &'a mut dyn Members, session: &'a Session) -> Self {
        members.begin();
        let (guaranteed, constants) = (members.guaranteed(), members.constants());
        Self {
            members,
            session,
            guaranteed,
            constants,
            constants_read: 0,
            seen: 0,
            seen_beyond: Vec::new(),
            twice: None,
        }
    }

    fn read(&mut self, name: &str) {
        if let Some(index) = self.guaranteed.iter().position(|known| *known == name) {
            if self.has_seen(index) {
                self.twice = self.guaranteed.get(index).copied();
            } else if index < 64 {
                self.seen |= bit(index);
            } else {
                self.seen_beyond.push(index);
            }
        }
    }

    fn has_seen(&self, index: usize) -> bool {
        self.seen & bit(index) != 0 || self.seen_beyond.contains(&index)
    }

    #[cold]
    fn took(&mut self, name: &str, outcome: Outcome) {
        match outcome {
            Outcome::Read => self.read(name),
            Outcome::Null | Outcome::EmptyText => {
                let is_text = matches!(outcome, Outcome::EmptyText);
                if !self.members.keeps_null() {
                    self.members.discard(name);
                }
                if self.session.is_request {
                    self.members.extra().set_null(name);
                } else if is_text {
                    // No value, but written back as received.
                    self.members
                        .extra()
                        .put(name, "".into(), extra::Kind::Unknown);
                }
            }
            Outcome::Unread(misfit) => {
                self.session.doubt(|doubt| doubt.unread += 1);
                if let Some(into) = self.members.member(name) {
                    into.clear();
                }
                self.members.discard(name);
                self.members.extra().keep(name, misfit.json, misfit.why);
            }
        }
    }

    fn constant(&mut self, name: &str) -> Option<Constant> {
        let mut constants = self.constants.iter();
        let constant = constants.position(|(known, _)| *known == name)?;
        self.constants_read |= bit(constant);
        Some(self.constants.get(constant)?.1)
    }

    fn unknown(&mut self, name: &str, json: Json) {
        let kind = match self.session.is_request {
            true => extra::Kind::Set,
            false => extra::Kind::Unknown,
        };
        self.session.doubt(|doubt| doubt.unknown += 1);
        self.members.extra().put(name, json, kind);
    }

    pub(super) fn end(mut self) -> Outcome {
        if self.constants_read.count_ones() as usize != self.constants.len()
            && !self.session.is_request
        {
            self.leave_out_constants();
        }
        let seen = self.seen.count_ones() as usize + self.seen_beyond.len();
        if seen == self.guaranteed.len() && self.twice.is_none() {
            return Outcome::Read;
        }
        self.unread()
    }

    /// A value without its constants is written back without them.
    #[cold]
    fn leave_out_constants(&mut self) {
        for (index, (name, _)) in self.constants.iter().enumerate() {
            if index < 64 && self.constants_read & bit(index) == 0 {
                self.members.extra().leave_out(name);
            }
        }
    }

    #[cold]
    fn unread(self) -> Outcome {
        let mut names = self.guaranteed.iter().enumerate();
        let missing = names.find(|(index, _)| !self.has_seen(*index));
        let why = match (missing, self.twice) {
            (Some((_, name)), _) => match self.members.extra().why(name) {
                Some(why) => Invalid::of_parts(why.path.clone(), why.what.clone()).under(name),
                None => Invalid::new("missing").under(name),
            },
            (None, name) => Invalid::new("duplicate member").under(name.unwrap_or_default()),
        };
        Outcome::unread(self.json(), why)
    }

    /// Returns the read members as JSON.
    fn json(self) -> Json {
        let missing: Vec<bool> = (0..self.guaranteed.len())
            .map(|index| !self.has_seen(index))
            .collect();
        let extra = self.members.extra().clone();
        let mut json = write::json(&*self.members);
        for (name, is_missing) in self.guaranteed.iter().zip(missing) {
            if is_missing && let Json::Object(members) = &mut json {
                members.remove(*name);
                if let Some(value) = extra.get(name) {
                    members.insert((*name).to_owned(), value.clone());
                }
            }
        }
        json
    }
}
