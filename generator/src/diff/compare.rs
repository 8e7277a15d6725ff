//! Compares two surfaces path by path.

use std::collections::{BTreeMap, BTreeSet};

use super::{Class, Finding, words};
use crate::diagnostic::overlay_set;
use crate::surface::{Facts, Item, Kind, Member, PartKind, Spot, Surface, items_of, named};

pub(super) fn compare(old: &Surface, new: &Surface) -> Vec<Finding> {
    let mut compare = Compare::new(old, new);
    compare.features();
    // Removed items first: they explain other changes.
    for (number, item) in old.items.iter().enumerate() {
        if compare.pairs.get(number) == Some(&None) {
            compare.gone(number, item);
        }
    }
    for number in 0..old.items.len() {
        compare.item(number);
    }
    compare.added();
    compare.finish()
}

struct Compare<'a> {
    old: &'a Surface,
    new: &'a Surface,
    /// The new counterpart of each old item, by number.
    pairs: Vec<Option<usize>>,
    old_names: Vec<String>,
    /// Names of the new items. A new item with an old counterpart has the old name.
    new_names: Vec<String>,
    /// The item that is now at the paths of each old item without a counterpart.
    successors: BTreeMap<usize, usize>,
    findings: Vec<Finding>,
}

impl<'a> Compare<'a> {
    fn new(old: &'a Surface, new: &'a Surface) -> Self {
        // Paths by item, collected once: each item has few paths, and there are many items.
        let mut paths: Vec<Vec<&String>> = vec![Vec::new(); old.items.len()];
        for (path, number) in &old.paths {
            if let Some(paths) = paths.get_mut(*number) {
                paths.push(path);
            }
        }
        let pairs: Vec<Option<usize>> = (old.items.iter().zip(&paths))
            .map(|(item, paths)| {
                let own = std::iter::once(&item.path).chain(paths.iter().copied());
                own.filter_map(|path| new.paths.get(path)).next().copied()
            })
            .collect();
        let old_names: Vec<String> = old.items.iter().map(|item| item.path.clone()).collect();
        let mut new_names: Vec<String> = new.items.iter().map(|item| item.path.clone()).collect();
        for (name, pair) in old_names.iter().zip(&pairs) {
            if let Some(slot) = pair.and_then(|pair| new_names.get_mut(pair)) {
                slot.clone_from(name);
            }
        }
        let mut compare = Self {
            old,
            new,
            pairs,
            old_names,
            new_names,
            successors: BTreeMap::new(),
            findings: Vec::new(),
        };
        compare.succeed();
        compare.split(&paths);
        compare
    }

    /// Finds the items that replaced removed items.
    fn succeed(&mut self) {
        let matched: BTreeSet<usize> = self.pairs.iter().flatten().copied().collect();
        for (number, pair) in self.pairs.iter().enumerate() {
            let (Some(pair), Some(old)) = (pair, self.old.items.get(number)) else {
                continue;
            };
            let Some(new) = self.new.items.get(*pair) else {
                continue;
            };
            let known: BTreeMap<(PartKind, &str), &Member> = (new.members.iter())
                .map(|member| ((member.part, member.name.as_str()), member))
                .collect();
            for member in &old.members {
                let Some(other) = known.get(&(member.part, member.name.as_str())) else {
                    continue;
                };
                for (was, is) in items_of(&member.ty).zip(items_of(&other.ty)) {
                    let is_gone = self.pairs.get(was).is_some_and(Option::is_none);
                    if is_gone && !matched.contains(&is) {
                        self.successors.entry(was).or_insert(is);
                    }
                }
            }
        }
        // Operations are matched by their requests, types by their content.
        for (number, pair) in self.pairs.iter().enumerate() {
            let Some(old) = self.old.items.get(number).filter(|_| pair.is_none()) else {
                continue;
            };
            let request = |item: &Item| {
                let is_one = item.kind == Kind::Operation;
                let fact = |name: &str| item.facts.get(name).cloned();
                is_one.then(|| (fact("method"), fact("path")))
            };
            if let Some(wanted) = request(old) {
                let mut others = self.new.items.iter().enumerate();
                let found = others.find(|(number, item)| {
                    !matched.contains(number) && request(item).as_ref() == Some(&wanted)
                });
                if let Some((found, _)) = found {
                    self.successors.insert(number, found);
                }
            }
        }
    }

    /// Reports paths that were one type and no longer are, and removed paths.
    fn split(&mut self, paths: &[Vec<&String>]) {
        let mut findings = Vec::new();
        for (number, paths) in paths.iter().enumerate() {
            let (Some(Some(pair)), Some(item)) =
                (self.pairs.get(number), self.old.items.get(number))
            else {
                continue;
            };
            for path in paths {
                let change = match self.new.paths.get(*path) {
                    Some(other) if other == pair => continue,
                    Some(_) => format!("is no longer the same type as `{}`", item.path),
                    None => "removed".to_owned(),
                };
                let advice = format!("Use `{}`.", item.path);
                let mut finding = finding(Class::Breaking, path, change, &advice);
                finding.old = Some(item.at.clone());
                finding.new = self.new.items.get(*pair).map(|item| item.at.clone());
                findings.push(finding);
            }
        }
        self.findings.extend(findings);
    }

    fn features(&mut self) {
        for (name, was_default) in &self.old.features {
            let path = format!("feature {name}");
            match self.new.features.get(name) {
                None => {
                    let advice = "Remove it from Cargo.toml.";
                    self.say(Class::Breaking, &path, "removed".to_owned(), advice);
                }
                Some(is_default) if is_default != was_default => {
                    let (class, change, advice) = match is_default {
                        false => (
                            Class::Breaking,
                            "no longer on by default",
                            "Add it to the features in Cargo.toml.",
                        ),
                        true => (Class::Additive, "on by default", ""),
                    };
                    self.say(class, &path, change.to_owned(), advice);
                }
                Some(_) => {}
            }
        }
        for name in self.new.features.keys() {
            if !self.old.features.contains_key(name) {
                let path = format!("feature {name}");
                self.say(Class::NewName, &path, "new".to_owned(), "");
            }
        }
    }

    fn say(&mut self, class: Class, path: &str, change: String, advice: &str) {
        self.findings.push(finding(class, path, change, advice));
    }

    fn item(&mut self, number: usize) {
        let Some(old) = self.old.items.get(number) else {
            return;
        };
        let pair = self.pairs.get(number).copied().flatten();
        let Some(new) = pair.and_then(|pair| self.new.items.get(pair)) else {
            return;
        };
        if old.kind != new.kind {
            let change = format!("{} -> {}", old.kind.name(), new.kind.name());
            let mut finding = finding(
                Class::Breaking,
                &old.path,
                change,
                "Rewrite the code that uses the type.",
            );
            finding.old = Some(old.at.clone());
            finding.new = Some(new.at.clone());
            self.findings.push(finding);
            return;
        }
        let spots = (&old.at, &new.at);
        self.facts(&old.path, (&old.facts, &new.facts), spots);
        self.texts(&old.path, (&old.docs, &new.docs), spots);
        self.deprecation(
            &old.path,
            (old.deprecated.as_ref(), new.deprecated.as_ref()),
            spots,
        );
        self.arguments(old, new);
        self.members(old, new);
    }

    /// Reports arguments of the same type that changed places: the compiler accepts them in the wrong order.
    fn arguments(&mut self, old: &Item, new: &Item) {
        let (was, is) = (arguments(old), arguments(new));
        let position = |name: &&str| is.iter().position(|other| other == name);
        let moved = |(index, name): (usize, &&str)| position(name).is_some_and(|now| now != index);
        if was.iter().enumerate().any(moved) {
            let change = format!("arguments: {} -> {}", was.join(", "), is.join(", "));
            let advice = "Pass the arguments in the new order.";
            let mut finding = finding(Class::Behaviour, &old.path, change, advice);
            finding.old = Some(old.at.clone());
            finding.new = Some(new.at.clone());
            self.findings.push(finding);
        }
    }

    fn gone(&mut self, number: usize, old: &Item) {
        let successor = self.successors.get(&number);
        let successor = successor.and_then(|number| self.new.items.get(*number));
        let mut finding = match successor {
            Some(new) => {
                let change = format!("renamed to `{}`", new.path);
                let mut finding = finding(Class::Breaking, &old.path, change, "Use the new name.");
                let own = old.path.rsplit("::").next().unwrap_or_default();
                finding.overlay = Some(rust_name(&new.at.pointer, own));
                finding.new = Some(new.at.clone());
                finding
            }
            None => {
                let advice = match old.kind {
                    Kind::Operation => {
                        "Remove the calls: the document no longer has the operation."
                    }
                    Kind::Group => "Remove the code that uses its operations.",
                    Kind::Constant => "Remove the code that names it.",
                    _ => "Remove the code that names the type: no operation uses it any longer.",
                };
                finding(Class::Breaking, &old.path, "removed".to_owned(), advice)
            }
        };
        finding.old = Some(old.at.clone());
        self.findings.push(finding);
    }

    fn facts(&mut self, path: &str, facts: (&Facts, &Facts), spots: (&Spot, &Spot)) {
        let names: BTreeSet<&&str> = facts.0.keys().chain(facts.1.keys()).collect();
        for name in names {
            let (was, is) = (facts.0.get(*name), facts.1.get(*name));
            if was == is {
                continue;
            }
            let shown = |fact: Option<&String>| fact.map_or("none", String::as_str).to_owned();
            let change = format!("{name}: {} -> {}", shown(was), shown(is));
            let mut finding = finding(Class::Behaviour, path, change, words::of_fact(name));
            finding.old = Some(spots.0.clone());
            finding.new = Some(spots.1.clone());
            self.findings.push(finding);
        }
    }

    fn texts(&mut self, path: &str, docs: (&str, &str), spots: (&Spot, &Spot)) {
        if docs.0 == docs.1 {
            return;
        }
        let own = |docs: &str| docs.split('\u{0}').next().unwrap_or_default().to_owned();
        let is_example = own(docs.0) == own(docs.1);
        let change = if is_example {
            "another example"
        } else {
            "documentation changed"
        };
        let mut finding = finding(Class::Docs, path, change.to_owned(), "");
        finding.old = Some(spots.0.clone());
        finding.new = Some(spots.1.clone());
        self.findings.push(finding);
    }

    fn deprecation(
        &mut self,
        path: &str,
        notes: (Option<&String>, Option<&String>),
        spots: (&Spot, &Spot),
    ) {
        let (change, advice) = match notes {
            (None, Some(why)) if why.is_empty() => (
                "deprecated".to_owned(),
                "The compiler warns where it is used: plan its replacement.",
            ),
            (None, Some(why)) => (
                format!("deprecated: {why}"),
                "The compiler warns where it is used: plan its replacement.",
            ),
            (Some(_), None) => ("no longer deprecated".to_owned(), ""),
            _ => return,
        };
        let mut finding = finding(Class::Additive, path, change, advice);
        finding.old = Some(spots.0.clone());
        finding.new = Some(spots.1.clone());
        self.findings.push(finding);
    }

    fn members(&mut self, old: &Item, new: &Item) {
        let key = |member: &Member| (member.part, self.key(old, new, member));
        let known: BTreeMap<(PartKind, String), &Member> = new
            .members
            .iter()
            .map(|member| (key(member), member))
            .collect();
        let keys: BTreeSet<(PartKind, String)> = old.members.iter().map(key).collect();
        let pairs: Vec<(&Member, Option<&Member>)> = (old.members.iter())
            .map(|member| (member, known.get(&key(member)).copied()))
            .collect();
        let added: Vec<&Member> = (new.members.iter())
            .filter(|member| !keys.contains(&key(member)))
            .collect();
        for (member, other) in pairs {
            let path = old.shown(member);
            let Some(other) = other else {
                self.lost(old, member, &path, &added, &new.at);
                continue;
            };
            let spots = (&member.at, &other.at);
            let (was, is) = (
                named(&member.ty, &self.old_names),
                named(&other.ty, &self.new_names),
            );
            if was != is {
                self.retyped(member, other, &path, (&was, &is));
            }
            if !member.required && other.required {
                let advice = "Set it: the builder is not complete without it.";
                let mut finding =
                    finding(Class::Breaking, &path, "now required".to_owned(), advice);
                finding.old = Some(member.at.clone());
                finding.new = Some(other.at.clone());
                self.findings.push(finding);
            }
            if member.required && !other.required && other.part == PartKind::Setter {
                let change = "now optional".to_owned();
                let mut finding = finding(Class::Additive, &path, change, "");
                finding.old = Some(member.at.clone());
                finding.new = Some(other.at.clone());
                self.findings.push(finding);
            }
            let (mut facts, mut now) = (member.facts.clone(), other.facts.clone());
            if was != is {
                // The change of the type already reports it.
                facts.remove("format");
                now.remove("format");
            }
            self.facts(&path, (&facts, &now), spots);
            self.texts(&path, (&member.docs, &other.docs), spots);
            self.deprecation(
                &path,
                (member.deprecated.as_ref(), other.deprecated.as_ref()),
                spots,
            );
        }
        for member in added {
            self.gained(old, new, member);
        }
    }

    /// The key that identifies a member: for a conversion, its type.
    fn key(&self, old: &Item, new: &Item, member: &Member) -> String {
        match member.part {
            PartKind::From => {
                let is_old = old.members.iter().any(|other| std::ptr::eq(other, member));
                let names = if is_old {
                    &self.old_names
                } else {
                    &self.new_names
                };
                named(&member.ty, names)
            }
            PartKind::Case | PartKind::Header if old.call != new.call => {
                member.name.replace(&new.call, &old.call)
            }
            _ => member.name.clone(),
        }
    }

    fn lost(&mut self, old: &Item, member: &Member, path: &str, added: &[&Member], now: &Spot) {
        let is_same = |other: &&&Member| {
            other.part == member.part
                && named(&other.ty, &self.new_names) == named(&member.ty, &self.old_names)
        };
        let others: Vec<&Member> = added.iter().filter(is_same).copied().collect();
        let first = likely(member, &others);
        let path = match member.part {
            PartKind::From => format!("{}: From<{}>", old.path, named(&member.ty, &self.old_names)),
            _ => path.to_owned(),
        };
        let (change, advice) = match (member.part, first) {
            (PartKind::Field | PartKind::Setter | PartKind::Variant, Some(new)) => (
                format!("removed; `{}` is new and has the same type", new.name),
                "If it was renamed, use the new name.",
            ),
            (PartKind::Field, _) => (
                "removed".to_owned(),
                "Remove the code that reads it; `extra` contains it if responses still have it.",
            ),
            (PartKind::Setter | PartKind::Method, _) => ("removed".to_owned(), "Remove the call."),
            (PartKind::Variant, _) => (
                "removed".to_owned(),
                "Match on `Unrecognized` if responses still have the value.",
            ),
            (PartKind::Argument, _) => ("removed".to_owned(), "Remove the argument."),
            (PartKind::From, _) => (
                "removed".to_owned(),
                "Name the variant instead of `.into()`.",
            ),
            (PartKind::Trait, _) => ("removed".to_owned(), "Rewrite the code that uses it."),
            (PartKind::Attach, _) => ("removed".to_owned(), "Remove the calls."),
            _ => ("removed".to_owned(), "Rewrite the code that uses it."),
        };
        let mut finding = finding(Class::Breaking, &path, change, advice);
        if let (Some(new), PartKind::Field) = (first, member.part) {
            finding.overlay = Some(rust_name(&new.at.pointer, &member.name));
        }
        finding.old = Some(member.at.clone());
        finding.new = Some(now.clone());
        self.findings.push(finding);
    }

    fn retyped(&mut self, member: &Member, other: &Member, path: &str, types: (&str, &str)) {
        let change = format!("`{}` -> `{}`", shown(types.0), shown(types.1));
        // The change is the consequence of a removed type, which has its own finding.
        let gone = items_of(&member.ty).find(|number| self.pairs.get(*number) == Some(&None));
        if let Some(gone) = gone
            && let Some(cause) = self.old.items.get(gone)
        {
            let with = items_of(&other.ty).any(|now| self.successors.get(&gone) == Some(&now));
            let finding = (self.findings.iter_mut())
                .find(|finding| finding.path == cause.path && finding.class == Class::Breaking);
            match finding {
                Some(finding) if with => {
                    finding.also.push(path.to_owned());
                    return;
                }
                _ => {}
            }
        }
        let advice = match member.part {
            PartKind::Argument | PartKind::Setter => "Pass a value of the new type.",
            PartKind::Associated => "Read the response as the new type.",
            _ => "Read and set the value as the new type.",
        };
        let mut finding = finding(Class::Breaking, path, change, advice);
        let is_id = |number| {
            let item = self.old.items.get(number);
            item.is_some_and(|item: &Item| item.kind == Kind::Id)
        };
        finding.overlay = keeps_type(types, items_of(&member.ty).any(is_id), &other.at.pointer);
        finding.old = Some(member.at.clone());
        finding.new = Some(other.at.clone());
        self.findings.push(finding);
    }

    fn gained(&mut self, old: &Item, new: &Item, member: &Member) {
        // The builder did not exist before, so no program uses it.
        let had_builder = old.kind == Kind::Operation
            || (old.members.iter()).any(|one| one.part == PartKind::Trait && one.name == "builder");
        let path = match member.part {
            PartKind::From => format!("{}: From<{}>", new.path, named(&member.ty, &self.new_names)),
            _ => new.shown(member),
        };
        let (class, change, advice) = match member.part {
            PartKind::Argument => (
                Class::Breaking,
                "new argument".to_owned(),
                "Pass the new argument.",
            ),
            _ if member.required && had_builder => (
                Class::Breaking,
                "new, and required".to_owned(),
                "Set it: the builder is not complete without it.",
            ),
            _ => (Class::Additive, "new".to_owned(), ""),
        };
        let mut finding = finding(class, &path, change, advice);
        finding.new = Some(member.at.clone());
        self.findings.push(finding);
    }

    fn added(&mut self) {
        let matched: BTreeSet<usize> = self.pairs.iter().flatten().copied().collect();
        let renamed: BTreeSet<usize> = self.successors.values().copied().collect();
        for (number, item) in self.new.items.iter().enumerate() {
            if matched.contains(&number) || renamed.contains(&number) {
                continue;
            }
            let is_name = matches!(
                item.kind,
                Kind::Operation
                    | Kind::Struct
                    | Kind::TextEnum
                    | Kind::NumberEnum
                    | Kind::Union
                    | Kind::Id
            );
            let (class, advice) = match is_name && !item.is_named {
                true => (
                    Class::NewName,
                    "It stays once it is released: choose it now.",
                ),
                false => (Class::Additive, ""),
            };
            let change = format!("new {}", item.kind.name());
            let mut finding = finding(class, &item.path, change, advice);
            if class == Class::NewName {
                finding.overlay = Some(rust_name(&item.at.pointer, "<name>"));
            }
            finding.new = Some(item.at.clone());
            self.findings.push(finding);
        }
    }

    /// Sorts the findings and merges those that are one change of a place.
    fn finish(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut known: BTreeMap<(Class, String, String, String), usize> = BTreeMap::new();
        for finding in self.findings {
            let spot =
                |spot: &Option<Spot>| spot.as_ref().map_or("", |spot| &spot.pointer).to_owned();
            let file = |spot: &Option<Spot>| {
                let place = spot.as_ref().and_then(|spot| spot.place.as_ref());
                place.map_or_else(String::new, |place| place.file.to_string())
            };
            // A place of the old document can be in several types: the changes of all of them.
            let is_member = is_of_member(&finding);
            let key = (
                finding.class,
                format!("{}{}", file(&finding.old), spot(&finding.old)),
                match is_member && finding.old.is_some() {
                    true => String::new(),
                    false => format!("{}{}", file(&finding.new), spot(&finding.new)),
                },
                match finding.class {
                    // A field and its setters have the same cause, even if their changes differ.
                    Class::Breaking | Class::Additive if is_member => String::new(),
                    _ => finding.change.clone(),
                },
            );
            match known.get(&key) {
                Some(&index) => {
                    if let Some(first) = findings.get_mut(index)
                        && first.path != finding.path
                        && !first.also.contains(&finding.path)
                    {
                        first.also.push(finding.path);
                        first.overlay = first.overlay.take().or(finding.overlay);
                    }
                }
                None => {
                    known.insert(key, findings.len());
                    findings.push(finding);
                }
            }
        }
        findings.sort_by(|a, b| a.class.cmp(&b.class).then_with(|| a.path.cmp(&b.path)));
        findings
    }
}

/// Returns whether the place of a finding is that of one member: a property or a parameter.
fn is_of_member(finding: &Finding) -> bool {
    let spot = finding.old.as_ref().or(finding.new.as_ref());
    spot.is_some_and(|spot| {
        let mut tokens = spot.pointer.rsplit('/');
        let _ = tokens.next();
        matches!(tokens.next(), Some("properties" | "parameters"))
    })
}

fn finding(class: Class, path: &str, change: String, advice: &str) -> Finding {
    Finding {
        class,
        path: path.to_owned(),
        also: Vec::new(),
        change,
        advice: advice.to_owned(),
        overlay: None,
        old: None,
        new: None,
    }
}

/// Returns the new member that most likely replaces a removed one: one with the same documentation, the only one, or
/// one with a similar name.
fn likely<'m>(lost: &Member, others: &[&'m Member]) -> Option<&'m Member> {
    let own = |docs: &str| {
        docs.split('\u{0}')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let text = own(&lost.docs);
    let same = others
        .iter()
        .find(|other| !text.is_empty() && own(&other.docs) == text);
    let similar = |other: &&&Member| strsim::jaro_winkler(&other.name, &lost.name) > 0.8;
    match (same, others) {
        (Some(same), _) => Some(same),
        (None, [only]) => Some(only),
        (None, several) => several.iter().find(similar).copied(),
    }
}

/// Returns the names of the arguments of an operation.
fn arguments(item: &Item) -> Vec<&str> {
    let arguments = item
        .members
        .iter()
        .filter(|one| one.part == PartKind::Argument);
    arguments.map(|one| one.takes.as_str()).collect()
}

/// Returns a type without the name of the hidden module.
fn shown(ty: &str) -> String {
    ty.replace("rt::", "")
}

fn rust_name(pointer: &str, name: &str) -> String {
    overlay_set(
        &format!("{pointer}/x-rust-name"),
        name.trim_start_matches("r#"),
    )
}

/// Returns the overlay that restores the former type of a place, if the type is the only change.
fn keeps_type(types: (&str, &str), is_id: bool, pointer: &str) -> Option<String> {
    let bare = |ty: &str| {
        let ty = ty
            .strip_prefix("Option<")
            .and_then(|ty| ty.strip_suffix('>'));
        ty.unwrap_or_default().to_owned()
    };
    let (was, is) = (bare(types.0), bare(types.1));
    let fits = match (was.as_str(), is.as_str()) {
        ("rt::Amount", "i64" | "rt::Number") => true,
        (was, "String") => is_id || matches!(was, "rt::Currency" | "rt::AccountId"),
        _ => false,
    };
    let was = match is_id {
        true => was.rsplit("::").next().unwrap_or_default(),
        false => &was,
    };
    let is_place = pointer.contains("/properties/") || pointer.contains("/parameters/");
    (fits && is_place)
        .then(|| overlay_set(&format!("{pointer}/x-rust-type"), &format!("\"{was}\"")))
}
