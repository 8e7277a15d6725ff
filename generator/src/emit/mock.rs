//! What tests need of operations, for the feature `mock`: reading what was set, and turning a value into the response
//! that says it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    Part, answers,
    context::{Context, ident},
    docs::{Docs, code},
    operations::{Plan, body_additional},
    print,
    slots::Place,
};
use crate::model::{Answer, AnswerShape, Encoding, Group, Payload, Shape, Status, TypeRef};

/// The file of a group: a module below it, so that it sees what operations hold.
pub(crate) fn file(context: &Context<'_>, group: &Group) -> Part {
    let items = group.operations.iter().map(|operation| {
        let additional = body_additional(context, operation);
        let plan = Plan::new(context, group, operation, additional.as_ref());
        // What is made up can be read without the feature already.
        let made_up = operation.params.iter().find(|param| param.made_up);
        let getters: Vec<TokenStream> = plan
            .places()
            .into_iter()
            .filter(|place| made_up.is_none_or(|param| param.name != place.name))
            .map(|place| getter(context, &place))
            .collect();
        let name = ident(&operation.type_name);
        let getters = (!getters.is_empty()).then(|| quote!(impl #name { #(#getters)* }));
        let respond = respond(context, &operation.answer);
        print::items(quote! {
            #getters
            impl rt::Mockable for #name {
                #respond
            }
        })
    });
    Part {
        docs: Docs::default()
            .own("For tests: what was set on operations, and responses made of values."),
        modules: Default::default(),
        items: items.collect(),
    }
}

/// A method that gives back what a setter was given.
fn getter(context: &Context<'_>, place: &Place<'_>) -> TokenStream {
    let docs = Docs::default()
        .own(format!("What is sent as {}.", code(place.wire)))
        .outer(&context.texts);
    let (name, held) = (ident(&place.name), &place.held);
    let (ty, how) = seen(context, place.shape, place.ty);
    let optional = quote!(Option<#ty>);
    let (gives, value) = match (place.shape, place.lazy) {
        (Shape::Bare | Shape::OrEmpty, false) if is_copy(place.ty) => (ty, quote!(self.#held)),
        (Shape::Bare | Shape::OrEmpty, false) => (ty, quote!(&self.#held)),
        (_, false) => (optional, quote!(self.#held #how)),
        (Shape::Bare | Shape::OrEmpty, true) if is_copy(place.ty) => {
            (optional, quote!(self.body.as_ref().map(|body| body.#held)))
        }
        (Shape::Bare | Shape::OrEmpty, true) => (
            optional,
            quote!(self.body.as_ref().map(|body| &*body.#held)),
        ),
        (_, true) => (
            optional,
            quote!(self.body.as_ref().and_then(|body| body.#held #how)),
        ),
    };
    quote! {
        #docs
        pub fn #name(&self) -> #gives {
            #value
        }
    }
}

/// A look at a value: its type, and how to get there from an `Option`.
fn seen(context: &Context<'_>, shape: Shape, ty: &TypeRef) -> (TokenStream, TokenStream) {
    if shape == Shape::OptionalNullable {
        let ty = context.ty(ty);
        return (quote!(&rt::Nullable<#ty>), quote!(.as_ref()));
    }
    match ty {
        TypeRef::String => (quote!(&str), quote!(.as_deref())),
        TypeRef::List(item) => {
            let item = context.ty(item);
            (quote!(&[#item]), quote!(.as_deref()))
        }
        TypeRef::Boxed(inner) => {
            let inner = context.ty(inner);
            (quote!(&#inner), quote!(.as_deref()))
        }
        _ if is_copy(ty) => (context.ty(ty).into_token_stream(), TokenStream::new()),
        _ => {
            let ty = context.ty(ty);
            (quote!(&#ty), quote!(.as_ref()))
        }
    }
}

fn is_copy(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Bool | TypeRef::Integer | TypeRef::Float | TypeRef::Number => true,
        TypeRef::Runtime(name) => name == "Amount",
        _ => false,
    }
}

/// The reverse of reading an answer.
fn respond(context: &Context<'_>, answer: &Answer) -> TokenStream {
    let ty = answers::ty(context, answer);
    let with_body = answer.cases.iter().find(|case| case.payload.is_some());
    let without = answer.cases.iter().find(|case| case.payload.is_none());
    let code_of = |case: Option<&crate::model::Case>| {
        let status = case.map_or(Status::Default, |case| case.status);
        status_code(answer, status)
    };
    let (parameter, body) = match &answer.shape {
        AnswerShape::Unit => {
            let status = code_of(without);
            (quote!(_), quote!(rt::RawResponse::of_status(#status)))
        }
        AnswerShape::Single { payload, optional } => {
            let (status, method) = (code_of(with_body), method(payload));
            let body = if *optional {
                let empty = code_of(without);
                quote! {
                    match answer {
                        Some(answer) => rt::RawResponse::#method(#status, answer),
                        None => rt::RawResponse::of_status(#empty),
                    }
                }
            } else {
                quote!(rt::RawResponse::#method(#status, answer))
            };
            (quote!(answer), body)
        }
        AnswerShape::Enum(name) => {
            let name = ident(name);
            let arms = answer.cases.iter().map(|case| {
                let (variant, status) = (ident(&case.variant), code_of(Some(case)));
                match &case.payload {
                    Some(payload) => {
                        let method = method(payload);
                        quote!(#name::#variant(answer) => rt::RawResponse::#method(#status, answer),)
                    }
                    None => quote!(#name::#variant => rt::RawResponse::of_status(#status),),
                }
            });
            let other = answers::has_other(answer)
                .then(|| quote!(#name::Other(response) => Ok(response.clone()),));
            (quote!(answer), quote!(match answer { #(#arms)* #other }))
        }
    };
    quote! {
        fn respond(#parameter: &#ty) -> Result<rt::RawResponse, rt::Error> {
            #body
        }
    }
}

fn method(payload: &Payload) -> proc_macro2::Ident {
    ident(match payload.encoding {
        Encoding::Json | Encoding::Form => "of_json",
        Encoding::Text => "of_text",
        Encoding::Bytes => "of_bytes",
        Encoding::Redirect => "of_redirect",
    })
}

/// A status that the case stands for and no other does.
fn status_code(answer: &Answer, status: Status) -> proc_macro2::Literal {
    let first = match status {
        Status::Code(code) => return proc_macro2::Literal::u16_unsuffixed(code),
        Status::Class(class) => class * 100,
        Status::Default => 200,
    };
    let named = |code: &u16| {
        let mut cases = answer.cases.iter();
        cases.any(|case| case.status == Status::Code(*code))
    };
    let free = (first..first + 100).find(|code| !named(code));
    proc_macro2::Literal::u16_unsuffixed(free.unwrap_or(first))
}
