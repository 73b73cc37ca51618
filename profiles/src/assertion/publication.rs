//! What a definition says of its own publication: a version that canonicals can name, and a status that agrees with
//! that of the standard (<https://hl7.org/fhir/R4/references.html#canonical>,
//! <https://hl7.org/fhir/R4/versions.html#std-process>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};

/// Where the urls of HL7's own definitions begin.
const HL7: [&str; 3] = ["http://hl7.org/fhir/", "http://hl7.org/cda/", "http://terminology.hl7.org/"];
pub(super) const COMMITTEE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-wg";
pub(super) const STANDARDS_STATUS: &str =
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status";

/// Judges a resource that defines something: one that has a url, a version and a status, and may be experimental.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let (n, model) = (at.node, j.model());
    let is_definition = model.names().find(b"experimental").is_some_and(|e| model.child(at.frame.type_id, e).is_some());
    if !is_definition {
        return;
    }
    if let Some(version) = n.child_text(NameId::VERSION).filter(|v| v.contains('#')) {
        j.find(RuleId::DEFINITION_VERSION, Weight::Warning, n, &[], || Detail::Text(version.into_owned()));
    }
    committee(j, n);
    let Some(x) = extension(n, STANDARDS_STATUS) else { return };
    let standard = x.children().find(|c| c.name_text() == "valueCode").filter(|c| c.has_value());
    let status = n.children().find(|c| c.name_text() == "status").filter(|c| c.has_value());
    let Some((standard, status)) = standard.zip(status).map(|(a, b)| (a.text(), b.text())) else { return };
    if let Some(weight) = contradiction(&status, &standard) {
        j.find(RuleId::STANDARDS_STATUS, weight, n, &[], || {
            Detail::Text(format!("the status is `{status}`, but that of the standard `{standard}`"))
        });
    }
}

/// A definition that HL7 publishes says which committee is responsible for it, where that is asked for.
fn committee<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let weight = match j.policies.publication {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let is_own = n.child_text(NameId::URL).is_some_and(|url| is_of_hl7(&url));
    let names = |x: Node<'t>| x.children().any(|c| c.name_text() == "valueCode" && c.has_value());
    if is_own && !extension(n, COMMITTEE).is_some_and(names) {
        j.find(RuleId::PUBLICATION_COMMITTEE, weight, n, &[], || Detail::None);
    }
}

/// Whether a url is in one of HL7's own spaces.
pub(super) fn is_of_hl7(url: &str) -> bool {
    HL7.iter().any(|base| url.starts_with(base))
}

/// The extension of a resource with a url.
pub(super) fn extension<'t>(n: Node<'t>, url: &str) -> Option<Node<'t>> {
    n.children_named(NameId::EXTENSION).find(|x| x.child_text(NameId::URL).is_some_and(|u| u == url))
}

/// What it weighs that a definition has this status, and the standard that it belongs to this one; `None` where they
/// agree, or where one of the two is no such status.
fn contradiction(status: &str, standard: &str) -> Option<Weight> {
    const STATUSES: [&str; 4] = ["draft", "active", "retired", "unknown"];
    const STANDARDS: [&str; 7] =
        ["draft", "trial-use", "normative", "informative", "external", "deprecated", "withdrawn"];
    if !STATUSES.contains(&status) || !STANDARDS.contains(&standard) {
        return None;
    }
    match (status, standard) {
        ("draft", "draft" | "informative" | "external")
        | ("active", "trial-use" | "normative" | "informative" | "external")
        | ("retired", "deprecated" | "withdrawn") => None,
        // What is tried may still change, what is only told may be out of use, and what is deprecated is still used.
        ("draft", "trial-use") | ("retired", "informative" | "external") | ("active", "deprecated") => {
            Some(Weight::Note)
        }
        _ => Some(Weight::Warning),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::DEFINITION_VERSION, |t| {
        format!("version `{}` contains `#`, at which a canonical that names it ends", t.given()).into()
    }),
    (RuleId::STANDARDS_STATUS, |t| t.given().into()),
    (RuleId::PUBLICATION_COMMITTEE, |_| {
        format!("a definition that HL7 publishes must name its committee by the extension `{COMMITTEE}`").into()
    }),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::DEFINITION_VERSION, r#"{"resourceType":"Questionnaire","status":"draft","url":"http://a.test/q",
        "version":"1§2"}"#, "#", "."),
    example(RuleId::STANDARDS_STATUS, r#"{"resourceType":"Questionnaire","status":"§","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
        "valueCode":"normative"}]}"#,
        "draft", "active"),
    example(RuleId::PUBLICATION_COMMITTEE, r#"{"resourceType":"ValueSet","status":"draft",
        "url":"http://§/ValueSet/x"}"#, "hl7.org/fhir", "a.test").policies(|p| p.publication = Level::Error),
];
