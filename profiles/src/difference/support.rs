//! Must-support beside validity: can those who make instances by one profile fill what users of another must be able to
//! read? What a profile does not mark, its makers need not be able to fill.
//!
//! Base: <https://hl7.org/fhir/R4/conformance-rules.html#mustSupport>.

use rustc_hash::FxHashSet;

use super::change::{Change, Effect, Facet};
use super::differ::Differ;
use crate::plan::Handle;

/// Why makers need not fill an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// Their profile does not mark it as must-support.
    Unmarked,
    /// Their profile does not have the same obligation.
    Obligation,
    /// Their profile prohibits it.
    Prohibited,
}

impl Lack {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Lack::Unmarked => "not-must-support",
            Lack::Obligation => "no-obligation",
            Lack::Prohibited => "prohibited",
        }
    }
}

/// An element that users of one profile must be able to read, and that makers by the other need not fill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsupported {
    /// Its id in the users' profile.
    pub element: String,
    /// Why.
    pub lack: Lack,
    /// The obligation; empty where it is about must-support.
    pub obligation: String,
}

impl Differ<'_> {
    /// What users of `read` must be able to read (must-support and obligations) and makers by `made` need not fill, in
    /// the order of the elements; both profiles are named by their root elements and of one type.
    pub fn unsupported(&mut self, made: Handle, read: Handle) -> Vec<Unsupported> {
        let changes = self.compare(made, read);
        let is_allowed = |c: &&Change| c.facet == Facet::Max && c.old == "0";
        let prohibited: FxHashSet<String> = changes.iter().filter(is_allowed).map(|c| c.element.clone()).collect();
        let wanted = changes.into_iter().filter(|c| c.effect == Effect::Added);
        wanted
            .filter_map(|c| {
                let lack = match c.facet {
                    Facet::MustSupport | Facet::Obligation if prohibited.contains(&c.element) => Lack::Prohibited,
                    Facet::MustSupport => Lack::Unmarked,
                    Facet::Obligation => Lack::Obligation,
                    _ => return None,
                };
                Some(Unsupported { element: c.element, lack, obligation: c.new })
            })
            .collect()
    }
}
