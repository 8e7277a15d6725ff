//! Builders that compile only when every required value has been given.

use std::{fmt, marker::PhantomData};

use super::{Map, Operation, Response, Transport};

/// A required value that has not been given yet; `Name` says which.
pub struct Missing<Name>(PhantomData<fn() -> Name>);

impl<Name> Missing<Name> {
    /// The state every required value starts in.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Name> Default for Missing<Name> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Name> Clone for Missing<Name> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<Name> fmt::Debug for Missing<Name> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Missing")
    }
}

/// A required value that has been given.
#[derive(Clone)]
pub struct Set<T>(pub T);

/// Hides the value: it may be personal.
impl<T> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Set")
    }
}

/// Holds once a required value has been given.
#[diagnostic::on_unimplemented(
    message = "a required value has not been set: `{Self}`",
    label = "call the setter of that name first"
)]
pub trait Given<T> {
    /// The value.
    fn take(self) -> T;
}

impl<T> Given<T> for Set<T> {
    fn take(self) -> T {
        self.0
    }
}

/// What a setter of a list was given.
pub fn list<T>(items: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

/// What a setter of a map was given.
pub fn map<T>(members: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>) -> Map<T> {
    members
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// A builder of an operation that has all it needs.
pub trait Build<C, O> {
    /// Takes the builder apart: what carries the operation, and the operation.
    fn finish(self) -> (C, O);
}

/// Sends what a builder has built.
pub fn send<C: Transport, O: Operation>(builder: impl Build<C, O>) -> C::Sent<O::Answer> {
    let (client, operation) = builder.finish();
    client.dispatch(operation)
}

/// Sends what a builder has built, for the whole response.
pub fn send_with_response<C: Transport, O: Operation>(
    builder: impl Build<C, O>,
) -> C::Sent<Response<O>> {
    let (client, operation) = builder.finish();
    client.dispatch_with_response(operation)
}

/// `Debug` that shows the name of the type only.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_hidden {
    ($name:ident $(, $parameter:ident)*) => {
        impl<$($parameter),*> ::core::fmt::Debug for $name<$($parameter),*> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// `Debug` of an operation: what it is, not what it says.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_operation {
    ($name:ident) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug_operation::<Self>(stringify!($name), f)
            }
        }
    };
}
