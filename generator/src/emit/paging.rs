//! Pagination: how to set where a page starts, and where to find the start of the next one.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    context::{Context, ident},
    responses,
};
use crate::model::{CursorPart, Operation, Shape, Step, ValuePlace};

/// Returns `impl rt::Paged`.
pub(crate) fn description(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let pagination = operation.pagination.as_ref()?;
    let name = ident(&operation.type_name);
    let item = context.ty(&pagination.item);
    let output = responses::ty(context, &operation.success);
    let object = operation.body.as_ref();
    let object = object.and_then(|body| context.get_struct(&body.ty));
    let cursor = pagination.cursor.iter().filter_map(|part| {
        let wire = &part.wire;
        let place = match part.place {
            ValuePlace::Param(index) => {
                let field = ident(&operation.params.get(index)?.field);
                quote!(self.#field)
            }
            ValuePlace::Member(index) => {
                let field = ident(&object?.1.fields.get(index)?.name);
                quote!(self.body.#field)
            }
        };
        Some(quote!(rt::part(#wire, &mut #place)))
    });
    let ways = || {
        let parts = pagination.cursor.iter();
        parts.filter_map(|part| part.sources.last())
    };
    let mut places = vec![wire(&pagination.items)];
    let next = if pagination.behind_last {
        let list = optional(&quote!(output), &pagination.items);
        let parts = pagination
            .cursor
            .iter()
            .map(|part| value(operation, part, &quote!(last)));
        let ways = ways().map(|source| wire(&source.way));
        quote!(rt::Next::behind(#list, |last| [#(#parts),*], &[#(#ways),*]))
    } else {
        let parts = pagination.cursor.iter();
        places.extend((parts.clone().flat_map(|part| &part.sources)).map(|way| wire(&way.way)));
        let parts = parts.map(|part| value(operation, part, &quote!(output)));
        quote!(rt::Next::told([#(#parts),*]))
    };
    let items = taken(&pagination.items);
    Some(quote! {
        impl rt::Paged for #name {
            type Item = #item;

            const PLACES: &'static [&'static str] = &[#(#places),*];

            fn cursor(&mut self) -> Vec<rt::CursorPart<'_>> {
                Vec::from([#(#cursor),*])
            }
            fn next(&self, output: &#output) -> rt::Next {
                #next
            }
            fn items(output: #output) -> rt::List<#item> {
                #items
            }
        }
    })
}

/// Returns the names on the wire, joined with dots.
fn wire(way: &[Step]) -> String {
    let names: Vec<&str> = way.iter().map(|step| step.wire.as_str()).collect();
    names.join(".")
}

/// Returns the value of a part of the cursor for the next page.
fn value(operation: &Operation, part: &CursorPart, start: &TokenStream) -> TokenStream {
    let mut ways = part.sources.iter().rev();
    let otherwise = ways.next().map(|source| optional(start, &source.way));
    let way = ways.fold(quote!(#otherwise), |otherwise, source| {
        let way = optional(start, &source.way);
        let params = source.when.iter();
        let set = params.filter_map(|&index| {
            let field = ident(&operation.params.get(index)?.field);
            Some(quote!(self.#field.is_some()))
        });
        quote!(if #(#set)||* { #way } else { #otherwise })
    });
    quote!(rt::position(#way))
}

/// Returns an `Option<&T>`: the value at the path from `start`.
fn optional(start: &TokenStream, way: &[Step]) -> TokenStream {
    let Some((first, rest)) = way.split_first() else {
        return quote!(Some(#start));
    };
    let field = ident(&first.field);
    let first = match first.shape {
        Shape::Bare | Shape::Several => quote!(Some(&#start.#field)),
        Shape::Optional => quote!(#start.#field.as_ref()),
    };
    rest.iter().fold(first, |before, step| {
        let field = ident(&step.field);
        match step.shape {
            Shape::Bare | Shape::Several => quote!(#before.map(|it| &it.#field)),
            Shape::Optional => quote!(#before.and_then(|it| it.#field.as_ref())),
        }
    })
}

/// Returns the list, moved out of the output.
fn taken(way: &[Step]) -> TokenStream {
    let mut value = quote!(output);
    let mut in_option = false;
    for step in way {
        let field = ident(&step.field);
        let is_plain = step.shape != Shape::Optional;
        value = match (in_option, is_plain) {
            (false, _) => quote!(#value.#field),
            (true, true) => quote!(#value.map(|it| it.#field)),
            (true, false) => quote!(#value.and_then(|it| it.#field)),
        };
        in_option |= !is_plain;
    }
    if in_option {
        quote!(#value.unwrap_or_default())
    } else {
        value
    }
}
