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
    /// Output type of each operation.
    pub(crate) operations: BTreeMap<String, Type>,
    /// Modules whose types are its own too, and which; all of them where there are no names.
    imports: Vec<(String, Vec<String>)>,
    /// Users find it through others only.
    is_hidden: bool,
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
        let list = fs::read_to_string(api().join("mod.rs")).unwrap();
        for entry in fs::read_dir(api()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if name == "mod" {
                continue;
            }
            let mut module = Module::read(&path);
            module.is_hidden = !list.contains(&format!("pub mod {name};"));
            modules.insert(name, module);
        }
        Self { modules }
    }

    /// The module in which a name stands, looked up from another one.
    pub(crate) fn home(&self, module: &str, name: &str) -> Option<(&str, &Shape)> {
        let (key, here) = self.modules.get_key_value(module)?;
        if let Some(shape) = here.types.get(name) {
            return Some((key, shape));
        }
        let mut imports = here.imports.iter();
        imports.find_map(|(module, names)| {
            if !names.is_empty() && !names.iter().any(|one| one == name) {
                return None;
            }
            let (key, module) = self.modules.get_key_value(module)?;
            Some((key.as_str(), module.types.get(name)?))
        })
    }

    /// A module in which users find a type.
    pub(crate) fn public(&self, module: &str, name: &str) -> String {
        let is_public = |module: &str| !self.modules[module].is_hidden;
        if is_public(module) {
            return module.to_owned();
        }
        let mut users = self.modules.keys().filter(|user| is_public(user));
        let user = users.find(|user| {
            self.home(user, name)
                .is_some_and(|(home, _)| home == module)
        });
        user.unwrap_or_else(|| panic!("nobody has {name} of {module}"))
            .clone()
    }
}

impl Module {
    /// A folder, or a file.
    fn read(path: &Path) -> Self {
        let mut module = Self::default();
        if path.is_file() {
            module.types_of(&fs::read_to_string(path).unwrap());
            return module;
        }
        let text = |file: &str| fs::read_to_string(path.join(file)).unwrap_or_default();
        for rest in text("mod.rs").split("use super::").skip(1) {
            let (home, names) = rest.split(';').next().unwrap().split_once("::").unwrap();
            let names = names.split(|c: char| !c.is_alphanumeric());
            let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
            module.imports.push((home.to_owned(), names.collect()));
        }
        let tables = text("json.rs").replace("//! ", "// ");
        module.types_of(&(text("types.rs") + &tables));
        module.types_of(&text("enums.rs"));
        for entry in fs::read_dir(path).unwrap() {
            let operations = fs::read_to_string(entry.unwrap().path()).unwrap();
            for part in operations.split("impl rt::Operation for ").skip(1) {
                let name = part.split(' ').next().unwrap().to_owned();
                let answer = part.split("type Output = ").nth(1).unwrap();
                let answer = answer.split(';').next().unwrap();
                let answer = syn::parse_str(answer).unwrap();
                module.operations.insert(name, answer);
            }
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
