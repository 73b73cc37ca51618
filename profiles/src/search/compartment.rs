//! Membership in the compartment of a patient (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>).

use super::answer::{Told, any, open};
use super::parameter::{Kind, Membership};
use super::reading::Reading;
use super::reference::leads_to;
use super::test::ELSEWHERE;
use crate::model::is_id;

/// The type whose compartment it is.
const PATIENT: &str = "Patient";
/// What stands in R5 for the resource whose compartment it is
/// (<https://hl7.org/fhir/R5/compartmentdefinition.html#def>).
const ITSELF: &str = "{def}";

/// Whether the resource is in the compartment of the patient with this id.
pub(super) fn holds(reading: &Reading<'_>, patient: &str) -> Told {
    if !is_id(patient) {
        return open("the patient's id is none");
    }
    let is_self = || {
        let id = reading.child_text(reading.root, "id")?;
        Ok(id.as_deref() == Some(patient))
    };
    if reading.type_name == PATIENT && is_self()? {
        return Ok(true);
    }
    match reading.parameters.patient_compartment(reading.type_name) {
        Membership::Undefined => open("the packages do not define the compartment of patients"),
        Membership::Outside => Ok(false),
        Membership::By(parameters) => {
            any(parameters.iter().filter(|code| *code != ITSELF).map(|code| by(reading, code, patient)))
        }
    }
}

/// Whether any reference of a parameter leads to the patient.
fn by(reading: &Reading<'_>, code: &str, patient: &str) -> Told {
    let Some(parameter) = reading.parameters.named(reading.type_name, code) else {
        return open("a parameter of the compartment is not defined");
    };
    if parameter.kind != Kind::Reference || parameter.expression.is_empty() {
        return open("a parameter of the compartment finds no references");
    }
    let program = reading.programs.get(&parameter.expression, reading.typing);
    let found = reading.items(&program, &reading.focus())?;
    let more = if found.is_open { open(ELSEWHERE) } else { Ok(false) };
    let leads = |item| {
        reading.regular(item)?;
        leads_to(reading, item, (PATIENT, patient))
    };
    any(found.items.iter().map(leads).chain([more]))
}
