//! Lists that come in pages: how to set where a page begins, and where the next one does.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    answers,
    context::{Context, ident},
    slots::Slot,
};
use crate::model::{CursorPart, Operation, Shape, Step};

/// Methods that builders of lists have beside those that all have.
const METHODS: &[&str] = &["pages", "items"];

/// Keeps setters off the names of these methods.
pub(crate) fn make_way(operation: &Operation, slots: &mut [Slot<'_>]) {
    let clashing = |slot: &&mut Slot<'_>| METHODS.contains(&slot.setter.as_str());
    for slot in slots.iter_mut().filter(clashing) {
        if operation.pagination.is_some() {
            slot.setter.push_str("_value");
        }
    }
}

/// Methods of the builder.
pub(crate) fn methods(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    operation.pagination.as_ref()?;
    let (client, name) = (context.client(), ident(&operation.type_name));
    Some(quote! {
        /// The list page by page.
        pub fn pages(self) -> rt::Pages<#client, #name> where #client: rt::Transport, Self: rt::Build<#client, #name> {
            rt::pages(self)
        }

        /// The items of all pages.
        pub fn items(self) -> rt::Items<#client, #name> where #client: rt::Transport, Self: rt::Build<#client, #name> {
            rt::items(self)
        }
    })
}

/// `impl rt::Paged`.
pub(crate) fn description(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let pagination = operation.pagination.as_ref()?;
    let name = ident(&operation.type_name);
    let item = context.ty(&pagination.item);
    let answer = answers::ty(context, &operation.answer);
    let cursor = pagination.cursor.iter().map(|part| {
        let (wire, field) = (&part.wire, ident(&part.field));
        let store = if part.in_body {
            quote!(body)
        } else {
            quote!(optional)
        };
        quote!(rt::part(#wire, &mut self.#store.#field))
    });
    let next = if pagination.behind_last {
        let last = list(&pagination.items, quote!(last));
        let parts = pagination
            .cursor
            .iter()
            .map(|part| value(part, &quote!(last)));
        quote!(rt::Next::behind(#last, |last| [#(#parts),*]))
    } else {
        let parts = pagination
            .cursor
            .iter()
            .map(|part| value(part, &quote!(answer)));
        quote!(rt::Next::told([#(#parts),*]))
    };
    let items = taken(&pagination.items);
    Some(quote! {
        impl rt::Paged for #name {
            type Item = #item;
            fn cursor(&mut self) -> Vec<rt::CursorPart<'_>> {
                Vec::from([#(#cursor),*])
            }
            fn next(&self, answer: &#answer) -> rt::Next {
                #next
            }
            fn items(answer: #answer) -> Vec<#item> {
                #items
            }
        }
    })
}

/// The value of a part for the next page.
fn value(part: &CursorPart, start: &TokenStream) -> TokenStream {
    let mut ways = part.sources.iter().rev();
    let otherwise = ways.next().map(|source| optional(start, &source.way));
    let way = ways.fold(quote!(#otherwise), |otherwise, source| {
        let way = optional(start, &source.way);
        let set = source.when.iter().map(|name| {
            let name = ident(name);
            quote!(self.optional.#name.is_some())
        });
        quote!(if #(#set)||* { #way } else { #otherwise })
    });
    quote!(rt::position(#way))
}

/// `Option<&T>`, from `start` along the way.
fn optional(start: &TokenStream, way: &[Step]) -> TokenStream {
    let Some((first, rest)) = way.split_first() else {
        return quote!(Some(#start));
    };
    let field = ident(&first.field);
    let first = match first.shape {
        Shape::Bare | Shape::OrEmpty => quote!(Some(&#start.#field)),
        Shape::Optional | Shape::NullOr => quote!(#start.#field.as_ref()),
        Shape::OptionalNullable => {
            quote!(#start.#field.as_ref().and_then(rt::Nullable::as_option))
        }
    };
    rest.iter().fold(first, |before, step| {
        let field = ident(&step.field);
        match step.shape {
            Shape::Bare | Shape::OrEmpty => quote!(#before.map(|it| &it.#field)),
            Shape::Optional | Shape::NullOr => quote!(#before.and_then(|it| it.#field.as_ref())),
            Shape::OptionalNullable => {
                quote!(#before.and_then(|it| it.#field.as_ref()?.as_option()))
            }
        }
    })
}

/// `Option<&T>` out of the list of the answer by this method.
fn list(way: &[Step], method: TokenStream) -> TokenStream {
    match way {
        [] => quote!(answer.#method()),
        [step] if matches!(step.shape, Shape::Bare | Shape::OrEmpty) => {
            let field = ident(&step.field);
            quote!(answer.#field.#method())
        }
        _ => {
            let list = optional(&quote!(answer), way);
            quote!(#list.and_then(|list| list.#method()))
        }
    }
}

/// The list, taken out of the answer.
fn taken(way: &[Step]) -> TokenStream {
    let mut value = quote!(answer);
    let mut in_option = false;
    for step in way {
        let field = ident(&step.field);
        let is_plain = matches!(step.shape, Shape::Bare | Shape::OrEmpty);
        let inner = match step.shape {
            Shape::OptionalNullable => quote!(it.#field?.into_option()),
            _ => quote!(it.#field),
        };
        value = match (in_option, step.shape) {
            (false, Shape::OptionalNullable) => {
                quote!(#value.#field.and_then(rt::Nullable::into_option))
            }
            (false, _) => quote!(#value.#field),
            (true, _) if is_plain => quote!(#value.map(|it| #inner)),
            (true, _) => quote!(#value.and_then(|it| #inner)),
        };
        in_option |= !is_plain;
    }
    if in_option {
        quote!(#value.unwrap_or_default())
    } else {
        value
    }
}
