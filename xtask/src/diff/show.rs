//! The report as text, JSON and Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use generator::diff::{Class, Finding};
use generator::surface::Spot;
use serde_json::{Value, json};

use super::Report;

/// Findings that a summary shows.
const SHOWN: usize = 20;
/// Paths that are shown beside the first one of a finding.
const ALSO: usize = 3;

pub(super) fn text(report: &Report, docs: bool) -> String {
    let mut text = counts(report);
    for finding in &report.findings {
        if docs || finding.class != Class::Docs {
            text.push_str(&one(finding));
        }
    }
    if !docs && report.findings.iter().any(|one| one.class == Class::Docs) {
        text.push_str("DOCS      not shown; --docs shows them\n");
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let (old, new) = report.paths;
    let _ = writeln!(
        text,
        "{old} and {new} public paths compared in {:.2} s",
        report.time.as_secs_f64()
    );
    text
}

/// The counts by module, and the worst findings.
pub(super) fn summary(report: &Report) -> String {
    let mut text = counts(report);
    let worth = report
        .findings
        .iter()
        .filter(|one| one.class != Class::Docs);
    let count = worth.clone().count();
    for finding in worth.take(SHOWN) {
        let _ = writeln!(
            text,
            "{:9} {}: {}",
            finding.class.name(),
            finding.path,
            finding.change
        );
    }
    if count > SHOWN {
        let _ = writeln!(text, "… {} more", count - SHOWN);
    }
    if !report.findings.is_empty() {
        text.push_str("`cargo xtask diff HEAD spec` says what users must do\n");
    }
    text
}

fn counts(report: &Report) -> String {
    let mut modules: BTreeMap<&str, BTreeMap<Class, usize>> = BTreeMap::new();
    for finding in &report.findings {
        let module = finding.path.split("::").next().unwrap_or_default();
        *modules
            .entry(module)
            .or_default()
            .entry(finding.class)
            .or_default() += 1;
    }
    let mut text = String::new();
    for (module, classes) in &modules {
        let classes: Vec<String> = (classes.iter())
            .map(|(class, count)| format!("{count} {}", class.name()))
            .collect();
        let _ = writeln!(text, "{module}: {}", classes.join(", "));
    }
    if report.findings.is_empty() {
        text.push_str("no change for users\n");
    } else {
        let _ = writeln!(text, "version: {} -> {}", report.current, report.implied);
    }
    text
}

fn one(finding: &Finding) -> String {
    let indent = " ".repeat(10);
    let mut text = format!(
        "{:9} {}: {}\n",
        finding.class.name(),
        finding.path,
        finding.change
    );
    if !finding.also.is_empty() {
        let mut also = finding
            .also
            .iter()
            .take(ALSO)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = finding.also.len().saturating_sub(ALSO);
        if more > 0 {
            let _ = write!(also, " and {more} more");
        }
        let _ = writeln!(text, "{indent}also {also}");
    }
    let places = match (place(finding.old.as_ref()), place(finding.new.as_ref())) {
        (Some(old), Some(new)) if old == new => old,
        (Some(old), Some(new)) => format!("{old} -> {new}"),
        (Some(old), None) => format!("{old} ->"),
        (None, Some(new)) => format!("-> {new}"),
        (None, None) => String::new(),
    };
    for line in [&places, &finding.advice] {
        if !line.is_empty() {
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    if let Some(overlay) = &finding.overlay {
        let _ = writeln!(text, "{indent}overlay that {}:", purpose(finding));
        for line in overlay.lines() {
            let _ = writeln!(text, "{indent}  {line}");
        }
    }
    text
}

fn purpose(finding: &Finding) -> &'static str {
    match finding.class {
        Class::NewName => "chooses the name",
        _ => "avoids it",
    }
}

fn place(spot: Option<&Spot>) -> Option<String> {
    let place = spot?.place.as_ref()?;
    Some(format!("{}:{}", place.file, place.line))
}

pub(super) fn json(report: &Report) -> String {
    let spot = |spot: &Option<Spot>| -> Value {
        let Some(spot) = spot else { return Value::Null };
        let place = spot.place.as_ref();
        json!({
            "file": place.map(|place| place.file.to_string()),
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
            "pointer": spot.pointer,
        })
    };
    let findings: Vec<Value> = (report.findings.iter())
        .map(|one| {
            json!({
                "class": one.class.name(),
                "path": one.path,
                "also": one.also,
                "change": one.change,
                "advice": one.advice,
                "overlay": one.overlay,
                "old": spot(&one.old),
                "new": spot(&one.new),
            })
        })
        .collect();
    let counts: BTreeMap<&str, usize> = (Class::ALL.iter())
        .map(|class| {
            let of_class = report.findings.iter().filter(|one| one.class == *class);
            (class.name(), of_class.count())
        })
        .collect();
    let all = json!({
        "current": report.current.to_string(),
        "implied": report.implied.to_string(),
        "counts": counts,
        "findings": findings,
        "notes": report.notes,
        "seconds": report.time.as_secs_f64(),
    });
    format!("{all:#}\n")
}

/// The entry of the changelog, below the heading of its version.
pub(super) fn markdown(report: &Report) -> String {
    let mut text = String::new();
    for (class, heading) in [
        (Class::Breaking, "### Breaking"),
        (Class::Behaviour, "### Changed behavior"),
        (Class::Additive, "### Added"),
        (Class::NewName, "### New"),
        (Class::Docs, "### Documentation"),
    ] {
        let mut found = report
            .findings
            .iter()
            .filter(|one| one.class == class)
            .peekable();
        if found.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "{heading}\n");
        for one in found {
            let _ = write!(
                text,
                "- `{}`: {}.",
                one.path,
                one.change.trim_end_matches('.')
            );
            // Who chooses a name is not who uses it.
            if class != Class::NewName && !one.advice.is_empty() {
                let _ = write!(text, " {}", one.advice);
            }
            text.push('\n');
        }
        text.push('\n');
    }
    text
}
