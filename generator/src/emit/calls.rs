//! Calls as a user writes them: examples in the documentation, and a file with two calls of each operation for tests.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{
    Options, builders,
    context::{Context, ident},
    operations::{Plan, body_additional},
    print, root,
    slots::Slot,
    unions,
};
use crate::model::{AnswerShape, Api, Sample, Shape, TypeKind, TypeRef};

/// Currencies that are constants of the runtime.
const CURRENCIES: &[&str] = &["DKK", "EUR", "GBP", "NOK", "SEK", "USD"];

/// So many lines of an example can be taken in at a glance.
const SHORT: usize = 12;

/// Objects that take so many characters of tokens don't fit in the line of their setter.
const LONG: usize = 60;

/// Writes values, and remembers which types it named.
struct Writer<'a> {
    context: &'a Context<'a>,
    /// Everything that can be set is, instead of what has to be.
    full: bool,
    /// Types of the API.
    named: BTreeSet<&'a str>,
    /// Types of the runtime.
    runtime: BTreeSet<&'a str>,
    /// Objects that are being written.
    open: Vec<&'a str>,
    /// Objects that functions of the file have to give.
    wanted: BTreeSet<&'a str>,
    /// Values that are not set, and why.
    left_out: BTreeSet<String>,
    /// What the objects that are being written are set as.
    setters: Vec<String>,
    /// Objects that are written before the call, by the names of their variables; nothing where all is one expression.
    parts: Option<Vec<(String, TokenStream)>>,
}

impl<'a> Writer<'a> {
    fn new(context: &'a Context<'a>, full: bool) -> Self {
        Self {
            context,
            full,
            named: BTreeSet::new(),
            runtime: BTreeSet::new(),
            open: Vec::new(),
            wanted: BTreeSet::new(),
            left_out: BTreeSet::new(),
            setters: Vec::new(),
            parts: None,
        }
    }

    /// Writes objects before the call.
    fn in_parts(mut self) -> Self {
        self.parts = Some(Vec::new());
        self
    }

    /// The builder of an operation with its values; an error says for what there is no value.
    fn call(&mut self, plan: &'a Plan<'a>) -> Result<TokenStream, String> {
        let operation = plan.operation();
        let mut arguments = Vec::new();
        for param in plan.arguments() {
            let value = self.value(&param.ty, &param.sample, false);
            arguments.push(value.map_err(|why| format!("`{}`: {why}", param.wire))?);
        }
        let setters = self.setters(plan.slots(), None)?;
        let (group, name) = (ident(&plan.group().name), ident(&operation.name));
        Ok(quote!(client.#group().#name(#(#arguments),*) #setters))
    }

    fn setters<'s>(
        &mut self,
        slots: impl IntoIterator<Item = &'s Slot<'a>>,
        owner: Option<&str>,
    ) -> Result<TokenStream, String>
    where
        'a: 's,
    {
        let mut setters = TokenStream::new();
        let wanted = slots.into_iter().filter(|slot| slot.required || self.full);
        for slot in wanted.collect::<Vec<_>>() {
            let place = match owner {
                Some(owner) => format!("`{}` of `{owner}`", slot.wire),
                None => format!("`{}`", slot.wire),
            };
            let again = self.full && owner.is_some_and(|owner| self.leads_to(slot.ty, owner));
            self.setters.push(variable(slot));
            let value = match again {
                true if !slot.required => Err("it would contain itself".to_owned()),
                _ => self.slot(slot, self.full && !again),
            };
            self.setters.pop();
            let setter = ident(&slot.setter);
            match value {
                Ok(value) => setters.extend(quote!(.#setter(#value))),
                // What the client fills in is sent anyway.
                Err(_) if matches!(slot.ty, TypeRef::Runtime(_)) && !slot.required => {}
                Err(why) if !slot.required => drop(self.left_out.insert(format!("{place}: {why}"))),
                Err(why) => return Err(format!("{place}: {why}")),
            }
        }
        Ok(setters)
    }

    fn slot(&mut self, slot: &Slot<'a>, full: bool) -> Result<TokenStream, String> {
        let ty = match slot.ty {
            TypeRef::Boxed(inner) => inner,
            ty => ty,
        };
        let nullable = matches!(slot.shape, Shape::NullOr | Shape::OptionalNullable);
        let exact = nullable && *ty != TypeRef::String;
        let before = std::mem::replace(&mut self.full, full);
        let value = self.value(ty, slot.sample, exact);
        self.full = before;
        value
    }

    /// A value: of just this type where it has to be, else of one that a setter turns into it.
    fn value(
        &mut self,
        ty: &'a TypeRef,
        sample: &'a Sample,
        exact: bool,
    ) -> Result<TokenStream, String> {
        if let Sample::Unknown(why) = sample {
            return Err(why.clone());
        }
        Ok(match ty {
            TypeRef::Nullable(inner) => {
                let value = self.value(inner, sample, true)?;
                quote!(Some(#value))
            }
            TypeRef::Boxed(inner) => {
                let value = self.value(inner, sample, true)?;
                quote!(Box::new(#value))
            }
            TypeRef::List(item) => {
                let samples: Vec<&'a Sample> = match sample {
                    Sample::List(samples) => samples.iter().collect(),
                    _ => Vec::new(),
                };
                let mut items = Vec::new();
                for sample in &samples {
                    items.push(self.value(item, sample, exact || is_several(item))?);
                }
                if items.is_empty() {
                    let of_exact = exact || is_several(item);
                    items.push(self.of_type(item, &Sample::OfType, of_exact)?);
                }
                match exact {
                    true => quote!(Vec::from([#(#items),*])),
                    false => quote!([#(#items),*]),
                }
            }
            TypeRef::Map(inner) => {
                let of_exact = exact || is_several(inner);
                let value = match sample {
                    Sample::Map(sample) => self.value(inner, sample, of_exact)?,
                    _ => self.of_type(inner, &Sample::OfType, of_exact)?,
                };
                match exact {
                    true => quote!([("key".to_owned(), #value)].into_iter().collect()),
                    false => quote!([("key", #value)]),
                }
            }
            TypeRef::Named(name) => self.of_name(name, sample, exact)?,
            _ => self.of_type(ty, sample, exact)?,
        })
    }

    /// A value of a type without parts; of others what they have first.
    fn of_type(
        &mut self,
        ty: &'a TypeRef,
        sample: &Sample,
        exact: bool,
    ) -> Result<TokenStream, String> {
        let text = match sample {
            Sample::Text(text) => text.as_str(),
            _ => "text",
        };
        Ok(match ty {
            TypeRef::String if exact => quote!(#text.to_owned()),
            TypeRef::String | TypeRef::Bytes => quote!(#text),
            TypeRef::Bool => match sample {
                Sample::Bool(value) => quote!(#value),
                _ => quote!(true),
            },
            TypeRef::Integer => number(sample, if exact { "_i64" } else { "" }),
            TypeRef::Float => number(sample, "_f64"),
            TypeRef::Number => {
                let suffix = match sample {
                    Sample::Integer(whole) if i32::try_from(*whole).is_err() => "_i64",
                    _ => "",
                };
                let value = number(sample, suffix);
                if !exact {
                    return Ok(value);
                }
                let name = self.of_runtime("Number");
                quote!(#name::from(#value))
            }
            TypeRef::Timestamp => {
                let name = self.of_runtime("Timestamp");
                let text = or(text, "2024-06-01T12:00:00Z");
                quote!(#name::parse(#text)?)
            }
            TypeRef::Date => {
                let name = self.of_runtime("Date");
                let text = or(text, "2024-06-01");
                quote!(#name::parse(#text)?)
            }
            TypeRef::Json if !exact => quote!("text"),
            TypeRef::Json => {
                let package = ident(&self.context.options.package);
                quote!(#package::rt::Json::from("text"))
            }
            TypeRef::JsonObject => {
                let package = ident(&self.context.options.package);
                quote!(#package::rt::JsonObject::new())
            }
            TypeRef::Runtime(runtime) if runtime == "Amount" => {
                let (name, value) = (self.of_runtime("Amount"), number(sample, ""));
                quote!(#name::minor(#value))
            }
            TypeRef::Runtime(runtime) if runtime == "Currency" => {
                let name = self.of_runtime("Currency");
                let code = or(text, "NOK");
                if CURRENCIES.contains(&code) {
                    let code = ident(code);
                    quote!(#name::#code)
                } else {
                    quote!(#name::parse(#code)?)
                }
            }
            TypeRef::Runtime(runtime) => {
                return Err(format!("there is no example of `{runtime}`"));
            }
            TypeRef::Named(name) => self.of_name(name, sample, exact)?,
            TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Nullable(_) | TypeRef::Boxed(_) => {
                return self.value(ty, &Sample::OfType, exact);
            }
        })
    }

    fn of_name(&mut self, name: &str, sample: &Sample, exact: bool) -> Result<TokenStream, String> {
        let Some((name, ty)) = self.context.api.types.get_key_value(name) else {
            return Err(format!("there is no type `{name}`"));
        };
        Ok(match &ty.kind {
            TypeKind::Id => {
                let text = match sample {
                    Sample::Text(text) => text,
                    _ => "id",
                };
                let name = self.of_api(name);
                quote!(#name::new(#text))
            }
            TypeKind::StringEnum(members) => {
                let of = |wire: &str| members.iter().find(|member| member.wire == wire);
                let member = match sample {
                    Sample::Text(wire) => of(wire),
                    _ => None,
                };
                let member = member.or(members.first()).ok_or("it has no values")?;
                let (name, variant) = (self.of_api(name), ident(&member.variant));
                quote!(#name::#variant)
            }
            TypeKind::IntegerEnum(members) => {
                let of = |wire: i64| members.iter().find(|member| member.wire == wire);
                let member = match sample {
                    Sample::Integer(wire) => of(*wire),
                    _ => None,
                };
                let member = member.or(members.first()).ok_or("it has no values")?;
                let (name, variant) = (self.of_api(name), ident(&member.variant));
                quote!(#name::#variant)
            }
            TypeKind::Union(union) => {
                if self.open.contains(&name.as_str()) {
                    return Err("it contains itself".to_owned());
                }
                self.open.push(name);
                let mut found = Err("it has no variants".to_owned());
                for variant in &union.variants {
                    let value = self.value(&variant.ty, &Sample::OfType, true);
                    found = value.map(|value| (variant, value));
                    if found.is_ok() {
                        break;
                    }
                }
                self.open.pop();
                let (variant, value) = found?;
                if !exact && unions::is_convertible(union, variant) {
                    return Ok(value);
                }
                let (name, variant) = (self.of_api(name), ident(&variant.name));
                quote!(#name::#variant(#value))
            }
            TypeKind::Struct(_) if self.full => {
                self.wanted.insert(name);
                let function = of_full(name);
                quote!(#function()?)
            }
            TypeKind::Struct(_) => self.object(name)?,
        })
    }

    /// An object by its builder.
    fn object(&mut self, name: &'a str) -> Result<TokenStream, String> {
        let Some(TypeKind::Struct(object)) = self.context.get(name).map(|ty| &ty.kind) else {
            return Err(format!("`{name}` is no object"));
        };
        if self.open.contains(&name) {
            return Err("it contains itself".to_owned());
        }
        self.open.push(name);
        let slots = builders::slots(object, None, "value", false);
        let setters = self.setters(&slots, Some(name));
        self.open.pop();
        let (setters, named) = (setters?, self.of_api(name));
        Ok(self.part(quote!(#named::builder() #setters .build())))
    }

    /// The object itself or, where it is long and may stand before the call, the name of its variable.
    fn part(&mut self, object: TokenStream) -> TokenStream {
        let Some(parts) = &mut self.parts else {
            return object;
        };
        let Some(own) = self.setters.last() else {
            return object;
        };
        if object.to_string().len() < LONG {
            return object;
        }
        let taken = |name: &str| parts.iter().any(|(part, _)| part == name);
        let owner = self.setters.iter().rev().nth(1);
        let wished = [
            Some(own.clone()),
            owner.map(|owner| format!("{owner}_{own}")),
        ];
        let numbered = (2..).map(|number| format!("{own}_{number}"));
        let free = (wished.into_iter().flatten().chain(numbered))
            .find(|name| name != "client" && name != "answer" && !taken(name));
        let Some(name) = free else {
            return object;
        };
        let variable = ident(&name);
        parts.push((name, object));
        quote!(#variable)
    }

    /// Whether a value of this type may hold an object of this name.
    fn leads_to(&self, ty: &TypeRef, name: &str) -> bool {
        let mut next = BTreeSet::new();
        ty.name(&mut next);
        let mut seen = BTreeSet::new();
        while let Some(found) = next.pop_first() {
            if found == name {
                return true;
            }
            if let Some(ty) = self.context.get(&found)
                && seen.insert(found)
            {
                ty.names(&mut next);
            }
        }
        false
    }

    fn of_api(&mut self, name: &'a str) -> TokenStream {
        self.named.insert(name);
        let name = ident(name);
        quote!(#name)
    }

    /// A type of the runtime; one that the API has a type of the same name beside is called by its path.
    fn of_runtime(&mut self, name: &'static str) -> TokenStream {
        let named = ident(name);
        if self.context.get(name).is_some() {
            let package = ident(&self.context.options.package);
            return quote!(#package::#named);
        }
        self.runtime.insert(name);
        quote!(#named)
    }

    /// `use` of what was named.
    fn uses(&self, with: Option<TokenStream>) -> TokenStream {
        let home = home(self.context);
        let named = self.named.iter().map(|name| ident(name));
        let named: Vec<TokenStream> = (with.into_iter())
            .chain(named.map(|name| quote!(#name)))
            .collect();
        let named = match named.as_slice() {
            [] => TokenStream::new(),
            [name] => quote!(use #home::#name;),
            _ => quote!(use #home::{#(#named),*};),
        };
        let package = ident(&self.context.options.package);
        let runtime: Vec<_> = self.runtime.iter().map(|name| ident(name)).collect();
        let runtime = match runtime.as_slice() {
            [] => TokenStream::new(),
            [name] => quote!(use #package::#name;),
            _ => quote!(use #package::{#(#runtime),*};),
        };
        quote!(#runtime #named)
    }
}

/// What a variable for the value of a slot is called: `item` for one of `items`.
fn variable(slot: &Slot<'_>) -> String {
    let name = slot.setter.trim_start_matches("r#").trim_end_matches('_');
    let several = match slot.ty {
        TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => is_several(inner),
        ty => is_several(ty),
    };
    let one = name
        .strip_suffix('s')
        .filter(|one| several && !one.is_empty());
    one.unwrap_or(name).to_owned()
}

/// Whether a value has items: as a part of another it has to be of just its type.
fn is_several(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::List(_) | TypeRef::Map(_))
}

/// A text, unless it is the one that stands for any.
fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text == "text" { other } else { text }
}

fn number(sample: &Sample, suffix: &str) -> TokenStream {
    let text = match sample {
        Sample::Number(number) => number.clone(),
        Sample::Integer(whole) => grouped(*whole),
        _ => "1".to_owned(),
    };
    let text = match suffix {
        "_f64" if text.contains('.') => text,
        "_f64" => format!("{text}.0"),
        _ => format!("{text}{suffix}"),
    };
    text.parse().unwrap_or_else(|_| {
        let text = Literal::string(&text);
        quote!(#text)
    })
}

/// `29_990`
fn grouped(whole: i64) -> String {
    let digits = whole.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && digits.len() > 4 {
            text.push('_');
        }
        text.push(digit);
    }
    let sign = if whole < 0 { "-" } else { "" };
    format!("{sign}{text}")
}

/// Where users find the types of the API.
fn home(context: &Context<'_>) -> TokenStream {
    let module = ident(&context.api.module);
    match context.options.attach {
        super::Attach::Inherent => {
            let package = ident(&context.options.package);
            quote!(#package::#module)
        }
        super::Attach::ExtensionTrait => quote!(#module),
    }
}

/// The function that gives an object with everything that can be set.
fn of_full(name: &str) -> proc_macro2::Ident {
    format_ident!("full_{}", name.trim_start_matches("r#").to_snake_case())
}

/// A call with what it needs, as a doctest; nothing where no valid value is known.
///
/// One expression where that is short, else objects before it.
pub(crate) fn example<'a>(context: &'a Context<'a>, plan: &'a Plan<'a>) -> Option<String> {
    let whole = shown(plan, Writer::new(context, false))?;
    if whole.lines <= SHORT {
        return Some(whole.text);
    }
    let parts = shown(plan, Writer::new(context, false).in_parts());
    let shorter = parts.filter(|parts| parts.lines < whole.lines);
    Some(shorter.unwrap_or(whole).text)
}

/// An example, and how many lines of it a reader sees.
struct Shown {
    text: String,
    lines: usize,
}

fn shown<'a>(plan: &'a Plan<'a>, mut writer: Writer<'a>) -> Option<Shown> {
    let call = writer.call(plan).ok()?;
    let statement = match plan.operation().answer.shape {
        AnswerShape::Unit => quote!(#call.send().await?;),
        _ => quote!(let answer = #call.send().await?;),
    };
    let context = writer.context;
    let traits = match context.options.attach {
        super::Attach::Inherent => None,
        super::Attach::ExtensionTrait => {
            let name = root::trait_name(context);
            Some(quote!(#name))
        }
    };
    let uses = print::items(writer.uses(traits));
    let parts = writer.parts.unwrap_or_default();
    let parts = parts.iter().map(|(name, object)| {
        let name = ident(name);
        quote!(let #name = #object;)
    });
    let body = print::items(quote!(async fn example() { #(#parts)* #statement }));
    let lines = body.lines().skip(1);
    let visible: String = (lines.filter_map(|line| line.strip_prefix("    ")))
        .map(|line| format!("{line}\n"))
        .collect();
    let client = &context.options.package;
    let gap = if uses.is_empty() { "" } else { "\n" };
    Some(Shown {
        lines: uses.lines().count() + visible.lines().count(),
        text: format!(
            "# Examples\n\n```no_run\n{uses}{gap}\
             # async fn example(client: {client}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
             {visible}# Ok(())\n# }}\n```"
        ),
    })
}

/// Every operation twice, with what it needs and with everything, for a test that sends them.
///
/// The file stands in a module whose parent has `Call`, `Built` and `sent`.
#[must_use]
pub fn calls(api: &Api, options: &Options) -> String {
    let context = Context::new(api, options);
    let mut minimal = Writer::new(&context, false);
    let mut full = Writer::new(&context, true);
    let package = ident(&options.package);
    let additional: Vec<Vec<Option<TypeRef>>> = (api.groups.iter())
        .map(|group| {
            let operations = group.operations.iter();
            operations
                .map(|operation| body_additional(&context, operation))
                .collect()
        })
        .collect();
    let plans: Vec<Plan<'_>> = (api.groups.iter().zip(&additional))
        .flat_map(|(group, additional)| {
            let operations = group.operations.iter().zip(additional);
            operations.map(|(operation, additional)| {
                Plan::new(&context, group, operation, additional.as_ref())
            })
        })
        .collect();
    let mut rows = Vec::new();
    let mut functions = Vec::new();
    for plan in &plans {
        let operation = plan.operation();
        let (name, method, path) = (&operation.full_name, &operation.method, &operation.path);
        let wanted: Vec<(TokenStream, Result<TokenStream, String>)> = vec![
            (quote!(minimal), minimal.call(plan)),
            (quote!(full), full.call(plan)),
        ];
        let mut left_out: Vec<String> = std::mem::take(&mut full.left_out).into_iter().collect();
        let mut runs = Vec::new();
        for (label, call) in wanted {
            let function = match label.to_string().as_str() {
                "full" => format_ident!("{}_full", operation.name.trim_start_matches("r#")),
                _ => ident(&operation.name),
            };
            match call {
                Ok(call) => {
                    let ty = ident(&operation.type_name);
                    functions.push(print::items(quote! {
                        fn #function(client: &#package::Client) -> super::Built<#ty> {
                            Ok(#call.build())
                        }
                    }));
                    runs.push(
                        quote!(#label: Some(|client| super::sent(client, #function(client))),),
                    );
                }
                Err(why) => {
                    left_out.push(format!("{label} call, {why}"));
                    runs.push(quote!(#label: None,));
                }
            }
        }
        rows.push(quote! {
            super::Call {
                name: #name,
                method: #method,
                path: #path,
                #(#runs)*
                left_out: &[#(#left_out),*],
            }
        });
        minimal.named.insert(&operation.type_name);
    }
    let objects = objects(&mut full);
    minimal.named.append(&mut full.named);
    minimal.runtime.append(&mut full.runtime);
    let uses = minimal.uses(None);
    let header = super::header(&api.source);
    let title = format!(
        " Every operation of `{}`: with what it needs, and with everything that can be set.",
        api.source
    );
    let head = quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "what the document calls deprecated is still called")]
        #uses
    };
    let left_out: Vec<String> = objects.1.into_iter().collect();
    let table = print::items(quote! {
        /// Every operation.
        pub(super) const CALLS: &[super::Call] = &[#(#rows),*];

        /// Members of objects that are in no call, and why.
        pub(super) const LEFT_OUT: &[&str] = &[#(#left_out),*];
    });
    let body: Vec<String> = std::iter::once(table)
        .chain(functions)
        .chain(objects.0)
        .collect();
    print::file(&header, head, &body)
}

/// Functions that give the objects which calls are made of.
fn objects(writer: &mut Writer<'_>) -> (Vec<String>, BTreeSet<String>) {
    let mut made: BTreeMap<&str, String> = BTreeMap::new();
    while let Some(name) = writer.wanted.pop_first() {
        if made.contains_key(name) {
            continue;
        }
        let object = writer.object(name);
        let (function, ty) = (of_full(name), ident(name));
        writer.named.insert(name);
        let body = match object {
            Ok(object) => quote!(Ok(#object)),
            Err(why) => {
                writer.left_out.insert(format!("`{name}`: {why}"));
                quote!(Err(#why.into()))
            }
        };
        made.insert(
            name,
            print::items(quote!(fn #function() -> super::Built<#ty> { #body })),
        );
    }
    (
        made.into_values().collect(),
        std::mem::take(&mut writer.left_out),
    )
}
