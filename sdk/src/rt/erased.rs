//! Values as trait objects.
//!
//! A trait object can drop its value, so rustc compiles the drop code of its type, and of all types in it, into each
//! codegen unit that creates one. A generic function that is not inlined is compiled in the unit of its module. So these
//! functions create the trait objects of generated types: elsewhere the same drop code would be compiled again.

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
