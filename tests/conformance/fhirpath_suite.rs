//! Reads a suite file: groups of tests.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How an expression is to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    Syntax,
    Semantic,
    Execution,
}

/// One test of a suite.
#[derive(Debug, Default)]
pub struct Case {
    pub group: String,
    pub name: String,
    pub input: Option<String>,
    pub expression: String,
    pub invalid: Option<Invalid>,
    /// Type and value of each item, the `@` of dates taken off.
    pub outputs: Vec<(String, String)>,
    pub predicate: bool,
    pub ordered: bool,
    pub lenient: bool,
    pub skip_check: bool,
    /// Functions that rely on an order are errors where there is none.
    pub strict_order: bool,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).unwrap()?;
    Some(attribute.unescape_value().unwrap().into_owned())
}

/// All cases in the order of the file.
pub fn read(text: &str) -> Vec<Case> {
    let mut reader = Reader::from_str(text);
    let mut out = Vec::new();
    let mut group = String::new();
    let mut case = Case::default();
    let mut value = String::new();
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                value.clear();
                match tag.name().as_ref() {
                    b"group" => group = attribute(tag, "name").unwrap_or_default(),
                    b"test" => case = start(tag, &group),
                    b"expression" => case.invalid = attribute(tag, "invalid").map(|i| Case::invalid_kind(&i)),
                    b"output" => case.outputs.push((attribute(tag, "type").unwrap_or_default(), String::new())),
                    _ => {}
                }
            }
            Event::Text(t) => value.push_str(&t.decode().unwrap()),
            Event::CData(t) => value.push_str(&t.decode().unwrap()),
            Event::GeneralRef(r) => match r.resolve_char_ref().unwrap() {
                Some(c) => value.push(c),
                None => value.push_str(quick_xml::escape::resolve_predefined_entity(&r.decode().unwrap()).unwrap()),
            },
            Event::End(tag) => match tag.name().as_ref() {
                b"expression" => case.expression = std::mem::take(&mut value),
                b"output" => {
                    if let Some(last) = case.outputs.last_mut() {
                        let text = value.trim();
                        let value = text.strip_prefix("@T").or(text.strip_prefix('@')).unwrap_or(text);
                        last.1 = if last.0 == "decimal" { unsigned_zero(value) } else { value.to_owned() };
                    }
                }
                b"test" => out.push(std::mem::take(&mut case)),
                _ => {}
            },
            Event::Eof => return out,
            _ => {}
        }
    }
}

fn start(tag: &BytesStart<'_>, group: &str) -> Case {
    let is = |name: &str, value: &str| attribute(tag, name).as_deref() == Some(value);
    Case {
        group: group.to_owned(),
        name: attribute(tag, "name").unwrap_or_default(),
        input: attribute(tag, "inputfile"),
        predicate: is("predicate", "true"),
        ordered: !is("ordered", "false"),
        lenient: is("mode", "lenient/polymorphics"),
        skip_check: is("skipStaticCheck", "true"),
        strict_order: is("checkOrderedFunctions", "true") || is("mode", "strict"),
        ..Case::default()
    }
}

/// A number's text, the sign of zero taken off: there is but one zero.
pub fn unsigned_zero(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|b| matches!(b, b'0' | b'.')) { digits.to_owned() } else { text.to_owned() }
}
