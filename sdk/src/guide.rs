//! Guides for the tasks of a shop: operations to call, errors, and how to handle them.
//!
//! | Guide | |
//! |---|---|
//! | [`sessions`] | opening a checkout session, changing and cancelling it |
//! | [`transactions`] | reading transactions page by page, and the amounts that can still be captured, refunded and voided |
//! | [`moving_money`] | capture, refund, void, extend: operations that must not happen twice |
//! | [`tokens`] | saving a card, and charging it later |
//! | [`settlements`] | settlements, their files, and reports |
//! | [`payouts`] | balances of sellers, and transfers between them |
//! | [`sellers`] | applying for sellers |
//! | [`webhooks`] | receiving callbacks and webhooks |
//! | [`values`] | ids, times, money, enums and lists |
//! | [`undocumented`] | undocumented values that Dintero or you send |
//! | [`stored`] | storing an operation, and sending it later |
//! | [`errors`] | handling errors, and retries |
//! | [`testing`] | testing your shop without network access |
//! | [`operating`] | runtimes, health checks, logs, containers, FIPS |
//! | [`accounts`] | partners, many accounts, tokens of your own |
//!
//! The code on these pages is compiled and run against the module `mock`; its setup is not shown. For most pages the folder
//! `examples` of the repository has a complete program, which also runs without an account.
//!
//! Names in brackets without a link belong to a feature that is off in this build of the documentation.

#![cfg_attr(
    not(all(
        feature = "download",
        feature = "mock",
        feature = "payments",
        feature = "webhook"
    )),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "pages refer to items behind features"
    )
)]

/// Defines pages, each with other words that people search for.
macro_rules! pages {
    ($($name:ident $($alias:literal)*;)*) => {$(
        #[doc = include_str!(concat!("guide/", stringify!($name), ".md"))]
        $(#[doc(alias = $alias)])*
        pub mod $name {}
    )*};
}

pages! {
    sessions "checkout" "payment";
    transactions "list";
    moving_money "capture" "refund" "void";
    tokens "card" "recurring" "subscription";
    settlements "reconciliation" "report";
    payouts "transfer" "balance";
    sellers "marketplace" "approval";
    webhooks "callback" "hmac" "signature";
    values "money" "currency" "timestamp";
    undocumented "extra" "strict";
    stored "queue" "serde";
    errors "retry" "timeout";
    testing "mock";
    operating "fips" "health" "logs";
    accounts "merchant" "partner";
}
