//! FHIR STU3 (<https://hl7.org/fhir/STU3/>).

use serde_json::Value;

use super::facts::{Release, of_today};
use super::prose;
use super::questionnaire::questionnaire;
use super::structure::structure_definition;

/// What sets STU3 apart.
pub const RELEASE: Release =
    Release { expressions: EXPRESSIONS, exponents: false, normal, ..of_today(include_str!("resource_types/stu3.txt")) };

fn normal(definition: &mut Value) {
    match definition["resourceType"].as_str() {
        Some("StructureDefinition") => {
            structure_definition(definition);
            prose::require(definition);
        }
        Some("Questionnaire") => questionnaire(definition),
        _ => {}
    }
}

/// Errors of the published core package.
const EXPRESSIONS: &[(&str, &str)] = &[
    // txt-1 and txt-2 in the spelling of the time.
    ("htmlchecks()", "htmlChecks()"),
    // mad-3: a boolean is compared with a text.
    (
        "reasonCode.empty() or notGiven.empty() or notGiven = 'false'",
        "reasonCode.empty() or notGiven.empty() or notGiven = false",
    ),
    // ras-2 is about a probability that is there, and a decimal.
    (
        "probability is decimal implies probability.as(decimal) <= 100",
        "probability.ofType(decimal).empty() or probability.as(decimal) <= 100",
    ),
    // obs-7 as 3.0.1 published it, and snapshots made of it repeat: what is not there is not equal. 3.0.2 asks this.
    (
        "value.empty() or code!=component.code",
        "value.empty() or component.code.where( (coding.code = %resource.code.coding.code) and \
         (coding.system = %resource.code.coding.system)).empty()",
    ),
    // sdf-15 stands on the snapshot and speaks of the definition.
    (
        "kind!='logical'  implies snapshot.element.first().type.empty()",
        "%resource.kind != 'logical' implies element.first().type.empty()",
    ),
    (
        "kind!='logical' implies snapshot.element.first().type.empty()",
        "%resource.kind != 'logical' implies element.first().type.empty()",
    ),
    // mps-1, rfr-1, cmr-1, ctm-1: a literal reference tells the type of what it leads to, at hand or not; their XPath
    // asks no more.
    (
        "(agent.resolve().empty()) or (agent.resolve() is Device) or (agent.resolve() is Practitioner) or \
         onBehalfOf.exists().not()",
        "agent.reference.matches('(^|/)(Device|Practitioner)/[^/]+') or agent.resolve().empty() or \
         (agent.resolve() is Device) or (agent.resolve() is Practitioner) or onBehalfOf.exists().not()",
    ),
    (
        "(agent.resolve() is Device) or (agent.resolve() is Practitioner) or onBehalfOf.exists().not()",
        "agent.reference.matches('(^|/)(Device|Practitioner)/[^/]+') or (agent.resolve() is Device) or \
         (agent.resolve() is Practitioner) or onBehalfOf.exists().not()",
    ),
    (
        "(agent.resolve() is Practitioner) or (agent.resolve() is Device) or onBehalfOf.exists().not()",
        "agent.reference.matches('(^|/)(Device|Practitioner)/[^/]+') or (agent.resolve() is Device) or \
         (agent.resolve() is Practitioner) or onBehalfOf.exists().not()",
    ),
    (
        "onBehalfOf.exists() implies (member.resolve() is Practitioner)",
        "onBehalfOf.exists() implies \
         (member.reference.matches('(^|/)Practitioner/[^/]+') or (member.resolve() is Practitioner))",
    ),
];
