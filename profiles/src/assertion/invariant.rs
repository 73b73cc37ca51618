//! Constraints: those with an operation of their own at once, the others through FHIRPath
//! (<https://hl7.org/fhir/R4/conformance-rules.html#constraints>).
//!
//! From the plan: [`PlanConstraint`]. A constraint is met if its expression returns true. An empty result, or several
//! items where one is expected, is not true. A constraint that a limit, or a fault of its own expression, kept from
//! being evaluated is an open question, never an answer.

use super::contained;
use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::fhirpath::{self, ErrorKind, Item};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Frame, Judge, Level, Place, Target, Weight};
use crate::plan::rows::NONE;
use crate::plan::{Handle, Image, ImageSet, Native, PlanConstraint};

/// Judges the constraints of a node.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for c in &at.plan.constraints {
        let weight = match (c.best_practice, j.policies.best_practice, c.warning) {
            (true, Level::Allow, _) => continue,
            (true, Level::Warn, _) | (false, _, true) => Weight::Warning,
            (true, Level::Error, _) | (false, _, false) => Weight::Error,
        };
        if c.native == Native::ContainedUsed {
            contained::used(j, at, c);
            continue;
        }
        let at_once = native(j, at, c.native).or_else(|| lowered(j, at, c));
        if at_once != Some(true) {
            constraint(j, at, c, weight, at_once);
        }
    }
}

/// How the evaluation of a constraint ended.
enum End {
    Holds,
    /// It does not; what it yields in place of true or false.
    Fails(Option<String>),
    Open(RuleId, String),
}

impl From<bool> for End {
    fn from(holds: bool) -> End {
        if holds { End::Holds } else { End::Fails(None) }
    }
}

/// Writes down how a constraint ends that does not hold at once; `at_once` says whether that is certain.
fn constraint<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    c: &PlanConstraint,
    weight: Weight,
    at_once: Option<bool>,
) {
    let end = match at_once {
        Some(holds) => End::from(holds),
        None => expression(j, at, c),
    };
    let detail = |error: Option<String>| Detail::Constraint { layer: c.layer, row: c.row, error };
    match end {
        End::Holds => {}
        End::Fails(yields) => j.find(RuleId::INVARIANT, weight, at.node, &c.handles, || detail(yields)),
        End::Open(RuleId::LIMIT_TIME, _) => j.broken_off(at.node),
        End::Open(rule, why) => {
            let weight = if weight == Weight::Error { Weight::Question } else { Weight::Note };
            j.find(rule, weight, at.node, &c.handles, || detail(Some(why)));
        }
    }
}

/// The result of the native operation for the expression.
#[inline]
fn native<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, native: Native) -> Option<bool> {
    let n = at.node;
    let contained = || n.children_named(NameId::CONTAINED);
    let meta_has = |name: &str| {
        let id = j.model().names().find(name.as_bytes()).unwrap_or_default();
        contained().any(|c| c.child(NameId::META).is_some_and(|m| m.child(id).is_some()))
    };
    Some(match native {
        Native::ValueOrChildren => {
            (n.has_value() && !n.raw_bytes().is_empty()) || n.children().any(|c| c.name() != NameId::ID)
        }
        Native::ExtensionOrValue => {
            let extension = n.child(NameId::EXTENSION).is_some_and(|e| e.kind() != Kind::EmptyArray);
            extension != n.children().any(is_value)
        }
        Native::ContainedNested => contained().all(|c| c.child(NameId::CONTAINED).is_none()),
        Native::ContainedVersion => !meta_has("versionId") && !meta_has("lastUpdated"),
        Native::ContainedSecurity => !meta_has("security"),
        Native::NarrativeExists => {
            n.child(NameId::TEXT).is_some_and(|t| t.child(NameId::DIV).is_some_and(Node::has_value))
        }
        Native::ReferenceContained => match n.child_text(NameId::REFERENCE) {
            Some(t) if t.len() > 1 && t.starts_with('#') => !matches!(j.resolve_text(&t, n, at.frame), Target::Missing),
            _ => true,
        },
        Native::Narrative => true,
        Native::ContainedUsed | Native::Mask | Native::Simple | Native::None => return None,
    })
}

fn is_value(c: Node<'_>) -> bool {
    c.name_text().strip_prefix("value").is_some_and(|r| r.starts_with(|c: char| c.is_ascii_uppercase()))
        && c.kind() != Kind::EmptyArray
}

/// Whether a constraint holds by its mask or along simple paths; `None` where the evaluator has to tell.
fn lowered<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, c: &PlanConstraint) -> Option<bool> {
    let image = j.set.layer(c.layer);
    match c.native {
        Native::Mask => fhirpath::mask_holds(image.mask(c.mask), at.node, at.plan.type_id, j.typing),
        Native::Simple => match fhirpath::simple_truth(image.code(c.code)?, at.node, at.plan.type_id, j.typing)? {
            fhirpath::Truth::True => Some(true),
            fhirpath::Truth::False => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn expression<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, c: &PlanConstraint) -> End {
    let Some(code) = j.set.layer(c.layer).code(c.code) else {
        return End::Open(RuleId::INVARIANT_UNDECIDED, "the expression does not compile".to_owned());
    };
    let frame = holder(j, at, c).unwrap_or(*at.frame);
    let ports = j.ports(&frame);
    let mut context = ports.context();
    let profile = profile(j, c).map(Item::Str);
    let variables = [("profile", profile.as_slice())];
    context.variables = &variables;
    let truth =
        j.with_scratch(|scratch| fhirpath::test(code, &Item::node(at.node, at.plan.type_id), &context, scratch));
    match truth {
        fhirpath::Truth::True => End::Holds,
        fhirpath::Truth::Empty if c.empty_holds => End::Holds,
        fhirpath::Truth::Empty => End::Fails(Some("the expression yields nothing, which is not true".to_owned())),
        fhirpath::Truth::False => End::Fails(None),
        fhirpath::Truth::Unknown(q) => {
            End::Open(RuleId::INVARIANT_UNDECIDED, q.first().map(ToString::to_string).unwrap_or_default())
        }
        fhirpath::Truth::Error(e) if e.kind == ErrorKind::Singleton => End::Fails(Some(e.to_string())),
        fhirpath::Truth::Error(e) if e.kind == ErrorKind::Budget => End::Open(RuleId::LIMIT_EXPRESSION, e.to_string()),
        fhirpath::Truth::Error(e) if e.kind == ErrorKind::BrokenOff => End::Open(RuleId::LIMIT_TIME, e.to_string()),
        fhirpath::Truth::Error(e) => End::Open(RuleId::INVARIANT_UNDECIDED, e.to_string()),
    }
}

/// The profile that states a constraint, `%profile` in its expression: what `slice(%profile, 'name')` looks into.
fn profile<'e>(j: &Judge<'e, '_>, c: &PlanConstraint) -> Option<&'e str> {
    let stated = c.handles.first()?;
    let row = j.set.structure_of(*stated)?;
    Some(j.set.str(stated.layer, row.url))
}

/// The frame of the resource around the current one, where an element of it lays the constraint on the resource that
/// stands there.
fn holder<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, c: &PlanConstraint) -> Option<Frame<'t>> {
    let of_element = |h: &Handle| j.set.element(*h).is_some_and(|e| e.parent != NONE);
    if !at.plan.is_resource || !c.handles.iter().all(of_element) {
        return None;
    }
    Some(j.frame_of(at.frame.holder?))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::INVARIANT, |t| constraint_text(t, "failed")),
    (RuleId::INVARIANT_UNDECIDED, |t| constraint_text(t, "could not be evaluated")),
    (RuleId::LIMIT_EXPRESSION, |t| constraint_text(t, "exceeded the limit on evaluation steps")),
];

fn constraint_text(t: MessageContext<'_>, verb: &str) -> Message {
    let Detail::Constraint { layer, row, error } = &t.finding.detail else {
        return "the limit on FHIRPath evaluation steps was reached".into();
    };
    let image = t.set.layer(*layer);
    let Some(c) = image.constraint(*row) else { return Message::default() };
    let (key, expression) = (image.str(c.key), image.str(c.expression));
    let mut evidence = vec![("expression".to_owned(), expression.to_owned())];
    evidence.extend(error.iter().map(|e| ("error".to_owned(), e.clone())));
    let text = match human(t.set, Handle { layer: *layer, row: *row }, &t.finding.handles) {
        Some(human) => format!("constraint `{key}` {verb}: \"{human}\" (`{expression}`)"),
        None => format!("constraint `{key}` {verb}: `{expression}`"),
    };
    let stated_by = Some(image.str(c.source)).filter(|source| !source.is_empty()).map(str::to_owned);
    Message { text, constraint: Some(key.to_owned()), stated_by, evidence }
}

/// The human description of a constraint, from its package or from another that has the same one on the element.
fn human<'s>(set: &'s ImageSet, constraint: Handle, elements: &[Handle]) -> Option<&'s str> {
    let image = set.layer(constraint.layer);
    let row = image.constraint(constraint.row)?;
    let same = |image: &Image, link: u32| {
        image.constraint(link).is_some_and(|c| {
            image.str(c.key) == set.str(constraint.layer, row.key)
                && image.str(c.expression) == set.str(constraint.layer, row.expression)
        })
    };
    let elsewhere = |h: &Handle| {
        let image = set.layer(h.layer);
        let links = image.links(set.element(*h)?.constraints);
        links.iter().filter(|link| same(image, **link)).find_map(|link| image.human(*link))
    };
    image.human(constraint.row).or_else(|| elements.iter().find_map(elsewhere))
}

/// A profile of Patient with one constraint.
macro_rules! constraint {
    ($expression:literal) => {
        concat!(
            r#"{"id":"Patient","path":"Patient","constraint":[{"key":"t-1","severity":"error","human":"a",
            "expression":""#,
            $expression,
            r#""}]}"#
        )
    };
}

pub const EXAMPLES: &[Example] = &[
    example(
        RuleId::INVARIANT,
        r#"{"resourceType":"Patient","contact":[{§}]}"#,
        r#""gender":"male""#,
        r#""name":{"text":"a"}"#,
    ),
    example(
        RuleId::INVARIANT_UNDECIDED,
        r#"{"resourceType":"Patient"§}"#,
        r#","maritalStatus":{"coding":[{"system":"http://a.test","code":"x"}]}"#,
        "",
    )
    .profile(constraint!("maritalStatus.all(memberOf('http://firing.test/ValueSet/absent'))")),
    example(RuleId::INVARIANT, r#"{"resourceType":"Patient","active":true,"name":[{"given":["a"§]}]}"#, r#","b""#, "")
        .profile(constraint!("active and name.given & 'x' = 'ax'")),
    example(RuleId::INVARIANT, r#"{"resourceType":"Patient","active":true§}"#, "", r#","name":[{"given":["a"]}]"#)
        .profile(constraint!("active and name.given & 'x' = 'ax'")),
    example(
        RuleId::LIMIT_EXPRESSION,
        r#"{"resourceType":"Patient","name":[{"given":["a"§]}]}"#,
        r#","b","c","d","e","f","g","h""#,
        "",
    )
    .profile(constraint!("name.given.all(%resource.name.given.all(length() > 0))"))
    .policies(|p| p.work.expression = 40),
];
