//! What the beginning of a resource says of it.

use std::ops::Range;

use fhir_accord_profiles::instance::{Limits, LineIndex, NameId, Place, read as read_instance};

use super::call::NAMES;

/// What the beginning of a resource says of it.
#[derive(Debug)]
pub(in crate::http) struct Head {
    pub resource_type: Option<String>,
    pub id: Option<String>,
    pub span: Range<u32>,
    pub place: Place,
}

impl Default for Head {
    fn default() -> Head {
        Head { resource_type: None, id: None, span: 0..0, place: Place { line: 1, column: 1 } }
    }
}

/// Type and id of the resource that `text` is, read within these bounds; what it does not say is `None`.
pub(in crate::http) fn head(text: &[u8], intake: &Limits) -> Head {
    let tape = read_instance(text, &NAMES, intake);
    let Some(root) = tape.root() else { return Head::default() };
    let of = |id| root.child_text(id).map(|t| t.into_owned());
    Head {
        resource_type: of(NameId::RESOURCE_TYPE),
        id: of(NameId::ID),
        place: LineIndex::new(text).place(root.span().start),
        span: root.span(),
    }
}
