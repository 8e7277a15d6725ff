//! Operations whose response can have several media types.

use std::fmt;

use super::{FromResponse, Info, Operation, PartialCall, RawResponse, Request, Transport};
use crate::Error;

/// An operation whose response can have another media type than the usual one. `N` numbers these media types.
pub trait Offers<const N: usize>: Operation {
    /// The value of a response of this media type.
    type Value: FromResponse;

    /// The media type.
    const MEDIA_TYPE: &'static str;
}

/// An operation that requests another media type of its response than the usual one. Returned by the method of that name
/// of the operation, such as `as_pdf`.
pub struct As<O, const N: usize>(O);

impl<O: Offers<N>, const N: usize> As<O, N> {
    /// Returns the operation with this media type.
    pub fn new(operation: O) -> Self {
        Self(operation)
    }
}

impl<O, const N: usize> As<O, N> {
    /// Returns the operation itself.
    pub fn operation(&self) -> &O {
        &self.0
    }
}

impl<O: Offers<N>, const N: usize> Operation for As<O, N> {
    type Output = O::Value;
    type ErrorResponse = O::ErrorResponse;
    type Headers = O::Headers;

    const INFO: &'static Info = &Info {
        accept: O::MEDIA_TYPE,
        ..*O::INFO
    };

    fn is_repeatable(&self) -> bool {
        self.0.is_repeatable()
    }

    fn complete(&mut self) {
        self.0.complete();
    }

    fn request(&self) -> Result<Request, Error> {
        self.0.request()
    }

    fn error_response(response: &RawResponse) -> Result<O::ErrorResponse, Error> {
        O::error_response(response)
    }

    fn headers(headers: &http::HeaderMap) -> O::Headers {
        O::headers(headers)
    }
}

impl<O: Clone, const N: usize> Clone for As<O, N> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<O: PartialEq, const N: usize> PartialEq for As<O, N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<O: fmt::Debug, const N: usize> fmt::Debug for As<O, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("As").field(&self.0).finish()
    }
}

impl<C: Transport, O: Operation, State> PartialCall<C, O, State> {
    /// Sends it, and requests another media type of the response.
    pub fn send_as<const N: usize>(self) -> C::Sent<O::Value>
    where
        O: Offers<N>,
    {
        let (client, operation) = self.into_parts();
        client.dispatch(As::<O, N>::new(operation))
    }
}

/// Implements the other media types of an operation's response: each with its number, the names of its methods, and its
/// value.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_offers {
    ($builder:ident<$client:ident $(, $state:ident)*> => $operation:ident {
        $($number:literal $media_type:literal $as:ident $send_as:ident: $value:ty,)*
    }) => {
        $crate::__rt_offers!(@operation $operation { $($number $media_type $as: $value,)* });
        $crate::__rt_offers!(
            @builder $builder<$client $(, $state)*> { $($number $media_type $send_as: $value,)* }
        );
    };
    (@operation $operation:ident { $($number:literal $media_type:literal $as:ident: $value:ty,)* }) => {
        $(impl $crate::rt::Offers<$number> for $operation {
            type Value = $value;
            const MEDIA_TYPE: &'static str = $media_type;
        })*
        impl $operation {
            $(
                #[doc = concat!("Returns the operation that requests a response as `", $media_type, "`.")]
                pub fn $as(self) -> $crate::rt::As<Self, $number> {
                    $crate::rt::As::new(self)
                }
            )*
        }
    };
    (@builder $builder:ident<$client:ident $(, $state:ident)*> {}) => {};
    (@builder $builder:ident<$client:ident $(, $state:ident)*> {
        $number:literal $media_type:literal $send_as:ident: $value:ty, $($more:tt)*
    }) => {
        $crate::__rt_offers!(@builder $builder<$client $(, $state)*> { $($more)* });
        impl<$client $(, $state)*> $builder<$client $(, $state)*> {
            #[doc = concat!("Sends the operation and requests a response as `", $media_type, "`. Returns its value.")]
            pub fn $send_as(self) -> $client::Sent<$value>
            where
                $client: $crate::rt::Transport,
                $($state: $crate::rt::IsSet,)*
            {
                self.partial.send_as::<$number>()
            }
        }
    };
}
