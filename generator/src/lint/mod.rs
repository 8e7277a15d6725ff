//! Places of documents that make worse code, each with the overlay action that fixes it.

mod fix;
mod names;
mod overlay;
mod schemas;
mod values;

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::{
    Input,
    diagnostic::{self, Diagnostic},
    load::{Document, Place},
    lower::Lowered,
    together,
};
pub use fix::{Fixed, Unfixed, fix, give_overlay};
pub use overlay::{Action, Change};

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// An operation has no `operationId`.
    OperationId,
    /// A type has no name, and is named after its place.
    InlineType,
    /// Two things have the same name.
    CollidingName,
    /// A name reads badly.
    BadName,
    /// The values of a text are only described.
    TextEnum,
    /// An object or value without a type.
    Untyped,
    /// A regular expression as a `format`.
    RegexFormat,
    /// An action of an overlay that has no effect.
    Overlay,
    /// An exception that is unknown or has no effect.
    Allow,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 9] = [
        Self::OperationId,
        Self::InlineType,
        Self::CollidingName,
        Self::BadName,
        Self::TextEnum,
        Self::Untyped,
        Self::RegexFormat,
        Self::Overlay,
        Self::Allow,
    ];

    /// Its name in messages and in `x-lint-allow`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OperationId => "operation-id",
            Self::InlineType => "inline-type",
            Self::CollidingName => "colliding-name",
            Self::BadName => "bad-name",
            Self::TextEnum => "text-enum",
            Self::Untyped => "untyped",
            Self::RegexFormat => "regex-format",
            Self::Overlay => "overlay",
            Self::Allow => "allow",
        }
    }
}

/// A place that makes worse code.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its kind.
    pub rule: Rule,
    /// The effect on the code, the place, and the actions that fix it. A warning.
    pub found: Diagnostic,
    /// The actions, if they need no decision; empty if they do.
    pub actions: Vec<Action>,
}

/// The findings of a document.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// In the order of rules and places.
    pub findings: Vec<Finding>,
    /// How many parts of the document are unsupported and omitted.
    pub left_out: usize,
}

/// The extension that lists the rules that a place may break.
const ALLOW: &str = "x-lint-allow";

/// Checks documents that may refer to each other: the findings of each one.
///
/// # Errors
/// The same as [`crate::generate_together`].
pub fn lint_together(inputs: &[Input]) -> Result<Vec<Linted>, Vec<Diagnostic>> {
    let models = together::models(inputs)?;
    let parts = models.documents.iter().zip(&models.lowered).zip(inputs);
    let linted = parts.map(|((document, lowered), input)| Linted {
        findings: findings(input, document, lowered),
        left_out: 0,
    });
    Ok(linted.collect())
}

/// Checks a document that may be in several files, unsupported parts left out.
///
/// # Errors
/// The same as [`crate::generate_tolerant_with`].
pub fn lint_tolerant(input: &Input, files: &[crate::Source]) -> Result<Linted, Vec<Diagnostic>> {
    let ((findings, _), left_out) = crate::tolerantly(input, files, |library, _| {
        let document = library.document(0).map_err(crate::each_once)?;
        crate::load::deep(|| {
            let lowered = crate::lowered(input, &document).map_err(crate::each_once)?;
            let is_empty = lowered.api.groups.is_empty();
            Ok((findings(input, &document, &lowered), is_empty))
        })
    })?;
    Ok(Linted {
        findings,
        left_out: left_out.len(),
    })
}

fn findings(input: &Input, document: &Document, lowered: &Lowered) -> Vec<Finding> {
    let mut all = names::names(document, lowered);
    all.extend(schemas::schemas(document, &lowered.report));
    let mut allowed = allowed(document, &all);
    all.retain(|finding| {
        let key = (
            finding.found.pointer.clone(),
            finding.rule.name().to_owned(),
        );
        match allowed.iter_mut().find(|(known, _)| *known == key) {
            Some((_, is_used)) => {
                *is_used = true;
                false
            }
            None => true,
        }
    });
    let unused = allowed.into_iter().filter(|(_, is_used)| !is_used);
    all.extend(unused.map(|((at, name), _)| {
        let is_known = Rule::ALL.iter().any(|rule| rule.name() == name);
        let what = match is_known {
            true => format!("`{ALLOW}` allows `{name}`, which this place does not break"),
            false => format!("`{ALLOW}` names an unknown rule `{name}`"),
        };
        let rules = Rule::ALL.map(|rule| format!("`{}`", rule.name()));
        let help = match is_known {
            true => "remove the exception".to_owned(),
            false => format!("the rules are {}", rules.join(", ")),
        };
        let found = document.error(&at, what, help).into_warning();
        Finding::decision(Rule::Allow, found)
    }));
    // Which of them the loader noted about actions.
    let overlays: BTreeSet<&str> = input.overlays.iter().map(|one| one.name.as_str()).collect();
    let noted = document.unread().iter();
    let noted = noted.filter(|found| {
        found.pointer.starts_with("/actions/") && overlays.contains(&*found.place.file)
    });
    all.extend(noted.map(|found| Finding::decision(Rule::Overlay, found.clone())));
    fn key(one: &Finding) -> (Rule, &Place, &str) {
        (one.rule, &one.found.place, &one.found.what)
    }
    all.sort_by(|a, b| key(a).cmp(&key(b)));
    all.dedup_by(|a, b| key(a) == key(b));
    all
}

/// Returns the exceptions, by place and rule, each with whether it has an effect.
fn allowed(document: &Document, all: &[Finding]) -> Vec<((String, String), bool)> {
    let schemas = document.used_schemas().into_iter().map(|used| used.at);
    let operations = document.operations().into_iter().map(|(_, at)| at);
    let places = all.iter().map(|finding| finding.found.pointer.clone());
    let places: BTreeSet<String> = schemas.chain(operations).chain(places).collect();
    let mut found = Vec::new();
    for at in places {
        let names = document
            .node(&at)
            .and_then(|node| node.get(ALLOW)?.as_array());
        for name in names.unwrap_or_default() {
            let name = name.as_str().unwrap_or_default().to_owned();
            found.push(((at.clone(), name), false));
        }
    }
    found
}

impl Finding {
    /// A finding that only a person can fix.
    fn decision(rule: Rule, found: Diagnostic) -> Self {
        Self {
            rule,
            found,
            actions: Vec::new(),
        }
    }

    /// A finding at a pointer. `note` says what to check or to decide; `action` is what the overlay needs.
    fn new(
        document: &Document,
        rule: Rule,
        at: &str,
        what: impl Into<String>,
        note: &str,
        fix: Fix,
    ) -> Self {
        let (actions, shown) = match fix {
            Fix::Actions(actions) => {
                let shown: Vec<String> = actions.iter().map(|action| action.yaml(0)).collect();
                (actions, shown.concat())
            }
            Fix::Template(pointer, update) => {
                (Vec::new(), diagnostic::overlay_merge(&pointer, &update))
            }
            Fix::None => (Vec::new(), String::new()),
        };
        let help = match (note.is_empty(), shown.trim_end()) {
            (_, "") => note.to_owned(),
            (true, shown) => format!("in an overlay:\n{shown}"),
            (false, shown) => format!("{note}\n{shown}"),
        };
        Self {
            rule,
            found: document.error(at, what, help).into_warning(),
            actions,
        }
    }
}

/// The fix of a finding.
enum Fix {
    /// These actions, which need no decision.
    Actions(Vec<Action>),
    /// An action at a pointer, whose update has a blank to fill in.
    Template(String, String),
    /// No action can.
    None,
}

impl Fix {
    /// Updates the object at a pointer.
    fn update(at: &str, description: &str, update: Json) -> Self {
        Self::Actions(vec![Action::update(at, description, update)])
    }
}
