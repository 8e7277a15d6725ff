//! Every type of every union, read from valid values, which hypothesis-jsonschema makes, and written back equal.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use generator::model::TypeKind;
use serde_json::{Value, json};
use tests::counterpart;

use super::program::{Program, folder};
use super::root;

/// How many of the values that are wrong are told of each type.
const TOLD: usize = 1;

#[derive(Default)]
pub(crate) struct Table {
    rows: String,
    totals: [usize; 6],
    /// Types of which no value is read, because the values are those of another type: the report of the generator says so.
    reported: Vec<String>,
    /// Types without a value.
    without: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

impl Table {
    /// Tries the unions of a document, with lines of [`values`].
    pub(crate) fn add(&mut self, program: &Program, lines: &[Value]) {
        let input: String = (lines.iter())
            .flat_map(|line| {
                let values = line["values"].as_array().into_iter().flatten();
                values.map(|value| format!("{}\n", json!({"union": line["union"], "value": value})))
            })
            .collect();
        let mut came = program.run(&[], &input).into_iter();
        let name = &program.name;
        // Unions, types, read as such, only in the report, without a value, values.
        let mut counts = [program.unions.len(), lines.len(), 0, 0, 0, 0];
        for line in lines {
            let text = |key: &str| line[key].as_str().unwrap_or_default();
            let (union, variant) = (text("union"), text("variant"));
            let values = line["values"].as_array().map_or(&[][..], Vec::as_slice);
            let what = format!("{name}: `{variant}` of `{union}`");
            if values.is_empty() {
                counts[4] += 1;
                self.without.push(format!("{what}: {}", text("why")));
                continue;
            }
            counts[5] += values.len();
            let (mut is_read, mut wrong) = (false, Vec::new());
            let mut others: BTreeMap<String, &Value> = BTreeMap::new();
            for value in values {
                let of_value = came.next().unwrap_or_default();
                let read_as = of_value["read_as"].as_str().unwrap_or_default();
                is_read |= read_as == variant;
                others.insert(read_as.to_owned(), value);
                if of_value["is_equal"] != true {
                    wrong.push(format!("{what}: {value}\n  became {of_value}"));
                }
            }
            self.wrong.extend(wrong.into_iter().take(TOLD));
            if is_read {
                counts[2] += 1;
            } else if is_reported(program, union, variant) {
                counts[3] += 1;
                self.reported.push(what);
            } else {
                let others = others
                    .into_iter()
                    .map(|(other, value)| format!("`{other}` from {value}"));
                let others: Vec<String> = others.collect();
                self.wrong
                    .push(format!("{what} is never read, but {}", others.join(", ")));
            }
        }
        self.row(name, counts);
        // For the table of `cargo xtask bench`.
        fs::write(folder(name).join("counts.json"), json!(counts).to_string()).unwrap();
        for (total, count) in self.totals.iter_mut().zip(counts) {
            *total += count;
        }
    }

    fn row(&mut self, name: &str, counts: [usize; 6]) {
        let cells: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let _ = writeln!(self.rows, "| {name} | {} |", cells.join(" | "));
    }

    pub(crate) fn text(&mut self) -> String {
        let totals = self.totals;
        self.row("all", totals);
        let mut text = format!(
            "| Document | Unions | Their types | Read from a value of theirs | Ambiguous, in the report | Without a value | \
             Values |\n|---|---|---|---|---|---|---|\n{}",
            self.rows
        );
        for (title, lines) in [
            ("Ambiguous, in the report", &self.reported),
            ("Without a value", &self.without),
            ("Wrong", &self.wrong),
        ] {
            if !lines.is_empty() {
                let _ = write!(text, "\n{title}:\n\n- {}\n", lines.join("\n- "));
            }
        }
        text
    }
}

/// Whether the report names the type among those of the union that may have the same values.
fn is_reported(program: &Program, union: &str, variant: &str) -> bool {
    let place = program.unions.get(union).map(|ty| ty.place.as_str());
    let mut entries = program.report.ambiguous.iter();
    entries.any(|entry| {
        Some(entry.pointer.as_str()) == place && entry.what.contains(&format!("`{variant}`"))
    })
}

/// Makes values of each type of each union: a line for each type; none without hypothesis-jsonschema. Kept for the next run
/// with the same document.
///
/// # Errors
/// No values can be made.
pub(crate) fn values(program: &Program) -> Result<Option<Vec<Value>>, String> {
    let usual = "../target/counterparts/instances/bin/python";
    let what = "hypothesis-jsonschema";
    let Some(python) = counterpart::find("DINTERO_TEST_INSTANCES", usual, what) else {
        return Ok(None);
    };
    let unions: Vec<Value> = (program.unions.iter())
        .filter_map(|(name, ty)| {
            let TypeKind::Union(union) = &ty.kind else {
                return None;
            };
            let variants = union.variants.iter().map(|variant| {
                json!({"name": variant.name, "place": variant.place, "tags": variant.tags})
            });
            Some(json!({
                "name": name,
                "place": ty.place,
                "sent": ty.usage.sent,
                "received": ty.usage.received,
                "variants": variants.collect::<Vec<_>>(),
            }))
        })
        .collect();
    if unions.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let wanted = json!({
        "document": program.supported,
        "unions": unions,
        "script": include_str!("../../roundtrip/make.py"),
    });
    let wanted = wanted.to_string();
    let folder = folder(&program.name);
    let (asked, made) = (folder.join("unions.json"), folder.join("values.jsonl"));
    if fs::read_to_string(&asked).ok().as_ref() != Some(&wanted) || !made.exists() {
        let partial = folder.join("values.part");
        fs::write(&asked, wanted).unwrap();
        let _ = fs::remove_file(&made);
        let status = Command::new(python)
            .arg(root().join("tests/roundtrip/make.py"))
            .arg("--unions")
            .args([&partial, &asked])
            .env("PYTHONHASHSEED", "0")
            .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.join("hypothesis"))
            .status()
            .unwrap();
        if !status.success() {
            return Err(format!("{}: no values were made", program.name));
        }
        fs::rename(partial, &made).unwrap();
    }
    let text = fs::read_to_string(made).unwrap();
    let lines = text.lines();
    let lines = lines.map(|line| serde_json::from_str(line).unwrap());
    Ok(Some(lines.collect()))
}
