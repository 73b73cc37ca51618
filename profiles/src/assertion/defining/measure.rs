//! Measures: the codes of their groups, and the libraries that their criteria name
//! (<https://hl7.org/fhir/R4/measure.html>).

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Target, Weight};

/// The languages in which a criterion may name an expression of a library.
const CQL: [&str; 3] = ["text/cql", "text/cql.identifier", "text/cql-identifier"];

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

/// The libraries of a measure.
struct Libraries {
    count: usize,
    /// Their names, and the last segments of their urls; `None` where one of them is not known.
    names: Option<FxHashSet<String>>,
    /// How many of them have a name.
    named: FxHashMap<String, usize>,
}

impl Libraries {
    /// The libraries that a measure lists; those that nobody knows are noted.
    fn of<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) -> Libraries {
        let mut libraries = Libraries { count: 0, names: Some(FxHashSet::default()), named: FxHashMap::default() };
        for node in named(at.node, "library").filter(|l| l.has_value()) {
            let canonical = node.text();
            libraries.count += 1;
            let name = match j.resolve_text(&canonical, node, at.frame) {
                Target::Found(library) if canonical.starts_with('#') => text(library, "name").map(|n| n.into_owned()),
                _ => j.set.find_content(&canonical, "Library").map(str::to_owned),
            };
            if name.is_none() && !canonical.starts_with('#') && j.kinds(&canonical).is_empty() {
                let unknown = || Detail::Text(format!("library `{canonical}` is not loaded"));
                j.find(RuleId::MEASURE_LIBRARY, Weight::Note, node, &[], unknown);
            }
            if let Some(name) = &name {
                *libraries.named.entry(name.clone()).or_default() += 1;
            }
            libraries.names = libraries.names.zip(name).map(|(mut names, name)| {
                let url = canonical.split('|').next().unwrap_or_default();
                names.extend([name, url.rsplit('/').next().unwrap_or_default().to_owned()]);
                names
            });
        }
        libraries
    }
}

/// A criterion that names an expression names one of a library that the measure lists.
fn criterion<'t>(j: &mut Judge<'_, 't>, libraries: &Libraries, criteria: Node<'t>) {
    if !text(criteria, "language").is_some_and(|language| CQL.contains(&&*language)) {
        return;
    }
    let Some(expression) = text(criteria, "expression") else { return };
    let wrong = match library_named(&expression) {
        None => return,
        Some(None) if libraries.count > 1 => {
            format!("`{expression}` does not name its library, and the measure has several")
        }
        Some(None) if libraries.count == 0 => {
            format!("`{expression}` is the name of an expression, but the measure lists no library that may have it")
        }
        Some(None) => return,
        // It may as well be an element of a type.
        Some(Some(name)) if j.model().find(name).is_some() => return,
        Some(Some(name)) if libraries.count == 0 => {
            format!("`{expression}` names the library `{name}`, but the measure lists none")
        }
        Some(Some(name)) if libraries.named.get(name).is_some_and(|count| *count > 1) => {
            format!("`{expression}` names the library `{name}`, and several that the measure lists have this name")
        }
        Some(Some(name)) => match &libraries.names {
            Some(names) if !names.contains(name) => {
                format!("`{expression}` names the library `{name}`, which the measure does not list")
            }
            _ => return,
        },
    };
    j.find(RuleId::MEASURE_LIBRARY, Weight::Warning, criteria, &[], || Detail::Text(wrong));
}

/// The library whose expression a text names, `Some(None)` where it names an expression only; `None` where the text is
/// no name, but an expression itself.
fn library_named(expression: &str) -> Option<Option<&str>> {
    let (first, rest) = identifier(expression.trim())?;
    if rest.is_empty() {
        return (!matches!(first, "true" | "false" | "null")).then_some(None);
    }
    let (_, rest) = identifier(rest.strip_prefix('.')?)?;
    rest.is_empty().then_some(Some(first))
}

/// The identifier with which a text of CQL starts, quoted or not, and what follows it.
fn identifier(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').filter(|(name, _)| !name.is_empty());
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at_checked(end).filter(|(name, _)| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MEASURE_GROUP, |t| t.given().into()),
    (RuleId::MEASURE_LIBRARY, |t| t.given().into()),
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
    example(RuleId::MEASURE_LIBRARY, measure!(r#""http://firing.test/Library/§""#, "Initial"), "absent", "one")
        .with(LIBRARIES),
    example(RuleId::MEASURE_LIBRARY, measure!("", "§"), "Initial", "[Encounter] e return e.period"),
    example(RuleId::MEASURE_LIBRARY,
        measure!(r#""http://firing.test/Library/one","http://firing.test/Library/§""#, "One.Initial"), "also", "two")
        .with(LIBRARIES),
    example(RuleId::MEASURE_SHAREABLE, r#"{"resourceType":"Measure","url":"http://a.test/m","name":"M",
        "status":"active","experimental":true,"description":"m",§"group":[{"population":[{"criteria":{
        "language":"text/fhirpath","expression":"true"}}]}]}"#, "", r#""version":"1","publisher":"p","#)
        .policies(|p| p.best_practice = Level::Warn),
];
