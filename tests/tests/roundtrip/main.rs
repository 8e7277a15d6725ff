//! Values of every schema of every document, made by hypothesis-jsonschema, read and written back.
//!
//! The values lie in `roundtrip/instances`; `cargo xtask instances` makes them anew. What was written has to be what was
//! read, also with members and values that the schemas do not know, and with nothing that is not required.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod compare;
mod examples;
mod made;
mod schema;
#[path = "../schemas/mod.rs"]
mod schemas;
mod table;
mod vary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use compare::{Departure, TOLERATED, compare};
use examples::{Examples, Way};
use generator::load::{self, Library, Source};
use made::Made;
use schema::{Schemas, Site};
use schemas::DOCUMENTS;
use serde_json::Value;
use table::{Document, Schema, Ways};
use vary::Change;

const CHANGES: [Change; 4] = [
    Change::UnknownMember,
    Change::UnknownValue,
    Change::UnknownKind,
    Change::OnlyRequired,
];

/// Examples that stand in none of the values: document, schema, how many below it, and why.
const EXAMPLES_LEFT_OUT: [(&str, &str, usize, &str); 5] = [
    (
        "payments.yaml",
        "/components/schemas/SessionExpress/properties/express/allOf/1/properties/discount_codes/properties/callback_url",
        1,
        TOO_DEEP,
    ),
    (
        "payments.yaml",
        "/components/schemas/OrderItem/properties/groups",
        1,
        TOO_DEEP,
    ),
    (
        "payments.yaml",
        "/components/schemas/SessionRead/properties/configuration/properties/merchant/",
        3,
        TOO_DEEP,
    ),
    (
        "payments.yaml",
        "/components/schemas/SessionRead/properties/customer/properties/tokens/",
        3,
        TOO_DEEP,
    ),
    (
        "payments.yaml",
        "/components/schemas/TransactionEvent/properties/correction/",
        3,
        TOO_DEEP,
    ),
];

const TOO_DEEP: &str =
    "values end above it: it is part of an object in an object of a named schema";

/// Members of examples that their schemas do not know, so they are dropped: document, schema, member, and why.
const EXAMPLES_BEYOND: [(&str, &str, &str, &str); 6] = [
    (
        "payments.yaml",
        "/components/schemas/Transaction/allOf/1/properties/events",
        "/2/fee_split",
        "Dintero's own example has it, and its schema of events has not",
    ),
    (
        "payments.yaml",
        "/components/schemas/Transaction/allOf/1/properties/events",
        "/2/splits",
        "the same",
    ),
    (
        "products.yaml",
        "/components/schemas/ProductPost/allOf/1/properties/groups",
        "/0/id",
        "the schema calls it `group_id`",
    ),
    (
        "products.yaml",
        "/components/schemas/ProductPost/allOf/1/properties/groups",
        "/1/id",
        "the same",
    ),
    (
        "products.yaml",
        "/components/schemas/ProductPost/allOf/1/properties/groups",
        "/0/name",
        "the schema calls it `group_name`",
    ),
    (
        "products.yaml",
        "/components/schemas/ProductPost/allOf/1/properties/groups",
        "/1/name",
        "the same",
    ),
];

/// The documents as the generator sees them, with the numbers that change when a schema does.
static LOADED: LazyLock<Vec<load::Document>> = LazyLock::new(|| {
    let read = |name: &str| Source {
        name: format!("spec/{name}"),
        text: std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../spec/{name}")),
        )
        .unwrap(),
    };
    let sources: Vec<(Source, Vec<Source>)> = (DOCUMENTS.iter())
        .map(|document| {
            let overlays = document.overlays.iter().map(|name| read(name));
            (read(document.name), overlays.collect())
        })
        .collect();
    let library = Library::read(
        sources
            .iter()
            .map(|(document, overlays)| (document, &**overlays)),
    );
    (0..sources.len())
        .map(|number| library.document(number).unwrap())
        .collect()
});

/// What came of a document.
#[derive(Default)]
struct Counts {
    types: usize,
    instances: usize,
    equal: usize,
    few: usize,
    /// By change.
    changed: [usize; CHANGES.len()],
    examples: usize,
    examples_left_out: usize,
    departures: BTreeSet<Departure>,
    faults: usize,
    /// By schema and change: the first fault, and how many there are.
    wrong: BTreeMap<String, (String, usize)>,
}

impl Counts {
    fn wrong(&mut self, place: &str, what: String) {
        self.faults += 1;
        let of_place = self.wrong.entry(place.to_owned());
        of_place.or_insert((what, 0)).1 += 1;
    }
}

#[test]
fn values_are_of_todays_schemas() {
    let mut stale = Vec::new();
    for (document, loaded) in DOCUMENTS.iter().zip(&*LOADED) {
        let made = match Made::read(document.name) {
            Ok(made) => made,
            Err(missing) => {
                stale.push(missing);
                continue;
            }
        };
        let mut is_stale = |what: String| {
            let name = document.name;
            stale.push(format!(
                "{name}: {what}: run `cargo xtask instances {name}`"
            ));
        };
        for schema in document.schemas {
            let fingerprint = loaded.fingerprint(schema.place).unwrap();
            let fingerprint = format!("{fingerprint:016x}");
            match made.of(schema) {
                Some(of_schema) if of_schema.fingerprint == fingerprint => {}
                Some(of_schema) => is_stale(format!(
                    "{} is no longer what its values were made of",
                    of_schema.name()
                )),
                None => is_stale(format!("{} has no values", schema.place)),
            }
        }
        for of_schema in &made.of_schemas {
            let mut schemas = document.schemas.iter();
            if !schemas.any(|schema| of_schema.is_of(schema.place, schema.ways)) {
                is_stale(format!("{} is no schema", of_schema.name()));
            }
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn what_is_read_is_written() {
    let counts: Vec<Counts> = std::thread::scope(|scope| {
        let running: Vec<_> = (DOCUMENTS.iter().zip(&*LOADED))
            .map(|(document, loaded)| scope.spawn(|| check(document, loaded)))
            .collect();
        (running.into_iter())
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    publish(&counts);
    let wrong: Vec<String> = (DOCUMENTS.iter().zip(&counts))
        .flat_map(|(document, counts)| {
            let wrong = counts.wrong.iter();
            wrong.map(|(place, (what, times))| {
                format!("{}#{place}: {what} ({times} times)", document.name)
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let needed: BTreeSet<Departure> = counts.into_iter().flat_map(|of| of.departures).collect();
    let tolerated: BTreeSet<Departure> =
        TOLERATED.iter().map(|(departure, _)| *departure).collect();
    assert_eq!(needed, tolerated, "what is tolerated is also needed");
}

fn check(document: &Document, loaded: &load::Document) -> Counts {
    let schemas = Schemas::new(loaded.root().to_json());
    let mut counts = Counts::default();
    let made = match Made::read(document.name) {
        Ok(made) => made,
        Err(missing) => {
            counts.wrong("", missing);
            return counts;
        }
    };
    let foreign: BTreeSet<String> = loaded.foreign().keys().cloned().collect();
    let examples = Examples::of(schemas.root(), &foreign);
    let wanted: BTreeSet<&str> = (examples.found.iter())
        .filter(|example| example.of_body.is_none())
        .map(|example| example.schema.as_str())
        .collect();
    let mut spots: Vec<BTreeMap<String, (usize, String)>> = Vec::new();
    for schema in document.schemas {
        counts.types += 1;
        let (Some(of_schema), Some(site)) = (made.of(schema), schemas.at(schema.place)) else {
            counts.wrong(schema.place, "there are no values".to_owned());
            spots.push(BTreeMap::new());
            continue;
        };
        counts.few += usize::from(of_schema.few);
        let mut of_this = BTreeMap::new();
        for (number, value) in of_schema.instances.iter().enumerate() {
            counts.instances += 1;
            let is_equal = compares(&schemas, schema, &site, value, value, "", &mut counts);
            counts.equal += usize::from(is_equal);
            for (change, count) in CHANGES.into_iter().zip(0..) {
                let change = match change {
                    // What is promised of answers is there.
                    Change::OnlyRequired if schema.ways == Ways::Received => Change::OnlyPromised,
                    change => change,
                };
                let Some(changed) = change.of(&schemas, &site, value) else {
                    continue;
                };
                // What nobody knows is dropped, so what is left is what was there before.
                let expected = match change {
                    Change::UnknownMember => value,
                    _ => &changed,
                };
                let how = change.name();
                let is_equal = compares(
                    &schemas,
                    schema,
                    &site,
                    &changed,
                    expected,
                    how,
                    &mut counts,
                );
                counts.changed[count] += usize::from(is_equal);
            }
            // Among the first are those with everything.
            if number < 16 {
                let mut found = BTreeMap::new();
                examples::spots(&schemas, &site, value, &wanted, &mut found);
                for (place, path) in found {
                    of_this.entry(place).or_insert((number, path));
                }
            }
        }
        spots.push(of_this);
    }
    counts.examples_left_out = examples.of_parameters + examples.of_others;
    let mut left_out = [0; EXAMPLES_LEFT_OUT.len()];
    for example in &examples.found {
        let mut tried = 0;
        for (schema, of_schema) in document.schemas.iter().zip(&spots) {
            let Some(site) = schemas.at(schema.place) else {
                continue;
            };
            let found = match example.of_body {
                Some(way) => (is_body(&schemas, schema, &example.schema, way))
                    .then(|| (example.value.clone(), "")),
                None => of_schema.get(&example.schema).and_then(|(number, path)| {
                    let mut value = made.of(schema)?.instances.get(*number)?.clone();
                    *value.pointer_mut(path)? = example.value.clone();
                    Some((value, path.as_str()))
                }),
            };
            let Some((value, path)) = found else { continue };
            tried += 1;
            let mut expected = value.clone();
            for (name, place, member, _) in EXAMPLES_BEYOND {
                if name == document.name && place == example.schema {
                    remove(&mut expected, &format!("{path}{member}"));
                }
            }
            if schema.ways == Ways::Sent {
                let without = Change::NothingReadOnly.of(&schemas, &site, &expected);
                expected = without.unwrap_or(expected);
            }
            let how = format!(" with the example of {}", example.schema);
            compares(
                &schemas,
                schema,
                &site,
                &value,
                &expected,
                &how,
                &mut counts,
            );
            // Two places are enough.
            if tried == 2 {
                break;
            }
        }
        if tried > 0 {
            counts.examples += 1;
            continue;
        }
        let known = EXAMPLES_LEFT_OUT.iter().position(|(name, place, ..)| {
            *name == document.name && example.schema.starts_with(place)
        });
        if let Some(known) = known {
            counts.examples_left_out += 1;
            left_out[known] += 1;
        } else {
            counts.wrong(&example.schema, "its example stands in no value".to_owned());
        }
    }
    for ((name, place, several, _), count) in EXAMPLES_LEFT_OUT.iter().zip(left_out) {
        if *name == document.name && *several != count {
            counts.wrong(
                place,
                format!("{count} examples stand in no value, not {several}"),
            );
        }
    }
    counts
}

/// Takes a member out of a value.
fn remove(value: &mut Value, pointer: &str) {
    let (owner, member) = pointer.rsplit_once('/').unwrap_or_default();
    let owner = value.pointer_mut(owner).and_then(Value::as_object_mut);
    let removed = owner.and_then(|owner| owner.remove(member));
    assert!(removed.is_some(), "no example has {pointer}");
}

/// Whether the schema of a body is this one, in this direction.
fn is_body(schemas: &Schemas, schema: &Schema, body: &str, way: Way) -> bool {
    let written = schemas.root().pointer(body);
    let refers = written.and_then(|node| node["$ref"].as_str()?.strip_prefix('#'));
    let this_way = match way {
        Way::Out => schema.ways != Ways::Received,
        Way::In => schema.ways != Ways::Sent,
    };
    this_way && schema.place == refers.unwrap_or(body)
}

/// Reads a value, writes it, and says whether what was written is what is expected.
fn compares(
    schemas: &Schemas,
    schema: &Schema,
    site: &Site<'_>,
    value: &Value,
    expected: &Value,
    how: &str,
    counts: &mut Counts,
) -> bool {
    let before = counts.faults;
    let place = format!("{} ({}{how})", schema.place, schema.ways.name());
    let written = match (schema.through)(value.to_string().as_bytes()) {
        Ok(written) => serde_json::from_str(&written).unwrap(),
        Err(why) => {
            counts.wrong(&place, format!("{why}: {value}"));
            return false;
        }
    };
    let compared = compare(schemas, site, expected, &written);
    for what in compared.wrong {
        counts.wrong(&place, what);
    }
    // Only answers have reason to depart.
    if schema.ways == Ways::Received {
        counts.departures.extend(compared.departures);
    } else if let Some(departure) = compared.departures.first() {
        counts.wrong(&place, format!("{departure:?} in a request: {value}"));
    }
    counts.faults == before
}

fn publish(all: &[Counts]) {
    let mut rows = String::from(
        "| document | schemas | types | instances | equal | unknown member | unknown value | unknown kind | only required | examples | left out |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut totals = [0; 10];
    let mut row = |name: &str, cells: [usize; 10]| {
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let _ = writeln!(rows, "| {name} | {} |", cells.join(" | "));
    };
    for (document, counts) in DOCUMENTS.iter().zip(all) {
        let places: BTreeSet<&str> = document.schemas.iter().map(|schema| schema.place).collect();
        let mut cells = [0; 10];
        let [member, value, kind, required] = counts.changed;
        let given = [
            places.len(),
            counts.types,
            counts.instances,
            counts.equal,
            member,
            value,
            kind,
            required,
            counts.examples,
            counts.examples_left_out,
        ];
        cells.copy_from_slice(&given);
        for (total, cell) in totals.iter_mut().zip(cells) {
            *total += cell;
        }
        row(document.name, cells);
    }
    row("all", totals);
    tests::table::publish("Values read and written back", &rows);
}
