//! The builder of an operation.

use quote::quote;

use super::{BodyPlan, Plan};
use crate::emit::{
    context::{deprecated, ident, slim},
    docs::Docs,
    print::{self, literal},
    responses,
};

impl Plan<'_> {
    /// Returns the builder.
    pub(crate) fn builder(&self) -> String {
        let (context, operation, shell) = (self.context, self.operation, &self.shell);
        let builder = &shell.name;
        let docs = Docs::default()
            .own(format!(
                "Sends [`{}::{}`]. {}",
                self.group.type_name,
                operation.name,
                shell.required_docs("Self").unwrap_or_default()
            ))
            .outer(&context.texts);
        let (deprecated, slim) = (deprecated(operation.deprecated.as_ref()), slim());
        let client = context.client();
        let name = ident(&operation.type_name);
        let (declared, parameters, state) =
            (shell.declared(context), shell.parameters(), shell.state());
        let mut setters = shell.setters(context);
        if self.may_skip_body() {
            setters.push(shell.without_body());
        }
        let setters = (!setters.is_empty())
            .then(|| quote!(impl #parameters #builder #parameters { #(#setters)* }));
        let items = quote! {
            #docs
            #deprecated
            #slim
            #[must_use = "nothing is sent before `.send()`"]
            pub struct #builder #declared {
                partial: rt::PartialCall<#client, #name #state>,
            }
            #setters
        };
        let output = print::ty(&responses::ty(context, &operation.success));
        let mut with = String::new();
        if let BodyPlan::Fields { body, .. } = &self.body {
            with.push_str(if body.required {
                ", body"
            } else {
                ", lazy_body"
            });
        }
        if operation.pagination.is_some() {
            with.push_str(", pages");
        }
        if operation.stream.is_some() {
            with.push_str(", events");
        }
        let call = format!("{} => {name} -> {output}{with}", shell.shown());
        let call = print::call("call_builder", &call);
        match self.offers() {
            Some(offers) => print::with_table(items, &format!("{call}\n{offers}")),
            None => print::with_table(items, &call),
        }
    }

    /// Returns `rt::offers!`.
    fn offers(&self) -> Option<String> {
        let offers = &self.operation.offers;
        if offers.is_empty() {
            return None;
        }
        let rows = offers.iter().enumerate().map(|(number, offer)| {
            let value = print::ty(&self.context.ty(&offer.payload.ty));
            let value = match offer.optional {
                true => format!("Option<{value}>"),
                false => value,
            };
            let (media_type, name) = (literal(&offer.media_type), &offer.name);
            format!("{number} {media_type} as_{name} send_as_{name}: {value}")
        });
        let of = format!("{} => {}", self.shell.shown(), self.operation.type_name);
        Some(print::table("offers", &of, rows))
    }
}
