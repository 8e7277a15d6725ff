//! A program that uses the whole surface, like users' programs do.

use std::fmt::Write as _;

use super::{Item, Kind, Member, PartKind, Surface, named};

pub(super) fn program(surface: &Surface, name: &str, modules: &dyn Fn(&str) -> bool) -> String {
    let names: Vec<String> = (surface.items.iter())
        .map(|item| format!("{name}::{}", item.path))
        .collect();
    let mut writer = Writer {
        name,
        names,
        text: String::from("#![allow(unused, deprecated, clippy::all)]\n"),
        function: 0,
    };
    for (number, item) in surface.items.iter().enumerate() {
        if !modules(item.module()) {
            continue;
        }
        writer.item(item);
        if matches!(item.kind, Kind::Group | Kind::Operation | Kind::Constant) {
            continue;
        }
        let is_built = has(item, "builder");
        let paths = surface.paths_of(number);
        let is_meant = |path: &&str| path.split("::").next().is_some_and(modules);
        for path in paths.filter(is_meant) {
            writer.path(item, path, is_built);
        }
    }
    writer.text.push_str("fn main() {}\n");
    writer.text
}

fn has(item: &Item, name: &str) -> bool {
    let mut traits = item
        .members
        .iter()
        .filter(|one| one.part == PartKind::Trait);
    traits.any(|one| one.name == name)
}

struct Writer<'a> {
    name: &'a str,
    names: Vec<String>,
    text: String,
    function: usize,
}

impl Writer<'_> {
    /// Returns a type as the program names it.
    fn ty(&self, ty: &str) -> String {
        let ty = named(ty, &self.names);
        ty.replace("rt::", &format!("{}::rt::", self.name))
    }

    /// Adds a function.
    fn add(&mut self, generics: &str, arguments: &str, body: &str) {
        self.function += 1;
        let number = self.function;
        let _ = writeln!(
            self.text,
            "fn f{number}{generics}({arguments}) {{ {body} }}"
        );
    }

    fn path(&mut self, item: &Item, path: &str, is_built: bool) {
        let (name, own) = (self.name.to_owned(), &item.path);
        if path != own {
            self.add(
                "",
                &format!("x: {name}::{path}"),
                &format!("let _: {name}::{own} = x;"),
            );
        }
        if is_built && let Some((module, ty)) = path.rsplit_once("::") {
            let ty = ty.trim_start_matches("r#");
            // A former name of a type is not a former name of its builder.
            if own
                .rsplit("::")
                .next()
                .map(|own| own.trim_start_matches("r#"))
                == Some(ty)
            {
                self.add(
                    "",
                    &format!("_: {name}::{module}::builder::{ty}Builder"),
                    "",
                );
            }
        }
    }

    fn item(&mut self, item: &Item) {
        let path = format!("{}::{}", self.name, item.path);
        match item.kind {
            Kind::Group => {
                let transport = format!("<C: {}::rt::Transport>", self.name);
                self.add(&transport, &format!("_: {path}<C>"), "");
                for member in &item.members {
                    let (owner, method) = member.name.rsplit_once("::").unwrap_or_default();
                    match owner.split_once("::") {
                        None => {
                            let client = format!("{}::Client", self.name);
                            let body = format!("let _: {path}<{client}> = c.{method}();");
                            self.add("", &format!("c: &{client}"), &body);
                        }
                        Some(_) => {
                            let owner = format!("{}::{owner}", self.name);
                            let body = format!("let _: {path}<C> = c.{method}();");
                            self.add(&format!("<C: {owner}>"), "c: &C", &body);
                        }
                    }
                }
            }
            Kind::Constant => self.add("", "", &format!("let _ = &{path};")),
            Kind::Operation => self.operation(item),
            Kind::Struct => self.object(item, &path),
            Kind::TextEnum | Kind::NumberEnum | Kind::Union => {
                let mut arms = String::new();
                for member in &item.members {
                    let name = &member.name;
                    match member.part {
                        PartKind::Variant => {
                            let _ = write!(arms, "{path}::{name} => {{}} ");
                        }
                        PartKind::Holder => {
                            let ty = self.ty(&member.ty);
                            let _ = write!(arms, "{path}::{name}(v) => {{ let _: {ty} = v; }} ");
                        }
                        _ => {}
                    }
                }
                self.add(
                    "",
                    &format!("x: {path}"),
                    &format!("match x {{ {arms} _ => {{}} }}"),
                );
                let from = item.members.iter().filter(|one| one.part == PartKind::From);
                for one in from {
                    let ty = self.ty(&one.ty);
                    self.add(
                        "",
                        &format!("x: {ty}"),
                        &format!("let _: {path} = x.into();"),
                    );
                }
                let method = match item.kind {
                    Kind::TextEnum => "let _: &str = x.as_str();",
                    Kind::NumberEnum => "let _: i64 = x.as_i64();",
                    _ => "",
                };
                self.add("", &format!("x: &{path}"), method);
            }
            Kind::Id => {
                let body = "let _: &str = x.as_str();";
                self.add("", &format!("x: &{path}"), body);
            }
        }
    }

    /// Reads the fields of `x`.
    fn reads(&self, item: &Item) -> String {
        let fields = item
            .members
            .iter()
            .filter(|one| one.part == PartKind::Field);
        let mut body = String::new();
        for field in fields {
            let _ = write!(body, "let _: &{} = &x.{}; ", self.ty(&field.ty), field.name);
        }
        body
    }

    fn object(&mut self, item: &Item, path: &str) {
        let reads = self.reads(item);
        self.add("", &format!("x: &{path}"), &reads);
        if has(item, "Default") {
            self.add("", "", &format!("let _: {path} = Default::default();"));
        }
        if has(item, "builder") {
            self.chains(item, "", "", &format!("{path}::builder()"), path);
        }
    }

    /// Sets the required values, then all values.
    fn chains(&mut self, item: &Item, generics: &str, arguments: &str, start: &str, built: &str) {
        let setters: Vec<&Member> = (item.members.iter())
            .filter(|one| matches!(one.part, PartKind::Setter | PartKind::Method))
            .collect();
        let is_minimal = |one: &&&Member| one.required;
        let minimal: Vec<&Member> = setters.iter().filter(is_minimal).copied().collect();
        let pages = setters.iter().any(|one| one.name == "pages");
        let is_events = |one: &&Member| one.part == PartKind::Method && one.name == "events";
        let events = setters.iter().any(is_events);
        for (setters, ends) in [(minimal, true), (setters, false)] {
            let mut arguments = arguments.to_owned();
            let mut chain = start.to_owned();
            for (number, one) in setters.iter().enumerate() {
                let name = &one.name;
                match (one.part, name.as_str()) {
                    // These methods end a chain, or undo it.
                    (PartKind::Method, "pages" | "events" | "without_body") => {}
                    (PartKind::Method, name) if name.starts_with("send_as_") => {}
                    (PartKind::Method, "extra") => chain.push_str(".extra(\"x\", true)"),
                    (PartKind::Method, _) => {
                        let _ = write!(chain, ".{name}()");
                    }
                    _ => {
                        let ty = self.ty(&one.takes);
                        let _ = write!(arguments, "v{number}: {ty}, ");
                        let _ = write!(chain, ".{name}(v{number})");
                    }
                }
            }
            let body = format!("let _: {built} = {chain}.build();");
            self.add(generics, &arguments, &body);
            if ends && pages {
                self.add(generics, &arguments, &format!("let _ = {chain}.pages();"));
                self.add(generics, &arguments, &format!("let _ = {chain}.items();"));
            }
            let send_as = setters
                .iter()
                .filter(|one| one.part == PartKind::Method && one.name.starts_with("send_as_"));
            for one in send_as.filter(|_| ends) {
                let body = format!("let _ = {chain}.{}();", one.name);
                self.add(generics, &arguments, &body);
            }
            if ends && events {
                let generics = generics.replace("::Transport", "::EventTransport");
                self.add(&generics, &arguments, &format!("let _ = {chain}.events();"));
            }
        }
    }

    fn operation(&mut self, item: &Item) {
        let (name, module) = (self.name.to_owned(), item.module().to_owned());
        let call = format!("{name}::{module}::{}", item.call);
        let reads = self.reads(item);
        self.add("", &format!("x: &{call}"), &reads);
        let generics = format!("<C: {name}::rt::Transport>");
        let builder = format!("{name}::{module}::builder::{}Builder<C>", item.call);
        self.add(&generics, &format!("_: {builder}"), "");
        let (group, method) = item.path.rsplit_once("::").unwrap_or_default();
        let mut arguments = format!("g: &{name}::{group}<C>, ");
        let mut given = String::new();
        let all = item
            .members
            .iter()
            .filter(|one| one.part == PartKind::Argument);
        for (number, one) in all.enumerate() {
            let _ = write!(arguments, "a{number}: {}, ", self.ty(&one.ty));
            let _ = write!(given, "a{number}, ");
        }
        let start = format!("g.{method}({given})");
        self.add(
            &generics,
            &arguments,
            &format!("let _: {builder} = {start};"),
        );
        self.chains(item, &generics, &arguments, &start, &call);
        let is_skipped = item.members.iter().any(|one| one.name == "without_body");
        if is_skipped {
            self.add(
                &generics,
                &arguments,
                &format!("let _ = {start}.without_body();"),
            );
        }
        let mut arms: Vec<(String, String)> = Vec::new();
        for member in &item.members {
            let ty = match member.ty.strip_prefix(&format!("{module}::")) {
                Some(_) => format!("{name}::{}", member.ty),
                None => self.ty(&member.ty),
            };
            match member.part {
                PartKind::Associated => {
                    let associated = &member.name;
                    let (of, what) = associated.split_once("::").unwrap_or_default();
                    let given = format!("x: <{call} as {name}::rt::{of}>::{what}");
                    self.add("", &given, &format!("let _: {ty} = x;"));
                }
                PartKind::Case => {
                    let owner = member.name.split("::").next().unwrap_or_default();
                    let path = format!("{name}::{module}::{}", member.name);
                    let arm = match ty.as_str() {
                        "" => format!("{path} => {{}} "),
                        ty => format!("{path}(v) => {{ let _: {ty} = v; }} "),
                    };
                    match arms.iter_mut().find(|(known, _)| known == owner) {
                        Some((_, arms)) => arms.push_str(&arm),
                        None => arms.push((owner.to_owned(), arm)),
                    }
                }
                PartKind::Header => {
                    let (owner, field) = member.name.split_once('.').unwrap_or_default();
                    let given = format!("x: &{name}::{module}::{owner}");
                    self.add("", &given, &format!("let _: &{ty} = &x.{field};"));
                }
                _ => {}
            }
        }
        for (owner, arms) in arms {
            let given = format!("x: {name}::{module}::{owner}");
            self.add("", &given, &format!("match x {{ {arms} _ => {{}} }}"));
        }
    }
}
