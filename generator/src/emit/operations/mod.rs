//! Operations: the complete call as a value, what the document says about it, and its builder.

mod builder;
mod call;
mod method;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builders,
    context::{Context, ident},
    paging, sections,
    slots::{Shell, Slot, Store, body_shape, kept},
};
use crate::model::{Body, Group, Operation, Param, Shape, Struct, TypeRef};

/// How an operation gets its body.
enum BodyPlan<'a> {
    None,
    /// Whole, by `.body(…)`; required or not.
    Whole(&'a Body, String),
    /// Field by field.
    Fields {
        body: &'a Body,
        object: &'a Struct,
    },
}

/// Everything about one operation that more than one function needs.
pub(crate) struct Plan<'a> {
    context: &'a Context<'a>,
    group: &'a Group,
    operation: &'a Operation,
    body: BodyPlan<'a>,
    shell: Shell<'a>,
}

/// Whether the fields of an operation's struct are set on the operation. A body that may be left out is, when it needs
/// nothing and has values that are always sent, set as a whole: else leaving it out could not be said.
pub(crate) fn flattens<'a>(context: &Context<'a>, body: &Body) -> Option<&'a Struct> {
    let (_, object) = context.get_struct(&body.ty).filter(|_| body.flatten)?;
    let is_said = body.required || builders::is_plain(object) || builders::is_demanding(object);
    is_said.then_some(object)
}

/// The type of `additional` of a body that is flattened; kept apart because the model has no place to borrow it from.
pub(crate) fn body_additional(context: &Context<'_>, operation: &Operation) -> Option<TypeRef> {
    let object = flattens(context, operation.body.as_ref()?)?;
    builders::additional(object)
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        group: &'a Group,
        operation: &'a Operation,
        additional: Option<&'a TypeRef>,
    ) -> Self {
        let by_name = operation.params.iter().filter(|param| !param.argument);
        let mut slots: Vec<Slot<'a>> = by_name.map(Slot::param).collect();
        paging::make_way(operation, &mut slots);
        let names = operation.params.iter().map(|param| param.name.clone());
        let setters = slots.iter().map(|slot| slot.setter.clone());
        let taken: Vec<String> = names.chain(setters).collect();
        let body = body_plan(context, operation, &taken);
        match &body {
            BodyPlan::None => {}
            BodyPlan::Fields { body, object } => {
                let store = match body.required {
                    true => Store::Body,
                    false if builders::has_guaranteed(object) => Store::LazyBlank,
                    false => Store::LazyBody,
                };
                let mut fields = builders::slots(object, additional, store);
                let held = context.get_named(&body.ty);
                let origin = held.and_then(|(_, ty)| ty.origin.as_deref());
                for slot in &mut fields {
                    slot.origin = origin;
                    if taken.contains(&slot.setter) {
                        slot.setter = format!("body_{}", slot.setter.trim_start_matches("r#"));
                    }
                }
                paging::make_way(operation, &mut fields);
                slots.extend(fields);
            }
            BodyPlan::Whole(body, setter) => slots.push(Slot::body(body, setter)),
        }
        let builder = sections::builder_ident(&operation.type_name);
        let shell = Shell::new(context, builder, Some(context.client()), slots);
        Self {
            context,
            group,
            operation,
            body,
            shell,
        }
    }

    pub(crate) fn group(&self) -> &'a Group {
        self.group
    }

    pub(crate) fn operation(&self) -> &'a Operation {
        self.operation
    }

    /// Whether to leave out the body has to be said: it has values that requests need.
    fn may_skip_body(&self) -> bool {
        match &self.body {
            BodyPlan::Fields { body, object } => !body.required && builders::is_demanding(object),
            _ => false,
        }
    }

    /// What the method takes.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'a Param> + use<'a> {
        arguments(self.operation)
    }

    /// What is set by name.
    pub(crate) fn slots(&self) -> &[Slot<'a>] {
        &self.shell.slots
    }

    /// The parameter that gets a key where the caller sets none.
    fn made_up(&self) -> Option<&'a Param> {
        self.operation.params.iter().find(|param| param.made_up)
    }

    /// The body, and the type of the field that holds it.
    fn held_body(&self) -> Option<(&'a Body, TokenStream)> {
        let (BodyPlan::Whole(body, _) | BodyPlan::Fields { body, .. }) = &self.body else {
            return None;
        };
        let ty = self.context.ty(&body.ty);
        let ty = match body_shape(body) {
            Shape::Optional => quote!(Option<#ty>),
            Shape::Bare | Shape::Several => quote!(#ty),
        };
        Some((body, ty))
    }

    /// The fields of the complete call: arguments first.
    fn fields(&self) -> Vec<&'a Param> {
        let others = self.operation.params.iter().filter(|param| !param.argument);
        self.arguments().chain(others).collect()
    }

    /// Modules of the root that the operation names.
    pub(crate) fn modules(&self) -> Vec<&'static str> {
        let mut modules = Vec::new();
        if self.shell.required().next().is_some() {
            modules.push("required");
        }
        if self
            .operation
            .security
            .iter()
            .any(|alternative| !alternative.is_empty())
        {
            modules.push("schemes");
        }
        if self.context.api.servers.len() > self.operation.server {
            modules.push("servers");
        }
        modules
    }
}

fn body_plan<'a>(
    context: &Context<'a>,
    operation: &'a Operation,
    taken: &[String],
) -> BodyPlan<'a> {
    let Some(body) = &operation.body else {
        return BodyPlan::None;
    };
    match flattens(context, body) {
        Some(object) => BodyPlan::Fields { body, object },
        None if taken.iter().any(|name| name == "body") => {
            BodyPlan::Whole(body, "request_body".to_owned())
        }
        None => BodyPlan::Whole(body, "body".to_owned()),
    }
}

/// Where the complete call keeps a parameter.
fn held(param: &Param) -> TokenStream {
    let field = ident(&kept(&param.name));
    quote!(&self.#field)
}

fn arguments(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.argument)
}
