//! Verifying and reading webhooks.

use std::process::Command;

use super::{Programs, at_most, count};
use crate::failure::Outcome;
use crate::process;

const VERIFYING_GOAL: f64 = 1.3;
const FEW: u32 = 100;
const MANY: u32 = 1_100;

pub(super) fn report(programs: &Programs) -> Outcome<String> {
    eprintln!("counting what a webhook costs");
    let mut text = String::from(
        "Instructions per webhook: `verify` beside the bare HMAC-SHA1 of the same bytes, and `verify`, `delivery_id` and `event` \
         beside that and one `serde_json::Value`:\n\n\
         | | body | `dintero` | bare | ratio | goal |\n|---|---|---|---|---|---|\n",
    );
    for (what, word, goal) in [
        ("verified", "verify", Some(VERIFYING_GOAL)),
        ("verified and read", "read", None),
    ] {
        for size in ["large", "small"] {
            let word = format!("{size}-{word}");
            let mut program = Command::new(programs.path("webhook_ours"));
            let length = process::output(program.args(["0", &word]))?;
            let [ours, bare] =
                ["webhook_ours", "webhook_bare"].map(|name| each(programs, name, &word));
            let (ours, bare) = (ours?, bare?);
            let ratio = ours / bare;
            let goal = goal.map_or_else(String::new, |goal| at_most(ratio, goal));
            text += &format!(
                "| {what} | {} bytes | {ours:.0} | {bare:.0} | {ratio:.3} | {goal} |\n",
                length.trim()
            );
        }
    }
    Ok(text)
}

/// Instructions of one more.
fn each(programs: &Programs, name: &str, word: &str) -> Outcome<f64> {
    let run = |times: u32| count::instructions(programs, name, &[&times.to_string(), word]);
    Ok((run(MANY)? - run(FEW)?) / f64::from(MANY - FEW))
}
