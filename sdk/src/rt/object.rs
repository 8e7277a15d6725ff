//! Objects and unions: generated code has a table of the members; the implementation is here.

use std::{fmt, marker::PhantomData};

use super::{Json, Write, Writer, node::Shown, write};

/// Shows a value: for a type of this crate without its free text, for one of another crate with it, unless the document
/// marks it as secret. `module` is the module of the type.
///
/// # Errors
/// Those of the formatter.
pub fn debug(value: &dyn Write, module: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_ours = module.split("::").next() == Some(env!("CARGO_CRATE_NAME"));
    match is_ours {
        true => fmt::Debug::fmt(&write::tree(value), f),
        false => fmt::Debug::fmt(&Shown(&write::shown_tree(value)), f),
    }
}

/// A value of the union `U` that is unknown to this version of the SDK, with its JSON.
///
/// Only the runtime creates one, if none of the known types matches.
pub struct UnrecognizedJson<U> {
    json: Json,
    of: PhantomData<fn() -> U>,
}

impl<U> UnrecognizedJson<U> {
    #[doc(hidden)]
    #[must_use]
    pub fn new(json: Json) -> Self {
        Self {
            json,
            of: PhantomData,
        }
    }

    /// Returns the value as received.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }
}

impl<U> Clone for UnrecognizedJson<U> {
    fn clone(&self) -> Self {
        Self::new(self.json.clone())
    }
}

impl<U> PartialEq for UnrecognizedJson<U> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

/// Hides the JSON, because it may be personal or secret.
impl<U> fmt::Debug for UnrecognizedJson<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

impl<U> Write for UnrecognizedJson<U> {
    fn write<'a>(&'a self, to: &mut Writer<'a>) {
        to.json(&self.json);
    }
}

/// Implements an object, from a table of its members: mode, JSON name and field.
///
/// The mode is a method of [`rt::Object`](crate::rt::Object): `optional`, `required` (in requests), `read_only`,
/// `write_only` and `guaranteed` (always present). The head has the members with one value: `constant "type" "card"`, or
/// `constant "v" (read_only integer 2)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_object {
    ($name:ident { $($rows:tt)* }) => {
        $crate::__rt_members!($name, blank, [], {}, [] { $($rows)* });
    };
    ($name:ident, additional { $($rows:tt)* }) => {
        $crate::__rt_members!($name, blank, [], {}, [additional] { $($rows)* });
    };
    ($name:ident $(, constant $constant:literal $value:tt)+ { $($rows:tt)* }) => {
        $crate::__rt_members!($name, blank, [$($constant $value),*], {
            fn constants(&self) -> &'static [(&'static str, $crate::rt::Constant)] {
                &[$(($constant, $crate::__rt_constant!($value))),*]
            }
        }, [] { $($rows)* });
    };
    ($name:ident $(, constant $constant:literal $value:tt)+, additional { $($rows:tt)* }) => {
        $crate::__rt_members!($name, blank, [$($constant $value),*], {
            fn constants(&self) -> &'static [(&'static str, $crate::rt::Constant)] {
                &[$(($constant, $crate::__rt_constant!($value))),*]
            }
        }, [additional] { $($rows)* });
    };
    ($name:ident $(, constant $constant:literal $value:tt)*, guaranteed [$($guaranteed:literal),*]
        $(, $additional:ident)? { $($rows:tt)* }) => {
        $crate::__rt_default!($name);
        $crate::__rt_members!($name, fields, [$($constant $value),*], {
            fn constants(&self) -> &'static [(&'static str, $crate::rt::Constant)] {
                &[$(($constant, $crate::__rt_constant!($value))),*]
            }
            fn guaranteed(&self) -> &'static [&'static str] {
                &[$($guaranteed),*]
            }
        }, [$($additional)?] { $($rows)* });
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_constant {
    (@write $object:ident $name:literal (read_only $($value:tt)+)) => {
        $object.read_only_constant($name, $crate::__rt_constant!(($($value)+)))
    };
    (@write $object:ident $name:literal (write_only $($value:tt)+)) => {
        $object.write_only_constant($name, $crate::__rt_constant!(($($value)+)))
    };
    (@write $object:ident $name:literal $value:tt) => {
        $object.constant($name, $crate::__rt_constant!($value))
    };
    ((read_only $($value:tt)+)) => {
        $crate::__rt_constant!(($($value)+))
    };
    ((write_only $($value:tt)+)) => {
        $crate::__rt_constant!(($($value)+))
    };
    ((null)) => {
        $crate::rt::Constant::Null
    };
    ((integer $number:literal)) => {
        $crate::rt::Constant::Integer($number)
    };
    ((bool $flag:literal)) => {
        $crate::rt::Constant::Bool($flag)
    };
    (($text:literal)) => {
        $crate::rt::Constant::Text($text)
    };
    ($text:literal) => {
        $crate::rt::Constant::Text($text)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_members {
    (@blank blank $($rest:tt)*) => {
        ::core::default::Default::default()
    };
    (@blank fields [$($additional:ident)?] $($field:ident)*) => {
        Self {
            $($field: $crate::rt::blank(),)*
            $($additional: $crate::rt::blank(),)?
            extra: ::core::default::Default::default(),
        }
    };
    ($name:ident, $blank:ident, [$($constant:literal $value:tt),*], { $($known:tt)* }, [$($additional:ident)?] {
        $($how:ident $wire:literal $field:ident,)*
    }) => {
        impl $crate::rt::Read for $name {
            #[inline]
            fn blank() -> Self {
                $crate::__rt_members!(@blank $blank [$($additional)?] $($field)*)
            }
            fn place(&mut self) -> $crate::rt::Place<'_> {
                $crate::rt::object_place(self)
            }
        }
        impl $crate::rt::Members for $name {
            #[allow(unused_variables, unreachable_code)]
            fn member(&mut self, name: &str) -> ::core::option::Option<&mut dyn $crate::rt::Read> {
                ::core::option::Option::Some(match name {
                    $($wire => $crate::rt::reader(&mut self.$field),)*
                    _ => {
                        $(return $crate::rt::Members::member(&mut self.$additional, name);)?
                        return ::core::option::Option::None;
                    }
                })
            }
            $(
                fn discard(&mut self, name: &str) {
                    $crate::rt::Members::discard(&mut self.$additional, name);
                }
                fn keeps_null(&self) -> bool {
                    $crate::rt::Members::keeps_null(&self.$additional)
                }
            )?
            fn extra(&mut self) -> &mut $crate::rt::Extra {
                &mut self.extra
            }
            $($known)*
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                let are_plain = const { $crate::rt::are_plain(&[$($constant,)* $($wire),*]) };
                #[allow(unused_mut)]
                let mut object = to.object(stringify!($name), are_plain, &self.extra);
                $($crate::__rt_constant!(@write object $constant $value);)*
                $(object.$how($wire, &self.$field);)*
                $(object.additional(&self.$additional);)?
                object.end();
            }
        }
        $crate::__rt_json!($name);
    };
}

/// Implements `Debug`, `Serialize`, `Deserialize` and the traits of a response, for a type that can be read and
/// written.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_json {
    ($name:ident) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug($crate::rt::writer(self), ::core::module_path!(), f)
            }
        }
        impl $name {
            /// Returns every place in the value, including nested ones, that could not be read as documented.
            #[inline]
            #[must_use]
            pub fn unread(&self) -> ::std::vec::Vec<$crate::rt::Unread> {
                $crate::rt::unread($crate::rt::writer(self))
            }
        }
        $crate::__rt_serde!($name);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rt_serde {
    ($name:ident) => {
        impl $crate::rt::serde::Serialize for $name {
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize($crate::rt::writer(self), serializer)
            }
        }
        impl<'de> $crate::rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::deserialize(deserializer)
            }
        }
        impl $crate::rt::JsonBody for $name {}
    };
}

/// Types with guaranteed members implement `Default` for tests only.
#[cfg(feature = "mock")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_default {
    ($name:ident) => {
        /// Returns a value with all fields absent; guaranteed ones are empty or zero. Only with the feature `mock`, for
        /// tests.
        impl ::core::default::Default for $name {
            fn default() -> Self {
                $crate::rt::blank()
            }
        }
    };
}

#[cfg(not(feature = "mock"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_default {
    ($name:ident) => {};
}

/// Implements a union. Rows have the variant and how to recognize it: by values of the tag (`?`: if present); or by JSON
/// kinds, members that are always present, and members (`"data"."type"`: in another one) with certain texts (`?`: if present) or
/// text formats.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_union {
    ($name:ident, tag $tag:literal { $($variant:ident $($text:literal)+,)* }) => {
        $crate::__rt_union!($name { $($variant Object $tag = $($text)|+,)* });
    };
    ($name:ident, tag $tag:literal? { $($variant:ident $($text:literal)+,)* }) => {
        $crate::__rt_union!($name { $($variant Object $tag? = $($text)|+,)* });
    };
    ($name:ident { $($variant:ident $($kind:ident)* $($member:literal $(. $inner:literal)* $(? = $($maybe:literal)|+)? $(= $($text:literal)|+)? $(is $form:ident)?)*,)* }) => {
        impl $crate::rt::Read for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::rt::UnrecognizedJson::new($crate::rt::Json::Null))
            }
            fn place(&mut self) -> $crate::rt::Place<'_> {
                $crate::rt::choice(self)
            }
        }
        impl $crate::rt::Choose for $name {
            fn told(&self) -> &'static [$crate::rt::Told] {
                const TOLD: &[$crate::rt::Told] = &[$($crate::rt::Told {
                    kinds: &[$($crate::rt::Kind::$kind),*],
                    members: &[$(
                        $crate::rt::Mark::new(&[$member $(, $inner)*], &[$($($maybe),+)?], &[$($($text),+)?])
                            $(.is($crate::rt::Form::$form))?,
                    )*],
                }),*];
                TOLD
            }
            #[allow(unused_mut, unused_variables)]
            fn become_variant(
                &mut self,
                index: usize,
            ) -> ::core::option::Option<&mut dyn $crate::rt::Read> {
                let mut rows = 0_usize..;
                $(
                    if rows.next() == ::core::option::Option::Some(index) {
                        *self = Self::$variant($crate::rt::blank());
                        return match self {
                            Self::$variant(value) => ::core::option::Option::Some(value),
                            _ => ::core::option::Option::None,
                        };
                    }
                )*
                ::core::option::Option::None
            }
            fn unrecognized(&mut self, json: $crate::rt::Json) {
                *self = Self::Unrecognized($crate::rt::UnrecognizedJson::new(json));
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                match self {
                    $(Self::$variant(value) => $crate::rt::Write::write(value, to),)*
                    Self::Unrecognized(value) => $crate::rt::Write::write(value, to),
                }
            }
        }
        $crate::__rt_json!($name);
    };
}
