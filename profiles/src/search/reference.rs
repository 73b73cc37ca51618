//! Reference search (<https://hl7.org/fhir/R4/search.html#reference>).

use std::borrow::Cow;

use super::answer::{Open, Told, any, open};
use super::escape::plain;
use super::reading::{Reading, complex, text_of};
use super::token::{self, Token};
use crate::fhirpath::{Item, Resolved};
use crate::instance::Node;
use crate::model::{is_absolute_uri, is_id};

const OTHER_BASE: &str = "a reference is absolute, and the address of the server is not known";
const OTHER_VERSION: &str = "a version is asked for, and the reference has none";
const LOGICAL: &str = "a reference has an identifier and no address";
const UNUSUAL: &str = "only a server can tell what a reference leads to";

/// A reference's address in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Address<'r> {
    /// What stands before the type; empty where it is relative, or below the server's own base.
    base: &'r str,
    kind: &'r str,
    id: &'r str,
    version: Option<&'r str>,
}

impl<'r> Address<'r> {
    /// The parts of `[base/]Type/id[/_history/version]`; `None` for another text.
    fn of(text: &'r str, reading: &Reading<'_>) -> Option<Address<'r>> {
        let model = reading.model();
        let (path, version) = match text.split_once("/_history/") {
            Some((path, version)) => (path, Some(version)),
            None => (text, None),
        };
        let (rest, id) = path.rsplit_once('/')?;
        let (base, kind) = rest.rsplit_once('/').map_or(("", rest), |(base, kind)| (base, kind));
        let is_type = model.find(kind).is_some_and(|t| model.is_resource(t));
        let base = if reading.bases.iter().any(|own| own == base) { "" } else { base };
        let is_base = base.is_empty() || base.starts_with("http://") || base.starts_with("https://");
        let right_version = version.is_none_or(is_id);
        (is_type && is_base && is_id(id) && right_version && !rest.starts_with('/')).then_some(Address {
            base,
            kind,
            id,
            version,
        })
    }
}

/// A value of a reference parameter.
#[derive(Debug)]
pub(super) struct Reference<'q> {
    text: Cow<'q, str>,
    /// The type that a modifier names.
    kind: Option<&'q str>,
}

impl<'q> Reference<'q> {
    /// Reads a value; `kind` is the type that the modifier names.
    pub fn parse(text: &'q str, kind: Option<&'q str>) -> Result<Reference<'q>, Open> {
        let text = plain(text)?;
        if text.is_empty() { open("a value is empty") } else { Ok(Reference { text, kind }) }
    }

    /// Whether the address of a Reference, which has these parts, is the one asked for.
    fn is(&self, found: &str, parts: Option<Address<'_>>, reading: &Reading<'_>) -> Told {
        let text = &*self.text;
        if found == text && self.kind.is_none() {
            return Ok(true);
        }
        let Some(found) = parts else { return foreign(found) };
        if is_id(text) {
            return match self.kind {
                _ if found.id != text => Ok(false),
                Some(kind) if found.kind != kind => Ok(false),
                _ if found.base.is_empty() => Ok(true),
                _ => open(OTHER_BASE),
            };
        }
        let Some(wanted) = Address::of(text, reading) else {
            return if is_absolute_uri(text) && is_whole(text) { Ok(false) } else { open("a value is no reference") };
        };
        if wanted.kind != found.kind || wanted.id != found.id || self.kind.is_some_and(|kind| kind != found.kind) {
            return Ok(false);
        }
        if wanted.base != found.base {
            return if wanted.base.is_empty() || found.base.is_empty() { open(OTHER_BASE) } else { Ok(false) };
        }
        match (wanted.version, found.version) {
            (None, _) => Ok(true),
            (Some(_), None) => open(OTHER_VERSION),
            (Some(wanted), Some(found)) => Ok(wanted == found),
        }
    }

    /// Whether a canonical, split at its version, is the one asked for.
    fn is_canonical(&self, (found, found_version): (&str, Option<&str>)) -> Told {
        if self.kind.is_some() || !is_absolute_uri(&self.text) {
            return open("only a server can tell what has a canonical's address");
        }
        let (url, version) = versioned(&self.text);
        match (version, found_version) {
            _ if url != found => foreign_canonical(found),
            (None, _) => Ok(true),
            (Some(_), None) => open(OTHER_VERSION),
            (wanted, found) => Ok(wanted == found),
        }
    }
}

/// A canonical that is not the one asked for.
fn foreign_canonical(found: &str) -> Told {
    if is_absolute_uri(found) || found.starts_with('#') { Ok(false) } else { open(UNUSUAL) }
}

/// A canonical, split at its version.
fn versioned(text: &str) -> (&str, Option<&str>) {
    text.split_once('|').map_or((text, None), |(url, version)| (url, Some(version)))
}

/// Whether an address ends with its path, without what a server may leave out or decode.
fn is_whole(text: &str) -> bool {
    !text.contains(['?', '#', '%']) && !text.ends_with('/')
}

/// An address that names no type and id, and is not the one asked for.
fn foreign(found: &str) -> Told {
    let is_web = found.starts_with("http://") || found.starts_with("https://");
    if (is_web && is_whole(found)) || found.starts_with('#') { Ok(false) } else { open(UNUSUAL) }
}

/// The text of a Reference's address; `None` where it has neither an address nor an identifier.
fn address<'n>(reading: &Reading<'_>, node: Node<'n>) -> Result<Option<Cow<'n, str>>, Open> {
    let node = complex(node)?;
    match reading.child_text(node, "reference")? {
        Some(text) => Ok(Some(text)),
        None if reading.child(node, "identifier")?.is_some() => open(LOGICAL),
        None => Ok(None),
    }
}

/// The Reference of an item; of a CodeableReference its reference.
fn reference_of<'n>(reading: &Reading<'_>, item: &Item<'n>) -> Result<Option<Node<'n>>, Open> {
    match (item, reading.type_of(item)) {
        (Item::Node(node, _), "Reference") => Ok(Some(*node)),
        (Item::Node(node, _), "CodeableReference") => reading.child(complex(*node)?, "reference"),
        _ => open("the parameter finds what is no reference"),
    }
}

/// Whether an item is any of the references.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Reference<'_>, Open>]) -> Told {
    let each = |test: &dyn Fn(&Reference<'_>) -> Told| {
        any(wanted.iter().map(|reference| {
            reading.take(1)?;
            test(reference.as_ref().map_err(Clone::clone)?)
        }))
    };
    match (item, reading.type_of(item)) {
        (Item::Node(node, _), "canonical" | "uri" | "url") => {
            let Some(text) = text_of(*node)? else { return Ok(false) };
            reading.take_text(&text)?;
            let parts = versioned(&text);
            each(&|r| r.is_canonical(parts))
        }
        _ => {
            let Some(node) = reference_of(reading, item)? else { return Ok(false) };
            let Some(text) = address(reading, node)? else { return Ok(false) };
            reading.take_text(&text)?;
            let parts = Address::of(&text, reading);
            each(&|r| r.is(&text, parts, reading))
        }
    }
}

/// Whether the identifier of a Reference is any of the tokens.
pub(super) fn identifier(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Token<'_>, Open>]) -> Told {
    let Some(node) = reference_of(reading, item)? else { return Ok(false) };
    let Some(identifier) = reading.child(complex(node)?, "identifier")? else { return Ok(false) };
    let Some(kind) = reading.model().find("Identifier") else { return open("the definitions have no Identifier") };
    token::meets(reading, &Item::node(identifier, kind), wanted)
}

/// Whether an item is a reference to the resource of this type and id, whatever version of it.
pub(super) fn leads_to(reading: &Reading<'_>, item: &Item<'_>, (kind, id): (&str, &str)) -> Told {
    reading.take(1)?;
    let Some(node) = reference_of(reading, item)? else { return Ok(false) };
    let Some(text) = address(reading, node)? else { return Ok(false) };
    reading.take_text(&text)?;
    if text.starts_with('#') {
        // What is contained has no identity of its own; only a resource of this type may stand for the one meant.
        return match reading.contained.find(&text, node) {
            Resolved::Found(found) if reading.model().type_name(reading.model().resource_type(found)) != kind => {
                Ok(false)
            }
            Resolved::Nothing => open("a reference leads to nothing"),
            _ => open("a reference leads to a contained resource"),
        };
    }
    match Address::of(&text, reading) {
        Some(found) if found.kind != kind || found.id != id => Ok(false),
        Some(found) if found.base.is_empty() => Ok(true),
        Some(_) => open(OTHER_BASE),
        None => foreign(&text),
    }
}
