//! The loose definitions of a case: files of the suite, in JSON or XML.

use std::fs;
use std::path::Path;

use fhir_accord_profiles::instance::{Limits, is_xml};
use fhir_accord_profiles::model::{Model, xml_to_json};

use super::cases::Case;
use super::settings::texts;

/// One definition as JSON text, named by its file.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loose {
    pub name: String,
    pub text: Vec<u8>,
    /// The canonical that it defines.
    pub url: Option<String>,
}

/// The definitions that a case brings along, and the canonical of the profile that its variant asks for.
pub fn of_case(case: &Case, suite: &Path, model: &Model) -> Result<(Vec<Loose>, Vec<String>), String> {
    let entry = &case.entry;
    let mut names: Vec<&str> = Vec::new();
    for key in ["supporting", "supporting5", "profiles", "valuesets", "codesystems"] {
        names.extend(texts(entry, key));
    }
    let mut asked = Vec::new();
    let mut source = None;
    if case.variant != "base" {
        let node = case.node();
        for key in ["supporting", "profiles", "valuesets", "codesystems"] {
            names.extend(texts(node, key));
        }
        match node["source"].as_str() {
            Some(url) if url.contains("://") => asked.push(url.to_owned()),
            Some(file) => source = Some(file),
            None => return Err("no source of the profile".to_owned()),
        }
    }
    let mut loose: Vec<Loose> = Vec::new();
    for name in names.into_iter().chain(source) {
        let read = read(suite, name, model)?;
        if source == Some(name) {
            asked.push(read.url.clone().ok_or(format!("`{name}` has no url"))?);
        }
        if !loose.contains(&read) {
            loose.push(read);
        }
    }
    Ok((loose, asked))
}

fn read(suite: &Path, name: &str, model: &Model) -> Result<Loose, String> {
    let bytes = fs::read(suite.join(name)).map_err(|_| format!("`{name}` is missing"))?;
    let mut text = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
    if is_xml(&text) {
        text = xml_to_json(&text, model, &Limits::default())
            .map_err(|damage| format!("`{name}` does not read as XML: {damage:?}"))?
            .into_bytes();
    }
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|_| format!("`{name}` does not read as JSON"))?;
    Ok(Loose {
        name: format!("{}.json", name.replace(['/', '.'], "-")),
        text,
        url: value["url"].as_str().map(str::to_owned),
    })
}
