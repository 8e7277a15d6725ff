//! Responses: successes and errors by status, and headers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    context::{Context, ident, slim},
    docs::{Docs, code},
    print::{self, literal},
};
use crate::model::{
    Case, Group, Operation, Payload, PayloadEncoding, ResponseShape, Responses, Shape, Status,
    TypeRef,
};

/// Returns the Rust type of a response.
pub(crate) fn ty(context: &Context<'_>, responses: &Responses) -> TokenStream {
    match &responses.shape {
        ResponseShape::Unit => quote!(()),
        ResponseShape::Single { payload, optional } => {
            let ty = context.ty(&payload.ty);
            if *optional {
                quote!(Option<#ty>)
            } else {
                quote!(#ty)
            }
        }
        ResponseShape::Enum(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// Returns a sentence: the return value of an operation, with a link to its type.
pub(crate) fn returns(context: &Context<'_>, operation: &Operation) -> String {
    let responses = &operation.success;
    let statuses = statuses(responses);
    let what = match &responses.shape {
        ResponseShape::Unit => "no value".to_owned(),
        ResponseShape::Single { payload, optional } => {
            let what = linked(context, &payload.ty);
            match optional {
                true => format!("{what}, if the response has a body"),
                false => what,
            }
        }
        ResponseShape::Enum(name) => format!("[`{name}`], by status"),
    };
    match responses.cases.len() {
        0 | 1 => format!("Returns {what}."),
        _ => format!("Returns {what} ({statuses})."),
    }
}

/// Returns a sentence: the documented error statuses, and the type of their bodies.
pub(crate) fn errors(context: &Context<'_>, operation: &Operation) -> Option<String> {
    let responses = &operation.error;
    let statuses = (!responses.cases.is_empty()).then(|| statuses(responses))?;
    Some(match &responses.shape {
        ResponseShape::Unit => format!("Error statuses: {statuses}."),
        ResponseShape::Single { payload, .. } => {
            let body = linked(context, &payload.ty);
            format!("Error statuses: {statuses}, with {body}.")
        }
        ResponseShape::Enum(name) => format!("Error statuses: {statuses}, with [`{name}`]."),
    })
}

fn statuses(responses: &Responses) -> String {
    let mut statuses: Vec<String> = Vec::new();
    for case in &responses.cases {
        statuses.push(match case.status {
            Status::Code(status) => code(&status.to_string()),
            Status::Class(class) => code(&format!("{class}XX")),
            Status::Default => "any other".to_owned(),
        });
    }
    statuses.join(", ")
}

/// Returns a type in a sentence, with links.
fn linked(context: &Context<'_>, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(name) => format!("[`{name}`]"),
        TypeRef::Runtime(ty) => format!("[`{0}`](rt::{0})", ty.name()),
        TypeRef::List(item) | TypeRef::OneOrList(item) => {
            format!("a list of {}", linked(context, item))
        }
        TypeRef::Map(value) => format!("a map of {}", linked(context, value)),
        TypeRef::Nullable(inner) => format!("{} or `null`", linked(context, inner)),
        TypeRef::Boxed(inner) | TypeRef::Deep(inner) => linked(context, inner),
        TypeRef::Bytes => "bytes".to_owned(),
        TypeRef::Json => "any JSON".to_owned(),
        TypeRef::JsonObject => "a JSON object".to_owned(),
        ty => {
            let name = print::ty(&context.ty(ty));
            code(&name.replace("rt::", ""))
        }
    }
}

/// Returns the function that reads a response; nothing if the response's type reads itself.
pub(crate) fn read(responses: &Responses, function: &str) -> Option<TokenStream> {
    let (ty, call) = match (json_text(responses), &responses.shape) {
        (Some(ty), _) => (ty, quote!(response.json())),
        (None, ResponseShape::Single { payload, optional })
            if payload.encoding == PayloadEncoding::TextOrJson =>
        {
            match optional {
                false => (quote!(String), quote!(response.text_or_json())),
                true => (
                    quote!(Option<String>),
                    quote!(response.if_any(rt::RawResponse::text_or_json)),
                ),
            }
        }
        _ => return None,
    };
    let function = ident(function);
    Some(quote! {
        fn #function(response: &rt::RawResponse) -> Result<#ty, rt::Error> {
            #call
        }
    })
}

/// Returns the function that creates a response, for tests; nothing if the response's type creates it.
pub(crate) fn respond(responses: &Responses) -> Option<TokenStream> {
    let ty = json_text(responses)?;
    Some(quote! {
        fn respond(output: &#ty) -> Result<rt::RawResponse, rt::Error> {
            rt::RawResponse::of_json(Self::INFO.status, output)
        }
    })
}

/// Returns the type of a response that is a JSON string: by default, a `String` is read as plain text.
fn json_text(responses: &Responses) -> Option<TokenStream> {
    let ResponseShape::Single { payload, optional } = &responses.shape else {
        return None;
    };
    if payload.encoding != PayloadEncoding::Json {
        return None;
    }
    match (&payload.ty, optional) {
        (TypeRef::String, false) => Some(quote!(String)),
        (TypeRef::String, true) => Some(quote!(Option<String>)),
        (TypeRef::Nullable(inner), _) if **inner == TypeRef::String => Some(quote!(Option<String>)),
        _ => None,
    }
}

/// Returns the success status of a mock: the first one with a body if there are several.
pub(crate) fn status_code(responses: &Responses) -> proc_macro2::Literal {
    let with_body = responses.cases.iter().find(|case| case.payload.is_some());
    let case = with_body.or(responses.cases.first());
    let status = case.map_or(Status::Default, |case| case.status);
    code_of(responses, status, SUCCESS)
}

/// The default status of a success whose status the document does not name.
const SUCCESS: u16 = 200;
/// The same of an error.
const FAILURE: u16 = 500;

/// Returns a status of the case that no other case has.
fn code_of(responses: &Responses, status: Status, unnamed: u16) -> proc_macro2::Literal {
    let first = match status {
        Status::Code(code) => return proc_macro2::Literal::u16_unsuffixed(code),
        Status::Class(class) => class * 100,
        Status::Default => unnamed,
    };
    let named = |code: &u16| {
        let mut cases = responses.cases.iter();
        cases.any(|case| case.status == Status::Code(*code))
    };
    let free = (first..first + 100).find(|code| !named(code));
    proc_macro2::Literal::u16_unsuffixed(free.unwrap_or(first))
}

/// Returns `impl rt::FromResponse` of an enum by status.
fn by_status(responses: &Responses, name: &proc_macro2::Ident, unnamed: u16) -> TokenStream {
    let cases = || responses.cases.iter();
    let read = cases().map(|case| {
        let pattern = pattern(case.status);
        let variant = ident(&case.variant);
        match &case.payload {
            Some(payload) => {
                let read = match method(payload) {
                    Some(method) => quote!(response.#method()),
                    None => quote!(rt::FromResponse::from_response(response)),
                };
                quote!(#pattern => #read.map(Self::#variant),)
            }
            None => quote!(#pattern => Ok(Self::#variant),),
        }
    });
    let unread = cases().filter(|case| case.payload.is_some()).map(|case| {
        let variant = ident(&case.variant);
        quote!(Self::#variant(value) => rt::FromResponse::unread(value),)
    });
    let made = cases().map(|case| {
        let variant = ident(&case.variant);
        let status = code_of(responses, case.status, unnamed);
        match &case.payload {
            Some(payload)
                if payload.encoding == PayloadEncoding::Json && method(payload).is_some() =>
            {
                quote!(Self::#variant(value) => rt::RawResponse::of_json(#status, value),)
            }
            Some(_) => {
                quote!(Self::#variant(value) => rt::FromResponse::to_response(value, #status),)
            }
            None => quote!(Self::#variant => rt::RawResponse::of_status(#status),),
        }
    });
    let has_other = has_other(responses);
    let read_other = has_other.then(|| quote!(_ => Ok(Self::Other(response.clone())),));
    let made_other = has_other.then(|| quote!(Self::Other(response) => Ok(response.clone()),));
    let without = has_other || cases().any(|case| case.payload.is_none());
    let unread_other = without.then(|| quote!(_ => Vec::new(),));
    quote! {
        impl rt::FromResponse for #name {
            fn from_response(response: &rt::RawResponse) -> Result<Self, rt::Error> {
                match response.status.as_u16() { #(#read)* #read_other }
            }

            fn unread(&self) -> Vec<rt::Unread> {
                match self { #(#unread)* #unread_other }
            }

            fn to_response(&self, _: u16) -> Result<rt::RawResponse, rt::Error> {
                match self { #(#made)* #made_other }
            }
        }
    }
}

/// Returns the statuses of the class 3xx that are successes.
pub(crate) fn redirects(responses: &Responses) -> Vec<u16> {
    let cases = responses.cases.iter();
    let statuses: BTreeSet<u16> = cases
        .flat_map(|case| match case.status {
            Status::Code(code @ 300..=399) => vec![code],
            Status::Class(3) => vec![300, 301, 302, 303, 304, 305, 307, 308],
            _ => Vec::new(),
        })
        .collect();
    statuses.into_iter().collect()
}

/// Returns whether some statuses have no case.
pub(crate) fn has_other(responses: &Responses) -> bool {
    !responses
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
            // A range would overlap with the codes, which clippy reports as a mistake.
            let class = proc_macro2::Literal::u16_unsuffixed(class);
            quote!(status if status / 100 == #class)
        }
        Status::Default => quote!(_),
    }
}

/// Returns the method that reads a payload, if its type does not determine it.
fn method(payload: &Payload) -> Option<proc_macro2::Ident> {
    let is_text = payload.ty == TypeRef::String;
    match payload.encoding {
        PayloadEncoding::TextOrJson => Some(ident("text_or_json")),
        PayloadEncoding::Json if is_text => Some(ident("json")),
        _ => None,
    }
}

/// Returns the enums of an operation whose statuses have different bodies.
pub(crate) fn enums(context: &Context<'_>, group: &Group, operation: &Operation) -> TokenStream {
    if operation.is_further() {
        return TokenStream::new();
    }
    let call = format!("[`{}::{}`]", group.type_name, operation.name);
    let success = status_enum(
        context,
        &operation.success,
        &format!("Response of {call}, by status."),
        SUCCESS,
    );
    let error = status_enum(
        context,
        &operation.error,
        &format!("Error response of {call}, by status."),
        FAILURE,
    );
    quote!(#success #error)
}

fn status_enum(
    context: &Context<'_>,
    responses: &Responses,
    docs: &str,
    unnamed: u16,
) -> Option<TokenStream> {
    let ResponseShape::Enum(name) = &responses.shape else {
        return None;
    };
    let variants = responses.cases.iter().map(|case| {
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
    let other = has_other(responses).then(|| {
        quote! {
            /// An undocumented status.
            Other(rt::RawResponse),
        }
    });
    let shows_text = responses
        .cases
        .iter()
        .filter_map(|case| case.payload.as_ref())
        .any(|payload| has_text(&payload.ty));
    let debug = (!shows_text).then(|| quote!(, Debug));
    let name = ident(name);
    let hidden = shows_text.then(|| quote!(rt::hidden!(#name);));
    let docs = Docs::default().own(docs).outer(&context.texts);
    let slim = slim();
    let by_status = by_status(responses, &name, unnamed);
    Some(quote! {
        #docs
        #slim
        #[derive(Clone #debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other
        }
        #by_status
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

/// Returns whether the `Debug` output of the type would show text of the response.
fn has_text(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String | TypeRef::Bytes | TypeRef::Json | TypeRef::JsonObject => true,
        TypeRef::List(inner)
        | TypeRef::OneOrList(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner)
        | TypeRef::Deep(inner) => has_text(inner),
        _ => false,
    }
}

/// Returns the type of an operation's headers.
pub(crate) fn headers(context: &Context<'_>, operation: &Operation) -> TokenStream {
    if operation.headers.is_empty() {
        return quote!(());
    }
    let name = headers_name(context, operation);
    quote!(#name)
}

pub(crate) fn headers_name(context: &Context<'_>, operation: &Operation) -> proc_macro2::Ident {
    let name = format!("{}Headers", operation.family);
    if context.get(&name).is_some() {
        format_ident!("{name}Values")
    } else {
        ident(&name)
    }
}

/// Returns the struct of an operation's headers.
pub(crate) fn headers_struct(
    context: &Context<'_>,
    group: &Group,
    operation: &Operation,
) -> Option<String> {
    if operation.headers.is_empty() || operation.is_further() {
        return None;
    }
    let name = headers_name(context, operation);
    let docs = Docs::default()
        .own(format!(
            "Headers of the response of [`{}::{}`].",
            group.type_name, operation.name
        ))
        .outer(&context.texts);
    let fields = operation.headers.iter().map(|header| {
        let docs = Docs::default()
            .about(&header.docs, &[&header.name, &header.wire])
            .name_on_the_wire(&header.wire, &header.name)
            .outer(&context.texts);
        let ty = context.field_ty(Shape::of(&header.ty), &header.ty);
        let name = ident(&header.name);
        quote!(#docs pub #name: #ty,)
    });
    let slim = slim();
    let definition = quote! {
        #docs
        #slim
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
    };
    let rows = operation.headers.iter();
    let rows = rows.map(|header| format!("{} {}", literal(&header.wire), header.name));
    let table = print::table("headers", &name.to_string(), rows);
    Some(print::with_table(definition, &table))
}
