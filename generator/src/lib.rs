//! Turns OpenAPI documents into typed Rust: documents in, files out. No network, no clock, no process, no file system.
//!
//! One way through: [`load`] reads text into a document that remembers where everything stands, [`lower`] turns that
//! into the [`model`] (the API as Rust sees it), [`emit`] prints the model.

use std::collections::{BTreeMap, BTreeSet};

pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod load;
pub mod lower;
pub mod model;
pub mod surface;
mod text_hash;
mod together;

use diagnostic::Diagnostic;
use load::{LeftOut, Library, Source};
pub use lower::Report;
pub use together::{Shared, Together, Unit, generate_together};

/// One document and what is to become of it.
#[derive(Clone, Debug)]
pub struct Input {
    /// The OpenAPI document.
    pub document: Source,
    /// Overlays, applied in this order.
    pub overlays: Vec<Source>,
    /// Names fixed by earlier runs: text of `names.lock`.
    pub lock: Option<Source>,
    /// Where the code will stand.
    pub target: Target,
}

/// Where generated code stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the crate that is the runtime; all operations in one group of this name.
    Module {
        /// `insight`
        name: String,
        /// The crate, as its users name it.
        package: String,
        /// Names that the crate has by hand, at its root or in this module: a type of the same name is said to be badly named.
        root: BTreeSet<String>,
    },
    /// A crate of its own; one group per tag.
    Crate {
        /// Package name: `checkout-api`.
        name: String,
        /// What the code runs on.
        runtime: Runtime,
    },
}

/// The crate that generated code runs on: it has the module `rt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Its name, as code writes it.
    pub name: String,
    /// Where it lies, as `Cargo.toml` writes it.
    pub path: String,
}

/// What a document becomes.
#[derive(Clone, Debug)]
pub struct Output {
    /// Text of each file, by path relative to the module or crate.
    pub files: BTreeMap<String, String>,
    /// Two calls of each operation, for a test that sends them: [`emit::calls`]. A crate of its own has none.
    pub calls: Option<String>,
    /// The type of each schema.
    pub schemas: Vec<model::Schema>,
    /// The same for a test that reads and writes values of the schemas: [`emit::schemas`]. A crate of its own has none.
    pub table: Option<String>,
    /// Names to keep for the next run: text of `names.lock`.
    pub lock: String,
    /// What the code says less precisely than the document.
    pub report: Report,
    /// What the document does that it should not, and that does no harm.
    pub warnings: Vec<Diagnostic>,
    /// There are no operations.
    empty: bool,
}

/// Turns a document into code.
///
/// # Errors
/// Every mistake found in the document, its overlays or the lock, each with its place.
pub fn generate(input: &Input) -> Result<Output, Vec<Diagnostic>> {
    attempt(input, &library(input), &[])
}

/// Turns whatever can be carried of a document into code. Operations that can't be are left out, and optional properties:
/// [`Report::left_out`] and the front page of the crate list them. Slips whose meaning is plain are warnings.
///
/// # Errors
/// Every mistake found, as by [`generate`], where the whole document is concerned or nothing would be left.
pub fn generate_tolerant(input: &Input) -> Result<Output, Vec<Diagnostic>> {
    let ((mut output, warnings), left_out) = tolerantly(input, |library, left_out| {
        let output = attempt(input, library, left_out)?;
        let is_empty = output.empty;
        Ok((output, is_empty))
    })?;
    output.warnings.splice(0..0, warnings);
    output.report.left_out = left_out;
    Ok(output)
}

/// Repeats an attempt until what can't be carried is out of the document. The attempt says as well whether it has no
/// operations. Returns its result with warnings, and what was left out.
#[expect(
    clippy::type_complexity,
    reason = "two lists that belong to the result"
)]
fn tolerantly<T>(
    input: &Input,
    attempt: impl Fn(&Library, &[LeftOut]) -> Result<(T, bool), Vec<Diagnostic>>,
) -> Result<((T, Vec<Diagnostic>), Vec<LeftOut>), Vec<Diagnostic>> {
    let mut library = library(input);
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

fn library(input: &Input) -> Library {
    Library::read([(&input.document, &*input.overlays)])
}

fn attempt(
    input: &Input,
    library: &Library,
    left_out: &[LeftOut],
) -> Result<Output, Vec<Diagnostic>> {
    let document = library.document(0).map_err(each_once)?;
    let result = load::deep(|| {
        let lowered = lowered(input, &document)?;
        Ok(output(input, &document, lowered, left_out))
    });
    result.map_err(each_once)
}

/// The model of a document that shares nothing with others.
fn lowered(input: &Input, document: &load::Document) -> Result<lower::Lowered, Vec<Diagnostic>> {
    let agreed = lower::Agreed::default();
    lower::lower(document, &lowering(input), &agreed, input.lock.as_ref())
}

/// A part that many use is refused for each of them; it is one finding.
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
) -> Output {
    let empty = lowered.api.groups.is_empty();
    let (files, calls, table) = match &input.target {
        Target::Module { package, .. } => {
            let options = emit::Options::module(package);
            let calls = emit::calls(&lowered.api, &options);
            let table = emit::schemas(&lowered.api, &options);
            let files = emit::emit(&lowered.api, &options);
            (files, Some(calls), Some(table))
        }
        Target::Crate { name, runtime } => {
            let files = emit::emit_crate(&lowered.api, name, runtime, left_out);
            (files, None, None)
        }
    };
    Output {
        empty,
        files,
        calls,
        schemas: lowered.api.schemas,
        table,
        lock: lowered.lock,
        warnings: [document.unread(), &lowered.warnings].concat(),
        report: lowered.report,
    }
}
