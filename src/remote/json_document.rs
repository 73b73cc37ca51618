//! A document that should be a JSON object.

use serde_json::Value;

use super::document::Document;

/// The document as a JSON object, or what it is instead.
pub fn object(document: &Document) -> Result<Value, String> {
    let text = document.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&document.bytes);
    let start: Vec<u8> = text.trim_ascii_start().iter().take(14).map(u8::to_ascii_lowercase).collect();
    let is_html = document.content_type.contains("html")
        || [b"<!doctype html".as_slice(), b"<html"].iter().any(|tag| start.starts_with(tag));
    match start.first() {
        None => return Err("empty, expected JSON".to_owned()),
        Some(b'<') if is_html => return Err("an HTML page, expected JSON".to_owned()),
        Some(b'<') => return Err("XML, expected JSON; `metadata?_format=json` in the URL may ask for it".to_owned()),
        Some(_) => {}
    }
    let value = serde_json::from_slice(text).map_err(|e| format!("not JSON: {e}"))?;
    Some(value).filter(Value::is_object).ok_or_else(|| "not a JSON object".to_owned())
}
