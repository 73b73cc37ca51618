//! XML documents of other kinds than FHIR's.

use crate::instance::{Fault, FaultKind, NameId, Tape};
use crate::plan::ImageSet;

/// The faults of the syntax that are told, and how many more there are.
pub(super) struct Told<'a> {
    pub(super) faults: Vec<&'a Fault>,
    pub(super) more: usize,
    /// Whether the root is none of FHIR's, so that nothing was examined.
    pub(super) foreign: bool,
}

/// The faults of a tape. Of a document of another kind only its root is not of FHIR's form: what it contains was not
/// examined as FHIR, and follows rules of its own.
pub(super) fn told<'a>(tape: &'a Tape<'_>, set: &ImageSet) -> Told<'a> {
    let Some(root) = foreign_root(tape, set) else {
        return Told {
            faults: tape.faults().iter().collect(),
            more: tape.fault_count() - tape.faults().len(),
            foreign: false,
        };
    };
    let faults = tape.faults().iter().filter(|f| !f.kind.is_of_form() || *f == root).collect();
    Told { faults, more: tape.more_faults_of_syntax(), foreign: true }
}

/// What is wrong with the namespace of a root that is neither in FHIR's nor named as a resource type.
fn foreign_root<'a>(tape: &'a Tape<'_>, set: &ImageSet) -> Option<&'a Fault> {
    let name = tape.root().filter(|_| tape.is_xml())?.child(NameId::RESOURCE_TYPE)?;
    let model = set.model();
    if model.find(&name.text()).is_some_and(|t| model.is_resource(t)) {
        return None;
    }
    tape.faults().iter().find(|f| f.kind == FaultKind::Namespace && f.span.end == name.span().end)
}
