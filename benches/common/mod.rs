//! What the benches read: the official US Core 6.1.0 examples, from the shared folder; without it the project's own.

use std::io::Read;
use std::path::{Path, PathBuf};

use fhir_accord::app::{App, Settings};
use flate2::read::GzDecoder;
use serde_json::Value;

/// The guide that the examples claim profiles of.
pub const GUIDE: &str = "hl7.fhir.us.core#6.1.0";

/// The shared folder; `None` where it is not here.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ACCORD_SHARED").map(PathBuf::from);
    Some(named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"))).filter(|f| f.is_dir())
}

/// Instances to validate, one text each: the lines of `$ACCORD_NDJSON`, else the examples of US Core 6.1.0 that claim a
/// profile and are no QuestionnaireResponse, else the project's own.
pub fn instances() -> Vec<Vec<u8>> {
    if let Some(file) = std::env::var_os("ACCORD_NDJSON") {
        let text = std::fs::read(&file).unwrap_or_else(|e| panic!("cannot read {}: {e}", file.display()));
        return text.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(<[u8]>::to_vec).collect();
    }
    match shared().map(|s| s.join("packages/hl7.fhir.us.core-6.1.0.tgz")).filter(|p| p.is_file()) {
        Some(archive) => of_archive(&archive),
        None => {
            eprintln!("not here: the examples of {GUIDE}; the project's own serve instead");
            let own = ["us-core-patient.json", "us-core-patient-race.json", "us-core-patient-invalid.json"];
            own.map(|name| {
                compact(&std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap())
                    .unwrap()
            })
            .into()
        }
    }
}

fn of_archive(archive: &Path) -> Vec<Vec<u8>> {
    let mut entries = tar::Archive::new(GzDecoder::new(std::fs::File::open(archive).unwrap()));
    let mut out = Vec::new();
    for entry in entries.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        if name.strip_prefix("package/example/").is_some_and(|n| n.ends_with(".json") && !n.starts_with('.')) {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            out.extend(compact(&text).map(|t| (name, t)));
        }
    }
    out.sort();
    out.into_iter().map(|(_, text)| text).collect()
}

/// The instance without white space, where it claims a profile.
fn compact(text: &[u8]) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(text).unwrap();
    let kind = value["resourceType"].as_str()?;
    let claims = value["meta"]["profile"].as_array().is_some_and(|p| !p.is_empty());
    (claims && kind != "QuestionnaireResponse").then(|| value.to_string().into_bytes())
}

/// The engine with [`GUIDE`].
pub fn app() -> App {
    App::open(&Settings { packages: vec![GUIDE.to_owned()], ..Settings::default() }).unwrap()
}
