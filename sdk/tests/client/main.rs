//! The client over a loopback socket.

#[path = "../support/mod.rs"]
mod support;

mod bounds;
mod credentials;
mod faults;
mod proxy;
mod secrets;
mod settings;
mod tokens;
mod wire;
