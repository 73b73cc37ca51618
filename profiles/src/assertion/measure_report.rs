//! Reports compared with their measures: the groups, populations and stratifiers of both, matched by link id
//! (from R5 on) or code, and the subjects that are counted (<https://hl7.org/fhir/R4/measurereport.html>).

use rustc_hash::FxHashMap;

use super::example::{Example, example};
use super::measure_score;
use super::questionnaire::{all_named, named, text_of};
use super::text::Describe;
use crate::instance::{Limits, NameId, Node, parse};
use crate::issue::RuleId;
use crate::judge::{Detail, Frame, Judge, Place, References, Target, Weight};

/// Judges a MeasureReport by the measure that it names, where that is contained or known.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let report = at.node;
    subjects(j, at.frame, report);
    // A collection of data has no groups.
    let Some(name) = named(report, "measure")
        .filter(|m| m.has_value() && text_of(report, "type").as_deref() != Some("data-collection"))
    else {
        return;
    };
    let canonical = name.text();
    let set = j.set;
    let text = set.find_content(&canonical, "Measure").unwrap_or_default();
    let tape = parse(text.as_bytes(), set.model().names(), &Limits::default());
    let contained = match j.resolve_text(&canonical, report, at.frame) {
        Target::Found(measure) if canonical.starts_with('#') => Some(measure),
        _ => None,
    };
    match contained.or_else(|| tape.root().filter(|_| !tape.is_fatal())) {
        Some(measure) => {
            if all_named(report, "group").any(|g| named(g, "measureScore").is_some())
                && !measure_score::is_scored(measure)
            {
                j.find(RuleId::MEASURE_UNKNOWN, Weight::Note, name, &[], || Detail::Text(canonical.into_owned()));
            }
            groups(j, report, measure);
        }
        None => j.question(RuleId::MEASURE_UNKNOWN, name, &[], || Detail::Text(canonical.into_owned())),
    }
}

fn groups<'t>(j: &mut Judge<'_, 't>, report: Node<'t>, measure: Node<'_>) {
    for (reported, group) in paired(j, (report, measure), "group", true) {
        measure_score::check(j, report, reported, [group, measure]);
        for (population, measured) in paired(j, (reported, group), "population", true) {
            counted(j, report, population, measured);
        }
        paired(j, (reported, group), "stratifier", true);
    }
}

/// A population of a complete report that is no list of subjects has a count, but for observations, which have values.
fn counted<'t>(j: &mut Judge<'_, 't>, report: Node<'t>, population: Node<'t>, measured: Node<'_>) {
    let is_counted = text_of(report, "type").is_some_and(|kind| matches!(&*kind, "individual" | "summary"))
        && text_of(report, "status").is_none_or(|status| status == "complete");
    let is_observation = || codes(measured).iter().any(|code| code.ends_with("\nmeasure-observation"));
    if is_counted && named(population, "count").is_none() && !is_observation() {
        j.find(RuleId::MEASURE_SUBJECTS, Weight::Warning, population, &[], || {
            Detail::Text("missing, though the report is not a list of subjects".to_owned())
        });
    }
}

/// The parts of this name, each of the report's paired with the one of the measure that shares its link id or a code.
/// What has no pair is reported; `all`: each part of the measure must be in the report.
fn paired<'t, 'm>(
    j: &mut Judge<'_, 't>,
    (report, measure): (Node<'t>, Node<'m>),
    name: &'static str,
    all: bool,
) -> Vec<(Node<'t>, Node<'m>)> {
    let found: Vec<Node<'t>> = all_named(report, name).collect();
    let wanted: Vec<Node<'m>> = all_named(measure, name).collect();
    let mut by_code: FxHashMap<String, usize> = FxHashMap::default();
    for (i, w) in wanted.iter().enumerate() {
        codes(*w).into_iter().for_each(|code| _ = by_code.entry(code).or_insert(i));
    }
    // With a single part on each side no code is needed.
    let is_plain = match (&*found, &*wanted) {
        ([only], [_]) => codes(*only).is_empty() || by_code.is_empty(),
        _ => false,
    };
    let mut left: Vec<Option<Node<'m>>> = wanted.into_iter().map(Some).collect();
    let mut out = Vec::new();
    for f in found {
        let fits = if is_plain { Some(0) } else { codes(f).iter().find_map(|code| by_code.get(code)).copied() };
        match fits.and_then(|i| left.get_mut(i)).and_then(Option::take) {
            Some(wanted) => out.push((f, wanted)),
            None => j.error(RuleId::MEASURE_PART, f, &[], || Detail::Text(name.to_owned())),
        }
    }
    if all && left.iter().any(Option::is_some) {
        j.error(RuleId::MEASURE_PART_MISSING, report, &[], || Detail::Text(name.to_owned()));
    }
    out
}

/// What identifies a part: its link id, which R5 has for it
/// (<https://hl7.org/fhir/R5/measurereport-definitions.html#MeasureReport.group.linkId>), then the codes of its
/// concepts, or their texts.
fn codes(part: Node<'_>) -> Vec<String> {
    let mut all: Vec<String> = text_of(part, "linkId").map(|id| format!("linkId {id}")).into_iter().collect();
    all.extend(concepts(part));
    all
}

fn concepts(part: Node<'_>) -> Vec<String> {
    let coding = |c: Node<'_>| {
        Some(format!("{}\n{}", c.child_text(NameId::SYSTEM).unwrap_or_default(), c.child_text(NameId::CODE)?))
    };
    let coded: Vec<String> = part
        .children_named(NameId::CODE)
        .flat_map(|concept| concept.children_named(NameId::CODING))
        .filter_map(coding)
        .collect();
    if !coded.is_empty() {
        return coded;
    }
    part.children_named(NameId::CODE)
        .filter_map(|concept| text_of(concept, "text"))
        .map(|text| text.into_owned())
        .collect()
}

/// Only a list of subjects has subjects, and its populations of groups and strata count as many as their lists contain.
fn subjects<'t>(j: &mut Judge<'_, 't>, frame: &Frame<'t>, report: Node<'t>) {
    let lists = text_of(report, "type").is_none_or(|kind| kind == "subject-list");
    for group in all_named(report, "group") {
        let strata = all_named(group, "stratifier").flat_map(|s| all_named(s, "stratum"));
        for population in std::iter::once(group).chain(strata).flat_map(|n| all_named(n, "population")) {
            let Some(reference) = named(population, "subjectResults") else { continue };
            if !lists {
                j.error(RuleId::MEASURE_SUBJECTS, population, &[], || {
                    Detail::Text("given by subject, though the report is not a list of subjects".to_owned())
                });
                continue;
            }
            let Some(count) = text_of(population, "count") else { continue };
            let Some(listed) = listed(j, frame, reference) else {
                let named = text_of(reference, "reference").unwrap_or_default().into_owned();
                // Where references are followed, what they lead to could show that the count is wrong.
                let followed = j.policies.references >= References::Exists;
                let weight = if followed { Weight::Question } else { Weight::Note };
                j.find(RuleId::MEASURE_COUNT, weight, population, &[], || Detail::Text(named));
                continue;
            };
            if count != listed {
                j.error(RuleId::MEASURE_SUBJECTS, population, &[], || {
                    Detail::Text(format!("{count}, but the number of subjects listed is {listed}"))
                });
            }
        }
    }
}

/// How many subjects are listed, as a text; `None` where the list is not known.
fn listed<'t>(j: &mut Judge<'_, 't>, frame: &Frame<'t>, reference: Node<'t>) -> Option<String> {
    // Anything but a list is one subject.
    match j.resolve(reference, frame) {
        Target::Found(list) if list.child_text(NameId::RESOURCE_TYPE).as_deref() == Some("List") => {
            Some(list.children_named(NameId::ENTRY).count().to_string())
        }
        Target::Found(_) => Some("1".to_owned()),
        Target::Typed(t) if j.model().type_name(t) != "List" => Some("1".to_owned()),
        _ => None,
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MEASURE_UNKNOWN, |t| {
        if t.finding.weight == Weight::Note {
            return format!("measure `{}` has no scoring that is known, so no score was checked", t.given()).into();
        }
        format!("measure `{}` is not loaded, so the groups of the report were not checked", t.given()).into()
    }),
    (RuleId::MEASURE_PART, |t| {
        format!("the measure has no {} with this code or link id, or the report has it twice", t.given()).into()
    }),
    (RuleId::MEASURE_PART_MISSING, |t| format!("a {} of the measure is missing from the report", t.given()).into()),
    (RuleId::MEASURE_SUBJECTS, |t| format!("the population count is {}", t.given()).into()),
    (RuleId::MEASURE_COUNT, |t| match t.given() {
        "" => "the count was not checked: the list of subjects has no reference".into(),
        list => format!("the count was not checked: the list of subjects, `{list}`, is not known").into(),
    }),
];

/// A report with these groups on a contained measure with those.
macro_rules! reported {
    ($measured:literal, $reported:literal) => {
        concat!(
            r##"{"resourceType":"MeasureReport","status":"complete","type":"subject-list","period":{"start":"2020"},
                "measure":"#m","##,
            r##""extension":[{"url":"http://a.test/l","valueReference":{"reference":"#l"}}],"contained":["##,
            r#"{"resourceType":"Measure","id":"m","status":"active","group":["#,
            $measured,
            r#"]},{"resourceType":"List","id":"l","status":"current","mode":"working",
                "entry":[{"item":{"display":"a"}}]}],"group":["#,
            $reported,
            "]}"
        )
    };
}

const MEASURE: &str =
    r#"{"resourceType":"Measure","id":"known","url":"http://firing.test/Measure/known","status":"active"}"#;

const COUNTED: &[&str] = &[r#"{"resourceType":"Measure","id":"known","url":"http://firing.test/Measure/known",
    "status":"active","group":[{"population":[{"code":{"text":"a"}}]}]}"#];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::MEASURE_UNKNOWN, r#"{"resourceType":"MeasureReport","status":"complete","type":"summary",
        "period":{"start":"2020"},"measure":"http://firing.test/Measure/§"}"#, "absent", "known").with(&[MEASURE]),
    example(RuleId::MEASURE_PART, reported!(r#"{"code":{"text":"a"},"population":[{"code":{"coding":[{
        "code":"x"}]}}]}"#, r#"{"code":{"text":"a"},"population":[{"code":{"coding":[{"code":"§"}]},"count":1}]}"#),
        "y", "x"),
    example(RuleId::MEASURE_PART, reported!(r#"{"code":{"text":"a"}},{"code":{"text":"b"}}"#,
        r#"{"code":{"text":"a"}},{"code":{"text":"§"}}"#), "a", "b"),
    example(RuleId::MEASURE_PART_MISSING, reported!(r#"{"code":{"text":"a"},"stratifier":[{"code":{"text":"s"}},
        {"code":{"text":"t"}}]}"#, r#"{"code":{"text":"a"},"stratifier":[{"code":[{"text":"s"}]}§]}"#), "",
        r#",{"code":[{"text":"t"}]}"#),
    example(RuleId::MEASURE_PART_MISSING, reported!(r#"{"population":[{"code":{"text":"a"}},{"code":{"text":"b"}}]}"#,
        r#"{"population":[{"code":{"text":"a"},"count":1}§]}"#), "", r#",{"code":{"text":"b"},"count":1}"#),
    example(RuleId::MEASURE_SUBJECTS, r##"{"resourceType":"MeasureReport","status":"complete","type":"§",
        "period":{"start":"2020"},"measure":"http://firing.test/Measure/known","contained":[{"resourceType":"List",
        "id":"l","status":"current","mode":"working","entry":[{"item":{"display":"a"}}]}],
        "group":[{"population":[{"count":1,"subjectResults":{"reference":"#l"}}]}]}"##, "summary", "subject-list")
        .with(COUNTED),
    example(RuleId::MEASURE_SUBJECTS, r##"{"resourceType":"MeasureReport","status":"§","type":"summary",
        "period":{"start":"2020"},"measure":"#m","contained":[{"resourceType":"Measure","id":"m","status":"active",
        "group":[{"population":[{"code":{"text":"a"}}]}]}],"group":[{"population":[{"code":{"text":"a"}}]}]}"##,
        "complete", "pending"),
    example(RuleId::MEASURE_COUNT, reported!(r#"{"population":[{}]}"#, r##"{"population":[{"count":1,
        "subjectResults":{"reference":"§"}}]}"##), "http://a.test/List/1", "#l"),
    example(RuleId::MEASURE_SUBJECTS, reported!(r#"{"population":[{}]}"#, r##"{"population":[{"count":§,
        "subjectResults":{"reference":"#l"}}]}"##), "2", "1"),
];
