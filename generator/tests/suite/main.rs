//! Tests of the generator as a library: documents in, files and findings out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so and fails"
)]

mod bodies;
mod constants;
mod constructs;
mod diagnostics;
mod diagnostics_lost_keys;
mod diagnostics_robust;
mod diff;
mod docs;
mod files;
mod kept_names;
mod layout;
mod left_out;
mod limits;
mod listed;
mod mutants;
mod parents;
mod purity;
mod report;
mod stable_types;
mod strangers;
mod support;
mod together;
mod values;
