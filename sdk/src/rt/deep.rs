//! A value whose type the compiler does not check recursively.
//!
//! To prove that a type is `Send`, the compiler checks all types in it, and fails at a depth of 128. Types of large
//! documents are nested far deeper, and users that spawn a task would need to raise that limit. A [`Deep`] is `Send`
//! and `Sync` whatever it contains, because its constructor requires both of its value.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use super::{Place, Read, Write, Writer};

/// A value on the heap, as in a `Box`, but the compiler need not check its type to prove that it is `Send`.
pub struct Deep<T: 'static>(Box<dyn Held<T>>);

trait Held<T>: Send + Sync {
    fn get(&self) -> &T;
    fn get_mut(&mut self) -> &mut T;
    fn take(self: Box<Self>) -> T;
}

impl<T: Send + Sync> Held<T> for T {
    fn get(&self) -> &T {
        self
    }

    fn get_mut(&mut self) -> &mut T {
        self
    }

    fn take(self: Box<Self>) -> T {
        *self
    }
}

impl<T: Send + Sync> Deep<T> {
    /// Puts a value on the heap.
    pub fn new(value: T) -> Self {
        Self(Box::new(value))
    }
}

impl<T> Deep<T> {
    /// Returns the value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0.take()
    }
}

impl<T> Deref for Deep<T> {
    type Target = T;

    fn deref(&self) -> &T {
        (*self.0).get()
    }
}

impl<T> DerefMut for Deep<T> {
    fn deref_mut(&mut self) -> &mut T {
        (*self.0).get_mut()
    }
}

impl<T: Send + Sync> From<T> for Deep<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Clone + Send + Sync> Clone for Deep<T> {
    fn clone(&self) -> Self {
        Self::new(T::clone(self))
    }
}

impl<T: Default + Send + Sync> Default for Deep<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: PartialEq> PartialEq for Deep<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: fmt::Debug> fmt::Debug for Deep<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: Read + Send + Sync> Read for Deep<T> {
    #[inline]
    fn blank() -> Self {
        Self::new(T::blank())
    }

    #[inline]
    fn place(&mut self) -> Place<'_> {
        T::place(self)
    }

    #[inline]
    fn clear(&mut self) {
        T::clear(self);
    }

    #[inline]
    fn keeps_null() -> bool {
        T::keeps_null()
    }
}

impl<T: Write> Write for Deep<T> {
    #[inline]
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        T::write(self, to);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_send_and_sync<T: Send + Sync>() {}

    #[test]
    fn it_is_send_whatever_it_holds() {
        // A cell is not `Sync`, and is rejected.
        is_send_and_sync::<Deep<std::cell::Cell<u8>>>();
        let mut deep = Deep::new(7);
        *deep += 1;
        assert_eq!(
            (deep.clone(), *deep, deep.into_inner()),
            (Deep::new(8), 8, 8)
        );
    }
}
