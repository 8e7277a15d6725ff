//! Builds an answer without the feature `mock`.
fn main() {
    drop(dintero::insight::CheckoutKpi::builder());
}
