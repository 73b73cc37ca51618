//! The ports of a session, which also keep what an evaluation tells of itself: traces, and the steps of its parts.

use std::cell::RefCell;

use fhir_accord_profiles::fhirpath::{Collection, Conformance, Item, Outcome, Ports, Resolved};
use fhir_accord_profiles::instance::Node;
use fhir_accord_profiles::judge::JudgePorts;
use fhir_accord_profiles::model::TypeId;

use super::definitions::Definitions;
use super::part::Writer;
use super::steps::{Parts, Steps};

/// The ports of a session, which also keep what `trace()` saw, as parts of Parameters.
pub struct TracingPorts<'t> {
    session: JudgePorts<'t>,
    writer: Writer<'t>,
    definitions: Option<&'t Definitions<'t>>,
    traced: RefCell<Traced>,
    /// The parts of the expression that is watched.
    parts: Option<Parts>,
    steps: RefCell<Steps>,
}

/// What was traced: labels, and the parts of the items.
#[derive(Default)]
struct Traced {
    labels: Vec<(String, Vec<String>)>,
    bytes: usize,
}

/// How many bytes of traces are kept; what comes after is left out.
const MAX_TRACED_BYTES: usize = 4 << 20;

impl<'t> TracingPorts<'t> {
    /// Ports that answer as `session` does; `definitions` answer `elementDefinition()`.
    pub fn new(
        session: JudgePorts<'t>,
        writer: Writer<'t>,
        definitions: Option<&'t Definitions<'t>>,
    ) -> TracingPorts<'t> {
        TracingPorts {
            session,
            writer,
            definitions,
            traced: RefCell::default(),
            parts: None,
            steps: RefCell::default(),
        }
    }

    /// With the parts of an expression that is to be watched.
    pub fn watching(self, parts: Option<Parts>) -> TracingPorts<'t> {
        TracingPorts { parts, ..self }
    }

    /// The steps of the watched expression since the last call; what was traced meanwhile is forgotten.
    pub fn take_steps(&self) -> Steps {
        self.take();
        self.steps.take()
    }

    /// What was traced since the last call, in order: label, and the JSON of each item's part.
    pub fn take(&self) -> Vec<(String, Vec<String>)> {
        self.traced.take().labels
    }
}

impl<'t> Ports<'t> for TracingPorts<'t> {
    fn member_of(&self, coded: &Item<'t>, value_set: &str) -> Option<bool> {
        self.session.member_of(coded, value_set)
    }

    fn subsumes(&self, a: &Item<'t>, b: &Item<'t>) -> Option<bool> {
        self.session.subsumes(a, b)
    }

    fn resolve(&self, reference: &str, from: Node<'t>) -> Resolved<'t> {
        self.session.resolve(reference, from)
    }

    fn conforms_to(&self, node: Node<'t>, type_id: TypeId, profile: &str) -> Conformance {
        self.session.conforms_to(node, type_id, profile)
    }

    fn in_slice(&self, node: Node<'t>, profile: &str, slice: &str) -> Option<bool> {
        self.session.in_slice(node, profile, slice)
    }

    fn element_definition(&self, node: Node<'t>) -> Option<Item<'t>> {
        self.definitions?.element(node)
    }

    fn call(&self, name: &str, input: &[Item<'t>], args: &[Collection<'t>]) -> Option<Outcome<'t>> {
        self.session.call(name, input, args)
    }

    fn terminology(&self, name: &str, args: &[Collection<'t>]) -> Option<Collection<'t>> {
        self.session.terminology(name, args)
    }

    fn watch(&self, at: u32, items: &[Item<'t>], this: &[Item<'t>], index: i64) {
        if let Some(parts) = &self.parts {
            self.steps.borrow_mut().note(parts, &self.writer, at, items, this, index);
        }
    }

    fn trace(&self, name: &str, items: &[Item<'t>]) {
        let mut traced = self.traced.borrow_mut();
        if traced.bytes > MAX_TRACED_BYTES {
            return;
        }
        let parts: Vec<String> = items.iter().take(1000).map(|i| self.writer.part(i)).collect();
        traced.bytes += name.len() + parts.iter().map(String::len).sum::<usize>();
        traced.labels.push((name.to_owned(), parts));
    }
}
