//! Helpers that the integration tests share.

pub mod prism;
pub mod recorder;
pub mod strict;
pub mod world;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
