//! Syntax trees of the lines that come by the thousand, built as trees: finding a tree in tokens takes longer than
//! everything else that is done to a line.

use proc_macro2::{Ident, Span};
use syn::{
    Arm, Expr, ExprCall, ExprField, ExprLit, ExprMethodCall, ExprPath, ExprReference, ExprTuple,
    FieldValue, ImplItemFn, Lit, LitStr, Member, Pat, PatOr, PatWild, Path, Stmt, Token,
    punctuated::Punctuated,
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
    reference(of, None)
}

/// `&mut of`
pub(crate) fn borrowed_mut(of: Expr) -> Expr {
    reference(of, Some(<Token![mut]>::default()))
}

fn reference(of: Expr, mutability: Option<Token![mut]>) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        mutability,
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

/// `module::function()`
pub(crate) fn call(module: &str, function: &str) -> Expr {
    let mut path = Path::from(ident(module));
    path.segments.push(ident(function).into());
    called(path, [])
}

/// `"a" | "b" => body,`
pub(crate) fn arm(texts: &[&str], body: Expr) -> Arm {
    let text = |text: &&str| {
        Pat::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(LitStr::new(text, Span::call_site())),
        })
    };
    let pat = match texts {
        [one] => text(one),
        texts => Pat::Or(PatOr {
            attrs: Vec::new(),
            leading_vert: None,
            cases: texts.iter().map(text).collect(),
        }),
    };
    arm_of(pat, body)
}

/// `_ => body,`
pub(crate) fn other(body: Expr) -> Arm {
    let pat = Pat::Wild(PatWild {
        attrs: Vec::new(),
        underscore_token: <Token![_]>::default(),
    });
    arm_of(pat, body)
}

fn arm_of(pat: Pat, body: Expr) -> Arm {
    Arm {
        attrs: Vec::new(),
        pat,
        guard: None,
        fat_arrow_token: <Token![=>]>::default(),
        body: Box::new(body),
        comma: Some(<Token![,]>::default()),
    }
}

/// `Ok(())`
pub(crate) fn done() -> Expr {
    let nothing = Expr::Tuple(ExprTuple {
        attrs: Vec::new(),
        paren_token: syn::token::Paren::default(),
        elems: Punctuated::new(),
    });
    called(ident("Ok").into(), [nothing])
}

fn called<const N: usize>(path: Path, arguments: [Expr; N]) -> Expr {
    Expr::Call(ExprCall {
        attrs: Vec::new(),
        func: Box::new(Expr::Path(ExprPath {
            attrs: Vec::new(),
            qself: None,
            path,
        })),
        paren_token: syn::token::Paren::default(),
        args: Punctuated::from_iter(arguments),
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

/// What a function ends with.
pub(crate) fn result(function: &mut ImplItemFn) -> Option<&mut Expr> {
    match function.block.stmts.last_mut()? {
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}
