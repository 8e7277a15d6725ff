//! What a setter takes and how that becomes the value of its field.

use proc_macro2::Ident;
use syn::{Expr, Type};

use super::{ast, context::Context};
use crate::model::{Shape, TypeRef};

/// The argument of a setter and the expression that turns it into what is stored.
pub(crate) struct Setter {
    /// The type of the argument.
    pub(crate) takes: Type,
    /// What is stored, as an expression over the argument: for [`Shape::Optional`] without the `Some`.
    pub(crate) value: Expr,
}

/// The setter of a field or parameter whose argument has this name.
pub(crate) fn setter(context: &Context<'_>, name: &Ident, ty: &TypeRef, shape: Shape) -> Setter {
    let name = ast::path([name]);
    if matches!(shape, Shape::Bare | Shape::OrEmpty | Shape::Optional) {
        let (takes, value) = plain(context, ast::named(name), ty);
        return Setter { takes, value };
    }
    let (inner, boxed) = match ty {
        TypeRef::Boxed(inner) => (context.ty(inner), true),
        _ => (context.ty(ty), false),
    };
    let mut value = ast::method(ast::named(name), "into", []);
    if shape == Shape::NullOr {
        value = ast::method(value, "into_option", []);
    }
    if boxed {
        value = ast::method(value, "map", [ast::named(ast::path(["Box", "new"]))]);
    }
    Setter {
        takes: ast::into(ast::ty(ast::of(ast::path(["rt", "Nullable"]), inner))),
        value,
    }
}

fn plain(context: &Context<'_>, name: Expr, ty: &TypeRef) -> (Type, Expr) {
    match ty {
        TypeRef::List(item) => {
            let takes = ast::items(into(context, item));
            (takes, ast::called(ast::path(["rt", "list"]), [name]))
        }
        TypeRef::Map(value) => {
            let key = ast::into(ast::ty(ast::path(["String"])));
            let takes = ast::items(ast::pair(key, into(context, value)));
            (takes, ast::called(ast::path(["rt", "map"]), [name]))
        }
        TypeRef::Boxed(inner) => {
            let (takes, value) = plain(context, name, inner);
            (takes, ast::called(ast::path(["Box", "new"]), [value]))
        }
        _ if is_plain(ty) => (context.ty(ty), name),
        _ => (into(context, ty), ast::method(name, "into", [])),
    }
}

fn into(context: &Context<'_>, ty: &TypeRef) -> Type {
    let inner = context.ty(ty);
    if is_plain(ty) {
        inner
    } else {
        ast::into(inner)
    }
}

/// Types that are taken as they are: a literal has to find its type, and `Into<i64>` would make it an `i32`.
fn is_plain(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Integer | TypeRef::Bool | TypeRef::Float)
}
