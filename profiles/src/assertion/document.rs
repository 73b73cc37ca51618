//! Links within a document: relative references resolve by the rules of fullUrl, and every entry is linked
//! to the Composition (<https://hl7.org/fhir/R4/bundle.html#references>,
//! <https://hl7.org/fhir/R4/documents.html#content>).

use rustc_hash::FxHashMap;

use super::bundle_linked::{Graph, Groups, backwards, share};
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Entries, Judge, unversioned};
use crate::model::is_absolute_uri;

/// The rules of a document as a whole.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let entries: Vec<Node<'t>> = bundle.children_named(NameId::ENTRY).collect();
    let Some(first) = entries.first().copied() else { return };
    let index = j.entries(bundle);
    // The number of the entry by the place of its resource.
    let numbers: FxHashMap<u32, usize> =
        entries.iter().enumerate().filter_map(|(i, e)| Some((e.child(NameId::RESOURCE)?.index(), i))).collect();
    let (mut groups, mut graph) = (Groups::new(entries.len()), Graph::new(entries.len()));
    let mut stack: Vec<Node<'t>> = Vec::new();
    for (i, e) in entries.iter().enumerate() {
        stack.extend(e.child(NameId::RESOURCE));
        while let Some(n) = stack.pop() {
            if let Some(other) = link(j, &index, bundle, n).and_then(|r| numbers.get(&r)) {
                groups.join(i, *other);
                graph.lead(i, *other);
            }
            let from = stack.len();
            stack.extend(n.children());
            if let Some(children) = stack.get_mut(from..) {
                children.reverse();
            }
        }
    }
    // What the bundle itself links to (a stylesheet) belongs to the document.
    for url in bundle.children_named(NameId::LINK).filter_map(|l| l.child_text(NameId::URL)) {
        if let Some(other) = j.entries_named(&index, bundle, &url, first).first().and_then(|r| numbers.get(r)) {
            groups.join(0, *other);
            graph.lead(0, *other);
        }
    }
    share(&index, &numbers, &mut groups, &mut graph);
    let reached = graph.reached();
    for (i, e) in entries.iter().enumerate().filter(|(_, e)| e.child(NameId::RESOURCE).is_some()) {
        if !groups.is_joined(0, i) {
            j.error(RuleId::BUNDLE_UNREACHABLE, *e, &[], || Detail::None);
        } else if !reached.contains(&i) {
            backwards(j, *e, "document");
        }
    }
}

/// Where a node is the text of a reference out of its resource, or the url of an Attachment: what it names in the
/// document, the first where it names several.
fn link<'t>(j: &mut Judge<'_, 't>, index: &Entries, bundle: Node<'t>, n: Node<'t>) -> Option<u32> {
    if !n.has_value() {
        return None;
    }
    if n.name() == NameId::URL {
        // The url of an Attachment may also point outside, so it is not reported.
        return j.entries_named(index, bundle, &n.text(), n).first().copied();
    }
    if n.name() != NameId::REFERENCE {
        return None;
    }
    let (text, holder) = (n.text(), n.parent()?);
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let found = j.entries_named(index, bundle, &text, n);
    let plain = unversioned(&text);
    if found.len() > 1 {
        j.error(RuleId::REFERENCE_AMBIGUOUS, holder, &[], || Detail::Text(text.to_string()));
    } else if found.is_empty() && !is_absolute_uri(plain) && index.has_id(plain) {
        j.error(RuleId::REFERENCE_BUNDLE, holder, &[], || Detail::Text(text.to_string()));
    }
    found.first().copied()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::REFERENCE_BUNDLE, |t| {
        format!(
            "reference `{}` does not match the fullUrl of any entry, although an entry has this type and id",
            t.given()
        )
        .into()
    }),
    (RuleId::REFERENCE_AMBIGUOUS, |t| {
        format!("reference `{}` matches several entries of the Bundle", t.given()).into()
    }),
    (RuleId::BUNDLE_UNREACHABLE, |_| {
        "no chain of references links this entry to the first entry, in either direction".into()
    }),
];

/// A document: a composition with these members, and further entries.
macro_rules! document {
    ($composition:literal, $entries:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"document","entry":[{"fullUrl":"http://a.test/Composition/c",
                "resource":{"resourceType":"Composition","id":"c","#,
            $composition,
            "}},",
            $entries,
            "]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::REFERENCE_BUNDLE, document!(r#""subject":{"reference":"Patient/p"}"#,
        r#"{"fullUrl":"http://§.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "b", "a"),
    example(RuleId::REFERENCE_AMBIGUOUS, document!(r#""subject":{"reference":"Patient/p"}"#,
        r#"{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}},
        {"fullUrl":"http://§.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "a", "b"),
    example(RuleId::BUNDLE_UNREACHABLE, document!(r#""extension":[{"url":"http://a.test/a",
        "valueAttachment":{"url":"§"}}]"#, r#"{"fullUrl":"http://a.test/Binary/b","resource":{"resourceType":"Binary",
        "id":"b"}}"#), "http://b.test/Binary/b", "Binary/b"),
    example(RuleId::BUNDLE_UNREACHABLE, document!(r#""subject":{"§":"Patient/p"}"#,
        r#"{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}"#), "display",
        "reference"),
];
