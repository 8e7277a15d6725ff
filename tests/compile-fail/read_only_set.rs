//! Sets what only the server says.
fn main() {
    drop(directions::Account::builder().id("a-1"));
}
