//! Reads lists: an item that does not match is kept as an unread item.

use super::{DeserializeSeed, Deserializer, Outcome, Seed, SeqAccess, Session, UNEXPECTED_NULL};
use crate::rt::{Invalid, Items, Json, UnreadItem};

pub(super) fn list<'de, A: SeqAccess<'de>>(
    items: &mut dyn Items,
    session: &Session,
    mut source: A,
) -> Result<Outcome, A::Error> {
    items.begin();
    for index in 0_usize.. {
        let item = Item {
            items: &mut *items,
            session,
            index,
        };
        if source.next_element_seed(item)?.is_none() {
            break;
        }
    }
    Ok(Outcome::Read)
}

/// One more item of a list.
struct Item<'a> {
    items: &'a mut dyn Items,
    session: &'a Session,
    index: usize,
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let session = self.session;
        let Some(into) = self.items.grow() else {
            return Ok(());
        };
        let (json, why) = match (Seed { into, session }).deserialize(deserializer)? {
            Outcome::Read => return Ok(()),
            Outcome::Null if self.items.keeps_null() => return Ok(()),
            Outcome::Null => (Json::Null, Invalid::new(UNEXPECTED_NULL).into()),
            Outcome::EmptyText => ("".into(), Invalid::new("unexpected empty text").into()),
            Outcome::Unread(misfit) => (misfit.json, misfit.why),
        };
        session.doubt(|doubt| doubt.unread_items += 1);
        self.items.shrink();
        self.items.keep(UnreadItem {
            index: self.index,
            json,
            why,
        });
        Ok(())
    }
}
