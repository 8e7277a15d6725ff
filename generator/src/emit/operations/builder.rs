//! The builder of an operation.

use quote::{ToTokens, quote};
use syn::ImplItem;

use super::{BodyPlan, Plan};
use crate::emit::{
    context::{deprecated, ident, slim},
    docs::Docs,
    print::{self, Items},
    responses,
};

impl Plan<'_> {
    /// Returns the builder.
    pub(crate) fn builder(&self) -> Items {
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
        let start = quote! {
            #docs
            #deprecated
            #slim
            #[must_use = "nothing is sent before `.send()`"]
            pub struct #builder #declared {
                partial: rt::PartialCall<#client, #name #state>,
            }
        };
        let items = Items::default().tokens(start);
        let mut setters: Vec<ImplItem> = (shell.setters(context).into_iter())
            .map(ImplItem::Fn)
            .collect();
        if self.may_skip_body() {
            setters.push(ImplItem::Fn(shell.without_body()));
        }
        let items = match setters.is_empty() {
            true => items,
            false => items.block(quote!(impl #parameters #builder #parameters {}), |block| {
                block.extend(setters);
            }),
        };
        let output = responses::ty(context, &operation.success).to_token_stream();
        let output = output.to_string().replace(' ', "");
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
        let call = format!("{} => {name} -> {output}{with}", shell.shown());
        items.call(&print::call("call_builder", &call))
    }
}
