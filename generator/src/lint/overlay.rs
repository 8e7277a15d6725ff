//! Actions of an overlay, and the text of an overlay with more of them.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::{
    diagnostic,
    load::{Node, Source, Value, tree},
};

/// An action of an OpenAPI Overlay 1.0.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// A JSONPath.
    pub target: String,
    /// The reason.
    pub description: String,
    /// The change.
    pub change: Change,
}

/// The change of an [`Action`].
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Merges a value into the target.
    Update(Json),
    /// Removes the target.
    Remove,
}

impl Action {
    pub(super) fn update(at: &str, description: &str, update: Json) -> Self {
        Self {
            target: diagnostic::json_path(at),
            description: description.to_owned(),
            change: Change::Update(update),
        }
    }

    pub(super) fn remove(at: &str, description: &str) -> Self {
        Self {
            target: diagnostic::json_path(at),
            description: description.to_owned(),
            change: Change::Remove,
        }
    }

    /// Returns the action as an item of a list in YAML.
    #[must_use]
    pub fn yaml(&self, indent: usize) -> String {
        let blank = " ".repeat(indent);
        let mut text = format!(
            "{blank}- target: {}\n{blank}  description: {}\n",
            scalar(&self.target),
            scalar(&self.description)
        );
        match &self.change {
            Change::Update(update) => {
                let _ = write!(text, "{blank}  update:");
                member(update, indent + 4, &mut text);
            }
            Change::Remove => {
                let _ = writeln!(text, "{blank}  remove: true");
            }
        }
        text
    }
}

/// Writes the value of a key.
fn member(value: &Json, indent: usize, text: &mut String) {
    let blank = " ".repeat(indent);
    match value {
        Json::Object(members) if !members.is_empty() => {
            text.push('\n');
            for (key, value) in members {
                let _ = write!(text, "{blank}{}:", scalar(key));
                member(value, indent + 2, text);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                let _ = write!(text, "{blank}-");
                match item {
                    Json::Object(_) | Json::Array(_) => {
                        // JSON is YAML.
                        let _ = writeln!(text, " {item}");
                    }
                    item => member(item, indent + 2, text),
                }
            }
        }
        Json::String(value) => {
            let _ = writeln!(text, " {}", scalar(value));
        }
        value => {
            let _ = writeln!(text, " {value}");
        }
    }
}

/// Returns a text as a YAML scalar on one line.
fn scalar(text: &str) -> String {
    const OTHERS: [&str; 10] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan",
    ];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$' || c == '_');
    let is_plain = starts
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(char::is_control)
        && !OTHERS.contains(&text.to_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else if text.contains(char::is_control) {
        Json::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Returns the text of an overlay without actions.
pub(super) fn empty(title: &str, extends: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo:\n  title: {}\n  version: 1.0.0\nextends: {}\nactions: []\n",
        scalar(&format!("Additions for the Rust code to {title}")),
        scalar(extends)
    )
}

/// Returns the text of an overlay with more actions at the end of its list. Everything else stays as it is.
pub(super) fn extended(overlay: &Source, actions: &[Action]) -> Result<String, String> {
    let unable = |why: &str| {
        format!(
            "error: can't add actions to {}: {why}; add them by hand",
            overlay.name
        )
    };
    let count = |source: &Source| {
        let root = tree(source).ok()?;
        let items = root.get("actions")?.as_array()?.len();
        Some((root, items))
    };
    let (root, known) = count(overlay).ok_or_else(|| unable("it has no list `actions`"))?;
    let (key, list) = (root.entry("actions")).ok_or_else(|| unable("it has no `actions`"))?;
    let text = &overlay.text;
    let is_windows = text.contains("\r\n");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line_of_key = key.place.line as usize;
    let indent = match first(list) {
        Some(item) => {
            let line = lines.get((item.place.line as usize).saturating_sub(1));
            let dash = line.and_then(|line| dash(line, item.place.column as usize));
            dash.ok_or_else(|| unable("its list `actions` is in the style of JSON"))?
        }
        None => {
            let line = lines.get_mut(line_of_key.saturating_sub(1));
            let line = line.ok_or_else(|| unable("its list `actions` was not found"))?;
            let (before, after) = (line.split_once("[]"))
                .filter(|(before, _)| before.trim_end() == "actions:")
                .ok_or_else(|| unable("its list `actions` is in the style of JSON"))?;
            let comment = after.trim();
            *line = match comment {
                "" => before.trim_end().to_owned(),
                comment => format!("{} {comment}", before.trim_end()),
            };
            2
        }
    };
    // Before the next key at the root, and before its comments.
    let keys = root.as_object().unwrap_or_default().iter();
    let next = keys.map(|(key, _)| key.place.line as usize);
    let mut end = (next.filter(|line| *line > line_of_key).min())
        .map_or(lines.len(), |line| line.saturating_sub(1));
    let is_last = end == lines.len();
    while end > line_of_key
        && lines
            .get(end - 1)
            .is_some_and(|line| line.trim().is_empty() || (!is_last && line.starts_with('#')))
    {
        end -= 1;
    }
    let mut added: Vec<String> = Vec::new();
    for action in actions {
        added.extend(action.yaml(indent).lines().map(str::to_owned));
    }
    lines.splice(end..end, added);
    let ending = if is_windows { "\r\n" } else { "\n" };
    let text = lines.join(ending) + ending;
    let result = Source {
        name: overlay.name.clone(),
        text,
    };
    match count(&result) {
        Some((_, now)) if now == known + actions.len() => Ok(result.text),
        _ => Err(unable("the end of its list `actions` was not found")),
    }
}

fn first(list: &Node) -> Option<&Node> {
    match &list.value {
        Value::Array(items) => items.first(),
        _ => None,
    }
}

/// Returns the indentation of the dash before an item, if there is nothing else before it.
fn dash(line: &str, column: usize) -> Option<usize> {
    let before: String = line.chars().take(column.saturating_sub(1)).collect();
    let blank = before.trim_end().strip_suffix('-')?;
    blank.trim().is_empty().then(|| blank.chars().count())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use serde_json::json;

    use super::*;

    fn action(name: &str) -> Action {
        Action::update(
            "/paths/~1pets/get",
            "It has no name: there was none.",
            json!({ "x-rust-name": name }),
        )
    }

    fn add(text: &str, actions: &[Action]) -> Result<String, String> {
        let source = Source {
            name: "o.yaml".to_owned(),
            text: text.to_owned(),
        };
        extended(&source, actions)
    }

    #[test]
    fn texts_stay_as_they_are() {
        let item = "- target: $.paths['/pets'].get\n  description: 'It has no name: there was none.'\n  update:\n    x-rust-name: list_pets\n";
        let indented = item
            .replace("\n  ", "\n    ")
            .replace("- target", "  - target");
        assert_eq!(action("list_pets").yaml(2), indented);
        let head = "# ours\noverlay: 1.0.0\ninfo: { title: t, version: '1' }\n";
        let old = "  # Names\n  - target: $.info   # here\n    description: why\n    update: { x-a: 1 }\n  # the end\n";
        for (before, after) in [
            (format!("{head}actions:\n{old}"), String::new()),
            (format!("{head}actions: []"), String::new()),
            (
                format!("{head}actions:\n{old}"),
                "\n# more\nx-note: here\n".to_owned(),
            ),
        ] {
            let text = add(&format!("{before}{after}"), &[action("list_pets")]).unwrap();
            let before = before.replace("actions: []", "actions:\n");
            assert_eq!(text, format!("{before}{indented}{after}"));
        }
        // Items without indentation.
        let old = "- target: $.info\n  description: why\n  update: { x-a: 1 }\n";
        let text = add(&format!("{head}actions:\n{old}"), &[action("list_pets")]).unwrap();
        assert_eq!(text, format!("{head}actions:\n{old}{item}"));
        let windows = format!("{head}actions:\n{old}").replace('\n', "\r\n");
        let text = add(&windows, &[action("list_pets")]).unwrap();
        assert_eq!(text, format!("{windows}{}", item.replace('\n', "\r\n")));
    }

    #[test]
    fn other_styles_are_refused() {
        let json = "{\"overlay\": \"1.0.0\", \"actions\": [{\"target\": \"$\"}]}";
        let flow = "overlay: 1.0.0\nactions: [{ target: $ }]\n";
        let none = "overlay: 1.0.0\n";
        for text in [json, flow, none] {
            let why = add(text, &[action("x")]).unwrap_err();
            assert!(why.contains("can't add actions to o.yaml"), "{why}");
        }
    }

    #[test]
    fn values_are_yaml() {
        let update = json!({
            "enum": ["on", "a b", "1", "x: y", "tab\there", "it's"],
            "deep": {"empty": {}, "list": [{"a": 1}], "yes": true},
        });
        let text = Action::update("/a b/0", "why", update.clone()).yaml(0);
        let source = Source {
            name: "a.yaml".to_owned(),
            text,
        };
        let read = tree(&source).unwrap().to_json();
        assert_eq!(read[0]["update"], update);
        assert_eq!(read[0]["target"], "$['a b']['0']");
    }
}
