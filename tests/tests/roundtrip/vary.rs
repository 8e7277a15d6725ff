//! The same values as a newer or a thriftier server would send them.

use serde_json::{Map, Value, json};

use crate::schema::{Said, Schemas, Site};

/// A name that no schema has.
const MEMBER: &str = "a member: of \"tomorrow\"";
/// A value that no list has.
const TEXT: &str = "a value of tomorrow";
const NUMBER: i64 = 987_654_321;

/// Whether it stands where a value out of a list stood.
pub(crate) fn is_new(value: &Value) -> bool {
    *value == TEXT || *value == NUMBER
}

/// A change to a value and all in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Each object has a member more than its schema knows.
    UnknownMember,
    /// Each value out of a list is one that is not in the list.
    UnknownValue,
    /// What one of several schemas says is of a kind that none of them is.
    UnknownKind,
    /// Each object has what its schema requires and nothing else.
    OnlyRequired,
    /// The same of an answer, which has what is promised besides.
    OnlyPromised,
    /// Objects have nothing that only the server sets.
    NothingReadOnly,
}

impl Change {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UnknownMember => ", unknown member",
            Self::UnknownValue => ", unknown value",
            Self::UnknownKind => ", unknown kind",
            Self::OnlyRequired | Self::OnlyPromised => ", only required",
            Self::NothingReadOnly => ", nothing read-only",
        }
    }

    /// The changed value; nothing where there is nothing to change.
    pub(crate) fn of(self, schemas: &Schemas, site: &Site<'_>, value: &Value) -> Option<Value> {
        let mut made = Made {
            change: self,
            schemas,
            changes: 0,
        };
        let value = made.value(std::slice::from_ref(site), value);
        (made.changes > 0).then_some(value)
    }
}

struct Made<'d> {
    change: Change,
    schemas: &'d Schemas,
    changes: usize,
}

impl<'d> Made<'d> {
    fn value(&mut self, sites: &[Site<'d>], value: &Value) -> Value {
        let said = self.schemas.said(sites, value);
        match value {
            Value::Object(object) => self.object(&said, object),
            Value::Array(list) => {
                let sites = said.items();
                let items = list.iter().map(|item| self.value(&sites, item));
                items.collect()
            }
            Value::String(_) if self.change == Change::UnknownValue && said.values().is_some() => {
                self.changes += 1;
                TEXT.into()
            }
            Value::Number(_) if self.change == Change::UnknownValue && said.values().is_some() => {
                self.changes += 1;
                NUMBER.into()
            }
            other => other.clone(),
        }
    }

    fn object(&mut self, said: &Said<'d>, object: &Map<String, Value>) -> Value {
        let known = said.members();
        let additional = said.additional();
        let is_tag = |name: &str| {
            said.told_by == Some(name) || said.tags.iter().any(|(tag, _)| *tag == name)
        };
        if self.change == Change::UnknownKind
            && let Some(tag) = said.told_by
        {
            self.changes += 1;
            let mut object = object.clone();
            object.insert(tag.to_owned(), TEXT.into());
            return object.into();
        }
        let required = said.required(self.change == Change::OnlyPromised);
        let only_required = matches!(self.change, Change::OnlyRequired | Change::OnlyPromised);
        let mut out = Map::new();
        for (name, value) in object {
            let value = match (known.get(name.as_str()), &additional) {
                // Which kind of object it is stays as it is.
                _ if is_tag(name) => value.clone(),
                (Some(_), _) if only_required && !required.contains(name.as_str()) => {
                    self.changes += 1;
                    continue;
                }
                (Some(sites), _)
                    if self.change == Change::NothingReadOnly
                        && self.schemas.said(sites, value).is_read_only() =>
                {
                    self.changes += 1;
                    continue;
                }
                (Some(sites), _) => self.value(sites, value),
                (None, Some(site)) => self.value(std::slice::from_ref(site), value),
                (None, None) => value.clone(),
            };
            out.insert(name.clone(), value);
        }
        if self.change == Change::UnknownMember && !known.is_empty() && additional.is_none() {
            self.changes += 1;
            out.insert(
                MEMBER.to_owned(),
                json!({ "is": [1, null, { "new": true }] }),
            );
        }
        out.into()
    }
}
