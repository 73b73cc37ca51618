//! What elements demand of the children of a type, merged child by child.

use std::sync::RwLock;

use arc_swap::ArcSwapOption;

use super::build::Plans;
use super::elements::children_of;
use super::node::{PlanChild, Variant};
use super::rows::{ELEMENT_CHOICE, ELEMENT_LIST, ElementRow, NONE};
use super::set::Handle;
use super::slicing;
use crate::instance::NameId;
use crate::model::{ChildRow, TypeId};

impl Plans {
    /// The children of a type with what these elements demand of each.
    pub(super) fn children(&self, type_id: TypeId, handles: &[Handle]) -> Box<[PlanChild]> {
        let set = self.set();
        let rows = set.model().children(type_id);
        let demands: Vec<(Handle, ElementRow)> = handles.iter().flat_map(|h| children_of(set, *h)).collect();
        let elements = rows.chunk_by(|a, b| a.order == b.order);
        elements.filter_map(|rows| Some(self.child(rows.first()?, rows, &demands))).collect()
    }

    /// One element of the type: its rows, one for each type of a choice, the first of them apart.
    fn child(&self, first: &ChildRow, rows: &[ChildRow], demands: &[(Handle, ElementRow)]) -> PlanChild {
        let set = self.set();
        let choice_base = first.choice_base;
        let is_choice = first.is_choice();
        let mine: Vec<(Handle, &ElementRow)> = demands
            .iter()
            .filter(|(_, e)| e.name == choice_base || (is_choice && rows.iter().any(|r| r.name == e.name)))
            .map(|(h, e)| (*h, e))
            .collect();
        let handles: Box<[Handle]> = mine.iter().map(|(h, _)| *h).collect();
        let min = mine.iter().map(|(_, e)| e.min).max().unwrap_or(first.min);
        let max = mine.iter().map(|(_, e)| e.max).min().unwrap_or(first.max);
        let is_list = mine.first().map_or(first.is_list(), |(_, e)| e.flags & ELEMENT_LIST != 0) || first.is_list();
        let variants = rows
            .iter()
            .map(|r| Variant {
                name: r.name,
                type_id: r.type_id,
                is_resource: set.model().is_resource(r.type_id),
                refused: mine.iter().filter(|(h, e)| !self.allows(*h, e, r)).map(|(h, _)| *h).collect(),
                node: ArcSwapOption::empty(),
                sliced: RwLock::default(),
            })
            .collect();
        let is_extension = matches!(choice_base, NameId::EXTENSION | NameId::MODIFIER_EXTENSION);
        let slicings = mine
            .iter()
            .filter(|(_, e)| e.slicing != NONE || e.first_slice != NONE)
            .filter_map(|(h, e)| slicing::plan(set, *h, e, is_extension))
            .collect();
        PlanChild {
            name: choice_base,
            is_list,
            is_choice,
            is_extension,
            min,
            max,
            handles,
            variants,
            slicings,
            by_url: RwLock::default(),
        }
    }

    /// Whether an element allows a variant: by its types, or by its name where a snapshot narrowed a choice to one.
    fn allows(&self, h: Handle, e: &ElementRow, row: &ChildRow) -> bool {
        let image = self.set().layer(h.layer);
        let model = self.set().model();
        if e.flags & ELEMENT_CHOICE == 0 && !row.is_choice() {
            return true;
        }
        let types = image.type_refs(e.types);
        let name = model.type_name(row.type_id);
        types.is_empty()
            || types
                .iter()
                .map(|t| image.str(t.code))
                .any(|code| code == name || code == "*" || self.is_abstract_base(name, code))
    }
}
