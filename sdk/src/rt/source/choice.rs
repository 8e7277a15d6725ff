//! Chooses the type of a union for a value.

use super::{DeserializeSeed, Misfit, Outcome, Seed, Session};
use crate::rt::{Choose, Invalid, Json, Kind, Place, kind};

/// The mismatches of a value with a type. The type with the fewest is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Items of another kind than their list's.
    pub(super) unread_items: usize,
    /// Other values of another kind than documented.
    pub(super) unread: usize,
    /// Values of unions that match none of the types.
    pub(super) unrecognized: usize,
    /// Values that only tolerant rules accept.
    pub(super) tolerated: usize,
    /// Undocumented members and values.
    pub(super) unknown: usize,
}

impl Doubt {
    /// A list of other items is another list. Next, the unexplained values count. Of two equal ones, the type that has
    /// the names is chosen, and its places are listed.
    fn rank(self) -> [usize; 4] {
        let unexplained = self.unread + self.unrecognized + self.unknown;
        [self.unread_items, unexplained, self.unknown, self.tolerated]
    }
}

/// Reads a value as its type. If several match, the one with the fewest unread and unknown values.
pub(super) fn chosen(choice: &mut dyn Choose, json: Json, session: &Session) -> Outcome {
    let rows = choice.told();
    let kind = Kind::of(&json);
    if !rows.iter().any(|told| told.covers(kind)) {
        let expected = Place::Choice(choice).expected();
        let what = format!("expected {expected}, found {}", kind.describe());
        return Outcome::unread(json, Invalid::new(what));
    }
    let fitting = rows.iter().enumerate();
    let mut fitting: Vec<(usize, usize)> = fitting
        .filter_map(|(index, told)| Some((told.fits(&json)?, index)))
        .collect();
    // Stable: of those with as many constants, the first row first.
    fitting.sort_by_key(|&(constants, _)| std::cmp::Reverse(constants));
    let is_outermost = session.spare.get().is_none();
    if is_outermost && fitting.len() > 1 {
        session
            .spare
            .set(Some(kind::count(&json).saturating_mul(READ_AGAIN)));
    }
    let outcome = best(choice, &json, session, &fitting);
    if is_outermost {
        session.spare.set(None);
    }
    match outcome {
        Some(Outcome::Read) => Outcome::Read,
        Some(Outcome::Unread(misfit)) => Outcome::Unread(Box::new(Misfit {
            json,
            why: misfit.why,
        })),
        Some(Outcome::Null | Outcome::EmptyText) | None => {
            choice.unrecognized(json);
            session.doubt(|doubt| doubt.unrecognized += 1);
            Outcome::Read
        }
    }
}

/// Reads a value as the best of these types, each with its number of matching constants and its row.
fn best(
    choice: &mut dyn Choose,
    json: &Json,
    session: &Session,
    fitting: &[(usize, usize)],
) -> Option<Outcome> {
    let mut best: Option<(Doubt, usize, usize)> = None;
    let (mut first_failure, mut is_best_there) = (None, false);
    for (place, &(constants, index)) in fitting.iter().enumerate() {
        if best.is_some_and(|(_, known, _)| known > constants)
            || (place > 0 && !may_read_again(json, session))
        {
            break;
        }
        let (outcome, doubt) = attempt(choice, json, session, index);
        is_best_there = false;
        match outcome {
            Outcome::Read if best.is_none_or(|(least, ..)| doubt.rank() < least.rank()) => {
                best = Some((doubt, constants, index));
                is_best_there = true;
                if doubt == Doubt::default() {
                    break;
                }
            }
            Outcome::Read => {}
            failure => drop(first_failure.get_or_insert(failure)),
        }
    }
    let Some((mut doubt, _, index)) = best else {
        return first_failure;
    };
    if !is_best_there {
        (_, doubt) = attempt(choice, json, session, index);
    }
    session.doubt(|all| {
        all.unread_items += doubt.unread_items;
        all.unread += doubt.unread;
        all.unrecognized += doubt.unrecognized;
        all.tolerated += doubt.tolerated;
        all.unknown += doubt.unknown;
    });
    Some(Outcome::Read)
}

/// Reads a value as one of the types of a union. Returns the mismatches.
fn attempt(
    choice: &mut dyn Choose,
    json: &Json,
    session: &Session,
    index: usize,
) -> (Outcome, Doubt) {
    let before = session.doubt.take();
    let outcome = match choice.become_variant(index) {
        Some(into) => (Seed { into, session }).deserialize(json),
        None => Ok(Outcome::Null),
    };
    let doubt = session.doubt.replace(before);
    (outcome.unwrap_or(Outcome::Null), doubt)
}

/// Nested unions would be read again for each level and type. The values read again are limited to this multiple of the
/// received ones.
const READ_AGAIN: usize = 64;

fn may_read_again(json: &Json, session: &Session) -> bool {
    let left = session
        .spare
        .get()
        .and_then(|spare| spare.checked_sub(kind::count(json)));
    if left.is_none() {
        session.spare.set(Some(0));
        return false;
    }
    session.spare.set(left);
    true
}
