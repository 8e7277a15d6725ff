//! What the generated code says about its types: read from the files, so that no type can be forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Item, Type};

/// How a member is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Without it there is no value.
    Guaranteed,
    Optional,
    Additional,
}

pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) way: Way,
    pub(crate) of: Type,
}

pub(crate) enum Shape {
    Struct {
        members: Vec<Member>,
        constants: Vec<(String, String)>,
    },
    /// A union: the payload of each known variant.
    Union(Vec<Type>),
    Texts(Vec<String>),
    Numbers(Vec<i64>),
    Id,
}

/// A module below `sdk/src/api`.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) types: BTreeMap<String, Shape>,
    /// Answer type of each operation.
    pub(crate) operations: BTreeMap<String, Type>,
    /// Modules whose types are its own too.
    pub(crate) shared: Vec<String>,
}

pub(crate) struct Source {
    pub(crate) modules: BTreeMap<String, Module>,
}

pub(crate) fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")
}

impl Source {
    pub(crate) fn read() -> Self {
        let mut modules = BTreeMap::new();
        for entry in fs::read_dir(api()).unwrap() {
            let folder = entry.unwrap().path();
            if folder.is_dir() {
                let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
                modules.insert(name.clone(), Module::read(&folder, &name));
            }
        }
        Self { modules }
    }

    /// The module in which a name stands, looked up from another one.
    pub(crate) fn home(&self, module: &str, name: &str) -> Option<(&str, &Shape)> {
        let (key, here) = self.modules.get_key_value(module)?;
        if let Some(shape) = here.types.get(name) {
            return Some((key, shape));
        }
        let shared = here.shared.iter().map(String::as_str);
        // A shared module has no list: what it uses is shared by as many.
        let all = self.modules.keys().map(String::as_str);
        let all = all.filter(|module| here.shared.is_empty() && module.starts_with("shared_"));
        shared.chain(all).find_map(|module| {
            let (key, module) = self.modules.get_key_value(module)?;
            Some((key.as_str(), module.types.get(name)?))
        })
    }

    /// The public module of a type.
    pub(crate) fn public(&self, module: &str) -> String {
        if !module.starts_with("shared_") {
            return module.to_owned();
        }
        let user = self
            .modules
            .iter()
            .find(|(name, user)| {
                !name.starts_with("shared_") && user.shared.iter().any(|shared| shared == module)
            })
            .unwrap();
        user.0.clone()
    }
}

impl Module {
    fn read(folder: &Path, name: &str) -> Self {
        let mut module = Self::default();
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
        for line in text("mod.rs").lines() {
            if let Some(rest) = line.strip_prefix("pub use super::") {
                module
                    .shared
                    .push(rest.strip_suffix("::*;").unwrap().to_owned());
            }
        }
        for file in ["types.rs", "enums.rs", "ids.rs"] {
            module.types_of(&text(file));
        }
        let operations = text(&format!("{name}.rs"));
        for part in operations.split("impl rt::Operation for ").skip(1) {
            let name = part.split(' ').next().unwrap().to_owned();
            let answer = part.split("type Answer = ").nth(1).unwrap();
            let answer = answer.split(';').next().unwrap();
            module
                .operations
                .insert(name, syn::parse_str(answer).unwrap());
        }
        module
    }

    /// Types by their definitions, and their tables by lines, a row each.
    fn types_of(&mut self, text: &str) {
        let file = syn::parse_file(text).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(table) = line.strip_prefix("rt::") else {
                continue;
            };
            let (kind, head) = table.split_once("!(").unwrap();
            let head = head.trim_end_matches("});").trim_end_matches(" {");
            let name = head.split([',', ')']).next().unwrap().to_owned();
            let rows: Vec<&str> = match line.ends_with('{') {
                true => lines.by_ref().take_while(|line| *line != "});").collect(),
                false => Vec::new(),
            };
            let rows = rows.iter().map(|row| row.trim().trim_end_matches(','));
            let shape = match kind {
                "object" => object(&file, head, &name, rows),
                "union" => Shape::Union(payloads(&file, &name)),
                "string_enum" => Shape::Texts(rows.map(|row| quoted(row)[0].clone()).collect()),
                "integer_enum" => {
                    let number = |row: &str| row.split(' ').nth(1).unwrap().parse().unwrap();
                    Shape::Numbers(rows.map(number).collect())
                }
                "id" => Shape::Id,
                other => panic!("`rt::{other}!` is a table that this test does not know"),
            };
            self.types.insert(name, shape);
        }
    }
}

/// Texts between quotes.
fn quoted(row: &str) -> Vec<String> {
    let literals = row.split('"').skip(1).step_by(2);
    literals.map(str::to_owned).collect()
}

fn object<'r>(
    file: &syn::File,
    head: &str,
    name: &str,
    rows: impl Iterator<Item = &'r str>,
) -> Shape {
    let fields = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(&item.fields),
        _ => None,
    });
    let of = |field: &str| {
        let mut fields = fields.unwrap().iter();
        let found = fields.find(|found| found.ident.as_ref().unwrap() == field);
        found.unwrap().ty.clone()
    };
    // Also one that requests leave out stands in this list.
    let guaranteed = head
        .split_once("guaranteed [")
        .and_then(|(_, names)| names.split_once(']'))
        .map_or_else(Vec::new, |(names, _)| quoted(names));
    let mut members: Vec<Member> = rows
        .map(|row| {
            let wire = quoted(row)[0].clone();
            let field = row.rsplit(' ').next().unwrap();
            Member {
                way: match guaranteed.contains(&wire) {
                    true => Way::Guaranteed,
                    false => Way::Optional,
                },
                name: wire,
                of: of(field),
            }
        })
        .collect();
    assert_eq!(
        members.len() + 1 + usize::from(head.ends_with(", additional")),
        fields.unwrap().len(),
        "{name}: each field has a row"
    );
    if head.ends_with(", additional") {
        members.push(Member {
            name: String::new(),
            way: Way::Additional,
            of: of("additional"),
        });
    }
    let constants = head.split(", constant ").skip(1);
    let constants = constants.map(|constant| {
        let texts = quoted(constant);
        (texts[0].clone(), texts[1].clone())
    });
    Shape::Struct {
        members,
        constants: constants.collect(),
    }
}

/// What each known variant of a union holds.
fn payloads(file: &syn::File, name: &str) -> Vec<Type> {
    let variants = file.items.iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == name => Some(&item.variants),
        _ => None,
    });
    let known = variants
        .unwrap()
        .iter()
        .filter(|variant| variant.ident != "Unrecognized");
    known
        .filter_map(|variant| variant.fields.iter().next())
        .map(|field| field.ty.clone())
        .collect()
}

/// The last segment of a path.
pub(crate) fn last(of: &Type) -> String {
    let Type::Path(path) = of else {
        panic!("not a path")
    };
    path.path.segments.last().unwrap().ident.to_string()
}
