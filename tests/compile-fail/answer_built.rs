//! Builds what only answers are made of.
fn main() {
    drop(dintero::insight::CheckoutKpi::builder());
}
