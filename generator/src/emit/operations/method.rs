//! The method of a group that begins a call.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{BodyPlan, Plan, arguments};
use crate::{
    emit::{
        builders, calls,
        context::{deprecated, ident},
        docs::{Docs, code},
        setters::setter,
        slots::{Slot, kept},
    },
    model::{Body, Shape},
};

impl<'a> Plan<'a> {
    /// The method of the group.
    pub(crate) fn method(&'a self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let docs = self.docs();
        let deprecated = deprecated(operation.deprecated.as_ref());
        let (name, builder) = (ident(&operation.name), &self.shell.name);
        let client = context.client();
        let takes = arguments(operation).map(|param| {
            let name = ident(&param.name);
            let takes = setter(context, &name, &param.ty, Shape::Bare).takes;
            quote!(#name: #takes)
        });
        let given = arguments(operation).map(|param| {
            let (name, field) = (ident(&param.name), ident(&kept(&param.name)));
            let value = setter(context, &name, &param.ty, Shape::Bare).value;
            if field == value.to_token_stream().to_string() {
                quote!(#field,)
            } else {
                quote!(#field: #value,)
            }
        });
        let missing = self.shell.missing();
        let optional = self.waits.then(|| self.start());
        let body = match &self.body {
            BodyPlan::Whole(
                Body {
                    required: false, ..
                },
                _,
            ) => Some(quote!(body: None,)),
            BodyPlan::Plain { body, .. } if !body.required => Some(quote!(body: None,)),
            BodyPlan::Plain { name, .. } => {
                let name = context.named(name);
                Some(quote!(body: #name::default(),))
            }
            BodyPlan::Parts { name, .. } if self.holds_body => {
                let name = builders::waiting_name(context, name);
                Some(quote!(body: builders::#name::default(),))
            }
            _ => None,
        };
        quote! {
            #docs
            #deprecated
            pub fn #name(&self #(, #takes)*) -> #builder<#client> {
                #builder { client: self.client.clone(), #(#given)* #missing #optional #body }
            }
        }
    }

    /// `optional: …`, with the values that are sent unless something else is set.
    fn start(&self) -> TokenStream {
        let optional = &self.optional;
        let waiting: Vec<&Slot<'_>> = self
            .shell
            .optional()
            .filter(|slot| slot.store == "optional")
            .collect();
        let defaults: Vec<TokenStream> = waiting
            .iter()
            .filter_map(|slot| {
                let (field, value) = (
                    ident(&slot.field),
                    self.context.literal(slot.default?, slot.ty),
                );
                Some(quote!(#field: Some(#value),))
            })
            .collect();
        if defaults.is_empty() {
            return quote!(optional: #optional::default(),);
        }
        let rest = (defaults.len() < waiting.len()).then(|| quote!(..#optional::default()));
        quote!(optional: #optional { #(#defaults)* #rest },)
    }

    fn docs(&'a self) -> TokenStream {
        let operation = self.operation;
        let call = code(&format!("{} {}", operation.method, operation.path));
        let docs = Docs::default().text_or(&sentence(&operation.summary), &call);
        let docs = if operation.summary.trim().is_empty() {
            docs
        } else {
            docs.own(&call)
        };
        let docs = docs.text(&operation.docs);
        let scopes: Vec<String> = operation.scopes.iter().map(|scope| code(scope)).collect();
        let docs = match scopes.as_slice() {
            [] => docs,
            [scope] => docs.own(format!("Needs the scope {scope}.")),
            _ => docs.own(format!("Needs one of the scopes {}.", scopes.join(", "))),
        };
        let docs = match &operation.settled_by {
            Some(name) => docs.own(format!(
                "Where nobody knows whether it was carried out, {} tells.",
                code(name)
            )),
            None => docs,
        };
        let docs = match &operation.idempotent_by {
            Some(name) => {
                let given = match operation.idempotency(self.context.api) {
                    Some(place) if !place.required() => " that is set",
                    _ => "",
                };
                docs.own(format!(
                    "Carried out once for each {}{given}, however often it is sent.",
                    code(name)
                ))
            }
            None => docs,
        };
        let docs = match &operation.pagination {
            Some(_) => docs.own(
                "`.send()` gives one page, `.pages()` all of them and `.items()` what is on them.",
            ),
            None => docs,
        };
        docs.own(format!("From {}.", code(&self.context.api.source)))
            .own(calls::example(self.context, self).unwrap_or_default())
            .outer(&self.context.texts)
    }
}

/// A summary as a sentence.
fn sentence(summary: &str) -> String {
    let summary = summary.trim();
    if summary.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
        format!("{summary}.")
    } else {
        summary.to_owned()
    }
}
