//! Builders of structs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, ImplItem, Visibility, parse_quote};

use super::{
    ast,
    context::{Context, ident},
    docs::Docs,
    print::Items,
    slots::{Shell, Slot, is_demanded},
};
use crate::model::{Struct, Type, TypeRef};

/// Whether a struct is complete without any value being set: then its builder simply holds one.
pub(crate) fn is_plain(object: &Struct) -> bool {
    object
        .fields
        .iter()
        .all(|field| !is_demanded(field) && field.default.is_none())
}

/// The type of a struct's `additional` field.
pub(crate) fn additional(object: &Struct) -> Option<TypeRef> {
    object
        .additional
        .clone()
        .map(|ty| TypeRef::Map(Box::new(ty)))
}

/// The values that a struct's builder takes.
pub(crate) fn slots<'a>(
    object: &'a Struct,
    additional: Option<&'a TypeRef>,
    store: &'static str,
    lazy: bool,
) -> Vec<Slot<'a>> {
    let fields = object
        .fields
        .iter()
        .map(|field| Slot::field(field, store, lazy));
    fields
        .chain(additional.map(|map| Slot::additional(map, store, lazy)))
        .collect()
}

/// The name of the struct that keeps a struct's optional values until the required ones are there.
pub(crate) fn waiting_name(context: &Context<'_>, name: &str) -> proc_macro2::Ident {
    let wanted = format!("{}Optional", name.trim_start_matches("r#"));
    if context.get(&wanted).is_some() {
        format_ident!("{wanted}Values")
    } else {
        ident(&wanted)
    }
}

/// The struct that keeps optional values; nothing when there are none.
pub(crate) fn waiting<'s, 'a: 's>(
    context: &Context<'_>,
    items: Items,
    name: &proc_macro2::Ident,
    visibility: &Visibility,
    slots: impl Iterator<Item = &'s Slot<'a>>,
) -> Items {
    let field = |slot: &Slot<'_>| {
        let (name, ty) = (ident(&slot.field), slot.waiting_ty(context));
        ast::member(Vec::new(), visibility.clone(), name, ty)
    };
    let mut fields = slots.map(field).peekable();
    if fields.peek().is_none() {
        return items;
    }
    let shell = quote! {
        #[derive(Clone, Default)]
        #visibility struct #name {}
    };
    items.fields(shell, fields)
}

/// What of a struct's builder is emitted.
#[derive(Clone, Copy)]
pub(crate) enum Want {
    /// `Type::builder()` and the builder.
    Builder,
    /// The same, its documentation brief.
    Brief,
    /// Only what an operation needs to build the struct itself.
    Values,
}

/// `Type::builder()` and the builder, as far as it is wanted.
pub(crate) fn builder(
    context: &Context<'_>,
    name: &str,
    ty: &Type,
    object: &Struct,
    want: Want,
) -> Items {
    let plain = is_plain(object);
    let additional = additional(object);
    let store = if plain { "value" } else { "optional" };
    let mut slots = slots(object, additional.as_ref(), store, false);
    for slot in &mut slots {
        slot.brief = matches!(want, Want::Brief);
    }
    let waits = !plain && slots.iter().any(|slot| !slot.required);
    let waiting_name = waiting_name(context, name);
    let items = if plain {
        Items::default()
    } else {
        let optional = slots.iter().filter(|slot| !slot.required);
        let visibility = parse_quote!(pub(super));
        waiting(
            context,
            Items::default(),
            &waiting_name,
            &visibility,
            optional,
        )
    };
    if matches!(want, Want::Values) {
        return items;
    }
    let named = context.named(name);
    let carried = if plain || waits {
        vec![ident(store)]
    } else {
        Vec::new()
    };
    let builder = format_ident!("{}Builder", name.trim_start_matches("r#"));
    let shell = Shell::new(context, builder.clone(), None, carried, slots);
    let store_field = match (plain, waits) {
        (true, _) => quote!(value: #named,),
        (false, true) => quote!(optional: #waiting_name,),
        (false, false) => TokenStream::new(),
    };
    let (declared, parameters, held) = (shell.declared(context), shell.parameters(), shell.held());
    let (setters, bounds) = (shell.setters(context), shell.bounds(context));
    let states = &shell.states;
    let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds),*));
    let finished = if plain {
        quote!(self.value)
    } else {
        quote!(#named {})
    };
    let start_docs = Docs::default()
        .own(format!("Sets the values of [`{name}`] by name."))
        .outer(&context.texts);
    let builder_docs = Docs::default()
        .own(format!("Sets the values of [`{name}`]."))
        .outer(&context.texts);
    let deprecated = super::context::deprecated(ty.deprecated.as_ref());
    let start = quote! {
        impl #named {
            #start_docs
            pub fn builder() -> #builder {
                Default::default()
            }
        }

        #builder_docs
        #deprecated
        #[derive(Default)]
        #[must_use = "nothing is made before `.build()`"]
        pub struct #builder #declared {
            #store_field
            #held
        }
    };
    let methods = quote! {
        impl #parameters #builder #parameters {
            /// The complete value.
            pub fn build(self) -> #named #bounds {
                #finished
            }
        }
        rt::hidden!(#builder #(, #states)*);
    };
    let setters = setters.into_iter().map(ImplItem::Fn);
    items.tokens(start).block(methods, |block| {
        let build = ast::functions(block).next().and_then(ast::result);
        if let Some(Expr::Struct(made)) = build {
            let fields = shell.slots.iter().map(|slot| slot.finished(context));
            made.fields.extend(fields);
        }
        block.splice(0..0, setters);
    })
}
