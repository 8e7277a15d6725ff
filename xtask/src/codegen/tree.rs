//! Compares expected files with existing ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// The mark in the first lines of a generated file. A file without it is hand-written and never changed.
pub(crate) const MARK: &str = "@generated";
/// The only editable file that is also written.
pub(crate) const LOCK_NAME: &str = "names.lock";

/// Lines of a diff that are shown for one file.
const SHOWN: usize = 400;

/// The expected text.
pub(crate) struct Tree {
    /// Folder that every path is relative to.
    pub(crate) base: PathBuf,
    /// Text by path, with forward slashes.
    pub(crate) files: BTreeMap<String, String>,
    /// The same of files that people write and that have generated lists in them.
    pub(crate) written: BTreeMap<String, String>,
    /// Folders in which there is nothing but generated files.
    pub(crate) sweep: Vec<String>,
}

/// One file that is not as it should be.
struct Change<'a> {
    path: String,
    /// The existing text.
    old: Option<String>,
    /// The expected text.
    new: Option<&'a str>,
}

impl Tree {
    /// Prints what differs; that something does is an error.
    pub(crate) fn check(&self) -> Outcome {
        let changes = self.changes()?;
        if changes.is_empty() {
            println!("{} files, all up to date", self.files.len());
            return Ok(());
        }
        for change in &changes {
            print!("{}", change.diff());
        }
        Err(Failure::Mistake(format!(
            "error: {} generated file{} not up to date; run `cargo xtask codegen` with the same arguments but --check",
            changes.len(),
            if changes.len() == 1 { " is" } else { "s are" },
        )))
    }

    /// Writes what differs. New contents are all on the disk before the first file is replaced. Returns how many files
    /// differed.
    pub(crate) fn write(&self) -> Outcome<usize> {
        let changes = self.changes()?;
        let mut ready = Vec::new();
        for change in &changes {
            if let Some(new) = change.new {
                let path = self.base.join(&change.path);
                let folder = path.parent().unwrap_or(&self.base);
                fs::create_dir_all(folder)
                    .map_err(|error| Failure::file("make", folder, &error))?;
                let beside = path.with_extension("tmp");
                fs::write(&beside, new).map_err(|error| Failure::file("write", &beside, &error))?;
                ready.push((beside, path));
            }
        }
        for (beside, path) in ready {
            fs::rename(&beside, &path).map_err(|error| Failure::file("write", &path, &error))?;
        }
        for change in &changes {
            let verb = match (&change.old, change.new) {
                (_, None) => {
                    self.remove(&change.path)?;
                    "removed"
                }
                (None, Some(_)) => "new",
                (Some(_), Some(_)) => "changed",
            };
            println!("{verb:>8} {}", change.path);
        }
        match changes.len() {
            0 => println!("{} files, all up to date", self.files.len()),
            many => println!(
                "{} files, {many} of them not up to date before",
                self.files.len()
            ),
        }
        Ok(changes.len())
    }

    fn remove(&self, path: &str) -> Outcome {
        let path = self.base.join(path);
        fs::remove_file(&path).map_err(|error| Failure::file("remove", &path, &error))?;
        // Folders that are empty now go too: removing one that is not fails, and that is where it ends.
        let above = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.base);
        for folder in above {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn changes(&self) -> Outcome<Vec<Change<'_>>> {
        let mut changes = Vec::new();
        for (path, new) in &self.files {
            let own = path.rsplit('/').next() == Some(LOCK_NAME);
            if !own && !is_marked(new) {
                return Err(Failure::Mistake(format!(
                    "error: the generator gave {path} without the mark {MARK}"
                )));
            }
            let old = workspace::read_if_there(&self.base.join(path))?;
            if old.as_ref() == Some(new) {
                continue;
            }
            if !own && old.as_deref().is_some_and(|old| !is_marked(old)) {
                return Err(foreign(&self.base.join(path), "would be overwritten"));
            }
            changes.push(Change {
                path: path.clone(),
                old,
                new: Some(new),
            });
        }
        for (path, new) in &self.written {
            let old = workspace::read_if_there(&self.base.join(path))?;
            if old.as_ref() != Some(new) {
                changes.push(Change {
                    path: path.clone(),
                    old,
                    new: Some(new),
                });
            }
        }
        for folder in &self.sweep {
            let mut found = Vec::new();
            list(&self.base, folder, &mut found)?;
            for path in found {
                if !self.files.contains_key(&path) {
                    let full = self.base.join(&path);
                    let old = fs::read_to_string(&full).ok().filter(|old| is_marked(old));
                    let old = old.ok_or_else(|| foreign(&full, "is in a generated folder"))?;
                    changes.push(Change {
                        path,
                        old: Some(old),
                        new: None,
                    });
                }
            }
        }
        Ok(changes)
    }
}

impl Change<'_> {
    fn diff(&self) -> String {
        let missing = "/dev/null";
        let from = if self.old.is_some() {
            format!("a/{}", self.path)
        } else {
            missing.to_owned()
        };
        let to = if self.new.is_some() {
            format!("b/{}", self.path)
        } else {
            missing.to_owned()
        };
        let diff = TextDiff::from_lines(
            self.old.as_deref().unwrap_or_default(),
            self.new.unwrap_or_default(),
        );
        let text = diff.unified_diff().header(&from, &to).to_string();
        let mut lines = text.split_inclusive('\n');
        let mut shown: String = lines.by_ref().take(SHOWN).collect();
        let rest = lines.count();
        if rest > 0 {
            shown.push_str(&format!("… {rest} more lines of this diff\n"));
        }
        shown
    }
}

fn is_marked(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains(MARK))
}

fn foreign(path: &Path, what: &str) -> Failure {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = path.strip_prefix(here).unwrap_or(path).display();
    Failure::Mistake(format!(
        "error: {shown} {what} but has no {MARK} in its first lines, so it is hand-written: move it away first"
    ))
}

/// Every file below a folder, as paths with forward slashes.
fn list(base: &Path, folder: &str, found: &mut Vec<String>) -> Outcome {
    let full = base.join(folder);
    let entries = match fs::read_dir(&full) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::file("list", &full, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::file("list", &full, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| Failure::file("list", &full, &error))?;
        names.push((
            entry.file_name().to_string_lossy().into_owned(),
            kind.is_dir(),
        ));
    }
    names.sort();
    for (name, is_folder) in names {
        let path = format!("{folder}/{name}");
        if is_folder {
            list(base, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(base: &Path, files: &[(&str, &str)]) -> Tree {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), format!("// @generated\n{text}\n")))
            .collect();
        Tree {
            base: base.to_path_buf(),
            files,
            written: BTreeMap::new(),
            sweep: vec!["src".to_owned()],
        }
    }

    fn contents(base: &Path) -> Vec<String> {
        let mut found = Vec::new();
        list(base, "src", &mut found).unwrap();
        found
    }

    #[test]
    fn only_what_changed_is_written_and_what_vanished_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        tree(base, &[("src/lib.rs", "a"), ("src/old/mod.rs", "b")])
            .write()
            .unwrap();
        let kept = base.join("src/lib.rs");
        let long_ago =
            std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        fs::File::options()
            .write(true)
            .open(&kept)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();

        let next = tree(base, &[("src/lib.rs", "a"), ("src/new.rs", "c")]);
        assert!(next.check().is_err());
        assert_eq!(
            contents(base),
            ["src/lib.rs", "src/old/mod.rs"],
            "a check writes nothing"
        );
        next.write().unwrap();
        assert_eq!(contents(base), ["src/lib.rs", "src/new.rs"]);
        assert!(!base.join("src/old").exists());
        assert_eq!(fs::metadata(&kept).unwrap().modified().unwrap(), long_ago);
        next.check().unwrap();
    }

    #[test]
    fn a_file_that_somebody_wrote_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        fs::create_dir_all(base.join("src")).unwrap();
        fs::write(base.join("src/mine.rs"), "fn mine() {}\n").unwrap();
        for files in [&[("src/mine.rs", "x")][..], &[("src/lib.rs", "x")][..]] {
            let failure = tree(base, files).write().unwrap_err();
            assert!(failure.to_string().contains("mine.rs"), "{failure}");
            assert_eq!(contents(base), ["src/mine.rs"], "nothing is written");
        }
    }

    #[test]
    fn the_diff_names_what_is_stale_missing_and_extra() {
        let (old, new) = (Some("x\ny\n".to_owned()), Some("x\nz\n"));
        let diff = |old, new| {
            Change {
                path: "a.rs".to_owned(),
                old,
                new,
            }
            .diff()
        };
        assert_eq!(
            diff(old.clone(), new),
            "--- a/a.rs\n+++ b/a.rs\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n"
        );
        assert!(diff(None, new).starts_with("--- /dev/null\n+++ b/a.rs\n"));
        assert!(diff(old, None).starts_with("--- a/a.rs\n+++ /dev/null\n"));
    }
}
