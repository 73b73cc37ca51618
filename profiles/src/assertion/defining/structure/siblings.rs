//! The elements of a profile relative to each other: in the order of the base, and sliced before there are slices
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use super::base::{Spot, plain};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::plan::Handle;
use crate::plan::rows::{ELEMENT_CHOICE, NONE};

/// What was seen of the elements of one list.
pub struct Siblings {
    /// By the id of the element around: the last of its children.
    last: FxHashMap<String, Handle>,
    /// The paths of the elements that say how they are sliced.
    sliced: FxHashSet<String>,
}

impl Siblings {
    /// For the elements of one list.
    pub fn new(elements: &[Node<'_>]) -> Siblings {
        let sliced =
            elements.iter().filter(|e| named(**e, "slicing").next().is_some()).filter_map(|e| text(*e, "path"));
        Siblings { last: FxHashMap::default(), sliced: sliced.map(|path| path.into_owned()).collect() }
    }

    /// Judges the next element of the list.
    pub fn check<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, id: &str) {
        let Some((around, name)) = id.rsplit_once('.') else { return };
        self.order(j, spot, e, around, id);
        if name.contains(':')
            && named(e, "sliceName").next().is_some()
            && spot.is_new_slice
            && !self.is_sliced(j, spot, id)
        {
            j.error(RuleId::STRUCTURE_SLICING, e, &[], || {
                Detail::Text(format!(
                    "`{id}` is a slice, but neither the base nor the profile says how `{}` is sliced",
                    plain(id)
                ))
            });
        }
    }

    /// The children of an element are in the order of the base.
    fn order<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, around: &str, id: &str) {
        let structure = |h: Handle| j.set.element(h).map(|row| (h.layer, row.structure));
        match self.last.get_mut(around) {
            None => {
                self.last.insert(around.to_owned(), spot.whole);
            }
            // Rows of one structure are in the order of its elements; those of others are not compared.
            Some(last) if structure(*last) != structure(spot.whole) => {}
            Some(last) if spot.whole.row >= last.row => *last = spot.whole,
            Some(_) => j.error(RuleId::STRUCTURE_ORDER, e, &[], || {
                Detail::Text(format!("`{id}` comes after an element that it precedes in the base"))
            }),
        }
    }

    /// Whether an element is sliced by its base or by the profile. Extensions always are, by their urls, and choices by
    /// their types.
    fn is_sliced(&self, j: &Judge<'_, '_>, spot: Spot<'_>, id: &str) -> bool {
        let Some(row) = j.set.element(spot.whole) else { return true };
        let name = id.rsplit('.').next().unwrap_or(id).split(':').next().unwrap_or(id);
        row.flags & ELEMENT_CHOICE != 0
            || row.slicing != NONE
            || row.first_slice != NONE
            || matches!(name, "extension" | "modifierExtension")
            || self.sliced.contains(plain(id).as_str())
    }
}
