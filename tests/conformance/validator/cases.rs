//! The cases of the manifest: an entry and a variant, each with its key and what the official validator said of it.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const VARIANTS: [&str; 4] = ["base", "profile", "logical", "matchetype"];

/// One case.
pub struct Case {
    /// The name of its outcome file, made unique.
    pub key: String,
    /// `R4`, `R5`, …
    pub version: &'static str,
    pub variant: &'static str,
    /// The instance's path in the suite.
    pub file: String,
    /// The manifest's entry.
    pub entry: Value,
    /// The official validator's outcome.
    pub truth: Value,
}

impl Case {
    /// The part of the entry that describes the variant: the entry itself for `base`.
    pub fn node(&self) -> &Value {
        if self.variant == "base" { &self.entry } else { &self.entry[self.variant] }
    }

    pub fn extension(&self) -> &str {
        self.file.rsplit('.').next().unwrap_or_default()
    }
}

fn version(entry: &Value) -> &'static str {
    match entry["version"].as_str() {
        None | Some("5.0" | "5.0.0") => "R5",
        Some("4.0" | "4.0.1") => "R4",
        Some("3.0" | "3.0.1") => "R3",
        Some("4.3") => "R4B",
        Some("1.4") => "R2B",
        Some("1.0") => "R2",
        Some(_) => "other",
    }
}

/// Whether a node of the manifest is switched off.
fn unused(node: &Value) -> bool {
    match &node["use-test"] {
        Value::Bool(used) => !used,
        Value::String(used) => used.eq_ignore_ascii_case("false"),
        _ => false,
    }
}

fn read(path: &Path) -> Option<Value> {
    let text = fs::read(path).ok()?;
    serde_json::from_slice(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text)).ok()
}

/// The recorded outcome of a variant, and the name of its file.
fn truth(folder: &Path, node: &Value, canonical: &str) -> Option<(Value, String)> {
    if let Some(outcome) = node["java"].as_str().and_then(|name| read(&folder.join("outcomes").join(name))) {
        let name = node["java"].as_str()?.rsplit('/').next()?;
        return Some((outcome, name.strip_suffix(".json").unwrap_or(name).to_owned()));
    }
    let recorded = read(&folder.join("outcomes/java").join(format!("{canonical}.json")));
    let inline = || Some(node["java"]["outcome"].clone()).filter(Value::is_object);
    Some((recorded.or_else(inline)?, canonical.to_owned()))
}

/// Every case that has a recorded outcome, in the manifest's order.
pub fn load(folder: &Path) -> Vec<Case> {
    let manifest = read(&folder.join("manifest.json")).unwrap();
    let mut keys = HashSet::new();
    let mut cases = Vec::new();
    for entry in manifest["test-cases"].as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let switched_off = unused(entry) || truthy(&entry["close-up"]) || !truthy(&entry["module"]);
        if switched_off || !folder.join(file).is_file() {
            continue;
        }
        for variant in VARIANTS {
            let node = if variant == "base" { entry } else { &entry[variant] };
            if !node.is_object() || unused(node) || (variant == "base" && entry.get("logical").is_some()) {
                continue;
            }
            let version = version(entry);
            let canonical = format!("{version}.{}-{variant}", entry["name"].as_str().unwrap().replace('/', "-"));
            let Some((truth, mut key)) = truth(folder, node, &canonical) else { continue };
            if keys.contains(&key) {
                key = format!("{key}~{}", file.rsplit('/').next().unwrap());
            }
            while keys.contains(&key) {
                key.push('+');
            }
            keys.insert(key.clone());
            cases.push(Case { key, version, variant, file: file.to_owned(), entry: entry.clone(), truth });
        }
    }
    cases
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::String(s) => !s.is_empty(),
        _ => true,
    }
}
