//! An instance under construction.

use super::Unbuildable;
use super::ask::Ask;
use super::chance::Chance;
use super::tree::Tree;
use crate::model::TypeId;
use crate::plan::Handle;

/// How many things that could not be built are told of one instance.
const TOLD: usize = 200;

/// What is built beyond what has to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    /// Nothing.
    Smallest,
    /// What must be supported.
    Supported,
}

/// The state of one instance under construction.
pub(super) struct Draft {
    pub extent: Extent,
    pub chance: Chance,
    pub depth: u32,
    pub nodes: u32,
    /// Resources that references of the resource around want contained.
    pub contained: Vec<Tree>,
    /// What is asked of contained resources, by their number.
    pub contained_asks: Vec<Ask>,
    /// Whether the resource around is itself contained.
    pub is_contained: bool,
    /// How many entries of Bundles were numbered.
    pub entries: u32,
    /// What was left out because it could not be built.
    pub left_out: Vec<Unbuildable>,
}

/// A resource to build: its type, the element rows that demand something of it, and whether it is contained.
pub(super) struct Place<'a> {
    pub type_id: TypeId,
    pub handles: &'a [Handle],
    pub is_contained: bool,
}

impl Draft {
    pub(super) fn new(extent: Extent, seed: u64) -> Draft {
        Draft {
            extent,
            chance: Chance::new(seed),
            depth: 0,
            nodes: 0,
            contained: Vec::new(),
            contained_asks: Vec::new(),
            is_contained: false,
            entries: 0,
            left_out: Vec::new(),
        }
    }

    /// Notes what was left out, each once.
    pub(super) fn leave_out(&mut self, what: Unbuildable) {
        if self.left_out.len() < TOLD && !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }
}
