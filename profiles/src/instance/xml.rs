//! FHIR XML to the tape (<https://hl7.org/fhir/R4/xml.html>): the same nodes as JSON gives. An element is a child of
//! its
//! name, a `value` attribute its value, other attributes are children, a nested resource's element name becomes its
//! `resourceType`, XHTML stays text. No DTD, no entities but XML's own five.
//!
//! XML does not say what repeats and what is a number: runs of one name stand as arrays do, and every value is a
//! string.

mod entities;
mod reader;
mod scan;
mod space;

use rustc_hash::FxHashSet;

use super::fault::FaultKind;
use super::limits::Limits;
use super::names::{NameId, Names};
use super::raw::{ESCAPED, FIRST, Kind};
use super::tape::Tape;
use reader::{Frame, Reader, Step};
use scan::Tag;
use space::{Space, Spaces};

pub(super) use entities::unescape;
pub use entities::{is_xml_char, xml_reference};

/// Reads one XML document to a tape. Never fails: what is wrong is in [`Tape::faults`].
pub fn parse_xml<'t>(text: &'t [u8], names: &'t Names, limits: &Limits) -> Tape<'t> {
    let mut tape = Tape::empty(text, names, true);
    let mut reader = Reader {
        text,
        at: 0,
        tape: &mut tape,
        next_look: limits.first_look(),
        limits: limits.clone(),
        stack: Vec::new(),
        spaces: Spaces::default(),
    };
    if text.len() > limits.bytes.min(u32::MAX as usize - 1) {
        reader.fatal(FaultKind::LimitBytes, 0, 0, limits.bytes.to_string());
    } else {
        match std::str::from_utf8(text) {
            Ok(utf8) => {
                reader.tape.utf8 = utf8;
                let _ = reader.document();
            }
            Err(e) => {
                let at = e.valid_up_to();
                let byte = text.get(at).copied().unwrap_or_default();
                reader.fatal(FaultKind::Utf8, at, at + e.error_len().unwrap_or(1), format!("{byte:#04x}"));
            }
        }
    }
    tape.end_root();
    tape
}

/// Whether a document's first character is that of XML, in UTF-8 or in UTF-16: what is not UTF-8 is a fault of the
/// format in which it is written.
pub fn is_xml(text: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    let text = marks.iter().find_map(|mark| text.strip_prefix(*mark)).unwrap_or(text);
    text.iter().find(|b| !b.is_ascii_whitespace() && **b != 0) == Some(&b'<')
}

impl<'t> Reader<'_, 't> {
    fn document(&mut self) -> Step {
        if self.text.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3;
        }
        self.declaration()?;
        self.misc()?;
        if self.at >= self.text.len() {
            return self.stop(FaultKind::Empty, 0, self.text.len(), "");
        }
        if self.byte() != b'<' {
            return self.unexpected();
        }
        let start = self.at;
        let tag = self.tag()?;
        self.declare(&tag);
        let root = self.node(NameId::NONE, Kind::Object, start, 0, FIRST)?;
        self.resource(root, root, tag)?;
        while !self.stack.is_empty() {
            self.content()?;
        }
        self.misc()?;
        if self.at < self.text.len() {
            return self.stop(FaultKind::TrailingText, self.at, self.text.len(), "");
        }
        Ok(())
    }

    /// One step inside the innermost element: a child, its end, or what stands between.
    fn content(&mut self) -> Step {
        self.misc()?;
        if self.starts("</") {
            return self.end_tag();
        }
        if self.byte() != b'<' {
            return self.stray_text();
        }
        let start = self.at;
        let tag = self.tag()?;
        self.element(start, tag)
    }

    /// Text between elements: nothing of FHIR's, noted and left out.
    fn stray_text(&mut self) -> Step {
        let start = self.at;
        let Some(len) = memchr::memchr(b'<', self.rest()) else {
            let end = self.text.len();
            return self.stop(FaultKind::UnexpectedEnd, end, end, "");
        };
        self.at = start + len;
        let text = self.str((start, self.at)).trim_end();
        let end = start + text.len();
        let found: String = text.chars().take(40).collect();
        self.note(FaultKind::StrayText, (start, end), found);
        Ok(())
    }

    fn end_tag(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let name = self.name()?;
        self.space();
        if self.byte() != b'>' {
            return self.unexpected();
        }
        self.at += 1;
        let Some(frame) = self.stack.pop() else { return self.unexpected() };
        if self.str(name) != self.str(frame.name) {
            let found = self.str(name).to_owned();
            self.stack.push(frame);
            return self.stop(FaultKind::EndTag, start, self.at, found);
        }
        self.close(&frame);
        Ok(())
    }

    /// Notes the end of an element that closes here.
    #[allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]
    fn close(&mut self, frame: &Frame) {
        let at = self.at as u32;
        if self.tape.nodes[frame.node as usize].kind == Kind::Object {
            self.tape.nodes[frame.node as usize].end = at;
        }
        self.tape.nodes[frame.holder as usize].end =
            if frame.holder == frame.node { self.tape.nodes[frame.node as usize].end } else { at };
        self.spaces.leave(self.stack.len());
        self.tape.link_runs(frame.holder);
    }

    fn value_flags(&self, range: (usize, usize)) -> u8 {
        if self.str(range).contains(['&', '\n', '\r', '\t']) { ESCAPED } else { 0 }
    }

    fn open(&mut self, node: u32, holder: u32, name: (usize, usize), is_resource: bool) -> Step {
        if self.stack.len() >= self.limits.depth {
            return self.stop(FaultKind::LimitDepth, self.at, self.at, self.limits.depth.to_string());
        }
        let around = self.stack.last().is_some_and(|f| f.foreign);
        let foreign = self.spaces.of(self.str(name)) != Space::Fhir;
        if foreign && !around {
            self.note(FaultKind::Namespace, name, self.str(name));
        }
        self.stack.push(Frame { node, last: 0, name, holder, filled: false, is_resource, foreign });
        Ok(())
    }

    /// Notes the namespaces that a tag declares for itself and its content.
    fn declare(&mut self, tag: &Tag) {
        for (name, value) in &tag.attributes {
            self.spaces.declare(self.stack.len() + 1, self.str(*name), self.str(*value));
        }
    }

    /// A child element with its attributes.
    fn element(&mut self, start: usize, tag: Tag) -> Step {
        let local = self.local(tag.name);
        self.declare(&tag);
        if self.stack.last().is_some_and(|f| f.filled) {
            return self.stop(FaultKind::UnexpectedCharacter, start, self.at, self.str(tag.name));
        }
        if self
            .stack
            .last()
            .is_some_and(|f| (local == "id" && !f.is_resource) || (local == "url" && self.is_extension(f)))
        {
            self.note(FaultKind::NoAttribute, tag.name, local);
        }
        // A resource inside an element: the element is the resource.
        if local.starts_with(|c: char| c.is_ascii_uppercase())
            && self.stack.len() > 1
            && let Some(frame) = self.stack.last_mut()
            && frame.last == 0
        {
            frame.filled = true;
            let (node, holder) = (frame.node, frame.holder);
            return self.resource(node, holder, tag);
        }
        if local == "div" && self.is_xhtml(&tag) {
            return self.xhtml(start, &tag);
        }
        // The name of a resource's element is its type: FHIR has no child of that name.
        let is_type = local == "resourceType" && self.stack.last().is_some_and(|f| f.is_resource);
        let name = self.tape.intern(if is_type { "f:resourceType" } else { local });
        let value = tag.attributes.iter().find(|(n, _)| self.str(*n) == "value").map(|(_, v)| *v);
        let index = match value {
            Some(v) => self.node(name, Kind::String, v.0, v.1, FIRST | self.value_flags(v))?,
            None => self.node(name, Kind::Object, start, self.at, FIRST)?,
        };
        self.link(index);
        let others = tag.attributes.iter().any(|(n, _)| is_content(self.str(*n)));
        let mut holder = index;
        if value.is_some() && (others || !tag.closed) {
            holder = self.primitive_extension(index, start, local)?;
        }
        self.open(index, holder, tag.name, false)?;
        self.attributes(&tag)?;
        if tag.closed {
            self.close_empty();
        }
        Ok(())
    }

    /// The node that holds the id and extensions of a primitive.
    #[allow(clippy::indexing_slicing, reason = "links between nodes are indices that the reader itself wrote")]
    fn primitive_extension(&mut self, index: u32, start: usize, local: &str) -> Step<u32> {
        let name = self.tape.intern(&format!("_{local}"));
        let primitive_extension = self.node(name, Kind::Object, start, self.at, FIRST)?;
        self.tape.nodes[primitive_extension as usize].parent = index;
        self.tape.nodes[index as usize].primitive_extension = primitive_extension;
        Ok(primitive_extension)
    }

    fn is_extension(&self, frame: &Frame) -> bool {
        matches!(self.local(frame.name), "extension" | "modifierExtension")
    }

    fn close_empty(&mut self) {
        if let Some(frame) = self.stack.pop() {
            self.close(&frame);
        }
    }

    /// The attributes that are content become children.
    fn attributes(&mut self, tag: &Tag) -> Step {
        for (name, value) in &tag.attributes {
            let written = self.str(*name);
            if written == "value" || !is_content(written) {
                continue;
            }
            let here = self
                .stack
                .last()
                .is_some_and(|f| !f.is_resource && (written == "id" || (written == "url" && self.is_extension(f))));
            if !here {
                self.note(FaultKind::Attribute, *name, written);
                continue;
            }
            let id = self.tape.intern(self.local(*name));
            let node = self.node(id, Kind::String, value.0, value.1, FIRST | self.value_flags(*value))?;
            self.link(node);
        }
        Ok(())
    }

    /// The element that names a resource's type: its children are those of `node`.
    fn resource(&mut self, node: u32, holder: u32, tag: Tag) -> Step {
        self.open(node, holder, tag.name, true)?;
        let name = self.local(tag.name);
        let start = tag.name.1 - name.len();
        let type_node = self.node(NameId::RESOURCE_TYPE, Kind::String, start, tag.name.1, FIRST)?;
        self.link(type_node);
        self.attributes(&tag)?;
        if tag.closed {
            self.close_empty();
        }
        Ok(())
    }

    /// Whether a `div` is a narrative: by its namespace, or by being in an element `text`.
    fn is_xhtml(&self, tag: &Tag) -> bool {
        self.spaces.of(self.str(tag.name)) == Space::Xhtml
            || self.stack.last().is_some_and(|f| self.local(f.name) == "text")
    }

    /// The prefix of a tag of a narrative, where it is declared for XHTML around the narrative.
    fn outer_prefix(&self, tag: &Tag) -> Option<&'t str> {
        let name: &'t str = self.str(tag.name);
        let (prefix, _) = name.split_once(':')?;
        (self.spaces.of(name) == Space::Xhtml).then_some(prefix)
    }

    /// An XHTML element as one text, tags and all.
    fn xhtml(&mut self, start: usize, tag: &Tag) -> Step {
        let mut depth = u32::from(!tag.closed);
        let mut outer: FxHashSet<&str> = self.outer_prefix(tag).into_iter().collect();
        while depth > 0 {
            let Some(i) = memchr::memchr(b'<', self.rest()) else {
                let end = self.text.len();
                return self.stop(FaultKind::UnexpectedEnd, end, end, "");
            };
            self.at += i;
            if self.starts("<!--") {
                self.past("-->")?;
            } else if self.starts("<![CDATA[") {
                self.past("]]>")?;
            } else if self.starts("<?") {
                self.past("?>")?;
            } else if self.starts("</") {
                self.past(">")?;
                depth -= 1;
            } else {
                let tag = self.tag()?;
                outer.extend(self.outer_prefix(&tag));
                depth += u32::from(!tag.closed);
            }
        }
        let node = self.node(NameId::DIV, Kind::String, start, self.at, FIRST)?;
        if !outer.is_empty() {
            self.tape.outer_prefixes.insert(node, outer.into_iter().map(Box::from).collect());
        }
        self.link(node);
        self.spaces.leave(self.stack.len());
        Ok(())
    }
}

/// Whether an attribute says something of the instance, not of the document.
fn is_content(name: &str) -> bool {
    name != "value" && name != "xmlns" && !name.starts_with("xmlns:")
}

#[cfg(test)]
mod tests;
