//! Serialization of parameters.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{ConstantParam, ConstantValue, Form, Location, Param, Part, Rule, Style};

/// Returns code that adds a parameter to the request; `held` is the field of the operation that holds it.
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
    let put = styled(&param.wire, param.location, param.style, held);
    reserved(param.reserved, param.location, put)
}

/// Returns code that adds a parameter with one value to the request.
pub(crate) fn put_constant(param: &ConstantParam) -> TokenStream {
    let value = match &param.value {
        ConstantValue::Null => quote!(rt::Constant::Null),
        ConstantValue::Text(text) => quote!(rt::Constant::Text(#text)),
        ConstantValue::Integer(number) => {
            let number = Literal::i64_unsuffixed(*number);
            quote!(rt::Constant::Integer(#number))
        }
        ConstantValue::Bool(flag) => quote!(rt::Constant::Bool(#flag)),
    };
    let put = styled(&param.wire, param.location, param.style, &quote!(&#value));
    reserved(param.reserved, param.location, put)
}

fn reserved(is_reserved: bool, location: Location, put: TokenStream) -> TokenStream {
    match (is_reserved, location) {
        (false, _) => put,
        (true, Location::Cookie) => quote!(.as_it_is(|request| request #put)),
        (true, _) => quote!(.reserved(|request| request #put)),
    }
}

fn styled(wire: &str, location: Location, style: Style, held: &TokenStream) -> TokenStream {
    match (location, style) {
        (Location::Path, Style::Exploded) => quote!(.path_exploded(#wire, #held)),
        (Location::Path, Style::Label { explode }) => quote!(.path_label(#wire, #explode, #held)),
        (Location::Path, Style::Matrix { explode }) => {
            quote!(.path_matrix(#wire, #explode, #held))
        }
        (Location::Path, Style::Json) => quote!(.path_json(#wire, #held)),
        (Location::Path, Style::Joined(separator)) if separator != ',' => {
            let separator = encoded(separator);
            quote!(.path_joined(#wire, #separator, #held))
        }
        (Location::Path, _) => quote!(.path(#wire, #held)),
        (Location::Query, Style::DeepObject) => quote!(.query_deep(#wire, #held)),
        (Location::Query, Style::Json) => quote!(.query_json(#wire, #held)),
        (Location::Query, Style::Joined(separator)) => {
            let separator = encoded(separator);
            quote!(.query_joined(#wire, #separator, #held))
        }
        (Location::Query, _) => quote!(.query(#wire, #held)),
        (Location::Header, Style::Exploded) => quote!(.header_exploded(#wire, #held)),
        (Location::Header, Style::Json) => quote!(.header_json(#wire, #held)),
        (Location::Header, Style::Joined(separator)) if separator != ',' => {
            let separator = separator.to_string();
            quote!(.header_joined(#wire, #separator, #held))
        }
        (Location::Header, _) => quote!(.header(#wire, #held)),
        (Location::Cookie, Style::Json) => quote!(.cookie_json(#wire, #held)),
        (Location::Cookie, Style::Repeat) => quote!(.cookie_exploded(#wire, #held)),
        (Location::Cookie, _) => quote!(.cookie(#wire, #held)),
    }
}

fn encoded(separator: char) -> String {
    match separator {
        ' ' => "%20".to_owned(),
        '\t' => "%09".to_owned(),
        '|' => "%7C".to_owned(),
        other => other.to_string(),
    }
}

/// Returns code that adds a form to the request.
pub(crate) fn form(media_type: &str, form: &Form) -> TokenStream {
    if *form == Form::default() {
        return quote!(.form(#media_type, &self.body));
    }
    let rest = rest(form);
    let parts = form.parts.iter().map(|part| {
        let (wire, reserved, style) = (&part.wire, part.reserved, part_style(part));
        quote!(rt::Part { name: #wire, style: #style, reserved: #reserved })
    });
    quote!(.form_of(#media_type, &self.body, #rest, &[#(#parts),*]))
}

/// Returns code that adds a multipart body to the request.
pub(crate) fn multipart(media_type: &str, form: &Form) -> TokenStream {
    // Without parameters: the boundary is ours.
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if media_type == "multipart/form-data" && *form == Form::default() {
        return quote!(.multipart(&self.body));
    }
    let rest = rest(form);
    let parts = form.parts.iter().map(|part| {
        let (wire, style) = (&part.wire, part_style(part));
        let of_part = part.media_type.as_deref().unwrap_or_default();
        quote!(rt::FormPart { name: #wire, style: #style, media_type: #of_part })
    });
    quote!(.multipart_of(#media_type, &self.body, #rest, &[#(#parts),*]))
}

/// Returns the encoding of the other members.
fn rest(form: &Form) -> TokenStream {
    match form.is_deep {
        true => quote!(rt::PartStyle::Deep),
        false => quote!(rt::PartStyle::Plain),
    }
}

fn part_style(part: &Part) -> TokenStream {
    let style = match part.style {
        Style::Repeat => quote!(Repeat),
        Style::Joined(separator) => {
            let separator = encoded(separator);
            quote!(Joined(#separator))
        }
        Style::DeepObject => quote!(Deep),
        Style::Json => quote!(Json),
        _ => quote!(Plain),
    };
    quote!(rt::PartStyle::#style)
}

/// Returns code that checks the rules of a parameter.
pub(crate) fn check(param: &Param, held: &TokenStream) -> Option<TokenStream> {
    let number = |number: &u64| Literal::u64_unsuffixed(*number);
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
