//! What comes back: successes and failures by status, and headers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    context::{Context, ident},
    docs::{Docs, code},
    print::Items,
    structs,
};
use crate::model::{
    Answer, AnswerShape, Case, Encoding, Group, Operation, Payload, Status, TypeRef,
};

/// The Rust type of an answer.
pub(crate) fn ty(context: &Context<'_>, answer: &Answer) -> TokenStream {
    match &answer.shape {
        AnswerShape::Unit => quote!(()),
        AnswerShape::Single { payload, optional } => {
            let ty = context.ty(&payload.ty);
            if *optional {
                quote!(Option<#ty>)
            } else {
                quote!(#ty)
            }
        }
        AnswerShape::Enum(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// The function that reads an answer.
pub(crate) fn read(answer: &Answer, function: &str, ty: &TokenStream) -> TokenStream {
    let function = ident(function);
    let (parameter, body) = match &answer.shape {
        AnswerShape::Unit => (quote!(_), quote!(Ok(()))),
        AnswerShape::Single { payload, optional } => {
            let method = method(payload);
            let body = if *optional {
                quote!(response.optional(rt::RawResponse::#method))
            } else {
                quote!(response.#method())
            };
            (quote!(response), body)
        }
        AnswerShape::Enum(name) => (quote!(response), by_status(answer, name)),
    };
    quote! {
        fn #function(#parameter: &rt::RawResponse) -> Result<#ty, rt::Error> {
            #body
        }
    }
}

fn by_status(answer: &Answer, name: &str) -> TokenStream {
    let name = ident(name);
    let arms = answer.cases.iter().map(|case| {
        let pattern = pattern(case.status);
        let variant = ident(&case.variant);
        match &case.payload {
            Some(payload) => {
                let method = method(payload);
                quote!(#pattern => response.#method().map(#name::#variant),)
            }
            None => quote!(#pattern => Ok(#name::#variant),),
        }
    });
    let other = has_other(answer).then(|| quote!(_ => Ok(#name::Other(response.clone())),));
    quote!(match response.status.as_u16() { #(#arms)* #other })
}

/// The statuses of the class 3xx that are answers.
pub(crate) fn redirects(answer: &Answer) -> Vec<u16> {
    let cases = answer.cases.iter();
    let statuses: BTreeSet<u16> = cases
        .flat_map(|case| match case.status {
            Status::Code(code @ 300..=399) => vec![code],
            Status::Class(3) => vec![300, 301, 302, 303, 304, 305, 307, 308],
            _ => Vec::new(),
        })
        .collect();
    statuses.into_iter().collect()
}

/// Whether there are statuses that no case stands for.
pub(crate) fn has_other(answer: &Answer) -> bool {
    !answer
        .cases
        .iter()
        .any(|case| case.status == Status::Default)
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Class(class) => {
            // A range would overlap with the codes, which clippy takes for a mistake.
            let class = proc_macro2::Literal::u16_unsuffixed(class);
            quote!(status if status / 100 == #class)
        }
        Status::Default => quote!(_),
    }
}

fn method(payload: &Payload) -> TokenStream {
    match payload.encoding {
        Encoding::Json | Encoding::Form => quote!(json),
        Encoding::Text => quote!(text),
        Encoding::Bytes => quote!(bytes),
        Encoding::Redirect => quote!(redirect),
    }
}

/// The enums of an operation whose statuses have different bodies.
pub(crate) fn enums(context: &Context<'_>, group: &Group, operation: &Operation) -> TokenStream {
    let call = format!("[`{}::{}`]", group.type_name, operation.name);
    let success = status_enum(
        context,
        &operation.answer,
        &format!("What {call} gives, by status."),
    );
    let failure = status_enum(
        context,
        &operation.failure,
        &format!("What a failure of {call} carries, by status."),
    );
    quote!(#success #failure)
}

fn status_enum(context: &Context<'_>, answer: &Answer, docs: &str) -> Option<TokenStream> {
    let AnswerShape::Enum(name) = &answer.shape else {
        return None;
    };
    let variants = answer.cases.iter().map(|case| {
        let docs = Docs::default()
            .own(status(case))
            .text(&case.docs)
            .outer(&context.texts);
        let variant = ident(&case.variant);
        match &case.payload {
            Some(payload) => {
                let ty = context.ty(&payload.ty);
                quote!(#docs #variant(#ty),)
            }
            None => quote!(#docs #variant,),
        }
    });
    let other = has_other(answer).then(|| {
        quote! {
            /// A status that the document does not name.
            Other(rt::RawResponse),
        }
    });
    let shows_text = answer
        .cases
        .iter()
        .filter_map(|case| case.payload.as_ref())
        .any(|payload| has_text(&payload.ty));
    let debug = (!shows_text).then(|| quote!(, Debug));
    let name = ident(name);
    let hidden = shows_text.then(|| quote!(rt::hidden!(#name);));
    let docs = Docs::default().own(docs).outer(&context.texts);
    Some(quote! {
        #docs
        #[derive(Clone #debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other
        }
        #hidden
    })
}

fn status(case: &Case) -> String {
    match case.status {
        Status::Code(status) => format!("{}.", code(&status.to_string())),
        Status::Class(class) => format!("{}.", code(&format!("{class}XX"))),
        Status::Default => "Any other status.".to_owned(),
    }
}

/// Whether the `Debug` of the type would show text of the answer.
fn has_text(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String | TypeRef::Bytes | TypeRef::Json | TypeRef::JsonObject => true,
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner) => has_text(inner),
        _ => false,
    }
}

/// The type of an operation's headers and the function that reads them.
pub(crate) fn headers(context: &Context<'_>, operation: &Operation) -> (TokenStream, TokenStream) {
    if operation.headers.is_empty() {
        return (
            quote!(()),
            quote!(
                fn headers(_: &rt::HeaderMap) {}
            ),
        );
    }
    let name = headers_name(context, operation);
    let fields = operation.headers.iter().map(|header| {
        let (name, wire) = (ident(&header.name), &header.wire);
        quote!(#name: rt::header(headers, #wire),)
    });
    let read = quote! {
        fn headers(headers: &rt::HeaderMap) -> #name {
            #name { #(#fields)* }
        }
    };
    (quote!(#name), read)
}

fn headers_name(context: &Context<'_>, operation: &Operation) -> proc_macro2::Ident {
    let name = format!("{}Headers", operation.type_name);
    if context.get(&name).is_some() {
        format_ident!("{name}Values")
    } else {
        ident(&name)
    }
}

/// The struct of an operation's headers.
pub(crate) fn headers_struct(
    context: &Context<'_>,
    group: &Group,
    operation: &Operation,
) -> Option<Items> {
    if operation.headers.is_empty() {
        return None;
    }
    let name = headers_name(context, operation);
    let docs = Docs::default()
        .own(format!(
            "Headers that come with the answer of [`{}::{}`].",
            group.type_name, operation.name
        ))
        .outer(&context.texts);
    let fields = operation.headers.iter().map(|header| {
        let docs = Docs::default()
            .text_or(&header.docs, code(&header.wire))
            .outer(&context.texts);
        let (name, ty) = (ident(&header.name), context.ty(&header.ty));
        quote!(#docs pub #name: Option<#ty>,)
    });
    let definition = quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
    };
    let headers = operation.headers.iter();
    let members = headers.map(|header| structs::member("optional", &header.wire, &header.name));
    let items = Items::default().tokens(definition);
    Some(structs::written(items, &name.to_string(), members).tokens(quote!(rt::data!(#name);)))
}
