//! The loose definitions of a case: files of the suite, in JSON or XML.

use std::fs;
use std::path::Path;

use fhir_accord::images::embedded;
use fhir_accord_profiles::definition::FhirVersion;
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
    for key in ["supporting", "profiles", "valuesets", "codesystems"] {
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
    // Definitions of a later version, whatever version the case has.
    let later = (case.version == "R3").then(of_r4).transpose()?;
    let of_later = texts(entry, "supporting5").into_iter().map(|name| (name, later.as_ref().unwrap_or(model)));
    for (name, model) in names.into_iter().chain(source).map(|name| (name, model)).chain(of_later) {
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

/// The types of R4, by which definitions of today are read where the version of the case has older ones.
fn of_r4() -> Result<Model, String> {
    let (id, version) = (FhirVersion::R4.core_package(), FhirVersion::R4.number());
    let image = embedded::find(id, version).ok_or("the types of R4 are missing")?;
    Ok(image.map_err(|e| e.to_string())?.model())
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
