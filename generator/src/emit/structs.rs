//! Objects: the type, how it is read and how it is written.

use quote::quote;
use syn::{Arm, Expr, parse_quote};

use super::{
    ast, builders,
    context::{Context, deprecated, ident},
    docs::{Docs, code},
    print::Items,
};
use crate::model::{Field, Shape, Struct, Type};

/// A struct.
pub(crate) fn object(context: &Context<'_>, name: &str, ty: &Type, object: &Struct) -> Items {
    let docs = Docs::default()
        .text_or(&ty.docs, code(name))
        .outer(&context.texts);
    let deprecated = deprecated(ty.deprecated.as_ref());
    let plain = builders::is_plain(object);
    let always = ty.usage.sent || object.builder;
    let default = (plain && always).then(|| quote!(Default,));
    let mocked = (plain && !always).then(|| quote!(#[cfg_attr(feature = "mock", derive(Default))]));
    let must_use = ty.must_use.iter().map(|why| quote!(#[must_use = #why]));
    let fields = object.fields.iter().map(|field| definition(context, field));
    let additional = builders::additional(object).map(|ty| {
        let docs = Docs::default().own("Members beyond those named here.");
        let docs = docs.attributes(&context.texts);
        ast::member(
            docs,
            parse_quote!(pub),
            ident("additional"),
            context.ty(&ty),
        )
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
        pub struct #ident {}
    };
    let items = Items::default().fields(definition, fields.chain(additional));
    let items = if ty.usage.received {
        read(items, name, object)
    } else {
        items
    };
    write(items, name, object).tokens(quote!(rt::data!(#ident #sent #received);))
}

fn definition(context: &Context<'_>, field: &Field) -> syn::Field {
    let docs = Docs::default().text_or(&field.docs, code(&field.wire));
    let mut attributes = docs.attributes(&context.texts);
    attributes.extend(ast::deprecated(field.deprecated.as_ref()));
    let ty = context.field_ty(field.shape, &field.ty);
    ast::member(attributes, parse_quote!(pub), ident(&field.name), ty)
}

/// `impl rt::Members` of an object.
pub(crate) fn read(items: Items, name: &str, object: &Struct) -> Items {
    let name = ident(name);
    let required = object.fields.iter();
    let required = required.filter(|field| field.shape == Shape::Bare);
    let required: Vec<&str> = required.map(|field| field.wire.as_str()).collect();
    let required = (!required.is_empty()).then(|| {
        quote! {
            fn required(&self) -> &'static [&'static str] {
                &[#(#required),*]
            }
        }
    });
    if object.fields.is_empty() && object.additional.is_none() {
        return items.tokens(quote! {
            impl rt::Members for #name {
                fn blank() -> Self {
                    Self {}
                }
                fn member(&mut self, _: &str, _: rt::Value<'_>) -> Result<(), rt::Invalid> {
                    Ok(())
                }
            }
        });
    }
    let shell = quote! {
        impl rt::Members for #name {
            fn blank() -> Self {
                Self {}
            }
            #required
            fn member(&mut self, name: &str, value: rt::Value<'_>) -> Result<(), rt::Invalid> {
                match name {}
            }
        }
    };
    items.block(shell, |block| {
        let mut functions = ast::functions(block);
        if let Some(Expr::Struct(blank)) = functions.next().and_then(ast::result) {
            blank.fields.extend(object.fields.iter().map(|field| {
                let value = match field.shape {
                    Shape::Bare | Shape::OrEmpty => ast::called(ast::path(["rt", "blank"]), []),
                    Shape::Optional | Shape::NullOr | Shape::OptionalNullable => ast::local("None"),
                };
                ast::assigned(ident(&field.name), value)
            }));
            let additional = object.additional.as_ref();
            blank.fields.extend(additional.map(|_| {
                ast::assigned(
                    ident("additional"),
                    ast::called(ast::path(["rt", "blank"]), []),
                )
            }));
        }
        if let Some(Expr::Match(member)) = functions.next_back().and_then(ast::result) {
            member.arms = arms(object);
        }
    })
}

/// What is done with each member.
fn arms(object: &Struct) -> Vec<Arm> {
    let read = |how: &str, name: &str| {
        let place = ast::field(ast::local("self"), ident(name));
        ast::method(ast::local("value"), how, [ast::borrowed_mut(place)])
    };
    let fields = object.fields.iter().map(|field| {
        let how = match field.shape {
            Shape::Bare | Shape::Optional | Shape::NullOr => "read",
            Shape::OrEmpty => "or_empty",
            Shape::OptionalNullable => "nullable",
        };
        ast::arm(&[&field.wire], read(how, &field.name))
    });
    let Some(_) = &object.additional else {
        return fields.chain([ast::other(ast::done())]).collect();
    };
    // Where any name is taken, the names that have their value by themselves have to be left out.
    let constants: Vec<&str> = object
        .constants
        .iter()
        .map(|(wire, _)| wire.as_str())
        .collect();
    let constants = (!constants.is_empty()).then(|| ast::arm(&constants, ast::done()));
    let rest = ast::other(read("additional", "additional"));
    fields.chain(constants).chain([rest]).collect()
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
    items.block(shell, |block| {
        for function in ast::functions(block) {
            function.block.stmts.splice(1..1, &mut members);
        }
    })
}
