//! `dintero-sandbox`: starts a sandbox and says how to use it.

fn main() {}
