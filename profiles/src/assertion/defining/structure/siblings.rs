//! The elements of a profile relative to each other: in the order of the base, and sliced before there are slices
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use super::base::{Spot, plain};
use super::resliced::is_shut_out;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::plan::Handle;
use crate::plan::rows::{ELEMENT_CHOICE, NONE};

/// What was seen of the elements of one list.
pub struct Siblings {
    /// By the id of the element around: the last of its children.
    last: FxHashMap<String, Handle>,
    /// By the id of an element without its own slice: the last slice that the base has too.
    last_slice: FxHashMap<String, Handle>,
    /// By the id of an element without its own slice, and the slice's name: the id of the slice.
    names: FxHashMap<(String, String), String>,
    /// The paths of the elements that say how they are sliced.
    sliced: FxHashSet<String>,
}

impl Siblings {
    /// For the elements of one list.
    pub fn new(elements: &[Node<'_>]) -> Siblings {
        let sliced =
            elements.iter().filter(|e| named(**e, "slicing").next().is_some()).filter_map(|e| text(*e, "path"));
        let sliced = sliced.map(|path| path.into_owned()).collect();
        Siblings { last: FxHashMap::default(), last_slice: FxHashMap::default(), names: FxHashMap::default(), sliced }
    }

    /// Judges the next element of the list.
    pub fn check<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, id: &str) {
        let Some((around, name)) = id.rsplit_once('.') else { return };
        self.order(j, spot, e, around, id);
        self.slice(j, spot, e, (around, name, id));
        if name.contains(':')
            && named(e, "sliceName").next().is_some()
            && spot.is_new_slice
            && !self.is_sliced(j, spot, id)
        {
            told(j, e, || {
                format!("`{id}` is a slice, but neither the base nor the profile says how `{}` is sliced", plain(id))
            });
        }
    }

    /// A slice has a name of its own, stands where it stands in the base, and is let in by it.
    fn slice<'t>(
        &mut self,
        j: &mut Judge<'_, 't>,
        spot: Spot<'_>,
        e: Node<'t>,
        (around, name, id): (&str, &str, &str),
    ) {
        let (plain_name, of_id) = name.split_once(':').map_or((name, None), |(n, s)| (n, Some(s)));
        let Some(slice) = text(e, "sliceName") else {
            if of_id.is_some() && text(e, "path").is_some_and(|path| self.sliced.contains(&*path)) {
                told(j, e, || format!("`{id}` is a slice, but has no `sliceName`"));
            }
            return;
        };
        let whole = format!("{around}.{plain_name}");
        if is_shut_out(j, spot, e, &slice) {
            told(j, e, || format!("`{slice}` is a new slice of `{whole}`, whose slicing is closed in the base"));
        }
        // Without ids it is not known which slice an element below one is in.
        if of_id.is_none() && around.contains('.') {
            return;
        }
        self.slice_order(j, spot, e, &whole, id);
        match self.names.get(&(whole.clone(), slice.to_string())) {
            Some(other) if *other != id || of_id.is_none() => {
                told(j, e, || format!("`{whole}` has another slice of the name `{slice}`"));
            }
            Some(_) => {}
            None => drop(self.names.insert((whole, slice.into_owned()), id.to_owned())),
        }
    }

    /// The slices that the base has are in its order.
    fn slice_order<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, whole: &str, id: &str) {
        if spot.is_new_slice || spot.row == spot.whole {
            return;
        }
        let structure = |h: Handle| j.set.element(h).map(|row| (h.layer, row.structure));
        match self.last_slice.get_mut(whole) {
            None => drop(self.last_slice.insert(whole.to_owned(), spot.row)),
            Some(last) if structure(*last) != structure(spot.row) => {}
            Some(last) if spot.row.row >= last.row => *last = spot.row,
            Some(_) => j.error(RuleId::STRUCTURE_ORDER, e, &[], || {
                Detail::Text(format!("`{id}` comes after a slice that it precedes in the base"))
            }),
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

fn told<'t>(j: &mut Judge<'_, 't>, e: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_SLICING, e, &[], || Detail::Text(text()));
}
