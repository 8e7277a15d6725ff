//! The cost of generating from large documents, which are made here.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::at_most;
use crate::failure::{Failure, Outcome};

/// CPU seconds for 10,000 operations.
const OPERATIONS_GOAL: f64 = 6.0;
/// MB of memory at once, for documents of 35 and of 100 MB.
const MEMORY_GOALS: [f64; 2] = [1000.0, 2500.0];
/// CPU seconds of the largest document, of those of the one before it, which is 2.9 times smaller.
const GROWTH_GOAL: f64 = 4.0;
/// How often a running program is looked at.
const STEP: Duration = Duration::from_millis(5);
/// Clock ticks of a second in `/proc`.
const TICKS: f64 = 100.0;

/// The cost of a run.
struct Cost {
    /// CPU seconds.
    seconds: f64,
    /// MB.
    memory: f64,
}

/// Rows of the table: figure, value, goal.
pub(super) fn rows(generator: &Path, folder: &Path) -> Outcome<Vec<[String; 3]>> {
    let folder = folder.join("resources");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    let mut rows = Vec::new();
    let mut before = 0.0;
    let documents: [(&str, &dyn Fn() -> String); 5] = [
        ("100,000 schemas, each of which holds the next", &|| {
            chain(100_000)
        }),
        ("20,000 schemas", &|| schemas(20_000, 120)),
        ("10,000 operations", &|| operations(10_000)),
        ("35 MB", &|| schemas(50_000, 16 * 35)),
        ("100 MB", &|| schemas(142_000, 16 * 35)),
    ];
    for (number, (what, document)) in documents.into_iter().enumerate() {
        eprintln!("measuring a document of {what}");
        let text = document();
        let path = folder.join("document.json");
        std::fs::write(&path, &text).map_err(|error| Failure::file("write", &path, &error))?;
        let size = text.len() as f64 / 1e6;
        drop(text);
        let cost = measure(generator, &path, &folder.join("out"))?;
        let seconds = match number {
            2 => at_most(cost.seconds, OPERATIONS_GOAL),
            4 => at_most(cost.seconds, (GROWTH_GOAL * before).round()),
            _ => String::new(),
        };
        before = cost.seconds;
        let memory = match number {
            3 | 4 => at_most(cost.memory, MEMORY_GOALS[number - 3]),
            _ => String::new(),
        };
        let what = format!("generating from a document of {what} ({size:.1} MB)");
        let row = [
            format!("{what}, release build, CPU seconds"),
            format!("{:.2}", cost.seconds),
            seconds,
        ];
        rows.push(row);
        rows.push([
            format!("{what}, MB of memory"),
            format!("{:.0}", cost.memory),
            memory,
        ]);
        let _ = std::fs::remove_dir_all(folder.join("out"));
    }
    // 100 MB are not kept.
    let _ = std::fs::remove_dir_all(&folder);
    Ok(rows)
}

/// Runs the generator. On Linux, `/proc` has the cost of a process while it runs.
fn measure(generator: &Path, document: &Path, out: &Path) -> Outcome<Cost> {
    let _ = std::fs::remove_dir_all(out);
    let mut command = Command::new(generator);
    command
        .args(["codegen", "--document"])
        .arg(document)
        .arg("--out")
        .arg(out);
    let failed = |error: std::io::Error| Failure::file("run", generator, &error);
    let mut running = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let process = Path::new("/proc").join(running.id().to_string());
    let mut cost = Cost {
        seconds: 0.0,
        memory: 0.0,
    };
    loop {
        let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        cost.memory = cost.memory.max(peak.unwrap_or(0.0) * 1.024e-3);
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        // After the name, which may hold spaces: the 12th and 13th value.
        let values = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        let ticks: f64 = values
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<f64>().ok())
            .sum();
        cost.seconds = cost.seconds.max(ticks / TICKS);
        if let Some(status) = running.try_wait().map_err(failed)? {
            if !status.success() {
                return Err(Failure::Mistake(format!(
                    "error: generating from {} failed: {status}",
                    document.display()
                )));
            }
            return Ok(cost);
        }
        std::thread::sleep(STEP);
    }
}

const HEAD: &str = "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Large\",\"version\":\"1\"},\
                    \"servers\":[{\"url\":\"https://api.example.com/v1\"}],";

/// A document of these members of `paths` and of `schemas`.
fn document(paths: &str, schemas: &str) -> String {
    let (paths, schemas) = (
        paths.trim_end_matches(",\n"),
        schemas.trim_end_matches(",\n"),
    );
    format!("{HEAD}\"paths\":{{\n{paths}}},\"components\":{{\"schemas\":{{\n{schemas}}}}}}}\n")
}

/// An operation whose response is a schema.
fn operation(number: usize, schema: &str) -> String {
    let parameter = |name: &str, place: &str, more: &str| {
        format!(
            "{{\"name\":\"{name}\",\"in\":\"{place}\"{more},\"schema\":{{\"type\":\"string\"}}}}"
        )
    };
    format!(
        "\"/things{number}/{{id}}\":{{\"get\":{{\"operationId\":\"get_{number}\",\"tags\":[\"group{}\"],\
         \"parameters\":[{},{}],\"responses\":{{\"200\":{{\"description\":\"It.\",\"content\":\
         {{\"application/json\":{{\"schema\":{{\"$ref\":\"#/components/schemas/{schema}\"}}}}}}}}}}}}}},\n",
        number / 50,
        parameter("id", "path", ",\"required\":true"),
        parameter("filter", "query", ""),
    )
}

fn chain(count: usize) -> String {
    let mut schemas = String::new();
    for number in 0..count {
        let next = match number + 1 < count {
            true => format!(
                ",\"next\":{{\"$ref\":\"#/components/schemas/S{}\"}}",
                number + 1
            ),
            false => String::new(),
        };
        let _ = writeln!(
            schemas,
            "\"S{number}\":{{\"type\":\"object\",\"properties\":{{\"text\":{{\"type\":\"string\"}}{next}}}}},"
        );
    }
    document(&operation(0, "S0"), &schemas)
}

/// As many schemas, of about as many letters each; every fiftieth is the response of an operation.
fn schemas(count: usize, letters: usize) -> String {
    let mut texts = (String::new(), String::new());
    for number in 0..count {
        let mut members = String::new();
        while members.len() < letters {
            let _ = write!(
                members,
                "\"member_{}\":{{\"type\":\"string\",\"description\":\"One of the members of schema {number}.\"}},",
                members.len()
            );
        }
        let _ = writeln!(
            texts.1,
            "\"Schema{number}\":{{\"type\":\"object\",\"properties\":{{{}}}}},",
            members.trim_end_matches(',')
        );
        if number % 50 == 0 {
            texts
                .0
                .push_str(&operation(number, &format!("Schema{number}")));
        }
    }
    document(&texts.0, &texts.1)
}

fn operations(count: usize) -> String {
    let mut texts = (String::new(), String::new());
    for number in 0..count {
        texts
            .0
            .push_str(&operation(number, &format!("Thing{}", number % 1000)));
    }
    for number in 0..1000 {
        let _ = writeln!(
            texts.1,
            "\"Thing{number}\":{{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{{\"a\":{{\"type\":\"string\"}},\
             \"b\":{{\"type\":\"integer\"}},\"c\":{{\"$ref\":\"#/components/schemas/Thing{}\"}}}}}},",
            number * 7 % 1000
        );
    }
    document(&texts.0, &texts.1)
}
