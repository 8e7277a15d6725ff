//! Writes an answer without the feature `mock`.
fn written(_: impl dintero::rt::serde::Serialize) {}
fn main() {
    let answer: Option<dintero::insight::CheckoutKpi> = None;
    answer.map(written);
}
