//! Value sets: the systems that they include and exclude are absolute
//! (https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system).

use super::named;
use crate::instance::NameId;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};

/// Judges a ValueSet.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for include in named(at.node, "compose").flat_map(|c| named(c, "include").chain(named(c, "exclude"))) {
        let Some(system) = include.child_text(NameId::SYSTEM) else { continue };
        if !system.is_empty() && !system.contains(':') {
            j.error(RuleId::CODING_SYSTEM_ABSOLUTE, include, &[], || Detail::Text(system.into_owned()));
        }
    }
}
