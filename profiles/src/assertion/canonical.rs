//! What canonicals and urls name: a definition by its full url, or a part of the containing resource by a fragment
//! (<https://hl7.org/fhir/R4/references.html#canonical>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{Primitive, is_absolute_uri};

/// Judges what the value of a canonical, url or uri names.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let n = at.node;
    if !n.has_value() {
        return;
    }
    if p == Primitive::Canonical {
        let text = n.text();
        if is_absolute_uri(&text) {
            target(j, at, &text);
            if text.ends_with('|') {
                j.error(RuleId::CANONICAL_VERSION, n, &at.plan.handles, || Detail::Text(text.into_owned()));
            }
        } else if !text.is_empty() && !text.starts_with('#') && !text.contains(char::is_whitespace) {
            j.error(RuleId::CANONICAL_ABSOLUTE, n, &at.plan.handles, || Detail::Text(text.into_owned()));
        }
    }
    if matches!(n.raw_bytes(), [b'#', _, ..]) && !is_source(n) {
        fragment(j, at);
    }
}

/// A canonical names a definition of a kind that its element allows; one that is not loaded may name any.
fn target<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, canonical: &str) {
    if at.plan.targets.iter().all(|t| t.types.is_empty()) {
        return;
    }
    let model = j.model();
    let kinds = j.kinds(canonical);
    let Some(first) = kinds.first() else { return };
    for t in at.plan.targets.iter().filter(|t| !t.types.is_empty()) {
        let fits =
            |kind: &str| model.find(kind).is_none_or(|k| t.types.iter().any(|w| !w.is_known() || model.is_a(k, *w)));
        if !kinds.iter().any(|kind| fits(kind)) {
            j.error(RuleId::REFERENCE_TARGET, at.node, &[t.element], || Detail::Text(first.to_string()));
        }
    }
}

/// `meta.source`: a fragment there identifies a part of the source, not of the resource
/// (<https://hl7.org/fhir/R4/resource-definitions.html#Meta.source>).
fn is_source(n: Node<'_>) -> bool {
    n.name() == NameId::SOURCE && n.parent().is_some_and(|p| p.name() == NameId::META)
}

/// A url that is a fragment names something inside the resource.
fn fragment<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let text = at.node.text();
    if !j.has_id(at.frame.root, text.strip_prefix('#').unwrap_or(&text)) {
        j.error(RuleId::REFERENCE_UNRESOLVED, at.node, &at.plan.handles, || Detail::Text(text.into_owned()));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CANONICAL_ABSOLUTE, |t| format!("canonical `{}` is neither absolute nor a fragment", t.given()).into()),
    (RuleId::CANONICAL_VERSION, |t| format!("canonical `{}` has no version after its `|`", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CANONICAL_ABSOLUTE, r#"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"§"}"#, "q", "http://a.test/q"),
    example(RuleId::CANONICAL_VERSION, r#"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"http://a.test/q|§"}"#, "", "1"),
    example(RuleId::CANONICAL_VERSION, r#"<ImplementationGuide xmlns="http://hl7.org/fhir"><dependsOn><uri
        value="http://a.test/g§"/></dependsOn></ImplementationGuide>"#, "|", "|1.0"),
];
