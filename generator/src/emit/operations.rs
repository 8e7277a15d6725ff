//! Operations: the complete call as a value, what the document says about it, and its builder.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{
    answers, builders, calls,
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    paging, params,
    setters::setter,
    slots::{Place, Shell, Slot, is_needed, kept},
};
use crate::model::{Body, Encoding, Group, Idempotency, Operation, Param, Shape, Struct, TypeRef};

/// How an operation gets its body.
enum BodyPlan<'a> {
    None,
    /// Whole, by `.body(…)`; required or not.
    Whole(&'a Body, String),
    /// Field by field, out of a struct that is complete from the start.
    Plain {
        body: &'a Body,
        object: &'a Struct,
        name: &'a str,
    },
    /// Field by field; the struct is made when all required ones are there.
    Parts {
        body: &'a Body,
        object: &'a Struct,
        name: &'a str,
    },
}

/// Everything about one operation that more than one function needs.
pub(crate) struct Plan<'a> {
    context: &'a Context<'a>,
    group: &'a Group,
    operation: &'a Operation,
    body: BodyPlan<'a>,
    shell: Shell<'a>,
    /// The struct that keeps optional parameters.
    optional: Ident,
    /// There are optional parameters.
    waits: bool,
    /// The builder has a field `body` that is no required value.
    holds_body: bool,
}

/// Whether the fields of an operation's struct are set on the operation. A body that may be left out is, when it has
/// values that are always sent, set as a whole: else leaving it out could not be said.
pub(crate) fn flattens<'a>(context: &Context<'a>, body: &Body) -> Option<(&'a str, &'a Struct)> {
    let (name, object) = context.get_struct(&body.ty).filter(|_| body.flatten)?;
    (body.required || builders::is_plain(object)).then_some((name, object))
}

/// The type of `additional` of a body that is flattened; kept apart because the model has no place to borrow it from.
pub(crate) fn body_additional(context: &Context<'_>, operation: &Operation) -> Option<TypeRef> {
    let (_, object) = flattens(context, operation.body.as_ref()?)?;
    builders::additional(object)
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        group: &'a Group,
        operation: &'a Operation,
        additional: Option<&'a TypeRef>,
    ) -> Self {
        let by_name = operation.params.iter().filter(|param| !param.argument);
        let mut slots: Vec<Slot<'a>> = by_name.map(Slot::param).collect();
        paging::make_way(operation, &mut slots);
        let taken: Vec<String> = operation
            .params
            .iter()
            .map(|param| param.name.clone())
            .collect();
        let taken: Vec<String> = taken
            .into_iter()
            .chain(slots.iter().map(|slot| slot.setter.clone()))
            .collect();
        let body = body_plan(context, operation, &taken);
        if let BodyPlan::Plain { body, object, .. } | BodyPlan::Parts { body, object, .. } = &body {
            let mut fields = builders::slots(object, additional, "body", !body.required);
            for slot in &mut fields {
                if taken.contains(&slot.setter) {
                    slot.setter = format!("body_{}", slot.setter.trim_start_matches("r#"));
                }
            }
            paging::make_way(operation, &mut fields);
            slots.extend(fields);
        }
        if let BodyPlan::Whole(body, setter) = &body {
            slots.push(Slot::body(body, setter));
        }
        let waits_in = |store: &str| {
            slots
                .iter()
                .any(|slot| !slot.required && slot.store == store)
        };
        let waits = waits_in("optional");
        let holds_body = match &body {
            BodyPlan::None => false,
            BodyPlan::Whole(body, _) => !body.required,
            BodyPlan::Plain { .. } => true,
            BodyPlan::Parts { .. } => waits_in("body"),
        };
        let mut carried = vec![ident("client")];
        carried.extend(arguments(operation).map(|param| ident(&kept(&param.name))));
        carried.extend(waits.then(|| ident("optional")));
        carried.extend(holds_body.then(|| ident("body")));
        let builder = format_ident!("{}Builder", operation.type_name);
        let shell = Shell::new(context, builder, Some(context.client()), carried, slots);
        let optional = builders::waiting_name(context, &operation.type_name);
        Self {
            context,
            group,
            operation,
            body,
            shell,
            optional,
            waits,
            holds_body,
        }
    }

    pub(crate) fn group(&self) -> &'a Group {
        self.group
    }

    pub(crate) fn operation(&self) -> &'a Operation {
        self.operation
    }

    /// What the method takes.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &'a Param> + use<'a> {
        arguments(self.operation)
    }

    /// What is set by name.
    pub(crate) fn slots(&self) -> &[Slot<'a>] {
        &self.shell.slots
    }

    /// The method of the group.
    pub(crate) fn method(&'a self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let docs = self.docs();
        let deprecated = deprecated(operation.deprecated.as_ref());
        let (name, builder) = (ident(&operation.name), &self.shell.name);
        let client = context.client();
        let takes = arguments(operation).map(|param| {
            let name = ident(&param.name);
            let takes = setter(context, &name, &param.ty, Shape::Bare).takes;
            quote!(#name: #takes)
        });
        let given = arguments(operation).map(|param| {
            let (name, field) = (ident(&param.name), ident(&kept(&param.name)));
            let value = setter(context, &name, &param.ty, Shape::Bare).value;
            if field == value.to_string() {
                quote!(#field,)
            } else {
                quote!(#field: #value,)
            }
        });
        let missing = self.shell.missing();
        let optional = self.waits.then(|| self.start());
        let body = match &self.body {
            BodyPlan::Whole(
                Body {
                    required: false, ..
                },
                _,
            ) => Some(quote!(body: None,)),
            BodyPlan::Plain { body, .. } if !body.required => Some(quote!(body: None,)),
            BodyPlan::Plain { name, .. } => {
                let name = context.named(name);
                Some(quote!(body: #name::default(),))
            }
            BodyPlan::Parts { name, .. } if self.holds_body => {
                let name = builders::waiting_name(context, name);
                Some(quote!(body: builders::#name::default(),))
            }
            _ => None,
        };
        quote! {
            #docs
            #deprecated
            pub fn #name(&self #(, #takes)*) -> #builder<#client> {
                #builder { client: self.client.clone(), #(#given)* #missing #optional #body }
            }
        }
    }

    /// `optional: …`, with the values that are sent unless something else is set.
    fn start(&self) -> TokenStream {
        let optional = &self.optional;
        let waiting: Vec<&Slot<'_>> = self
            .shell
            .optional()
            .filter(|slot| slot.store == "optional")
            .collect();
        let defaults: Vec<TokenStream> = waiting
            .iter()
            .filter_map(|slot| {
                let (field, value) = (
                    ident(&slot.field),
                    self.context.literal(slot.default?, slot.ty),
                );
                Some(quote!(#field: Some(#value),))
            })
            .collect();
        if defaults.is_empty() {
            return quote!(optional: #optional::default(),);
        }
        let rest = (defaults.len() < waiting.len()).then(|| quote!(..#optional::default()));
        quote!(optional: #optional { #(#defaults)* #rest },)
    }

    fn docs(&'a self) -> TokenStream {
        let operation = self.operation;
        let call = code(&format!("{} {}", operation.method, operation.path));
        let docs = Docs::default().text_or(&sentence(&operation.summary), &call);
        let docs = if operation.summary.trim().is_empty() {
            docs
        } else {
            docs.own(&call)
        };
        let docs = docs.text(&operation.docs);
        let scopes: Vec<String> = operation.scopes.iter().map(|scope| code(scope)).collect();
        let docs = match scopes.as_slice() {
            [] => docs,
            [scope] => docs.own(format!("Needs the scope {scope}.")),
            _ => docs.own(format!("Needs one of the scopes {}.", scopes.join(", "))),
        };
        let docs = match &operation.settled_by {
            Some(name) => docs.own(format!(
                "Where nobody knows whether it was carried out, {} tells.",
                code(name)
            )),
            None => docs,
        };
        let docs = match &operation.idempotent_by {
            Some(name) => {
                let given = match operation.idempotency(self.context.api) {
                    Some(place) if !place.required() => " that is set",
                    _ => "",
                };
                docs.own(format!(
                    "Carried out once for each {}{given}, however often it is sent.",
                    code(name)
                ))
            }
            None => docs,
        };
        let docs = match &operation.pagination {
            Some(_) => docs.own(
                "`.send()` gives one page, `.pages()` all of them and `.items()` what is on them.",
            ),
            None => docs,
        };
        docs.own(format!("From {}.", code(&self.context.api.source)))
            .own(calls::example(self.context, self).unwrap_or_default())
            .outer()
    }

    /// The builder.
    pub(crate) fn builder(&self) -> TokenStream {
        let (context, operation, shell) = (self.context, self.operation, &self.shell);
        let builder = &shell.name;
        let docs = Docs::default()
            .own(format!(
                "Sets the values of [`{}::{}`] and sends it.",
                self.group.type_name, operation.name
            ))
            .outer();
        let deprecated = deprecated(operation.deprecated.as_ref());
        let client = context.client();
        let declared = shell.declared(context);
        let parameters = shell.parameters();
        let arguments = arguments(operation).map(|param| {
            let (name, ty) = (ident(&kept(&param.name)), context.ty(&param.ty));
            quote!(#name: #ty,)
        });
        let held = shell.held();
        let optional_name = &self.optional;
        let optional = self.waits.then(|| quote!(optional: #optional_name,));
        let body = self.holds_body.then(|| {
            let ty = self.held_body_ty();
            quote!(body: #ty,)
        });
        let (setters, states) = (shell.setters(context), &shell.states);
        let build = self.build();
        let name = ident(&operation.type_name);
        let answer = answers::ty(context, &operation.answer);
        let listing = paging::methods(context, operation);
        let waiting = builders::waiting(
            context,
            &self.optional,
            &TokenStream::new(),
            shell.optional().filter(|slot| slot.store == "optional"),
        );
        quote! {
            #docs
            #deprecated
            #[derive(Clone)]
            #[must_use = "nothing is sent before `.send()`"]
            pub struct #builder #declared {
                client: #client,
                #(#arguments)*
                #held
                #optional
                #body
            }
            impl #parameters #builder #parameters {
                #setters

                /// The complete operation, to keep or to send later.
                pub fn build(self) -> #name where Self: rt::Build<#client, #name> {
                    rt::Build::finish(self).1
                }

                /// Sends the operation and gives the value of its answer.
                pub fn send(self) -> #client::Sent<#answer> where #client: rt::Transport, Self: rt::Build<#client, #name> {
                    rt::send(self)
                }

                /// Sends the operation and gives status and headers beside the value.
                pub fn send_with_response(self) -> #client::Sent<rt::Response<#name>>
                where #client: rt::Transport, Self: rt::Build<#client, #name> {
                    rt::send_with_response(self)
                }

                #listing
            }
            rt::hidden!(#builder, #client #(, #states)*);
            #build
            #waiting
        }
    }

    /// `impl rt::Build`: the one place that says what has to be given.
    fn build(&self) -> TokenStream {
        let (context, operation, shell) = (self.context, self.operation, &self.shell);
        let (builder, client) = (&shell.name, context.client());
        let bounds = shell.bounds(context);
        let parameters = shell.parameters();
        let name = ident(&operation.type_name);
        let arguments = arguments(operation).map(|param| {
            let name = ident(&kept(&param.name));
            quote!(#name: self.#name,)
        });
        let required = shell
            .required()
            .filter(|slot| slot.store == "optional")
            .map(|slot| slot.finished(context));
        let optional = self.waits.then(|| self.kept_optional());
        let body = match &self.body {
            BodyPlan::None => None,
            BodyPlan::Whole(..) => shell.slots.last().map(|slot| slot.finished(context)),
            BodyPlan::Plain { .. } => Some(quote!(body: self.body,)),
            BodyPlan::Parts { name, .. } => {
                let name = context.named(name);
                let fields = shell
                    .slots
                    .iter()
                    .filter(|slot| slot.store == "body")
                    .map(|slot| slot.finished(context));
                Some(quote!(body: #name { #(#fields)* },))
            }
        };
        let value = if self.is_unit() {
            quote!(#name)
        } else {
            quote!(#name { #(#arguments)* #(#required)* #optional #body })
        };
        let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds),*));
        quote! {
            impl #parameters rt::Build<#client, #name> for #builder #parameters #bounds {
                fn finish(self) -> (#client, #name) {
                    (self.client, #value)
                }
            }
        }
    }

    /// The complete call.
    pub(crate) fn value(&self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let docs = Docs::default()
            .own(format!(
                "A complete call of [`{}::{}`].",
                self.group.type_name, operation.name
            ))
            .outer();
        let deprecated = deprecated(operation.deprecated.as_ref());
        let name = ident(&operation.type_name);
        if self.is_unit() {
            return quote! {
                #docs
                #deprecated
                #[derive(Clone)]
                #[non_exhaustive]
                pub struct #name;
            };
        }
        let given =
            arguments(operation).chain(operation.params.iter().filter(|param| is_needed(param)));
        let fields = given.map(|param| {
            let (name, ty) = (ident(&kept(&param.name)), context.ty(&param.ty));
            quote!(#name: #ty,)
        });
        let optional_name = &self.optional;
        let optional = self.waits.then(|| quote!(optional: #optional_name,));
        let body = (!matches!(self.body, BodyPlan::None)).then(|| {
            let ty = self.body_ty();
            quote!(body: #ty,)
        });
        quote! {
            #docs
            #deprecated
            #[derive(Clone)]
            pub struct #name {
                #(#fields)*
                #optional
                #body
            }
        }
    }

    /// `impl rt::Operation`.
    pub(crate) fn description(&self) -> TokenStream {
        let (context, operation) = (self.context, self.operation);
        let name = ident(&operation.type_name);
        let answer = answers::ty(context, &operation.answer);
        let failure = answers::ty(context, &operation.failure);
        let info = self.info();
        let settled_by = (operation.settled_by.iter())
            .map(|name| quote!(const SETTLED_BY: Option<&'static str> = Some(#name);));
        let redirects = answers::redirects(&operation.answer);
        let redirects = (!redirects.is_empty()).then(|| {
            let redirects = redirects
                .iter()
                .map(|status| Literal::u16_unsuffixed(*status));
            quote!(const REDIRECTS: &'static [u16] = &[#(#redirects),*];)
        });
        let request_id = (operation.request_id_header.iter())
            .map(|name| quote!(const REQUEST_ID_HEADER: Option<&'static str> = Some(#name);));
        let settles = self.settles();
        let paged = paging::description(context, operation);
        let repeatable = self.is_repeatable().map(|is_repeatable| {
            quote! {
                fn is_repeatable(&self) -> bool {
                    #is_repeatable
                }
            }
        });
        let key = self.key();
        let request = self.request();
        let read_answer = answers::read(&operation.answer, "answer", &answer);
        let read_failure = answers::read(&operation.failure, "failure", &failure);
        let (headers, read_headers) = answers::headers(context, operation);
        quote! {
            impl rt::Operation for #name {
                type Answer = #answer;
                type Failure = #failure;
                type Headers = #headers;
                #info
                #(#settled_by)*
                #redirects
                #repeatable
                #(#request_id)*
                fn request(&self) -> Result<rt::Request, rt::Error> {
                    #request
                }
                #read_answer
                #read_failure
                #read_headers
            }
            rt::operation!(#name);
            #settles
            #paged
            #key
        }
    }

    /// `impl rt::Settles`.
    fn settles(&self) -> Option<TokenStream> {
        let by = self.operation.settled_by.as_ref()?;
        let groups = self.context.api.groups.iter();
        let mut operations =
            groups.flat_map(|group| group.operations.iter().map(move |one| (group, one)));
        let (group, by) = operations.find(|(_, operation)| operation.name == *by)?;
        let (name, type_name) = (ident(&self.operation.type_name), ident(&by.type_name));
        // Groups are files of their own.
        let by = if group.name == self.group.name {
            quote!(#type_name)
        } else {
            quote!(super::#type_name)
        };
        Some(quote! {
            impl rt::Settles for #name {
                type By = #by;
            }
        })
    }

    /// Whether there is the value by which the server knows a repetition.
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

    /// The parameter that gets a key where the caller sets none.
    fn made_up(&self) -> Option<&'a Param> {
        self.operation.params.iter().find(|param| param.made_up)
    }

    /// `optional: …` of the finished operation.
    fn kept_optional(&self) -> TokenStream {
        let Some(param) = self.made_up() else {
            return quote!(optional: self.optional,);
        };
        let (optional, field) = (&self.optional, ident(&param.name));
        let waiting = self
            .shell
            .optional()
            .filter(|slot| slot.store == "optional");
        let rest = (waiting.count() > 1).then(|| quote!(..self.optional));
        quote! {
            optional: #optional {
                #field: rt::idempotency_key(self.optional.#field),
                #rest
            },
        }
    }

    /// The method that shows the key.
    fn key(&self) -> Option<TokenStream> {
        let param = self.made_up()?;
        let (name, field) = (ident(&self.operation.type_name), ident(&param.name));
        let docs = Docs::default()
            .own(format!(
                "What is sent as {}: the caller's, or one made up for this operation. However often it is sent, it is \
                 carried out once.",
                code(&param.wire)
            ))
            .outer();
        Some(quote! {
            impl #name {
                #docs
                pub fn #field(&self) -> &str {
                    self.optional.#field.as_deref().unwrap_or_default()
                }
            }
        })
    }

    fn info(&self) -> TokenStream {
        let (api, operation) = (self.context.api, self.operation);
        let (name, path, accept) = (&operation.full_name, &operation.path, &operation.accept);
        let method = ident(&operation.method.to_ascii_uppercase());
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
        let scopes = &operation.scopes;
        quote! {
            const INFO: rt::Info = rt::Info {
                name: #name,
                method: rt::Method::#method,
                path: #path,
                server: #server,
                security: &[#(#security),*],
                scopes: &[#(#scopes),*],
                accept: #accept,
            };
        }
    }

    fn request(&self) -> TokenStream {
        let calls = self.operation.params.iter().map(|param| {
            let held = held(param);
            let check = params::check(param, &held);
            let put = params::put(param, &held);
            quote!(#check #put)
        });
        let body = self.operation.body.as_ref().map(|body| {
            let media_type = &body.media_type;
            let by_reference = match &self.body {
                BodyPlan::Whole(
                    Body {
                        required: false, ..
                    },
                    _,
                ) => quote!(self.body.as_ref()),
                _ => quote!(Some(&self.body)),
            };
            match body.encoding {
                Encoding::Json => quote!(.json(#media_type, &self.body)),
                Encoding::Form => quote!(.form(#media_type, &self.body)),
                Encoding::Text => quote!(.text(#media_type, &self.body)),
                Encoding::Bytes | Encoding::Redirect => {
                    quote!(.bytes(#media_type, #by_reference))
                }
            }
        });
        quote!(rt::Request::new(Self::INFO.path) #(#calls)* #body.finish())
    }

    fn held_body_ty(&self) -> TokenStream {
        match &self.body {
            BodyPlan::Parts { name, .. } => {
                let name = builders::waiting_name(self.context, name);
                quote!(builders::#name)
            }
            _ => self.body_ty(),
        }
    }

    fn body_ty(&self) -> TokenStream {
        let (BodyPlan::Whole(body, _)
        | BodyPlan::Plain { body, .. }
        | BodyPlan::Parts { body, .. }) = &self.body
        else {
            return quote!(());
        };
        let ty = self.context.ty(&body.ty);
        if body.required {
            ty
        } else {
            quote!(Option<#ty>)
        }
    }

    /// Where the complete call keeps its values.
    pub(crate) fn places(&self) -> Vec<Place<'_>> {
        let arguments = arguments(self.operation).map(|param| {
            let field = ident(&kept(&param.name));
            Place {
                name: param.name.clone(),
                wire: &param.wire,
                ty: &param.ty,
                shape: Shape::Bare,
                held: quote!(#field),
                lazy: false,
            }
        });
        let set = self.shell.slots.iter().map(|slot| {
            let field = ident(&slot.field);
            let held = match slot.store {
                "body" if !slot.lazy => quote!(body.#field),
                "optional" if !slot.required => quote!(optional.#field),
                _ => quote!(#field),
            };
            Place {
                name: slot.setter.clone(),
                wire: slot.wire,
                ty: slot.ty,
                shape: slot.shape,
                held,
                lazy: slot.lazy,
            }
        });
        arguments.chain(set).collect()
    }

    /// Modules of the root that the operation names.
    pub(crate) fn modules(&self) -> Vec<&'static str> {
        let mut modules = Vec::new();
        if self.shell.required().next().is_some() {
            modules.push("required");
        }
        if matches!(self.body, BodyPlan::Parts { .. }) && self.holds_body {
            modules.push("builders");
        }
        if self
            .operation
            .security
            .iter()
            .any(|alternative| !alternative.is_empty())
        {
            modules.push("schemes");
        }
        if self.context.api.servers.len() > self.operation.server {
            modules.push("servers");
        }
        modules
    }

    fn is_unit(&self) -> bool {
        self.operation.params.is_empty() && matches!(self.body, BodyPlan::None)
    }
}

fn body_plan<'a>(
    context: &Context<'a>,
    operation: &'a Operation,
    taken: &[String],
) -> BodyPlan<'a> {
    let Some(body) = &operation.body else {
        return BodyPlan::None;
    };
    match flattens(context, body) {
        Some((name, object)) if builders::is_plain(object) => {
            BodyPlan::Plain { body, object, name }
        }
        Some((name, object)) => BodyPlan::Parts { body, object, name },
        None if taken.iter().any(|name| name == "body") => {
            BodyPlan::Whole(body, "request_body".to_owned())
        }
        None => BodyPlan::Whole(body, "body".to_owned()),
    }
}

/// Where the finished operation keeps a parameter.
fn held(param: &Param) -> TokenStream {
    if param.argument || is_needed(param) {
        let field = ident(&kept(&param.name));
        quote!(&self.#field)
    } else {
        let field = ident(&param.name);
        quote!(&self.optional.#field)
    }
}

fn arguments(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation.params.iter().filter(|param| param.argument)
}

/// A summary as a sentence.
fn sentence(summary: &str) -> String {
    let summary = summary.trim();
    if summary.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
        format!("{summary}.")
    } else {
        summary.to_owned()
    }
}
