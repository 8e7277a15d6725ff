//! The method of a group that starts an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::{BodyPlan, Plan, arguments};
use crate::emit::{
    builders, calls,
    context::{deprecated, ident},
    docs::{Docs, code},
    responses,
    setters::setter,
};
use crate::model::{Operation, ResponseShape, Responses};

impl<'a> Plan<'a> {
    /// Returns the method of the group.
    pub(crate) fn method(&'a self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let docs = self.docs();
        let alias = searched(operation).map(|alias| quote!(#[doc(alias = #alias)]));
        let deprecated = deprecated(operation.deprecated.as_ref());
        let (name, builder) = (ident(&operation.name), &self.shell.name);
        let client = context.client();
        let takes = arguments(operation).map(|param| {
            let name = ident(&param.name);
            let takes = setter(context, &param.name, &param.ty).takes;
            quote!(#name: #takes)
        });
        let mut begins: Vec<TokenStream> = Vec::new();
        for param in arguments(operation) {
            let field = ident(&param.field);
            let value = setter(context, &param.name, &param.ty).value;
            begins.push(if field == value.to_string() {
                quote!(#field)
            } else {
                quote!(#field: #value)
            });
        }
        for param in &operation.params {
            if let Some(default) = &param.default {
                let (field, value) = (ident(&param.field), context.literal(default, &param.ty));
                begins.push(quote!(#field: Some(#value)));
            }
        }
        if let BodyPlan::Fields { body, object, .. } = &self.body
            && (body.required || self.may_skip_body())
            && let Some((held, _)) = self.context.get_named(&body.ty)
        {
            let values: Vec<TokenStream> = builders::begins_with(context, object)
                .map(|(field, value)| {
                    let field = ident(&field.name);
                    quote!(#field: #value)
                })
                .collect();
            if !values.is_empty() {
                let held = context.named(held);
                let begin = quote!(#held { #(#values,)* ..rt::blank() });
                begins.push(match body.required {
                    true => quote!(body: #begin),
                    false => quote!(body: Some(#begin)),
                });
            }
        }
        let held = self.fields().len() + usize::from(self.held_body().is_some());
        let rest = (begins.len() < held).then(|| quote!(..rt::unset()));
        let ty = ident(&operation.type_name);
        let start = match begins.is_empty() {
            true => quote!(rt::unset()),
            false => quote!(#ty { #(#begins,)* #rest }),
        };
        quote! {
            #docs
            #alias
            #deprecated
            pub fn #name(&self #(, #takes)*) -> #builder<#client> {
                #builder { partial: rt::PartialCall::new(&self.client, #start) }
            }
        }
    }

    /// Returns methods with the former names of the operation.
    pub(crate) fn former_methods(&'a self) -> Vec<TokenStream> {
        let (context, operation) = (self.context, self.operation);
        let (name, builder, client) = (ident(&operation.name), &self.shell.name, context.client());
        let takes = || {
            arguments(operation).map(|param| {
                let name = ident(&param.name);
                let takes = setter(context, &param.name, &param.ty).takes;
                quote!(#name: #takes)
            })
        };
        let former = |(old, _): &(String, String)| {
            let docs = Docs::default().own(format!(
                "The former name of [`{}`](Self::{}).",
                operation.name, operation.name
            ));
            let docs = docs.outer(&context.texts);
            let note = format!("is called `{}` now", operation.name);
            let old = ident(old);
            let takes = takes();
            let given = arguments(operation).map(|param| ident(&param.name));
            quote! {
                #docs
                #[deprecated(note = #note)]
                pub fn #old(&self #(, #takes)*) -> #builder<#client> {
                    self.#name(#(#given),*)
                }
            }
        };
        operation.formerly.iter().map(former).collect()
    }

    /// Returns types with the former names of the operation.
    pub(crate) fn former_types(&'a self) -> Vec<TokenStream> {
        let (context, operation) = (self.context, self.operation);
        let is_own = !operation.is_further();
        let headers = (is_own && !operation.headers.is_empty()).then_some("Headers");
        let is_enum =
            |responses: &Responses| is_own && matches!(responses.shape, ResponseShape::Enum(_));
        let response = is_enum(&operation.success).then_some("Output");
        let error = is_enum(&operation.error).then_some("ErrorResponse");
        let ends: Vec<&str> = [Some(""), headers, response, error]
            .into_iter()
            .flatten()
            .collect();
        let former = |(_, old): &(String, String)| {
            let alias = |end: &str, declared: TokenStream, parameters: TokenStream| {
                let new = format!("{}{end}", operation.type_name);
                let docs = Docs::default().own(format!("The former name of [`{new}`]."));
                let docs = docs.outer(&context.texts);
                let note = format!("is called `{new}` now");
                let (old, new) = (ident(&format!("{old}{end}")), ident(&new));
                quote! {
                    #docs
                    #[deprecated(note = #note)]
                    pub type #old #declared = #new #parameters;
                }
            };
            let plain = |end: &&str| alias(end, TokenStream::new(), TokenStream::new());
            let mut all: Vec<TokenStream> = ends.iter().map(plain).collect();
            let (declared, parameters) = (self.shell.declared(context), self.shell.parameters());
            all.push(alias("Builder", declared, parameters));
            quote!(#(#all)*)
        };
        operation.formerly.iter().map(former).collect()
    }

    /// Returns sentences: the media type of the body, and the methods with the others.
    fn media_types(&self) -> Option<String> {
        let operation = self.operation;
        let own = code(&operation.body.as_ref()?.media_type);
        let all = self.group.operations.iter();
        let mut others = all.filter(|other| other.family == operation.family);
        if operation.is_further() {
            // The first one lists them.
            let first = others.find(|other| !other.is_further())?;
            let media_type = code(&first.body.as_ref()?.media_type);
            let name = &first.name;
            return Some(format!(
                "The body is sent as {own}; [`{name}`](Self::{name}) sends it as {media_type}."
            ));
        }
        let others: Vec<String> = others
            .filter(|other| other.is_further())
            .filter_map(|other| {
                let media_type = code(&other.body.as_ref()?.media_type);
                Some(format!("{media_type}: [`{0}`](Self::{0})", other.name))
            })
            .collect();
        (!others.is_empty()).then(|| {
            let others = others.join(", ");
            format!("The body is sent as {own}. Other media types of the body: {others}.")
        })
    }

    fn docs(&'a self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let names: [&str; 2] = [&operation.name, &self.group.type_name];
        let docs = Docs::default()
            .about(&sentence(&operation.summary), &names)
            .own(code(&format!("{} {}", operation.method, operation.path)))
            .about(&operation.docs, &names)
            .unconfirmed(operation.unconfirmed.as_ref(), None);
        let outcome = [
            Some(responses::returns(context, operation)),
            self.shell.required_docs(&self.shell.name.to_string()),
            responses::errors(context, operation),
        ];
        let outcome: Vec<String> = outcome.into_iter().flatten().collect();
        let docs = docs.own(outcome.join(" "));
        let constants = operation.constants.iter();
        let constants: Vec<String> = constants
            .map(|one| {
                format!(
                    "{} is always {}.",
                    code(&one.wire),
                    code(&one.value.to_string())
                )
            })
            .collect();
        let docs = docs.own(constants.join(" "));
        let scopes: Vec<String> = operation.scopes.iter().map(|scope| code(scope)).collect();
        let docs = match scopes.as_slice() {
            [] => docs,
            [scope] => docs.own(format!("Needs the scope {scope}.")),
            _ => docs.own(format!("Needs one of the scopes {}.", scopes.join(", "))),
        };
        let docs = match self.settled_by() {
            Some(by) => docs.own(format!(
                "If the outcome is unknown, call {} to find out.",
                code(&by.name)
            )),
            None => docs,
        };
        let docs = match operation.idempotency(self.context.api) {
            Some(place) => {
                let given = match place.required() {
                    true => "",
                    false => " that is set",
                };
                docs.own(format!(
                    "Executed at most once per {}{given}, even if it is sent several times.",
                    code(place.wire())
                ))
            }
            None => docs,
        };
        let docs = match &operation.pagination {
            Some(_) => docs.own(
                "`.send()` returns one page, `.pages()` all pages and `.items()` their items.",
            ),
            None => docs,
        };
        let offers: Vec<String> = (operation.offers.iter())
            .map(|offer| format!("{}: `.send_as_{}()`", code(&offer.media_type), offer.name))
            .collect();
        let docs = match offers.is_empty() {
            true => docs,
            false => docs.own(format!(
                "Other media types of the response: {}.",
                offers.join(", ")
            )),
        };
        let docs = match self.media_types() {
            Some(media_types) => docs.own(media_types),
            None => docs,
        };
        let docs = match &operation.stream {
            Some(stream) => docs.own(format!(
                "The response can be a stream ({}): `.events()` returns its events while they arrive.",
                code(&stream.media_type)
            )),
            None => docs,
        };
        docs.own(calls::example(self.context, self).unwrap_or_default())
            .outer(&self.context.texts)
    }
}

/// Returns the word of the path that people search for: `refund` of `/transactions/{id}/refund`.
fn searched(operation: &Operation) -> Option<&str> {
    let last = operation.path.rsplit('/').next()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_alias = !last.is_empty() && last.chars().all(is_word);
    (is_alias && last != operation.name.trim_start_matches("r#")).then_some(last)
}

/// Returns a summary as a sentence.
fn sentence(summary: &str) -> String {
    let summary = summary.trim();
    if summary.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
        format!("{summary}.")
    } else {
        summary.to_owned()
    }
}
