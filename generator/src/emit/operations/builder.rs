//! The builder of a call.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Visibility};

use super::{BodyPlan, Plan, arguments};
use crate::emit::{
    answers, builders,
    context::{deprecated, ident},
    docs::Docs,
    paging,
    print::Items,
    slots::kept,
};

impl Plan<'_> {
    /// The builder.
    pub(crate) fn builder(&self) -> Items {
        let (context, operation, shell) = (self.context, self.operation, &self.shell);
        let builder = &shell.name;
        let docs = Docs::default()
            .own(format!(
                "Sets the values of [`{}::{}`] and sends it.",
                self.group.type_name, operation.name
            ))
            .outer(&context.texts);
        let deprecated = deprecated(operation.deprecated.as_ref());
        let client = context.client();
        let declared = shell.declared(context);
        let parameters = shell.parameters();
        let arguments = arguments(operation).map(|param| {
            let (name, ty) = (ident(&kept(&param.name)), context.ty(&param.ty));
            quote!(#name: #ty,)
        });
        let held = shell.held();
        let optional_name = &self.optional;
        let optional = self.waits.then(|| quote!(optional: #optional_name,));
        let body = self.holds_body.then(|| {
            let ty = self.held_body_ty();
            quote!(body: #ty,)
        });
        let (setters, states) = (shell.setters(context), &shell.states);
        let build = self.build();
        let name = ident(&operation.type_name);
        let answer = answers::ty(context, &operation.answer);
        let listing = paging::methods(context, operation);
        let start = quote! {
            #docs
            #deprecated
            #[derive(Clone)]
            #[must_use = "nothing is sent before `.send()`"]
            pub struct #builder #declared {
                client: #client,
                #(#arguments)*
                #held
                #optional
                #body
            }
        };
        let methods = quote! {
            impl #parameters #builder #parameters {
                /// The complete operation, to keep or to send later.
                pub fn build(self) -> #name where Self: rt::Build<#client, #name> {
                    rt::Build::finish(self).1
                }

                /// Sends the operation and gives the value of its answer.
                pub fn send(self) -> #client::Sent<#answer> where #client: rt::Transport, Self: rt::Build<#client, #name> {
                    rt::send(self)
                }

                /// Sends the operation and gives status and headers beside the value.
                pub fn send_with_response(self) -> #client::Sent<rt::Response<#name>>
                where #client: rt::Transport, Self: rt::Build<#client, #name> {
                    rt::send_with_response(self)
                }

                #listing
            }
            rt::hidden!(#builder, #client #(, #states)*);
            #build
        };
        let setters = setters.into_iter().map(ImplItem::Fn);
        let items = Items::default().tokens(start).block(methods, |block| {
            block.splice(0..0, setters);
        });
        let optional = shell.optional().filter(|slot| slot.store == "optional");
        builders::waiting(
            context,
            items,
            &self.optional,
            &Visibility::Inherited,
            optional,
        )
    }

    /// `impl rt::Build`: the one place that says what has to be given.
    fn build(&self) -> TokenStream {
        let (context, operation, shell) = (self.context, self.operation, &self.shell);
        let (builder, client) = (&shell.name, context.client());
        let bounds = shell.bounds(context);
        let parameters = shell.parameters();
        let name = ident(&operation.type_name);
        let arguments = arguments(operation).map(|param| {
            let name = ident(&kept(&param.name));
            quote!(#name: self.#name,)
        });
        let required = shell
            .required()
            .filter(|slot| slot.store == "optional")
            .map(|slot| slot.finished(context));
        let optional = self.waits.then(|| self.kept_optional());
        let body = match &self.body {
            BodyPlan::None => None,
            BodyPlan::Whole(..) => shell.slots.last().map(|slot| {
                let body = slot.finished(context);
                quote!(#body,)
            }),
            BodyPlan::Plain { .. } => Some(quote!(body: self.body,)),
            BodyPlan::Parts { name, .. } => {
                let name = context.named(name);
                let fields = shell
                    .slots
                    .iter()
                    .filter(|slot| slot.store == "body")
                    .map(|slot| slot.finished(context));
                Some(quote!(body: #name { #(#fields),* },))
            }
        };
        let value = if self.is_unit() {
            quote!(#name)
        } else {
            quote!(#name { #(#arguments)* #(#required,)* #optional #body })
        };
        let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds),*));
        quote! {
            impl #parameters rt::Build<#client, #name> for #builder #parameters #bounds {
                fn finish(self) -> (#client, #name) {
                    (self.client, #value)
                }
            }
        }
    }

    /// `optional: …` of the finished operation.
    fn kept_optional(&self) -> TokenStream {
        let Some(param) = self.made_up() else {
            return quote!(optional: self.optional,);
        };
        let (optional, field) = (&self.optional, ident(&param.name));
        let waiting = self
            .shell
            .optional()
            .filter(|slot| slot.store == "optional");
        let rest = (waiting.count() > 1).then(|| quote!(..self.optional));
        quote! {
            optional: #optional {
                #field: rt::idempotency_key(self.optional.#field),
                #rest
            },
        }
    }

    fn held_body_ty(&self) -> TokenStream {
        match &self.body {
            BodyPlan::Parts { name, .. } => {
                let name = builders::waiting_name(self.context, name);
                quote!(builders::#name)
            }
            _ => self.body_ty(),
        }
    }
}
