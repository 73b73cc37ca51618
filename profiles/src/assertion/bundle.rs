//! Bundles: the fullUrls of their entries (<https://hl7.org/fhir/R4/bundle.html#bundle-unique>). The rules for
//! documents and for search results are in files of their own.

use super::example::{Example, example};
use super::text::Describe;
use super::{bundle_content, bundle_link, bundle_linked, document, searchset, signature};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, type_in, unversioned};
use crate::model::is_absolute_uri;

/// The rules of a Bundle as a whole.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let bundle = at.node;
    let kind = bundle.child_text(NameId::TYPE).unwrap_or_default();
    for e in bundle.children_named(NameId::ENTRY) {
        entry(j, e, &kind);
    }
    bundle_link::check(j, bundle, &kind);
    signature::check(j, bundle);
    match &*kind {
        "document" => {
            document::check(j, bundle);
            bundle_content::check(j, bundle);
        }
        "message" => {
            bundle_content::check(j, bundle);
            bundle_linked::message(j, bundle);
        }
        "searchset" => searchset::check(j, bundle),
        _ => {}
    }
}

fn entry<'t>(j: &mut Judge<'_, 't>, e: Node<'t>, kind: &str) {
    let Some(url) = e.child_text(NameId::FULL_URL) else {
        // The OperationOutcome of a search has no address.
        let own = e
            .child(NameId::RESOURCE)
            .and_then(|r| r.child_text(NameId::RESOURCE_TYPE))
            .is_some_and(|t| t != "OperationOutcome");
        if own && matches!(kind, "document" | "message" | "searchset" | "collection") {
            j.error(RuleId::BUNDLE_FULL_URL, e, &[], || Detail::Text(String::new()));
        } else if own && matches!(kind, "transaction" | "batch") && needs_url(e) {
            j.error(RuleId::BUNDLE_FULL_URL, e, &[], || Detail::Text(String::new()));
        }
        return;
    };
    if !(is_absolute_uri(&url) && agrees(j, e, &url, kind)) {
        j.error(RuleId::BUNDLE_FULL_URL, e, &[], || Detail::Text(unversioned(&url).to_owned()));
    }
}

/// Whether an entry that is not posted refers to another by a relative reference, which its fullUrl completes.
fn needs_url(e: Node<'_>) -> bool {
    let method = |r: Node<'_>| r.children().find(|c| c.name_text() == "method").map(|m| m.text() == "PUT");
    if e.children().find(|c| c.name_text() == "request").and_then(method) != Some(true) {
        return false;
    }
    let mut open: Vec<Node<'_>> = e.child(NameId::RESOURCE).into_iter().collect();
    while let Some(n) = open.pop() {
        if n.name() == NameId::REFERENCE && n.has_value() {
            let text = n.text();
            if !text.is_empty() && !text.starts_with(['#', '?']) && !text.contains('?') && !is_absolute_uri(&text) {
                return true;
            }
        }
        open.extend(n.children());
    }
    false
}

/// Whether a RESTful fullUrl ends with the type and id of its resource; others need not.
fn agrees(j: &Judge<'_, '_>, e: Node<'_>, url: &str, kind: &str) -> bool {
    let Some(resource) = e.child(NameId::RESOURCE) else { return true };
    let Some(t) = resource.child_text(NameId::RESOURCE_TYPE) else { return true };
    if !(url.starts_with("http://") || url.starts_with("https://")) || type_in(j.model(), url).is_none() {
        return true;
    }
    match resource.child_text(NameId::ID) {
        Some(id) => names(unversioned(url), &t, &id),
        None => matches!(kind, "transaction" | "batch"),
    }
}

/// Whether a url ends with `/Type/id`.
fn names(url: &str, t: &str, id: &str) -> bool {
    let base = url.strip_suffix(id).and_then(|rest| rest.strip_suffix('/')).and_then(|rest| rest.strip_suffix(t));
    base.is_some_and(|base| base.ends_with('/'))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::BUNDLE_FULL_URL, |t| match t.given() {
    "" => "the entry has no fullUrl".into(),
    url => format!("fullUrl `{url}` is not absolute, or does not match the resource's type and id").into(),
})];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BUNDLE_FULL_URL, r#"{"resourceType":"Bundle","type":"collection",
        "entry":[{"fullUrl":"http://a.test/Patient/§","resource":{"resourceType":"Patient","id":"p"}}]}"#, "q", "p"),
    example(RuleId::BUNDLE_FULL_URL, r#"{"resourceType":"Bundle","type":"§",
        "entry":[{"resource":{"resourceType":"Patient","id":"p"},"request":{"method":"PUT","url":"Patient/p"}}]}"#,
        "collection", "transaction"),
    example(RuleId::BUNDLE_FULL_URL, r#"{"resourceType":"Bundle","type":"transaction",
        "entry":[{"resource":{"resourceType":"Account","id":"p","status":"active",
        "subject":[{"reference":"Patient/p"}]},"request":{"method":"§"}}]}"#,
        r#"PUT","url":"Account/p"#, r#"POST","url":"Account"#),
];
