//! Lists of the APIs: the file that names their modules, and parts of files that people write. All of them are made from
//! `spec/sdk.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use generator::Together;

use super::settings::{Api, FILE, FOLDER, Settings};
use super::tree::MARK;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// The file that names the modules.
pub(super) fn modules(apis: &[Api], together: &Together) -> String {
    let mut text = format!(
        "// {MARK} by `cargo xtask codegen` from {FOLDER}/{FILE}. Do not edit.\n\n{}",
        generator::emit::allowed()
    );
    let every = apis.iter().filter_map(|api| api.feature.as_ref());
    let every: Vec<String> = every.map(|name| feature(name)).collect();
    let _ = writeln!(
        text,
        "#![cfg_attr(\n    not(all({})),\n    allow(\n        dead_code,\n        reason = \"a module has types for APIs that are off, too\"\n    )\n)]\n",
        every.join(", ")
    );
    if !together.ids.is_empty() {
        let _ = writeln!(text, "{}mod ids;", with_any(apis.iter()));
    }
    for module in &together.shared {
        let users = apis.iter().filter(|api| module.users.contains(&api.module));
        let _ = writeln!(text, "{}mod {};", with_any(users), module.module);
    }
    for api in apis {
        if let Some(name) = &api.feature {
            let _ = writeln!(text, "#[cfg({})]", feature(name));
        }
        let _ = writeln!(text, "pub mod {};", api.module);
    }
    text.push_str(&not_confirmed(apis, together));
    text
}

/// The module that has the pages of all modules about unconfirmed facts.
fn not_confirmed(apis: &[Api], together: &Together) -> String {
    const PAGE: &str = "not_confirmed";
    let has_page = |files: &BTreeMap<String, String>| files.contains_key(&format!("{PAGE}.rs"));
    let shared = together.shared.iter();
    let shared = shared
        .filter(|module| has_page(&module.files))
        .map(|module| {
            let users = apis.iter().filter(|api| module.users.contains(&api.module));
            (with_any(users), &module.module)
        });
    let own = apis.iter().zip(&together.outputs);
    let own = own.filter(|(_, output)| has_page(&output.files));
    let own = own.map(|(api, _)| (with_any(std::iter::once(api)), &api.module));
    let pages = own.chain(shared).map(|(condition, module)| {
        let condition = condition.trim_end();
        format!("    {condition}\n    pub use super::{module}::{PAGE} as {module};\n")
    });
    let pages: String = pages.collect();
    if pages.is_empty() {
        return String::new();
    }
    format!(
        "\n/// Facts that the documentation of the APIs leaves open, by API and by module of shared types.\n\
         #[cfg(doc)]\npub mod {PAGE} {{\n{pages}}}\n"
    )
}

/// The condition that any of these is on. One that has no feature always is.
fn with_any<'a>(apis: impl Iterator<Item = &'a Api>) -> String {
    let features = apis.map(|api| api.feature.as_deref().map(feature));
    match features.collect::<Option<Vec<String>>>().as_deref() {
        None => String::new(),
        Some([one]) => format!("#[cfg({one})]\n"),
        Some(many) => format!("#[cfg(any({}))]\n", many.join(", ")),
    }
}

fn feature(name: &str) -> String {
    format!("feature = {name:?}")
}

/// A part of a file that people write.
struct List {
    path: &'static str,
    /// How a comment begins there.
    comment: &'static str,
    /// How it ends, if not with its line.
    close: &'static str,
    name: &'static str,
    lines: Vec<String>,
}

/// The files with lists in them, as they should be.
pub(super) fn written(
    root: &Path,
    settings: &Settings,
    together: &Together,
) -> Outcome<BTreeMap<String, String>> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for list in lists(root, settings, together) {
        let text = match files.remove(list.path) {
            Some(text) => text,
            None => workspace::read(&root.join(list.path))?,
        };
        files.insert(list.path.to_owned(), list.put(&text)?);
    }
    Ok(files)
}

fn lists(root: &Path, settings: &Settings, together: &Together) -> Vec<List> {
    let features = settings.features();
    let named = |indent: &str| {
        let names = features.keys();
        names
            .map(|name| format!("{indent}{name:?},"))
            .collect::<Vec<_>>()
    };
    vec![
        List {
            path: "sdk/Cargo.toml",
            comment: "#",
            close: "",
            name: "features",
            lines: declared(settings, together),
        },
        List {
            path: "sdk/Cargo.toml",
            comment: "    #",
            close: "",
            name: "all APIs",
            lines: named("    "),
        },
        List {
            path: "tests/Cargo.toml",
            comment: "    #",
            close: "",
            name: "all APIs",
            lines: named("    "),
        },
        List {
            path: "sdk/src/lib.rs",
            comment: "//",
            close: "",
            name: "table of features",
            lines: table(settings, "//! "),
        },
        List {
            path: "sdk/src/lib.rs",
            comment: "//",
            close: "",
            name: "modules",
            lines: public(root, settings),
        },
        List {
            path: "README.md",
            comment: "<!--",
            close: " -->",
            name: "table of APIs",
            lines: std::iter::once("| Feature | Default | API |\n|---|---|---|".to_owned())
                .chain(table(settings, ""))
                .collect(),
        },
    ]
}

/// Features of the crate; one whose module needs another's, or a part of the runtime, has that, too.
fn declared(settings: &Settings, together: &Together) -> Vec<String> {
    let apis = &settings.api;
    let default = apis.iter().filter(|api| api.default);
    let default = default.filter_map(|api| api.feature.as_ref());
    let default: String = default.map(|name| format!(", {name:?}")).collect();
    let mut lines: Vec<String> = Vec::new();
    for api in apis {
        let Some(name) = &api.feature else { continue };
        let needed = apis.iter().filter(|other| {
            let needed = together.needs.get(&api.module);
            needed.is_some_and(|needed| needed.contains(&other.module))
        });
        let needed = needed.filter_map(|other| other.feature.as_ref());
        let runtime = together.features.get(&api.module).into_iter().flatten();
        let needed = needed.map(String::as_str).chain(runtime.copied());
        let needed: Vec<String> = needed.map(|name| format!("{name:?}")).collect();
        lines.push(format!("{name} = [{}]", needed.join(", ")));
    }
    lines.sort();
    lines.insert(0, format!("default = [\"rustls\"{default}]"));
    lines
}

/// Rows of a table of the APIs, each behind the text that a comment begins with.
fn table(settings: &Settings, comment: &str) -> Vec<String> {
    let row = |api: &Api| {
        let default = if api.default { "yes" } else { "no" };
        let name = api.feature.as_ref()?;
        Some(format!("{comment}| `{name}` | {default} | {} |", api.about))
    };
    let (on, off): (Vec<&Api>, Vec<&Api>) = settings.api.iter().partition(|api| api.default);
    on.into_iter().chain(off).filter_map(row).collect()
}

/// The public modules of the crate: each by its name, so that the compiler can tell whose feature is off. One beside
/// which a module was written by hand is found through that.
fn public(root: &Path, settings: &Settings) -> Vec<String> {
    let mut apis: Vec<&Api> = settings.api.iter().collect();
    apis.sort_by_key(|api| &api.module);
    let is_written = |module: &str| root.join("sdk/src").join(module).is_dir();
    let mut lines: Vec<String> = Vec::new();
    for by_hand in [true, false] {
        for api in apis.iter().filter(|api| is_written(&api.module) == by_hand) {
            lines.extend((api.feature.iter()).map(|name| format!("#[cfg({})]", feature(name))));
            lines.push(match by_hand {
                true => format!("pub mod {};", api.module),
                false => format!("pub use api::{};", api.module),
            });
        }
    }
    lines
}

impl List {
    fn begin(&self) -> String {
        let Self {
            comment,
            close,
            name,
            ..
        } = self;
        format!("{comment} {name}, by `cargo xtask codegen` from {FOLDER}/{FILE}:{close}")
    }

    fn end(&self) -> String {
        format!("{} end of {}{}", self.comment, self.name, self.close)
    }

    /// The text of a file with the list in it.
    fn put(&self, text: &str) -> Outcome<String> {
        let (begin, end) = (self.begin(), self.end());
        let parts = text.split_once(&format!("{begin}\n"));
        let parts = parts.and_then(|(before, rest)| {
            let at = rest.find(&format!("{end}\n"))?;
            Some((before, rest.get(at..)?))
        });
        let Some((before, after)) = parts else {
            return Err(Failure::Mistake(format!(
                "error: {} lacks the lines\n{begin}\n{end}\nbetween which codegen writes a list",
                self.path
            )));
        };
        let lines: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        Ok(format!("{before}{begin}\n{lines}{after}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &[&str]) -> List {
        List {
            path: "a.toml",
            comment: "#",
            close: "",
            name: "numbers",
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        }
    }

    #[test]
    fn a_list_is_put_between_its_lines_and_nothing_else_is_touched() {
        let (one, two) = (list(&["a = 1"]), list(&["a = 1", "b = 2"]));
        let (begin, end) = (one.begin(), one.end());
        let text = format!("x = 0\n{begin}\n{end}\ny = 3\n");
        let with_one = one.put(&text).unwrap();
        assert_eq!(with_one, format!("x = 0\n{begin}\na = 1\n{end}\ny = 3\n"));
        let with_two = two.put(&with_one).unwrap();
        assert_eq!(
            with_two,
            format!("x = 0\n{begin}\na = 1\nb = 2\n{end}\ny = 3\n")
        );
        assert_eq!(one.put(&with_two).unwrap(), with_one);
    }

    #[test]
    fn a_file_without_the_lines_is_named() {
        let list = list(&[]);
        for text in [
            "",
            &format!("{}\n", list.begin()),
            &format!("{}\n", list.end()),
        ] {
            let failure = list.put(text).unwrap_err().to_string();
            assert!(failure.contains("a.toml lacks the lines"), "{failure}");
        }
    }
}
