//! Parts of builders: values with setters. A builder holds the value itself; its type shows which required values have
//! been set.

use std::sync::LazyLock;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    setters::{Setter, setter},
};
use crate::model::{Body, Field, Literal, Param, Sample, Setter as Named, Shape, TypeRef};

/// Where an operation holds its body.
const BODY: &str = "body";

/// The setter of the members of a type beyond its fields.
static ADDITIONAL: LazyLock<Named> = LazyLock::new(|| Named {
    name: "additional".to_owned(),
    ..Named::default()
});

/// Where a value is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    /// In the object that is built.
    Value,
    /// In the operation.
    Operation,
    /// In the body of the operation.
    Body,
    /// In a body that is created with its first value.
    LazyBody,
    /// In a body without a default that is created with its first value.
    LazyBlank,
}

/// A value of a builder.
pub(crate) struct Slot<'a> {
    pub(crate) setter: &'a Named,
    /// Name of the field.
    pub(crate) field: String,
    pub(crate) ty: &'a TypeRef,
    pub(crate) shape: Shape,
    pub(crate) store: Store,
    pub(crate) required: bool,
    pub(crate) default: Option<&'a Literal>,
    docs: &'a str,
    unconfirmed: Option<&'a String>,
    /// The module that defines its type, if that is another one.
    pub(crate) origin: Option<&'a str>,
    pub(crate) wire: &'a str,
    deprecated: Option<&'a String>,
    /// A valid value.
    pub(crate) sample: &'a Sample,
}

impl<'a> Slot<'a> {
    /// Returns the slot of a parameter with a setter.
    pub(crate) fn param(param: &'a Param, setter: &'a Named) -> Self {
        Self {
            setter,
            field: param.field.clone(),
            ty: &param.ty,
            shape: Shape::of(&param.ty),
            store: Store::Operation,
            required: setter.state.is_some(),
            default: param.default.as_ref(),
            docs: &param.docs,
            unconfirmed: param.unconfirmed.as_ref(),
            origin: None,
            wire: &param.wire,
            deprecated: param.deprecated.as_ref(),
            sample: &param.sample,
        }
    }

    /// Returns the slot of a field of a struct.
    pub(crate) fn field(field: &'a Field, setter: &'a Named, store: Store) -> Self {
        Self {
            setter,
            field: field.name.clone(),
            ty: &field.ty,
            shape: field.shape,
            store,
            required: setter.state.is_some(),
            default: field.default.as_ref(),
            docs: &field.docs,
            unconfirmed: field.unconfirmed.as_ref(),
            origin: None,
            wire: &field.wire,
            deprecated: field.deprecated.as_ref(),
            sample: &field.sample,
        }
    }

    /// Returns the slot of a body that is set as a whole.
    pub(crate) fn body(body: &'a Body, setter: &'a Named) -> Self {
        Self {
            setter,
            field: BODY.to_owned(),
            ty: &body.ty,
            shape: body_shape(body),
            store: Store::Operation,
            required: setter.state.is_some(),
            default: None,
            docs: &body.docs,
            unconfirmed: None,
            origin: None,
            wire: "body",
            deprecated: None,
            sample: &body.sample,
        }
    }

    /// Returns the slot of the members of a struct beyond its fields, as a value of the type `map`.
    pub(crate) fn additional(map: &'a TypeRef, store: Store) -> Self {
        Self {
            setter: &ADDITIONAL,
            field: "additional".to_owned(),
            ty: map,
            shape: Shape::Several,
            store,
            required: false,
            default: None,
            docs: "Members without their own setter.",
            unconfirmed: None,
            origin: None,
            wire: "additional",
            deprecated: None,
            sample: &Sample::OfType,
        }
    }

    /// Returns its position among the required values.
    fn position(&self) -> Option<usize> {
        self.setter.state.as_ref().map(|state| state.position)
    }

    /// Returns the expression for the owner of the value in the builder.
    fn owner(&self) -> TokenStream {
        match self.store {
            Store::Value => quote!(self.partial.value),
            Store::Operation => quote!(self.partial.operation),
            Store::Body => quote!(self.partial.operation.body),
            Store::LazyBody => quote!(self.partial.operation.body.get_or_insert_default()),
            Store::LazyBlank => {
                quote!(self.partial.operation.body.get_or_insert_with(rt::blank))
            }
        }
    }

    fn docs(&self, builder: &str) -> Docs {
        let names = [&self.setter.name, self.wire, builder];
        let docs = Docs::default()
            .about(self.docs, &names)
            .unconfirmed(self.unconfirmed, self.origin)
            .name_on_the_wire(self.wire, &self.setter.name);
        match self.default {
            _ if self.required => docs.own("Required."),
            Some(literal) => docs.own(format!("Defaults to {}.", shown(literal))),
            None => docs,
        }
    }
}

/// Returns the shape of the field for a body that is set as a whole.
pub(crate) fn body_shape(body: &Body) -> Shape {
    match Shape::of(&body.ty) {
        Shape::Optional if body.required => Shape::Bare,
        shape => shape,
    }
}

fn shown(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => code(text),
        Literal::Integer(number) => code(&number.to_string()),
        Literal::Bool(value) => code(&value.to_string()),
        Literal::Variant(ty, variant) => format!("[`{ty}::{variant}`]"),
    }
}

/// The part of a builder that its setters need.
pub(crate) struct Shell<'a> {
    pub(crate) name: Ident,
    pub(crate) client: Option<Ident>,
    pub(crate) slots: Vec<Slot<'a>>,
    /// One type parameter per required slot.
    pub(crate) states: Vec<Ident>,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(
        context: &Context<'_>,
        name: Ident,
        client: Option<Ident>,
        slots: Vec<Slot<'a>>,
    ) -> Self {
        let states = context.parameters(slots.iter().filter(|slot| slot.required).count());
        Self {
            name,
            client,
            slots,
            states,
        }
    }

    /// Returns the required values in the order of their type parameters.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Slot<'a>> {
        let mut required: Vec<&Slot<'a>> = self.slots.iter().filter(|slot| slot.required).collect();
        required.sort_by_key(|slot| slot.position());
        required.into_iter()
    }

    /// Returns `<C, A, B>`, or nothing.
    pub(crate) fn parameters(&self) -> TokenStream {
        angled(
            self.client
                .iter()
                .chain(&self.states)
                .map(|name| quote!(#name)),
        )
    }

    /// Returns the same as text.
    pub(crate) fn shown(&self) -> String {
        let names = self.client.iter().chain(&self.states);
        let names: Vec<String> = names.map(ToString::to_string).collect();
        match names.as_slice() {
            [] => self.name.to_string(),
            names => format!("{}<{}>", self.name, names.join(", ")),
        }
    }

    /// Returns `<C, A = rt::Missing<required::Amount>>`, or nothing.
    pub(crate) fn declared(&self, context: &Context<'_>) -> TokenStream {
        self.declared_with(|marker| context.marker(marker))
    }

    /// Returns the same with a path for each name of a required value.
    pub(crate) fn declared_with(&self, path: impl Fn(&str) -> TokenStream) -> TokenStream {
        let states = self
            .states
            .iter()
            .zip(self.required())
            .map(|(state, slot)| {
                let marker = slot.setter.state.as_ref().map(|state| &state.marker);
                let marker = path(marker.map_or("", String::as_str));
                quote!(#state = rt::Missing<#marker>)
            });
        angled(self.client.iter().map(|name| quote!(#name)).chain(states))
    }

    /// Returns `, (A, B)`, or nothing.
    pub(crate) fn state(&self) -> TokenStream {
        let states = &self.states;
        match states.as_slice() {
            [] => TokenStream::new(),
            _ => quote!(, (#(#states,)*)),
        }
    }

    /// Returns a sentence with the required values, each with a link to its setter, if there are any.
    pub(crate) fn required_docs(&self, builder: &str) -> Option<String> {
        let links = self
            .required()
            .map(|slot| match slot.setter.name.strip_prefix("r#") {
                Some(name) => code(name),
                None => format!("[`{0}`]({builder}::{0})", slot.setter.name),
            });
        let links: Vec<String> = links.collect();
        (!links.is_empty()).then(|| format!("Required: {}.", links.join(", ")))
    }

    /// Returns every setter.
    pub(crate) fn setters(&self, context: &Context<'_>) -> Vec<TokenStream> {
        let builder = self.name.to_string();
        let slots = self.slots.iter();
        slots
            .map(|slot| self.setter(context, slot, &builder))
            .collect()
    }

    /// Returns the setter of a value, the method that sets `null`, and both under their former names.
    fn setter(&self, context: &Context<'_>, slot: &Slot<'_>, builder: &str) -> TokenStream {
        let docs = slot.docs(builder).outer(&context.texts);
        let deprecated = deprecated(slot.deprecated);
        let name = ident(&slot.setter.name);
        let Setter { takes, value } = setter(context, &slot.setter.name, slot.ty);
        let value = match slot.shape {
            Shape::Bare | Shape::Several => value,
            Shape::Optional => quote!(Some(#value)),
        };
        let (owner, field) = (slot.owner(), ident(&slot.field));
        let (returns, result) = self.after(slot);
        let null = slot.setter.null.as_ref().map(|null| {
            let docs = format!("Sends `null` instead of omitting {}.", code(slot.wire));
            let docs = Docs::default().own(docs).outer(&context.texts);
            let (null, wire) = (ident(null), slot.wire);
            let nothing = match slot.shape {
                Shape::Optional => quote!(None),
                Shape::Bare | Shape::Several => quote!(Default::default()),
            };
            quote! {
                #docs
                #deprecated
                pub fn #null(mut self) -> #returns {
                    #owner.#field = #nothing;
                    #owner.extra.set_null(#wire);
                    #result
                }
            }
        });
        let former = |old: &str, new: &str, takes: TokenStream, given: TokenStream| {
            let docs = format!("The former name of [`{new}`](Self::{new}).");
            let docs = Docs::default().own(docs).outer(&context.texts);
            let note = format!("is called `{new}` now");
            let (old, new) = (ident(old), ident(new));
            quote! {
                #docs
                #[deprecated(note = #note)]
                pub fn #old(self #takes) -> #returns {
                    self.#new(#given)
                }
            }
        };
        let formers = slot.setter.formerly.iter().map(|old| {
            let takes = quote!(, #name: #takes);
            let setter = former(&old.name, &slot.setter.name, takes, quote!(#name));
            let nulls = old.null.as_ref().zip(slot.setter.null.as_ref());
            let null = nulls.map(|(old, new)| former(old, new, quote!(), quote!()));
            quote!(#setter #null)
        });
        quote! {
            #docs
            #deprecated
            pub fn #name(mut self, #name: #takes) -> #returns {
                #owner.#field = #value;
                #result
            }
            #null
            #(#formers)*
        }
    }

    /// Returns the type and the expression that the setter of a value returns. With a required value it is a builder
    /// whose type shows that the value is set.
    fn after(&self, slot: &Slot<'_>) -> (TokenStream, TokenStream) {
        let Some(position) = slot.position() else {
            return (quote!(Self), quote!(self));
        };
        let set = |index: usize, _: &Slot<'_>| index == position;
        self.with_states(set)
    }

    /// Returns the type of a builder in which these values are set, and the expression that makes it.
    fn with_states(&self, set: impl Fn(usize, &Slot<'_>) -> bool) -> (TokenStream, TokenStream) {
        let builder = &self.name;
        let states = self.required().zip(&self.states).enumerate();
        let states = states.map(|(index, (slot, state))| match set(index, slot) {
            true => quote!(rt::Set),
            false => quote!(#state),
        });
        let client = self.client.iter().map(|client| quote!(#client));
        let arguments = angled(client.chain(states));
        let result = quote!(#builder { partial: self.partial.set() });
        (quote!(#builder #arguments), result)
    }

    /// Returns the method that leaves out a body with required values.
    pub(crate) fn without_body(&self) -> TokenStream {
        let is_in_body = |slot: &Slot<'_>| matches!(slot.store, Store::LazyBody | Store::LazyBlank);
        let (returns, result) = self.with_states(|_, slot| is_in_body(slot));
        quote! {
            /// Sends no body. Without this method, the required values of the body must be set.
            pub fn without_body(mut self) -> #returns {
                self.partial.operation.body = None;
                #result
            }
        }
    }
}

fn angled(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    let items: Vec<TokenStream> = items.collect();
    if items.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#items),*>)
    }
}
