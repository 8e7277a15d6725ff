//! Builders that compile only if every required value has been set: they contain the value itself, and their type has
//! the required values that are set.

use std::{fmt, marker::PhantomData};

use super::{Operation, Response, Transport};

/// A required value `Name` that has not been set yet.
#[derive(Debug)]
pub struct Missing<Name>(PhantomData<fn() -> Name>);

/// A required value that has been set.
#[derive(Debug)]
pub struct Set(());

/// Implemented once a required value has been set.
#[diagnostic::on_unimplemented(
    message = "a required value has not been set: `{Self}`",
    label = "call the setter of that name first"
)]
pub trait IsSet {}

impl IsSet for Set {}

/// An incomplete value; `State` has the required members that are set.
pub struct Partial<T, State = ()> {
    /// The value so far.
    pub value: T,
    state: PhantomData<fn() -> State>,
}

impl<T, State> Partial<T, State> {
    /// Returns the initial state.
    pub fn new(value: T) -> Self {
        Self {
            value,
            state: PhantomData,
        }
    }

    /// Returns the value with another required member set.
    pub fn set<Next>(self) -> Partial<T, Next> {
        Partial::new(self.value)
    }
}

impl<T: Clone, State> Clone for Partial<T, State> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

/// Hides the value, because it may be personal.
impl<T, State> fmt::Debug for Partial<T, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial").finish_non_exhaustive()
    }
}

/// An incomplete operation, and the client that will send it.
pub struct PartialCall<C, O, State = ()> {
    client: C,
    /// The operation so far.
    pub operation: O,
    state: PhantomData<fn() -> State>,
}

impl<C: Clone, O, State> PartialCall<C, O, State> {
    /// Returns the initial state.
    pub fn new(client: &C, operation: O) -> Self {
        Self {
            client: client.clone(),
            operation,
            state: PhantomData,
        }
    }
}

impl<C, O, State> PartialCall<C, O, State> {
    /// Returns the operation with another required value set.
    pub fn set<Next>(self) -> PartialCall<C, O, Next> {
        PartialCall {
            client: self.client,
            operation: self.operation,
            state: PhantomData,
        }
    }
}

impl<C, O: Operation, State> PartialCall<C, O, State> {
    /// Returns the complete operation.
    pub fn build(mut self) -> O {
        self.operation.complete();
        self.operation
    }

    pub(super) fn into_parts(mut self) -> (C, O) {
        self.operation.complete();
        (self.client, self.operation)
    }
}

impl<C: Transport, O: Operation, State> PartialCall<C, O, State> {
    /// Sends it.
    pub fn send(self) -> C::Sent<O::Output> {
        let (client, operation) = self.into_parts();
        client.dispatch(operation)
    }

    /// Sends it. Returns the whole response.
    pub fn send_with_response(self) -> C::Sent<Response<O>> {
        let (client, operation) = self.into_parts();
        client.dispatch_with_response(operation)
    }
}

#[cfg(feature = "event-stream")]
impl<C: super::EventTransport, O: super::Streams, State> PartialCall<C, O, State> {
    /// Sends it. Returns the events of the response.
    pub fn events(self) -> C::Sent<C::Events<O::Item>> {
        let (client, operation) = self.into_parts();
        client.dispatch_events(operation)
    }
}

impl<C: Clone, O: Clone, State> Clone for PartialCall<C, O, State> {
    fn clone(&self) -> Self {
        Self::new(&self.client, self.operation.clone())
    }
}

/// Hides the values, because they may be personal.
impl<C, O, State> fmt::Debug for PartialCall<C, O, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartialCall").finish_non_exhaustive()
    }
}

/// The common methods of builders of objects. After the type: initial values.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_builder {
    ($builder:ident $(<$($state:ident),*>)? => $value:ident $(, $field:ident: $start:expr)*) => {
        impl $value {
            /// Builder: set the values, then call `.build()`.
            #[inline]
            pub fn builder() -> $builder {
                #[allow(unused_mut)]
                let mut value: Self = $crate::rt::blank();
                $(value.$field = $start;)*
                $builder { partial: $crate::rt::Partial::new(value) }
            }
        }
        impl $(<$($state),*>)? $builder $(<$($state),*>)? {
            /// Sets a property without a setter, such as one unknown to this version. A property with a setter is an
            /// error when the request is sent.
            pub fn extra(
                mut self,
                name: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::rt::Json>,
            ) -> Self {
                self.partial.value.extra.insert(name, value);
                self
            }

            /// Builds the value.
            #[inline]
            pub fn build(self) -> $value
            $(where $($state: $crate::rt::IsSet),*)?
            {
                self.partial.value
            }
        }
        impl $(<$($state),*>)? ::core::clone::Clone for $builder $(<$($state),*>)? {
            #[inline]
            fn clone(&self) -> Self {
                Self { partial: self.partial.clone() }
            }
        }
        $crate::__rt_hidden!($builder $($(, $state)*)?);
    };
}

/// The common methods of builders of operations.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_call_builder {
    ($builder:ident<$client:ident $(, $state:ident)*> => $operation:ident -> $answer:ty $(, $with:ident)*) => {
        impl<$client $(, $state)*> $builder<$client $(, $state)*> {
            /// Builds the complete operation, to store it or to send it later.
            #[inline]
            pub fn build(self) -> $operation
            where
                $($state: $crate::rt::IsSet,)*
            {
                self.partial.build()
            }

            /// Sends the operation. Returns the value of the response: a [`SendFuture`](rt::SendFuture) of it from the
            /// async client, a `Result` from the blocking one. Awaiting the builder does the same.
            pub fn send(self) -> $client::Sent<$answer>
            where
                $client: $crate::rt::Transport,
                $($state: $crate::rt::IsSet,)*
            {
                self.partial.send()
            }

            /// Sends the operation. Returns the value with status and headers, as [`send`](Self::send) does the value.
            pub fn send_with_response(self) -> $client::Sent<$crate::rt::Response<$operation>>
            where
                $client: $crate::rt::Transport,
                $($state: $crate::rt::IsSet,)*
            {
                self.partial.send_with_response()
            }
        }
        impl<$client $(, $state)*> ::core::future::IntoFuture for $builder<$client $(, $state)*>
        where
            $client: $crate::rt::Transport,
            $client::Sent<$answer>: ::core::future::Future,
            $($state: $crate::rt::IsSet,)*
        {
            type Output = <$client::Sent<$answer> as ::core::future::Future>::Output;
            type IntoFuture = $client::Sent<$answer>;

            fn into_future(self) -> Self::IntoFuture {
                self.partial.send()
            }
        }
        impl<$client: ::core::clone::Clone $(, $state)*> ::core::clone::Clone for $builder<$client $(, $state)*> {
            #[inline]
            fn clone(&self) -> Self {
                Self { partial: self.partial.clone() }
            }
        }
        $crate::__rt_call_builder_with!([$($with)*] $builder<$client $(, $state)*> => $operation);
        $crate::__rt_hidden!($builder, $client $(, $state)*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_call_builder_with {
    ([] $($rest:tt)*) => {};
    ([body $($more:ident)*] $builder:ident<$client:ident $(, $state:ident)*> => $operation:ident) => {
        $crate::__rt_call_builder_with!([$($more)*] $builder<$client $(, $state)*> => $operation);
        impl<$client $(, $state)*> $builder<$client $(, $state)*> {
            /// Sets a property of the body without a setter, such as one unknown to this version. A property with a
            /// setter is an error when the request is sent.
            pub fn extra(
                mut self,
                name: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::rt::Json>,
            ) -> Self {
                self.partial.operation.body.extra.insert(name, value);
                self
            }
        }
    };
    ([lazy_body $($more:ident)*] $builder:ident<$client:ident $(, $state:ident)*> => $operation:ident) => {
        $crate::__rt_call_builder_with!([$($more)*] $builder<$client $(, $state)*> => $operation);
        impl<$client $(, $state)*> $builder<$client $(, $state)*> {
            /// Sets a property of the body without a setter, such as one unknown to this version. A property with a
            /// setter is an error when the request is sent.
            pub fn extra(
                mut self,
                name: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::rt::Json>,
            ) -> Self {
                let body = self.partial.operation.body.get_or_insert_with($crate::rt::blank);
                body.extra.insert(name, value);
                self
            }
        }
    };
    ([pages $($more:ident)*] $builder:ident<$client:ident $(, $state:ident)*> => $operation:ident) => {
        $crate::__rt_call_builder_with!([$($more)*] $builder<$client $(, $state)*> => $operation);
        impl<$client: $crate::rt::Transport $(, $state: $crate::rt::IsSet)*> $builder<$client $(, $state)*> {
            /// Returns the list page by page.
            pub fn pages(self) -> $crate::rt::Pages<$client, $operation> {
                self.partial.pages()
            }

            /// Returns the items of all pages.
            pub fn items(self) -> $crate::rt::PageItems<$client, $operation> {
                $crate::rt::PageItems::new(self.partial.pages())
            }
        }
    };
    ([events $($more:ident)*] $builder:ident<$client:ident $(, $state:ident)*> => $operation:ident) => {
        $crate::__rt_call_builder_with!([$($more)*] $builder<$client $(, $state)*> => $operation);
        impl<$client: $crate::rt::EventTransport $(, $state: $crate::rt::IsSet)*> $builder<$client $(, $state)*> {
            /// Sends the operation. Returns the events of the response while they arrive: a
            /// [`SendFuture`](rt::SendFuture) of an [`EventStream`](rt::EventStream) from the async client, an iterator
            /// from the blocking one.
            pub fn events(
                self,
            ) -> $client::Sent<$client::Events<<$operation as $crate::rt::Streams>::Item>> {
                self.partial.events()
            }
        }
    };
}

/// Types that are names of required values.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_required {
    ($($name:ident),* $(,)?) => {
        $(
            #[allow(missing_docs, reason = "the name says it")]
            #[allow(missing_debug_implementations, reason = "there are no values of it")]
            pub enum $name {}
        )*
    };
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
