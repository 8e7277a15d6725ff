//! Reading a list and writing a request, without sending anything.

use std::process::Command;

use super::{Programs, at_most, count};
use crate::failure::{Failure, Outcome};
use crate::process;

const READING_GOAL: f64 = 1.0;
const HELD_GOAL: f64 = 1.1;
const WRITING_GOAL: f64 = 1.1;

pub(super) fn report(programs: &Programs) -> Outcome<String> {
    Ok(format!("{}\n{}", reading(programs)?, writing(programs)?))
}

fn reading(programs: &Programs) -> Outcome<String> {
    eprintln!("counting what reading a list costs");
    let mut text = String::from(
        "Reading a list of 1000 transactions, as `list_transactions` reads its response, and by `serde_json` into derived \
         structs. \"Members in use\" are structs of what is in the list, with text for times, ids and enums; if members are \
         unknown, with those in a flattened `Map`. \"Same members\" are structs with every member that ours have, as small as \
         deriving makes them (objects that may be missing behind a `Box`); what the list has not is one pointer or an empty \
         list there. Unknown: two members in each transaction, one of them an object.\n\n\
         | | `dintero` | derived | ratio | goal |\n|---|---|---|---|---|\n",
    );
    let mut row = |what: &str, ours: f64, theirs: f64, digits: usize, goal: Option<f64>| {
        let ratio = ours / theirs;
        let goal = goal.map_or_else(String::new, |goal| at_most(ratio, goal));
        text +=
            &format!("| {what} | {ours:.digits$} | {theirs:.digits$} | {ratio:.3} | {goal} |\n");
    };
    for (word, derived, name) in [
        ("known", "decode_derive", "members in use"),
        ("unknown", "decode_open", "members in use, some unknown"),
    ] {
        let size = number(&output(programs, "decode_ours", &["0", word])?)?;
        let per_byte = |name: &str| Outcome::Ok(each(programs, name, word)? / size);
        let (ours, theirs) = (per_byte("decode_ours")?, per_byte(derived)?);
        let what = format!("instructions per byte, {name}");
        row(&what, ours, theirs, 2, Some(READING_GOAL));
    }
    let ours = held(programs, "decode_ours", "known")?;
    let mirror = held(programs, "decode_mirror", "known")?;
    row(
        "bytes held per transaction, same members",
        ours,
        mirror,
        0,
        Some(HELD_GOAL),
    );
    let derived = held(programs, "decode_derive", "known")?;
    row(
        "bytes held per transaction, members in use",
        ours,
        derived,
        0,
        None,
    );
    let (ours, theirs) = (
        held(programs, "decode_ours", "unknown")?,
        held(programs, "decode_open", "unknown")?,
    );
    row(
        "bytes held per transaction, members in use, some unknown",
        ours,
        theirs,
        0,
        None,
    );
    Ok(text)
}

fn writing(programs: &Programs) -> Outcome<String> {
    eprintln!("counting what writing a request costs");
    let [ours, theirs] = ["encode_ours", "encode_derive"];
    let same = |name| {
        let text = output(programs, name, &["1", "all"])?;
        serde_json::from_str::<serde_json::Value>(&text)
            .map_err(|error| Failure::Mistake(format!("error: {name} wrote no JSON: {error}")))
    };
    if same(ours)? != same(theirs)? {
        let reason = "error: encode_ours and encode_derive write different requests";
        return Err(Failure::Mistake(reason.to_owned()));
    }
    let [ours, theirs] = [each(programs, ours, "")?, each(programs, theirs, "")?];
    Ok(format!(
        "Writing the request of `create_session` with 100 items of 8 members, and the same body by `serde_json` from derived \
         structs of these members:\n\n\
         | | `dintero` | derived | ratio | goal |\n|---|---|---|---|---|\n| instructions | {ours:.0} | {theirs:.0} | {:.3} | {} |\n",
        ours / theirs,
        at_most(ours / theirs, WRITING_GOAL),
    ))
}

/// Instructions of doing it once more.
fn each(programs: &Programs, name: &str, word: &str) -> Outcome<f64> {
    let run = |times| {
        let words = [times, word];
        let words = if word.is_empty() {
            &words[..1]
        } else {
            &words[..]
        };
        count::instructions(programs, name, words)
    };
    Ok((run("5")? - run("2")?) / 3.0)
}

/// Bytes that a transaction takes up once it is read.
fn held(programs: &Programs, name: &str, word: &str) -> Outcome<f64> {
    let run = |times| count::bytes_held(programs, name, &[times, word]);
    Ok((run("1")? - run("0")?) / 1000.0)
}

fn output(programs: &Programs, name: &str, arguments: &[&str]) -> Outcome<String> {
    process::output(Command::new(programs.path(name)).args(arguments))
}

fn number(text: &str) -> Outcome<f64> {
    let number = text.trim().parse();
    number.map_err(|_| Failure::Mistake(format!("error: {text:?} is not a number")))
}
