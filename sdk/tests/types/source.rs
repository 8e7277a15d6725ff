//! What the generated code says about its types: read from the files, so that no type can be forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Expr, ImplItem, Item, Lit, Type};

/// How a member is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Required,
    Optional,
    Nullable,
    OrEmpty,
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
    /// It can't be read: part of requests only.
    Sent,
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
            module.types_of(&syn::parse_file(&text(file)).unwrap());
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

    fn types_of(&mut self, file: &syn::File) {
        for item in &file.items {
            match item {
                Item::Struct(item) => {
                    let shape = match &item.fields {
                        syn::Fields::Unnamed(_) => Shape::Id,
                        _ => Shape::Sent,
                    };
                    self.types.insert(item.ident.to_string(), shape);
                }
                Item::Enum(item) => {
                    self.types.insert(item.ident.to_string(), Shape::Sent);
                }
                _ => {}
            }
        }
        for item in &file.items {
            let Item::Impl(item) = item else { continue };
            let name = last(&item.self_ty);
            if let Some((_, of, _)) = &item.trait_ {
                let of = &of.segments.last().unwrap().ident;
                if of == "Members" || of == "Choose" {
                    let shape = read_of(file, &name, &item.items);
                    self.types.insert(name, shape);
                }
                continue;
            }
            for item in &item.items {
                let ImplItem::Const(table) = item else {
                    continue;
                };
                if table.ident == "TABLE" {
                    self.types.insert(name.clone(), table_of(&table.expr));
                }
            }
        }
    }
}

/// The last segment of a path.
pub(crate) fn last(of: &Type) -> String {
    let Type::Path(path) = of else {
        panic!("not a path")
    };
    path.path.segments.last().unwrap().ident.to_string()
}

fn text(of: &Expr) -> Option<String> {
    match of {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

fn table_of(table: &Expr) -> Shape {
    let Expr::Reference(table) = table else {
        panic!("a table")
    };
    let Expr::Array(rows) = &*table.expr else {
        panic!("a table")
    };
    let firsts = rows.elems.iter().map(|row| match row {
        Expr::Tuple(row) => row.elems.first().unwrap(),
        _ => panic!("a row"),
    });
    let firsts: Vec<_> = firsts.collect();
    if firsts.iter().all(|first| text(first).is_some()) {
        return Shape::Texts(firsts.into_iter().filter_map(text).collect());
    }
    let number = |first: &Expr| match first {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        // Negative ones are not needed.
        _ => None,
    };
    Shape::Numbers(firsts.into_iter().filter_map(number).collect())
}

/// Shape of a type that has `rt::Members` or `rt::Choose`.
fn read_of(file: &syn::File, name: &str, items: &[ImplItem]) -> Shape {
    for item in &file.items {
        match item {
            Item::Enum(item) if item.ident == name => {
                let payloads = item.variants.iter().filter(|v| v.ident != "Unrecognized");
                let payload = |variant: &syn::Variant| variant.fields.iter().next().cloned();
                return Shape::Union(payloads.filter_map(payload).map(|f| f.ty).collect());
            }
            Item::Struct(item) if item.ident == name => {
                let types = item.fields.iter();
                let types =
                    types.map(|field| (field.ident.clone().unwrap().to_string(), field.ty.clone()));
                let types = types.collect();
                return Shape::Struct {
                    members: members_of(items, &types),
                    constants: constants_of(file, name),
                };
            }
            _ => {}
        }
    }
    panic!("{name} is not there")
}

/// What a function of an `impl` ends with.
fn result_of<'a>(items: &'a [ImplItem], name: &str) -> Option<&'a Expr> {
    let block = items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(&function.block),
        _ => None,
    });
    match block?.stmts.last()? {
        syn::Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

fn members_of(items: &[ImplItem], types: &BTreeMap<String, Type>) -> Vec<Member> {
    let required: Vec<String> = match result_of(items, "required") {
        Some(Expr::Reference(names)) => match &*names.expr {
            Expr::Array(names) => names.elems.iter().filter_map(text).collect(),
            _ => panic!("a list of names"),
        },
        _ => Vec::new(),
    };
    let Some(Expr::Match(members)) = result_of(items, "member") else {
        assert!(types.is_empty(), "members without a way to read them");
        return Vec::new();
    };
    let member = |arm: &syn::Arm| {
        let body = match &*arm.body {
            // Where the line would be too long.
            Expr::Block(body) => match &body.block.stmts[..] {
                [syn::Stmt::Expr(body, None)] => body,
                _ => panic!("more than one statement"),
            },
            body => body,
        };
        // Anything else is left: a name that is not known, or a constant.
        let Expr::MethodCall(call) = body else {
            return None;
        };
        let name = match &arm.pat {
            syn::Pat::Lit(name) => text(&Expr::Lit(name.clone())).unwrap(),
            _ => String::new(),
        };
        let way = match call.method.to_string().as_str() {
            "read" if required.contains(&name) => Way::Required,
            "read" => Way::Optional,
            "nullable" => Way::Nullable,
            "or_empty" => Way::OrEmpty,
            "additional" => Way::Additional,
            other => panic!("`{other}` is a way that this test does not know"),
        };
        let Some(Expr::Reference(place)) = call.args.first() else {
            panic!("a place")
        };
        let Expr::Field(place) = &*place.expr else {
            panic!("a field")
        };
        let syn::Member::Named(rust) = &place.member else {
            panic!("a name")
        };
        let of = types[&rust.to_string()].clone();
        Some(Member { name, way, of })
    };
    let members: Vec<Member> = members.arms.iter().filter_map(member).collect();
    assert_eq!(members.len(), types.len(), "each field is read once");
    members
}

/// The members whose values a type knows by itself, from `rt::Write`.
fn constants_of(file: &syn::File, name: &str) -> Vec<(String, String)> {
    let mut constants = Vec::new();
    for item in &file.items {
        let Item::Impl(item) = item else { continue };
        let writes = item.trait_.as_ref();
        let writes = writes.is_some_and(|(_, of, _)| of.segments.last().unwrap().ident == "Write");
        if !writes || last(&item.self_ty) != name {
            continue;
        }
        let ImplItem::Fn(write) = &item.items[0] else {
            continue;
        };
        for statement in &write.block.stmts {
            let syn::Stmt::Expr(Expr::MethodCall(call), _) = statement else {
                continue;
            };
            if call.method == "constant" {
                let texts: Vec<_> = call.args.iter().filter_map(text).collect();
                let [name, value] = &texts[..] else {
                    panic!("a constant that is no literal")
                };
                constants.push((name.clone(), value.clone()));
            }
        }
    }
    constants
}
