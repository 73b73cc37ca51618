//! Bindings: the codes of an element are in the value sets that it is bound to
//! (<https://hl7.org/fhir/R4/terminologies.html>).

use super::display::{married, parts};
use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Membership, Place, Scene, Truth, Weight, codes_of};
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanBinding};

/// Judges the bindings of a coded node. Preferred bindings require nothing.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    if at.plan.role.is_coded() {
        for b in at.plan.bindings.iter().filter(|b| b.strength < BindingStrength::Preferred) {
            binding(j, at, b);
        }
    }
}

fn binding<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, b: &PlanBinding) {
    let (n, role) = (at.node, at.plan.role);
    let handles = [b.element];
    let required = b.strength == BindingStrength::Required;
    let detail = |reason: &str| Detail::Code {
        canonical: b.canonical.clone(),
        found: listed(n, role),
        reason: reason.to_owned(),
    };
    let mut codes = codes_of(n, role).peekable();
    if codes.peek().is_none() {
        if required && lacks_code(n, role) && (!b.is_max || is_extensible(at, b)) {
            let rule = if b.is_max { RuleId::BINDING_MAX } else { RuleId::BINDING_REQUIRED };
            j.error(rule, n, &handles, || detail(""));
        }
        return;
    }
    let open = if required { Weight::Question } else { Weight::Note };
    let need_system = !role.is_primitive();
    let Membership { truth, reason } = match b.value_set {
        Some(value_set) => any_member(j, value_set, codes, need_system),
        None => {
            let member = |c| match j.held_member(&b.canonical, &c, need_system) {
                Truth::Unknown => j.asked_member(&b.canonical, &c, need_system),
                known => known,
            };
            Membership { truth: Truth::any(codes.map(member)), reason: "" }
        }
    };
    match truth {
        Truth::Unknown if b.value_set.is_none() => j.find(RuleId::BINDING_VALUE_SET, open, n, &handles, || detail("")),
        Truth::True if reason.is_empty() => {}
        // All codes of a system are in the value set, and the system is not loaded: the code may not exist. A maximum
        // value set only bounds what is allowed.
        Truth::True if required && !b.is_max => j.question(RuleId::BINDING_UNDECIDED, n, &handles, || detail(reason)),
        Truth::True => j.find(RuleId::CODE_SYSTEM_UNKNOWN, Weight::Note, n, &handles, || detail(reason)),
        Truth::Unknown => j.find(RuleId::BINDING_UNDECIDED, open, n, &handles, || detail(reason)),
        Truth::False => {
            let rule = match (b.is_max, required) {
                (true, _) => RuleId::BINDING_MAX,
                (false, true) => RuleId::BINDING_REQUIRED,
                (false, false) => RuleId::BINDING_EXTENSIBLE,
            };
            let weight = if required { Weight::Error } else { Weight::Warning };
            j.find(rule, weight, n, &handles, || detail(reason));
        }
    }
}

/// Whether the element of a maximum value set binds as extensible: then a code is wanted, and it has to be one of that
/// set. Where the binding is preferred, text alone will do.
fn is_extensible(at: &Place<'_, '_>, max: &PlanBinding) -> bool {
    let mut all = at.plan.bindings.iter();
    all.any(|b| !b.is_max && b.element == max.element && b.strength == BindingStrength::Extensible)
}

/// Whether a concept has no code, and no extension that says why.
fn lacks_code(n: Node<'_>, role: Role) -> bool {
    role == Role::CodeableConcept
        && n.child(NameId::EXTENSION).is_none()
        && n.children_named(NameId::CODING).all(|c| c.child(NameId::EXTENSION).is_none())
}

/// Whether any of these codes is in a value set; the reason is that of the code that is, or the first of those that may
/// be.
fn any_member<'e, 't>(
    scene: &Scene<'e, '_>,
    value_set: Handle,
    codes: impl Iterator<Item = Coded<'t>>,
    need_system: bool,
) -> Membership<'e> {
    let mut all = Membership { truth: Truth::False, reason: "" };
    for c in codes {
        let one = scene.membership(value_set, &c, need_system);
        if one.truth == Truth::True {
            return one;
        }
        all.truth = all.truth.or(one.truth);
        if all.reason.is_empty() {
            all.reason = one.reason;
        }
    }
    all
}

/// The codes of a node for a text: `system#code, …`.
fn listed(n: Node<'_>, role: Role) -> String {
    let mut out = String::new();
    for c in codes_of(n, role) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        if let Some(system) = &c.system {
            out.push_str(system);
            out.push('#');
        }
        out.push_str(&c.code);
    }
    out
}

fn not_in(t: MessageContext<'_>) -> Message {
    let (value_set, found, reason) = parts(t);
    if found.is_empty() {
        return format!("expected a code from value set `{value_set}`, found none").into();
    }
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("`{found}` is not in value set `{value_set}`{because}").into()
}

fn undecided(t: MessageContext<'_>) -> Message {
    let (value_set, found, reason) = parts(t);
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("cannot determine whether `{found}` is in value set `{value_set}`{because}").into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::BINDING_REQUIRED, not_in),
    (RuleId::BINDING_MAX, not_in),
    (RuleId::BINDING_EXTENSIBLE, |t| {
        let (value_set, found, _) = parts(t);
        format!(
            "`{found}` is not in value set `{value_set}`; other codes are allowed only if none in the value set applies"
        )
        .into()
    }),
    (RuleId::BINDING_UNDECIDED, undecided),
    (RuleId::BINDING_VALUE_SET, |t| {
        let (value_set, found, _) = parts(t);
        format!("value set `{value_set}` is not loaded, so `{found}` was not checked").into()
    }),
    (RuleId::CODE_SYSTEM_UNKNOWN, |t| {
        format!("the code system of `{}` is not loaded, so the code was not checked", parts(t).1).into()
    }),
];

/// The marital status bound to a value set.
macro_rules! bound {
    ($strength:literal, $value_set:literal) => {
        concat!(
            r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":""#,
            $strength,
            r#"","valueSet":"http://firing.test/ValueSet/"#,
            $value_set,
            r#""}}"#
        )
    };
}

/// A value set of one code, and of codes from a system that is not loaded.
macro_rules! value_set {
    ($id:literal, $absent:literal) => {
        concat!(
            r#"{"resourceType":"ValueSet","id":""#,
            $id,
            r#"","url":"http://firing.test/ValueSet/"#,
            $id,
            r#"","status":"active",
            "compose":{"include":[{"system":"http://firing.test/here","concept":[{"code":"x"}]},
            {"system":"http://firing.test/absent""#,
            $absent,
            r#"}]}}"#
        )
    };
}

/// All codes of one version of a code system that the examples of codings define.
const OF_FIRST: &str = r#"{"resourceType":"ValueSet","id":"first","url":"http://firing.test/ValueSet/first",
    "status":"active",
    "compose":{"include":[{"system":"http://firing.test/versions","version":"1.0.0"}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BINDING_REQUIRED, r#"{"resourceType":"Patient","gender":"§"}"#, "man", "male"),
    // The value set takes its codes from one version of the code system.
    example(RuleId::BINDING_REQUIRED, married!(r#""system":"http://firing.test/versions","code":"§""#), "c", "b")
        .profile(bound!("required", "first")).with(&[OF_FIRST]),
    example(RuleId::BINDING_REQUIRED, married!(r#""system":"http://firing.test/versions","code":"a","version":"§""#),
        "2.0.0", "1.0.0")
        .profile(bound!("required", "first")).with(&[OF_FIRST]),
    example(RuleId::BINDING_EXTENSIBLE, married!(r#""system":"§","code":"M""#), "http://a.test",
        "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
    example(RuleId::BINDING_MAX, r#"{"resourceType":"Patient","communication":[{"language":{"coding":[{
        "system":"urn:ietf:bcp:47","code":"§"}]}}]}"#, "englishlanguage", "en"),
    example(RuleId::BINDING_UNDECIDED, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("required", "part-absent")).with(&[value_set!("part-absent",
            r#","filter":[{"property":"a","op":"=","value":"b"}]"#)]),
    example(RuleId::BINDING_VALUE_SET, r#"{"resourceType":"Patient","maritalStatus":{§}}"#,
        r#""coding":[{"system":"http://a.test","code":"x"}]"#, r#""text":"x""#)
        .profile(bound!("extensible", "absent")),
    example(RuleId::CODE_SYSTEM_UNKNOWN, married!(r#""system":"http://firing.test/§","code":"x""#), "absent", "here")
        .profile(bound!("extensible", "whole-absent")).with(&[value_set!("whole-absent", "")]),
];
