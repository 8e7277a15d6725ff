//! Objects: the type, and separately the table of its members.

use quote::quote;
use syn::parse_quote;

use super::{
    ast, builders,
    context::{Context, deprecated, ident, slim},
    docs::Docs,
    print::{self, Items, literal},
};
use crate::model::{ConstantValue, Field, Row, Shape, Struct, Type};

/// Returns a struct.
pub(crate) fn object(context: &Context<'_>, name: &str, ty: &Type, object: &Struct) -> Items {
    let docs = Docs::default()
        .about(&ty.docs, &[name])
        .unconfirmed(ty.unconfirmed.as_ref(), None)
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let default = (!builders::has_guaranteed(object)).then(|| quote!(Default,));
    let must_use = ty.must_use.iter().map(|why| quote!(#[must_use = #why]));
    let fields = object.fields.iter();
    let fields = fields.map(|field| definition(context, name, field));
    let own = |docs: &str, name: &str, ty: syn::Type| {
        let docs = Docs::default().own(docs).attributes(&context.texts);
        ast::member(docs, parse_quote!(pub), ident(name), ty)
    };
    let additional = builders::additional(object);
    let additional = additional.map(|ty| {
        let ty = context.ty(&ty);
        own(
            "Members with other names, all of one type.",
            "additional",
            ty,
        )
    });
    let extra = ast::ty(ast::path(["rt", "Extra"]));
    let extra = own("Members without a field of their own.", "extra", extra);
    let (ident, slim) = (ident(name), slim());
    let definition = quote! {
        #docs
        #deprecated
        #slim
        #(#must_use)*
        #[derive(Clone, #default PartialEq)]
        #[non_exhaustive]
        pub struct #ident {}
    };
    Items::default().fields(definition, fields.chain(additional).chain([extra]))
}

fn definition(context: &Context<'_>, owner: &str, field: &Field) -> syn::Field {
    let docs = Docs::default()
        .about(&field.docs, &[&field.name, &field.wire, owner])
        .unconfirmed(field.unconfirmed.as_ref(), None)
        .name_on_the_wire(&field.wire, &field.name);
    let mut attributes = docs.attributes(&context.texts);
    attributes.extend(ast::deprecated(field.deprecated.as_ref()));
    let ty = context.field_ty(field.shape, &field.ty);
    ast::member(attributes, parse_quote!(pub), ident(&field.name), ty)
}

/// Returns `rt::object!` of a struct.
pub(crate) fn table(name: &str, object: &Struct) -> String {
    let mut head = name.to_owned();
    for constant in &object.constants {
        let value = match &constant.value {
            ConstantValue::Text(text) => literal(text),
            ConstantValue::Integer(number) => format!("integer {number}"),
            ConstantValue::Bool(flag) => format!("bool {flag}"),
        };
        head.push_str(&format!(", constant {} {value}", literal(&constant.wire)));
    }
    let guaranteed = object.fields.iter();
    let guaranteed = guaranteed.filter(|field| field.shape == Shape::Bare);
    let guaranteed: Vec<String> = guaranteed.map(|field| literal(&field.wire)).collect();
    if !guaranteed.is_empty() {
        head.push_str(&format!(", guaranteed [{}]", guaranteed.join(", ")));
    }
    if object.additional.is_some() {
        head.push_str(", additional");
    }
    let rows = object.fields.iter().map(|field| {
        let how = match field.row {
            Row::Guaranteed => "guaranteed",
            Row::Required => "required",
            Row::Optional => "optional",
            Row::ReadOnly => "read_only",
            Row::WriteOnly => "write_only",
        };
        format!("{how} {} {}", literal(&field.wire), field.name)
    });
    print::table("object", &head, rows)
}
