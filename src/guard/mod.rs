//! The guard, with the engine behind it: validation, search in memory and compartments are the loaded packages'.

mod evidence;

use std::borrow::Borrow;
use std::sync::Arc;

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use crate::app::App;
use crate::capability::guard::{Access, Decider, Decision, Gate, Negotiated, TokenContext};
use crate::profiles::definition::FhirVersion;
use crate::project::Filter;

pub use evidence::AppEvidence;

/// Decides on requests under one negotiation, with the packages of one engine.
pub struct Guard(Decider<AppEvidence<Arc<App>>>);

impl Guard {
    /// What decides by a negotiated set, as `accord negotiate --format json` writes it.
    ///
    /// # Errors
    /// A sentence where it is no such set, is for another FHIR version than the packages, or names a profile for
    /// writing that they do not have.
    pub fn open(negotiation: &Value, app: Arc<App>) -> Result<Guard, String> {
        Guard::open_at(negotiation, app, &[])
    }

    /// The same, for a server with these base URLs: absolute references below one of them are judged as relative ones.
    ///
    /// # Errors
    /// As [`Guard::open`].
    pub fn open_at(negotiation: &Value, app: Arc<App>, bases: &[String]) -> Result<Guard, String> {
        Ok(Guard(decider(Negotiated::read(negotiation)?, app, (Policies::default(), None), bases)?))
    }
}

/// The FHIR version of a negotiated set.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn fhir_version(negotiated: &Negotiated) -> Result<FhirVersion, String> {
    let text = negotiated.fhir_version();
    FhirVersion::parse(text).ok_or_else(|| format!("the negotiation is for an unknown FHIR version, `{text}`"))
}

/// What decides by a negotiated set, with an engine of its FHIR version that has its profiles, for a server with these
/// base URLs. Bodies are validated under the policies, and under what the settings of a project say of issues, where
/// there are some.
///
/// # Errors
/// As [`Guard::open`].
pub fn decider<A: Borrow<App> + Send + Sync>(
    negotiated: Negotiated,
    app: A,
    (policies, filter): (Policies, Option<Arc<Filter>>),
    bases: &[String],
) -> Result<Decider<AppEvidence<A>>, String> {
    let (wanted, loaded) = (fhir_version(&negotiated)?, app.borrow().set().fhir_version());
    if wanted != loaded {
        let (wanted, loaded) = (wanted.name(), loaded.name());
        return Err(format!("the negotiation is for FHIR {wanted}, the loaded packages are for {loaded}"));
    }
    let profiles: Vec<String> = negotiated.all_writes().map(|p| p.validated.clone()).collect();
    app.borrow().profiles(&profiles).map_err(|e| format!("a profile of the negotiation is not loaded: {e}"))?;
    Ok(Decider::new(negotiated, AppEvidence::new(app, policies, bases).under(filter)))
}

impl Gate for Guard {
    fn decide(&self, token: &TokenContext, access: &Access<'_>, interrupt: &Interrupt) -> Decision {
        self.0.decide(token, access, interrupt)
    }

    fn judge_answer(
        &self,
        token: &TokenContext,
        access: &Access<'_>,
        answer: &[u8],
        interrupt: &Interrupt,
    ) -> Decision {
        self.0.judge_answer(token, access, answer, interrupt)
    }
}

#[cfg(test)]
mod tests;
