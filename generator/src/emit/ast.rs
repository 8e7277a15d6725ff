//! Syntax trees of the most frequent lines. They are built as trees because parsing tokens takes longer than everything
//! else that is done to a line.

use proc_macro2::{Ident, Span};
use syn::{
    AngleBracketedGenericArguments, AssocType, AttrStyle, Attribute, Expr, ExprAssign, ExprCall,
    ExprField, ExprLit, ExprMethodCall, ExprPath, Field, FieldMutability, FnArg, GenericArgument,
    ImplItemFn, Lit, LitStr, Member, Meta, MetaNameValue, Pat, Path, PathArguments, PathSegment,
    Stmt, Token, TraitBound, TraitBoundModifier, Type, TypeImplTrait, TypeParamBound, TypePath,
    TypeTuple, Visibility, parse_quote, punctuated::Punctuated,
};

use super::context::{self, ident};

/// `module::name`
pub(crate) fn path<const N: usize>(segments: [impl Segment; N]) -> Path {
    Path {
        leading_colon: None,
        segments: segments
            .into_iter()
            .map(|segment| PathSegment::from(segment.ident()))
            .collect(),
    }
}

/// A segment of a path: a name of the model or of the generator.
pub(crate) trait Segment {
    fn ident(self) -> Ident;
}

impl Segment for &str {
    fn ident(self) -> Ident {
        ident(self)
    }
}

impl Segment for &Ident {
    fn ident(self) -> Ident {
        self.clone()
    }
}

/// `path<argument>`
pub(crate) fn of(path: Path, argument: Type) -> Path {
    with_arguments(path, [GenericArgument::Type(argument)])
}

/// `path<A, B>`, or `path` without arguments.
pub(crate) fn with_arguments(
    mut path: Path,
    arguments: impl IntoIterator<Item = GenericArgument>,
) -> Path {
    let args: Punctuated<GenericArgument, Token![,]> = arguments.into_iter().collect();
    if let Some(last) = path.segments.last_mut().filter(|_| !args.is_empty()) {
        last.arguments = PathArguments::AngleBracketed(AngleBracketedGenericArguments {
            colon2_token: None,
            lt_token: <Token![<]>::default(),
            args,
            gt_token: <Token![>]>::default(),
        });
    }
    path
}

/// A path as a type.
pub(crate) fn ty(path: Path) -> Type {
    Type::Path(TypePath { qself: None, path })
}

/// `impl Into<ty>`
pub(crate) fn into(ty: Type) -> Type {
    implements("Into", GenericArgument::Type(ty))
}

/// `impl IntoIterator<Item = item>`
pub(crate) fn items(item: Type) -> Type {
    let item = AssocType {
        ident: ident("Item"),
        generics: None,
        eq_token: <Token![=]>::default(),
        ty: item,
    };
    implements("IntoIterator", GenericArgument::AssocType(item))
}

fn implements(name: &str, argument: GenericArgument) -> Type {
    let bound = TypeParamBound::Trait(TraitBound {
        paren_token: None,
        modifier: TraitBoundModifier::None,
        lifetimes: None,
        path: with_arguments(path([name]), [argument]),
    });
    Type::ImplTrait(TypeImplTrait {
        impl_token: <Token![impl]>::default(),
        bounds: Punctuated::from_iter([bound]),
    })
}

/// `(first, second)`
pub(crate) fn pair(first: Type, second: Type) -> Type {
    Type::Tuple(TypeTuple {
        paren_token: syn::token::Paren::default(),
        elems: Punctuated::from_iter([first, second]),
    })
}

/// Renames a function, and sets the name and the type of its last argument.
pub(crate) fn rename(function: &mut ImplItemFn, name: &Ident, takes: Type) {
    function.sig.ident = name.clone();
    if let Some(FnArg::Typed(argument)) = function.sig.inputs.last_mut() {
        if let Pat::Ident(pattern) = &mut *argument.pat {
            pattern.ident = name.clone();
        }
        *argument.ty = takes;
    }
}

/// A path as a value.
pub(crate) fn named(path: Path) -> Expr {
    Expr::Path(ExprPath {
        attrs: Vec::new(),
        qself: None,
        path,
    })
}

/// A local name.
pub(crate) fn local(name: &str) -> Expr {
    named(path([name]))
}

/// `place = value;`
pub(crate) fn assignment(place: Expr, value: Expr) -> Stmt {
    statement(Expr::Assign(ExprAssign {
        attrs: Vec::new(),
        left: Box::new(place),
        eq_token: <Token![=]>::default(),
        right: Box::new(value),
    }))
}

/// `#[name = "value"]`
pub(crate) fn attribute(name: &str, value: &str) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: syn::token::Bracket::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: path([name]),
            eq_token: <Token![=]>::default(),
            value: text(value),
        }),
    }
}

/// `#[deprecated]`, if the model has a note.
pub(crate) fn deprecated(note: Option<&String>) -> Option<Attribute> {
    let attribute = context::deprecated(note)?;
    Some(parse_quote!(#attribute))
}

/// `name: ty` of a struct.
pub(crate) fn member(attrs: Vec<Attribute>, vis: Visibility, name: Ident, ty: Type) -> Field {
    Field {
        attrs,
        vis,
        mutability: FieldMutability::None,
        ident: Some(name),
        colon_token: Some(<Token![:]>::default()),
        ty,
    }
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

/// `path(arguments)`
pub(crate) fn called<const N: usize>(path: Path, arguments: [Expr; N]) -> Expr {
    Expr::Call(ExprCall {
        attrs: Vec::new(),
        func: Box::new(named(path)),
        paren_token: syn::token::Paren::default(),
        args: Punctuated::from_iter(arguments),
    })
}

/// `expr;`
pub(crate) fn statement(expr: Expr) -> Stmt {
    Stmt::Expr(expr, Some(<Token![;]>::default()))
}
