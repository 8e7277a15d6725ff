//! What may cross threads.

use dintero::rt::Transport;
use dintero::{AccountId, Client, ClientBuilder, Error, Response, Secret, Sending};

use crate::support::Probe;

fn everywhere<T: Send + Sync + Unpin + 'static>() {}
fn to_another_thread<T: Send + Unpin + 'static>() {}

#[test]
fn threads() {
    everywhere::<Client>();
    everywhere::<ClientBuilder>();
    everywhere::<Error>();
    everywhere::<AccountId>();
    everywhere::<Secret>();
    everywhere::<Response<Probe>>();
    to_another_thread::<Sending<Vec<i64>>>();
    to_another_thread::<<Client as Transport>::Sent<Response<Probe>>>();
}
