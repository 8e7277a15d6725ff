//! Objects: the type, how it is read and how it is written.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;

use super::{
    ast, builders,
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    print::Items,
};
use crate::model::{Field, Shape, Struct, Type};

/// A struct.
pub(crate) fn object(context: &Context<'_>, name: &str, ty: &Type, object: &Struct) -> Items {
    let docs = Docs::default().text_or(&ty.docs, code(name)).outer();
    let deprecated = deprecated(ty.deprecated.as_ref());
    let plain = builders::is_plain(object);
    let always = ty.usage.sent || object.builder;
    let default = (plain && always).then(|| quote!(Default,));
    let mocked = (plain && !always).then(|| quote!(#[cfg_attr(feature = "mock", derive(Default))]));
    let must_use = ty.must_use.iter().map(|why| quote!(#[must_use = #why]));
    let fields = object.fields.iter().map(|field| definition(context, field));
    let additional = object.additional.as_ref().map(|ty| {
        let ty = context.ty(ty);
        quote! {
            /// Members beyond those named here.
            pub additional: rt::Map<#ty>,
        }
    });
    let sent = ty.usage.sent.then(|| quote!(, sent));
    let received = ty.usage.received.then(|| quote!(, received));
    let ident = ident(name);
    let definition = quote! {
        #docs
        #deprecated
        #(#must_use)*
        #[derive(Clone, #default PartialEq)]
        #mocked
        #[non_exhaustive]
        pub struct #ident {
            #(#fields)*
            #additional
        }
    };
    let items = Items::default().tokens(definition);
    let items = if ty.usage.received {
        read(items, name, object)
    } else {
        items
    };
    write(items, name, object).tokens(quote!(rt::data!(#ident #sent #received);))
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

/// `impl rt::Read` of an object.
pub(crate) fn read(items: Items, name: &str, object: &Struct) -> Items {
    let name = ident(name);
    if is_empty(object) {
        return items.tokens(quote! {
            impl rt::Read for #name {
                fn read(node: rt::Node<'_>) -> Result<Self, rt::Invalid> {
                    let fields = node.fields()?;
                    fields.finish(Self {})
                }
            }
        });
    }
    let shell = quote! {
        impl rt::Read for #name {
            fn read(node: rt::Node<'_>) -> Result<Self, rt::Invalid> {
                let mut fields = node.fields()?;
                let value = Self {};
                fields.finish(value)
            }
        }
    };
    let take = |how: &str, wire: &str| ast::method(ast::local("fields"), how, [ast::text(wire)]);
    items.block(shell, |statements| {
        if let Some(value) = statements.get_mut(1).and_then(ast::named_struct) {
            value.fields.extend(object.fields.iter().map(|field| {
                let taken = match field.shape {
                    Shape::Bare => ast::attempted(take("required", &field.wire)),
                    Shape::OrEmpty => take("or_empty", &field.wire),
                    Shape::Optional | Shape::NullOr => take("optional", &field.wire),
                    Shape::OptionalNullable => take("nullable", &field.wire),
                };
                ast::assigned(ident(&field.name), taken)
            }));
            value.fields.extend(object.additional.as_ref().map(|_| {
                let taken = ast::method(ast::local("fields"), "additional", []);
                ast::assigned(ident("additional"), taken)
            }));
        }
        let constants = object.constants.iter();
        let constants = constants.map(|(wire, _)| ast::statement(take("constant", wire)));
        statements.splice(1..1, constants);
    })
}

fn write(items: Items, name: &str, object: &Struct) -> Items {
    let constants = object.constants.iter();
    let constants = constants.map(|(wire, value)| {
        let arguments = [ast::text(wire), ast::text(value)];
        ast::method(ast::local("object"), "constant", arguments)
    });
    let fields = object.fields.iter().map(|field| {
        let how = match field.shape {
            Shape::Bare | Shape::OrEmpty | Shape::NullOr => "field",
            Shape::Optional | Shape::OptionalNullable => "optional",
        };
        member(how, &field.wire, &field.name)
    });
    let additional = object.additional.iter().map(|_| {
        let held = ast::field(ast::local("self"), ident("additional"));
        ast::method(ast::local("object"), "additional", [ast::borrowed(held)])
    });
    written(items, name, constants.chain(fields).chain(additional))
}

/// `object.how("wire", &self.name)`
pub(crate) fn member(how: &str, wire: &str, name: &str) -> Expr {
    let held = ast::field(ast::local("self"), ident(name));
    ast::method(
        ast::local("object"),
        how,
        [ast::text(wire), ast::borrowed(held)],
    )
}

/// `impl rt::Write` of an object.
pub(crate) fn written(items: Items, name: &str, members: impl Iterator<Item = Expr>) -> Items {
    let shown = name.trim_start_matches("r#");
    let name = ident(name);
    let mut members = members.map(ast::statement).peekable();
    let body = if members.peek().is_none() {
        quote!(rt::Object::of(#shown).into())
    } else {
        quote! {
            let mut object = rt::Object::of(#shown);
            object.into()
        }
    };
    let shell = quote! {
        impl rt::Write for #name {
            fn write(&self) -> rt::Node<'_> {
                #body
            }
        }
    };
    items.block(shell, |statements| {
        statements.splice(1..1, members);
    })
}

fn is_empty(object: &Struct) -> bool {
    object.fields.is_empty() && object.constants.is_empty() && object.additional.is_none()
}
