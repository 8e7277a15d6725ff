//! Values of every schema of every document, made by hypothesis-jsonschema, read and written back.
//!
//! The values lie in `roundtrip/instances`; `cargo xtask instances` makes them anew. What was written has to be what was
//! read, also with members and values that the schemas do not know, with nothing that is not required, and with a value of
//! another kind than documented in any place. Only such a value is listed as unread.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod compare;
mod examples;
mod made;
mod replace;
mod schema;
#[path = "../schemas/mod.rs"]
mod schemas;
mod table;
mod vary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use compare::compare;
use examples::Examples;
use generator::load::{self, Library, Source};
use made::Made;
use replace::Places;
use schema::{Schemas, Site};
use schemas::DOCUMENTS;
use serde_json::Value;
use table::{Document, Schema};
use vary::Change;

const CHANGES: [Change; 5] = [
    Change::UnknownMember,
    Change::UnknownValue,
    Change::UnknownKind,
    Change::OnlyRequired,
    Change::OnlyGuaranteed,
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
    /// Values with one of another kind, and those of them that were listed as unread.
    replaced: usize,
    unread: usize,
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
            let mut of_place = made.of(schema.place).peekable();
            if of_place.peek().is_none() {
                is_stale(format!("{} has no values", schema.place));
            }
            for of_schema in of_place.filter(|of_schema| of_schema.fingerprint != fingerprint) {
                is_stale(format!(
                    "{} is no longer what its values were made of",
                    of_schema.name()
                ));
            }
        }
        for of_schema in &made.of_schemas {
            let mut schemas = document.schemas.iter();
            if !schemas.any(|schema| of_schema.is_of(schema.place)) {
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
        .filter(|example| !example.is_body)
        .map(|example| example.schema.as_str())
        .collect();
    let mut spots: Vec<BTreeMap<String, (&Value, String)>> = Vec::new();
    for schema in document.schemas {
        counts.types += 1;
        let mut of_this = BTreeMap::new();
        let mut places = Places::default();
        let Some(site) = schemas.at(schema.place) else {
            counts.wrong(schema.place, "there is no schema".to_owned());
            spots.push(of_this);
            continue;
        };
        let values = made.of(schema.place);
        let values = values.flat_map(|of_schema| of_schema.instances.iter().enumerate());
        for (number, value) in values {
            counts.instances += 1;
            let try_it = Try {
                schemas: &schemas,
                schema,
                site: &site,
            };
            counts.equal += usize::from(try_it.comes_back(value, "", &mut counts));
            for (change, count) in CHANGES.into_iter().zip(0..) {
                let Some(changed) = change.of(&schemas, &site, value) else {
                    continue;
                };
                let is_equal = try_it.comes_back(&changed, change.name(), &mut counts);
                counts.changed[count] += usize::from(is_equal);
            }
            places.add(&schemas, &site, value);
            // Among the first are those with everything.
            if number < 16 {
                let mut found = BTreeMap::new();
                examples::spots(&schemas, &site, value, &wanted, &mut found);
                for (place, path) in found {
                    of_this.entry(place).or_insert((value, path));
                }
            }
        }
        let few = made.of(schema.place).any(|of_schema| of_schema.few);
        counts.few += usize::from(few);
        for replaced in places.replaced() {
            let try_it = Try {
                schemas: &schemas,
                schema,
                site: &site,
            };
            let unread = replaced.unread.as_deref();
            let how = ", value of another kind";
            let (value, expected) = (&replaced.value, &replaced.expected);
            if try_it.becomes(value, expected, unread, how, &mut counts) {
                counts.replaced += 1;
                counts.unread += usize::from(unread.is_some());
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
            let found = match example.is_body {
                true => is_body(&schemas, schema, &example.schema).then(|| example.value.clone()),
                false => of_schema.get(&example.schema).and_then(|(value, path)| {
                    let mut value = (*value).clone();
                    *value.pointer_mut(path)? = example.value.clone();
                    Some(value)
                }),
            };
            let Some(value) = found else { continue };
            tried += 1;
            let try_it = Try {
                schemas: &schemas,
                schema,
                site: &site,
            };
            let how = format!(" with the example of {}", example.schema);
            try_it.comes_back(&value, &how, &mut counts);
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

/// Whether the schema of a body is this one.
fn is_body(schemas: &Schemas, schema: &Schema, body: &str) -> bool {
    let written = schemas.root().pointer(body);
    let refers = written.and_then(|node| node["$ref"].as_str()?.strip_prefix('#'));
    schema.place == refers.unwrap_or(body)
}

/// A type to be tried with values.
struct Try<'d> {
    schemas: &'d Schemas,
    schema: &'d Schema,
    site: &'d Site<'d>,
}

impl Try<'_> {
    /// Whether a value is read whole and written as it was.
    fn comes_back(&self, value: &Value, how: &str, counts: &mut Counts) -> bool {
        self.becomes(value, value, None, how, counts)
    }

    /// Whether a value is written as expected, and nothing but this place of it is unread.
    fn becomes(
        &self,
        value: &Value,
        expected: &Value,
        unread: Option<&str>,
        how: &str,
        counts: &mut Counts,
    ) -> bool {
        let before = counts.faults;
        let place = format!("{}{how}", self.schema.place);
        let through = match (self.schema.through)(value.to_string().as_bytes()) {
            Ok(through) => through,
            Err(why) => {
                counts.wrong(&place, format!("{why}: {value}"));
                return false;
            }
        };
        let found: Vec<&str> = through.unread.iter().map(String::as_str).collect();
        if found != unread.as_slice() {
            counts.wrong(
                &place,
                format!("{found:?} is unread and not {unread:?}: {value}"),
            );
        }
        for what in compare(self.schemas, self.site, expected, &through.written) {
            counts.wrong(&place, what);
        }
        counts.faults == before
    }
}

fn publish(all: &[Counts]) {
    let mut rows = String::from(
        "| document | schemas | types | instances | equal | unknown member | unknown value | unknown kind | only required | only guaranteed | another kind | of it unread | examples | left out |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut totals = [0; 13];
    let mut row = |name: &str, cells: [usize; 13]| {
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let _ = writeln!(rows, "| {name} | {} |", cells.join(" | "));
    };
    for (document, counts) in DOCUMENTS.iter().zip(all) {
        let places: BTreeSet<&str> = document.schemas.iter().map(|schema| schema.place).collect();
        let mut cells = [0; 13];
        let [member, value, kind, required, guaranteed] = counts.changed;
        let given = [
            places.len(),
            counts.types,
            counts.instances,
            counts.equal,
            member,
            value,
            kind,
            required,
            guaranteed,
            counts.replaced,
            counts.unread,
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
