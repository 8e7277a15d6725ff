//! `Cargo.toml` of a crate of its own.

use crate::Runtime;

/// Features of the runtime that users of a generated crate can enable, by what they are for.
const FEATURES: [(&str, &[&str]); 4] = [
    (
        "TLS: one of the two, or none to reach only loopback addresses.",
        &["rustls", "native-tls"],
    ),
    (
        "How calls are made.",
        &["blocking", "download", "reqwest-013", "tracing"],
    ),
    (
        "Conversions of points in time and days.",
        &["chrono-04", "jiff-02", "time-03"],
    ),
    ("Tests without network.", &["mock"]),
];

/// Returns the manifest of a generated crate, below the header that names its source.
pub(crate) fn manifest(header: &str, name: &str, runtime: &Runtime, features: &[&str]) -> String {
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
    let needed: Vec<String> = features.iter().map(|name| quoted(name)).collect();
    let needed = match needed.as_slice() {
        [] => String::new(),
        needed => format!(", features = [{}]", needed.join(", ")),
    };
    let features: String = FEATURES
        .iter()
        .map(|(about, names)| {
            let names = names.iter();
            let lines = names.map(|name| format!("{name} = [\"{runtime_name}/{name}\"]\n"));
            format!("# {about}\n{}", lines.collect::<String>())
        })
        .collect();
    let features = format!("default = [\"rustls\"]\n{features}");
    format!(
        "{}\n\n[package]\nname = {}\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.88\"\npublish = false\n\n\
         [features]\n{features}\n\
         [dependencies]\n{runtime_name} = {{ path = {}, default-features = false{needed} }}\n\n[workspace]\n",
        header.replacen("//", "#", 1),
        quoted(name),
        quoted(&runtime.path)
    )
}
