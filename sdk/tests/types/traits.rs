//! The table of traits in the documentation of the crate: each kind of generated type has those that it lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use dintero::{Client, payments};
use serde::Serialize;
use serde::de::DeserializeOwned as Deserialize;

/// Types of each kind with the traits that the table lists. Each has them, or this does not compile.
macro_rules! traits {
    ($($kind:literal $ty:ty { $($name:literal $bound:path),+ })+) => {
        const LISTED: &[(&str, &[&str])] = &[$(($kind, &[$($name),+])),+];

        const _: () = {
            $({
                const fn has<T: Send + Sync + $($bound +)+>() {}
                has::<$ty>();
            })+
        };
    };
}

traits! {
    "object" payments::CaptureTransactionBody {
        "Clone" Clone, "Debug" Debug, "PartialEq" PartialEq, "Serialize" Serialize, "Deserialize" Deserialize, "Default" Default
    }
    "operation" payments::CaptureTransaction {
        "Clone" Clone, "Debug" Debug, "PartialEq" PartialEq, "Serialize" Serialize, "Deserialize" Deserialize
    }
    "enum" payments::TransactionStatus {
        "Clone" Clone, "Debug" Debug, "Display" Display, "Eq" Eq, "Hash" Hash, "FromStr" FromStr, "From<&str>" From<&'static str>,
        "From<String>" From<String>, "Serialize" Serialize, "Deserialize" Deserialize
    }
    "enum" payments::TwoConfigurationInvoiceB2bDurationDays {
        "Clone" Clone, "Debug" Debug, "Display" Display, "Eq" Eq, "Hash" Hash, "From<i64>" From<i64>, "Serialize" Serialize,
        "Deserialize" Deserialize
    }
    "identifier" payments::TransactionId {
        "Clone" Clone, "Debug" Debug, "Display" Display, "Eq" Eq, "Hash" Hash, "Ord" Ord, "FromStr" FromStr,
        "AsRef<str>" AsRef<str>, "Serialize" Serialize, "Deserialize" Deserialize
    }
    "builder" payments::builder::SessionOrderBuilder { "Clone" Clone, "Debug" Debug }
    "builder" payments::builder::ListTransactionsBuilder<Client> { "Clone" Clone, "Debug" Debug }
    "headers, error response by status" payments::CaptureTransactionHeaders { "Clone" Clone, "Debug" Debug }
    "headers, error response by status" payments::PaySessionErrorResponse { "Clone" Clone, "Debug" Debug }
}

const _: () = {
    const fn is_awaited<T: IntoFuture>() {}
    is_awaited::<payments::builder::ListTransactionsBuilder<Client>>();
};

#[test]
fn the_table_lists_them() {
    let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (kind, traits) in LISTED {
        listed.entry(kind).or_default().extend(*traits);
    }
    let page = include_str!("../../src/lib.rs");
    // Generated crates have the same table.
    let generator = include_str!("../../../generator/src/emit/root.rs");
    let (_, same) = generator.split_once("| Type | Traits |\n").unwrap();
    let (_, table) = page
        .split_once("//! | Type | Traits |\n//! |---|---|\n")
        .unwrap();
    for (row, same) in table
        .lines()
        .zip(same.lines().skip(1))
        .take_while(|(row, _)| row.starts_with("//! |"))
    {
        assert_eq!(row.trim_start_matches("//! "), same.trim_end_matches("\";"));
    }
    let rows = table.lines().map_while(|line| line.strip_prefix("//! | "));
    let rows = rows.map(|row| {
        let (kind, traits) = row.split_once(" | ").unwrap();
        let named = traits.split('`').skip(1).step_by(2);
        (kind, named.collect::<BTreeSet<&str>>())
    });
    assert_eq!(rows.collect::<BTreeMap<_, _>>(), listed);
}
