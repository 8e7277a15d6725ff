//! Operations as a user writes them: examples in the documentation, and a file for tests with two requests of each
//! operation.

mod example;
mod file;

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{
    Attach, builders,
    context::{Context, ident},
    operations::Plan,
    slots::{Slot, Store},
    unions,
};
use crate::model::{RuntimeType, Sample, TypeKind, TypeRef};
pub(crate) use example::example;
pub use file::calls;

/// Currencies that are constants of the runtime.
const CURRENCIES: &[&str] = &["DKK", "EUR", "GBP", "NOK", "SEK", "USD"];

/// Objects with more characters of tokens than this don't fit in the line of their setter.
const LONG: usize = 60;

/// Writes values, and records the types that they name.
struct Writer<'a> {
    context: &'a Context<'a>,
    /// Whether to set all values instead of only the required ones.
    full: bool,
    /// Types of the API.
    named: BTreeSet<&'a str>,
    /// Types of the runtime.
    runtime: BTreeSet<&'a str>,
    /// Objects that are being written, to detect recursion.
    open: Vec<&'a str>,
    /// Objects that need a function in the file.
    wanted: BTreeSet<&'a str>,
    /// Values that are left out, with the reason.
    left_out: BTreeSet<String>,
    /// Names of the setters of the objects that are being written.
    setters: Vec<String>,
    /// Objects that are written before the operation, by the names of their variables; none when all is one expression.
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

    /// Writes objects before the operation.
    fn in_parts(mut self) -> Self {
        self.parts = Some(Vec::new());
        self
    }

    /// Returns the builder of an operation with its values, or an error that names the value without a sample.
    fn call(&mut self, plan: &'a Plan<'a>) -> Result<TokenStream, String> {
        let operation = plan.operation();
        let mut arguments = Vec::new();
        for param in plan.arguments() {
            let value = self.value(&param.ty, &param.sample, false);
            arguments.push(value.map_err(|why| format!("`{}`: {why}", param.wire))?);
        }
        let setters = self.setters(plan.slots(), None, plan.least())?;
        let (group, name) = (ident(&plan.group().name), ident(&operation.name));
        Ok(quote!(client.#group().#name(#(#arguments),*) #setters))
    }

    /// Sets the required values or all, and as many members as the object has at least.
    fn setters(
        &mut self,
        slots: &[Slot<'a>],
        owner: Option<&str>,
        least: usize,
    ) -> Result<TokenStream, String> {
        let mut setters = TokenStream::new();
        let is_member = |slot: &Slot<'a>| matches!(slot.store, Store::Value | Store::Body);
        let required = slots.iter().filter(|slot| slot.required && is_member(slot));
        let mut missing = least.saturating_sub(required.count());
        for slot in slots {
            if !slot.required && !self.full && (missing == 0 || !is_member(slot)) {
                continue;
            }
            let place = match owner {
                Some(owner) => format!("`{}` of `{owner}`", slot.wire),
                None => format!("`{}`", slot.wire),
            };
            let again = self.full && owner.is_some_and(|owner| self.leads_to(slot.ty, owner));
            self.setters.push(variable(slot));
            // The client fills it in, so requests have it anyway.
            if !slot.required && *slot.ty == TypeRef::Runtime(RuntimeType::AccountId) {
                self.setters.pop();
                continue;
            }
            let value = match again {
                true if !slot.required => Err("it would contain itself".to_owned()),
                _ => self.slot(slot, self.full && !again),
            };
            self.setters.pop();
            let setter = ident(&slot.setter.name);
            match value {
                Ok(value) => {
                    missing = missing.saturating_sub(usize::from(!slot.required));
                    setters.extend(quote!(.#setter(#value)));
                }
                Err(why) if !slot.required => drop(self.left_out.insert(format!("{place}: {why}"))),
                Err(why) => return Err(format!("{place}: {why}")),
            }
        }
        Ok(setters)
    }

    fn slot(&mut self, slot: &Slot<'a>, full: bool) -> Result<TokenStream, String> {
        let ty = match slot.ty {
            TypeRef::Boxed(inner) | TypeRef::Deep(inner) => inner,
            ty => ty,
        };
        let before = std::mem::replace(&mut self.full, full);
        let value = self.value(ty, slot.sample, false);
        self.full = before;
        value
    }

    /// Returns a value: of exactly this type if `exact`, otherwise of any type that the setter accepts.
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
            TypeRef::Deep(inner) => {
                let value = self.value(inner, sample, true)?;
                match exact {
                    true => quote!(#value.into()),
                    false => value,
                }
            }
            TypeRef::List(item) | TypeRef::OneOrList(item) => {
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
                if exact {
                    let list = self.of_runtime("List");
                    quote!(#list::from([#(#items),*]))
                } else {
                    quote!([#(#items),*])
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

    /// Returns a value of a type without parts, or the first value of another type.
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
            TypeRef::File => {
                let name = self.of_runtime("File");
                quote!(#name::bytes(#text))
            }
            TypeRef::Bool => match sample {
                Sample::Bool(value) => quote!(#value),
                _ => quote!(true),
            },
            TypeRef::Integer => number(sample, if exact { "_i64" } else { "" }),
            TypeRef::Unsigned => number(sample, if exact { "_u64" } else { "" }),
            TypeRef::Big if !exact => number(sample, "_i64"),
            TypeRef::Big => {
                let (name, value) = (self.of_rt("BigInteger"), number(sample, "_i64"));
                quote!(#name::from(#value))
            }
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
                let name = self.of_rt("Json");
                quote!(#name::from("text"))
            }
            TypeRef::JsonObject => {
                let name = self.of_rt("JsonObject");
                quote!(#name::new())
            }
            TypeRef::Runtime(RuntimeType::Amount) => {
                let (name, value) = (self.of_runtime("Amount"), number(sample, ""));
                quote!(#name::minor(#value))
            }
            TypeRef::Runtime(RuntimeType::Currency) => {
                let name = self.of_runtime("Currency");
                let code = or(text, "NOK");
                if CURRENCIES.contains(&code) {
                    let code = ident(code);
                    quote!(#name::#code)
                } else {
                    quote!(#name::parse(#code)?)
                }
            }
            TypeRef::Runtime(RuntimeType::AccountId) => {
                let text = or(text, "T12345678");
                quote!(#text.parse()?)
            }
            TypeRef::Runtime(RuntimeType::Redirect) => {
                return Err("requests have no redirects".to_owned());
            }
            TypeRef::Named(name) => self.of_name(name, sample, exact)?,
            TypeRef::List(_)
            | TypeRef::OneOrList(_)
            | TypeRef::Map(_)
            | TypeRef::Nullable(_)
            | TypeRef::Boxed(_)
            | TypeRef::Deep(_) => {
                return self.value(ty, &Sample::OfType, exact);
            }
        })
    }

    fn of_name(&mut self, name: &str, sample: &Sample, exact: bool) -> Result<TokenStream, String> {
        let Some((name, ty)) = self.context.api.types.get_key_value(name) else {
            return Err(format!("there is no type `{name}`"));
        };
        Ok(match &ty.kind {
            TypeKind::Id { .. } => {
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

    /// Returns an object, written with its builder.
    fn object(&mut self, name: &'a str) -> Result<TokenStream, String> {
        let Some(TypeKind::Struct(object)) = self.context.get(name).map(|ty| &ty.kind) else {
            return Err(format!("`{name}` is not an object"));
        };
        if self.open.contains(&name) {
            return Err("it contains itself".to_owned());
        }
        self.open.push(name);
        let slots = builders::slots(object, None);
        let setters = self.setters(&slots, Some(name), object.least);
        self.open.pop();
        let (setters, named) = (setters?, self.of_api(name));
        Ok(self.part(quote!(#named::builder() #setters .build())))
    }

    /// Returns the object, or the name of its variable if it is long and can be written before the operation.
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
            .find(|name| name != "client" && name != "response" && !taken(name));
        let Some(name) = free else {
            return object;
        };
        let variable = ident(&name);
        parts.push((name, object));
        quote!(#variable)
    }

    /// Returns whether a value of this type can contain an object with this name.
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

    /// Returns a type of the runtime. Its path is complete if the API has a type of the same name.
    fn of_runtime(&mut self, name: &'static str) -> TokenStream {
        let named = ident(name);
        if self.context.get(name).is_some() {
            let runtime = runtime(self.context);
            return quote!(#runtime::#named);
        }
        self.runtime.insert(name);
        quote!(#named)
    }

    /// Returns the complete path of a type that the runtime has for generated code.
    fn of_rt(&self, name: &str) -> TokenStream {
        let (runtime, name) = (runtime(self.context), ident(name));
        match self.context.options.attach {
            Attach::Inherent => quote!(#runtime::rt::#name),
            Attach::ExtensionTrait => quote!(#runtime::#name),
        }
    }

    /// Returns `use` lines for the types that were named, and for methods of the client.
    fn uses(&self, calls: bool) -> TokenStream {
        let home = home(self.context);
        let named: Vec<_> = self.named.iter().map(|name| ident(name)).collect();
        let named = match named.as_slice() {
            [] => TokenStream::new(),
            [name] => quote!(use #home::#name;),
            _ => quote!(use #home::{#(#named),*};),
        };
        let path = runtime(self.context);
        let runtime: Vec<_> = self.runtime.iter().map(|name| ident(name)).collect();
        let runtime = match (self.context.options.attach, runtime.as_slice()) {
            (Attach::ExtensionTrait, []) if !calls => TokenStream::new(),
            (Attach::ExtensionTrait, _) => quote!(use #path::*;),
            (Attach::Inherent, []) => TokenStream::new(),
            (Attach::Inherent, [name]) => quote!(use #path::#name;),
            (Attach::Inherent, _) => quote!(use #path::{#(#runtime),*};),
        };
        quote!(#runtime #named)
    }
}

/// Returns the name of a variable for the value of a slot: `item` for one of `items`.
fn variable(slot: &Slot<'_>) -> String {
    let name = slot
        .setter
        .name
        .trim_start_matches("r#")
        .trim_end_matches('_');
    let several = match slot.ty {
        TypeRef::Boxed(inner) | TypeRef::Deep(inner) | TypeRef::Nullable(inner) => {
            is_several(inner)
        }
        ty => is_several(ty),
    };
    let one = name
        .strip_suffix('s')
        .filter(|one| several && !one.is_empty());
    one.unwrap_or(name).to_owned()
}

/// Returns whether a value has items: as a part of another value it must have the exact type.
fn is_several(ty: &TypeRef) -> bool {
    matches!(
        ty,
        TypeRef::List(_) | TypeRef::OneOrList(_) | TypeRef::Map(_)
    )
}

/// Returns a text, or `other` if the text is the generic sample.
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

/// Returns a number with separators: `29_990`.
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

/// Returns the path where users find the types of the runtime.
fn runtime(context: &Context<'_>) -> TokenStream {
    match context.options.attach {
        Attach::Inherent => ident(&context.options.package).into_token_stream(),
        Attach::ExtensionTrait => {
            let home = home(context);
            quote!(#home::prelude)
        }
    }
}

/// Returns the path where users find the types of the API.
fn home(context: &Context<'_>) -> TokenStream {
    let module = ident(&context.api.module);
    match context.options.attach {
        Attach::Inherent => {
            let package = ident(&context.options.package);
            quote!(#package::#module)
        }
        Attach::ExtensionTrait => quote!(#module),
    }
}

/// Returns the name of the function that returns an object with all values set.
fn of_full(name: &str) -> proc_macro2::Ident {
    format_ident!("full_{}", name.trim_start_matches("r#").to_snake_case())
}
