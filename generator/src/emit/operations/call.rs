//! The complete operation: its fields, its request and its response.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Plan, held};
use crate::{
    emit::{
        context::{deprecated, ident, slim},
        docs::Docs,
        paging, params, print, responses,
    },
    load::METHODS,
    model::{BodyEncoding, Idempotency, Operation, Shape, StreamFormat},
};

impl Plan<'_> {
    /// Returns the type of the complete operation.
    pub(crate) fn value(&self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let docs = Docs::default()
            .own(format!(
                "The complete operation of [`{}::{}`], to store it or to send it later.",
                self.group.type_name, operation.name
            ))
            .outer(&context.texts);
        let (deprecated, slim) = (deprecated(operation.deprecated.as_ref()), slim());
        let name = ident(&operation.type_name);
        let fields = self.fields().into_iter().map(|param| {
            let docs = Docs::default()
                .about(
                    &param.docs,
                    &[&param.name, &param.wire, &operation.type_name],
                )
                .unconfirmed(param.unconfirmed.as_ref(), None)
                .name_on_the_wire(&param.wire, &param.name)
                .outer(&context.texts);
            let deprecated = self::deprecated(param.deprecated.as_ref());
            let shape = match param.argument {
                true => Shape::Bare,
                false => Shape::of(&param.ty),
            };
            let (name, ty) = (ident(&param.field), context.field_ty(shape, &param.ty));
            quote!(#docs #deprecated pub #name: #ty,)
        });
        let body = self.held_body().map(|(body, ty)| {
            let docs = Docs::default()
                .about(&body.docs, &["body", &operation.type_name])
                .outer(&context.texts);
            quote!(#docs pub body: #ty,)
        });
        quote! {
            #docs
            #deprecated
            #slim
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
                #body
            }
        }
    }

    /// Returns `rt::operation!`.
    pub(crate) fn table(&self) -> String {
        let fields = self.fields().into_iter().map(|param| param.field.clone());
        let body = self.held_body().map(|_| "body".to_owned());
        let fields: Vec<String> = fields.chain(body).collect();
        let name = &self.operation.type_name;
        let line = match fields.as_slice() {
            [] => format!("rt::operation!({name} {{}});"),
            fields => format!("rt::operation!({name} {{ {} }});", fields.join(", ")),
        };
        match line.len() {
            ..=100 => line,
            _ => print::table("operation", name, fields.into_iter()),
        }
    }

    /// Returns `impl rt::Operation`; `neighbours` are in the same file.
    pub(crate) fn description(&self, neighbours: &[&Operation]) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let name = ident(&operation.type_name);
        let output = responses::ty(context, &operation.success);
        let error = responses::ty(context, &operation.error);
        let info = self.info();
        let settles = self.settles(neighbours);
        let paged = paging::description(context, operation);
        let streams = self.streams();
        let repeatable = self.is_repeatable().map(|is_repeatable| {
            quote! {
                fn is_repeatable(&self) -> bool {
                    #is_repeatable
                }
            }
        });
        let complete = self.made_up().map(|param| {
            let field = ident(&param.field);
            quote! {
                fn complete(&mut self) {
                    rt::fill_key(&mut self.#field);
                }
            }
        });
        let identity = operation.identity(context.api).map(|identity| {
            let requested = ident(&identity.requested.field);
            let returned = ident(&identity.returned.name);
            let returned = match identity.returned.shape {
                Shape::Bare => quote!(Some(output.#returned.as_str())),
                Shape::Optional | Shape::Several => {
                    quote!(output.#returned.as_ref().map(|id| id.as_str()))
                }
            };
            quote! {
                fn requested_id(&self) -> Option<&str> {
                    Some(self.#requested.as_str())
                }
                fn returned_id(output: &Self::Output) -> Option<&str> {
                    #returned
                }
            }
        });
        let request = self.request();
        let read_output = responses::read(&operation.success, "output");
        let read_error = responses::read(&operation.error, "error_response");
        let respond = responses::respond(&operation.success);
        let headers = responses::headers(context, operation);
        quote! {
            impl rt::Operation for #name {
                type Output = #output;
                type ErrorResponse = #error;
                type Headers = #headers;
                #info
                #repeatable
                fn request(&self) -> Result<rt::Request, rt::Error> {
                    #request
                }
                #complete
                #identity
                #read_output
                #read_error
                #respond
            }
            #settles
            #paged
            #streams
        }
    }

    /// Returns `impl rt::Streams`.
    fn streams(&self) -> Option<TokenStream> {
        let stream = self.operation.stream.as_ref()?;
        let name = ident(&self.operation.type_name);
        let item = self.context.ty(&stream.item);
        let (media_type, is_text) = (&stream.media_type, stream.is_text);
        let may_be_text = stream.may_be_text;
        let format = match stream.format {
            StreamFormat::Events => quote!(Events),
            StreamFormat::Lines => quote!(Lines),
            StreamFormat::Sequence => quote!(Sequence),
        };
        let end = match &stream.end {
            Some(end) => quote!(Some(#end)),
            None => quote!(None),
        };
        Some(quote! {
            impl rt::Streams for #name {
                type Item = #item;

                const STREAM: &'static rt::StreamInfo = &rt::StreamInfo {
                    media_type: #media_type,
                    format: rt::StreamFormat::#format,
                    is_text: #is_text,
                    may_be_text: #may_be_text,
                    end: #end,
                };
            }
        })
    }

    /// Returns `impl rt::Settles`.
    fn settles(&self, neighbours: &[&Operation]) -> Option<TokenStream> {
        let by = self.settled_by()?;
        let name = ident(&self.operation.type_name);
        let mut neighbours = neighbours.iter();
        let by = match neighbours.any(|operation| operation.type_name == by.type_name) {
            true => ident(&by.type_name),
            false => self.context.named(&by.type_name),
        };
        Some(quote! {
            impl rt::Settles for #name {
                type By = #by;
            }
        })
    }

    /// Returns whether the request has the value by which the server recognizes a retry.
    fn is_repeatable(&self) -> Option<TokenStream> {
        let operation = self.operation;
        Some(match operation.idempotency(self.context.api)? {
            Idempotency::Param(param) => {
                let held = held(param);
                quote!(rt::is_filled(#held))
            }
            Idempotency::Member(body, field) => {
                let field = ident(&field.name);
                match body.required {
                    true => quote!(rt::is_filled(&self.body.#field)),
                    false => {
                        quote!(self.body.as_ref().is_some_and(|body| rt::is_filled(&body.#field)))
                    }
                }
            }
        })
    }

    fn info(&self) -> TokenStream {
        let (api, operation) = (self.context.api, self.operation);
        let (name, path, accept) = (&operation.full_name, &operation.path, &operation.accept);
        let is_known = |name: &str| METHODS.iter().any(|key| key.to_ascii_uppercase() == name);
        let (method, extension) = match operation.method.as_str() {
            known if is_known(known) => (known, None),
            // Safe, as GET is.
            "QUERY" => ("GET", Some("QUERY")),
            other => ("POST", Some(other)),
        };
        let method = ident(method);
        let server = match api.servers.get(operation.server) {
            Some(server) => {
                let server = ident(&server.constant);
                quote!(&servers::#server)
            }
            None => quote!(&rt::Server { url: "" }),
        };
        let security = operation.security.iter().map(|alternative| {
            let schemes = alternative
                .iter()
                .filter_map(|&index| api.schemes.get(index))
                .map(|scheme| {
                    let scheme = ident(&scheme.constant);
                    quote!(&schemes::#scheme)
                });
            quote!(&[#(#schemes),*])
        });
        let security: Vec<TokenStream> = security.collect();
        let scopes = &operation.scopes;
        let status = responses::status_code(&operation.success);
        let redirects = responses::redirects(&operation.success);
        let redirects: Vec<Literal> = (redirects.iter())
            .map(|status| Literal::u16_unsuffixed(*status))
            .collect();
        let settled_by = self.settled_by().map(|by| &by.name);
        let request_id = operation.request_id_header.as_ref();
        // Usual values are left out.
        let special = [
            extension.map(|name| quote!(extension_method: Some(#name),)),
            (!security.is_empty()).then(|| quote!(security: &[#(#security),*],)),
            (!scopes.is_empty()).then(|| quote!(scopes: &[#(#scopes),*],)),
            (accept != "application/json").then(|| quote!(accept: #accept,)),
            (status.to_string() != "200").then(|| quote!(status: #status,)),
            (!redirects.is_empty()).then(|| quote!(redirects: &[#(#redirects),*],)),
            settled_by.map(|name| quote!(settled_by: Some(#name),)),
            request_id.map(|name| quote!(request_id_header: Some(#name),)),
        ];
        let rest = special.iter().any(Option::is_none);
        let rest = rest.then(|| quote!(..rt::Info::USUAL));
        let special = special.iter().flatten();
        quote! {
            const INFO: &'static rt::Info = &rt::Info {
                name: #name,
                method: &rt::Method::#method,
                path: #path,
                server: #server,
                #(#special)*
                #rest
            };
        }
    }

    fn request(&self) -> TokenStream {
        let calls = self.operation.params.iter().map(|param| {
            let held = held(param);
            let wire = &param.wire;
            let need = param.is_needed().then(|| quote!(.require(#wire, #held)));
            let check = params::check(param, &held);
            let put = params::put(param, &held);
            quote!(#need #check #put)
        });
        let body = self.operation.body.as_ref().map(|body| {
            let media_type = &body.media_type;
            let by_reference = match body.required {
                false => quote!(self.body.as_ref()),
                true => quote!(Some(&self.body)),
            };
            match &body.encoding {
                BodyEncoding::Json => quote!(.json(#media_type, &self.body)),
                BodyEncoding::Form(form) => params::form(media_type, form),
                BodyEncoding::Multipart(form) => params::multipart(media_type, form),
                BodyEncoding::Text => quote!(.text(#media_type, &self.body)),
                BodyEncoding::Bytes => quote!(.bytes(#media_type, #by_reference)),
            }
        });
        let constants = self.operation.constants.iter().map(params::put_constant);
        quote!(rt::Request::new(Self::INFO.path) #(#calls)* #(#constants)* #body.finish())
    }
}
