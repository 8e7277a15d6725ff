//! Objects: the type, how it is read and how it is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builders,
    context::{Context, deprecated, ident},
    docs::{Docs, code},
};
use crate::model::{Field, Shape, Struct, Type};

/// A struct.
pub(crate) fn object(context: &Context<'_>, name: &str, ty: &Type, object: &Struct) -> TokenStream {
    let docs = Docs::default().text_or(&ty.docs, code(name)).outer();
    let deprecated = deprecated(ty.deprecated.as_ref());
    let default =
        ((ty.usage.sent || object.builder) && builders::is_plain(object)).then(|| quote!(Default,));
    let fields = object.fields.iter().map(|field| definition(context, field));
    let additional = object.additional.as_ref().map(|ty| {
        let ty = context.ty(ty);
        quote! {
            /// Members beyond those named here.
            pub additional: rt::Map<#ty>,
        }
    });
    let read = ty.usage.received.then(|| read(name, object));
    let write = write(name, object);
    let sent = ty.usage.sent.then(|| quote!(, sent));
    let received = ty.usage.received.then(|| quote!(, received));
    let name = ident(name);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #default PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #additional
        }
        #read
        #write
        rt::data!(#name #sent #received);
    }
}

fn definition(context: &Context<'_>, field: &Field) -> TokenStream {
    let docs = Docs::default()
        .text_or(&field.docs, code(&field.wire))
        .outer();
    let deprecated = deprecated(field.deprecated.as_ref());
    let name = ident(&field.name);
    let ty = context.field_ty(field.shape, &field.ty);
    quote!(#docs #deprecated pub #name: #ty,)
}

fn read(name: &str, object: &Struct) -> TokenStream {
    let name = ident(name);
    let constants = object
        .constants
        .iter()
        .map(|(wire, _)| quote!(fields.constant(#wire);));
    let fields = object.fields.iter().map(|field| {
        let (name, wire) = (ident(&field.name), &field.wire);
        match field.shape {
            Shape::Bare => quote!(#name: fields.required(#wire)?,),
            Shape::OrEmpty => quote!(#name: fields.or_empty(#wire),),
            Shape::Optional | Shape::NullOr => quote!(#name: fields.optional(#wire),),
            Shape::OptionalNullable => quote!(#name: fields.nullable(#wire),),
        }
    });
    let additional = object
        .additional
        .as_ref()
        .map(|_| quote!(additional: fields.additional(),));
    let body = if is_empty(object) {
        quote! {
            let fields = node.fields()?;
            fields.finish(Self {})
        }
    } else {
        quote! {
            let mut fields = node.fields()?;
            #(#constants)*
            let value = Self { #(#fields)* #additional };
            fields.finish(value)
        }
    };
    quote! {
        impl rt::Read for #name {
            fn read(node: rt::Node<'_>) -> Result<Self, rt::Invalid> {
                #body
            }
        }
    }
}

fn write(name: &str, object: &Struct) -> TokenStream {
    let constants = object
        .constants
        .iter()
        .map(|(wire, value)| quote!(object.constant(#wire, #value);));
    let fields = object.fields.iter().map(|field| {
        let (name, wire) = (ident(&field.name), &field.wire);
        let how = match field.shape {
            Shape::Bare | Shape::OrEmpty | Shape::NullOr => quote!(field),
            Shape::Optional | Shape::OptionalNullable => quote!(optional),
        };
        quote!(object.#how(#wire, &self.#name);)
    });
    let additional = object
        .additional
        .as_ref()
        .map(|_| quote!(object.additional(&self.additional);));
    let members = quote!(#(#constants)* #(#fields)* #additional);
    written(name, &members)
}

/// `impl rt::Write` of an object.
pub(crate) fn written(name: &str, members: &TokenStream) -> TokenStream {
    let shown = name.trim_start_matches("r#");
    let name = ident(name);
    let body = if members.is_empty() {
        quote!(rt::Object::of(#shown).into())
    } else {
        quote! {
            let mut object = rt::Object::of(#shown);
            #members
            object.into()
        }
    };
    quote! {
        impl rt::Write for #name {
            fn write(&self) -> rt::Node<'_> {
                #body
            }
        }
    }
}

fn is_empty(object: &Struct) -> bool {
    object.fields.is_empty() && object.constants.is_empty() && object.additional.is_none()
}
