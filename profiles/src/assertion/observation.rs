//! What makes an observation usable on its own, as best practice: whom it is about, who made it, and when
//! (<https://hl7.org/fhir/R4/observation.html>).

use super::example::{Example, example};
use super::text::Describe;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};

/// Judges an Observation, if best practice is asked for: one finding tells all that is missing.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let weight = match j.policies.best_practice {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    let (mut subject, mut performer, mut time) = (false, false, false);
    for c in at.node.children() {
        let name = c.name_text();
        subject |= name == "subject";
        performer |= name == "performer";
        time |= name.starts_with("effective");
    }
    let parts = [(subject, "subject"), (performer, "performer"), (time, "effective[x]")];
    let missing: Vec<&str> = parts.into_iter().filter(|(is_there, _)| !is_there).map(|(_, name)| name).collect();
    if !missing.is_empty() {
        j.find(RuleId::OBSERVATION_CONTEXT, weight, at.node, &[], || Detail::Text(missing.join("` and no `")));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::OBSERVATION_CONTEXT, |t| format!("the observation has no `{}`", t.given()).into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::OBSERVATION_CONTEXT, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "subject":{"display":"a"},"performer":[{"display":"b"}]§}"#, "", r#","effectiveDateTime":"2020""#)
        .policies(|p| p.best_practice = Level::Warn),
];
