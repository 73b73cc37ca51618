//! What was read, of whichever format, written as FHIR XML (<https://hl7.org/fhir/R4/xml.html>). JSON says neither in
//! which order elements stand nor what is an attribute; the model does. Digits of numbers stay as they are.

mod escape;
#[cfg(test)]
mod tests;

use crate::instance::{Kind, Limits, NameId, Node, parse};
use crate::model::{Damage, Model, TypeId};
use crate::xhtml::{self, XhtmlFaultKind};
use escape::{escape, is_name};

/// The namespace of FHIR's elements.
const FHIR: &str = "http://hl7.org/fhir";
/// The namespace of a narrative's elements.
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Why a document cannot be written as XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// It does not read.
    Damaged(Damage),
    /// It is no resource.
    NoResource,
    /// XML has no element of this name.
    Name(String),
    /// What is an attribute or a narrative in XML has an id or extensions of its own, or is there twice: its name.
    Attribute(String),
}

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unwritable::Damaged(damage) => write!(f, "syntax error at line {}", damage.place.line),
            Unwritable::NoResource => f.write_str("it is not a resource"),
            Unwritable::Name(name) => {
                write!(f, "`{}` is not the name of an element in XML", name.chars().take(100).collect::<String>())
            }
            Unwritable::Attribute(name) => {
                write!(f, "`{name}` in XML is there once, and cannot have an id or extensions of its own")
            }
        }
    }
}

/// Reads a resource in JSON and writes it as XML, in the order of the definitions; what the model does not know stands
/// behind what it knows. Characters that XML cannot carry become U+FFFD, and a `div` that is no well-formed XHTML a
/// `div` with its markup as text.
///
/// # Errors
/// [`Unwritable`] where that would lose content.
pub fn json_to_xml(text: &[u8], model: &Model, limits: &Limits) -> Result<String, Unwritable> {
    read_and_written(text, model, limits, None)
}

/// As [`json_to_xml`], each element on a line of its own, indented by two spaces a level; narratives stay as they are.
///
/// # Errors
/// [`Unwritable`] where that would lose content.
pub fn json_to_indented_xml(text: &[u8], model: &Model, limits: &Limits) -> Result<String, Unwritable> {
    read_and_written(text, model, limits, Some(0))
}

fn read_and_written(text: &[u8], model: &Model, limits: &Limits, level: Option<usize>) -> Result<String, Unwritable> {
    let tape = parse(text, model.names(), limits);
    if let Some(damage) = Damage::of(&tape) {
        return Err(Unwritable::Damaged(damage));
    }
    written(tape.root().ok_or(Unwritable::NoResource)?, model, level)
}

/// The XML of a resource, a document without a declaration; as [`json_to_xml`].
///
/// # Errors
/// [`Unwritable`] where that would lose content.
pub fn node_xml(resource: Node<'_>, model: &Model) -> Result<String, Unwritable> {
    written(resource, model, None)
}

fn written(resource: Node<'_>, model: &Model, level: Option<usize>) -> Result<String, Unwritable> {
    let type_id = model.resource_type(resource);
    let mut writer = Writer {
        model,
        element: model.find("Element").unwrap_or_default(),
        level,
        out: String::with_capacity(resource.tape().text().len()),
    };
    let name = type_name(resource).ok_or(Unwritable::NoResource)?;
    writer.resource(resource, type_id, &name, true)?;
    Ok(writer.out)
}

/// The type that a node says it has, where it is a resource.
fn type_name(node: Node<'_>) -> Option<String> {
    let named = node.child(NameId::RESOURCE_TYPE).filter(|n| node.is_object() && n.has_value())?;
    Some(named.text().into_owned())
}

struct Writer<'m> {
    model: &'m Model,
    /// The type of which a primitive's own children are, where the primitive is not known.
    element: TypeId,
    /// How many elements are open, where they are indented.
    level: Option<usize>,
    out: String,
}

impl Writer<'_> {
    /// The element that names a resource's type, with its content.
    fn resource(&mut self, n: Node<'_>, type_id: TypeId, name: &str, is_root: bool) -> Result<(), Unwritable> {
        self.open(name)?;
        if is_root {
            self.attribute("xmlns", FHIR);
        }
        self.content(n, type_id, name, |c| c.name() == NameId::RESOURCE_TYPE)
    }

    /// The children of a node but those that are left out, and the end of the tag that is open.
    fn content(
        &mut self,
        n: Node<'_>,
        type_id: TypeId,
        name: &str,
        leaves_out: impl Fn(Node<'_>) -> bool,
    ) -> Result<(), Unwritable> {
        let mut children: Vec<(u32, Node<'_>)> = n
            .children()
            .filter(|c| !leaves_out(*c) && says_something(*c))
            .map(|c| (self.model.child(type_id, c.name()).map_or(u32::MAX, |row| row.order), c))
            .collect();
        if children.is_empty() {
            self.out.push_str("/>");
            return Ok(());
        }
        self.out.push('>');
        children.sort_by_key(|(order, _)| *order);
        self.deeper();
        for (_, child) in children {
            self.line();
            self.element(child, self.model.type_of_child(type_id, child))?;
        }
        self.close(name);
        Ok(())
    }

    fn deeper(&mut self) {
        self.level = self.level.map(|level| level + 1);
    }

    /// A new line, where elements are indented.
    fn line(&mut self) {
        if let Some(level) = self.level {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", level));
        }
    }

    /// The end of an element that has elements.
    fn close(&mut self, name: &str) {
        self.level = self.level.map(|level| level.saturating_sub(1));
        self.line();
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn element(&mut self, n: Node<'_>, type_id: TypeId) -> Result<(), Unwritable> {
        let name = n.name_text();
        let is_div = match self.model.type_name(type_id) {
            "" => n.name() == NameId::DIV,
            known => known == "xhtml",
        };
        if is_div && n.kind() == Kind::String {
            if n.children().next().is_some() {
                return Err(Unwritable::Attribute(name.to_owned()));
            }
            self.div(&n.text(), n.outer_prefixes());
            return Ok(());
        }
        self.open(name)?;
        // Some types have an element of that name.
        let may_be = !type_id.is_known() || self.model.is_resource(type_id);
        if let Some(resource) = type_name(n).filter(|_| may_be) {
            self.out.push('>');
            self.deeper();
            self.line();
            self.resource(n, type_id, &resource, false)?;
            self.close(name);
            return Ok(());
        }
        let is_extension = matches!(name, "extension" | "modifierExtension");
        let is_attribute = |c: Node<'_>| c.name() == NameId::ID || is_extension && c.name() == NameId::URL;
        let mut written = Vec::new();
        for attribute in n.children().filter(|c| is_attribute(*c) && says_something(*c)) {
            let is_second = written.contains(&attribute.name());
            written.push(attribute.name());
            if is_second || attribute.children().next().is_some() || !attribute.has_value() {
                return Err(Unwritable::Attribute(attribute.name_text().to_owned()));
            }
            self.attribute(attribute.name_text(), &attribute.text());
        }
        if n.has_value() {
            self.attribute("value", &n.text());
        }
        let of_children = if type_id.is_known() || n.is_object() { type_id } else { self.element };
        self.content(n, of_children, name, is_attribute)
    }

    fn open(&mut self, name: &str) -> Result<(), Unwritable> {
        if !is_name(name) {
            return Err(Unwritable::Name(name.to_owned()));
        }
        self.out.push('<');
        self.out.push_str(name);
        Ok(())
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }

    /// A narrative: its own markup, where that can stand in a document.
    fn div(&mut self, markup: &str, outer: &[Box<str>]) {
        let markup = markup.trim();
        let breaks = |text: &str| {
            // What stands before the element, such as a declaration, would stand in the middle of a document.
            let is_element = text.strip_prefix('<').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
            let faults = xhtml::check(text, outer);
            !is_element || faults.len() >= xhtml::MAX_FAULTS || faults.iter().any(|f| breaks_document(f.kind))
        };
        // FHIR's namespace would be that of what declares none.
        let declared = markup.strip_prefix("<div").map(|rest| format!("<div xmlns=\"{XHTML}\"{rest}"));
        if outer.is_empty() && !breaks(markup) {
            self.out.push_str(markup);
        } else if let Some(declared) = declared.filter(|text| outer.is_empty() && !breaks(text)) {
            self.out.push_str(&declared);
        } else {
            self.out.push_str("<div xmlns=\"");
            self.out.push_str(XHTML);
            self.out.push_str("\">");
            escape(markup, &mut self.out);
            self.out.push_str("</div>");
        }
    }
}

/// Whether a node is more than an empty place in an array.
fn says_something(n: Node<'_>) -> bool {
    match n.kind() {
        Kind::Null | Kind::Absent | Kind::EmptyArray | Kind::NestedArray => n.children().next().is_some(),
        _ => true,
    }
}

/// Whether markup with this fault would break the document around it, or mean something else in it.
fn breaks_document(kind: XhtmlFaultKind) -> bool {
    kind.is_syntax() || matches!(kind, XhtmlFaultKind::Root | XhtmlFaultKind::Namespace)
}
