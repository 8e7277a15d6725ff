//! Operations: the complete operation as a value, its documentation, and its builder.

mod builder;
mod call;
mod method;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builders,
    context::{Context, ident},
    sections,
    slots::{Shell, Slot, Store, body_shape},
};
use crate::model::{Body, BodySet, Group, Operation, Param, Setter, Shape, Struct};

/// Where the body of an operation is set.
enum BodyPlan<'a> {
    None,
    /// As a whole, with `.body(…)`; required or not.
    Whole(&'a Body, &'a Setter),
    /// Field by field.
    Fields {
        body: &'a Body,
        object: &'a Struct,
        setters: &'a [Option<Setter>],
    },
}

/// The facts about one operation that several functions need.
pub(crate) struct Plan<'a> {
    context: &'a Context<'a>,
    group: &'a Group,
    operation: &'a Operation,
    body: BodyPlan<'a>,
    shell: Shell<'a>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        group: &'a Group,
        operation: &'a Operation,
    ) -> Self {
        let by_name = operation.params.iter();
        let by_name = by_name.filter_map(|param| Some((param, param.setter.as_ref()?)));
        let mut slots: Vec<Slot<'a>> = by_name
            .map(|(param, setter)| Slot::param(param, setter))
            .collect();
        let body = body_plan(context, operation);
        match &body {
            BodyPlan::None => {}
            BodyPlan::Fields {
                body,
                object,
                setters,
            } => {
                let store = match body.required {
                    true => Store::Body,
                    false if builders::has_guaranteed(object) => Store::LazyBlank,
                    false => Store::LazyBody,
                };
                let held = context.get_named(&body.ty);
                let origin = held.and_then(|(_, ty)| ty.origin.as_deref());
                let fields = object.fields.iter().zip(*setters);
                slots.extend(fields.filter_map(|(field, setter)| {
                    let mut slot = Slot::field(field, setter.as_ref()?, store);
                    slot.origin = origin;
                    Some(slot)
                }));
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

    /// Returns the operation that returns the outcome of this one.
    fn settled_by(&self) -> Option<&'a Operation> {
        self.context.api.operation(self.operation.settled_by?)
    }

    /// Returns whether the builder has a method that leaves out the body: the body is optional, and has required
    /// values.
    pub(crate) fn may_skip_body(&self) -> bool {
        match &self.body {
            BodyPlan::Fields { body, object, .. } => {
                !body.required && builders::is_demanding(object)
            }
            _ => false,
        }
    }

    /// Returns whether the fields of the body are set on the operation.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self.body, BodyPlan::Fields { .. })
    }

    /// Returns the parameters that the method takes as arguments.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'a Param> + use<'a> {
        arguments(self.operation)
    }

    /// Returns the values with setters.
    pub(crate) fn slots(&self) -> &[Slot<'a>] {
        &self.shell.slots
    }

    /// Returns the minimum number of members of a body that is set field by field.
    pub(crate) fn least(&self) -> usize {
        match &self.body {
            BodyPlan::Fields { object, .. } => object.least,
            BodyPlan::None | BodyPlan::Whole(..) => 0,
        }
    }

    /// Returns the parameter that gets a new key if it is not set.
    fn made_up(&self) -> Option<&'a Param> {
        self.operation.params.iter().find(|param| param.made_up)
    }

    /// Returns the body, and the type of the field that holds it.
    pub(crate) fn held_body(&self) -> Option<(&'a Body, TokenStream)> {
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

    /// Returns the fields of the complete operation: arguments first.
    pub(crate) fn fields(&self) -> Vec<&'a Param> {
        let others = self.operation.params.iter().filter(|param| !param.argument);
        self.arguments().chain(others).collect()
    }

    /// Returns the modules of the root that the operation names.
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

fn body_plan<'a>(context: &Context<'a>, operation: &'a Operation) -> BodyPlan<'a> {
    let Some(body) = &operation.body else {
        return BodyPlan::None;
    };
    match (&body.set, context.get_struct(&body.ty)) {
        (BodySet::Whole(setter), _) => BodyPlan::Whole(body, setter),
        (BodySet::Members(setters), Some((_, object))) => BodyPlan::Fields {
            body,
            object,
            setters,
        },
        (BodySet::Members(_), None) => BodyPlan::None,
    }
}

/// Returns the expression for the field that holds a parameter.
fn held(param: &Param) -> TokenStream {
    let field = ident(&param.field);
    quote!(&self.#field)
}

fn arguments(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.argument)
}
