//! What the document of the payments API says in prose only: how a transaction lives, how an order adds up, what metadata
//! may be called.

mod lifecycle;
pub mod metadata;
pub mod order;
