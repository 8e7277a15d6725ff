//! Sets a value that the operation does not have.
fn main() {
    let client = dintero::Client::builder().build().unwrap();
    drop(client.insight().create_report_configuration().colour("red"));
}
