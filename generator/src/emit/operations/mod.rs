//! Operations: the complete call as a value, what the document says about it, and its builder.

mod builder;
mod call;
mod method;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{
    builders,
    context::{Context, ident},
    paging,
    slots::{Place, Shell, Slot, is_needed, kept},
};
use crate::model::{Body, Group, Operation, Param, Shape, Struct, TypeRef};

/// How an operation gets its body.
enum BodyPlan<'a> {
    None,
    /// Whole, by `.body(…)`; required or not.
    Whole(&'a Body, String),
    /// Field by field, out of a struct that is complete from the start.
    Plain {
        body: &'a Body,
        object: &'a Struct,
        name: &'a str,
    },
    /// Field by field; the struct is made when all required ones are there.
    Parts {
        body: &'a Body,
        object: &'a Struct,
        name: &'a str,
    },
}

/// Everything about one operation that more than one function needs.
pub(crate) struct Plan<'a> {
    context: &'a Context<'a>,
    group: &'a Group,
    operation: &'a Operation,
    body: BodyPlan<'a>,
    shell: Shell<'a>,
    /// The struct that keeps optional parameters.
    optional: Ident,
    /// There are optional parameters.
    waits: bool,
    /// The builder has a field `body` that is no required value.
    holds_body: bool,
}

/// Whether the fields of an operation's struct are set on the operation. A body that may be left out is, when it has
/// values that are always sent, set as a whole: else leaving it out could not be said.
pub(crate) fn flattens<'a>(context: &Context<'a>, body: &Body) -> Option<(&'a str, &'a Struct)> {
    let (name, object) = context.get_struct(&body.ty).filter(|_| body.flatten)?;
    (body.required || builders::is_plain(object)).then_some((name, object))
}

/// The type of `additional` of a body that is flattened; kept apart because the model has no place to borrow it from.
pub(crate) fn body_additional(context: &Context<'_>, operation: &Operation) -> Option<TypeRef> {
    let (_, object) = flattens(context, operation.body.as_ref()?)?;
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
        let taken: Vec<String> = operation
            .params
            .iter()
            .map(|param| param.name.clone())
            .collect();
        let taken: Vec<String> = taken
            .into_iter()
            .chain(slots.iter().map(|slot| slot.setter.clone()))
            .collect();
        let body = body_plan(context, operation, &taken);
        if let BodyPlan::Plain { body, object, .. } | BodyPlan::Parts { body, object, .. } = &body {
            let mut fields = builders::slots(object, additional, "body", !body.required);
            for slot in &mut fields {
                if taken.contains(&slot.setter) {
                    slot.setter = format!("body_{}", slot.setter.trim_start_matches("r#"));
                }
            }
            paging::make_way(operation, &mut fields);
            slots.extend(fields);
        }
        if let BodyPlan::Whole(body, setter) = &body {
            slots.push(Slot::body(body, setter));
        }
        let waits_in = |store: &str| {
            slots
                .iter()
                .any(|slot| !slot.required && slot.store == store)
        };
        let waits = waits_in("optional");
        let holds_body = match &body {
            BodyPlan::None => false,
            BodyPlan::Whole(body, _) => !body.required,
            BodyPlan::Plain { .. } => true,
            BodyPlan::Parts { .. } => waits_in("body"),
        };
        let mut carried = vec![ident("client")];
        carried.extend(arguments(operation).map(|param| ident(&kept(&param.name))));
        carried.extend(waits.then(|| ident("optional")));
        carried.extend(holds_body.then(|| ident("body")));
        let builder = format_ident!("{}Builder", operation.type_name);
        let shell = Shell::new(context, builder, Some(context.client()), carried, slots);
        let optional = builders::waiting_name(context, &operation.type_name);
        Self {
            context,
            group,
            operation,
            body,
            shell,
            optional,
            waits,
            holds_body,
        }
    }

    pub(crate) fn group(&self) -> &'a Group {
        self.group
    }

    pub(crate) fn operation(&self) -> &'a Operation {
        self.operation
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

    fn body_ty(&self) -> TokenStream {
        let (BodyPlan::Whole(body, _)
        | BodyPlan::Plain { body, .. }
        | BodyPlan::Parts { body, .. }) = &self.body
        else {
            return quote!(());
        };
        let ty = self.context.ty(&body.ty);
        if body.required {
            quote!(#ty)
        } else {
            quote!(Option<#ty>)
        }
    }

    /// Where the complete call keeps its values.
    pub(crate) fn places(&self) -> Vec<Place<'_>> {
        let arguments = arguments(self.operation).map(|param| {
            let field = ident(&kept(&param.name));
            Place {
                name: param.name.clone(),
                wire: &param.wire,
                ty: &param.ty,
                shape: Shape::Bare,
                held: quote!(#field),
                lazy: false,
            }
        });
        let set = self.shell.slots.iter().map(|slot| {
            let field = ident(&slot.field);
            let held = match slot.store {
                "body" if !slot.lazy => quote!(body.#field),
                "optional" if !slot.required => quote!(optional.#field),
                _ => quote!(#field),
            };
            Place {
                name: slot.setter.clone(),
                wire: slot.wire,
                ty: slot.ty,
                shape: slot.shape,
                held,
                lazy: slot.lazy,
            }
        });
        arguments.chain(set).collect()
    }

    /// Modules of the root that the operation names.
    pub(crate) fn modules(&self) -> Vec<&'static str> {
        let mut modules = Vec::new();
        if self.shell.required().next().is_some() {
            modules.push("required");
        }
        if matches!(self.body, BodyPlan::Parts { .. }) && self.holds_body {
            modules.push("builders");
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

    fn is_unit(&self) -> bool {
        self.operation.params.is_empty() && matches!(self.body, BodyPlan::None)
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
        Some((name, object)) if builders::is_plain(object) => {
            BodyPlan::Plain { body, object, name }
        }
        Some((name, object)) => BodyPlan::Parts { body, object, name },
        None if taken.iter().any(|name| name == "body") => {
            BodyPlan::Whole(body, "request_body".to_owned())
        }
        None => BodyPlan::Whole(body, "body".to_owned()),
    }
}

/// Where the finished operation keeps a parameter.
fn held(param: &Param) -> TokenStream {
    if param.argument || is_needed(param) {
        let field = ident(&kept(&param.name));
        quote!(&self.#field)
    } else {
        let field = ident(&param.name);
        quote!(&self.optional.#field)
    }
}

fn arguments(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.argument)
}
