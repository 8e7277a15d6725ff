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
    /// Each object has what its schema requires, what is guaranteed, and nothing else.
    OnlyRequired,
    /// Each object has what is guaranteed and nothing else.
    OnlyGuaranteed,
}

impl Change {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UnknownMember => ", unknown member",
            Self::UnknownValue => ", unknown value",
            Self::UnknownKind => ", unknown kind",
            Self::OnlyRequired => ", only required",
            Self::OnlyGuaranteed => ", only guaranteed",
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
        let stays = match self.change {
            Change::OnlyRequired => Some(&said.required() | &said.guaranteed()),
            Change::OnlyGuaranteed => Some(said.guaranteed()),
            _ => None,
        };
        let mut out = Map::new();
        for (name, value) in object {
            let value = match (known.get(name.as_str()), &additional) {
                // Which kind of object it is stays as it is.
                _ if is_tag(name) => value.clone(),
                (Some(_), _)
                    if (stays.as_ref()).is_some_and(|stays| !stays.contains(name.as_str())) =>
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
        // Where all other members have one type, a member is none that nobody knows.
        let is_open = additional.is_none_or(|site| self.schemas.takes(&[site]).is_any());
        if self.change == Change::UnknownMember && is_open {
            self.changes += 1;
            out.insert(
                MEMBER.to_owned(),
                json!({ "is": [1, null, { "new": true }] }),
            );
        }
        out.into()
    }
}
