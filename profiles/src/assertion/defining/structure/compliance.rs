//! A profile that claims to comply with another keeps all that the other demands
//! (<https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-compliesWithProfile.html>).

use super::super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Compliance, Detail, Judge};
use crate::model::node_json;

/// The extension that makes the claim.
const CLAIM: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile";

/// Judges the claims of a profile.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    for extension in named(n, "extension").filter(|e| text(*e, "url").is_some_and(|url| url == CLAIM)) {
        let Some(claim) = named(extension, "valueCanonical").find(|v| v.has_value()) else { continue };
        let canonical = claim.text();
        if j.structure(&canonical).is_none() {
            j.question(RuleId::STRUCTURE_COMPLIANCE, claim, &[], || {
                Detail::Text(format!("the profile claims to comply with `{canonical}`, which is not loaded"))
            });
            continue;
        }
        let model = j.model();
        match &*j.complies(claim, || node_json(n, model.resource_type(n), model)) {
            Compliance::Kept => {}
            Compliance::Broken(why) => j.error(RuleId::STRUCTURE_COMPLIANCE, claim, &[], || {
                Detail::Text(format!("the profile does not comply with `{canonical}`, as it claims: {why}"))
            }),
            Compliance::Open(why) => j.question(RuleId::STRUCTURE_COMPLIANCE, claim, &[], || {
                Detail::Text(format!("cannot determine whether the profile complies with `{canonical}`: {why}"))
            }),
        }
    }
}
