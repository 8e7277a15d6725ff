//! Prose in files of the repository: paragraphs of Markdown, comments and string literals of Rust, comments and descriptions
//! of YAML.

/// A paragraph, a list item, a table row, a heading or a string literal.
#[derive(Debug)]
pub struct Passage {
    /// Each word with its line, without code spans and link targets. Punctuation marks are words, too.
    pub words: Vec<(usize, String)>,
}

/// Returns the prose of a file in Markdown, YAML or Rust, by its name.
pub fn passages(name: &str, text: &str) -> Vec<Passage> {
    if name.ends_with(".md") {
        let lines = text.lines().enumerate();
        return paragraphs(lines.map(|(number, line)| (number + 1, Line::Prose(line))));
    }
    if name.ends_with(".yaml") {
        let lines = text.lines().enumerate();
        return paragraphs(lines.flat_map(|(number, line)| {
            yaml(line).into_iter().map(move |line| (number + 1, line))
        }));
    }
    let mut passages = paragraphs(text.lines().enumerate().map(|(number, line)| {
        let comment = line.trim_start();
        let prose = ["///", "//!", "//"]
            .iter()
            .find_map(|mark| comment.strip_prefix(mark));
        let line = match prose {
            Some(prose) => Line::Prose(prose),
            None if comment.contains("doc = \"```") => Line::Fence,
            None => Line::Code,
        };
        (number + 1, line)
    }));
    passages.extend(literals(text).into_iter().filter_map(|(line, literal)| {
        let mut words = Vec::new();
        // A literal of one word is a name.
        let is_prose = literal.trim().contains(' ');
        split(line, &literal, &mut words);
        is_prose.then_some(Passage { words })
    }));
    passages
}

/// Keys whose values are prose.
const PROSE_KEYS: [&str; 5] = [
    "description",
    "summary",
    "title",
    "x-incomplete",
    "x-not-confirmed",
];

/// Returns the prose of a line: a comment, a description, or a line that continues one.
fn yaml(line: &str) -> Vec<Line<'_>> {
    let text = line.trim();
    let text = match text.strip_prefix("- ") {
        // A list item of one word is a name.
        Some(item) if !item.contains(' ') => return vec![Line::Code],
        Some(item) => item,
        None => text,
    };
    if let Some(comment) = text.strip_prefix('#') {
        return vec![Line::Prose(comment)];
    }
    if let Some((key, value)) = text.split_once(':') {
        let is_name = |c: char| c.is_alphanumeric() || "-_$/{}.'\"".contains(c);
        if key.chars().all(is_name) {
            if !PROSE_KEYS.contains(&key) {
                return vec![Line::Code];
            }
            // The text of a block begins on the next line.
            let value = match value.trim() {
                ">-" | ">" | "|-" | "|" => "",
                value => value.trim_matches(['\'', '"']),
            };
            return vec![Line::Code, Line::Prose(value)];
        }
    }
    match text.starts_with(['[', '{', '-']) {
        true => vec![Line::Code],
        false => vec![Line::Prose(text)],
    }
}

enum Line<'t> {
    Prose(&'t str),
    /// An attribute that opens a block of code in documentation.
    Fence,
    Code,
}

fn paragraphs<'t>(lines: impl Iterator<Item = (usize, Line<'t>)>) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut current = Vec::new();
    let mut is_code = false;
    for (number, line) in lines {
        let text = match line {
            Line::Prose(text) => text.trim(),
            Line::Fence | Line::Code => {
                // A fence does not outlast its comment, unless an attribute has opened it.
                is_code = matches!(line, Line::Fence);
                ""
            }
        };
        let is_fence = text.starts_with("```");
        let starts_new = ["- ", "* ", "| ", "#", "|"]
            .iter()
            .any(|mark| text.starts_with(mark));
        if text.is_empty() || is_fence || starts_new {
            passages.push(Passage {
                words: std::mem::take(&mut current),
            });
        }
        if is_fence {
            is_code = !is_code;
        } else if !is_code {
            let text = text.trim_start_matches(['-', '*', '#', ' ']);
            split(number, text, &mut current);
        }
    }
    passages.push(Passage { words: current });
    passages.retain(|passage| !passage.words.is_empty());
    passages
}

/// String literals with their first lines. Escapes are kept, apart from line continuations.
fn literals(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\n' => line += 1,
            '/' if text[at..].starts_with("//") => {
                while rest.next_if(|(_, c)| *c != '\n').is_some() {}
            }
            // A character, not a lifetime.
            '\'' if text[at..].starts_with("'\"'") || text[at..].starts_with("'\\") => {
                while rest.next_if(|(_, c)| *c != '\'').is_some() {}
                rest.next();
            }
            'r' if text[at..].starts_with("r#\"") || text[at..].starts_with("r\"") => {
                let end = match text[at..].starts_with("r#\"") {
                    true => "\"#",
                    false => "\"",
                };
                let start = at + 1 + end.len();
                let literal = text[start..].split(end).next().unwrap_or_default();
                found.push((line, literal.to_owned()));
                let after = start + literal.len() + end.len();
                line += literal.matches('\n').count();
                while rest.next_if(|(at, _)| *at < after).is_some() {}
            }
            '"' => {
                let first = line;
                let mut literal = String::new();
                while let Some((_, c)) = rest.next_if(|(_, c)| *c != '"') {
                    line += usize::from(c == '\n');
                    if c != '\\' {
                        literal.push(c);
                        continue;
                    }
                    match rest.next() {
                        Some((_, '\n')) => {
                            line += 1;
                            while rest.next_if(|(_, c)| *c == ' ').is_some() {}
                        }
                        Some((_, 'n')) => literal.push('\n'),
                        Some((_, c)) => literal.extend(['\\', c]),
                        None => {}
                    }
                }
                rest.next();
                found.push((first, literal));
            }
            _ => {}
        }
    }
    found
}

/// Splits a line into words and punctuation, without code spans, placeholders and link targets.
fn split(line: usize, text: &str, words: &mut Vec<(usize, String)>) {
    let mut word = String::new();
    let mut is_span = false;
    let mut is_target = false;
    let mut before = ' ';
    for c in text.chars().chain([' ']) {
        match c {
            '`' => is_span = !is_span,
            '(' if before == ']' && !is_span => is_target = true,
            '{' if !is_span => is_target = true,
            ')' | '}' if is_target => is_target = false,
            _ if is_span || is_target => {}
            _ if c.is_alphanumeric() || matches!(c, '-' | '\'' | '’') => word.push(c),
            _ => {
                if !word.is_empty() {
                    words.push((line, std::mem::take(&mut word)));
                }
                if matches!(c, '.' | '!' | '?' | '|' | ':' | ';' | '\n') {
                    words.push((line, c.to_string()));
                }
            }
        }
        before = c;
    }
}
