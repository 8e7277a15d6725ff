//! What builders are made of: values that are set by name. A builder holds the value itself; its type says which of the
//! required ones have been set.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, Expr, GenericArgument, ImplItemFn, ReturnType, Stmt, Token, parse_quote};

use super::{
    ast,
    context::{Context, ident},
    docs::{Docs, code},
    setters::{Setter, setter},
};
use crate::model::{Body, Field, Literal, Param, Row, Sample, Shape, TypeRef};

/// Methods that every builder has; a setter of that name gets `_value` behind it.
const OWN_METHODS: &[&str] = &[
    "build",
    "send",
    "send_with_response",
    "extra",
    "into_future",
    "without_body",
    "clone",
];
/// Where an operation holds its body.
const BODY: &str = "body";
/// Names that a complete operation uses itself, the second one where it is stored; a parameter of that name is kept under
/// another.
const OWN_FIELDS: &[&str] = &[BODY, "operation"];

/// Where a value is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    /// In the object that is built.
    Value,
    /// In the operation.
    Operation,
    /// In the body of the operation.
    Body,
    /// In a body that comes into being with its first value.
    LazyBody,
    /// The same of one that has no default.
    LazyBlank,
}

/// One value of a builder.
pub(crate) struct Slot<'a> {
    /// Name of the setter.
    pub(crate) setter: String,
    /// Name of the field.
    pub(crate) field: String,
    pub(crate) ty: &'a TypeRef,
    pub(crate) shape: Shape,
    pub(crate) store: Store,
    pub(crate) required: bool,
    pub(crate) default: Option<&'a Literal>,
    docs: &'a str,
    unconfirmed: Option<&'a String>,
    /// The module of the type that has it, where that is another one.
    pub(crate) origin: Option<&'a str>,
    pub(crate) wire: &'a str,
    deprecated: Option<&'a String>,
    /// `null` can be said.
    nullable: bool,
    /// A valid value.
    pub(crate) sample: &'a Sample,
}

impl<'a> Slot<'a> {
    /// A parameter that is set by name.
    pub(crate) fn param(param: &'a Param) -> Self {
        Self {
            setter: method(&param.name),
            field: kept(&param.name),
            ty: &param.ty,
            shape: Shape::of(&param.ty),
            store: Store::Operation,
            required: is_needed(param),
            default: param.default.as_ref(),
            docs: &param.docs,
            unconfirmed: param.unconfirmed.as_ref(),
            origin: None,
            wire: &param.wire,
            deprecated: param.deprecated.as_ref(),
            nullable: false,
            sample: &param.sample,
        }
    }

    /// A field of a struct; nothing when only the server says it.
    pub(crate) fn field(field: &'a Field, store: Store) -> Option<Self> {
        if field.row == Row::ReadOnly {
            return None;
        }
        Some(Self {
            setter: method(&field.name),
            field: field.name.clone(),
            ty: &field.ty,
            shape: field.shape,
            store,
            required: is_demanded(field),
            default: field.default.as_ref(),
            docs: &field.docs,
            unconfirmed: field.unconfirmed.as_ref(),
            origin: None,
            wire: &field.wire,
            deprecated: field.deprecated.as_ref(),
            nullable: field.nullable,
            sample: &field.sample,
        })
    }

    /// A body that is set as a whole.
    pub(crate) fn body(body: &'a Body, setter: &str) -> Self {
        Self {
            setter: setter.to_owned(),
            field: BODY.to_owned(),
            ty: &body.ty,
            shape: body_shape(body),
            store: Store::Operation,
            required: body.required,
            default: None,
            docs: &body.docs,
            unconfirmed: None,
            origin: None,
            wire: "body",
            deprecated: None,
            nullable: false,
            sample: &body.sample,
        }
    }

    /// The members of a struct beyond its fields, as a value of the type `map`.
    pub(crate) fn additional(map: &'a TypeRef, store: Store) -> Self {
        Self {
            setter: "additional".to_owned(),
            field: "additional".to_owned(),
            ty: map,
            shape: Shape::Several,
            store,
            required: false,
            default: None,
            docs: "Members beyond those that have setters of their own.",
            unconfirmed: None,
            origin: None,
            wire: "additional",
            deprecated: None,
            nullable: false,
            sample: &Sample::OfType,
        }
    }

    /// What the value is kept in, seen from the builder.
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

    /// Sets the value.
    fn assignment(&self, value: Expr) -> Stmt {
        let value = match self.shape {
            Shape::Bare | Shape::Several => value,
            Shape::Optional => ast::called(ast::path(["Some"]), [value]),
        };
        ast::assignment(ast::field(self.owner(), ident(&self.field)), value)
    }

    /// Says `null`.
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

    /// Documentation of the setter, and whether it is deprecated.
    fn attributes(&self, context: &Context<'_>, builder: &str) -> Vec<Attribute> {
        let names = [&self.setter, self.wire, builder];
        let docs = Docs::default()
            .about(self.docs, &names)
            .unconfirmed(self.unconfirmed, self.origin)
            .name_on_the_wire(self.wire, &self.setter);
        let docs = match self.default {
            _ if self.required => docs.own("Required."),
            Some(literal) => docs.own(format!("{} unless set.", shown(literal))),
            None => docs,
        };
        self.deprecated_too(docs.attributes(&context.texts))
    }

    fn null_attributes(&self, context: &Context<'_>) -> Vec<Attribute> {
        let docs = Docs::default().own(format!(
            "Sends `null` instead of leaving {} out.",
            code(self.wire)
        ));
        self.deprecated_too(docs.attributes(&context.texts))
    }

    fn deprecated_too(&self, mut attributes: Vec<Attribute>) -> Vec<Attribute> {
        attributes.extend(ast::deprecated(self.deprecated));
        attributes
    }
}

/// A parameter without which there is no call.
pub(crate) fn is_needed(param: &Param) -> bool {
    param.required && !param.argument && param.client_value.is_none() && param.default.is_none()
}

/// A field without which there is no value to send.
pub(crate) fn is_demanded(field: &Field) -> bool {
    let is_needed = field.required || field.shape == Shape::Bare;
    is_needed && field.default.is_none() && field.row != Row::ReadOnly
}

/// How an operation holds a body that is set as a whole.
pub(crate) fn body_shape(body: &Body) -> Shape {
    match Shape::of(&body.ty) {
        Shape::Optional if body.required => Shape::Bare,
        shape => shape,
    }
}

/// The name under which an operation keeps a parameter.
pub(crate) fn kept(name: &str) -> String {
    if OWN_FIELDS.contains(&name) {
        format!("{name}_value")
    } else {
        name.to_owned()
    }
}

fn method(name: &str) -> String {
    if OWN_METHODS.contains(&name) {
        format!("{name}_value")
    } else {
        name.to_owned()
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

/// A builder, as far as its setters need to know it.
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

    pub(crate) fn required(&self) -> impl Iterator<Item = &Slot<'a>> {
        self.slots.iter().filter(|slot| slot.required)
    }

    /// `<C, A, B>`, or nothing.
    pub(crate) fn parameters(&self) -> TokenStream {
        angled(
            self.client
                .iter()
                .chain(&self.states)
                .map(|name| quote!(#name)),
        )
    }

    /// The same as text.
    pub(crate) fn shown(&self) -> String {
        let names = self.client.iter().chain(&self.states);
        let names: Vec<String> = names.map(ToString::to_string).collect();
        match names.as_slice() {
            [] => self.name.to_string(),
            names => format!("{}<{}>", self.name, names.join(", ")),
        }
    }

    /// `<C, A = rt::Missing<required::Amount>>`, or nothing.
    pub(crate) fn declared(&self, context: &Context<'_>) -> TokenStream {
        let states = self
            .states
            .iter()
            .zip(self.required())
            .map(|(state, slot)| {
                let marker = context.marker(&slot.setter);
                quote!(#state = rt::Missing<#marker>)
            });
        angled(self.client.iter().map(|name| quote!(#name)).chain(states))
    }

    /// `, (A, B)`, or nothing.
    pub(crate) fn state(&self) -> TokenStream {
        let states = &self.states;
        match states.as_slice() {
            [] => TokenStream::new(),
            _ => quote!(, (#(#states,)*)),
        }
    }

    /// The required values, each with a link to its setter: a sentence, where there are any.
    pub(crate) fn required_docs(&self, builder: &str) -> Option<String> {
        let links = self
            .required()
            .map(|slot| match slot.setter.strip_prefix("r#") {
                Some(name) => code(name),
                None => format!("[`{0}`]({builder}::{0})", slot.setter),
            });
        let links: Vec<String> = links.collect();
        (!links.is_empty()).then(|| format!("Required: {}.", links.join(", ")))
    }

    /// Every setter.
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
        let mut names: BTreeSet<String> =
            self.slots.iter().map(|slot| slot.setter.clone()).collect();
        let mut functions = Vec::new();
        let mut position = 0;
        for slot in &self.slots {
            let mut like = if slot.required {
                let mut like = required.clone();
                self.now_set(&mut like, position);
                position += 1;
                like
            } else {
                optional.clone()
            };
            if slot.nullable {
                functions.push(self.null(context, slot, like.clone(), &mut names));
            }
            let name = ident(&slot.setter);
            let Setter { takes, value } = setter(context, &name, slot.ty);
            like.attrs = slot.attributes(context, &name_of_builder);
            ast::rename(&mut like, &name, takes);
            like.block.stmts.insert(0, slot.assignment(value));
            let at = functions.len() - usize::from(slot.nullable);
            functions.insert(at, like);
        }
        functions
    }

    /// Says that a body that needs values is left out.
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
            /// Sends no body. Without this, the values that the body needs have to be set.
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
        names: &mut BTreeSet<String>,
    ) -> ImplItemFn {
        let mut name = format!(
            "{}_null",
            slot.setter.trim_start_matches("r#").trim_end_matches('_')
        );
        while !names.insert(name.clone()) {
            name.push_str("_value");
        }
        function.sig.ident = ident(&name);
        function.sig.inputs.pop();
        // No comma behind the receiver.
        if let Some(receiver) = function.sig.inputs.pop() {
            function.sig.inputs.push_value(receiver.into_value());
        }
        function.attrs = slot.null_attributes(context);
        function.block.stmts.splice(0..0, slot.null());
        function
    }

    /// The setter of a required value gives a builder whose type says that the value is there.
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
