//! A file for tests with two requests of each operation.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::{
    Attach, Options,
    context::{Context, ident},
    header,
    operations::Plan,
    print,
};
use super::{Writer, of_full};
use crate::model::Api;

/// Returns a file that has every operation twice, with the required values and with all values, for a test that sends
/// them.
///
/// The parent module of the file must have `Call`, `Built` and `sent`.
#[must_use]
pub fn calls(api: &Api, options: &Options) -> String {
    let context = Context::new(api, options);
    let mut minimal = Writer::new(&context, false);
    let mut full = Writer::new(&context, true);
    let package = ident(&options.package);
    let plans: Vec<Plan<'_>> = (api.groups.iter())
        .flat_map(|group| {
            let operations = group.operations.iter();
            operations.map(|operation| Plan::new(&context, group, operation))
        })
        .collect();
    let mut rows = Vec::new();
    let mut functions = Vec::new();
    for plan in &plans {
        let operation = plan.operation();
        let (name, method, path) = (&operation.full_name, &operation.method, &operation.path);
        let wanted: Vec<(TokenStream, Result<TokenStream, String>)> = vec![
            (quote!(minimal), minimal.call(plan)),
            (quote!(full), full.call(plan)),
        ];
        let mut left_out: Vec<String> = std::mem::take(&mut full.left_out).into_iter().collect();
        let mut runs = Vec::new();
        for (label, call) in wanted {
            let function = match label.to_string().as_str() {
                "full" => format_ident!("{}_full", operation.name.trim_start_matches("r#")),
                _ => ident(&operation.name),
            };
            match call {
                Ok(call) => {
                    let ty = ident(&operation.type_name);
                    functions.push(print::items(quote! {
                        fn #function(client: &#package::Client) -> super::Built<#ty> {
                            Ok(#call.build())
                        }
                    }));
                    runs.push(
                        quote!(#label: Some(|client| super::sent(client, #function(client))),),
                    );
                }
                Err(why) => {
                    left_out.push(format!("{label} call, {why}"));
                    runs.push(quote!(#label: None,));
                }
            }
        }
        rows.push(quote! {
            super::Call {
                name: #name,
                method: #method,
                path: #path,
                #(#runs)*
                left_out: &[#(#left_out),*],
            }
        });
        minimal.named.insert(&operation.type_name);
    }
    let objects = objects(&mut full);
    minimal.named.append(&mut full.named);
    minimal.runtime.append(&mut full.runtime);
    let uses = minimal.uses(options.attach == Attach::ExtensionTrait);
    let head_line = header(&api.source);
    let title = format!(
        " Every operation of `{}`: with the required values, and with all values.",
        api.source
    );
    let head = quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "deprecated operations are tested, too")]
        #uses
    };
    let left_out: Vec<String> = objects.1.into_iter().collect();
    let table = print::items(quote! {
        /// Every operation.
        pub(super) const CALLS: &[super::Call] = &[#(#rows),*];

        /// Members of objects that are in no request, with the reason.
        pub(super) const LEFT_OUT: &[&str] = &[#(#left_out),*];
    });
    let body: Vec<String> = std::iter::once(table)
        .chain(functions)
        .chain(objects.0)
        .collect();
    print::file(&context.texts, &head_line, head, &body)
}

/// Returns the functions that return the objects in requests.
fn objects(writer: &mut Writer<'_>) -> (Vec<String>, BTreeSet<String>) {
    let mut made: BTreeMap<&str, String> = BTreeMap::new();
    while let Some(name) = writer.wanted.pop_first() {
        if made.contains_key(name) {
            continue;
        }
        let object = writer.object(name);
        let (function, ty) = (of_full(name), ident(name));
        writer.named.insert(name);
        let body = match object {
            Ok(object) => quote!(Ok(#object)),
            Err(why) => {
                writer.left_out.insert(format!("`{name}`: {why}"));
                quote!(Err(#why.into()))
            }
        };
        made.insert(
            name,
            print::items(quote!(fn #function() -> super::Built<#ty> { #body })),
        );
    }
    (
        made.into_values().collect(),
        std::mem::take(&mut writer.left_out),
    )
}
