//! Turns OpenAPI documents into typed Rust: documents in, files out. No network, no clock, no process, no file system.
//!
//! A pipeline of three steps: [`load`] parses text into a document that records the place of every value, [`lower`]
//! turns the document into the [`model`] (the API in terms of Rust), [`emit`] prints the model.

use std::collections::{BTreeMap, BTreeSet};

mod contract;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod lint;
pub mod load;
pub mod lower;
mod media_type;
pub mod model;
pub mod surface;
mod text_hash;
mod together;
pub mod wire;

use diagnostic::Diagnostic;
use load::{LeftOut, Library, Source};
pub use lower::Report;
pub use together::{Shared, Together, Unit, generate_together};

/// One document, with the options of its generation.
#[derive(Clone, Debug)]
pub struct Input {
    /// The OpenAPI document.
    pub document: Source,
    /// Overlays, applied in this order.
    pub overlays: Vec<Source>,
    /// Names fixed by earlier runs: text of `names.lock`.
    pub lock: Option<Source>,
    /// Location of the generated code.
    pub target: Target,
}

/// Location of generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the crate that contains the runtime; all operations are in one group of this name.
    Module {
        /// `insight`
        name: String,
        /// The crate, as its users name it.
        package: String,
        /// Handwritten names of the crate, at its root or in this module: a type of the same name gets a warning.
        root: BTreeSet<String>,
    },
    /// A crate of its own, with one group per tag.
    Crate {
        /// Package name: `checkout-api`.
        name: String,
        /// The crate with the runtime.
        runtime: Runtime,
    },
}

/// The crate that contains the runtime of generated code, as its module `rt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Its name in code.
    pub name: String,
    /// Its path in `Cargo.toml`.
    pub path: String,
}

/// The generated code of a document.
#[derive(Clone, Debug)]
pub struct Output {
    /// Text of each file, by path relative to the module or crate.
    pub files: BTreeMap<String, String>,
    /// Two requests of each operation, for a test that sends them: [`emit::calls`]. A crate of its own has them only by
    /// [`generate_with_tests`].
    pub calls: Option<String>,
    /// The type of each schema.
    pub schemas: Vec<model::Schema>,
    /// The requests and responses of the document, as JSON, for a server. A crate of its own has none.
    pub contract: Option<String>,
    /// A table for a test that reads and writes values of the schemas: [`emit::schemas`]. A crate of its own has a table
    /// of its unions instead, only by [`generate_with_tests`]: [`emit::unions_table`].
    pub table: Option<String>,
    /// The unions of that table, by name. Empty without it.
    pub unions: BTreeMap<String, model::Type>,
    /// The supported parts of the document, in OpenAPI 3.0. Only by [`generate_with_tests`].
    pub supported: Option<serde_json::Value>,
    /// Names to keep for the next run: text of `names.lock`.
    pub lock: String,
    /// Facts of the document that the code states less precisely.
    pub report: Report,
    /// Harmless mistakes in the document.
    pub warnings: Vec<Diagnostic>,
    /// Whether there are no operations.
    empty: bool,
}

/// Generates code from a document.
///
/// # Errors
///
/// Every mistake found in the document, its overlays or the lock, each with its place.
pub fn generate(input: &Input) -> Result<Output, Vec<Diagnostic>> {
    generate_with(input, &[])
}

/// Generates code from a document in several files: `files` are others of its folder, by path relative to it. See
/// [`load::files_of`] for those that it needs.
///
/// # Errors
///
/// Those of [`generate`].
pub fn generate_with(input: &Input, files: &[load::Source]) -> Result<Output, Vec<Diagnostic>> {
    attempt(input, &library(input, files), &[], false)
}

/// Generates code from the supported parts of a document. Unsupported operations and optional properties are left out:
/// [`Report::left_out`] and the front page of the crate list them. Mistakes whose meaning is clear are warnings.
///
/// # Errors
///
/// Every mistake found, as by [`generate`], that affects the whole document, or if nothing would be left.
pub fn generate_tolerant(input: &Input) -> Result<Output, Vec<Diagnostic>> {
    generate_tolerant_with(input, &[])
}

/// As [`generate_tolerant`], from a document in several files: see [`generate_with`].
///
/// # Errors
///
/// Those of [`generate_tolerant`].
pub fn generate_tolerant_with(
    input: &Input,
    files: &[load::Source],
) -> Result<Output, Vec<Diagnostic>> {
    tolerant(input, files, false)
}

/// As [`generate_tolerant_with`], with [`Output::calls`], [`Output::table`], [`Output::unions`] and [`Output::supported`].
///
/// # Errors
///
/// Those of [`generate_tolerant`].
pub fn generate_with_tests(
    input: &Input,
    files: &[load::Source],
) -> Result<Output, Vec<Diagnostic>> {
    tolerant(input, files, true)
}

fn tolerant(input: &Input, files: &[load::Source], tests: bool) -> Result<Output, Vec<Diagnostic>> {
    let ((mut output, warnings), left_out) = tolerantly(input, files, |library, left_out| {
        let output = attempt(input, library, left_out, tests)?;
        let is_empty = output.empty;
        Ok((output, is_empty))
    })?;
    output.warnings.splice(0..0, warnings);
    output.report.left_out = left_out;
    Ok(output)
}

/// Repeats an attempt until all unsupported parts are removed from the document. The attempt also returns whether it
/// has no operations. Returns the result of the last attempt with warnings, and the parts that were left out.
#[expect(
    clippy::type_complexity,
    reason = "two lists that belong to the result"
)]
fn tolerantly<T>(
    input: &Input,
    files: &[load::Source],
    attempt: impl Fn(&Library, &[LeftOut]) -> Result<(T, bool), Vec<Diagnostic>>,
) -> Result<((T, Vec<Diagnostic>), Vec<LeftOut>), Vec<Diagnostic>> {
    let mut library = library(input, files);
    let mut warnings: Vec<Diagnostic> = Vec::new();
    let mut left_out: Vec<LeftOut> = Vec::new();
    let mut refused: Vec<Diagnostic> = Vec::new();
    loop {
        let found = match attempt(&library, &left_out) {
            Ok((result, is_empty)) => {
                if refused.is_empty() || !is_empty {
                    warnings.extend(refused.into_iter().map(Diagnostic::into_warning));
                    return Ok(((result, warnings), left_out));
                }
                return Err(refused);
            }
            Err(found) => found,
        };
        let mended = library.mend(0, &found);
        if !mended.is_empty() {
            warnings.extend(mended);
            continue;
        }
        let gone = library.leave_out(0, &found);
        refused.extend(found);
        match gone {
            Some(gone) => left_out.extend(gone),
            None => return Err(refused),
        }
    }
}

fn library(input: &Input, files: &[load::Source]) -> Library {
    Library::read_with([(&input.document, &*input.overlays)], files)
}

fn attempt(
    input: &Input,
    library: &Library,
    left_out: &[LeftOut],
    tests: bool,
) -> Result<Output, Vec<Diagnostic>> {
    let document = library.document(0).map_err(each_once)?;
    let result = load::deep(|| {
        let lowered = lowered(input, &document)?;
        Ok(output(input, &document, lowered, left_out, tests))
    });
    result.map_err(each_once)
}

/// Returns the model of a document that shares no types with others.
fn lowered(input: &Input, document: &load::Document) -> Result<lower::Lowered, Vec<Diagnostic>> {
    let agreed = lower::Agreed::default();
    lower::lower(document, &lowering(input), &agreed, input.lock.as_ref())
}

/// Merges the findings about a shared part, which is reported once per use.
fn each_once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut known = BTreeSet::new();
    (found.into_iter())
        .filter(|one| known.insert((one.pointer.clone(), one.what.clone(), one.help.clone())))
        .collect()
}

fn lowering(input: &Input) -> lower::Options {
    let (name, one_group, root) = match &input.target {
        Target::Module { name, root, .. } => (name, true, root.clone()),
        Target::Crate { name, .. } => (name, false, BTreeSet::new()),
    };
    lower::Options {
        module: name.replace('-', "_"),
        one_group,
        root,
        source: input.document.name.clone(),
    }
}

fn output(
    input: &Input,
    document: &load::Document,
    lowered: lower::Lowered,
    left_out: &[LeftOut],
    tests: bool,
) -> Output {
    let empty = lowered.api.groups.is_empty();
    let mut unions = BTreeMap::new();
    let (files, calls, table, contract) = match &input.target {
        Target::Module { package, .. } => {
            let options = emit::Options::module(package);
            let calls = emit::calls(&lowered.api, &options);
            let table = emit::schemas(&lowered.api, &options);
            let files = emit::emit(&lowered.api, &options);
            let contract = contract::contract(&lowered.api, document, &input.document.name);
            (files, Some(calls), Some(table), Some(contract))
        }
        Target::Crate { name, runtime } => {
            let files = emit::emit_crate(&lowered.api, name, runtime, left_out);
            let options = emit::Options::own_crate(&runtime.name);
            if tests {
                let types = lowered.api.types.iter();
                let types = types.filter(|(_, ty)| matches!(ty.kind, model::TypeKind::Union(_)));
                unions.extend(types.map(|(name, ty)| (name.clone(), ty.clone())));
            }
            let calls = tests.then(|| emit::calls(&lowered.api, &options));
            let table = tests.then(|| emit::unions_table(&lowered.api, &options));
            (files, calls, table, None)
        }
    };
    Output {
        empty,
        files,
        calls,
        contract,
        schemas: lowered.api.schemas,
        table,
        unions,
        supported: tests.then(|| document.root().to_json()),
        lock: lowered.lock,
        warnings: [document.unread(), &lowered.warnings].concat(),
        report: lowered.report,
    }
}
