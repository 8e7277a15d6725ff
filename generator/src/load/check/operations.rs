//! Operations against the rest of the document: parameters against path templates, unique ids, known security schemes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Key, Node, Place, Value, table::METHODS, tree::escape},
    Check, contradictions, decoded,
};
use crate::diagnostic::{Mend, overlay_merge, overlay_remove, overlay_set};

pub(super) fn check(check: &mut Check<'_>, root: &Node) {
    let mut ids: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut taken = operation_ids(root);
    security(check, root, root, "");
    let paths = root
        .get("paths")
        .and_then(Node::as_object)
        .unwrap_or_default();
    contradictions::paths(check, paths);
    for (path, item) in paths.iter().filter(|(path, _)| path.name.starts_with('/')) {
        let at = format!("/paths/{}", escape(&path.name));
        let template = match template(&path.name) {
            Ok((names, twice)) => {
                if let Some(name) = twice {
                    let what = format!(
                        "`{{{name}}}` is in the path twice: its value is sent in both places"
                    );
                    let help =
                        "give the second one a name and a parameter of its own if it may differ";
                    let found = check.texts.error(&path.place, &*at, what, help);
                    check.findings.warnings.push(found.into_warning());
                }
                Some(names)
            }
            Err(what) => {
                let help = format!(
                    "correct the path; to leave it out, in an overlay:\n{}",
                    overlay_remove(&at)
                );
                report(check, &path.place, &at, what, help);
                None
            }
        };
        if item.get("$ref").is_some() {
            if let (Some(template), Some(target)) = (&template, followed(root, item)) {
                elsewhere(check, root, template, (&path.place, &at), target);
            }
            continue;
        }
        let shared = parameters(check, root, item, &at);
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut operations = 0;
        for method in METHODS {
            let Some((key, operation)) = item.entry(method) else {
                continue;
            };
            // A parameter of another file is unknown here.
            if operation.as_object().is_none() || operation.get("$ref").is_some() {
                continue;
            }
            operations += 1;
            let at = format!("{at}/{method}");
            security(check, root, operation, &at);
            if let Some(id) = operation.get("operationId")
                && let Some(text) = id.as_str()
                && let Some(first) = ids.insert(text, &id.place)
            {
                let pointer = format!("{at}/operationId");
                let mut names = (2..).map(|number: usize| format!("{text}_{number}"));
                let other = names.find(|name| taken.insert(name.clone()));
                let other = other.unwrap_or_default();
                let help = format!(
                    "give one of them another id. In an overlay:\n{}",
                    overlay_set(&pointer, &other)
                );
                let what = format!("the operation id `{text}` is used twice");
                let mend = Mend::Set(pointer.clone(), Value::String(other));
                let found = (check.texts.error(&id.place, pointer, what, help))
                    .also(first.clone(), "the first one")
                    .mended_by(mend);
                check.findings.errors.push(found);
                ids.insert(text, first);
            }
            let own = parameters(check, root, operation, &at);
            let Some(template) = &template else { continue };
            let given: BTreeSet<&str> = (shared.iter().chain(&own))
                .filter(|p| p.location == "path")
                .map(|p| p.name)
                .collect();
            used.extend(&given);
            for name in template
                .iter()
                .filter(|name| !given.contains(name.as_str()))
            {
                let what = format!("`{{{name}}}` in the path has no parameter");
                let parameter = format!(
                    "{{ name: '{name}', in: path, required: true, schema: {{ type: string }} }}"
                );
                let help = format!(
                    "in an overlay:\n{}",
                    add_parameter(operation, &at, &parameter)
                );
                let found = check.texts.error(&key.place, &*at, what, help);
                let mend = Mend::Add(at.clone(), "parameters", text_in_path(name, &key.place));
                check.findings.errors.push(found.mended_by(mend));
            }
            for parameter in own.iter().filter(|p| p.location == "path") {
                if !template.contains(parameter.name) {
                    unplaced(check, &path.name, parameter);
                }
            }
        }
        if let Some(template) = &template {
            for parameter in shared.iter().filter(|p| p.location == "path") {
                if operations > 0 && !template.contains(parameter.name) {
                    unplaced(check, &path.name, parameter);
                }
            }
        }
    }
}

/// Returns the ids of all operations.
fn operation_ids(root: &Node) -> BTreeSet<String> {
    let paths = root.get("paths").and_then(Node::as_object);
    let items = paths.unwrap_or_default().iter();
    items
        .flat_map(|(_, item)| METHODS.iter().filter_map(|method| item.get(method)))
        .filter_map(|operation| operation.get("operationId")?.as_str())
        .map(str::to_owned)
        .collect()
}

/// Operations of another path fit this one, too: the same names are in both.
fn elsewhere(
    check: &mut Check<'_>,
    root: &Node,
    template: &BTreeSet<String>,
    (place, at): (&Place, &str),
    target: &Node,
) {
    let names = |owner: &Node| -> BTreeSet<String> {
        let list = owner.get("parameters").and_then(Node::as_array);
        let parameters = list.unwrap_or_default().iter();
        (parameters.filter_map(|parameter| followed(root, parameter)))
            .filter(|parameter| parameter.get("in").and_then(Node::as_str) == Some("path"))
            .filter_map(|parameter| parameter.get("name")?.as_str().map(str::to_owned))
            .collect()
    };
    let shared = names(target);
    for method in METHODS {
        let Some(operation) = target.get(method) else {
            continue;
        };
        let given = &shared | &names(operation);
        let missing = template - &given;
        let Some(name) = missing.into_iter().chain(&given - template).next() else {
            continue;
        };
        let what = match given.contains(&name) {
            true => format!(
                "the path parameter `{name}` of the path item that `$ref` names is not in this path"
            ),
            false => format!("`{{{name}}}` in the path has no parameter where `$ref` leads"),
        };
        let help = "use the same names in both paths, or write the path item out".to_owned();
        report(check, place, at, what, help);
        return;
    }
}

fn report(check: &mut Check<'_>, place: &Place, at: &str, what: String, help: String) {
    let found = check.texts.error(place, at, what, help);
    check.findings.errors.push(found);
}

/// Reports a path parameter without a description.
fn text_in_path(name: &str, place: &Place) -> Value {
    let node = |value: Value| Node {
        value,
        place: place.clone(),
    };
    let key = |name: &str| Key {
        name: name.to_owned(),
        place: place.clone(),
    };
    let text = |text: &str| node(Value::String(text.to_owned()));
    let schema = Value::Object(vec![(key("type"), text("string"))]);
    Value::Object(vec![
        (key("name"), text(name)),
        (key("in"), text("path")),
        (key("required"), node(Value::Bool(true))),
        (key("schema"), node(schema)),
    ])
}

fn add_parameter(operation: &Node, at: &str, parameter: &str) -> String {
    match operation.get("parameters").and_then(Node::as_array) {
        Some(_) => overlay_merge(&format!("{at}/parameters"), parameter),
        None => overlay_merge(at, &format!("{{ parameters: [{parameter}] }}")),
    }
}

fn unplaced(check: &mut Check<'_>, path: &str, parameter: &Parameter<'_>) {
    let name = parameter.name;
    let what = format!("the path parameter `{name}` is not in `{path}`");
    let help = format!(
        "write `{{{name}}}` in the path, or remove the parameter. In an overlay:\n{}",
        overlay_remove(&parameter.pointer)
    );
    report(check, parameter.place, &parameter.pointer, what, help);
}

/// Returns the names in braces, and one of those that are there twice; an error if braces don't match.
fn template(path: &str) -> Result<(BTreeSet<String>, Option<&str>), String> {
    let (mut names, mut twice) = (BTreeSet::new(), None);
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let inner = &rest[open + 1..];
        let close = inner
            .find(['{', '}'])
            .filter(|_| rest[open..].starts_with('{'));
        let Some(close) = close.filter(|&close| inner[close..].starts_with('}') && close > 0)
        else {
            return Err("the braces in the path do not match".to_owned());
        };
        if !names.insert(inner[..close].to_owned()) {
            twice.get_or_insert(&inner[..close]);
        }
        rest = &inner[close + 1..];
    }
    Ok((names, twice))
}

struct Parameter<'d> {
    name: &'d str,
    location: &'d str,
    place: &'d Place,
    /// The position in the list.
    pointer: String,
}

/// Returns the parameters of a path item or an operation, with references followed. Reports duplicates.
fn parameters<'d>(
    check: &mut Check<'_>,
    root: &'d Node,
    owner: &'d Node,
    at: &str,
) -> Vec<Parameter<'d>> {
    let mut all: Vec<Parameter<'d>> = Vec::new();
    let list = owner
        .get("parameters")
        .and_then(Node::as_array)
        .unwrap_or_default();
    for (index, entry) in list.iter().enumerate() {
        let pointer = format!("{at}/parameters/{index}");
        let Some(node) = followed(root, entry) else {
            continue;
        };
        let text = |key| node.get(key).and_then(Node::as_str);
        let (Some(name), Some(location)) = (text("name"), text("in")) else {
            continue;
        };
        let place = &entry.place;
        let first = all.iter().find(|p| {
            let same = match location {
                "header" => p.name.eq_ignore_ascii_case(name),
                _ => p.name == name,
            };
            same && p.location == location
        });
        if let Some(first) = first {
            let what = format!("duplicate parameter `{name}` in `{location}`");
            let help = format!("in an overlay:\n{}", overlay_remove(&pointer));
            let mend = Mend::Remove(pointer.clone());
            let found = (check.texts.error(place, pointer, what, help))
                .also(first.place.clone(), "the first one")
                .mended_by(mend);
            check.findings.errors.push(found);
            continue;
        }
        all.push(Parameter {
            name,
            location,
            place,
            pointer,
        });
    }
    all
}

/// Returns the end of a chain of references; `None` if it leads nowhere.
pub(crate) fn followed<'d>(root: &'d Node, mut node: &'d Node) -> Option<&'d Node> {
    for _ in 0..32 {
        match node.get("$ref").and_then(Node::as_str) {
            Some(text) => node = root.at(&decoded(text)?)?,
            None => return Some(node),
        }
    }
    None
}

/// Checks that security requirements name schemes that exist.
fn security(check: &mut Check<'_>, root: &Node, owner: &Node, at: &str) {
    let schemes = root.at("/components/securitySchemes");
    let list = owner
        .get("security")
        .and_then(Node::as_array)
        .unwrap_or_default();
    let is_known =
        |name: &str| name.starts_with("x-") || schemes.is_some_and(|all| all.get(name).is_some());
    for (index, requirement) in list.iter().enumerate() {
        for (key, _) in requirement.as_object().unwrap_or_default() {
            if is_known(&key.name) {
                continue;
            }
            let pointer = format!("{at}/security/{index}/{}", escape(&key.name));
            let names = schemes.and_then(Node::as_object).unwrap_or_default();
            let near = check.names.nearest(&key.name, names);
            let question = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
            let help = format!(
                "{question}Define it under `components.securitySchemes`, or leave it out, and set its header in each call. In an overlay:\n{}",
                overlay_remove(&pointer)
            );
            let what = format!(
                "there is no security scheme `{}`: the client has no credential for it",
                key.name
            );
            let mend = Mend::Set(format!("{at}/security"), of_known(list, is_known));
            let found = (check.texts.error(&key.place, pointer, what, help)).mended_by(mend);
            check.findings.errors.push(found);
        }
    }
}

/// The alternatives of known schemes; without one, those that name such a scheme, too.
fn of_known(list: &[Node], is_known: impl Fn(&str) -> bool) -> Value {
    let members = |one: &Node| one.as_object().unwrap_or_default().to_vec();
    let mut kept: Vec<Node> = list.to_vec();
    kept.retain(|one| members(one).iter().all(|(key, _)| is_known(&key.name)));
    if kept.is_empty() {
        let known = list.iter().map(|one| Node {
            value: Value::Object(
                (members(one).into_iter())
                    .filter(|(key, _)| is_known(&key.name))
                    .collect(),
            ),
            place: one.place.clone(),
        });
        kept = known.filter(|one| !members(one).is_empty()).collect();
    }
    Value::Array(kept)
}
