//! What HL7 asks of the definitions that it publishes itself, those whose url is in one of its spaces: who publishes
//! them, what their concepts are, how far they are (<https://hl7.org/fhir/R4/versions.html>,
//! <https://hl7.org/fhir/R4/codesystem.html>). Nothing of it is asked of others.

use super::example::{Example, example};
use super::publication::{COMMITTEE, STANDARDS_STATUS, extension, is_of_hl7};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};
use crate::model::Role;

/// What HL7's publishers begin with; the name of a committee follows.
const PUBLISHER: &str = "HL7 International / ";
/// The code systems that name the committees, and those of them that have a second name.
const COMMITTEES: [&str; 2] =
    ["http://terminology.hl7.org/CodeSystem/hl7-work-group", "http://hl7.org/fhir/hl7-work-group"];
const SECOND_NAMES: [(&str, &str); 2] = [("ti", "Vocabulary"), ("vocab", "Vocabulary")];
const MATURITY: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fmm";
/// What a concept map says of itself that others are to use
/// (<https://hl7.org/fhir/R5/shareableconceptmap.html>).
const SHAREABLE: [&str; 7] = ["url", "version", "title", "name", "status", "experimental", "description"];

/// Judges a definition by what HL7 asks of its own, and of what is published.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if at.plan.role == Role::ConceptMap && !at.frame.contained {
        shareable(j, n);
    }
    if !n.child_text(NameId::URL).is_some_and(|url| is_of_hl7(&url)) {
        return;
    }
    published(j, n);
    match at.plan.role {
        Role::CodeSystem => code_system(j, n),
        Role::ImplementationGuide => guide(j, n),
        _ => {}
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, weight: Weight, at: Node<'t>, text: impl FnOnce() -> String) {
    j.find(RuleId::PUBLICATION_PRACTICE, weight, at, &[], || Detail::Text(text()));
}

fn child<'t>(n: Node<'t>, name: &str) -> Option<Node<'t>> {
    n.children().find(|c| c.name_text() == name)
}

/// What a finding about a publication weighs; `None` where nothing is being published.
fn publishing(j: &Judge<'_, '_>) -> Option<Weight> {
    match j.policies.publication {
        Level::Allow => None,
        Level::Warn => Some(Weight::Warning),
        Level::Error => Some(Weight::Error),
    }
}

/// The publisher is the committee that is responsible. One that names another contradicts it.
fn published<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let committee = extension(n, COMMITTEE).and_then(|x| child(x, "valueCode")).filter(|c| c.has_value());
    let publisher = child(n, "publisher").filter(|p| p.has_value());
    let Some((committee, publisher)) = committee.zip(publisher) else { return };
    let (code, written) = (committee.text(), publisher.text());
    let names = names(j, &code);
    let is_one = |name: &str| written.strip_prefix(PUBLISHER) == Some(name);
    let Some(first) = names.first().filter(|_| !names.iter().any(|name| is_one(name))) else { return };
    let weight = if written.contains('/') { Weight::Error } else { Weight::Warning };
    told(j, weight, publisher, || {
        format!("the committee is `{code}`, whose definitions have the publisher `{PUBLISHER}{first}`, not `{written}`")
    });
}

/// The names of a committee, as far as its code systems are loaded.
fn names(j: &Judge<'_, '_>, code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (handle, row) in COMMITTEES.iter().filter_map(|url| j.code_system(url)) {
        let image = j.set.layer(handle.layer);
        names.extend(image.concepts_of(row.slots, code.as_bytes()).map(|c| image.str(c.display).to_owned()));
    }
    if !names.is_empty() {
        names.extend(SECOND_NAMES.iter().filter(|(of, _)| *of == code).map(|(_, name)| (*name).to_owned()));
    }
    names
}

/// Every concept of a code system has a display and a definition, and the system says how its codes are compared and
/// what its hierarchy means. A supplement leaves that to what it supplements.
fn code_system<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    if child(n, "supplements").is_some() {
        return;
    }
    let mut open: Vec<Node<'t>> = n.children().filter(|c| c.name_text() == "concept").collect();
    open.reverse();
    let is_tree = open.iter().any(|c| child(*c, "concept").is_some());
    let mut missing = vec!["display", "definition"];
    while let Some(concept) = open.pop() {
        missing.retain(|name| {
            let lacks = child(concept, name).is_none();
            if lacks {
                told(j, Weight::Warning, concept, || format!("a concept that HL7 publishes has a {name}"));
            }
            !lacks
        });
        if missing.is_empty() {
            break;
        }
        let within = open.len();
        open.extend(concept.children().filter(|c| c.name_text() == "concept"));
        open.get_mut(within..).unwrap_or_default().reverse();
    }
    for (name, wanted) in [("caseSensitive", true), ("hierarchyMeaning", is_tree)] {
        if wanted && !child(n, name).is_some_and(Node::has_value) {
            told(j, Weight::Warning, n, || format!("a code system that HL7 publishes states `{name}`"));
        }
    }
    let is_terminology = |url: &str| url.contains("//terminology.hl7.org/");
    if publishing(j).is_some() && !n.child_text(NameId::URL).is_some_and(|url| is_terminology(&url)) {
        told(j, Weight::Note, n, || "code systems of HL7 are to move to HL7 Terminology".to_owned());
    }
}

/// A guide says how far it is.
fn guide<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    if extension(n, STANDARDS_STATUS).is_none() {
        let weight = publishing(j).unwrap_or(Weight::Warning);
        told(j, weight, n, || format!("a guide of HL7 states its status by the extension `{STANDARDS_STATUS}`"));
    }
    if extension(n, MATURITY).is_none() {
        told(j, Weight::Warning, n, || format!("a guide of HL7 states its maturity by the extension `{MATURITY}`"));
    }
}

/// A concept map that is published says what those need to know who are to use it.
fn shareable<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(weight) = publishing(j) else { return };
    let is_own = n.child_text(NameId::URL).is_some_and(|url| is_of_hl7(&url));
    let missing: Vec<&str> = SHAREABLE.into_iter().filter(|name| child(n, name).is_none()).collect();
    if !missing.is_empty() {
        let weight = if is_own { weight } else { Weight::Warning };
        told(j, weight, n, || format!("a concept map that is published has `{}`", missing.join("`, `")));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::PUBLICATION_PRACTICE, |t| t.given().into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"ValueSet","status":"draft","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-wg","valueCode":"pc"}],
        "url":"http://hl7.org/fhir/ValueSet/x","publisher":"HL7 International / §"}"#, "Vocabulary", "Patient Care"),
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"CodeSystem","status":"draft","content":"complete",
        "caseSensitive":true,"url":"http://§/CodeSystem/x","concept":[{"code":"a","definition":"a"}]}"#,
        "hl7.org/fhir", "a.test"),
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"CodeSystem","status":"draft","content":"complete",
        "caseSensitive":true,"url":"http://hl7.org/fhir/CodeSystem/x","concept":[{"code":"a","display":"a"§}]}"#,
        "", r#","definition":"a""#),
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"CodeSystem","status":"draft","content":"complete",§
        "url":"http://hl7.org/fhir/CodeSystem/x","concept":[{"code":"a","display":"a","definition":"a"}]}"#,
        "", r#""caseSensitive":true,"#),
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"ImplementationGuide","status":"draft","name":"A",
        "url":"http://§/ImplementationGuide/x","packageId":"a.b","fhirVersion":["4.0.1"]}"#, "hl7.org/fhir/x",
        "a.test"),
    example(RuleId::PUBLICATION_PRACTICE, r#"{"resourceType":"ConceptMap","status":"draft","url":"http://a.test/m",
        "title":"M","name":"M","experimental":true,"description":"m"§}"#, "", r#","version":"1""#)
        .policies(|p| p.publication = Level::Error),
];
