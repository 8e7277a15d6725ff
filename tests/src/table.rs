//! Tables that a test run leaves for people; `cargo xtask test` prints them at its end.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::path::Path;

/// Leaves a table in Markdown under a title.
pub fn publish(title: &str, table: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-tables");
    std::fs::create_dir_all(&folder).unwrap();
    let name = title
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric(), "-");
    let text = format!("## {title}\n\n{table}\n");
    print!("{text}");
    std::fs::write(folder.join(format!("{name}.md")), text).unwrap();
}
