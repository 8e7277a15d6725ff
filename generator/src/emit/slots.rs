//! Parts of builders: values with setters. A builder holds the value itself; its type shows which required values have
//! been set.

use std::sync::LazyLock;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Attribute, Expr, FnArg, GenericArgument, ImplItemFn, ReturnType, Stmt, Token, parse_quote,
};

use super::{
    ast,
    context::{Context, ident},
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
    fn owner(&self) -> Expr {
        match self.store {
            Store::Value => parse_quote!(self.partial.value),
            Store::Operation => parse_quote!(self.partial.operation),
            Store::Body => parse_quote!(self.partial.operation.body),
            Store::LazyBody => parse_quote!(self.partial.operation.body.get_or_insert_default()),
            Store::LazyBlank => {
                parse_quote!(self.partial.operation.body.get_or_insert_with(rt::blank))
            }
        }
    }

    /// Returns the statement that sets the value.
    fn assignment(&self, value: Expr) -> Stmt {
        let value = match self.shape {
            Shape::Bare | Shape::Several => value,
            Shape::Optional => ast::called(ast::path(["Some"]), [value]),
        };
        ast::assignment(ast::field(self.owner(), ident(&self.field)), value)
    }

    /// Returns the statements that set `null`.
    fn null(&self) -> [Stmt; 2] {
        let nothing = match self.shape {
            Shape::Optional => ast::local("None"),
            Shape::Bare | Shape::Several => ast::called(ast::path(["Default", "default"]), []),
        };
        let place = ast::field(self.owner(), ident(&self.field));
        let extra = ast::field(self.owner(), ident("extra"));
        [
            ast::assignment(place, nothing),
            ast::statement(ast::method(extra, "set_null", [ast::text(self.wire)])),
        ]
    }

    /// Returns the documentation of the setter and its deprecation.
    fn attributes(&self, context: &Context<'_>, builder: &str) -> Vec<Attribute> {
        let names = [&self.setter.name, self.wire, builder];
        let docs = Docs::default()
            .about(self.docs, &names)
            .unconfirmed(self.unconfirmed, self.origin)
            .name_on_the_wire(self.wire, &self.setter.name);
        let docs = match self.default {
            _ if self.required => docs.own("Required."),
            Some(literal) => docs.own(format!("Defaults to {}.", shown(literal))),
            None => docs,
        };
        self.deprecated_too(docs.attributes(&context.texts))
    }

    fn null_attributes(&self, context: &Context<'_>) -> Vec<Attribute> {
        let docs = Docs::default().own(format!(
            "Sends `null` instead of omitting {}.",
            code(self.wire)
        ));
        self.deprecated_too(docs.attributes(&context.texts))
    }

    /// Returns setters with the former names.
    fn former(&self, context: &Context<'_>, setter: &ImplItemFn) -> Vec<ImplItemFn> {
        let (takes, gives) = (setter.sig.inputs.last(), &setter.sig.output);
        let forward = |old: &str, new: &Ident, takes: Option<&FnArg>| {
            let docs = Docs::default()
                .own(format!("The former name of [`{new}`](Self::{new})."))
                .outer(&context.texts);
            let note = format!("is called `{new}` now");
            let (old, given) = (ident(old), takes.map(|_| &setter.sig.ident));
            let takes = takes.map(|takes| quote!(, #takes));
            parse_quote! {
                #docs
                #[deprecated(note = #note)]
                pub fn #old(self #takes) #gives {
                    self.#new(#given)
                }
            }
        };
        let mut former = Vec::new();
        for old in &self.setter.formerly {
            former.push(forward(&old.name, &setter.sig.ident, takes));
            if let (Some(old), Some(new)) = (&old.null, &self.setter.null) {
                former.push(forward(old, &ident(new), None));
            }
        }
        former
    }

    fn deprecated_too(&self, mut attributes: Vec<Attribute>) -> Vec<Attribute> {
        attributes.extend(ast::deprecated(self.deprecated));
        attributes
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
    pub(crate) fn setters(&self, context: &Context<'_>) -> Vec<ImplItemFn> {
        let builder = &self.name;
        let name_of_builder = builder.to_string();
        let required: ImplItemFn = parse_quote! {
            pub fn value(mut self, value: ()) -> #builder {
                #builder { partial: self.partial.set() }
            }
        };
        let optional: ImplItemFn = parse_quote! {
            pub fn value(mut self, value: ()) -> Self {
                self
            }
        };
        let mut functions = Vec::new();
        for slot in &self.slots {
            let mut like = match slot.position() {
                Some(position) => {
                    let mut like = required.clone();
                    self.now_set(&mut like, position);
                    like
                }
                None => optional.clone(),
            };
            let null = (slot.setter.null.as_ref())
                .map(|name| self.null(context, slot, like.clone(), name));
            let name = ident(&slot.setter.name);
            let Setter { takes, value } = setter(context, &name, slot.ty);
            like.attrs = slot.attributes(context, &name_of_builder);
            ast::rename(&mut like, &name, takes);
            like.block.stmts.insert(0, slot.assignment(value));
            let former = slot.former(context, &like);
            functions.push(like);
            functions.extend(null);
            functions.extend(former);
        }
        functions
    }

    /// Returns the method that leaves out a body with required values.
    pub(crate) fn without_body(&self) -> ImplItemFn {
        let builder = &self.name;
        let states = self
            .required()
            .zip(&self.states)
            .map(|(slot, state)| match slot.store {
                Store::LazyBody | Store::LazyBlank => quote!(rt::Set),
                _ => quote!(#state),
            });
        let client = self.client.iter().map(|client| quote!(#client));
        let arguments = client.chain(states);
        parse_quote! {
            /// Sends no body. Without this method, the required values of the body must be set.
            pub fn without_body(mut self) -> #builder<#(#arguments),*> {
                self.partial.operation.body = None;
                #builder { partial: self.partial.set() }
            }
        }
    }

    fn null(
        &self,
        context: &Context<'_>,
        slot: &Slot<'_>,
        mut function: ImplItemFn,
        name: &str,
    ) -> ImplItemFn {
        function.sig.ident = ident(name);
        function.sig.inputs.pop();
        // No comma after the receiver.
        if let Some(receiver) = function.sig.inputs.pop() {
            function.sig.inputs.push_value(receiver.into_value());
        }
        function.attrs = slot.null_attributes(context);
        function.block.stmts.splice(0..0, slot.null());
        function
    }

    /// Makes the setter of a required value return a builder whose type shows that the value is set.
    fn now_set(&self, function: &mut ImplItemFn, position: usize) {
        let state = |(index, state): (usize, &Ident)| {
            let state = if index == position {
                ast::path(["rt", "Set"])
            } else {
                ast::path([state])
            };
            GenericArgument::Type(ast::ty(state))
        };
        let client = self
            .client
            .iter()
            .map(|client| ast::ty(ast::path([client])));
        let arguments = client
            .map(GenericArgument::Type)
            .chain(self.states.iter().enumerate().map(state));
        let builder = ast::with_arguments(ast::path([&self.name]), arguments);
        function.sig.output = ReturnType::Type(<Token![->]>::default(), Box::new(ast::ty(builder)));
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
