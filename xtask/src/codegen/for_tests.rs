//! Files for the tests of this repository that name what was generated.

use std::fmt::Write as _;

use super::settings::{Api, FILE, FOLDER};
use super::tree::MARK;

/// The file that names the modules of calls, with their documents.
pub(super) fn calls(apis: &[Api]) -> String {
    let mut text = format!(
        "// {} by `cargo xtask codegen` from {}/{}. Do not edit.\n\n\
         //! Calls of every operation of every document.\n\n\
         use tests::calls::{{Built, Call, Calls, sent}};\n\n",
        MARK, FOLDER, FILE,
    );
    for api in apis {
        let _ = writeln!(text, "#[rustfmt::skip]\nmod {};", api.module);
    }
    text.push_str("\n/// By document.\npub(crate) const DOCUMENTS: &[Calls] = &[\n");
    for api in apis {
        let (document, module) = (&api.document, &api.module);
        let _ = writeln!(
            text,
            "    Calls {{\n        document: {document:?},\n        calls: {module}::CALLS,\n        left_out: {module}::LEFT_OUT,\n    }},"
        );
    }
    text.push_str("];\n");
    text
}

/// The file that names the modules of schemas, with their documents.
pub(super) fn schemas(apis: &[Api]) -> String {
    let mut text = format!(
        "// {MARK} by `cargo xtask codegen` from {FOLDER}/{FILE}. Do not edit.\n\n\
         //! The type of every schema of every document.\n\n\
         use crate::table::{{Document, Schema, through}};\n\n"
    );
    for api in apis {
        let _ = writeln!(text, "#[rustfmt::skip]\nmod {};", api.module);
    }
    text.push_str("\n/// By document.\npub(crate) const DOCUMENTS: &[Document] = &[\n");
    for api in apis {
        let (document, overlays, module) = (&api.document, &api.overlays, &api.module);
        let _ = writeln!(
            text,
            "    Document {{\n        name: {document:?},\n        overlays: &{overlays:?},\n        schemas: {module}::SCHEMAS,\n    }},"
        );
    }
    text.push_str("];\n");
    text
}
