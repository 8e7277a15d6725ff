//! Reads what requests are made of without the feature `mock`.
fn read<T: for<'de> dintero::rt::serde::Deserialize<'de>>() {}
fn main() {
    read::<dintero::insight::ReportSettings>();
}
