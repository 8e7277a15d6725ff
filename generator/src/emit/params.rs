//! How a parameter gets into a request.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Location, Param, Rule, Style};

/// The call that puts a parameter into the request; `held` is where the operation keeps it.
pub(crate) fn put(param: &Param, held: &TokenStream) -> TokenStream {
    let wire = &param.wire;
    if let Some(client) = &param.client_value {
        let method = match param.location {
            Location::Path => quote!(path_from_client),
            Location::Query => quote!(query_from_client),
            Location::Header | Location::Cookie => quote!(header_from_client),
        };
        return quote!(.#method(#wire, #client, #held));
    }
    match (param.location, param.style) {
        (Location::Path, Style::Json) => quote!(.path_json(#wire, #held)),
        (Location::Path, _) => quote!(.path(#wire, #held)),
        (Location::Query, Style::Single | Style::Repeat) => quote!(.query(#wire, #held)),
        (Location::Query, Style::DeepObject) => quote!(.query_deep(#wire, #held)),
        (Location::Query, Style::Json) => quote!(.query_json(#wire, #held)),
        (Location::Query, Style::Joined(separator)) => {
            let separator = match separator {
                ' ' => "%20".to_owned(),
                '|' => "%7C".to_owned(),
                other => other.to_string(),
            };
            quote!(.query_joined(#wire, #separator, #held))
        }
        (Location::Header, Style::Json) => quote!(.header_json(#wire, #held)),
        (Location::Header, _) => quote!(.header(#wire, #held)),
        (Location::Cookie, Style::Json) => quote!(.cookie_json(#wire, #held)),
        (Location::Cookie, _) => quote!(.cookie(#wire, #held)),
    }
}

/// The call that checks the rules of a parameter.
pub(crate) fn check(param: &Param, held: &TokenStream) -> Option<TokenStream> {
    let number = |number: &u64| proc_macro2::Literal::u64_unsuffixed(*number);
    let rules: Vec<TokenStream> = param
        .rules
        .iter()
        .map(|rule| match rule {
            Rule::MinItems(least) => {
                let least = number(least);
                quote!(rt::Rule::MinItems(#least))
            }
            Rule::MaxItems(most) => {
                let most = number(most);
                quote!(rt::Rule::MaxItems(#most))
            }
            Rule::MinLength(least) => {
                let least = number(least);
                quote!(rt::Rule::MinLength(#least))
            }
            Rule::MaxLength(most) => {
                let most = number(most);
                quote!(rt::Rule::MaxLength(#most))
            }
            Rule::NeedsCompanion(values) => quote!(rt::Rule::NeedsCompanion(&[#(#values),*])),
        })
        .collect();
    let wire = &param.wire;
    (!rules.is_empty()).then(|| quote!(.check(#wire, #held, &[#(#rules),*])))
}
