//! Elements of XML that have to be there.

use serde_json::Value;

use super::edit::Edit;
use super::value::in_attribute;
use crate::cursor::Level;
use crate::elements::Child;

/// Where the start tag ends that a text begins with; `None`: it does not, or the element is empty.
pub(super) fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            _ if quote == Some(byte) => quote = None,
            b'>' if quote.is_none() => {
                let is_empty = text.get(..at).is_some_and(|tag| tag.ends_with('/'));
                return (!is_empty).then_some(at + 1);
            }
            _ => {}
        }
    }
    None
}

/// An element of this name with what stands for its value, given as JSON.
pub(super) fn element(name: &str, value: &str) -> String {
    let simple = |name: &str, text: &str| format!("<{name} value=\"{}\"/>", in_attribute(text));
    match serde_json::from_str(value) {
        Ok(Value::String(text)) => simple(name, &text),
        Ok(Value::Object(members)) if members.len() == 1 => {
            let inside = members.iter().filter_map(|(key, value)| Some(simple(key, value.as_str()?)));
            format!("<{name}>{}</{name}>", inside.collect::<String>())
        }
        Ok(Value::Bool(_) | Value::Number(_)) => simple(name, value),
        _ => format!("<{name}></{name}>"),
    }
}

/// Where an element goes: behind the last one that comes before it in the order of the definition.
pub(super) fn insertion(text: &str, level: &Level, children: &[Child], order: usize, element: &str) -> Edit {
    let is_before = |name: &str| children.iter().take(order).any(|c| c.name == name);
    let before = level.members.iter().rposition(|m| is_before(&m.name));
    let neighbour = before.and_then(|i| level.members.get(i)).or(level.members.first());
    let Some(neighbour) = neighbour else { return Edit::insert(level.inside.start, element) };
    // As its neighbour: on a line of its own, with the same indent, or behind it.
    let line = text.get(..neighbour.value.start).unwrap_or_default();
    let indent = line.get(line.rfind('\n').map_or(0, |n| n + 1)..).unwrap_or_default();
    let is_on_line = line.contains('\n') && indent.chars().all(char::is_whitespace);
    let gap = if is_on_line { format!("\n{indent}") } else { String::new() };
    match before {
        Some(_) => Edit::insert(neighbour.value.end, format!("{gap}{element}")),
        None => Edit::insert(neighbour.value.start, format!("{element}{gap}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_tag_ends_outside_of_its_quotes() {
        assert_eq!(tag_end("<a b='>' c=\"/>\">x"), Some(16));
        assert_eq!(tag_end("<a b='>'/>"), None);
        assert_eq!(tag_end("<a b='>"), None);
    }

    #[test]
    fn values_are_written_as_xml() {
        assert_eq!(element("status", "\"a<b\""), "<status value=\"a&lt;b\"/>");
        assert_eq!(element("active", "false"), "<active value=\"false\"/>");
        assert_eq!(element("subject", "{\"reference\":\"\"}"), "<subject><reference value=\"\"/></subject>");
        assert_eq!(element("period", "{}"), "<period></period>");
    }
}
