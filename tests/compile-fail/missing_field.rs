//! Leaves out `.aggregate_functions(…)`.
#[allow(deprecated)]
fn main() {
    use dintero::insight::{Interval, KpiTransactionStatus};
    let client = dintero::Client::builder().build().unwrap();
    let call = client.insight().list_checkout_kpis();
    drop(call.interval(Interval::Day).transaction_status(KpiTransactionStatus::Captured).send());
}
