//! Whether what was written back is what was read.

use serde_json::Value;

use crate::schema::{Schemas, Site};

/// Compares what was read with what was written. Members that are `null` count as missing, and what says which kind of
/// object it is may be added.
pub(crate) fn compare<'d>(
    schemas: &'d Schemas,
    site: &Site<'d>,
    read: &Value,
    written: &Value,
) -> Vec<String> {
    let mut compared = Compared::default();
    compared.value(
        schemas,
        std::slice::from_ref(site),
        read,
        written,
        &mut String::new(),
    );
    compared.wrong
}

/// What is different, each with its place.
#[derive(Default)]
struct Compared {
    wrong: Vec<String>,
}

impl Compared {
    fn value<'d>(
        &mut self,
        schemas: &'d Schemas,
        sites: &[Site<'d>],
        read: &Value,
        written: &Value,
        path: &mut String,
    ) {
        match (read, written) {
            // Nothing can be different in here, and most are the same.
            _ if read == written => {}
            (Value::Object(before), Value::Object(after)) => {
                let said = schemas.said(sites, read);
                let known = said.members();
                let additional: Vec<Site<'d>> = said.additional().into_iter().collect();
                let length = path.len();
                for (name, value) in before.iter().filter(|(_, value)| !value.is_null()) {
                    path.push_str(&format!("/{name}"));
                    let sites = known.get(name.as_str()).unwrap_or(&additional);
                    match after.get(name).filter(|value| !value.is_null()) {
                        Some(after) => self.value(schemas, sites, value, after, path),
                        None => self.wrong.push(format!("{path}: {value} is gone")),
                    }
                    path.truncate(length);
                }
                let there = |name: &String| before.get(name).is_some_and(|value| !value.is_null());
                for (name, value) in after
                    .iter()
                    .filter(|(name, value)| !value.is_null() && !there(name))
                {
                    let constant = said.tags.iter().any(|(tag, values)| {
                        tag == name && matches!(values, [only] if value == only)
                    });
                    if !constant {
                        self.wrong
                            .push(format!("{path}/{name}: {value} was not there"));
                    }
                }
            }
            (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
                let said = schemas.said(sites, read);
                let sites = said.items();
                let length = path.len();
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    path.push_str(&format!("/{index}"));
                    self.value(schemas, &sites, before, after, path);
                    path.truncate(length);
                }
            }
            (Value::Number(before), Value::Number(after)) if same(before, after) => {}
            _ => self.wrong.push(format!("{path}: {read} became {written}")),
        }
    }
}

/// 100 is 100.0.
fn same(before: &serde_json::Number, after: &serde_json::Number) -> bool {
    match (before.as_i128(), after.as_i128()) {
        (Some(before), Some(after)) => before == after,
        _ => before.as_f64() == after.as_f64(),
    }
}
