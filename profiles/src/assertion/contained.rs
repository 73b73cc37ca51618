//! Contained resources: their ids, and the references to them from within the resource
//! (<https://hl7.org/fhir/R4/references.html#contained>).

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{Model, Role, TypeId};
use crate::plan::PlanConstraint;
use crate::xhtml::{self, LinkKind};

/// Every contained resource is referenced by its container, or references it; each that is not is reported.
pub fn used<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, c: &PlanConstraint) {
    let mut contained = at.node.children_named(NameId::CONTAINED).filter(|c| c.is_object()).peekable();
    if contained.peek().is_none() {
        return;
    }
    let model = j.model();
    let named = fragments(model, at.node);
    for r in contained {
        let id = r.child_text(NameId::ID).unwrap_or_default();
        if !named.contains(&*id) && !fragments(model, r).contains("") {
            j.error(RuleId::CONTAINED_UNUSED, r, &c.handles, || Detail::Text(id.into_owned()));
        }
    }
}

/// A contained resource has an id, and no other contained one has the same.
pub fn ids<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if at.frame.contained && n.child(NameId::ID).is_none() {
        j.error(RuleId::CONTAINED_ID, n, &[], || Detail::None);
    }
    let mut known: FxHashSet<Cow<'t, str>> = FxHashSet::default();
    for c in n.children_named(NameId::CONTAINED) {
        let Some(id) = c.child_text(NameId::ID) else { continue };
        if known.contains(&*id) {
            j.error(RuleId::CONTAINED_ID, c, &[], || Detail::Text(id.into_owned()));
        } else {
            known.insert(id);
        }
    }
}

/// What follows the `#` where something inside a resource is named by it: in references, canonicals and other uris, the
/// links and images of narratives. A plain string that starts with `#` names nothing.
fn fragments<'t>(model: &Model, resource: Node<'t>) -> FxHashSet<Cow<'t, str>> {
    let uri = model.find("uri").unwrap_or_default();
    let mut found = FxHashSet::default();
    let mut stack: Vec<(Node<'t>, TypeId)> = vec![(resource, model.resource_type(resource))];
    while let Some((holder, type_id)) = stack.pop() {
        for n in holder.children() {
            let own = model.type_of_child(type_id, n);
            if is_fragment(n)
                && (model.is_a(own, uri) || n.name() == NameId::REFERENCE && model.role(type_id) == Role::Reference)
            {
                found.insert(behind_hash(n.text()));
            }
            if n.name() == NameId::DIV && n.has_value() && memchr::memchr(b'#', n.raw_bytes()).is_some() {
                let (_, marks) = xhtml::read(&n.text(), n.outer_prefixes());
                found.extend(
                    marks.links.into_iter().filter(|l| l.kind != LinkKind::UseMap).map(|l| Cow::Owned(l.target)),
                );
            }
            stack.push((n, own));
        }
    }
    found
}

/// Whether a string starts with `#`.
fn is_fragment(n: Node<'_>) -> bool {
    n.kind() == Kind::String && (n.raw_bytes().first() == Some(&b'#') || (n.is_escaped() && n.text().starts_with('#')))
}

fn behind_hash(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(t) => Cow::Borrowed(t.strip_prefix('#').unwrap_or(t)),
        Cow::Owned(t) => Cow::Owned(t.strip_prefix('#').unwrap_or(&t).to_owned()),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CONTAINED_UNUSED, |t| format!("contained resource `{}` is not referenced", t.given()).into()),
    (RuleId::CONTAINED_ID, |t| match t.given() {
        "" => "the contained resource has no id".into(),
        id => format!("another contained resource also has id `{id}`").into(),
    }),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization",
        "id":"o","name":"a"}],"managingOrganization":{"reference":"§o"}}"##, "Organization/", "#"),
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization",
        "id":"o","name":"a"}],§}"##, r##""name":[{"text":"#o"}]"##, r##""managingOrganization":{"reference":"#o"}"##),
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"ValueSet","id":"v",
        "status":"draft"}],"extension":[{"url":"http://a.test/a","value§":"#v"}]}"##, "String", "Canonical"),
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Binary","id":"b",
        "contentType":"image/png"}],"photo":[{"§":"#b"}]}"##, "title", "url"),
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization",
        "id":"o","name":"a"}],"text":{"status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">§a</div>"}}"##, r##"<!-- href=\"#o\" -->"##,
        r##"<a href=\"&#35;o\">b</a>"##),
    example(RuleId::CONTAINED_UNUSED, r##"{"resourceType":"Patient","contained":[{"resourceType":"Observation","id":"o",
        "status":"final","code":{"text":"a"},§}]}"##, r##""valueString":"#""##, r##""subject":{"reference":"#"}"##),
    example(RuleId::CONTAINED_ID, r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o",
        "name":"a"},{"resourceType":"Organization","id":"§","name":"b"}]}"#, "o", "p"),
];
