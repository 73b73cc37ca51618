//! What a distilled package says of itself: `.index.json` and `package.json`.

use serde_json::{Map, Value, json};

use super::json::Json;
use crate::packages::reading::ReadError;

/// A complete `.index.json` (version 2) of these files, one line a file.
pub(super) fn package_index(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    const TOLD: [&str; 9] =
        ["resourceType", "id", "url", "version", "kind", "type", "supplements", "content", "derivation"];
    let mut lines = Vec::with_capacity(files.len());
    for (name, text) in files {
        let Ok(resource) = Json::parse(text) else { continue };
        let mut line = Map::new();
        line.insert("filename".to_owned(), Value::from(name.as_str()));
        for key in TOLD {
            if let Some(told) = resource.get(key).and_then(Json::as_str) {
                line.insert(key.to_owned(), Value::from(told.as_ref()));
            }
        }
        lines.push(Value::Object(line).to_string());
    }
    format!("{{\"index-version\":2,\"files\":[\n{}\n]}}\n", lines.join(",\n")).into_bytes()
}

/// What of `package.json` is no prose and names no person.
///
/// # Errors
/// A text that is no JSON object.
pub(super) fn manifest_facts(text: &[u8]) -> Result<Vec<u8>, ReadError> {
    const DENIED: [&str; 7] =
        ["description", "author", "maintainers", "contributors", "keywords", "directories", "scripts"];
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let json: Value = serde_json::from_slice(text).map_err(|e| ReadError::Manifest { why: e.to_string() })?;
    let Value::Object(members) = json else { return Err(ReadError::Manifest { why: "not a JSON object".to_owned() }) };
    let kept: Map<String, Value> = members.into_iter().filter(|(key, _)| !DENIED.contains(&key.as_str())).collect();
    Ok(json!(kept).to_string().into_bytes())
}
