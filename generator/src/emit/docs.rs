//! Converts descriptions in documents to Rust documentation: CommonMark of unknown quality becomes CommonMark without
//! warnings of rustdoc and clippy. Unambiguous markup is kept (lists, code, tables, absolute links); everything else is
//! text and shows as it was typed. HTML that Markdown has signs for is Markdown. Code is never a doctest.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use pulldown_cmark::{
    CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream,
};
use quote::quote;

use super::{echo, html};

/// The documentation of one item: our own paragraphs and descriptions in the document.
#[derive(Default)]
pub(crate) struct Docs {
    text: String,
}

impl Docs {
    /// Adds a paragraph in our own words: valid Markdown.
    pub(crate) fn own(mut self, paragraph: impl AsRef<str>) -> Self {
        self.push(paragraph.as_ref());
        self
    }

    /// Adds a description in the document.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.push(&clean(text));
        self
    }

    /// Adds a description in the document or, if it is empty, our own words.
    pub(crate) fn text_or(self, text: &str, own: impl AsRef<str>) -> Self {
        let cleaned = clean(text);
        if cleaned.is_empty() {
            self.own(own)
        } else {
            self.own(cleaned)
        }
    }

    /// Adds a description of an item with these names, without paragraphs that only repeat the names.
    pub(crate) fn about(mut self, text: &str, names: &[&str]) -> Self {
        let cleaned = clean(text);
        let has_code = cleaned.contains("```");
        for paragraph in cleaned.split("\n\n") {
            if has_code || !echo::is_echo(paragraph, names) {
                self.push(paragraph);
            }
        }
        self
    }

    /// Adds a paragraph in our own words, unless it only repeats these names.
    pub(crate) fn own_about(self, paragraph: &str, names: &[&str]) -> Self {
        match echo::is_echo(paragraph, names) {
            true => self,
            false => self.own(paragraph),
        }
    }

    /// Adds the name in JSON or in a parameter, if there is no other text and the Rust name does not show it.
    pub(crate) fn name_on_the_wire(self, wire: &str, name: &str) -> Self {
        let is_plain = |c: &char| c.is_alphanumeric();
        let plain = |name: &str| name.trim_start_matches("r#").to_lowercase();
        let plain = |name: &str| plain(name).chars().filter(is_plain).collect::<String>();
        if !self.text.is_empty() || wire.is_empty() || plain(wire) == plain(name) {
            return self;
        }
        self.own(format!("Named {} in the API.", code(wire)))
    }

    /// Marks an unconfirmed fact, with a link to the page of its module.
    pub(crate) fn unconfirmed(self, text: Option<&String>, origin: Option<&str>) -> Self {
        match (text, origin) {
            (None, _) => self,
            (_, None) => self.own("[Not confirmed](super::not_confirmed)."),
            (_, Some(module)) => self.own(format!(
                "[Not confirmed](super::super::{module}::not_confirmed)."
            )),
        }
    }

    fn push(&mut self, paragraph: &str) {
        let paragraph: String = paragraph.chars().filter(|&c| !turns(c)).collect();
        for (index, line) in paragraph.lines().enumerate() {
            if !self.text.is_empty() {
                self.text.push_str(if index == 0 { "\n\n" } else { "\n" });
            }
            self.text.push_str(line.trim_end());
        }
    }

    /// Returns `///` lines.
    pub(crate) fn outer(self, texts: &Texts) -> TokenStream {
        let number = texts.keep(self.text).into_iter();
        quote!(#(#[doc = #number])*)
    }

    /// Returns `//!` lines.
    pub(crate) fn inner(self, texts: &Texts) -> TokenStream {
        let number = texts.keep(self.text).into_iter();
        quote!(#(#![doc = #number])*)
    }
}

/// Documentation of the current file. Tokens contain only its number, `///7`: text is expensive as tokens, and needs no
/// formatting.
#[derive(Default)]
pub(crate) struct Texts(RefCell<Vec<String>>);

impl Texts {
    fn keep(&self, text: String) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        let mut texts = self.0.borrow_mut();
        texts.push(text);
        Some((texts.len() - 1).to_string())
    }

    /// Writes a formatted line, or the documentation with its number.
    pub(crate) fn write(&self, out: &mut String, line: &str) {
        let words = line.trim_start_matches(' ');
        let number = words
            .strip_prefix("///")
            .or_else(|| words.strip_prefix("//!"));
        // Documentation that is written out starts with a space.
        let number = number.and_then(|number| number.parse::<usize>().ok());
        let texts = self.0.borrow();
        let Some(text) = number.and_then(|number| texts.get(number)) else {
            return out.push_str(line);
        };
        let start = line.trim_end_matches(|c: char| c.is_ascii_digit());
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            out.push_str(start);
            if !line.is_empty() {
                out.push(' ');
                out.push_str(line);
            }
        }
    }

    /// Starts the next file.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

/// Returns whether a character changes the direction of text: the compiler rejects these in comments, where they can
/// hide code.
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns code in a line of text: `name`.
pub(crate) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        let name = if text.is_empty() {
            "(empty)"
        } else {
            "(blank)"
        };
        return name.to_owned();
    }
    let pad = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// Converts text to safe CommonMark.
pub(crate) fn clean(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|&c| c == '\n' || !c.is_control())
        .collect();
    let text = html::to_markdown(&text);
    let mut writer = Writer::default();
    for event in TextMergeStream::new(Parser::new_ext(&text, Options::ENABLE_TABLES)) {
        writer.event(event);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Prefix of every new line: quotes and the indentation of lists.
    prefix: Vec<String>,
    /// Next numbers of the open lists; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Whether a blank line is due before the next block.
    gap: bool,
    /// Whether the marker of a list item was just written: its first block continues on the same line.
    at_marker: bool,
    /// Absolute targets of open links; `None` if only the text is kept.
    links: Vec<Option<String>>,
    in_code: Option<String>,
    in_comment: bool,
    in_table: bool,
    columns: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.in_code {
                Some(code) => code.push_str(&text),
                None => self.words(&text),
            },
            Event::Code(text) => {
                let text = code(&text);
                self.inline(&if self.in_table {
                    text.replace('|', "\\|")
                } else {
                    text
                });
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak if self.in_table => self.inline(" "),
            Event::SoftBreak => self.line(),
            Event::HardBreak if self.in_table => self.inline(" "),
            Event::HardBreak => {
                self.inline("\\");
                self.line();
            }
            Event::Rule => self.gap = true,
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.inline("**");
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.inline("> ");
                self.prefix.push("> ".to_owned());
                self.at_marker = true;
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.block();
                self.in_code = Some(String::new());
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.gap |= !self.out.is_empty();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}. ");
                        *number += 1;
                        marker
                    }
                    _ => "- ".to_owned(),
                };
                self.block();
                self.out.push_str(&marker);
                self.prefix.push(" ".repeat(marker.len()));
                self.at_marker = true;
            }
            Tag::Table(columns) => {
                self.block();
                self.in_table = true;
                self.columns = columns.len();
            }
            Tag::TableHead | Tag::TableRow => self.inline("|"),
            Tag::TableCell => self.inline(" "),
            Tag::Emphasis => self.inline("*"),
            Tag::Strong => self.inline("**"),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let absolute = ["https://", "http://"]
                    .iter()
                    .any(|scheme| dest_url.starts_with(scheme));
                let plain = !dest_url.contains(|c: char| {
                    c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '\\')
                });
                let own_text = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let target = (absolute && plain && !own_text).then(|| dest_url.into_string());
                if target.is_some() {
                    self.inline("[");
                }
                self.links.push(target);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.gap = true,
            TagEnd::Heading(_) => {
                self.inline("**");
                self.gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.prefix.pop();
                self.at_marker = false;
                self.gap = true;
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap = self.lists.is_empty();
            }
            TagEnd::Item => {
                self.prefix.pop();
                self.at_marker = false;
                self.gap = false;
            }
            TagEnd::Table => {
                self.in_table = false;
                self.gap = true;
            }
            TagEnd::TableHead => {
                self.line();
                let rule = "| --- ".repeat(self.columns);
                self.inline(&rule);
                self.inline("|");
                self.line();
            }
            TagEnd::TableRow => self.line(),
            TagEnd::TableCell => self.inline(" |"),
            TagEnd::Emphasis => self.inline("*"),
            TagEnd::Strong => self.inline("**"),
            TagEnd::Link => {
                if let Some(Some(target)) = self.links.pop() {
                    self.inline(&format!("]({target})"));
                }
            }
            _ => {}
        }
    }

    /// Starts a block: on the line of its list marker, or on a new line, after a blank line if one is due.
    fn block(&mut self) {
        if self.at_marker {
            self.at_marker = false;
            return;
        }
        if self.out.is_empty() {
            return;
        }
        self.trim();
        if self.gap {
            self.out.push('\n');
            self.out.push_str(self.prefix.concat().trim_end());
        }
        self.gap = false;
        self.line();
    }

    fn line(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push('\n');
        self.out.push_str(&self.prefix.concat());
    }

    /// Removes blank ends, except a list marker alone on its line.
    fn trim(&mut self) {
        while self.out.ends_with([' ', '\n']) {
            self.out.pop();
        }
    }

    fn inline(&mut self, text: &str) {
        // The text of an item in a tight list is not a paragraph.
        self.at_marker = false;
        if self.gap {
            self.block();
        }
        self.out.push_str(text);
    }

    fn html(&mut self, html: &str) {
        // Comments arrive line by line, and are not shown.
        let start = html.trim_start();
        let html = match self.in_comment || start.starts_with("<!--") {
            true => {
                let rest = start.split_once("-->").map(|(_, rest)| rest);
                self.in_comment = rest.is_none();
                rest.unwrap_or_default()
            }
            false => html,
        };
        let tag = html.trim().to_ascii_lowercase();
        if tag.is_empty() {
            return;
        }
        if matches!(tag.as_str(), "<br>" | "<br/>" | "<br />") {
            if self.in_table {
                self.inline(" ");
            } else {
                self.inline("\\");
                self.line();
            }
            return;
        }
        for (index, line) in html.trim_end().lines().enumerate() {
            if index > 0 {
                self.line();
            }
            // Indentation would turn it into code.
            self.words(line.trim_start());
        }
    }

    fn code_block(&mut self) {
        let code = self.in_code.take().unwrap_or_default();
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.out.push_str(&fence);
        self.out.push_str("text");
        for line in code.lines() {
            self.line();
            self.out.push_str(line);
        }
        self.line();
        self.out.push_str(&fence);
        self.gap = true;
    }

    /// Writes plain text, with all markup characters escaped.
    fn words(&mut self, text: &str) {
        self.at_marker = false;
        if self.gap {
            self.block();
        }
        let mut rest = text;
        while let Some(start) = find_url(rest) {
            let (before, after) = rest.split_at(start);
            self.escape(before);
            let length = url_length(after);
            let (url, after) = after.split_at(length);
            // Markdown has no link inside a link.
            if self.links.iter().any(Option::is_some) {
                self.escape(url);
            } else {
                self.out.push_str(&format!("<{url}>"));
            }
            rest = after;
        }
        self.escape(rest);
    }

    fn escape(&mut self, text: &str) {
        let mut before = self.out.chars().next_back();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied();
            let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let special = match c {
                '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' => true,
                '_' => !(in_word(before) && in_word(after)),
                '&' => in_word(after) || after == Some('#'),
                '#' | '+' | '-' | '=' | '.' | ')' => self.starts_block(c),
                _ => false,
            };
            if special {
                self.out.push('\\');
            }
            self.out.push(c);
            before = Some(c);
        }
    }

    /// Returns whether this character, in its position, would start a heading, a list or a rule.
    fn starts_block(&self, c: char) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let start = line
            .strip_prefix(self.prefix.concat().as_str())
            .unwrap_or(line)
            .trim_start_matches("- ")
            .trim();
        match c {
            '.' | ')' => {
                !start.is_empty()
                    && start.len() < 10
                    && start.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => start.is_empty(),
        }
    }

    fn finish(mut self) -> String {
        self.trim();
        self.out
    }
}

fn find_url(text: &str) -> Option<usize> {
    ["http://", "https://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()
}

/// Returns the length of the URL at the start of the text, without the punctuation at the end of a sentence.
fn url_length(text: &str) -> usize {
    let end = text.find(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | ']' | '[' | '\\' | '*')
    });
    let url = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    let opened = url.contains('(');
    url.trim_end_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'') || (c == ')' && !opened)
    })
    .len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays() {
        assert_eq!(
            clean("Amount in minor units, created_at_gte.\nSecond line."),
            "Amount in minor units, created_at_gte.\nSecond line."
        );
        assert_eq!(clean("  \n\n"), "");
    }

    #[test]
    fn markup_by_accident_is_text() {
        assert_eq!(
            clean("see [x] and <b>html</b> & a *"),
            "see \\[x\\] and **html** & a \\*"
        );
        assert_eq!(
            clean("Array<string> _foo snake_case"),
            "Array\\<string\\> \\_foo snake_case"
        );
        assert_eq!(clean("in\n2026. x"), "in\n2026\\. x");
        assert_eq!(clean("a\\\n1) x"), "a\\\\\n\n1. x");
    }

    #[test]
    fn links() {
        assert_eq!(
            clean("at https://a.b/c_d?e=f. Or (http://x.y)"),
            "at <https://a.b/c_d?e=f>. Or (<http://x.y>)"
        );
        assert_eq!(
            clean("[docs](https://a.b) and [here](#part) and <https://a.b>"),
            "[docs](https://a.b) and here and <https://a.b>"
        );
    }

    #[test]
    fn lists_have_no_lazy_lines() {
        assert_eq!(
            clean("Values:\n* one\nstill one\n    * two\n* three"),
            "Values:\n\n- one\n  still one\n  - two\n- three"
        );
        assert_eq!(clean("1. a\n2. b\n\ntext"), "1. a\n2. b\n\ntext");
    }

    #[test]
    fn code_is_never_a_doctest() {
        assert_eq!(
            clean("a\n\n    let x = 1;\n\nb"),
            "a\n\n```text\nlet x = 1;\n```\n\nb"
        );
        assert_eq!(clean("```json\n{\"a\": 1}\n"), "```text\n{\"a\": 1}\n```");
        assert_eq!(
            clean("- x:\n\n  ```\n  a\n  b\n  ```\n"),
            "- x:\n\n  ```text\n  a\n  b\n  ```"
        );
        assert_eq!(code("a`b"), "``a`b``");
    }

    #[test]
    fn tables_and_headings() {
        let table = "# Title\n\n| a | b |\n|---|---|\n| `x\\|y` | z |";
        assert_eq!(
            clean(table),
            "**Title**\n\n| a | b |\n| --- | --- |\n| `x\\|y` | z |"
        );
    }
}
