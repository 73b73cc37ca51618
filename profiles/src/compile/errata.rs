//! Known errors of published core definitions, and what later versions of the specification made of them.

use serde_json::Value;

use super::json::text;
use crate::definition::FhirVersion;
use crate::plan::BindingStrength;
use crate::plan::rows::BindingRow;
use crate::release::release;

/// R4 binds the units of vital signs' components as required, to a value set that lacks units which its own profiles
/// need; R4B (<https://hl7.org/fhir/R4B/vitalsigns.html>) corrected the binding to extensible.
const UNITS: (&str, &str) = ("Observation.component.value[x]", "http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1");

/// Mends a binding of an element.
pub fn binding(element: &Value, value_set: &str, row: &mut BindingRow) {
    if (text(element, "path"), value_set) == UNITS {
        row.strength = row.strength().max(BindingStrength::Extensible).number();
    }
}

/// Expressions of published constraints that do not match the constraint's text, and what is meant.
const EXPRESSIONS: [(&str, &str); 10] = [
    // mea-0 and similar ones are about a name; R4B and later check first that there is one.
    ("name.matches('[A-Z]([A-Za-z0-9_]){0,254}')", "name.exists() implies name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"),
    // ele-1 in the snapshots of early tools: a union of two truths in place of a disjunction.
    ("hasValue() | (children().count() > id.count())", "hasValue() or (children().count() > id.count())"),
    // que-12 is about more than one condition; R4B and R5 have `> 1`.
    (
        "enableWhen.count() > 2 implies enableBehavior.exists()",
        "enableWhen.count() > 1 implies enableBehavior.exists()",
    ),
    // eld-19 is about the whole path; later versions anchor the expression.
    (
        concat!(
            r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}"#,
            r#"(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#
        ),
        concat!(
            r#"path.matches('^[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}"#,
            r#"(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*$')"#
        ),
    ),
    // bdl-8 is about a fullUrl; an entry need not have one.
    ("fullUrl.contains('/_history/').not()", "fullUrl.empty() or fullUrl.contains('/_history/').not()"),
    // ras-2 is about a probability that is a decimal.
    (
        "probability is decimal implies (probability as decimal) <= 100",
        "probability.ofType(decimal).empty() or (probability as decimal) <= 100",
    ),
    // tim-9 is about each `when`; R5 checks each.
    (
        "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
        "offset.empty() or (when.exists() and when.all(($this in ('C' | 'CM' | 'CD' | 'CV')).not()))",
    ),
    // vs-1, us-core-1 and others are about a dateTime; R4B and later versions of the guides check first that it is one.
    (
        "($this as dateTime).toString().length() >= 8",
        "$this.ofType(dateTime).empty() or ($this as dateTime).toString().length() >= 8",
    ),
    // pd-1 and us-core-13 are about the presence of elements, some of which repeat.
    ("telecom or endpoint", "telecom.exists() or endpoint.exists()"),
    (
        "practitioner or organization or healthcareService or location",
        "practitioner.exists() or organization.exists() or healthcareService.exists() or location.exists()",
    ),
];

/// The expression that a published one of this StructureDefinition means.
pub fn expression<'e>(sd: &Value, published: &'e str) -> &'e str {
    let of_version = FhirVersion::parse(text(sd, "fhirVersion")).map_or(&[][..], |v| release(v).expressions);
    let mut known = of_version.iter().chain(&EXPRESSIONS);
    known.find(|(p, _)| *p == published).map_or(published, |(_, meant)| meant)
}

/// Constraints that compare what cannot always be compared: dates of different precision, quantities of different
/// units. Where the result is empty the specification leaves the question open, and the constraint is not violated.
const INCOMPARABLE: [&str; 5] = [
    // per-1
    "start.hasValue().not() or end.hasValue().not() or (start <= end)",
    "start.empty() or end.empty() or (start <= end)",
    // rng-2
    "low.empty() or high.empty() or (low <= high)",
    // inv-1 of Task
    "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn",
    // mdd-1
    "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared",
];

/// Whether a constraint with this expression is satisfied where its result is empty.
pub fn empty_holds(expression: &str) -> bool {
    INCOMPARABLE.contains(&expression)
}
