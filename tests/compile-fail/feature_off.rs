//! An API whose feature is off: the compiler tells which.

use dintero::checkout::CreateSession;

fn main() {
    let _ = std::mem::size_of::<CreateSession>();
}
