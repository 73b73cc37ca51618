//! The results of a search (<https://hl7.org/fhir/R4/bundle.html#searchset>).

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};

/// A match has an id and a type that was searched for; only outcomes are OperationOutcomes. What was searched for is in
/// the self link, and each entry says why it is there.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>) {
    let names = j.model().names();
    let [search, mode, relation] =
        [&b"search"[..], b"mode", b"relation"].map(|name| names.find(name).unwrap_or_default());
    let wanted = searched_types(j, bundle, relation);
    let mode_of = |e: Node<'t>| e.child(search).and_then(|s| s.child(mode)).map(Node::text);
    let some_have_modes = bundle.children_named(NameId::ENTRY).any(|e| mode_of(e).is_some());
    for e in bundle.children_named(NameId::ENTRY) {
        let Some(resource) = e.child(NameId::RESOURCE) else { continue };
        let found = resource.child_text(NameId::RESOURCE_TYPE).unwrap_or_default();
        let Some(mode) = mode_of(e) else {
            if some_have_modes {
                doubt(j, e, Weight::Warning, || "the entry has no search mode, though others have".to_owned());
            } else if !wanted.is_empty() && !wanted.contains(&*found) && found != "OperationOutcome" {
                doubt(j, e, Weight::Warning, || format!("the search was not for {found}, and the entry has no mode"));
            }
            continue;
        };
        let fits = match &*mode {
            "outcome" => found == "OperationOutcome",
            "match" => resource.child(NameId::ID).is_some() && (wanted.is_empty() || wanted.contains(&*found)),
            _ => resource.child(NameId::ID).is_some(),
        };
        if !fits {
            j.error(RuleId::BUNDLE_ENTRY, resource, &[], || Detail::Text(format!("{mode} {found}")));
        }
    }
    match own_link(bundle, relation) {
        None => doubt(j, bundle, Weight::Warning, || "the searchset has no self link".to_owned()),
        Some(url) if wanted.is_empty() && !url.contains('$') => {
            doubt(j, bundle, Weight::Note, || format!("the self link `{url}` names no type that was searched for"));
        }
        Some(_) => {}
    }
}

fn doubt<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, weight: Weight, told: impl FnOnce() -> String) {
    j.find(RuleId::BUNDLE_SEARCH, weight, at, &[], || Detail::Text(told()));
}

/// The url of the self link: what the server searched for (<https://hl7.org/fhir/R4/search.html#conformance>).
fn own_link<'t>(bundle: Node<'t>, relation: NameId) -> Option<Cow<'t, str>> {
    let own = bundle.children_named(NameId::LINK).find(|l| l.child(relation).is_some_and(|r| r.text() == "self"));
    own?.child(NameId::URL).map(Node::text)
}

/// The types that a searchset's self link searches for; empty where it does not say.
fn searched_types(j: &Judge<'_, '_>, bundle: Node<'_>, relation: NameId) -> FxHashSet<String> {
    let Some(url) = own_link(bundle, relation) else { return FxHashSet::default() };
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/_search").unwrap_or(path);
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

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::BUNDLE_ENTRY, |t| {
        format!("the search mode does not fit the resource type and id of the entry: `{}`", t.given()).into()
    }),
    (RuleId::BUNDLE_SEARCH, |t| t.given().into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BUNDLE_ENTRY, r#"{"resourceType":"Bundle","type":"searchset",
        "entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"},
        "search":{"mode":"§"}}]}"#, "outcome", "match"),
    example(RuleId::BUNDLE_ENTRY, r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self",
        "url":"§?name=a"}],"entry":[{"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p"},
        "search":{"mode":"match"}}]}"#, "Person", "Patient"),
    example(RuleId::BUNDLE_SEARCH, r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"§",
        "url":"http://a.test/Patient?name=a"}]}"#, "first", "self"),
    example(RuleId::BUNDLE_SEARCH, r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self",
        "url":"http://a.test/Patient?name=a"}],"entry":[{"fullUrl":"http://a.test/§/p",
        "resource":{"resourceType":"§","id":"p"}}]}"#, "Person", "Patient"),
    example(RuleId::BUNDLE_SEARCH, r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self",
        "url":"http://a.test/Patient?name=a"}],"entry":[{"fullUrl":"http://a.test/Patient/p",
        "resource":{"resourceType":"Patient","id":"p"},"search":{"mode":"match"}},{"fullUrl":"http://a.test/Patient/q",
        "resource":{"resourceType":"Patient","id":"q"}§}]}"#, "", r#","search":{"mode":"match"}"#),
];
