//! Gives the id of an order where that of a shop belongs.
use parameters::ParametersApi as _;
fn main() {
    let client = dintero::Client::builder().build().unwrap();
    let (shop, order) = (parameters::ShopId::new("S1"), parameters::OrderId::new("1"));
    drop(client.parameters().find_order(order, shop).trace(1).exact(true).send());
}
