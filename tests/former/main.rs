//! A program that was written when types, operations and setters had other names, and one setter even two.

#![allow(deprecated)]

use dintero::rt::{Missing, Set};
use former_names::builder::{CreateOrderBuilder, OrderBuilder};
use former_names::{CreateOrder, FormerNames, Order};

fn main() {
    let order: Order = Order::builder()
        .amount(7)
        .currency("NOK")
        .note("by the door")
        .build();
    let half: OrderBuilder<Missing<former_names::required::Total>, Set> = Order::builder().currency("NOK");
    let same = half.sum(7).note_null().build();
    assert_eq!(order.total, same.total);
    // Without a client that could send it, that it compiles is all.
    let _ = calls::<dintero::Client>;
}

fn calls<C: dintero::rt::Transport>(
    group: &FormerNames<C>,
) -> (CreateOrderBuilder<C>, impl Fn(CreateOrder) -> Option<bool>) {
    let _ = group.place_order().dry(true).amount(7).currency("NOK").note("x").build();
    (group.create_order().dry(true), |call: CreateOrder| call.rehearsal)
}
