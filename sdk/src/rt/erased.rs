//! Values as trait objects.
//!
//! A trait object can drop its value, so rustc compiles what dropping the type takes into each codegen unit that makes
//! one, with all types in it. A generic function that is not inlined belongs to the unit of its module: generated types
//! are made trait objects here only, by these functions and by `#[inline]` methods that only these reach. The rest of
//! the crate does without.

use super::{Choose, Members, Place, Read, Write};

/// Returns a value to be read.
#[inline(never)]
pub fn reader<T: Read>(value: &mut T) -> &mut dyn Read {
    value
}

/// Returns a value to be written.
#[inline(never)]
pub fn writer<T: Write>(value: &T) -> &dyn Write {
    value
}

/// Returns the place of an object.
#[inline(never)]
pub fn object<T: Members>(value: &mut T) -> Place<'_> {
    Place::Object(value)
}

/// Returns the place of a union.
#[inline(never)]
pub fn choice<T: Choose>(value: &mut T) -> Place<'_> {
    Place::Choice(value)
}
