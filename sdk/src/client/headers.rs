//! Headers of every operation.

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::Error;
use crate::rt::Service;

const OWN_NAME: &str = concat!("dintero-rust/", env!("CARGO_PKG_VERSION"));
/// Dintero's maximum length of the headers that name a system, in characters.
const LONGEST: usize = 120;

/// The name and version of a program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) version: String,
}

/// Returns the headers for these settings.
pub(super) fn collect(
    service: Option<&Service>,
    suffix: Option<&str>,
    system: Option<&Program>,
    plugin: Option<&Program>,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let own = service.map_or(OWN_NAME, |service| service.agent);
    let agent = match suffix {
        Some(suffix) => format!("{own} {suffix}"),
        None => own.to_owned(),
    };
    headers.insert(USER_AGENT, value("user_agent_suffix", &agent)?);
    for (setting, program, names) in [
        (
            "system",
            system,
            ["dintero-system-name", "dintero-system-version"],
        ),
        (
            "plugin",
            plugin,
            [
                "dintero-system-plugin-name",
                "dintero-system-plugin-version",
            ],
        ),
    ] {
        let Some(program) = program else { continue };
        for (part, header, text) in [
            ("name", names[0], &program.name),
            ("version", names[1], &program.version),
        ] {
            let setting = format!("{setting} {part}");
            let length = text.chars().count();
            if length > LONGEST {
                let reason = format!("has {length} characters; the maximum is {LONGEST}");
                return Err(Error::configuration(&setting, reason));
            }
            if text.trim().is_empty() {
                return Err(Error::configuration(&setting, "is empty"));
            }
            headers.insert(HeaderName::from_static(header), value(&setting, text)?);
        }
    }
    Ok(headers)
}

fn value(setting: &str, text: &str) -> Result<HeaderValue, Error> {
    // The encoding of non-ASCII headers is not defined.
    let plain = |c: char| c == ' ' || c.is_ascii_graphic();
    let value = HeaderValue::from_str(text)
        .ok()
        .filter(|_| text.chars().all(plain));
    value.ok_or_else(|| {
        Error::configuration(setting, "contains characters other than printable ASCII")
    })
}
