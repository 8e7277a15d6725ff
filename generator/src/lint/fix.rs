//! Adds the actions of findings to overlays. An action is kept only if the documents can still be read with it, and if
//! its finding is gone then.

use std::collections::BTreeSet;

use super::{Finding, Linted, Rule, overlay};
use crate::{
    Input,
    diagnostic::Diagnostic,
    load::{Source, tree},
};

/// An overlay with added actions.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The new text.
    pub overlay: Source,
    /// The findings that it fixes.
    pub findings: Vec<Finding>,
}

/// Why nothing was fixed.
#[derive(Clone, Debug)]
pub enum Unfixed {
    /// Mistakes in the documents.
    Mistakes(Vec<Diagnostic>),
    /// The text of an overlay can't be extended.
    Overlay(String),
}

/// Rounds after which no more findings are fixed: a type that an action adds may have findings itself.
const ROUNDS: usize = 10;

/// Adds the actions of all findings that need no decision to the last overlay of each document. `lint` is
/// [`super::lint_together`], or calls [`super::lint_tolerant`] for a single document. `fresh` is the name of the overlay
/// of each document that has none. Returns the changed overlays, by the number of their document.
///
/// # Errors
/// Mistakes in the documents, or an overlay whose style leaves no room for more actions.
pub fn fix(
    inputs: &[Input],
    fresh: impl Fn(usize) -> String,
    lint: impl Fn(&[Input]) -> Result<Vec<Linted>, Vec<Diagnostic>>,
) -> Result<Vec<(usize, Fixed)>, Unfixed> {
    let mut fix = Fix {
        linted: lint(inputs).map_err(Unfixed::Mistakes)?,
        inputs: inputs.to_vec(),
        lint,
    };
    let mut done: Vec<Vec<Finding>> = vec![Vec::new(); inputs.len()];
    let mut refused: BTreeSet<(usize, Rule, String)> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let mut is_done = true;
        for (number, done) in done.iter_mut().enumerate() {
            let key = |one: &Finding| (number, one.rule, one.found.pointer.clone());
            let linted = fix.linted.get(number);
            let mut open: Vec<Finding> = linted.map_or_else(Vec::new, |one| one.findings.clone());
            open.retain(|one| !one.actions.is_empty() && !refused.contains(&key(one)));
            if open.is_empty() {
                continue;
            }
            if let Some(input) = fix.inputs.get_mut(number)
                && input.overlays.is_empty()
            {
                give_overlay(input, &fresh(number));
            }
            let accepted = fix.accept(number, &open)?;
            refused.extend(open.iter().map(key));
            is_done &= accepted.is_empty();
            done.extend(accepted);
        }
        if is_done {
            break;
        }
    }
    let all = fix.inputs.into_iter().zip(done).enumerate();
    let changed = all.filter(|(_, (_, findings))| !findings.is_empty());
    let fixed = changed.filter_map(|(number, (input, findings))| {
        let overlay = input.overlays.last()?.clone();
        Some((number, Fixed { overlay, findings }))
    });
    Ok(fixed.collect())
}

struct Fix<L> {
    inputs: Vec<Input>,
    /// Of these inputs.
    linted: Vec<Linted>,
    lint: L,
}

impl<L: Fn(&[Input]) -> Result<Vec<Linted>, Vec<Diagnostic>>> Fix<L> {
    /// Adds the actions of these findings, or of as many as possible. Returns those that are fixed.
    fn accept(&mut self, number: usize, findings: &[Finding]) -> Result<Vec<Finding>, Unfixed> {
        if self.attempt(number, findings)? {
            return Ok(findings.to_vec());
        }
        if findings.len() < 2 {
            return Ok(Vec::new());
        }
        let (first, second) = findings.split_at(findings.len() / 2);
        let mut accepted = self.accept(number, first)?;
        accepted.extend(self.accept(number, second)?);
        Ok(accepted)
    }

    /// Adds the actions if they fix all of these findings and leave nothing out.
    fn attempt(&mut self, number: usize, findings: &[Finding]) -> Result<bool, Unfixed> {
        let mut inputs = self.inputs.clone();
        let Some(overlay) = inputs
            .get_mut(number)
            .and_then(|input| input.overlays.last_mut())
        else {
            return Ok(false);
        };
        let actions: Vec<_> = findings
            .iter()
            .flat_map(|finding| finding.actions.clone())
            .collect();
        overlay.text = overlay::extended(overlay, &actions).map_err(Unfixed::Overlay)?;
        let Ok(linted) = (self.lint)(&inputs) else {
            return Ok(false);
        };
        let is_open = |finding: &Finding| {
            let now = linted.iter().flat_map(|linted| &linted.findings);
            now.clone()
                .any(|now| now.rule == finding.rule && now.found.pointer == finding.found.pointer)
        };
        let count = |linted: &[Linted], rule: Option<Rule>| -> usize {
            let counts = linted.iter().map(|one| match rule {
                Some(rule) => one.findings.iter().filter(|one| one.rule == rule).count(),
                None => one.left_out,
            });
            counts.sum()
        };
        let no_more = |rule: Option<Rule>| count(&linted, rule) <= count(&self.linted, rule);
        let is_better =
            !findings.iter().any(is_open) && no_more(None) && no_more(Some(Rule::Overlay));
        if is_better {
            self.inputs = inputs;
            self.linted = linted;
        }
        Ok(is_better)
    }
}

/// Adds an overlay without actions to a document, after its others.
pub fn give_overlay(input: &mut Input, name: &str) {
    let root = tree(&input.document).ok();
    let title = root
        .as_ref()
        .and_then(|root| root.get("info")?.get("title")?.as_str());
    let text = overlay::empty(
        title.unwrap_or("the document"),
        &relative(name, &input.document.name),
    );
    input.overlays.push(Source {
        name: name.to_owned(),
        text,
    });
}

/// Returns the path of a document from the folder of an overlay, if both are below the same folder.
fn relative(overlay: &str, document: &str) -> String {
    let folder: Vec<&str> = overlay.split('/').collect();
    let folder = folder.split_last().map_or(&[][..], |(_, folder)| folder);
    let to: Vec<&str> = document.split('/').collect();
    let same = folder.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = folder.len() - same;
    let down = to.get(same..).unwrap_or_default().join("/");
    "../".repeat(up) + &down
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_from_overlays() {
        for (overlay, document, path) in [
            ("spec/overlays/a.yaml", "spec/a.yaml", "../a.yaml"),
            ("a.overlay.yaml", "a.yaml", "a.yaml"),
            ("/tmp/x/o.yaml", "/tmp/a.yaml", "../a.yaml"),
        ] {
            assert_eq!(relative(overlay, document), path);
        }
    }
}
