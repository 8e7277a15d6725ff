//! Groups of operations. The types that start operations are at the root, the operations in one file per tag.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Part, builders,
    context::{Context, ident, slim},
    docs::Docs,
    operations::Plan,
    print, responses,
    sections::Section,
};
use crate::model::Group;

/// Returns the type that the method of the client returns.
pub(crate) fn handle(context: &Context<'_>, group: &Group) -> TokenStream {
    let docs = Docs::default()
        .about(&group.docs, &[&group.type_name])
        .outer(&context.texts);
    let (client, name) = (context.client(), ident(&group.type_name));
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #name<#client> {
            pub(crate) client: #client,
        }
        rt::hidden!(#name, #client);
    }
}

/// Returns the file of a section.
pub(crate) fn file(context: &Context<'_>, section: &Section<'_>) -> Part {
    let (group, operations) = (section.group, &section.operations);
    let plans: Vec<Plan<'_>> = (operations.iter())
        .map(|operation| Plan::new(context, group, operation))
        .collect();
    let (client, name) = (context.client(), context.named(&group.type_name));
    let methods = plans.iter().flat_map(|plan| {
        let former = plan.former_methods();
        std::iter::once(plan.method()).chain(former)
    });
    let mut items = vec![print::items(quote! {
        impl<#client: rt::Transport> #name<#client> {
            #(#methods)*
        }
    })];
    for (operation, plan) in operations.iter().zip(&plans) {
        items.extend(plan.former_types().into_iter().map(print::items));
        items.push(plan.builder());
        items.push(print::items(plan.value()));
        items.push(print::items(plan.description(operations)));
        items.push(plan.table());
        items.push(print::items(responses::enums(context, group, operation)));
        items.extend(responses::headers_struct(context, group, operation));
    }
    let types = &context.api.types;
    let objects = (section.objects.iter()).filter_map(|name| types.get_key_value(*name));
    items.extend(builders::of(context, Some(slim()), objects));
    let mut modules: std::collections::BTreeSet<_> = plans.iter().flat_map(Plan::modules).collect();
    if !context.markers.borrow().is_empty() {
        modules.insert("required");
    }
    Part {
        modules,
        items,
        ..Part::default()
    }
}
