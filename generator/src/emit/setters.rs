//! Setters: their argument, and its conversion to the value of the field.

use proc_macro2::Ident;
use syn::{Expr, Type};

use super::{ast, context::Context};
use crate::model::{TypeKind, TypeRef};

/// The argument of a setter and the expression that converts it to the stored value.
pub(crate) struct Setter {
    /// The type of the argument.
    pub(crate) takes: Type,
    /// The stored value, as an expression of the argument; for an `Option`, without the `Some`.
    pub(crate) value: Expr,
}

/// Returns the setter of a field or parameter whose argument has this name.
pub(crate) fn setter(context: &Context<'_>, name: &Ident, ty: &TypeRef) -> Setter {
    let (takes, value) = of(context, ast::named(ast::path([name])), ty);
    Setter { takes, value }
}

fn of(context: &Context<'_>, name: Expr, ty: &TypeRef) -> (Type, Expr) {
    match ty {
        TypeRef::List(item) | TypeRef::OneOrList(item) => {
            let takes = ast::items(argument(context, item));
            (takes, ast::called(ast::path(["rt", "list"]), [name]))
        }
        TypeRef::Map(value) => {
            let key = ast::into(ast::ty(ast::path(["String"])));
            let takes = ast::items(ast::pair(key, argument(context, value)));
            (takes, ast::called(ast::path(["rt", "map"]), [name]))
        }
        TypeRef::Boxed(inner) => {
            let (takes, value) = of(context, name, inner);
            (takes, ast::called(ast::path(["Box", "new"]), [value]))
        }
        TypeRef::Deep(inner) => {
            let (takes, value) = of(context, name, inner);
            (
                takes,
                ast::called(ast::path(["rt", "Deep", "new"]), [value]),
            )
        }
        _ if comes_from_others(context, ty) => {
            (argument(context, ty), ast::method(name, "into", []))
        }
        _ => (context.ty(ty), name),
    }
}

fn argument(context: &Context<'_>, ty: &TypeRef) -> Type {
    let inner = context.ty(ty);
    if comes_from_others(context, ty) {
        ast::into(inner)
    } else {
        inner
    }
}

/// Returns whether values of other types convert to this one. A setter takes exactly its type if no other type makes
/// sense, so that compiler errors name the type.
fn comes_from_others(context: &Context<'_>, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String
        | TypeRef::Number
        | TypeRef::Big
        | TypeRef::Timestamp
        | TypeRef::Date
        | TypeRef::Bytes
        | TypeRef::Json
        | TypeRef::JsonObject
        | TypeRef::Deep(_) => true,
        TypeRef::Named(name) => context.get(name).is_none_or(|ty| match &ty.kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_) => true,
            TypeKind::Struct(_) => false,
            // Converted from a reference.
            TypeKind::Id { .. } => true,
        }),
        _ => false,
    }
}
