//! JSON that is read and written, without any request.

use std::ops::Deref;

use bytes::Bytes;
use serde::Serialize;

use crate::{ANSWER, ID, Outcome};

/// Transactions in a list.
const TRANSACTIONS: usize = 1_000;
/// Items in a session.
const ITEMS: i64 = 100;
/// What nobody knows of, in each transaction.
const UNKNOWN: &str =
    r#""loyalty_level":"gold","risk_report":{"score":7,"rules":["new-card","abroad"]},"#;

/// Reads a list of transactions as often as the command line says, and keeps the last: what is in use at the end is what
/// it takes up. A second word, `unknown`, puts members into each transaction that no document has.
///
/// # Errors
/// It can't be read.
pub fn decode<T, L: Deref<Target = [T]>>(read: impl Fn(&Bytes) -> Outcome<L>) -> Outcome {
    let (times, word) = arguments()?;
    let body = list(word.as_deref() == Some("unknown"));
    let mut kept = None;
    for _ in 0..times {
        let transactions = read(&body)?;
        if transactions.len() != TRANSACTIONS {
            return Err("another list".into());
        }
        kept = Some(transactions);
    }
    println!("{}", body.len());
    std::mem::forget(kept);
    Ok(())
}

/// Writes a body as often as the command line says, and prints its length; with a second word, all of it.
///
/// # Errors
/// It can't be written.
pub fn encode(write: impl Fn() -> Outcome<Bytes>) -> Outcome {
    let (times, word) = arguments()?;
    let mut length = 0;
    for _ in 0..times {
        length = write()?.len();
    }
    match word {
        Some(_) => println!("{}", String::from_utf8_lossy(&write()?)),
        None => println!("{length}"),
    }
    Ok(())
}

pub(crate) fn arguments() -> Outcome<(u32, Option<String>)> {
    let mut arguments = std::env::args().skip(1);
    let times = arguments.next().ok_or("how often first")?;
    Ok((times.parse()?, arguments.next()))
}

/// The transaction many times over, each with an id of its own, and without blanks as servers write it.
fn list(unknown: bool) -> Bytes {
    let mut in_text = false;
    let one: String = ANSWER
        .chars()
        .filter(|&c| {
            in_text ^= c == '"';
            in_text || !c.is_whitespace()
        })
        .collect();
    let one = match unknown {
        true => one.replacen('{', &format!("{{{UNKNOWN}"), 1),
        false => one,
    };
    let (account, rest) = ID.split_at(ID.len() - 22);
    let all: Vec<String> = (0..TRANSACTIONS)
        .map(|number| {
            one.replace(
                ID,
                &format!("{account}{number:0>width$}", width = rest.len()),
            )
        })
        .collect();
    format!("[{}]", all.join(",")).into()
}

/// An item of a session.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "they are Dintero's names")]
pub struct Line {
    pub line_id: String,
    pub id: String,
    pub description: String,
    pub quantity: i32,
    pub amount: i64,
    pub vat_amount: i64,
    pub vat: i32,
    pub eligible_for_discount: bool,
}

impl Line {
    /// All items.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let line = |number: i64| Self {
            line_id: number.to_string(),
            id: format!("chair-{number}"),
            description: format!("A chair of the kind {number}, \"large\""),
            quantity: 1,
            amount: 19_990,
            vat_amount: 3_998,
            vat: 25,
            eligible_for_discount: number % 2 == 0,
        };
        (1..=ITEMS).map(line).collect()
    }
}
