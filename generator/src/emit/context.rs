//! The context of all emitters: the API, and the names of its types.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{Options, docs::Texts};
use crate::model::{Api, Literal, Shape, Struct, Type, TypeKind, TypeRef};

/// The API, and the names that the current file has used so far.
pub(crate) struct Context<'a> {
    pub(crate) api: &'a Api,
    pub(crate) options: &'a Options,
    /// Types whose names are short enough to collide with type parameters.
    short: Arc<BTreeSet<&'a str>>,
    /// Types of other files that the current file names.
    used: RefCell<BTreeSet<String>>,
    /// Required values that builders name.
    pub(crate) markers: RefCell<BTreeSet<String>>,
    /// Documentation of the current file.
    pub(crate) texts: Texts,
}

/// Returns the names of types that are short enough to collide with type parameters.
pub(crate) fn short_names(api: &Api) -> BTreeSet<&str> {
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    (api.types.keys())
        .chain(api.groups.iter().map(|group| &group.type_name))
        .chain(operations.map(|operation| &operation.type_name))
        .map(String::as_str)
        .filter(|name| name.len() <= "Carrier".len())
        .collect()
}

impl<'a> Context<'a> {
    pub(crate) fn new(api: &'a Api, options: &'a Options) -> Self {
        Self::of_file(api, options, Arc::new(short_names(api)))
    }

    /// The context of one of many files. `short`: the result of [`short_names`].
    pub(crate) fn of_file(
        api: &'a Api,
        options: &'a Options,
        short: Arc<BTreeSet<&'a str>>,
    ) -> Self {
        Self {
            api,
            options,
            short,
            used: RefCell::default(),
            markers: RefCell::default(),
            texts: Texts::default(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Type> {
        self.api.types.get(name)
    }

    pub(crate) fn get_struct(&self, ty: &TypeRef) -> Option<(&'a str, &'a Struct)> {
        let TypeRef::Named(name) = ty else {
            return None;
        };
        let (name, ty) = self.api.types.get_key_value(name)?;
        let TypeKind::Struct(object) = &ty.kind else {
            return None;
        };
        Some((name, object))
    }

    /// Returns a type of the API by its name.
    pub(crate) fn get_named(&self, ty: &TypeRef) -> Option<(&'a str, &'a Type)> {
        let TypeRef::Named(name) = ty else {
            return None;
        };
        let (name, ty) = self.api.types.get_key_value(name)?;
        Some((name, ty))
    }

    /// Returns the `use` line for modules and for the types that the file names and does not define, and starts the
    /// next file.
    pub(crate) fn uses(&self, modules: &BTreeSet<&str>, own: impl Fn(&str) -> bool) -> TokenStream {
        let used = self.used.take();
        let types = used.iter().map(String::as_str).filter(|name| !own(name));
        let names: Vec<Ident> = types.chain(modules.iter().copied()).map(ident).collect();
        match names.as_slice() {
            [] => TokenStream::new(),
            [name] => quote!(use super::#name;),
            _ => quote!(use super::{#(#names),*};),
        }
    }

    /// Returns the name of a type at the root of the module, which the current file then imports.
    pub(crate) fn named(&self, name: &str) -> Ident {
        let mut used = self.used.borrow_mut();
        if !used.contains(name) {
            used.insert(name.to_owned());
        }
        ident(name)
    }

    /// Returns a type without the wrapper of its field.
    pub(crate) fn ty(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::String => quote!(String),
            TypeRef::Bool => quote!(bool),
            TypeRef::Integer => quote!(i64),
            TypeRef::Unsigned => quote!(u64),
            TypeRef::Big => quote!(rt::BigInteger),
            TypeRef::Float => quote!(f64),
            TypeRef::Number => quote!(rt::Number),
            TypeRef::Timestamp => quote!(rt::Timestamp),
            TypeRef::Date => quote!(rt::Date),
            TypeRef::Bytes => quote!(rt::Bytes),
            TypeRef::File => quote!(rt::File),
            TypeRef::Json => quote!(rt::Json),
            TypeRef::JsonObject => quote!(rt::JsonObject),
            TypeRef::Named(name) => self.named(name).into_token_stream(),
            TypeRef::Runtime(runtime) => {
                let name = ident(runtime.name());
                quote!(rt::#name)
            }
            TypeRef::List(item) => self.of(quote!(rt::List), item),
            TypeRef::OneOrList(item) => self.of(quote!(rt::OneOrList), item),
            TypeRef::Map(value) => self.of(quote!(rt::Map), value),
            TypeRef::Nullable(inner) => self.of(quote!(Option), inner),
            TypeRef::Boxed(inner) => self.of(quote!(Box), inner),
            TypeRef::Deep(inner) => self.of(quote!(rt::Deep), inner),
        }
    }

    fn of(&self, wrapper: TokenStream, inner: &TypeRef) -> TokenStream {
        let inner = self.ty(inner);
        quote!(#wrapper<#inner>)
    }

    /// Returns the type of a field, wrapper included.
    pub(crate) fn field_ty(&self, shape: Shape, ty: &TypeRef) -> TokenStream {
        match shape {
            Shape::Bare | Shape::Several => self.ty(ty),
            Shape::Optional => self.of(quote!(Option), ty),
        }
    }

    /// Returns a constant of the document as an owned value.
    pub(crate) fn literal(&self, literal: &Literal, ty: &TypeRef) -> TokenStream {
        match literal {
            Literal::String(text) if *ty == TypeRef::String => quote!(#text.to_owned()),
            Literal::String(text) => quote!(#text.into()),
            Literal::Integer(number) => {
                let number = integer(*number);
                match ty {
                    TypeRef::Integer | TypeRef::Unsigned => number,
                    _ => quote!(#number.into()),
                }
            }
            Literal::Bool(value) => quote!(#value),
            Literal::Variant(ty, variant) => {
                let (ty, variant) = (self.named(ty), ident(variant));
                quote!(#ty::#variant)
            }
        }
    }

    /// Returns the marker of a required value, for builders that lack it.
    pub(crate) fn marker(&self, name: &str) -> TokenStream {
        let marker = ident(name);
        self.markers.borrow_mut().insert(name.to_owned());
        quote!(required::#marker)
    }

    /// Returns names for type parameters that no type of the document has.
    pub(crate) fn parameters(&self, count: usize) -> Vec<Ident> {
        let client = self.client();
        let letters = ('A'..='Z').map(|letter| letter.to_string());
        let numbered = (1..).map(|number| format!("S{number}"));
        let free = letters
            .chain(numbered)
            .filter(|name| !self.is_type(name) && client != name.as_str());
        free.take(count).map(|name| ident(&name)).collect()
    }

    /// Returns the type parameter for the client.
    pub(crate) fn client(&self) -> Ident {
        let names = ["C", "Carrier"].map(str::to_owned).into_iter();
        let mut free = names.chain((1..).map(|number| format!("C{number}")));
        ident(&free.find(|name| !self.is_type(name)).unwrap_or_default())
    }

    /// Returns whether generated code has a type with this short name.
    fn is_type(&self, name: &str) -> bool {
        self.short.contains(name)
    }
}

/// Returns the attribute that keeps the lists of trait implementations out of the page of a type. They are the same for
/// all types and most of a page. rustdoc lists none for a hidden type, and shows a hidden type where it is exported
/// with `doc(inline)`.
pub(crate) fn slim() -> TokenStream {
    quote!(#[cfg_attr(doc, doc(hidden))])
}

/// Returns a name of the model as an identifier, raw if the model says so.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => format_ident!("r#{name}"),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Returns a whole number without the suffix of a type.
fn integer(number: i64) -> TokenStream {
    let digits = proc_macro2::Literal::u64_unsuffixed(number.unsigned_abs());
    match number < 0 {
        true => quote!(-#digits),
        false => quote!(#digits),
    }
}

/// `#[deprecated]`, if the model has a note.
pub(crate) fn deprecated(note: Option<&String>) -> Option<TokenStream> {
    let note = note?.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(if note.is_empty() {
        quote!(#[deprecated])
    } else {
        quote!(#[deprecated(note = #note)])
    })
}
