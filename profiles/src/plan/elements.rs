//! Elements of structures: by id, their children, the content that they take over.

use super::rows::{ElementRow, NONE, STRUCTURE_CONSTRAINT};
use super::set::{Handle, ImageSet};

/// The element of a structure with this id.
pub(super) fn by_id(set: &ImageSet, structure: Handle, id: &str) -> Option<Handle> {
    let image = set.layer(structure.layer);
    let root = set.root(structure)?;
    let mut own = image.elements_from(root.row).take_while(|e| e.structure == structure.row);
    let at = own.position(|e| image.str(e.id) == id || image.str(e.slice_name) == id)?;
    Some(Handle { layer: root.layer, row: root.row + at as u32 })
}

/// The element whose content another takes over: that of the type, also where a profile constrains the type
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.contentReference>).
pub(crate) fn content_of(set: &ImageSet, h: Handle, e: &ElementRow) -> Handle {
    let own = Handle { layer: h.layer, row: e.content };
    let base = || {
        let structure = set.structure_of(h).filter(|s| s.flags & STRUCTURE_CONSTRAINT != 0)?;
        let core = set.core_type(set.str(h.layer, structure.type_name))?;
        let id = set.str(h.layer, set.element(own)?.id);
        let path: Vec<&str> = id.split('.').map(|part| part.split(':').next().unwrap_or(part)).collect();
        by_id(set, core, &path.join("."))
    };
    base().unwrap_or(own)
}

/// The children of an element that are not slices, in order.
pub(crate) fn children_of(set: &ImageSet, parent: Handle) -> impl Iterator<Item = (Handle, ElementRow)> {
    let image = set.layer(parent.layer);
    let mut at = image.element(parent.row).map_or(NONE, |e| e.first_child);
    std::iter::from_fn(move || {
        let e = image.element(at)?;
        let h = Handle { layer: parent.layer, row: at };
        at = e.next;
        Some((h, e))
    })
}
