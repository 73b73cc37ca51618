//! What findings weigh in the verdict where a policy has a script: its settings, and `weigh(finding)`.

mod rows;
mod script;
#[cfg(test)]
mod tests;

pub use script::PolicyScript;

use std::cell::RefCell;

use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::script::Budget;

use crate::agreement::{Change, Finding, PolicyEffect};
use crate::expectation::{Expectation, Weight};
use crate::reason::Reason;

/// A finding to be weighed.
pub struct Weighed<'f> {
    pub dimension: &'static str,
    pub resource_type: Option<&'f str>,
    pub item: &'f str,
    pub finding: Finding,
    pub expectation: Option<Expectation>,
    pub why: &'f [Reason],
}

/// The weighing of one negotiation.
pub struct Weighing<'s> {
    script: Option<&'s PolicyScript>,
    budget: Budget,
    changes: RefCell<Vec<Change>>,
    failure: RefCell<Option<String>>,
}

impl<'s> Weighing<'s> {
    /// Without a script everything keeps the weight that the statements give.
    pub fn new(script: Option<&'s PolicyScript>, interrupt: &Interrupt) -> Weighing<'s> {
        Weighing {
            script: script.filter(|s| s.weighs()),
            budget: Budget::under(interrupt),
            changes: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    /// What the script changed and, if it failed, why; `None` without a script.
    pub fn effect(self) -> Option<(PolicyEffect, Option<String>)> {
        let file = self.script?.file().to_owned();
        Some((PolicyEffect { file, changes: self.changes.into_inner() }, self.failure.into_inner()))
    }

    /// The weight of a finding. The script is not asked about what requires nothing, nor after it has failed once.
    pub fn weigh(&self, weight: Option<Weight>, of: &Weighed<'_>) -> Option<Weight> {
        let (Some(script), Some(from)) = (self.script, weight) else { return weight };
        if self.failure.borrow().is_some() {
            return weight;
        }
        match script.weigh(from, of, &self.budget) {
            Ok((to, because)) => {
                if to != from {
                    self.changes.borrow_mut().push(Change {
                        dimension: of.dimension,
                        resource_type: of.resource_type.map(str::to_owned),
                        item: of.item.to_owned(),
                        state: state(of.finding),
                        from,
                        to,
                        because,
                    });
                }
                Some(to)
            }
            Err(failure) => {
                *self.failure.borrow_mut() = Some(failure);
                weight
            }
        }
    }
}

fn state(finding: Finding) -> &'static str {
    match finding {
        Finding::Satisfied => "satisfied",
        Finding::Unmet => "unmet",
        Finding::Unknown => "unknown",
    }
}
