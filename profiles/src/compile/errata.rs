//! Known errors of published core definitions, and what later versions of the specification made of them.

use serde_json::Value;

use super::text;
use crate::plan::BindingStrength;
use crate::plan::rows::BindingRow;

/// R4 binds the units of vital signs' components as required, to a value set that lacks units which its own profiles need;
/// R4B (https://hl7.org/fhir/R4B/vitalsigns.html) corrected the binding to extensible.
const UNITS: (&str, &str) = ("Observation.component.value[x]", "http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1");

/// Mends a binding of an element.
pub fn binding(element: &Value, value_set: &str, row: &mut BindingRow) {
    if (text(element, "path"), value_set) == UNITS {
        row.strength = row.strength().max(BindingStrength::Extensible).number();
    }
}

/// Expressions of published constraints that say something else than the constraint's text, and what is meant.
const EXPRESSIONS: [(&str, &str); 2] = [
    // que-12 speaks of more than one condition; R4B and R5 have `> 1`.
    ("enableWhen.count() > 2 implies enableBehavior.exists()", "enableWhen.count() > 1 implies enableBehavior.exists()"),
    // eld-19 speaks of the whole path; later versions anchor the expression.
    (
        r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#,
        r#"path.matches('^[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*$')"#,
    ),
];

/// The expression that a published one means.
pub fn expression(published: &str) -> &str {
    EXPRESSIONS.iter().find(|(p, _)| *p == published).map_or(published, |(_, meant)| meant)
}
