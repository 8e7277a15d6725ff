//! Writes an answer without the feature `mock`.
fn written<T: dintero::rt::serde::Serialize>() {}
fn main() {
    written::<dintero::insight::CheckoutKpi>();
}
