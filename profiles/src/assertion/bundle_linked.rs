//! Which way references lead through a document or a message: from its first entry to each other
//! (<https://hl7.org/fhir/R4/documents.html#content>, <https://hl7.org/fhir/R4/messaging.html#bundle>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::example::{Example, example};
use super::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Entries, Judge, Weight};

/// Judges the entries of a message: the header leads to each.
pub fn message<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let entries: Vec<Node<'t>> = bundle.children_named(NameId::ENTRY).collect();
    if entries.len() < 2 {
        return;
    }
    let index = j.entries(bundle);
    let numbers: FxHashMap<u32, usize> =
        entries.iter().enumerate().filter_map(|(i, e)| Some((e.child(NameId::RESOURCE)?.index(), i))).collect();
    let (mut groups, mut graph) = (Groups::new(entries.len()), Graph::new(entries.len()));
    let mut open: Vec<Node<'t>> = Vec::new();
    for (i, e) in entries.iter().enumerate() {
        open.extend(e.child(NameId::RESOURCE));
        while let Some(n) = open.pop() {
            if matches!(n.name(), NameId::REFERENCE | NameId::URL) && n.has_value() {
                let named = j.entries_named(&index, bundle, &n.text(), n).first();
                if let Some(other) = named.and_then(|r| numbers.get(r)) {
                    groups.join(i, *other);
                    graph.lead(i, *other);
                }
            }
            open.extend(n.children());
        }
    }
    share(&index, &numbers, &mut groups, &mut graph);
    let reached = graph.reached();
    for (i, e) in entries.iter().enumerate().filter(|(_, e)| e.child(NameId::RESOURCE).is_some()) {
        if !groups.is_joined(0, i) {
            j.find(RuleId::BUNDLE_LINKED, Weight::Warning, *e, &[], || {
                Detail::Text("no chain of references links this entry to the header of the message".to_owned())
            });
        } else if !reached.contains(&i) {
            backwards(j, *e, "message");
        }
    }
}

/// Entries with the same fullUrl are equivalent: a reference to one is a reference to all.
pub(super) fn share(index: &Entries, numbers: &FxHashMap<u32, usize>, groups: &mut Groups, graph: &mut Graph) {
    for same in index.shared_urls() {
        let mut all = same.iter().filter_map(|r| numbers.get(r));
        if let Some(one) = all.next() {
            all.for_each(|other| {
                groups.join(*one, *other);
                graph.lead(*one, *other);
                graph.lead(*other, *one);
            });
        }
    }
}

/// Tells that an entry of a document or message refers to what the first entry leads to, but is not led to itself.
/// Before R5 a document holds no such entries but Provenances.
pub(super) fn backwards<'t>(j: &mut Judge<'_, 't>, e: Node<'t>, kind: &str) {
    let is_provenance = || {
        e.child(NameId::RESOURCE).and_then(|r| r.child_text(NameId::RESOURCE_TYPE)).is_some_and(|t| t == "Provenance")
    };
    let weight = match kind {
        "document" if is_provenance() => return,
        "document" if j.set.fhir_version() < FhirVersion::R5 => Weight::Warning,
        _ => Weight::Note,
    };
    j.find(RuleId::BUNDLE_LINKED, weight, e, &[], || {
        Detail::Text(format!("the first entry of the {kind} does not lead to this one, which only refers to others"))
    });
}

/// Which entries each entry refers to, by their numbers.
pub(super) struct Graph(Vec<Vec<usize>>);

impl Graph {
    /// A graph of so many entries that refer to nothing.
    pub(super) fn new(count: usize) -> Graph {
        Graph(vec![Vec::new(); count])
    }

    /// Notes that an entry refers to another.
    pub(super) fn lead(&mut self, from: usize, to: usize) {
        if let Some(all) = self.0.get_mut(from)
            && all.last() != Some(&to)
        {
            all.push(to);
        }
    }

    /// The entries that the first leads to, itself among them.
    pub(super) fn reached(&self) -> FxHashSet<usize> {
        let mut reached = FxHashSet::from_iter([0]);
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            open.extend(self.0.get(at).into_iter().flatten().copied().filter(|to| reached.insert(*to)));
        }
        reached
    }
}

/// Entries grouped by links (a disjoint-set forest): each points to another of its group, the last of a chain to
/// itself.
pub(super) struct Groups(Vec<usize>);

#[allow(clippy::indexing_slicing, reason = "numbers of entries, of which the table has all")]
impl Groups {
    /// As many groups as entries.
    pub(super) fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    fn last(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Makes one group of the groups of two entries.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.last(a), self.last(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// Whether two entries are in one group.
    pub(super) fn is_joined(&mut self, a: usize, b: usize) -> bool {
        self.last(a) == self.last(b)
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::BUNDLE_LINKED, |t| t.given().into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BUNDLE_LINKED, r#"{"resourceType":"Bundle","type":"message","entry":[
        {"fullUrl":"http://a.test/MessageHeader/m","resource":{"resourceType":"MessageHeader","id":"m",
            "focus":[{"reference":"Patient/§"}]}},
        {"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"}}]}"#, "q", "p"),
    example(RuleId::BUNDLE_LINKED, r#"{"resourceType":"Bundle","type":"document","entry":[
        {"fullUrl":"http://a.test/Composition/c","resource":{"resourceType":"Composition","id":"c"}},
        {"fullUrl":"http://a.test/§/p","resource":{"resourceType":"§","id":"p",
            "extension":[{"url":"http://a.test/a","valueReference":{"reference":"Composition/c"}}]}}]}"#, "Basic",
        "Provenance"),
];
