//! Groups: what a user finds together, one file each.

use quote::quote;

use super::{
    Part, answers,
    context::{Context, ident},
    docs::{Docs, code},
    operations::{Plan, body_additional},
    print::{self, Items},
};
use crate::model::{Group, TypeRef};

/// The file of a group.
pub(crate) fn file(context: &Context<'_>, group: &Group) -> Part {
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
    let docs = Docs::default()
        .text_or(&group.docs, describe(group))
        .outer(&context.texts);
    let (client, name) = (context.client(), ident(&group.type_name));
    let methods = plans.iter().map(Plan::method);
    let mut items = vec![print::items(quote! {
        #docs
        #[derive(Clone)]
        pub struct #name<#client> {
            pub(crate) client: #client,
        }

        impl<#client: rt::Transport> #name<#client> {
            #(#methods)*
        }
        rt::hidden!(#name, #client);
    })];
    for (operation, plan) in group.operations.iter().zip(&plans) {
        items.push(plan.builder().print());
        items.push(print::items(plan.value()));
        items.push(print::items(plan.description()));
        items.push(plan.table());
        items.push(print::items(answers::enums(context, group, operation)));
        items.extend(answers::headers_struct(context, group, operation).map(Items::print));
    }
    let docs = Docs::default().text_or(&group.docs, describe(group));
    Part {
        docs,
        modules: plans.iter().flat_map(Plan::modules).collect(),
        items,
    }
}

/// What the document leaves unsaid.
fn describe(group: &Group) -> String {
    format!("Operations of the group {}.", code(&group.name))
}
