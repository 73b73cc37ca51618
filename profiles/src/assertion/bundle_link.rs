//! The links of a Bundle: those for paging belong to searches and histories, each once; the stylesheet of a document is
//! among its entries (<https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.link>,
//! <https://hl7.org/fhir/R4/http.html#paging>, <https://hl7.org/fhir/R4/documents.html#css>).

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::is_absolute_uri;

/// The relations by which a server leads through the pages of a result.
const PAGING: [&str; 5] = ["first", "prev", "previous", "next", "last"];

/// Judges the links of a Bundle of this type.
pub fn check<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>, kind: &str) {
    let mut met = FxHashSet::default();
    for link in bundle.children_named(NameId::LINK) {
        let Some(relation) = link.children().find(|c| c.name_text() == "relation").filter(|r| r.has_value()) else {
            continue;
        };
        let text = relation.text();
        let is_paging = PAGING.contains(&&*text);
        let has_pages = matches!(kind, "searchset" | "history");
        if is_paging && !has_pages && !kind.is_empty() {
            // The specification gives them a use in searches only, and does not rule out others.
            j.find(RuleId::BUNDLE_LINK, Weight::Warning, relation, &[], || {
                Detail::Text(format!("a link `{text}` leads through pages, which a {kind} does not have"))
            });
        } else if (is_paging || text == "self") && !met.insert(text.clone()) {
            told(j, if has_pages { link } else { relation }, || format!("there is a second link `{text}`"));
        }
        if text == "stylesheet" && kind == "document" {
            stylesheet(j, bundle, link);
        }
    }
}

/// A stylesheet is an entry of the document: certainly one that is named by a relative url; any other is fetched from
/// outside.
fn stylesheet<'t>(j: &mut Judge<'_, 't>, bundle: Node<'t>, link: Node<'t>) {
    let Some(url) = link.child(NameId::URL).filter(|u| u.has_value()) else { return };
    let (index, text) = (j.entries(bundle), url.text());
    let from = bundle.child(NameId::ENTRY).unwrap_or(bundle);
    if !j.entries_named(&index, bundle, &text, from).is_empty() {
        return;
    }
    if is_absolute_uri(&text) {
        let how = if text.starts_with("https://") { "" } else { ", and its transport does not protect it" };
        j.find(RuleId::BUNDLE_LINK, Weight::Warning, url, &[], || {
            Detail::Text(format!("stylesheet `{text}` is outside of the document{how}"))
        });
    } else if !index.has_id(&text) {
        told(j, url, || format!("stylesheet `{text}` is not an entry of the document"));
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::BUNDLE_LINK, at, &[], || Detail::Text(text()));
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::BUNDLE_LINK, |t| t.given().into())];

/// A Bundle with links.
macro_rules! linking {
    ($type:literal, $links:literal) => {
        concat!(r#"{"resourceType":"Bundle","type":""#, $type, r#"","link":["#, $links, "]}")
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::BUNDLE_LINK, linking!("searchset", r#"{"relation":"self","url":"http://a.test/Patient?name=a"},
        {"relation":"§","url":"http://a.test/Patient?name=a&page=2"}"#), "self", "next"),
    example(RuleId::BUNDLE_LINK, linking!("§", r#"{"relation":"next","url":"http://a.test/Patient?page=2"}"#),
        "collection", "searchset"),
    example(RuleId::BUNDLE_LINK, r#"{"resourceType":"Bundle","type":"document",
        "identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
        "timestamp":"2024-01-01T00:00:00Z","link":[{"relation":"stylesheet","url":"Binary/§"}],
        "entry":[{"fullUrl":"http://a.test/Composition/c","resource":{"resourceType":"Composition","id":"c"}},
        {"fullUrl":"http://a.test/Binary/b","resource":{"resourceType":"Binary","id":"b","contentType":"text/css"}}]}"#,
        "c", "b"),
    example(RuleId::BUNDLE_LINK, r#"{"resourceType":"Bundle","type":"document",
        "identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
        "timestamp":"2024-01-01T00:00:00Z","link":[{"relation":"stylesheet","url":"http://§.test/Binary/b"}],
        "entry":[{"fullUrl":"http://a.test/Composition/c","resource":{"resourceType":"Composition","id":"c"}},
        {"fullUrl":"http://a.test/Binary/b","resource":{"resourceType":"Binary","id":"b","contentType":"text/css"}}]}"#,
        "b", "a"),
];
