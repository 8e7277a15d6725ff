//! Details of the document that the generated code does not express, with their places.

use std::{collections::HashSet, fmt};

use super::site::component;
use crate::{
    diagnostic::{self, Diagnostic},
    load::{Document, LeftOut, Node},
    model::{Api, ResponseShape, Type, TypeKind, TypeRef},
};

/// The findings of lowering.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// Pointer and the detail that is not expressed.
    pub(crate) constraints: Vec<(String, String)>,
    /// Pointer and the types of a union that may have the same values.
    pub(crate) ambiguous: Vec<(String, String)>,
    /// Pointers of schemas that nothing reaches.
    pub(crate) unreached: Vec<String>,
    /// Pointer to a list of required members, and a member that has no property.
    pub(crate) undescribed: Vec<(String, String)>,
    /// Of all entries: each is listed once.
    listed: HashSet<(String, String)>,
}

impl Findings {
    pub(crate) fn ambiguous(&mut self, at: &str, what: String) {
        let entry = (at.to_owned(), what);
        if self.listed.insert(entry.clone()) {
            self.ambiguous.push(entry);
        }
    }

    pub(crate) fn undescribed(&mut self, at: &str, name: &str) {
        let entry = (at.to_owned(), name.to_owned());
        if self.listed.insert(entry.clone()) {
            self.undescribed.push(entry);
        }
    }

    pub(crate) fn constraint(&mut self, at: &str, what: &str) {
        let entry = (at.to_owned(), what.to_owned());
        if self.listed.insert(entry.clone()) {
            self.constraints.push(entry);
        }
    }
}

/// An entry of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `file:line:column`.
    pub place: String,
    /// JSON pointer.
    pub pointer: String,
    /// The subject.
    pub what: String,
}

/// All details of the document that the generated code does not express exactly.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Details that the code can't express.
    pub left_out: Vec<LeftOut>,
    /// Values without a type: any JSON, or an object of any shape. One entry for each such value in the output.
    pub untyped: Vec<Entry>,
    /// Constraints that the types don't hold: documented, and left to the server.
    pub constraints: Vec<Entry>,
    /// Types of unions that may have the same values: a value is read as the type with most of its members.
    pub ambiguous: Vec<Entry>,
    /// Schemas with a name that are in nothing that is sent or received: they become no types.
    pub unreached: Vec<Entry>,
    /// Details that the typed form of the document can't hold.
    pub unread: Vec<Diagnostic>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.left_out.is_empty() {
            writeln!(f, "left out: {}", self.left_out.len())?;
        }
        for part in &self.left_out {
            let (kind, LeftOut { name, why, .. }) = (part.part.name(), part);
            writeln!(
                f,
                "  {} #{} {kind} `{name}`: {why}",
                part.place, part.pointer
            )?;
        }
        writeln!(f, "values without a type: {}", self.untyped.len())?;
        for entry in &self.untyped {
            writeln!(f, "  {entry}")?;
        }
        writeln!(
            f,
            "constraints that are documented and not enforced: {}",
            self.constraints.len()
        )?;
        for entry in &self.constraints {
            writeln!(f, "  {entry}")?;
        }
        if !self.ambiguous.is_empty() {
            writeln!(
                f,
                "types of unions that may have the same values, distinguished by the number of known members: {}",
                self.ambiguous.len()
            )?;
        }
        for entry in &self.ambiguous {
            writeln!(f, "  {entry}")?;
        }
        writeln!(
            f,
            "schemas that no operation reaches, without a type: {}",
            self.unreached.len()
        )?;
        for entry in &self.unreached {
            writeln!(f, "  {entry}")?;
        }
        writeln!(f, "keys that are not understood: {}", self.unread.len())?;
        for found in diagnostic::counted(&self.unread) {
            writeln!(f, "{found}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{} {}", self.place, self.pointer, self.what)
    }
}

/// All values in the model without a type, with their places.
pub(super) fn report(document: &Document, api: &Api, findings: &Findings) -> Report {
    let mut report = Report {
        unread: document.unread().to_vec(),
        ..Report::default()
    };
    let entry = |pointer: &str, what: String| Entry {
        place: document.place(pointer).to_string(),
        pointer: as_written(document, pointer),
        what,
    };
    for (pointer, what) in &findings.constraints {
        report.constraints.push(entry(pointer, what.clone()));
    }
    for (pointer, what) in &findings.ambiguous {
        report.ambiguous.push(entry(pointer, what.clone()));
    }
    for pointer in &findings.unreached {
        let name = component(pointer).unwrap_or_default();
        report.unreached.push(entry(pointer, name));
    }
    let mut hole = |pointer: &str, ty: &TypeRef, what: String| {
        if let Some(kind) = untyped(ty) {
            report
                .untyped
                .push(entry(pointer, format!("{what}: {kind}")));
        }
    };
    let own = |(_, ty): &(&String, &Type)| ty.origin.is_none();
    for (name, ty) in api.types.iter().filter(own) {
        match &ty.kind {
            TypeKind::Struct(object) => {
                for field in &object.fields {
                    hole(&field.place, &field.ty, format!("{name}.{}", field.name));
                }
                if let Some(additional) = &object.additional {
                    hole(&ty.place, additional, format!("{name}.additional"));
                }
            }
            TypeKind::Union(union) => {
                for variant in &union.variants {
                    hole(&ty.place, &variant.ty, format!("{name}::{}", variant.name));
                }
            }
            _ => {}
        }
    }
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let name = &operation.type_name;
        for param in &operation.params {
            hole(&param.place, &param.ty, format!("{name}.{}", param.name));
        }
        if let Some(body) = &operation.body {
            hole(&operation.place, &body.ty, format!("the body of {name}"));
        }
        for offer in &operation.offers {
            hole(
                &operation.place,
                &offer.payload.ty,
                format!("the response of {name} as {}", offer.media_type),
            );
        }
        if let Some(stream) = &operation.stream {
            hole(
                &operation.place,
                &stream.item,
                format!("the events of {name}"),
            );
        }
        for (side, answer) in [
            ("answer", &operation.success),
            ("failure", &operation.error),
        ] {
            match &answer.shape {
                ResponseShape::Unit => {}
                ResponseShape::Single { payload, .. } => hole(
                    &operation.place,
                    &payload.ty,
                    format!("the {side} of {name}"),
                ),
                // The type of another operation.
                ResponseShape::Enum(_) if operation.is_further() => {}
                ResponseShape::Enum(_) => {
                    for case in &answer.cases {
                        if let Some(payload) = &case.payload {
                            hole(
                                &operation.place,
                                &payload.ty,
                                format!("the {side} {} of {name}", case.variant),
                            );
                        }
                    }
                }
            }
        }
    }
    report
}

/// The pointer to the keyword that `enum` was written as: `const: x` or `type: 'null'`.
fn as_written(document: &Document, pointer: &str) -> String {
    let written = || {
        let owner = pointer.strip_suffix("/enum")?;
        let list = document.node(pointer)?;
        let [only] = list.as_array()? else {
            return None;
        };
        let is_nullable = document.node(owner)?.get("nullable");
        let is_null = only.is_null() && is_nullable.and_then(Node::as_bool) == Some(true);
        let keyword = if is_null { "type" } else { "const" };
        // A list that was written begins before its first item.
        (list.place == only.place).then(|| format!("{owner}/{keyword}"))
    };
    written().unwrap_or_else(|| pointer.to_owned())
}

fn untyped(ty: &TypeRef) -> Option<&'static str> {
    match ty {
        TypeRef::Json => Some("any JSON value"),
        TypeRef::JsonObject => Some("an object of any shape"),
        TypeRef::List(inner)
        | TypeRef::OneOrList(inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner)
        | TypeRef::Boxed(inner)
        | TypeRef::Deep(inner) => untyped(inner),
        _ => None,
    }
}
