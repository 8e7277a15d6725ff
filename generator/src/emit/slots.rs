//! What builders are made of: values that are set by name. A required one is held by the builder itself, so that its type
//! says whether it has been given; the others wait in one place (`optional`, `body` or `value`) that moves as a whole.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Attribute, Expr, FieldValue, GenericArgument, ImplItemFn, ReturnType, Token, Type, parse_quote,
};

use super::{
    ast,
    context::{Context, ident},
    docs::{Docs, code},
    setters::{Setter, setter},
};
use crate::model::{Body, Field, Literal, Param, Sample, Shape, TypeRef};

/// Methods that every builder has; a setter of that name gets `_value` behind it.
const OWN_METHODS: &[&str] = &["build", "send", "send_with_response"];
/// What builders and operations hold beside their values; a value of that name is kept under another.
const OWN_FIELDS: &[&str] = &["client", "optional", "body"];

/// One value of a builder.
pub(crate) struct Slot<'a> {
    /// Name of the setter.
    pub(crate) setter: String,
    /// Name of the field in the finished operation or struct.
    pub(crate) field: String,
    pub(crate) ty: &'a TypeRef,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    pub(crate) default: Option<&'a Literal>,
    docs: &'a str,
    pub(crate) wire: &'a str,
    deprecated: Option<&'a String>,
    /// Where an optional value waits: `optional`, `body` or `value`; empty for the builder itself.
    pub(crate) store: &'static str,
    /// The place holds an `Option` of the struct: it comes into being with its first value.
    pub(crate) lazy: bool,
    /// The documentation names the field only: the field's own says the rest.
    pub(crate) brief: bool,
    /// A valid value.
    pub(crate) sample: &'a Sample,
}

/// Where a finished operation keeps a value.
pub(crate) struct Place<'a> {
    /// Name of the setter or argument.
    pub(crate) name: String,
    pub(crate) wire: &'a str,
    pub(crate) ty: &'a TypeRef,
    pub(crate) shape: Shape,
    /// The way there from the operation or, if `lazy`, from its body.
    pub(crate) held: TokenStream,
    /// The body is an `Option`.
    pub(crate) lazy: bool,
}

impl<'a> Slot<'a> {
    /// A parameter that is set by name.
    pub(crate) fn param(param: &'a Param) -> Self {
        Self {
            setter: method(&param.name),
            field: if is_needed(param) {
                kept(&param.name)
            } else {
                param.name.clone()
            },
            ty: &param.ty,
            shape: if is_needed(param) {
                Shape::Bare
            } else {
                Shape::Optional
            },
            required: is_needed(param),
            default: param.default.as_ref(),
            docs: &param.docs,
            wire: &param.wire,
            deprecated: param.deprecated.as_ref(),
            store: "optional",
            lazy: false,
            brief: false,
            sample: &param.sample,
        }
    }

    /// A field of the struct of this name.
    pub(crate) fn field(field: &'a Field, store: &'static str, lazy: bool) -> Self {
        Self {
            setter: method(&field.name),
            field: field.name.clone(),
            ty: &field.ty,
            shape: field.shape,
            required: is_demanded(field),
            default: field.default.as_ref(),
            docs: &field.docs,
            wire: &field.wire,
            deprecated: field.deprecated.as_ref(),
            store,
            lazy,
            brief: false,
            sample: &field.sample,
        }
    }

    /// A body that is set as a whole.
    pub(crate) fn body(body: &'a Body, setter: &str) -> Self {
        Self {
            setter: setter.to_owned(),
            field: "body".to_owned(),
            ty: &body.ty,
            shape: if body.required {
                Shape::Bare
            } else {
                Shape::Optional
            },
            required: body.required,
            default: None,
            docs: &body.docs,
            wire: "body",
            deprecated: None,
            store: "",
            lazy: false,
            brief: false,
            sample: &body.sample,
        }
    }

    /// The members of a struct beyond its fields, as a value of the type `map`.
    pub(crate) fn additional(map: &'a TypeRef, store: &'static str, lazy: bool) -> Self {
        Self {
            setter: "additional".to_owned(),
            field: "additional".to_owned(),
            ty: map,
            shape: Shape::OrEmpty,
            required: false,
            default: None,
            docs: "Members beyond those that have setters of their own.",
            wire: "additional",
            deprecated: None,
            store,
            lazy,
            brief: false,
            sample: &Sample::OfType,
        }
    }

    /// Where the builder holds a required value.
    pub(crate) fn kept_as(&self) -> Ident {
        if self.store.is_empty() {
            ident(&self.field)
        } else {
            ident(&kept(&self.setter))
        }
    }

    /// The type of a required value while the builder holds it.
    pub(crate) fn state_ty(&self, context: &Context<'_>) -> Type {
        let inner = context.ty(self.ty);
        match self.shape {
            Shape::Bare | Shape::OrEmpty | Shape::Optional => inner,
            Shape::NullOr => ast::ty(ast::of(ast::path(["Option"]), inner)),
            Shape::OptionalNullable => ast::ty(ast::of(ast::path(["rt", "Nullable"]), inner)),
        }
    }

    /// The type of an optional value while it waits outside of its struct.
    pub(crate) fn waiting_ty(&self, context: &Context<'_>) -> Type {
        let shape = if self.shape == Shape::Bare {
            Shape::Optional
        } else {
            self.shape
        };
        context.field_ty(shape, self.ty)
    }

    /// `field: value` of the finished struct, out of the builder.
    pub(crate) fn finished(&self, context: &Context<'_>) -> FieldValue {
        ast::assigned(ident(&self.field), self.value(context))
    }

    fn value(&self, context: &Context<'_>) -> Expr {
        let some = |value: Expr| ast::called(ast::path(["Some"]), [value]);
        if self.required {
            let kept = ast::field(ast::local("self"), self.kept_as());
            let taken = ast::method(kept, "take", []);
            return match self.shape {
                Shape::Bare | Shape::OrEmpty | Shape::NullOr => taken,
                Shape::Optional | Shape::OptionalNullable => some(taken),
            };
        }
        let place = self.place();
        let Some(default) = self.default else {
            return place;
        };
        let value = context.literal(default, self.ty);
        let is_text = matches!(default, Literal::String(_));
        match self.shape {
            Shape::Bare if is_text => parse_quote!(#place.unwrap_or_else(|| #value)),
            Shape::Bare => parse_quote!(#place.unwrap_or(#value)),
            Shape::OptionalNullable => {
                parse_quote!(#place.or_else(|| Some(rt::Nullable::Value(#value))))
            }
            _ if is_text => parse_quote!(#place.or_else(|| Some(#value))),
            _ => parse_quote!(#place.or(Some(#value))),
        }
    }

    /// Where an optional value waits, seen from the builder.
    fn place(&self) -> Expr {
        let mut place = ast::local("self");
        if !self.store.is_empty() {
            place = ast::field(place, ident(self.store));
        }
        if self.lazy {
            place = ast::method(place, "get_or_insert_default", []);
        }
        ast::field(place, ident(&self.field))
    }

    /// Documentation of the setter, and whether it is deprecated.
    fn attributes(&self, context: &Context<'_>) -> Vec<Attribute> {
        let docs = if self.brief {
            Docs::default().own(format!(
                "The field {}.",
                code(self.field.trim_start_matches("r#"))
            ))
        } else {
            Docs::default().text_or(self.docs, code(self.wire))
        };
        let docs = match self.default {
            _ if self.required => docs.own("Required."),
            Some(literal) => docs.own(format!("{} unless set.", shown(literal))),
            None => docs,
        };
        let mut attributes = docs.attributes(&context.texts);
        attributes.extend(ast::deprecated(self.deprecated));
        attributes
    }
}

/// A parameter without which there is no call.
pub(crate) fn is_needed(param: &Param) -> bool {
    param.required && !param.argument && param.client_value.is_none() && param.default.is_none()
}

/// A field without which there is no value.
pub(crate) fn is_demanded(field: &Field) -> bool {
    field.default.is_none() && (field.required || field.shape == Shape::Bare)
}

/// The name under which builder and operation keep a value beside what they have of their own.
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
    /// Fields that move along when a required value changes the type.
    pub(crate) carried: Vec<Ident>,
    pub(crate) slots: Vec<Slot<'a>>,
    /// One type parameter per required slot.
    pub(crate) states: Vec<Ident>,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(
        context: &Context<'_>,
        name: Ident,
        client: Option<Ident>,
        carried: Vec<Ident>,
        slots: Vec<Slot<'a>>,
    ) -> Self {
        let states = context.parameters(slots.iter().filter(|slot| slot.required).count());
        Self {
            name,
            client,
            carried,
            slots,
            states,
        }
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &Slot<'a>> {
        self.slots.iter().filter(|slot| slot.required)
    }

    pub(crate) fn optional(&self) -> impl Iterator<Item = &Slot<'a>> {
        self.slots.iter().filter(|slot| !slot.required)
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

    /// `A: rt::Given<i64>`, one by one.
    pub(crate) fn bounds(&self, context: &Context<'_>) -> Vec<TokenStream> {
        let bound = |(state, slot): (&Ident, &Slot<'_>)| {
            let ty = slot.state_ty(context);
            quote!(#state: rt::Given<#ty>)
        };
        self.states.iter().zip(self.required()).map(bound).collect()
    }

    /// The fields that hold the required values.
    pub(crate) fn held(&self) -> TokenStream {
        let fields = self
            .states
            .iter()
            .zip(self.required())
            .map(|(state, slot)| {
                let field = slot.kept_as();
                quote!(#field: #state,)
            });
        quote!(#(#fields)*)
    }

    /// The fields that hold the required values, all missing.
    pub(crate) fn missing(&self) -> TokenStream {
        let fields = self.required().map(|slot| {
            let field = slot.kept_as();
            quote!(#field: rt::Missing::new(),)
        });
        quote!(#(#fields)*)
    }

    /// Every setter.
    pub(crate) fn setters(&self, context: &Context<'_>) -> Vec<ImplItemFn> {
        let builder = &self.name;
        let required: ImplItemFn = parse_quote! {
            pub fn value(self, value: ()) -> #builder {
                #builder {}
            }
        };
        let optional: ImplItemFn = parse_quote! {
            pub fn value(mut self, value: ()) -> Self {
                self
            }
        };
        let mut position = 0;
        let setters = self.slots.iter().map(|slot| {
            let name = ident(&slot.setter);
            let Setter { takes, value } = setter(context, &name, slot.ty, slot.shape);
            let like = if slot.required { &required } else { &optional };
            let mut function = like.clone();
            function.attrs = slot.attributes(context);
            ast::rename(&mut function, &name, takes);
            if slot.required {
                self.change(context, &mut function, position, value);
                position += 1;
            } else {
                let value = match slot.shape {
                    Shape::OrEmpty | Shape::NullOr => value,
                    Shape::Bare | Shape::Optional | Shape::OptionalNullable => {
                        ast::called(ast::path(["Some"]), [value])
                    }
                };
                let assignment = ast::assignment(slot.place(), value);
                function.block.stmts.insert(0, assignment);
            }
            function
        });
        setters.collect()
    }

    /// The setter of a required value gives a builder whose type says that the value is there.
    fn change(
        &self,
        context: &Context<'_>,
        function: &mut ImplItemFn,
        position: usize,
        value: Expr,
    ) {
        let state = |(index, (state, slot)): (usize, (&Ident, &Slot<'_>))| {
            let state = if index == position {
                ast::of(ast::path(["rt", "Set"]), slot.state_ty(context))
            } else {
                ast::path([state])
            };
            GenericArgument::Type(ast::ty(state))
        };
        let states = self.states.iter().zip(self.required());
        let client = self
            .client
            .iter()
            .map(|client| ast::ty(ast::path([client])));
        let arguments = client
            .map(GenericArgument::Type)
            .chain(states.enumerate().map(state));
        let builder = ast::with_arguments(ast::path([&self.name]), arguments);
        function.sig.output = ReturnType::Type(<Token![->]>::default(), Box::new(ast::ty(builder)));

        let kept = |field: Ident| {
            let held = ast::field(ast::local("self"), field.clone());
            ast::assigned(field, held)
        };
        let Some(Expr::Struct(made)) = ast::result(function) else {
            return;
        };
        made.fields.extend(self.carried.iter().cloned().map(kept));
        let held = self.required().map(Slot::kept_as);
        made.fields.extend(held.map(kept));
        let place = self.carried.len() + position;
        if let Some(given) = made.fields.iter_mut().nth(place) {
            given.expr = ast::called(ast::path(["rt", "Set"]), [value]);
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
