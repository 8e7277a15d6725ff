//! The report as text and JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use generator::load::Place;
use generator::wire::{Kind, Missing};
use serde_json::{Value, json};

use super::obtain::Way;
use super::{One, Ours, Report};

/// Details lost by conversion that are shown.
const SHOWN: usize = 10;

pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for one in &report.compared {
        document(&mut text, one);
    }
    for ours in &report.ours {
        only_ours(&mut text, ours);
    }
    let mut absent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, why) in &report.absent {
        absent.entry(why).or_default().push(name);
    }
    for (why, names) in absent {
        let _ = writeln!(text, "not compared: {}: {why}", names.join(", "));
    }
    for (name, why) in &report.failed {
        let _ = writeln!(text, "error: {name}: {why}");
    }
    text
}

fn document(text: &mut String, one: &One) {
    let facts = &one.wire;
    let _ = writeln!(
        text,
        "{}: {} {}, {}; {} operations",
        one.published.name, facts.title, facts.version, facts.format, facts.operations
    );
    let from = match &one.obtained.way {
        Way::Fetched {
            address,
            is_new: true,
            ..
        } => format!("fetched from {address}"),
        Way::Fetched { address, .. } => format!("unchanged at {address}"),
        Way::Local => one.obtained.path.display().to_string(),
    };
    let _ = writeln!(text, "  {from}");
    for (heading, missing) in [
        ("they have, we lack", &one.pairing.lacking_here),
        ("we have, they lack", &one.pairing.lacking_there),
    ] {
        let _ = writeln!(text, "  {heading}: {}", counts(missing));
        missing.iter().for_each(|missing| part(text, missing));
    }
    for (place, why) in &one.pairing.notes {
        let _ = writeln!(text, "  not compared: {}: {why}", at(place));
    }
    for (place, what) in facts.lost.iter().take(SHOWN) {
        let _ = writeln!(text, "  not compared: {}: {what}", at(place));
    }
    if let Some(more @ 1..) = facts.lost.len().checked_sub(SHOWN) {
        let _ = writeln!(
            text,
            "  not compared: {more} more; --format json lists them"
        );
    }
    text.push('\n');
}

fn only_ours(text: &mut String, ours: &Ours) {
    let document = &ours.document;
    match &ours.only {
        Ok(only) if only.is_empty() => {}
        Ok(only) => {
            let _ = writeln!(
                text,
                "{document}: in no published document: {}",
                counts(only)
            );
            only.iter().for_each(|missing| part(text, missing));
            text.push('\n');
        }
        Err(open) => {
            let _ = writeln!(
                text,
                "{document}: its operations that no published document has are not listed, because these were not compared: {}",
                open.join(", ")
            );
        }
    }
}

/// `2 operations, 1 member`
fn counts(missing: &[Missing]) -> String {
    let counted = Kind::ALL.iter().filter_map(|kind| {
        let count = missing.iter().filter(|one| one.kind == *kind).count();
        (count > 0).then(|| format!("{count} {}", noun(*kind, count)))
    });
    let counted: Vec<String> = counted.collect();
    match counted.is_empty() {
        true => "nothing".to_owned(),
        false => counted.join(", "),
    }
}

fn noun(kind: Kind, count: usize) -> String {
    match (kind, count) {
        (Kind::Values, 1) => "enum with more values".to_owned(),
        (Kind::Values, _) => "enums with more values".to_owned(),
        (_, 1) => kind.name().to_owned(),
        (Kind::Body, _) => "bodies".to_owned(),
        (Kind::Status, _) => "statuses".to_owned(),
        _ => format!("{}s", kind.name()),
    }
}

fn part(text: &mut String, missing: &Missing) {
    let path = match missing.path.is_empty() {
        true => String::new(),
        false => format!("  {}", missing.path),
    };
    let values = match missing.values.is_empty() {
        true => String::new(),
        false => format!(": {}", missing.values.join(", ")),
    };
    let nearest = missing.nearest.as_ref();
    let nearest = nearest.map_or(String::new(), |place| format!(", missing at {}", at(place)));
    let _ = writeln!(
        text,
        "    {:10}  {}{path}{values}\n{:16}{}{nearest}",
        missing.kind.name(),
        missing.operation,
        "",
        at(&missing.place)
    );
}

fn at(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

pub(super) fn json(report: &Report) -> String {
    let reasons =
        |all: &[(String, String)]| -> BTreeMap<String, String> { all.iter().cloned().collect() };
    let all = json!({
        "compared": report.compared.iter().map(one_json).collect::<Vec<_>>(),
        "ours": report.ours.iter().map(ours_json).collect::<Vec<_>>(),
        "not_compared": reasons(&report.absent),
        "failed": reasons(&report.failed),
    });
    format!("{all:#}\n")
}

fn one_json(one: &One) -> Value {
    let list = |all: &[Missing]| all.iter().map(missing_json).collect::<Vec<_>>();
    let (address, etag) = match &one.obtained.way {
        Way::Fetched { address, etag, .. } => (Some(address), etag.as_ref()),
        Way::Local => (None, None),
    };
    let notes = one.pairing.notes.iter();
    let notes = notes.map(|(place, why)| json!({"place": place_json(place), "why": why}));
    let lost = one.wire.lost.iter();
    let lost = lost.map(|(place, what)| json!({"place": place_json(place), "why": what}));
    json!({
        "name": one.published.name,
        "address": address,
        "etag": etag,
        "sha256": one.obtained.sha256,
        "format": one.wire.format,
        "title": one.wire.title,
        "version": one.wire.version,
        "operations": one.wire.operations,
        "matched": one.pairing.matched,
        "lacking_here": list(&one.pairing.lacking_here),
        "lacking_there": list(&one.pairing.lacking_there),
        "not_compared": notes.chain(lost).collect::<Vec<_>>(),
    })
}

fn ours_json(ours: &Ours) -> Value {
    let (only, open) = match &ours.only {
        Ok(only) => (
            Some(only.iter().map(missing_json).collect::<Vec<_>>()),
            None,
        ),
        Err(open) => (None, Some(open)),
    };
    json!({"document": ours.document, "only_ours": only, "waits_for": open})
}

fn missing_json(missing: &Missing) -> Value {
    json!({
        "kind": missing.kind.name(),
        "operation": missing.operation,
        "path": missing.path,
        "values": missing.values,
        "place": place_json(&missing.place),
        "nearest": missing.nearest.as_ref().map(place_json),
    })
}

fn place_json(place: &Place) -> Value {
    json!({"file": place.file.to_string(), "line": place.line, "column": place.column})
}
