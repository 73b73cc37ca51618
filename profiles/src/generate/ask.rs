//! What is asked of a place while a node is built: the caller's wishes, and what slices, patterns and bindings add.

use std::rc::Rc;

use super::tree::Tree;
use super::wish::{Step, Want, Wish};
use crate::instance::NameId;
use crate::model::TypeId;
use crate::plan::{self, Check, Handle, SliceTest};

/// A step to the place of an ask.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum At {
    /// A child by its name or its choice base.
    Child(NameId),
    /// The entries of a slice.
    Slice(Handle),
    /// One entry, from 0.
    Entry(u32),
    /// The extension of this url.
    Extension(Rc<str>),
    /// The target of a reference.
    Resolve,
}

/// What is asked.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Need {
    /// What the caller wishes.
    Want(Want),
    /// These parts.
    Hold(Tree),
    /// A code of this value set.
    Member(Handle),
    /// What these profiles' root elements demand: one of them.
    Conform(Rc<[Handle]>),
    /// One of these types.
    Types(Rc<[TypeId]>),
}

/// An ask, at some way still to go.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Ask {
    path: Rc<[At]>,
    taken: usize,
    pub need: Rc<Need>,
}

impl Ask {
    /// Asks for something at the end of a path.
    pub fn new(path: Vec<At>, need: Need) -> Ask {
        Ask { path: path.into(), taken: 0, need: Rc::new(need) }
    }

    /// The wish of a caller.
    pub fn wish(wish: &Wish) -> Ask {
        let step = |s: &Step| match s {
            Step::Child(name) => At::Child(*name),
            Step::Slice(slice) => At::Slice(*slice),
            Step::Entry(nth) => At::Entry(*nth),
        };
        Ask::new(wish.path.iter().map(step).collect(), Need::Want(wish.want.clone()))
    }

    /// The step that comes next; `None` at the place itself.
    pub fn next(&self) -> Option<&At> {
        self.path.get(self.taken)
    }

    /// The same ask one step further.
    pub fn further(&self) -> Ask {
        Ask { path: Rc::clone(&self.path), taken: self.taken + 1, need: Rc::clone(&self.need) }
    }

    /// Whether the ask is for nothing to be there.
    pub fn is_absence(&self) -> bool {
        matches!(&*self.need, Need::Want(Want::Absent | Want::Count(0)))
    }

    /// The wish of the caller, at the place itself.
    pub fn want(&self) -> Option<&Want> {
        match (&*self.need, self.next()) {
            (Need::Want(want), None) => Some(want),
            _ => None,
        }
    }
}

/// The steps of a discriminator's path, and the type that its last filter names.
fn steps(path: &[plan::Step]) -> (Vec<At>, Option<TypeId>) {
    let mut filter = None;
    let steps = path
        .iter()
        .filter_map(|s| match s {
            plan::Step::Child(name) => Some(At::Child(*name)),
            plan::Step::Extension(url) => Some(At::Extension(Rc::from(&**url))),
            plan::Step::Resolve => Some(At::Resolve),
            plan::Step::OfType(t) => {
                filter = Some(*t);
                None
            }
        })
        .collect();
    (steps, filter)
}

/// Adds what an entry has to be like so that a discriminator tells that it is in its slice. `tree` gives the parts of a
/// fixed value or pattern.
pub(super) fn of_test(test: &SliceTest, before: &[At], tree: &impl Fn(Handle) -> Option<Tree>, out: &mut Vec<Ask>) {
    let (own, filter) = steps(&test.path);
    let path: Vec<At> = before.iter().cloned().chain(own).collect();
    if let Some(t) = filter {
        out.push(Ask::new(path.clone(), Need::Types(Rc::from([t]))));
    }
    let need = match &test.check {
        Check::Value { value, .. } => match tree(*value) {
            Some(tree) => Need::Hold(tree),
            None => return,
        },
        Check::Text(text) => Need::Hold(Tree::text(text)),
        Check::Binding { value_set: Some(value_set), .. } => Need::Member(*value_set),
        Check::Exists(true) => Need::Want(Want::Present),
        Check::Exists(false) => Need::Want(Want::Absent),
        Check::Type(types) => Need::Types(Rc::from(&**types)),
        Check::Profile(roots) => Need::Conform(Rc::from(&**roots)),
        Check::All(tests) => {
            for t in tests {
                of_test(t, &path, tree, out);
            }
            return;
        }
        Check::Binding { value_set: None, .. } | Check::Nothing | Check::Unsupported(_) => return,
    };
    out.push(Ask::new(path, need));
}
