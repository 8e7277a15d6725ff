//! Base URLs: constants, and types for those with variables.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    context::{Context, ident},
    docs::{Docs, code},
};
use crate::model::{Member, Server, Template, Variable};

/// Returns `servers.rs`.
pub(crate) fn file(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    let servers = context.api.servers.iter().map(|server| {
        let docs = Docs::default()
            .text_or(&server.docs, format!("{}.", code(&server.url)))
            .outer(&context.texts);
        let (name, url) = (ident(&server.constant), &server.url);
        let template = server.template.as_ref();
        let template = template.map(|template| self::template(context, server, template));
        quote! {
            #docs
            pub static #name: rt::Server = rt::Server { url: #url };
            #template
        }
    });
    let docs = Docs::default()
        .own("Base URLs in the document. Settings of the client choose the one that is used.")
        .inner(&context.texts);
    quote!(#docs #runtime #(#servers)*)
}

/// Returns the type of a base URL with variables.
fn template(context: &Context<'_>, server: &Server, template: &Template) -> TokenStream {
    let name = ident(&template.type_name);
    let docs = Docs::default()
        .own(format!("The base URL {}.", code(&template.url)))
        .own(format!(
            "`ClientBuilder::server(&{}, url)` and `ClientBuilder::base_url(url)` take it.",
            server.constant
        ))
        .outer(&context.texts);
    let (mut fields, mut defaults, mut setters, mut enums) = (vec![], vec![], vec![], vec![]);
    let mut pattern = template.url.replace('{', "{{").replace('}', "}}");
    let mut values = Vec::new();
    for variable in &template.variables {
        let docs = Docs::default()
            .about(&variable.docs, &[&variable.field, &variable.wire])
            .own(format!("Defaults to {}.", code(&variable.default)))
            .outer(&context.texts);
        let (field, default) = (ident(&variable.field), &variable.default);
        values.push((format!("{{{{{}}}}}", variable.wire), quote!(url.#field)));
        match &variable.values {
            None => {
                fields.push(quote!(#field: String));
                defaults.push(quote!(#field: #default.to_owned()));
                setters.push(quote! {
                    #docs
                    #[must_use]
                    pub fn #field(mut self, #field: impl Into<String>) -> Self {
                        self.#field = #field.into();
                        self
                    }
                });
            }
            Some((ty, members)) => {
                let ty = ident(ty);
                let chosen = members.iter().find(|member| member.wire == *default);
                let chosen = chosen.map(|member| ident(&member.variant));
                fields.push(quote!(#field: #ty));
                defaults.push(quote!(#field: #ty::#chosen));
                setters.push(quote! {
                    #docs
                    #[must_use]
                    pub fn #field(mut self, #field: #ty) -> Self {
                        self.#field = #field;
                        self
                    }
                });
                enums.push(values_of(context, &ty, variable, members));
            }
        }
    }
    // In the order of the URL; a variable may be in it twice.
    let mut arguments = Vec::new();
    while let Some((at, name, value)) = values
        .iter()
        .filter_map(|(name, value)| Some((pattern.find(name.as_str())?, name, value)))
        .min_by_key(|(at, ..)| *at)
    {
        pattern.replace_range(at..at + name.len(), "{}");
        arguments.push(value.clone());
    }
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name { #(#fields),* }

        impl Default for #name {
            fn default() -> Self {
                Self { #(#defaults),* }
            }
        }

        impl #name { #(#setters)* }

        impl From<#name> for String {
            fn from(url: #name) -> Self {
                format!(#pattern, #(#arguments),*)
            }
        }

        #(#enums)*
    }
}

/// Returns the type of the values that the document lists for a variable.
fn values_of(
    context: &Context<'_>,
    ty: &Ident,
    variable: &Variable,
    members: &[Member<String>],
) -> TokenStream {
    let docs = Docs::default().own(format!("Values of {} in a base URL.", code(&variable.wire)));
    let docs = docs.outer(&context.texts);
    let variants = members.iter().map(|member| ident(&member.variant));
    let texts = members.iter().map(|member| {
        let (variant, wire) = (ident(&member.variant), &member.wire);
        quote!(Self::#variant => #wire)
    });
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ty { #(#variants),* }

        impl std::fmt::Display for #ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let text = match self { #(#texts),* };
                f.write_str(text)
            }
        }
    }
}
