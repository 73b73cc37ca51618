//! The results of a search (<https://hl7.org/fhir/R4/bundle.html#searchset>).

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};

/// A match has an id and a type that was searched for; only outcomes are OperationOutcomes.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let names = j.model().names();
    let [search, mode, relation] =
        [&b"search"[..], b"mode", b"relation"].map(|name| names.find(name).unwrap_or_default());
    let wanted = searched_types(j, bundle, relation);
    for e in bundle.children_named(NameId::ENTRY) {
        let Some(resource) = e.child(NameId::RESOURCE) else { continue };
        let Some(mode) = e.child(search).and_then(|s| s.child(mode)).map(Node::text) else { continue };
        let found = resource.child_text(NameId::RESOURCE_TYPE).unwrap_or_default();
        let fits = match &*mode {
            "outcome" => found == "OperationOutcome",
            "match" => resource.child(NameId::ID).is_some() && (wanted.is_empty() || wanted.contains(&*found)),
            _ => resource.child(NameId::ID).is_some(),
        };
        if !fits {
            j.error(RuleId::BUNDLE_ENTRY, resource, &[], || Detail::Text(format!("{mode} {found}")));
        }
    }
}

/// The types that a searchset's self link searches for; empty where it does not say.
fn searched_types(j: &Judge<'_, '_>, bundle: Node<'_>, relation: NameId) -> FxHashSet<String> {
    let own = bundle.children_named(NameId::LINK).find(|l| l.child(relation).is_some_and(|r| r.text() == "self"));
    let Some(url) = own.and_then(|l| l.child(NameId::URL)).map(Node::text) else { return FxHashSet::default() };
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let last = path.rsplit('/').next().unwrap_or(path);
    let is_type = j.model().find(last).is_some_and(|t| j.model().is_resource(t));
    if (path.contains('/') || is_type)
        && last.starts_with(|c: char| c.is_ascii_uppercase())
        && last.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return FxHashSet::from_iter([last.to_owned()]);
    }
    let types = query.split('&').find_map(|p| p.strip_prefix("_type="));
    types.map(|t| t.split(',').map(str::to_owned).collect()).unwrap_or_default()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::BUNDLE_ENTRY, |t| {
    format!("the search mode does not fit the resource type and id of the entry: `{}`", t.given()).into()
})];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BUNDLE_ENTRY, r#"{"resourceType":"Bundle","type":"searchset",
        "entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"},
        "search":{"mode":"§"}}]}"#, "outcome", "match"),
    example(RuleId::BUNDLE_ENTRY, r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self",
        "url":"§?name=a"}],"entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"},
        "search":{"mode":"match"}}]}"#, "Person", "Patient"),
];
