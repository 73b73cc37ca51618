//! The generator: a type and profiles together to one instance, by wishes.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::Unbuildable;
use super::ask::Ask;
use super::code_set::{Code, members};
use super::draft::{Draft, Extent, Place};
use super::tree::Tree;
use super::tree_json::json;
use super::wish::Wish;
use crate::instance::NameId;
use crate::model::{Model, TypeId};
use crate::plan::rows::{ELEMENT_MUST_SUPPORT, NONE};
use crate::plan::{Handle, ImageSet, Plans};

/// How deep a node may be below the root of its instance.
pub(super) const DEPTH: u32 = 48;
/// How many nodes an instance may have.
pub(super) const NODES: u32 = 20_000;
/// How often a resource is built anew for profiles that its own codes bring.
const ROUNDS: usize = 3;
/// How many value sets are remembered.
const SETS: usize = 4096;

/// Builds instances along the plans of one package set. Make one a thread and keep it: it remembers the codes of
/// value sets.
pub struct Generator<'p> {
    pub(super) plans: &'p Plans,
    pub(super) set: &'p ImageSet,
    pub(super) model: &'p Model,
    members: RefCell<FxHashMap<Handle, Rc<[Code]>>>,
    supports: RefCell<FxHashMap<Handle, bool>>,
}

impl<'p> Generator<'p> {
    /// A generator over these plans.
    pub fn new(plans: &'p Plans) -> Generator<'p> {
        let set = plans.set();
        Generator { plans, set, model: set.model(), members: RefCell::default(), supports: RefCell::default() }
    }

    /// One instance for the type under all of these profiles (the root elements of structures), with what the wishes
    /// ask for and else the smallest. A wish that the profiles forbid is followed all the same, where it can be.
    ///
    /// # Errors
    /// [`Unbuildable`] with the element that has to be there and cannot be built.
    pub fn build(
        &self,
        type_id: TypeId,
        profiles: &[Handle],
        wishes: &[Wish],
        seed: u64,
    ) -> Result<Value, Unbuildable> {
        self.draft(type_id, profiles, wishes, Draft::new(Extent::Smallest, seed)).map(|(value, _)| value)
    }

    /// Builds a resource, or a value of a data type, with what was left out.
    pub(super) fn draft(
        &self,
        type_id: TypeId,
        profiles: &[Handle],
        wishes: &[Wish],
        draft: Draft,
    ) -> Result<(Value, Vec<Unbuildable>), Unbuildable> {
        let asks: Vec<Ask> = wishes.iter().map(Ask::wish).collect();
        let mut draft = draft;
        let tree = if self.model.is_resource(type_id) {
            let mut handles: Vec<Handle> = profiles.to_vec();
            handles.extend(self.plans.globals(type_id).filter(|g| !profiles.contains(g)));
            self.by_codes(&mut draft, type_id, handles, asks)?
        } else {
            let plan = self.plans.node(type_id, profiles);
            self.node(&mut draft, &plan, asks, Tree::default())?
        };
        Ok((json(self.model, &tree, type_id), draft.left_out))
    }

    /// Builds a resource, and again with the profiles that the FHIR version lays on it for its codes.
    fn by_codes(
        &self,
        draft: &mut Draft,
        type_id: TypeId,
        mut handles: Vec<Handle>,
        asks: Vec<Ask>,
    ) -> Result<Tree, Unbuildable> {
        let mut round = 0;
        loop {
            draft.nodes = 0;
            let chance = draft.chance.clone();
            let place = Place { type_id, handles: &handles, is_contained: false };
            let tree = self.resource(draft, &place, asks.clone(), Tree::default())?;
            let codings = tree.child(NameId::CODE).map_or(&[][..], |code| code.all(NameId::CODING));
            let coded = codings
                .iter()
                .filter_map(|c| self.plans.by_code(c.child_text(NameId::SYSTEM)?, c.child_text(NameId::CODE)?));
            let more: Vec<Handle> = coded.filter(|root| !handles.contains(root)).collect();
            let is_observation = self.model.type_name(type_id) == "Observation";
            round += 1;
            if more.is_empty() || !is_observation || round > ROUNDS {
                return Ok(tree);
            }
            handles.extend(more);
            draft.chance = chance;
            draft.left_out.clear();
        }
    }

    /// The codes that certainly are in a value set, the first of them.
    pub(super) fn members(&self, value_set: Handle) -> Rc<[Code]> {
        if let Some(known) = self.members.borrow().get(&value_set) {
            return Rc::clone(known);
        }
        let found: Rc<[Code]> = members(self.set, value_set).into();
        let mut kept = self.members.borrow_mut();
        if kept.len() < SETS {
            kept.insert(value_set, Rc::clone(&found));
        }
        found
    }

    /// Whether an element, or one below it, must be supported.
    pub(super) fn is_supported(&self, element: Handle) -> bool {
        if let Some(known) = self.supports.borrow().get(&element) {
            return *known;
        }
        let image = self.set.layer(element.layer);
        let below = |first: u32, next: fn(&crate::plan::rows::ElementRow) -> u32| {
            let mut at = first;
            std::iter::from_fn(move || {
                let row = image.element(at).filter(|_| at != NONE)?;
                let found = Handle { layer: element.layer, row: at };
                at = next(&row);
                Some(found)
            })
        };
        let found = self.set.element(element).is_some_and(|e| {
            e.flags & ELEMENT_MUST_SUPPORT != 0
                || below(e.first_child, |e| e.next).any(|c| self.is_supported(c))
                || below(e.first_slice, |e| e.next_slice).any(|s| self.is_supported(s))
        });
        self.supports.borrow_mut().insert(element, found);
        found
    }

    /// Why something cannot be built.
    pub(super) fn unbuildable(&self, element: Option<Handle>, reason: impl Into<String>) -> Unbuildable {
        let id = element.and_then(|h| Some(self.set.str(h.layer, self.set.element(h)?.id).to_owned()));
        Unbuildable { element: id.unwrap_or_default(), reason: reason.into() }
    }

    /// Of several element rows the one that says the most: the last that is not of the core package.
    pub(super) fn telling(&self, handles: &[Handle]) -> Option<Handle> {
        let core = self.set.core() as u32;
        handles.iter().rev().find(|h| h.layer != core).or(handles.last()).copied()
    }
}
