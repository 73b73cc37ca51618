//! Measures: the codes of their groups, and the libraries that their criteria name
//! (<https://hl7.org/fhir/R4/measure.html>).

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::measure_library::{Libraries, criterion};
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};

/// Judges a Measure.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    groups(j, at.node);
    shareable(j, at.node);
    let libraries = Libraries::of(j, at);
    let parts = named(at.node, "group").flat_map(|g| named(g, "population").chain(named(g, "stratifier")));
    for part in parts.flat_map(|p| std::iter::once(p).chain(named(p, "component"))) {
        for criteria in named(part, "criteria").filter(|c| c.is_object()) {
            criterion(j, &libraries, criteria);
        }
    }
}

/// What a measure that others are to use says of itself
/// (<https://hl7.org/fhir/R4/shareablemeasure.html>).
const SHAREABLE: [&str; 6] = ["url", "version", "name", "experimental", "publisher", "description"];

/// As best practice, a measure that is published says what those need to know that are to use it.
fn shareable<'t>(j: &mut Judge<'_, 't>, measure: Node<'t>) {
    let weight = match j.policies.best_practice {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let is_published = text(measure, "status").is_some_and(|s| matches!(&*s, "active" | "retired"));
    // One inside another resource is not published by itself.
    if !is_published || measure.name_text() == "contained" {
        return;
    }
    let missing: Vec<&str> = SHAREABLE.into_iter().filter(|name| named(measure, name).next().is_none()).collect();
    if !missing.is_empty() {
        j.find(RuleId::MEASURE_SHAREABLE, weight, measure, &[], || Detail::Text(missing.join("`, `")));
    }
}

/// A measure has groups, a group populations; where there are several of a kind, each has what tells it apart. The
/// groups of a composite are those of its components.
fn groups<'t>(j: &mut Judge<'_, 't>, measure: Node<'t>) {
    let scored = named(measure, "scoring").flat_map(|s| s.children_named(NameId::CODING));
    let is_composite = named(measure, "compositeScoring").next().is_some()
        || scored.filter_map(|c| text(c, "code")).any(|c| c == "composite");
    if !is_composite && named(measure, "group").next().is_none() {
        told(j, measure, "the measure has no groups");
    }
    apart(j, measure, "group");
    for group in named(measure, "group") {
        if !is_composite && named(group, "population").next().is_none() {
            told(j, group, "the group has no populations");
        }
        apart(j, group, "population");
        apart(j, group, "stratifier");
        named(group, "stratifier").for_each(|stratifier| apart(j, stratifier, "component"));
    }
}

/// Each of several parts of this name has a code; before R4 an identifier, from R5 on a link id does the same.
fn apart<'t>(j: &mut Judge<'_, 't>, holder: Node<'t>, name: &'static str) {
    if named(holder, name).nth(1).is_none() {
        return;
    }
    for part in named(holder, name) {
        if !part.children().any(|c| matches!(c.name_text(), "code" | "identifier" | "linkId")) {
            told(j, part, "nothing tells it apart from the others: it has no code");
        }
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, what: &'static str) {
    j.find(RuleId::MEASURE_GROUP, Weight::Warning, at, &[], || Detail::Text(what.to_owned()));
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MEASURE_GROUP, |t| t.given().into()),
    (RuleId::MEASURE_LIBRARY, |t| t.given().into()),
    (RuleId::MEASURE_LIBRARY_UNKNOWN, |t| t.given().into()),
    (RuleId::MEASURE_SHAREABLE, |t| format!("the measure is published without `{}`", t.given()).into()),
];

/// A measure with one population, whose criteria are in CQL.
macro_rules! measure {
    ($libraries:literal, $expression:literal) => {
        concat!(
            r#"{"resourceType":"Measure","status":"draft","library":["#,
            $libraries,
            r#"],"group":[{"population":[{"criteria":{"language":"text/cql","expression":""#,
            $expression,
            r#""}}]}]}"#
        )
    };
}

const LIBRARIES: &[&str] = &[
    r#"{"resourceType":"Library","id":"one","url":"http://firing.test/Library/one","name":"One","status":"active"}"#,
    r#"{"resourceType":"Library","id":"two","url":"http://firing.test/Library/two","name":"Two","status":"active"}"#,
    r#"{"resourceType":"Library","id":"also","url":"http://firing.test/Library/also","name":"One","status":"active"}"#,
    r#"{"resourceType":"Library","id":"text","url":"http://firing.test/Library/text","name":"Text","status":"active",
        "content":[{"contentType":"text/cql","data":"ZGVmaW5lIEluaXRpYWw6IHRydWU="}]}"#,
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::MEASURE_GROUP, r#"{"resourceType":"Measure","status":"draft"§}"#, "",
        r#","group":[{"population":[{"criteria":{"language":"text/fhirpath","expression":"true"}}]}]"#),
    example(RuleId::MEASURE_GROUP, r#"{"resourceType":"Measure","status":"draft","group":[{"population":[{§
        "criteria":{"language":"text/fhirpath","expression":"true"}},{"code":{"text":"b"},
        "criteria":{"language":"text/fhirpath","expression":"true"}}]}]}"#, "", r#""code":{"text":"a"},"#),
    example(RuleId::MEASURE_GROUP, r#"{"resourceType":"Measure","status":"draft",
        "scoring":{"coding":[{"code":"§"}]}}"#, "ratio", "composite"),
    example(RuleId::MEASURE_LIBRARY, measure!(r#""http://firing.test/Library/one""#, "§.Initial"), "Two", "One")
        .with(LIBRARIES),
    example(RuleId::MEASURE_LIBRARY,
        measure!(r#""http://firing.test/Library/one","http://firing.test/Library/two""#, "§Initial"), "", "Two.")
        .with(LIBRARIES),
    example(RuleId::MEASURE_LIBRARY_UNKNOWN, measure!(r#""http://firing.test/Library/§""#, "Initial"), "absent", "one")
        .with(LIBRARIES),
    example(RuleId::MEASURE_LIBRARY, measure!("", "§"), "Initial", "[Encounter] e return e.period"),
    example(RuleId::MEASURE_LIBRARY,
        measure!(r#""http://firing.test/Library/one","http://firing.test/Library/§""#, "One.Initial"), "also", "two")
        .with(LIBRARIES),
    // `define Initial: true`
    example(RuleId::MEASURE_LIBRARY, measure!(r#""http://firing.test/Library/text""#, "§"), "Final", "Initial")
        .with(LIBRARIES),
    example(RuleId::MEASURE_LIBRARY, measure!(r#""http://firing.test/Library/text""#, "Text.§"), "Final", "Initial")
        .with(LIBRARIES),
    example(RuleId::MEASURE_SHAREABLE, r#"{"resourceType":"Measure","url":"http://a.test/m","name":"M",
        "status":"active","experimental":true,"description":"m",§"group":[{"population":[{"criteria":{
        "language":"text/fhirpath","expression":"true"}}]}]}"#, "", r#""version":"1","publisher":"p","#)
        .policies(|p| p.best_practice = Level::Warn),
];
