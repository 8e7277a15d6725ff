//! An optional body needs a value: it is given, or left out expressly.

use bodies::BodiesApi as _;

fn main() {
    if let Ok(client) = dintero::Client::builder().build() {
        let _ = client.bodies().optional_body_that_demands().send();
    }
}
