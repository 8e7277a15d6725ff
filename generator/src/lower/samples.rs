//! Values for examples: the document's own where they fit, else ones that are made to fit.

mod text;

use super::{
    facts,
    graph::{Graph, ShapeKind, Value, ValueKind, is_null_only},
    site::Site,
};
use crate::{
    load::{Document, Node, Value as NodeValue},
    model::{Rule, RuntimeType, Sample, TypeRef},
};

use text::{LENGTH, is_day, is_time, matching};

/// Items of a list that are taken over from the document.
const MOST_ITEMS: usize = 3;
/// Nullable unions in nullable unions that are looked into.
const MOST_BRANCHES: usize = 4;

/// The example next to the schema of a parameter or body.
pub(crate) fn given<'d>(document: &'d Document, site: &Site<'d>) -> Option<&'d Node> {
    let node: &'d Node = site.node;
    node.get("example").or_else(|| {
        let (_, first) = site.entries("examples").into_iter().next()?;
        let node: &'d Node = first.target(document).node;
        node.get("value")
    })
}

/// Returns a value that all these places allow; `given` is tried first.
pub(crate) fn sample(
    graph: &Graph<'_>,
    sites: &[Site<'_>],
    value: &Value,
    name: &str,
    given: Option<&Node>,
) -> Sample {
    let parts = parts(graph, sites);
    let own = ["example", "default"]
        .into_iter()
        .flat_map(|key| parts.iter().rev().filter_map(move |part| part.get(key)))
        .map(|site| site.node);
    let examples: Vec<&Node> = given.into_iter().chain(own).collect();
    match &value.kind {
        ValueKind::List(inner) => list(graph, &parts, inner, name, &examples),
        ValueKind::Map(inner) => {
            let sites: Vec<Site<'_>> = (parts.iter())
                .filter_map(|part| part.get("additionalProperties"))
                .collect();
            Sample::Map(Box::new(sample(graph, &sites, inner, name, None)))
        }
        ValueKind::Shape(id) => {
            let mut examples = examples.into_iter();
            match &graph.shapes[*id].kind {
                ShapeKind::StringEnum(members) => {
                    let known = |text: &String| members.iter().any(|member| member.wire == *text);
                    let found = examples.find_map(|node| facts::scalar_text(node).filter(known));
                    found.map_or(Sample::OfType, Sample::Text)
                }
                ShapeKind::IntegerEnum(members) => {
                    let known = |number: &i64| members.iter().any(|member| member.wire == *number);
                    let found = examples.find_map(|node| facts::integer(node).filter(known));
                    found.map_or(Sample::OfType, Sample::Integer)
                }
                _ => Sample::OfType,
            }
        }
        ValueKind::Simple(ty) => simple(&parts, ty, name, &examples),
    }
}

/// A list that `x-needs-companion` is content with.
pub(crate) fn accompanied(
    sample: Sample,
    rules: &[Rule],
    schema: &Site<'_>,
    graph: &Graph<'_>,
) -> Sample {
    let Sample::List(mut items) = sample else {
        return sample;
    };
    for rule in rules {
        let Rule::NeedsCompanion(lonely) = rule else {
            continue;
        };
        let stands_alone = |text: &str| !lonely.iter().any(|other| other == text);
        let fine = |item: &Sample| matches!(item, Sample::Text(text) if stands_alone(text));
        let sites: Vec<Site<'_>> = schema.get("items").into_iter().collect();
        let item_parts = parts(graph, &sites);
        let members = facts::enum_values(&item_parts);
        let mut texts = members.iter().filter_map(|node| facts::scalar_text(node));
        if !items.iter().any(fine)
            && let Some(companion) = texts.find(|text| stands_alone(text))
        {
            match items.first_mut() {
                Some(first) => *first = Sample::Text(companion),
                None => items.push(Sample::Text(companion)),
            }
        }
    }
    Sample::List(items)
}

/// The schemas that a value is made of, with the only branch of a union that is not null.
fn parts<'d>(graph: &Graph<'d>, sites: &[Site<'d>]) -> Vec<Site<'d>> {
    let mut parts = graph.flat(sites).parts;
    for _ in 0..MOST_BRANCHES {
        let only = parts.iter().find_map(|part| {
            ["oneOf", "anyOf"].into_iter().find_map(|key| {
                let mut branches = part.items(key);
                let of_several = branches.len() > 1;
                branches.retain(|branch| !is_null_only(&graph.target(branch)));
                match branches.as_slice() {
                    [only] if of_several => Some(only.clone()),
                    _ => None,
                }
            })
        });
        let Some(only) = only else {
            break;
        };
        let of_branch = graph.flat(&[only]).parts;
        let is_new = |branch: &Site<'d>| !parts.iter().any(|part| part.at == branch.at);
        let new: Vec<Site<'d>> = of_branch.into_iter().filter(is_new).collect();
        // Those of the branch alone may have another.
        parts.retain(|part| part.items("oneOf").is_empty() && part.items("anyOf").is_empty());
        if new.is_empty() {
            break;
        }
        parts.extend(new);
    }
    parts
}

fn list(
    graph: &Graph<'_>,
    list: &[Site<'_>],
    inner: &Value,
    name: &str,
    examples: &[&Node],
) -> Sample {
    let least = largest(list, "minItems").map_or(1, |least| least.max(1.0) as usize);
    let sites: Vec<Site<'_>> = list.iter().filter_map(|part| part.get("items")).collect();
    let of = |given: Option<&Node>| sample(graph, &sites, inner, name, given);
    let mut given = examples.iter().filter_map(|node| node.as_array());
    if let Some(items) = given.find(|items| items.len() >= least && !items.is_empty()) {
        let taken = items.iter().take(MOST_ITEMS.max(least));
        let mut taken: Vec<Sample> = taken.map(|item| of(Some(item))).collect();
        // They would all be the same.
        if taken.iter().all(|item| *item == Sample::OfType) {
            taken.truncate(least);
        }
        return Sample::List(taken);
    }
    let parts = parts(graph, &sites);
    let members = facts::enum_values(&parts);
    if members.len() >= least {
        let taken = members.into_iter().take(least);
        return Sample::List(taken.map(|item| of(Some(item))).collect());
    }
    if least > 1 && list.iter().any(|part| part.flag("uniqueItems")) {
        return Sample::Unknown(format!("{least} different items are not known"));
    }
    Sample::List(vec![of(None); least])
}

fn simple(parts: &[Site<'_>], ty: &TypeRef, name: &str, examples: &[&Node]) -> Sample {
    let plain = &match ty {
        TypeRef::Runtime(runtime) => facts::plain(*runtime),
        TypeRef::Named(_) => TypeRef::String,
        _ => ty.clone(),
    };
    let members = facts::enum_values(parts);
    let mut fitting = (examples.iter().copied())
        .chain(members)
        .filter_map(|node| scalar(parts, plain, node))
        .filter(|sample| !is_currency(ty) || matches!(sample, Sample::Text(text) if is_code(text)))
        .filter(|sample| {
            !is_account(ty) || matches!(sample, Sample::Text(text) if is_account_id(text))
        });
    if let Some(sample) = fitting.next() {
        return sample;
    }
    match plain {
        TypeRef::String if is_currency(ty) => Sample::Text("NOK".to_owned()),
        TypeRef::String if is_account(ty) => Sample::Text("T12345678".to_owned()),
        TypeRef::String => text(parts, name).map_or_else(Sample::Unknown, Sample::Text),
        TypeRef::Integer | TypeRef::Unsigned | TypeRef::Big | TypeRef::Number | TypeRef::Float => {
            number(parts, ty)
        }
        TypeRef::Bool => Sample::Bool(true),
        TypeRef::Timestamp => Sample::Text("2024-06-01T12:00:00Z".to_owned()),
        TypeRef::Date => Sample::Text("2024-06-01".to_owned()),
        _ => Sample::OfType,
    }
}

fn is_currency(ty: &TypeRef) -> bool {
    *ty == TypeRef::Runtime(RuntimeType::Currency)
}

fn is_account(ty: &TypeRef) -> bool {
    *ty == TypeRef::Runtime(RuntimeType::AccountId)
}

/// Returns whether a text has the form of `T12345678`.
fn is_account_id(text: &str) -> bool {
    let digits = text.strip_prefix(['P', 'T']).unwrap_or_default();
    digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a text has the form of `NOK`.
fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns an example of the document, if it has this type and satisfies the constraints.
fn scalar(parts: &[Site<'_>], ty: &TypeRef, node: &Node) -> Option<Sample> {
    match (ty, &node.value) {
        (TypeRef::String, NodeValue::String(text)) if fits(parts, text) => {
            Some(Sample::Text(text.clone()))
        }
        (TypeRef::Timestamp, NodeValue::String(text)) if is_time(text) => {
            Some(Sample::Text(text.clone()))
        }
        (TypeRef::Date, NodeValue::String(text)) if text.len() == 10 && is_day(text) => {
            Some(Sample::Text(text.clone()))
        }
        (TypeRef::Bool, NodeValue::Bool(value)) => Some(Sample::Bool(*value)),
        (
            TypeRef::Integer | TypeRef::Unsigned | TypeRef::Big | TypeRef::Number | TypeRef::Float,
            NodeValue::Number(number),
        ) => {
            let (least, most) = bounds(parts);
            let value = number.as_f64()?;
            let fits =
                least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
            match number.as_i64() {
                _ if !fits => None,
                Some(whole) if *ty == TypeRef::Unsigned && whole < 0 => None,
                Some(whole) => Some(Sample::Integer(whole)),
                None if !matches!(ty, TypeRef::Number | TypeRef::Float) => None,
                None => Some(Sample::Number(format!("{value:?}"))),
            }
        }
        _ => None,
    }
}

fn number(parts: &[Site<'_>], ty: &TypeRef) -> Sample {
    let (least, most) = bounds(parts);
    let usual: f64 = match ty {
        TypeRef::Runtime(_) => 29_990.0,
        _ => 1.0,
    };
    let step = largest(parts, "multipleOf").unwrap_or(1.0);
    let wanted = least.map_or(usual, |least| usual.max(least));
    let wanted = most.map_or(wanted, |most| wanted.min(most));
    let value = (wanted / step).ceil() * step;
    let fits = least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
    if !fits {
        return Sample::Unknown("no number is known to be within its bounds".to_owned());
    }
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Sample::Integer(value as i64)
    } else if !matches!(ty, TypeRef::Number | TypeRef::Float) {
        Sample::Unknown("no whole number is known to be within its bounds".to_owned())
    } else {
        Sample::Number(format!("{value:?}"))
    }
}

/// Returns the minimum and maximum allowed whole number, or number if these are not excluded.
fn bounds(parts: &[Site<'_>]) -> (Option<f64>, Option<f64>) {
    let excluded = |key: &str| parts.iter().any(|part| part.flag(key));
    let least = largest(parts, "minimum").map(|least| match excluded("exclusiveMinimum") {
        true => least.floor() + 1.0,
        false => least,
    });
    let most = smallest(parts, "maximum").map(|most| match excluded("exclusiveMaximum") {
        true => most.ceil() - 1.0,
        false => most,
    });
    (least, most)
}

fn limits<'a>(parts: &'a [Site<'_>], key: &'a str) -> impl Iterator<Item = f64> + 'a {
    let nodes = parts.iter().filter_map(move |part| part.node.get(key));
    nodes.filter_map(Node::as_f64)
}

fn largest(parts: &[Site<'_>], key: &str) -> Option<f64> {
    limits(parts, key).reduce(f64::max)
}

fn smallest(parts: &[Site<'_>], key: &str) -> Option<f64> {
    limits(parts, key).reduce(f64::min)
}

fn fits(parts: &[Site<'_>], text: &str) -> bool {
    let length = text.chars().count() as f64;
    let least = largest(parts, "minLength").unwrap_or(0.0);
    length >= least && smallest(parts, "maxLength").is_none_or(|most| length <= most)
}

/// Text that is made up; an error says why there is none.
fn text(parts: &[Site<'_>], name: &str) -> Result<String, String> {
    let mut patterns: Vec<&str> = (parts.iter())
        .filter_map(|part| part.text("pattern"))
        .collect();
    patterns.dedup();
    let format = parts.iter().rev().find_map(|part| part.text("format"));
    let made = match (patterns.as_slice(), format) {
        ([pattern], _) => matching(pattern, |text| fits(parts, text))
            .ok_or_else(|| format!("no text is known to match the pattern {pattern}"))?,
        ([_, _, ..], _) => return Err("no text is known to match several patterns".to_owned()),
        ([], Some("uuid")) => "7c1a2f4c-4a3c-4b7e-9a52-0d7f3f0c9b11".to_owned(),
        ([], Some("uri" | "url")) => "https://example.com/".to_owned(),
        ([], Some("email")) => "someone@example.com".to_owned(),
        ([], Some("hostname")) => "example.com".to_owned(),
        ([], Some("ipv4")) => "192.0.2.1".to_owned(),
        ([], Some("ipv6")) => "2001:db8::1".to_owned(),
        ([], Some("byte" | "base64")) => "ZXhhbXBsZQ==".to_owned(),
        ([], Some("time")) => "12:00:00Z".to_owned(),
        ([], _) => named(parts, name),
    };
    if fits(parts, &made) {
        return Ok(made);
    }
    Err(format!("`{made}` has not the right length"))
}

/// Returns a text with the name of its use, as long as its constraints require.
fn named(parts: &[Site<'_>], name: &str) -> String {
    let words: Vec<&str> = (name.split(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let mut text = match words.as_slice() {
        [] => "text".to_owned(),
        words => words.join("-").to_ascii_lowercase(),
    };
    if let Some(most) = smallest(parts, "maxLength") {
        text.truncate(most as usize);
    }
    let least = largest(parts, "minLength").unwrap_or(0.0) as usize;
    if least <= *LENGTH.end() {
        text.extend(std::iter::repeat_n('x', least.saturating_sub(text.len())));
    }
    text
}
