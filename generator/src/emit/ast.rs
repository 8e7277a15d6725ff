//! Syntax trees of the lines that come by the thousand, built as trees: finding a tree in tokens takes longer than
//! everything else that is done to a line.

use proc_macro2::{Ident, Span};
use syn::{
    Expr, ExprField, ExprLit, ExprMethodCall, ExprPath, ExprReference, ExprStruct, ExprTry,
    FieldValue, Lit, LitStr, Member, Stmt, Token, punctuated::Punctuated,
};

use super::context::ident;

/// A local name.
pub(crate) fn local(name: &str) -> Expr {
    Expr::Path(ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: ident(name).into(),
    })
}

/// A string literal.
pub(crate) fn text(value: &str) -> Expr {
    Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new(value, Span::call_site())),
    })
}

/// `base.name`
pub(crate) fn field(base: Expr, name: Ident) -> Expr {
    Expr::Field(ExprField {
        attrs: Vec::new(),
        base: Box::new(base),
        dot_token: <Token![.]>::default(),
        member: Member::Named(name),
    })
}

/// `&of`
pub(crate) fn borrowed(of: Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        mutability: None,
        expr: Box::new(of),
    })
}

/// `receiver.method(arguments)`
pub(crate) fn method<const N: usize>(receiver: Expr, method: &str, arguments: [Expr; N]) -> Expr {
    Expr::MethodCall(ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(receiver),
        dot_token: <Token![.]>::default(),
        method: ident(method),
        turbofish: None,
        paren_token: syn::token::Paren::default(),
        args: Punctuated::from_iter(arguments),
    })
}

/// `of?`
pub(crate) fn attempted(of: Expr) -> Expr {
    Expr::Try(ExprTry {
        attrs: Vec::new(),
        expr: Box::new(of),
        question_token: <Token![?]>::default(),
    })
}

/// `name: value` of a struct expression.
pub(crate) fn assigned(name: Ident, value: Expr) -> FieldValue {
    FieldValue {
        attrs: Vec::new(),
        member: Member::Named(name),
        colon_token: Some(<Token![:]>::default()),
        expr: value,
    }
}

/// `expr;`
pub(crate) fn statement(expr: Expr) -> Stmt {
    Stmt::Expr(expr, Some(<Token![;]>::default()))
}

/// The struct expression that a `let` statement gives its name to.
pub(crate) fn named_struct(statement: &mut Stmt) -> Option<&mut ExprStruct> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    match local.init.as_mut()?.expr.as_mut() {
        Expr::Struct(value) => Some(value),
        _ => None,
    }
}
