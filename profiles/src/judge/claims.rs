//! What is known of the claims that a definition makes: each is compared once.

use std::rc::Rc;

use super::compliance::Compliance;
use super::scene::Scene;
use crate::instance::Node;

/// Bound on the claims that are compared in one validation; those beyond it stay open.
const CLAIMS: usize = 8;

impl<'t> Scene<'_, 't> {
    /// What is known of a claim that a definition makes, compared once. `definition` gives it as JSON.
    pub fn complies(&self, claim: Node<'t>, definition: impl FnOnce() -> String) -> Rc<Compliance> {
        if let Some(known) = self.shared.claims.borrow().get(&claim.index()) {
            return Rc::clone(known);
        }
        let open = |why: String| Rc::new(Compliance::Open(why));
        let Some(comparer) = self.comparer else { return open("nobody compares profiles here".to_owned()) };
        if self.shared.claims.borrow().len() >= CLAIMS {
            return open(format!("no more than {CLAIMS} claims are compared at a time"));
        }
        let found = Rc::new(comparer.complies(&definition(), &claim.text(), &self.shared.interrupt));
        self.shared.claims.borrow_mut().insert(claim.index(), Rc::clone(&found));
        found
    }
}
