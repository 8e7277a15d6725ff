//! Objects: the type, and separately the table of its members.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    builders,
    context::{Context, deprecated, ident, slim},
    docs::{Docs, code},
    print::{self, literal},
};
use crate::model::{ConstantValue, Field, Row, Sent, Shape, Struct, Type};

/// Returns a struct.
pub(crate) fn object(context: &Context<'_>, name: &str, ty: &Type, object: &Struct) -> TokenStream {
    let docs = Docs::default()
        .about(&ty.docs, &[name])
        .own(constants(object))
        .unconfirmed(ty.unconfirmed.as_ref(), None)
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let default = (!builders::has_guaranteed(object)).then(|| quote!(Default,));
    let must_use = ty.must_use.iter().map(|why| quote!(#[must_use = #why]));
    let fields = object.fields.iter();
    let fields = fields.map(|field| definition(context, name, field));
    let additional = builders::additional(object).map(|ty| {
        let docs = Docs::default().own("Members with other names, all of one type.");
        let (docs, ty) = (docs.outer(&context.texts), context.ty(&ty));
        quote!(#docs pub additional: #ty,)
    });
    let extra = Docs::default().own("Members without a field of their own.");
    let extra = extra.outer(&context.texts);
    let (ident, slim) = (ident(name), slim());
    quote! {
        #docs
        #deprecated
        #slim
        #(#must_use)*
        #[derive(Clone, #default PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields)*
            #additional
            #extra
            pub extra: rt::Extra,
        }
    }
}

/// Returns a sentence for each member with one value.
fn constants(object: &Struct) -> String {
    let sentences = object.constants.iter().map(|constant| {
        let (wire, value) = (code(&constant.wire), code(&constant.value.to_string()));
        match constant.sent {
            Sent::Always => format!("{wire} is always {value}."),
            Sent::InResponses => format!("{wire} is always {value} in responses."),
            Sent::InRequests => format!("{wire} is always {value} in requests."),
        }
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn definition(context: &Context<'_>, owner: &str, field: &Field) -> TokenStream {
    let docs = Docs::default()
        .about(&field.docs, &[&field.name, &field.wire, owner])
        .unconfirmed(field.unconfirmed.as_ref(), None)
        .name_on_the_wire(&field.wire, &field.name)
        .outer(&context.texts);
    let deprecated = deprecated(field.deprecated.as_ref());
    let (name, ty) = (ident(&field.name), context.field_ty(field.shape, &field.ty));
    quote!(#docs #deprecated pub #name: #ty,)
}

/// Returns `rt::object!` of a struct.
pub(crate) fn table(name: &str, object: &Struct) -> String {
    let mut head = name.to_owned();
    for constant in &object.constants {
        let value = match &constant.value {
            ConstantValue::Null => "null".to_owned(),
            ConstantValue::Text(text) => literal(text),
            ConstantValue::Integer(number) => format!("integer {number}"),
            ConstantValue::Bool(flag) => format!("bool {flag}"),
        };
        let mode = match constant.sent {
            Sent::Always => "",
            Sent::InResponses => "read_only ",
            Sent::InRequests => "write_only ",
        };
        let is_text = matches!(constant.value, ConstantValue::Text(_));
        let value = match is_text && mode.is_empty() {
            true => value,
            false => format!("({mode}{value})"),
        };
        let wire = literal(&constant.wire);
        head.push_str(&format!(", constant {wire} {value}"));
    }
    let guaranteed = object.fields.iter();
    let guaranteed = guaranteed.filter(|field| field.shape == Shape::Bare);
    let constants = object
        .constants
        .iter()
        .filter(|constant| constant.guaranteed);
    let guaranteed: Vec<String> = (constants.map(|constant| literal(&constant.wire)))
        .chain(guaranteed.map(|field| literal(&field.wire)))
        .collect();
    if !guaranteed.is_empty() {
        head.push_str(&format!(", guaranteed [{}]", guaranteed.join(", ")));
    }
    if object.additional.is_some() {
        head.push_str(", additional");
    }
    let rows = object.fields.iter().map(|field| {
        let how = match (field.row, field.secret) {
            (Row::Guaranteed, false) => "guaranteed",
            (Row::Guaranteed, true) => "secret_guaranteed",
            (Row::Required, false) => "required",
            (Row::Required, true) => "secret_required",
            (Row::Optional, false) => "optional",
            (Row::Optional, true) => "secret",
            (Row::ReadOnly, false) => "read_only",
            (Row::ReadOnly, true) => "secret_read_only",
            // Secret anyway.
            (Row::WriteOnly, _) => "write_only",
        };
        format!("{how} {} {}", literal(&field.wire), field.name)
    });
    print::table("object", &head, rows)
}
