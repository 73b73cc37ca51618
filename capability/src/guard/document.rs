//! Resources in JSON, read strictly: what two readers might read in two ways is refused.

use std::sync::LazyLock;

use fhir_accord_profiles::instance::{Limits, NameId, Names, Node, Tape, is_xml, parse};
use fhir_accord_profiles::interrupt::Interrupt;

use super::access::Reason;
use super::limits::{DOCUMENT_BYTES, DOCUMENT_DEPTH, DOCUMENT_VALUES};
use super::refusal::{beyond, broken_off, refused};

/// The members that a decision looks at.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    Names::new([
        "entry",
        "fullUrl",
        "target",
        "request",
        "method",
        "url",
        "ifNoneExist",
        "type",
        "search",
        "mode",
        "meta",
        "profile",
        "tag",
        "code",
        "reference",
        "parameter",
        "part",
        "response",
        "total",
        "criteria",
    ])
});

/// The id of a member's name; that of no member where a decision does not look at it.
pub(super) fn name(text: &str) -> NameId {
    NAMES.find(text.as_bytes()).unwrap_or_default()
}

/// A document on a tape. Keeps no fault.
pub(super) struct Document<'t>(Tape<'t>);

impl<'t> Document<'t> {
    /// Reads a document; `what` names it in reasons, and `rule` is that of malformed ones.
    pub(super) fn read(
        text: &'t [u8],
        (what, rule): (&str, &'static str),
        interrupt: &Interrupt,
    ) -> Result<Document<'t>, Reason> {
        if text.len() > DOCUMENT_BYTES {
            return Err(beyond(&format!("{what} has more bytes than are read"), DOCUMENT_BYTES));
        }
        if is_xml(text) {
            return Err(refused("body-format", format!("{what} is XML; the guard judges JSON alone")));
        }
        let limits = Limits {
            bytes: DOCUMENT_BYTES,
            depth: DOCUMENT_DEPTH,
            nodes: DOCUMENT_VALUES,
            faults: 1,
            comments: false,
            interrupt: interrupt.clone(),
        };
        let tape = parse(text, &NAMES, &limits);
        if interrupt.is_raised() {
            return Err(broken_off());
        }
        if tape.faults().iter().any(|f| f.kind.is_limit()) {
            return Err(beyond(&format!("{what} has more values, or nests deeper, than is read"), DOCUMENT_VALUES));
        }
        if tape.is_fatal() || tape.fault_count() > 0 || tape.root().is_none_or(|r| !r.is_object()) {
            return Err(refused(rule, format!("{what} is not one well-formed JSON object with each member once")));
        }
        Ok(Document(tape))
    }

    /// The resource that the document is.
    pub(super) fn root(&'t self) -> Option<Node<'t>> {
        self.0.root()
    }

    /// The references in it that have a query.
    pub(super) fn searches(&'t self) -> Vec<String> {
        let all = (0..self.0.len() as u32).map(|i| self.0.node(i));
        let references = all.filter(|n| n.name() == name("reference") && n.has_value());
        references
            .filter(|n| n.is_escaped() || n.raw().contains('?'))
            .map(|n| n.text().into_owned())
            .filter(|t| t.contains('?'))
            .collect()
    }
}

/// A member with text, where it is there once.
pub(super) fn member(node: Node<'_>, id: NameId) -> Option<String> {
    let mut all = node.children_named(id);
    let only = all.next().filter(|n| n.has_value() && !n.in_array())?;
    if all.next().is_some() { None } else { Some(only.text().into_owned()) }
}

/// The type that a resource says it is.
pub(super) fn type_of(node: Node<'_>) -> Option<String> {
    member(node, NameId::RESOURCE_TYPE)
}

/// What is claimed in `meta.profile`.
pub(super) fn claims(root: Node<'_>) -> Vec<String> {
    let Some(meta) = root.child(name("meta")) else { return Vec::new() };
    meta.children_named(name("profile")).filter(|p| p.has_value()).map(|p| p.text().into_owned()).collect()
}
