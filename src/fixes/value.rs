//! Values that say what is meant with too much around it, and displays.

use super::context::Context;
use super::edit::{Edit, Fix};
use crate::cursor::Spot;

/// Types whose values are never set apart by the white space around them.
const TRIMMED: &[&str] =
    &["code", "id", "uri", "url", "canonical", "oid", "uuid", "date", "dateTime", "instant", "time", "base64Binary"];

/// Takes white space off both ends.
pub(super) fn trimmed(c: &Context<'_>) -> Option<Fix> {
    let written = c.written();
    let kept = written.trim_matches([' ', '\t', '\n', '\r']);
    if kept.is_empty() || kept.len() == written.len() {
        return None;
    }
    let start = c.span().start + (written.len() - written.trim_start_matches([' ', '\t', '\n', '\r']).len());
    let edits = vec![Edit::remove(c.span().start..start), Edit::remove(start + kept.len()..c.span().end)];
    let edits: Vec<Edit> = edits.into_iter().filter(|e| !e.range.is_empty()).collect();
    let is_token = c.told().is_some_and(|(_, spots)| {
        let types = spots.iter().filter_map(|s| s.element()).flat_map(|e| &e.types);
        let mut types = types.peekable();
        types.peek().is_some() && types.all(|t| TRIMMED.contains(&&*t.code))
    });
    let title = "remove the white space around the value";
    Some(if is_token { Fix::safe(title, edits) } else { Fix::doubtful(title, edits) })
}

/// Takes a `|` without a version off.
pub(super) fn without_bar(c: &Context<'_>) -> Option<Fix> {
    let bare = c.written().strip_suffix('|').filter(|b| !b.contains('|'))?;
    let edit = Edit::remove(c.span().start + bare.len()..c.span().end);
    Some(Fix::safe("remove the `|`", vec![edit]))
}

/// Writes the display that the code system has for the code.
pub(super) fn display(c: &Context<'_>) -> Option<Fix> {
    let Spot::Value { name, token } = &c.around.spot else { return None };
    let level = c.level()?;
    let display = c.definitions?.display(level.fact("system")?, level.fact("code")?)?;
    if name != "display" || token.text == display {
        return None;
    }
    let escaped = if c.is_xml() { in_attribute(&display) } else { in_string(&display) };
    Some(Fix::safe(
        format!("write the display of the code, `{display}`"),
        vec![Edit::new(token.range.clone(), escaped)],
    ))
}

/// A text as it stands in a string of JSON, without the quotes.
pub(super) fn in_string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// A text as it stands in an attribute of XML.
pub(super) fn in_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
