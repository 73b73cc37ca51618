//! What a type demands beyond its definition: references, codings, narratives, attachments, canonicals.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use sha1::{Digest as _, Sha1};

use super::coding::is_relative;
use super::finding::{Detail, Weight};
use super::walk::Walk;
use crate::assertion::primitive::{Primitive, scheme};
use crate::assertion::xhtml::{self, XhtmlFaultKind};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::plan::PlanNode;

/// Base64 as its own rule takes it, whatever the last digit's unused bits are.
const BASE64: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

impl<'t> Walk<'_, 't> {
    /// The rules of complex types.
    pub fn typed(&mut self, n: Node<'t>, plan: &PlanNode) {
        match self.model().type_name(plan.type_id) {
            "Reference" => self.reference(n, plan),
            "Coding" => {
                if plan.bindings.is_empty() {
                    self.own_system(n);
                }
                self.coding(n, &plan.bindings);
            }
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" => self.quantity(n),
            "Identifier" => self.identifier(n),
            "Attachment" => self.attachment(n),
            _ => {}
        }
    }

    /// The rules of primitive types that their text alone does not tell.
    pub fn typed_primitive(&mut self, n: Node<'t>, plan: &PlanNode, p: Primitive) {
        if p == Primitive::Canonical && n.has_value() {
            let text = n.text();
            if !text.is_empty() && !text.contains(':') && !text.starts_with('#') && !text.contains(char::is_whitespace) {
                self.error(RuleId::CANONICAL_ABSOLUTE, n, &plan.handles, Detail::Text(text.into_owned()));
            } else if text.contains(':') {
                self.canonical_target(n, &text, plan);
            }
        }
        if matches!(p, Primitive::Canonical | Primitive::Uri | Primitive::Url) && !self.is_source(n) && n.raw_bytes().first() == Some(&b'#') && n.raw_bytes().len() > 1 {
            self.internal_url(n, plan);
        }
        if p == Primitive::Xhtml && n.has_value() {
            self.narrative(n, plan);
        }
    }

    /// A canonical names a definition of a kind that its element takes; one that is not known names anything.
    fn canonical_target(&mut self, n: Node<'t>, canonical: &str, plan: &PlanNode) {
        if plan.targets.is_empty() {
            return;
        }
        let kinds = self.set.kinds(canonical);
        let model = self.model();
        for t in &plan.targets {
            let fits = |kind: &&str| model.find(kind).is_none_or(|k| t.types.iter().any(|w| !w.is_known() || model.is_a(k, *w)));
            if !kinds.is_empty() && !kinds.iter().any(fits) {
                self.error(RuleId::REFERENCE_TARGET, n, &[t.element], Detail::Text(kinds[0].to_owned()));
            }
        }
    }

    /// The size and the hash of an attachment are those of its data (https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash).
    fn attachment(&mut self, n: Node<'t>) {
        let named = |name: &str| n.children().find(|c| c.name_text() == name && c.has_value()).map(Node::text);
        let (Some(data), size, hash) = (named("data"), named("size"), named("hash")) else { return };
        if (size.is_none() && hash.is_none()) || Primitive::Base64Binary.check(&data).is_err() {
            return;
        }
        let Ok(bytes) = BASE64.decode(&*data) else { return };
        if let Some(size) = size.filter(|s| s.parse::<usize>().is_ok_and(|s| s != bytes.len())) {
            self.error(RuleId::ATTACHMENT_SIZE, n, &[], Detail::Text(format!("{size} bytes, its data has {}", bytes.len())));
        }
        let Some(hash) = hash else { return };
        let own = BASE64.encode(Sha1::digest(&bytes));
        if *hash != own {
            self.error(RuleId::ATTACHMENT_HASH, n, &[], Detail::Text(format!("`{hash}`, that of its data is `{own}`")));
        }
    }

    /// The unit of a quantity: its system is absolute, its code one of the system's.
    fn quantity(&mut self, n: Node<'t>) {
        let Some(system) = n.child_text(NameId::SYSTEM) else { return };
        if is_relative(&system) {
            self.error(RuleId::CODING_SYSTEM_ABSOLUTE, n, &[], Detail::Text(system.into_owned()));
            return;
        }
        self.coding(n, &[]);
    }

    /// The system of an identifier is absolute (https://hl7.org/fhir/R4/datatypes.html#Identifier).
    fn identifier(&mut self, n: Node<'t>) {
        let Some(system) = n.child_text(NameId::SYSTEM) else { return };
        if is_relative(&system) {
            self.error(RuleId::IDENTIFIER_SYSTEM_ABSOLUTE, n, &[], Detail::Text(system.into_owned()));
        } else if system == "urn:ietf:rfc:3986"
            && let Some(value) = n.child_text(NameId::VALUE).filter(|v| !v.is_empty() && scheme(v).is_none())
        {
            self.error(RuleId::IDENTIFIER_URI, n, &[], Detail::Text(value.into_owned()));
        }
    }

    /// `meta.source`: a fragment there tells a part of the source, nothing inside the resource
    /// (https://hl7.org/fhir/R4/resource-definitions.html#Meta.source).
    fn is_source(&self, n: Node<'t>) -> bool {
        n.name_text() == "source" && n.parent().is_some_and(|p| p.name() == NameId::META)
    }

    /// A url that is a fragment names something inside the resource.
    fn internal_url(&mut self, n: Node<'t>, plan: &PlanNode) {
        let text = n.text();
        let id = text.strip_prefix('#').unwrap_or(&text);
        if !self.has_id(id) {
            self.error(RuleId::REFERENCE_UNRESOLVED, n, &plan.handles, Detail::Text(text.into_owned()));
        }
    }

    /// The markup of a narrative, and its links into the resource.
    fn narrative(&mut self, n: Node<'t>, plan: &PlanNode) {
        let text = n.text();
        let (faults, links) = if memchr::memchr(b'#', n.raw_bytes()).is_some() { xhtml::check_with_links(&text) } else { (xhtml::check(&text), Default::default()) };
        for f in faults {
            let rule = match f.kind {
                XhtmlFaultKind::NoContent => RuleId::NARRATIVE_EMPTY,
                k if k.is_syntax() => RuleId::NARRATIVE_SYNTAX,
                _ => RuleId::NARRATIVE_CONTENT,
            };
            let weight = if f.kind.is_error() { Weight::Error } else { Weight::Warning };
            let found: String = text.get(f.range.clone()).unwrap_or("").chars().take(60).collect();
            self.find(rule, weight, n, &plan.handles, Detail::Narrative { kind: f.kind, found });
        }
        let unresolved: Vec<String> = links.unresolved().map(|l| l.target.clone()).collect();
        for target in unresolved {
            if !self.has_id(&target) {
                self.error(RuleId::NARRATIVE_LINK, n, &[], Detail::Text(target));
            }
        }
    }

    /// Whether the resource around, or one contained in it, holds this id.
    fn has_id(&self, id: &str) -> bool {
        let Some(frame) = self.resources.iter().rev().find(|r| !r.contained) else { return true };
        let mut stack: Vec<Node<'t>> = vec![frame.node];
        while let Some(x) = stack.pop() {
            if x.child_text(NameId::ID).is_some_and(|i| i == id) || (x.name() == NameId::DIV && xhtml_has_id(&x.text(), id)) {
                return true;
            }
            stack.extend(x.children());
        }
        false
    }
}

/// Whether an element of a narrative has this id.
fn xhtml_has_id(text: &str, id: &str) -> bool {
    let ids = text.match_indices(id).filter(|(at, _)| {
        let (before, after) = (&text[..*at], &text[at + id.len()..]);
        ['"', '\''].iter().any(|q| after.starts_with(*q) && before.strip_suffix(*q).is_some_and(|b| b.trim_end().strip_suffix('=').is_some_and(|b| b.trim_end().ends_with(" id"))))
    });
    !id.is_empty() && ids.count() > 0
}
