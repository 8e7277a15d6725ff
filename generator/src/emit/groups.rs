//! Groups: what a user finds together, one file each.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    answers,
    context::{Context, ident},
    docs::{Docs, code},
    operations::{Plan, body_additional},
};
use crate::model::{Group, TypeRef};

/// The file of a group.
pub(crate) fn file(context: &Context<'_>, group: &Group, runtime: &TokenStream) -> TokenStream {
    let additional: Vec<Option<TypeRef>> = group
        .operations
        .iter()
        .map(|operation| body_additional(context, operation))
        .collect();
    let plans: Vec<Plan<'_>> = group
        .operations
        .iter()
        .zip(&additional)
        .map(|(operation, additional)| Plan::new(context, group, operation, additional.as_ref()))
        .collect();
    // Collected before the `use` line is made: only then is known what they name.
    let methods: Vec<TokenStream> = plans.iter().map(Plan::method).collect();
    let operations: Vec<TokenStream> = group
        .operations
        .iter()
        .zip(&plans)
        .map(|(operation, plan)| {
            let (builder, value, description) = (plan.builder(), plan.value(), plan.description());
            let (enums, headers) = (
                answers::enums(context, group, operation),
                answers::headers_struct(context, group, operation),
            );
            quote!(#builder #value #description #enums #headers)
        })
        .collect();
    let docs = Docs::default().text_or(&group.docs, describe(group));
    let (client, name) = (context.client(), ident(&group.type_name));
    let group_docs = Docs::default()
        .text_or(&group.docs, describe(group))
        .outer();
    let modules: BTreeSet<&str> = plans.iter().flat_map(Plan::modules).collect();
    let uses = context.uses(&modules, |_| false);
    let inner = docs.inner();
    quote! {
        #inner
        #runtime
        #uses

        #group_docs
        #[derive(Clone)]
        pub struct #name<#client> {
            pub(super) client: #client,
        }

        impl<#client: rt::Transport> #name<#client> {
            #(#methods)*
        }
        rt::hidden!(#name, #client);
        #(#operations)*
    }
}

/// What the document leaves unsaid.
fn describe(group: &Group) -> String {
    format!("Operations of the group {}.", code(&group.name))
}
