//! `spec/names.lock`: one file over all documents, with a section for each.

use std::collections::BTreeMap;

use generator::load::Source;

use crate::failure::{Failure, Outcome};

const PREAMBLE: &str = "\
# Public names, each with its uses below it. The uses identify a type, wherever the document declares it.
# Written by `cargo xtask codegen`; a version is the first release with that name, which then stays.
";

/// The file, cut into sections.
pub(crate) struct LockFile {
    name: &'static str,
    /// By module: the number of lines before the section's text, and the text.
    sections: BTreeMap<String, (usize, String)>,
}

impl LockFile {
    pub(crate) fn parse(name: &'static str, text: String) -> Outcome<Self> {
        let mut sections: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut current: Option<&mut String> = None;
        for (index, line) in text.lines().enumerate() {
            let wrong = |what: &str| {
                Failure::Mistake(format!(
                    "error: {what}\n  --> {name}:{}:1\n   | {line}",
                    index + 1
                ))
            };
            if let Some(module) = line
                .strip_prefix('[')
                .and_then(|rest| rest.trim_end().strip_suffix(']'))
            {
                if sections.contains_key(module) {
                    return Err(wrong("duplicate section"));
                }
                current = Some(
                    &mut sections
                        .entry(module.to_owned())
                        .or_insert((index + 1, String::new()))
                        .1,
                );
            } else if let Some(section) = &mut current {
                section.push_str(line);
                section.push('\n');
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                return Err(wrong("this line is before the first [section]"));
            }
        }
        Ok(Self { name, sections })
    }

    /// The section of a module. Blank lines stand for what comes before it in the file, so that line numbers are right.
    pub(crate) fn section(&self, module: &str) -> Option<Source> {
        let (before, text) = self.sections.get(module)?;
        Some(Source {
            name: self.name.to_owned(),
            text: "\n".repeat(*before) + text.trim_end() + "\n",
        })
    }
}

/// The file of a single document.
pub(crate) fn alone(text: &str) -> String {
    format!("{PREAMBLE}{text}")
}

/// The file that has these sections, in this order.
pub(crate) fn join(sections: &[(&str, String)]) -> String {
    let mut file = PREAMBLE.to_owned();
    for (module, text) in sections {
        file.push_str(&format!("\n[{module}]\n"));
        for line in text.trim().lines() {
            file.push_str(line);
            file.push('\n');
        }
    }
    file
}

/// The file once every name in it is released: those that were not before are with this version.
pub(crate) fn released(text: &str, version: &str) -> String {
    let stamped = text.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["type", name] => format!("type {name} {version}\n"),
            ["type", name, holds] if holds.starts_with('#') => {
                format!("type {name} {version} {holds}\n")
            }
            ["operation", _, _, body, _] if body.contains('/') => format!("{line} {version}\n"),
            ["operation", _, _, _] => format!("{line} {version}\n"),
            _ => format!("{line}\n"),
        }
    });
    stamped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_come_back_as_they_were_written_and_at_their_lines() {
        let text = join(&[
            ("insight", "a = A\nb = B\n".to_owned()),
            ("payments", String::new()),
        ]);
        let file = LockFile::parse("names.lock", text.clone()).unwrap();
        let insight = file.section("insight").unwrap().text;
        assert_eq!(insight.trim_start(), "a = A\nb = B\n");
        let line_of = |text: &str| text.lines().position(|line| line == "b = B");
        assert_eq!(line_of(&insight), line_of(&text));
        assert_eq!(file.section("payments").unwrap().text.trim(), "");
        assert!(file.section("orders").is_none());
    }

    #[test]
    fn a_release_is_said_of_each_new_name() {
        let before = "# Names\n\n[a]\noperation GET /a get_a\noperation GET /b get_b 0.1.0\noperation GET /b text/csv get_b_as_csv\noperation GET /b text/x get_b_as_x 0.1.0\n  body a/b\ntype A #12345678\n  get_a:200\ntype B 0.1.0 #1\ntype AId\n";
        let after = "# Names\n\n[a]\noperation GET /a get_a 0.2.0\noperation GET /b get_b 0.1.0\noperation GET /b text/csv get_b_as_csv 0.2.0\noperation GET /b text/x get_b_as_x 0.1.0\n  body a/b\ntype A 0.2.0 #12345678\n  get_a:200\ntype B 0.1.0 #1\ntype AId 0.2.0\n";
        assert_eq!(released(before, "0.2.0"), after);
        assert_eq!(released(after, "0.3.0"), after);
    }

    #[test]
    fn what_belongs_to_no_section_is_an_error() {
        for wrong in ["a = A\n", "[x]\n[x]\n"] {
            let Err(failure) = LockFile::parse("names.lock", wrong.to_owned()) else {
                panic!("{wrong}")
            };
            assert!(failure.to_string().contains("names.lock:"), "{failure}");
        }
    }
}
