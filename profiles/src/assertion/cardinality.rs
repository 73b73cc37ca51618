//! How often the elements of a node occur (<https://hl7.org/fhir/R4/conformance-rules.html#cardinality>).
//!
//! From the plan: [`PlanChild::min`] and [`PlanChild::max`], and [`crate::plan::Occurs`], which sums them up as bits.

use super::example::{Example, example};
use super::shape;
use super::text::{Describe, MessageContext};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::plan::rows::ElementRow;
use crate::plan::{Handle, PlanChild};

/// Judges how often the children of a node's plan occur. `seen` and `repeated` are the bits of the children that occur,
/// and of those that occur more than once; where they show that there is no fault, nothing is counted.
#[inline]
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, seen: u64, repeated: u64) {
    let bounds = &at.plan.occurs;
    if bounds.uncounted
        || bounds.required & !seen != 0
        || seen & bounds.prohibited != 0
        || repeated & bounds.limited != 0
    {
        off(j, at);
    }
}

/// Counts the children, and says which occur too rarely or too often.
#[cold]
fn off<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let mut counts = vec![0u32; at.plan.children.len()];
    let xml = j.tape.is_xml();
    for c in at.node.children() {
        if let Some((ci, _)) = at.plan.find(c.name())
            && let (Some(child), Some(count)) = (at.plan.children.get(ci), counts.get_mut(ci))
            && shape::counts(c, child, xml)
        {
            *count += 1;
        }
    }
    for (c, found) in at.plan.children.iter().zip(counts) {
        let name = c.name;
        if found < c.min {
            let demanding = demanding(j, c, |e| e.min > found);
            j.error(RuleId::ELEMENT_MIN, at.node, &demanding, || Detail::Child { name, found, bound: c.min });
        }
        if found > c.max {
            let demanding = demanding(j, c, |e| e.max < found);
            j.error(RuleId::ELEMENT_MAX, at.node, &demanding, || Detail::Child { name, found, bound: c.max });
        }
    }
}

/// The element rows that the number of entries does not satisfy. A trial does not need them.
fn demanding(j: &Judge<'_, '_>, c: &PlanChild, unsatisfied: impl Fn(&ElementRow) -> bool) -> Vec<Handle> {
    if j.ledger.trials() > 0 {
        return Vec::new();
    }
    c.handles.iter().filter(|h| j.set.element(**h).is_some_and(|e| unsatisfied(&e))).copied().collect()
}

/// The name of the child, how often it was found, and the bound.
fn child<'a>(t: MessageContext<'a>) -> (&'a str, u32, u32) {
    match &t.finding.detail {
        Detail::Child { name, found, bound } => (t.set.model().names().text(*name), *found, *bound),
        _ => ("", 0, 0),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ELEMENT_MIN, |t| {
        let (name, found, bound) = child(t);
        format!("`{name}` is missing: expected at least {bound}, found {found}").into()
    }),
    (RuleId::ELEMENT_MAX, |t| {
        let (name, found, bound) = child(t);
        format!("`{name}` occurs too often: expected at most {bound}, found {found}").into()
    }),
];

pub const EXAMPLES: &[Example] = &[
    example(RuleId::ELEMENT_MIN, r#"{"resourceType":"Observation","status":"final"§}"#, "", r#","code":{"text":"a"}"#),
    example(RuleId::ELEMENT_MAX, r#"{"resourceType":"Patient","name":[{"text":"a"}§]}"#, r#",{"text":"b"}"#, "")
        .profile(r#"{"id":"Patient.name","path":"Patient.name","max":"1"}"#),
];
