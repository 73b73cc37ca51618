//! The score of a group of a report, by how its measure is scored
//! (<https://hl7.org/fhir/R4/codesystem-measure-scoring.html>).

use std::borrow::Cow;

use super::example::{Example, example};
use super::questionnaire::{all_named, named, text_of};
use super::text::Describe;
use crate::decimal;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};

const SCORING: &str = "http://terminology.hl7.org/CodeSystem/measure-scoring";

/// A group of a complete report has the score that the measure's scoring asks for: none of a cohort, a number from 0 to
/// 1 without a unit of a proportion, a value of a ratio and of a continuous variable. `parts`: the measure's group,
/// then the measure; the first that says how it is scored counts.
pub fn check<'t>(j: &mut Judge<'_, 't>, report: Node<'t>, group: Node<'t>, parts: [Node<'_>; 2]) {
    let Some(scoring) = parts.into_iter().find_map(scoring) else { return };
    of_unit(j, &scoring, group, parts);
    let score = named(group, "measureScore").or_else(|| named(group, "measureScoreQuantity"));
    let complete = text_of(report, "status").is_none_or(|s| s == "complete");
    let is_scored = text_of(report, "type").is_some_and(|t| matches!(&*t, "individual" | "summary"));
    let wrong = match (&*scoring, score) {
        ("cohort", Some(_)) => "a cohort has no score",
        ("proportion" | "ratio" | "continuous-variable", None) if complete && is_scored && !has_other(group) => {
            // No text of the specification demands it.
            let told = || Detail::Text(format!("{scoring}: the score is missing"));
            return j.find(RuleId::MEASURE_SCORE, Weight::Warning, group, &[], told);
        }
        ("proportion", Some(score)) if score.is_object() => match of_proportion(score) {
            Some(wrong) => wrong,
            None => return,
        },
        ("ratio" | "continuous-variable", Some(score)) if score.is_object() && lacks_value(score) => NO_VALUE,
        _ => return,
    };
    j.error(RuleId::MEASURE_SCORE, score.unwrap_or(group), &[], || Detail::Text(format!("{scoring}: {wrong}")));
}

/// The score of a ratio has a unit, and that of a measure that names the unit has it.
fn of_unit<'t>(j: &mut Judge<'_, 't>, scoring: &str, group: Node<'t>, parts: [Node<'_>; 2]) {
    if !matches!(scoring, "ratio" | "continuous-variable") {
        return;
    }
    let Some(score) = named(group, "measureScore").filter(|s| s.is_object() && !lacks_value(*s)) else { return };
    let has = |name: &str| text_of(score, name);
    let wrong = match parts.into_iter().find_map(unit) {
        Some((system, code))
            if has("system").as_deref() != Some(&*system) || has("code").as_deref() != Some(&*code) =>
        {
            format!("the measure gives the unit `{code}` of `{system}`")
        }
        None if scoring == "ratio" && has("unit").is_none() && has("code").is_none() => "the score has no unit".into(),
        _ => return,
    };
    j.find(RuleId::MEASURE_SCORE, Weight::Warning, score, &[], || Detail::Text(format!("{scoring}: {wrong}")));
}

/// The system and code of the unit that a measure or a group of it names for its score.
fn unit(part: Node<'_>) -> Option<(String, String)> {
    let mut units =
        part.children_named(NameId::EXTENSION).filter(|x| x.child_text(NameId::URL).is_some_and(|u| u == UNIT));
    let unit = units.find_map(|x| named(x, "valueCoding"))?;
    text_of(unit, "system").map(Cow::into_owned).zip(text_of(unit, "code").map(Cow::into_owned))
}

/// The extension that gives the unit of a number. R4 has it for questionnaires, and measures borrow it.
const UNIT: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
const NO_VALUE: &str = "the score has no value";

/// Whether a group has its score in another form: R5 has one for each type (`measureScoreCodeableConcept`).
fn has_other(group: Node<'_>) -> bool {
    group.children().any(|c| c.name_text().starts_with("measureScore"))
}

/// Whether a score has no value, and no extension that would stand for it.
fn lacks_value(score: Node<'_>) -> bool {
    named(score, "value").is_none() && score.child(NameId::EXTENSION).is_none()
}

/// What is wrong with the score of a proportion.
fn of_proportion(score: Node<'_>) -> Option<&'static str> {
    if lacks_value(score) {
        return Some(NO_VALUE);
    }
    let value = text_of(score, "value").and_then(|v| decimal::exact(&v));
    if value.is_some_and(|v| v < 0.into() || v > 1.into()) {
        return Some("the score is not between 0 and 1");
    }
    let has = |name: &str| text_of(score, name);
    // The unit of a number without one is 1.
    let with_unit = has("unit").is_some_and(|u| u != "1") || has("code").is_some_and(|c| c != "1");
    with_unit.then_some("the score has a unit")
}

/// Whether it is known how a measure or a group of it is scored.
pub fn is_scored(measure: Node<'_>) -> bool {
    std::iter::once(measure).chain(all_named(measure, "group")).any(|part| scoring(part).is_some())
}

/// How a measure or a group of it is scored, by the code of FHIR's code system.
fn scoring(part: Node<'_>) -> Option<String> {
    let concept = named(part, "scoring")?;
    let code = |c: Node<'_>| {
        text_of(c, "code").filter(|_| text_of(c, "system").is_some_and(|s| s == SCORING)).map(Cow::into_owned)
    };
    concept.children_named(NameId::CODING).find_map(code)
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::MEASURE_SCORE, |t| format!("the score does not fit the scoring of the measure: {}", t.given()).into())];

/// A report with this in its group, on a contained measure with this scoring.
macro_rules! scored {
    ($scoring:literal, $group:literal) => {
        concat!(
            r##"{"resourceType":"MeasureReport","status":"complete","type":"summary","period":{"start":"2020"},
                "measure":"#m","contained":[{"resourceType":"Measure","id":"m","status":"active","group":[{}],
                "scoring":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/measure-scoring","code":""##,
            $scoring,
            r#""}]}}],"group":[{"#,
            $group,
            "}]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::MEASURE_SCORE, scored!("§", r#""measureScore":{"value":12}"#), "proportion",
        "continuous-variable"),
    example(RuleId::MEASURE_SCORE, scored!("proportion", r#""measureScore":{"value":0.5,"unit":"§"}"#), "kg", "1"),
    example(RuleId::MEASURE_SCORE, scored!("continuous-variable", r#""measureScore":{§"unit":"min"}"#), "",
        r#""value":3,"#),
    example(RuleId::MEASURE_SCORE, scored!("ratio", r#""measureScore":{"value":3§}"#), "", r#","unit":"d""#),
    example(RuleId::MEASURE_SCORE, scored!("§", r#""id":"a""#), "ratio", "cohort"),
    example(RuleId::MEASURE_SCORE, scored!("§", r#""measureScore":{"value":1}"#), "cohort", "proportion"),
];
