//! Elements that have to be there, with something to be replaced.

use super::context::Context;
use super::edit::{Edit, Fix};
use super::element::{self, tag_end};
use crate::cursor::Level;
use crate::elements::{Child, Lexeme, Spot, lexeme};

/// Adds the member or element that the issue misses, where the order of the definition has it.
pub(super) fn missing(c: &Context<'_>) -> Option<Fix> {
    // An empty element of XML has no inside.
    let is_xml = c.is_xml();
    if is_xml && c.text.get(c.span().start..).and_then(tag_end).is_none() {
        return None;
    }
    let level = c.within.levels.last()?;
    let name = c.issue.element.as_deref()?.rsplit(['.', ':']).next()?;
    let children = c.children();
    let order = children.iter().position(|child| child.element == name || child.name == name)?;
    let child = children.get(order)?;
    if level.members.iter().any(|m| m.name == child.name) {
        return None;
    }
    let way = c.way(&c.within)?;
    let definitions = c.definitions?;
    let spots = definitions.child(&way.inside, &child.name);
    let bindings = definitions.bindings(&Default::default(), &spots);
    let code = bindings.iter().find_map(|b| definitions.codes(&b.value_set)?.codes.first().cloned());
    let value = placeholder(child, &spots, code.as_ref().map(|c| &*c.code));
    let edit = match (is_xml, child.is_list) {
        (true, _) => element::insertion(c.text, level, &children, order, &element::element(&child.name, &value)),
        (_, true) => insertion(c.text, level, &children, order, &format!("\"{}\": [{value}]", child.name)),
        (_, false) => insertion(c.text, level, &children, order, &format!("\"{}\": {value}", child.name)),
    };
    Some(Fix::doubtful(format!("add `{}`, to be filled in", child.name), vec![edit]))
}

/// What stands for a value until somebody writes it: what definitions fix, the first code, or something of its type.
fn placeholder(child: &Child, spots: &[Spot], code: Option<&str>) -> String {
    if let Some((_, value)) = spots.iter().rev().find_map(|s| s.element()?.value.as_ref()) {
        return value.to_string();
    }
    match (&*child.code, lexeme(&child.code)) {
        ("code", _) => format!("\"{}\"", code.unwrap_or("code")),
        ("date" | "dateTime", _) => "\"1970-01-01\"".to_owned(),
        ("instant", _) => "\"1970-01-01T00:00:00Z\"".to_owned(),
        ("time", _) => "\"00:00:00\"".to_owned(),
        ("uri" | "url" | "canonical", _) => "\"http://example.org\"".to_owned(),
        ("Reference", _) => "{\"reference\": \"\"}".to_owned(),
        ("CodeableConcept" | "Narrative" | "Annotation", _) => "{\"text\": \"\"}".to_owned(),
        (_, Lexeme::Boolean) => "false".to_owned(),
        (_, Lexeme::Number) => "0".to_owned(),
        (_, Lexeme::Text) => "\"\"".to_owned(),
        (_, Lexeme::Object) => "{}".to_owned(),
    }
}

/// Where a member goes: behind the last one that comes before it in the order of the definition.
fn insertion(text: &str, level: &Level, children: &[Child], order: usize, member: &str) -> Edit {
    let is_before = |name: &str| {
        let plain = name.strip_prefix('_').unwrap_or(name);
        plain == "resourceType" || children.iter().take(order).any(|c| c.name == plain)
    };
    let before = level.members.iter().rposition(|m| is_before(&m.name));
    let neighbour = before.and_then(|i| level.members.get(i)).or(level.members.first());
    let Some(neighbour) = neighbour else { return Edit::insert(level.inside.start, member) };
    // As its neighbour: on a line of its own, with the same indent, or behind it.
    let line = text.get(..neighbour.key.start).unwrap_or_default();
    let indent = line.get(line.rfind('\n').map_or(0, |n| n + 1)..).unwrap_or_default();
    let is_on_line = line.contains('\n') && indent.chars().all(char::is_whitespace);
    let gap = if is_on_line { format!("\n{indent}") } else { " ".to_owned() };
    match before {
        Some(_) => Edit::insert(neighbour.value.end, format!(",{gap}{member}")),
        None => Edit::insert(neighbour.key.start, format!("{member},{gap}")),
    }
}
