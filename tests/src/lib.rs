//! Helpers that the integration tests share.

pub mod bundle;
pub mod calls;
pub mod compare;
pub mod counterpart;
pub mod facts;
pub mod members;
pub mod places;
pub mod prism;
pub mod prose;
pub mod recorder;
pub mod strict;
pub mod table;
pub mod wiremock;
pub mod world;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
