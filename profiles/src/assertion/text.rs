//! How rules describe what they found: the form of a message, and the parts that many messages share.

use crate::instance::{Kind, Node};
use crate::judge::Finding;
use crate::plan::rows::{NONE, ValueRow};
use crate::plan::{Handle, ImageSet, ValueKind};

/// A finding to be described.
#[derive(Clone, Copy)]
pub struct MessageContext<'a> {
    pub set: &'a ImageSet,
    pub node: Node<'a>,
    pub finding: &'a Finding,
}

/// The message for a finding.
#[derive(Default)]
pub struct Message {
    /// Lower case, no full stop.
    pub text: String,
    /// The key of the constraint, where the rule is one.
    pub constraint: Option<String>,
    /// The canonical of the definition that states the constraint first, where that is told.
    pub stated_by: Option<String>,
    /// What it is about, and what it says.
    pub evidence: Vec<(String, String)>,
}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message { text, ..Message::default() }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Message {
        Message::from(text.to_owned())
    }
}

/// Gives the message for a finding of one rule.
pub type Describe = fn(MessageContext<'_>) -> Message;

impl MessageContext<'_> {
    /// The text that the rule gave with its finding; empty where it gave none.
    pub fn given(&self) -> &str {
        match &self.finding.detail {
            crate::judge::Detail::Text(t) | crate::judge::Detail::Name(t) => t,
            _ => "",
        }
    }

    /// The name of the element that the finding is about.
    pub fn name(&self) -> &str {
        self.node.name_text()
    }
}

/// A node's value for a text: short, in backticks.
pub fn shown(node: Node<'_>) -> String {
    format!("`{}`", short(node))
}

/// As [`shown`], with the quotes that distinguish a string from a number or literal.
pub fn written(node: Node<'_>) -> String {
    if node.kind() == Kind::String { format!("`\"{}\"`", short(node)) } else { shown(node) }
}

/// A node's value, written like the expected one. XML writes all values alike; there the definition says what is a
/// string.
pub fn beside(set: &ImageSet, node: Node<'_>, wanted: Handle) -> String {
    let bare = node.tape().is_xml()
        && set.value(wanted).is_some_and(|row| !matches!(row.kind(), ValueKind::Object | ValueKind::String));
    if bare { shown(node) } else { written(node) }
}

fn short(node: Node<'_>) -> String {
    let text = if node.has_value() { node.text() } else { String::from_utf8_lossy(node.raw_bytes()) };
    let short: String = text.chars().take(80).collect();
    let short = escaped(if short.len() < text.len() { short + "…" } else { short });
    if short.contains(['\n', '\r', '\t']) {
        short.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
    } else {
        short
    }
}

/// A text whose control characters, but for tabs and ends of lines, are written as JSON escapes them: what comes from
/// an instance must not steer a terminal.
pub fn escaped(text: String) -> String {
    let is_raw = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if !text.contains(is_raw) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_raw(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The id of an element row (`Patient.identifier:mr`).
pub fn element_id(set: &ImageSet, h: Handle) -> String {
    set.element(h).map_or_else(String::new, |e| set.str(h.layer, e.id).to_owned())
}

/// A fixed value or pattern as compact JSON, in backticks.
pub fn value_text(set: &ImageSet, h: Handle) -> String {
    let mut out = String::from("`");
    if let Some(row) = set.value(h) {
        write(set, h.layer, row, &mut out);
    }
    out.push('`');
    out
}

fn write(set: &ImageSet, layer: u32, row: &ValueRow, out: &mut String) {
    let text = set.str(layer, row.text);
    match row.kind() {
        ValueKind::Object => {}
        ValueKind::String => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        ValueKind::Number | ValueKind::True | ValueKind::False => out.push_str(text),
    }
    if row.kind() != ValueKind::Object {
        if row.first_child == NONE {
            return;
        }
        out.push_str(" with ");
    }
    out.push('{');
    let mut at = row.first_child;
    while let Some(c) = set.layer(layer).value(at).filter(|_| at != NONE) {
        if !out.ends_with('{') {
            out.push_str(", ");
        }
        out.push_str(set.model().names().text(c.name));
        out.push_str(": ");
        write(set, layer, c, out);
        at = c.next;
    }
    out.push('}');
}
