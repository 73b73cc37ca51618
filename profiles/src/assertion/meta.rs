//! What `meta` lists: profiles, security labels and tags are sets
//! (<https://hl7.org/fhir/R4/resource-definitions.html#Meta.security>).

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::questionnaire::all_named;
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// Judges the lists of `meta`. Codings are the same by system and code; their versions and displays do not count.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(meta) = at.node.child(NameId::META) else { return };
    // No uri and no code has a line break.
    let coding = |c: Node<'t>| {
        Some(format!("{}\n{}", c.child_text(NameId::SYSTEM).unwrap_or_default(), c.child_text(NameId::CODE)?))
    };
    let security = (RuleId::META_SECURITY_REPEATED, Weight::Error);
    repeated(j, all_named(meta, "security").map(|n| (n, coding(n))), security);
    let other = (RuleId::META_REPEATED, Weight::Warning);
    repeated(j, all_named(meta, "tag").map(|n| (n, coding(n))), other);
    let profile = |n: Node<'t>| n.has_value().then(|| n.text().into_owned());
    repeated(j, meta.children_named(NameId::PROFILE).map(|n| (n, profile(n))), other);
}

fn repeated<'t>(
    j: &mut Judge<'_, 't>,
    listed: impl Iterator<Item = (Node<'t>, Option<String>)>,
    (rule, weight): (RuleId, Weight),
) {
    let mut seen = FxHashSet::default();
    for (node, what) in listed {
        let Some(what) = what.filter(|w| !w.is_empty()) else { continue };
        if !seen.insert(what.clone()) {
            // A coding without a system is told by its code.
            let told = what.strip_prefix('\n').map_or_else(|| what.replace('\n', "#"), str::to_owned);
            j.find(rule, weight, node, &[], || Detail::Text(told));
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::META_SECURITY_REPEATED, |t| format!("the security label `{}` is listed twice", t.given()).into()),
    (RuleId::META_REPEATED, |t| format!("`{}` is listed twice", t.given()).into()),
];

/// A patient whose `meta` holds this.
macro_rules! described {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Patient","meta":{"#, $content, "}}")
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::META_SECURITY_REPEATED, described!(r#""security":[{"system":"http://a.test","code":"x"},
        {"system":"http://a.test","code":"y"},{"system":"http://a.test","code":"§","display":"X"}]"#), "x", "z"),
    example(RuleId::META_SECURITY_REPEATED, r#"<Patient xmlns="http://hl7.org/fhir"><meta><security>
        <system value="http://a.test"/><code value="x"/></security><security><system value="http://§.test"/>
        <code value="x"/></security></meta></Patient>"#, "a", "b"),
    example(RuleId::META_REPEATED, described!(r#""tag":[{"code":"a"},{"code":"§"}]"#), "a", "b"),
    example(RuleId::META_REPEATED, described!(r#""profile":["http://hl7.org/fhir/StructureDefinition/Patient",
        "http://hl7.org/fhir/StructureDefinition/§"]"#), "Patient", "Resource"),
];
