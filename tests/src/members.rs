//! The generated types as their code has them: which member on the wire is which field of which type.

#![allow(clippy::unwrap_used, reason = "code that can't be read ends the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A type by the folder that it is generated into.
type Name = (String, String);

/// All that is generated.
#[derive(Debug, Default)]
pub struct Members {
    types: BTreeMap<Name, Type>,
    operations: BTreeMap<String, Operation>,
    /// By folder: others whose types it has, and which; all of them where there are no names.
    imports: BTreeMap<String, Vec<(String, BTreeSet<String>)>>,
}

#[derive(Debug, Default)]
struct Type {
    /// The text of each field's type.
    fields: BTreeMap<String, String>,
    /// Fields by member.
    wires: BTreeMap<String, String>,
    /// Variants of a union by their tag, and the member that holds it.
    tag: Option<String>,
    variants: Vec<String>,
}

/// A generated operation.
#[derive(Clone, Debug)]
pub struct Operation {
    folder: String,
    ty: String,
    answer: String,
    name: String,
    parameters: BTreeMap<String, String>,
}

/// Where a member is.
#[derive(Debug, Eq, PartialEq)]
pub enum Found {
    /// Fields or variants that hold it, as `Type::field`.
    Here(BTreeSet<String>),
    /// No field holds it.
    Nowhere,
}

/// What a file has of its neighbours.
fn imports(code: &str) -> Vec<(String, BTreeSet<String>)> {
    let uses = code.split("use super::").skip(1);
    let uses = uses.filter_map(|rest| rest.split(';').next()?.split_once("::"));
    uses.map(|(module, names)| {
        let names = names.split(|c: char| !c.is_ascii_alphanumeric());
        let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
        (module.to_owned(), names.collect())
    })
    .collect()
}

impl Members {
    /// Reads the code.
    #[must_use]
    pub fn read() -> Self {
        let mut members = Self::default();
        let mut folders = vec![PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../sdk/src/api"
        ))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
                    let code = std::fs::read_to_string(&path).unwrap();
                    members.add(&name, &code);
                    if path.ends_with("mod.rs") {
                        members.imports.insert(name, imports(&code));
                    }
                }
            }
        }
        members
    }

    /// The operation of a method and path, such as `GET /sessions`.
    #[must_use]
    pub fn operation(&self, call: &str) -> Option<&Operation> {
        self.operations.get(call)
    }

    fn add(&mut self, folder: &str, code: &str) {
        let mut lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        while let Some(line) = lines.next() {
            if let Some(name) = opened(line, "pub struct ") {
                let ty = self.entry(folder, name);
                let mut field: Option<(String, String)> = None;
                for line in lines.by_ref().take_while(|line| *line != "}") {
                    let line = line.trim();
                    if let Some((name, text)) =
                        line.strip_prefix("pub ").and_then(|it| it.split_once(": "))
                    {
                        ty.fields.extend(field.take());
                        field = Some((name.to_owned(), text.to_owned()));
                    } else if let Some((_, text)) = &mut field {
                        text.push_str(line);
                    }
                }
                ty.fields.extend(field);
            } else if let Some(rest) = line.strip_prefix("rt::object!(") {
                let name: String = rest
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                let ty = self.entry(folder, &name);
                for line in lines.by_ref().take_while(|line| !line.starts_with('}')) {
                    let mut texts = line.split('"');
                    let (_, wire) = (texts.next(), texts.next());
                    let field = line.rsplit(' ').next().map(|it| it.trim_end_matches(','));
                    if let (Some(wire), Some(field)) = (wire, field) {
                        ty.wires.insert(wire.to_owned(), field.to_owned());
                    }
                }
            } else if let Some(rest) = line.strip_prefix("rt::union!(") {
                let name: String = rest
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                let tag = rest.split('"').nth(1).map(str::to_owned);
                let variants = lines.by_ref().take_while(|line| !line.starts_with('}'));
                let variants = variants
                    .map(|line| line.trim().split([' ', ',']).next().unwrap_or_default())
                    .map(str::to_owned)
                    .collect();
                let ty = self.entry(folder, &name);
                (ty.tag, ty.variants) = (tag, variants);
            } else if let Some(rest) = line.strip_prefix("impl rt::Operation for ") {
                let ty = rest.trim_end_matches(" {").to_owned();
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "}").collect();
                let (call, operation) = operation(folder, ty, &body);
                self.operations.insert(call, operation);
            }
        }
    }

    fn entry(&mut self, folder: &str, name: &str) -> &mut Type {
        let key = (folder.to_owned(), name.to_owned());
        self.types.entry(key).or_default()
    }

    /// The type of a name as code in a folder means it.
    fn resolve(&self, folder: &str, name: &str) -> Option<Name> {
        let own = (folder.to_owned(), name.to_owned());
        if self.types.contains_key(&own) {
            return Some(own);
        }
        let imports = self.imports.get(folder).into_iter().flatten();
        let homes = imports.filter(|(_, names)| names.is_empty() || names.contains(name));
        let homes = homes.map(|(home, _)| (home.clone(), name.to_owned()));
        homes.into_iter().find(|home| self.types.contains_key(home))
    }

    /// The generated types that a field's type names.
    fn mentioned(&self, folder: &str, text: &str) -> Vec<Name> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let found = words.filter_map(|word| self.resolve(folder, word));
        found.flat_map(|name| self.with_variants(name)).collect()
    }

    fn with_variants(&self, name: Name) -> Vec<Name> {
        let variants = self.types.get(&name).map(|ty| ty.variants.clone());
        let variants = variants.unwrap_or_default();
        let variants = variants.iter().filter_map(|it| self.resolve(&name.0, it));
        let variants: Vec<Name> = variants.collect();
        std::iter::once(name).chain(variants).collect()
    }

    /// Follows a path of members from a type: `[]` is an item of a list, `{…}` a key of a map.
    #[must_use]
    pub fn follow(&self, folder: &str, start: &str, path: &str) -> Found {
        let mut types = self.mentioned(folder, start);
        let mut rest = path;
        let mut found = BTreeSet::new();
        while !rest.is_empty() {
            rest = rest.trim_start_matches("[]").trim_start_matches('.');
            if rest.is_empty() {
                break;
            }
            if rest.starts_with('{') {
                rest = rest.split_once('}').map_or("", |it| it.1);
                let mut next = Vec::new();
                for name in &types {
                    if let Some(text) = self.types[name].fields.get("additional") {
                        found = BTreeSet::from([format!("{}::additional", name.1)]);
                        next.extend(self.mentioned(&name.0, text));
                    }
                }
                if !next.is_empty() {
                    types = next;
                }
                continue;
            }
            let Some((member, fields)) = self.step(&types, rest) else {
                return Found::Nowhere;
            };
            found = fields
                .iter()
                .map(|(name, field)| format!("{}::{field}", name.1))
                .collect();
            let nexts = fields.iter().filter_map(|(name, field)| {
                let text = self.types[name].fields.get(field)?;
                Some(self.mentioned(&name.0, text))
            });
            types = nexts.flatten().collect();
            rest = &rest[member.len()..];
        }
        Found::Here(found)
    }

    /// The longest member that the rest of a path begins with, as names may hold dots, and its fields.
    fn step<'p>(
        &self,
        types: &[Name],
        rest: &'p str,
    ) -> Option<(&'p str, BTreeSet<(Name, String)>)> {
        let ends = rest.match_indices(['.', '[']).map(|(at, _)| at);
        let ends: Vec<usize> = ends.chain([rest.len()]).collect();
        ends.into_iter().rev().find_map(|end| {
            let member = &rest[..end];
            let mut fields = BTreeSet::new();
            for name in types {
                let ty = &self.types[name];
                if let Some(field) = ty.wires.get(member) {
                    fields.insert((name.clone(), field.clone()));
                }
                if ty.tag.as_deref() == Some(member) {
                    fields.extend(ty.variants.iter().map(|it| (name.clone(), it.clone())));
                }
            }
            (!fields.is_empty()).then_some((member, fields))
        })
    }

    /// Where a member of the request's body is.
    #[must_use]
    pub fn sent(&self, operation: &Operation, path: &str) -> Found {
        let fields = &self.types[&(operation.folder.clone(), operation.ty.clone())].fields;
        let Some(body) = fields.get("body") else {
            return Found::Nowhere;
        };
        self.follow(&operation.folder, body, path)
    }

    /// Where a member of the response's body is.
    #[must_use]
    pub fn received(&self, operation: &Operation, path: &str) -> Found {
        self.follow(&operation.folder, &operation.answer, path)
    }
}

impl Operation {
    /// Module, and the method of its group of operations.
    #[must_use]
    pub fn method(&self) -> (&str, &str) {
        self.name.split_once('.').unwrap_or((&self.name, ""))
    }

    /// The field of a parameter or header, as `Type::field`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let field = self.parameters.get(name)?;
        Some(format!("{}::{field}", self.ty))
    }
}

fn opened<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    let name = line.strip_prefix(keyword)?.strip_suffix(" {")?;
    name.chars()
        .all(|c| c.is_ascii_alphanumeric())
        .then_some(name)
}

fn operation(folder: &str, ty: String, body: &[&str]) -> (String, Operation) {
    let after = |start: &str| {
        let line = body.iter().find_map(|line| line.trim().strip_prefix(start));
        line.unwrap_or_default()
            .trim_end_matches([',', ';'])
            .trim_matches('"')
            .to_owned()
    };
    let call = format!("{} {}", after("method: &rt::Method::"), after("path: "));
    let parameters = body.iter().filter_map(|line| {
        let (_, name) = line.trim().split_once("(\"")?;
        let (name, field) = name.split_once("\", &self.")?;
        Some((name.to_owned(), field.trim_end_matches(')').to_owned()))
    });
    let operation = Operation {
        folder: folder.to_owned(),
        answer: after("type Output = "),
        name: after("name: "),
        parameters: parameters.collect(),
        ty,
    };
    (call, operation)
}
