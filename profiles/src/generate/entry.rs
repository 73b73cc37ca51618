//! One entry of a child under construction, and what is asked of the entries of a child.

use super::ask::{Ask, At, Need};
use super::tree::Tree;
use super::wish::Want;
use crate::model::TypeId;
use crate::plan::Handle;

/// An entry that is to be built.
#[derive(Default)]
pub(super) struct Entry {
    /// The type, where it is settled already.
    pub variant: Option<usize>,
    /// The types that it may have; empty: any.
    pub types: Vec<TypeId>,
    /// The slices that it is in.
    pub slices: Vec<Handle>,
    /// For each slicing in which it is in a slice: the slicing's number and the slice's.
    pub places: Vec<(usize, usize)>,
    pub template: Tree,
    pub asks: Vec<Ask>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it is to be in no slice.
    pub is_outside: bool,
}

/// What is asked of the entries of one element, sorted by which of them it is asked of.
#[derive(Default)]
pub(super) struct Sorted {
    /// Of the element as such.
    pub own: Vec<Ask>,
    /// Of the entries of slices.
    pub by_slice: Vec<(Handle, Ask)>,
    /// Of entries by number.
    pub by_entry: Vec<(u32, Ask)>,
    /// Of what is in an entry, whichever.
    pub inside: Vec<Ask>,
    /// Of extensions by their url.
    pub by_url: Vec<(std::rc::Rc<str>, Ask)>,
}

impl Sorted {
    pub fn new(asks: Vec<Ask>) -> Sorted {
        let mut sorted = Sorted::default();
        for ask in asks {
            let further = ask.further();
            if let Some(At::Extension(url)) = ask.next() {
                sorted.by_url.push((url.clone(), further));
                continue;
            }
            match further.next() {
                None => sorted.own.push(further),
                Some(At::Slice(slice)) => sorted.by_slice.push((*slice, further.further())),
                Some(At::Entry(nth)) => sorted.by_entry.push((*nth, further.further())),
                Some(_) => sorted.inside.push(further),
            }
        }
        sorted
    }

    /// Whether any entry has to be there.
    pub fn asks_presence(&self) -> bool {
        self.own.iter().chain(&self.inside).any(|a| !a.is_absence())
    }

    pub fn wants(&self) -> impl Iterator<Item = &Want> {
        self.own.iter().filter_map(Ask::want)
    }
}

impl Entry {
    /// Asks something of the entry.
    pub fn ask(&mut self, ask: Ask) {
        match (&*ask.need, ask.next()) {
            (Need::Types(types), None) => self.types.extend(types.iter()),
            (Need::Want(Want::Type(t)), None) => {
                self.types = vec![*t];
                self.variant = None;
            }
            _ => self.asks.push(ask),
        }
    }
}
