//! `Cargo.toml` of a crate of its own.

use crate::Runtime;

/// Returns the manifest of a generated crate, below the header that names its source.
pub(crate) fn manifest(header: &str, name: &str, runtime: &Runtime) -> String {
    let quoted = |text: &str| {
        let escaped: String = text
            .chars()
            .flat_map(|c| {
                if matches!(c, '"' | '\\') {
                    vec!['\\', c]
                } else {
                    vec![c]
                }
            })
            .collect();
        format!("\"{escaped}\"")
    };
    let runtime_name = &runtime.name;
    format!(
        "{}\n\n[package]\nname = {}\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.88\"\npublish = false\n\n\
         [features]\n# Tests without network; see the documentation of `{runtime_name}::mock`.\nmock = [\"{runtime_name}/mock\"]\n\n\
         [dependencies]\n{runtime_name} = {{ path = {}, default-features = false }}\n\n[workspace]\n",
        header.replacen("//", "#", 1),
        quoted(name),
        quoted(&runtime.path)
    )
}
