//! HTML in descriptions: tags that Markdown has signs for become these signs. Others stay, and show as they were typed.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

/// Returns Markdown with HTML tags replaced by signs of Markdown. Code keeps its tags.
pub(crate) fn to_markdown(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let html = events.filter_map(|(event, range)| match event {
        Event::Html(_) | Event::InlineHtml(_) => Some(range),
        _ => None,
    });
    let html: Vec<Range<usize>> = html.collect();
    if html.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut writer = Writer::default();
    let mut at = 0;
    for range in html {
        writer.text(text.get(at..range.start).unwrap_or_default());
        writer.html(text.get(range.clone()).unwrap_or_default());
        at = range.end;
    }
    writer.text(text.get(at..).unwrap_or_default());
    Cow::Owned(writer.out)
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Targets of the open links; empty: none.
    links: Vec<String>,
    /// Whether a sign was just opened, which no blank may follow.
    opened: bool,
    in_pre: bool,
}

impl Writer {
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            self.lines(before);
            let end = after.find('>').filter(|_| !after.starts_with("!--"));
            let Some((tag, behind)) =
                end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?)))
            else {
                // A comment, or no tag.
                self.out.push('<');
                self.out.push_str(after);
                return;
            };
            if !self.tag(tag) {
                self.text(&format!("<{tag}>"));
            }
            rest = behind;
        }
        self.lines(rest);
    }

    /// Writes text in a block of HTML, where indentation means nothing.
    fn lines(&mut self, text: &str) {
        if self.in_pre {
            return self.text(text);
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            match self.out.is_empty() || self.out.ends_with('\n') {
                true => self.text(line.trim_start()),
                false => self.text(line),
            }
        }
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let text = match std::mem::take(&mut self.opened) {
            true => text.trim_start(),
            false => text,
        };
        self.out.push_str(text);
    }

    /// Writes the sign of a tag. Returns whether there is one.
    fn tag(&mut self, tag: &str) -> bool {
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let end = tag
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(end);
        match (name.to_ascii_lowercase().as_str(), closes) {
            ("p" | "div" | "section" | "article" | "table" | "ul" | "ol" | "dl", _) => {
                self.out.push_str("\n\n")
            }
            ("li" | "tr" | "dt", false) => self.out.push_str("\n- "),
            ("li" | "tr" | "dt" | "dd", _)
            | ("tbody" | "thead" | "span" | "font" | "u" | "small" | "center", _) => {}
            ("td" | "th", _) => self.out.push(' '),
            ("hr", _) => self.out.push_str("\n\n---\n\n"),
            ("pre", closes) => {
                self.in_pre = !closes;
                self.out
                    .push_str(if closes { "\n```\n\n" } else { "\n\n```\n" });
            }
            // In `pre` it is code already.
            ("code" | "tt" | "kbd" | "samp", _) if self.in_pre => {}
            ("code" | "tt" | "kbd" | "samp", closes) => self.sign("`", closes),
            ("b" | "strong", closes) => self.sign("**", closes),
            ("i" | "em", closes) => self.sign("*", closes),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                self.out.push_str("\n\n");
                self.sign("**", false);
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => {
                self.sign("**", true);
                self.out.push_str("\n\n");
            }
            ("a", false) => {
                let target = target(attributes);
                if !target.is_empty() {
                    self.out.push('[');
                }
                self.links.push(target);
            }
            ("a", true) => {
                if let Some(target) = self.links.pop().filter(|target| !target.is_empty()) {
                    self.out.push_str(&format!("]({target})"));
                }
            }
            _ => return false,
        }
        true
    }

    /// Writes a sign around text. Blanks are outside of it, and around nothing there is no sign.
    fn sign(&mut self, sign: &str, closes: bool) {
        if !closes {
            self.out.push_str(sign);
            self.opened = true;
            return;
        }
        self.opened = false;
        let blanks = self.out.len() - self.out.trim_end_matches([' ', '\n']).len();
        let blanks = self.out.split_off(self.out.len() - blanks);
        match self.out.strip_suffix(sign) {
            Some(before) => self.out.truncate(before.len()),
            None => self.out.push_str(sign),
        }
        self.out.push_str(&blanks);
    }
}

/// Returns the value of `href`.
fn target(attributes: &str) -> String {
    let lower = attributes.to_ascii_lowercase();
    let value = lower
        .find("href")
        .and_then(|at| attributes.get(at + "href".len()..));
    let value = value.and_then(|rest| rest.trim_start().strip_prefix('='));
    let value = value.unwrap_or_default().trim_start();
    let end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            return value
                .split(quote)
                .nth(1)
                .unwrap_or_default()
                .trim()
                .to_owned();
        }
        _ => value.find(char::is_whitespace).unwrap_or(value.len()),
    };
    value.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::docs::clean;

    #[test]
    fn tags_become_signs() {
        for (html, expected) in [
            (
                "Plain <b>bold</b>, <i> slanted</i> and <code>a_b</code>.",
                "Plain **bold**, *slanted* and `a_b`.",
            ),
            ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
            ("<p>\n      One\n      line.\n</p>", "One\nline."),
            (
                "Values: <ul><li>a</li><li><b>b</b></li></ul>",
                "Values:\n\n- a\n- **b**",
            ),
            (
                "See <a href=\"https://example.com/a\">there</a>.",
                "See [there](https://example.com/a).",
            ),
            ("See <a name=x>there</a>.", "See there."),
            ("<h2>Title</h2>Text.", "**Title**\n\nText."),
            ("Nothing <b></b>bold.", "Nothing bold."),
            (
                "<pre><code>a < b\n  c</code></pre>",
                "```text\na < b\n  c\n```",
            ),
            (
                "A `<b>` in code, and <unknown> tags.",
                "A `<b>` in code, and \\<unknown\\> tags.",
            ),
            ("a < b > c", "a \\< b \\> c"),
            ("One<br>two", "One\\\ntwo"),
            ("&lt;b&gt; is a tag", "\\<b\\> is a tag"),
        ] {
            assert_eq!(clean(html), expected, "{html}");
        }
    }
}
