//! Tests of the sandbox as a library and as a program, through the crate `dintero` where it can ask what they ask.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that can't go on fails"
)]

mod accounts;
mod callbacks;
mod cli;
mod configuration;
mod express;
mod faults;
mod hostile;
mod killed;
mod kpis;
mod pages;
mod payments;
mod payouts;
mod products;
mod reports;
mod settlement_events;
mod settlements;
mod state_file;
mod stores;
mod support;
mod terminals;
