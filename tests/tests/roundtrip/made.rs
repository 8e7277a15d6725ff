//! The values that `cargo xtask instances` made.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;

/// The values of a document's schemas.
pub(crate) struct Made {
    pub(crate) of_schemas: Vec<OfSchema>,
}

/// The values of a schema.
pub(crate) struct OfSchema {
    place: String,
    way: String,
    pub(crate) fingerprint: String,
    /// Why there are fewer than fifty.
    pub(crate) few: bool,
    pub(crate) instances: Vec<Value>,
}

impl Made {
    /// The values of the document of this file.
    pub(crate) fn read(document: &str) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("roundtrip/instances");
        let path = folder.join(document).with_extension("jsonl.gz");
        let missing = |error| {
            let path = path.display();
            format!("{path}: {error}: run `cargo xtask instances {document}`")
        };
        let file = File::open(&path).map_err(missing)?;
        let lines = BufReader::new(GzDecoder::new(file)).lines();
        let mut lines = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let header = lines.next().unwrap();
        assert_eq!(header["document"], document, "{}", path.display());
        let of_schemas = lines.map(|mut line| OfSchema {
            place: text(&line["place"]),
            way: text(&line["way"]),
            fingerprint: text(&line["fingerprint"]),
            few: line.get("all").is_some(),
            instances: match line["instances"].take() {
                Value::Array(instances) => instances,
                other => panic!("{other} is no list of values"),
            },
        });
        Ok(Self {
            of_schemas: of_schemas.collect(),
        })
    }

    /// The values of a schema: those that travel both ways, or those of requests and those of answers.
    pub(crate) fn of<'m>(&'m self, place: &'m str) -> impl Iterator<Item = &'m OfSchema> {
        (self.of_schemas.iter()).filter(move |made| made.place == place)
    }
}

impl OfSchema {
    pub(crate) fn is_of(&self, place: &str) -> bool {
        self.place == place
    }

    pub(crate) fn name(&self) -> String {
        format!("{} ({})", self.place, self.way)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
