//! Formats tokens as text.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse_quote;

use super::docs::Texts;

/// Maximum width of a macro invocation, and of a line of names.
const WIDTH: usize = 120;

/// Formats some items. If the tokens are not valid Rust (a mistake of this generator, not of the document), rustc reports
/// it.
///
/// Called for a few items at a time, because tokens need much more memory than text.
pub(crate) fn items(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).unwrap_or_else(|error| {
        let message = error.to_string();
        parse_quote!(compile_error!(#message);)
    });
    prettyplease::unparse(&file)
}

/// Formats a type on one line.
pub(crate) fn ty(ty: &TokenStream) -> String {
    let item = items(quote!(type T = #ty;));
    within(&item, "type T = ")
}

/// Formats an expression on one line.
pub(crate) fn expression(value: &TokenStream) -> String {
    let item = items(quote!(const V: T = #value;));
    within(&item, "const V: T = ")
}

fn within(item: &str, start: &str) -> String {
    let inner = item.trim_end().strip_prefix(start);
    let inner = inner.and_then(|inner| inner.strip_suffix(';'));
    inner.unwrap_or(item).to_owned()
}

/// Formats an item, followed by an item macro that is already formatted, because prettyplease breaks its rows.
pub(crate) fn with_table(tokens: TokenStream, table: &str) -> String {
    items(tokens) + table + "\n"
}

/// Returns `rt::name!(head { rows });`, with one row per line.
pub(crate) fn table(name: &str, head: &str, rows: impl Iterator<Item = String>) -> String {
    use std::fmt::Write as _;
    let mut text = format!("rt::{name}!({head} {{");
    let mut is_empty = true;
    for row in rows {
        // Writing to a `String` can't fail.
        let _ = write!(text, "\n    {row},");
        is_empty = false;
    }
    text.push_str(if is_empty { "});" } else { "\n});" });
    text
}

/// Returns `rt::name!(arguments);`, on one line if it fits.
pub(crate) fn call(name: &str, arguments: &str) -> String {
    let line = format!("rt::{name}!({arguments});");
    match line.len() {
        ..=WIDTH => line,
        _ => format!("rt::{name}!(\n    {arguments}\n);"),
    }
}

/// Returns `rt::name! { names }`.
pub(crate) fn names(name: &str, names: &BTreeSet<String>) -> String {
    let mut text = format!("rt::{name}! {{");
    let list = names.iter().map(|name| format!("{name},"));
    let list: Vec<String> = list.collect();
    fill(&mut text, list.iter().map(String::as_str));
    text.push_str("\n}\n");
    text
}

/// Returns a text as a Rust literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Assembles a file.
pub(crate) fn file(texts: &Texts, header: &str, head: TokenStream, body: &[String]) -> String {
    let head = items(head);
    let lines = std::iter::once(head.as_str())
        .chain(body.iter().map(String::as_str))
        .flat_map(str::lines);
    let text = format!("{header}\n\n{}", breathe(texts, lines));
    texts.clear();
    text
}

/// Inserts documentation and blank lines between items, which prettyplease omits (an item macro stays with its item),
/// and joins an item macro with long names on one line if it fits.
fn breathe<'t>(texts: &Texts, mut lines: impl Iterator<Item = &'t str>) -> String {
    let mut out = String::new();
    let mut before = "";
    let mut preamble = true;
    while let Some(line) = lines.next() {
        if preamble {
            // Documentation and attributes of the module: one block each.
            let attribute = line.starts_with("#![") || line.starts_with(' ') || line == ")]";
            preamble = attribute || line.starts_with("//!");
            if !before.is_empty() && (!preamble || (attribute && before.starts_with("//!"))) {
                out.push('\n');
            }
        } else if wants_gap(before, line) {
            out.push('\n');
        }
        texts.write(&mut out, line);
        before = line;
        if line.ends_with("::{") && (line.starts_with("use ") || line.starts_with("pub use ")) {
            let names = lines.by_ref().take_while(|line| *line != "};");
            let names: Vec<&str> = names.map(str::trim).collect();
            let names = names.join(" ");
            let names = names.trim_end_matches(',');
            if line.len() + names.len() + "};".len() <= WIDTH {
                out.push_str(names);
            } else {
                fill(&mut out, names.split(' '));
                out.push_str(",\n");
            }
            out.push_str("};");
            before = "};";
        }
        if line.starts_with("rt::") && line.ends_with('(') {
            let arguments = lines
                .by_ref()
                .take_while(|line| *line != ");")
                .map(str::trim)
                .collect::<Vec<_>>();
            let arguments = arguments.join(" ");
            let arguments = arguments.trim_end_matches(',');
            if line.len() + arguments.len() + ");".len() <= WIDTH {
                out.push_str(arguments);
            } else {
                out.push_str("\n    ");
                out.push_str(arguments);
                out.push('\n');
            }
            out.push_str(");");
            before = ");";
        }
        out.push('\n');
    }
    out
}

/// Writes names separated by commas, as many per line as fit.
fn fill<'n>(out: &mut String, names: impl Iterator<Item = &'n str>) {
    let mut width = WIDTH;
    for name in names {
        if width + 1 + name.len() > WIDTH {
            out.push_str("\n    ");
            width = 4;
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(name);
        width += name.len();
    }
}

fn wants_gap(before: &str, line: &str) -> bool {
    let (ended, words) = (before.trim_start_matches(' '), line.trim_start_matches(' '));
    let indent = line.len() - words.len();
    if indent > 4
        || words.is_empty()
        || before.len() - ended.len() != indent
        || ended.starts_with("//")
    {
        return false;
    }
    // The end of a long `use`.
    let ended = if before == "};" { "use " } else { ended };
    // The table of a type stays with it; separate tables don't.
    let is_macro = words.starts_with("rt::") && !ended.starts_with("use ") && before != "});";
    if !(ended == "use " || ended.ends_with(['}', ';'])) || is_macro || words.starts_with('}') {
        return false;
    }
    let family = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        ["use ", "mod ", "type "]
            .into_iter()
            .find(|word| line.starts_with(word))
    };
    family(ended).is_none() || family(ended) != family(words)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Texts, file, items};

    #[test]
    fn items_have_room_and_macros_one_line_where_they_fit() {
        let long = quote::format_ident!("A{}", "x".repeat(80));
        let too_long = quote::format_ident!("B{}", "x".repeat(120));
        let text = file(
            &Texts::default(),
            "// header",
            quote! {
                //! Docs.
                #![allow(deprecated)]
                #![allow(clippy::large_enum_variant, reason = "a reason that is too long for one line of any width")]
                mod a;
                pub mod b;
                use a::A;
            },
            &[items(quote! {
                #[doc = " Ends with }"]
                #[deprecated(note = "a reason that is too long for one line of any width, however wide the line may be")]
                #[derive(Clone)]
                struct #long { a: i64, b: i64 }
                rt::hidden!(#long, sent, received);
                rt::hidden!(#too_long, sent);
                impl A {
                    type B = C;
                    const D: i64 = 1;
                    fn e() {}
                    fn f() {}
                }
            })],
        );
        let expected = format!(
            "// header\n\n//! Docs.\n\n#![allow(deprecated)]\n#![allow(\n    clippy::large_enum_variant,\n    reason = \"a reason that is too long for one \
             line of any width\"\n)]\n\nmod a;\npub mod b;\n\nuse a::A;\n\n/// Ends with }}\n#[deprecated(\n    note = \"a reason that is too long for one line of any width, however \
             wide the line may be\"\n)]\n#[derive(Clone)]\nstruct {long} {{\n    a: i64,\n    \
             b: i64,\n}}\nrt::hidden!({long}, sent, received);\nrt::hidden!(\n    {too_long}, sent\n);\n\nimpl A {{\n    type B = C;\n\n    const D: i64 = 1;\n\n    fn e() {{}}\n\n    \
             fn f() {{}}\n}}\n"
        );
        assert_eq!(text, expected);
    }
}
