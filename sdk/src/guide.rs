//! How to do what a shop does, path by path: what to call, what can go wrong, and what to do then.
//!
//! | Guide | |
//! |---|---|
//! | [`sessions`] | opening a checkout session, changing and cancelling it |
//! | [`transactions`] | reading what was paid, page by page, and what can still be done with it |
//! | [`moving_money`] | capture, refund, void, more time: calls that must not happen twice |
//! | [`tokens`] | saving a card, and charging it later |
//! | [`settlements`] | what was paid out, its files, and reports |
//! | [`payouts`] | balances of sellers, and transfers between them |
//! | [`sellers`] | applying for sellers |
//! | [`webhooks`] | receiving callbacks and webhooks |
//! | [`values`] | ids, times, money, enums and lists |
//! | [`undocumented`] | what Dintero sends and you send beyond its documentation |
//! | [`stored`] | storing an operation, and sending it later |
//! | [`errors`] | telling what went wrong, and what is repeated by whom |
//! | [`testing`] | testing your shop without network |
//! | [`operating`] | runtimes, health checks, logs, containers, FIPS |
//! | [`accounts`] | partners, many accounts, tokens of your own |
//!
//! The code on these pages is compiled and run against the module `mock`; what sets that up is not shown. For most
//! pages there is a complete program in the folder `examples` of the repository, which runs without an account as well.
//!
//! What stands in brackets and is no link belongs to a feature that this build of the documentation has not.

#![cfg_attr(
    not(all(
        feature = "download",
        feature = "mock",
        feature = "payments",
        feature = "webhook"
    )),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "pages name what is behind features"
    )
)]

/// Defines a page.
macro_rules! pages {
    ($($name:ident)*) => {$(
        #[doc = include_str!(concat!("guide/", stringify!($name), ".md"))]
        pub mod $name {}
    )*};
}

pages! {
    sessions transactions moving_money tokens settlements payouts sellers webhooks values undocumented stored errors testing
    operating accounts
}
