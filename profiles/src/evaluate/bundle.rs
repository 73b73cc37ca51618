//! Bundles: their index by fullUrl and id, and the rules of their entries (https://hl7.org/fhir/R4/bundle.html).

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::finding::Detail;
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;

/// The bundles that the walk is inside of, outermost first.
#[derive(Clone, Default)]
pub struct Bundles<'t> {
    open: Vec<Rc<Index<'t>>>,
}

struct Index<'t> {
    bundle: Node<'t>,
    by_url: FxHashMap<String, Node<'t>>,
    /// `Type/id`, where a fullUrl ends with it or the entry has none.
    by_id: FxHashMap<String, Node<'t>>,
}

impl<'t> Bundles<'t> {
    /// Indexes a bundle's entries, once.
    pub fn open(&mut self, bundle: Node<'t>) {
        if self.open.iter().any(|i| i.bundle == bundle) {
            return;
        }
        let mut index = Index { bundle, by_url: FxHashMap::default(), by_id: FxHashMap::default() };
        for e in bundle.children_named(NameId::ENTRY) {
            let Some(resource) = e.child(NameId::RESOURCE) else { continue };
            if let Some(url) = e.child_text(NameId::FULL_URL) {
                index.by_url.entry(url.into_owned()).or_insert(resource);
            }
            let (Some(t), Some(id)) = (resource.child_text(NameId::RESOURCE_TYPE), resource.child_text(NameId::ID)) else { continue };
            index.by_id.entry(format!("{t}/{id}")).or_insert(resource);
        }
        self.open.push(Rc::new(index));
    }

    fn index(&self, from: Node<'t>) -> Option<&Rc<Index<'t>>> {
        self.open.iter().rev().find(|i| encloses(i.bundle, from))
    }

    /// The bundle that a place lies in.
    pub fn around(&self, from: Node<'t>) -> Option<Node<'t>> {
        self.index(from).map(|i| i.bundle)
    }

    /// The entry that a reference from this place names, by the rules of
    /// https://hl7.org/fhir/R4/bundle.html#references.
    pub fn resolve(&self, text: &str, from: Node<'t>) -> Option<Node<'t>> {
        let index = self.index(from)?;
        let plain = text.split("/_history/").next().unwrap_or(text);
        if let Some(n) = index.by_url.get(text).or_else(|| index.by_url.get(plain)) {
            return Some(*n);
        }
        if text.contains(':') {
            return None;
        }
        let base = self.base(index, from);
        if let Some(n) = base.and_then(|b| index.by_url.get(&format!("{b}{plain}"))) {
            return Some(*n);
        }
        index.by_id.get(plain).copied()
    }

    /// The base url of the entry around a place.
    fn base(&self, index: &Index<'t>, from: Node<'t>) -> Option<Cow<'t, str>> {
        let mut at = from;
        while let Some(parent) = at.parent() {
            if parent == index.bundle {
                let url = at.child_text(NameId::FULL_URL)?;
                let end = url.rfind('/').and_then(|i| url[..i].rfind('/'))?;
                return Some(Cow::Owned(url[..=end].to_owned()));
            }
            at = parent;
        }
        None
    }
}

fn encloses(bundle: Node<'_>, from: Node<'_>) -> bool {
    let span = bundle.span();
    span.contains(&from.span().start) || from == bundle
}

/// The types that a searchset's own link searches for; empty where it does not tell.
fn searched_types(bundle: Node<'_>) -> Vec<String> {
    let text = |n: Node<'_>, name: &str| n.children().find(|c| c.name_text() == name).map(|c| c.text().into_owned());
    let own = bundle.children().filter(|c| c.name_text() == "link").find(|l| text(*l, "relation").is_some_and(|r| r == "self"));
    let Some(url) = own.and_then(|l| text(l, "url")) else { return Vec::new() };
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let last = path.rsplit('/').next().unwrap_or(path);
    if path.contains('/') && last.starts_with(|c: char| c.is_ascii_uppercase()) && last.bytes().all(|b| b.is_ascii_alphabetic()) {
        return vec![last.to_owned()];
    }
    let types = query.split('&').find_map(|p| p.strip_prefix("_type="));
    types.map(|t| t.split(',').map(str::to_owned).collect()).unwrap_or_default()
}

impl<'t> Walk<'_, 't> {
    /// The rules of a bundle's entries.
    pub fn bundle(&mut self, bundle: Node<'t>) {
        let kind = bundle.child_text(NameId::TYPE).unwrap_or_default();
        let entries: Vec<Node<'t>> = bundle.children_named(NameId::ENTRY).collect();
        for e in &entries {
            let Some(url) = e.child(NameId::FULL_URL).filter(|u| u.has_value()).map(Node::text) else {
                // What a search says of itself has no address.
                let own = e.child(NameId::RESOURCE).and_then(|r| r.child_text(NameId::RESOURCE_TYPE)).is_some_and(|t| t != "OperationOutcome");
                if own && matches!(&*kind, "document" | "message" | "searchset" | "collection") {
                    self.error(RuleId::BUNDLE_FULL_URL, *e, &[], Detail::Text(String::new()));
                }
                continue;
            };
            if !url.contains(':') {
                self.error(RuleId::BUNDLE_FULL_URL, *e, &[], Detail::Text(url.into_owned()));
                continue;
            }
            self.full_url(*e, &url, &kind);
        }
        if kind == "document" {
            self.document(bundle, &entries);
        }
        if kind == "searchset" {
            self.search_results(bundle, &entries);
        }
    }

    /// What a search found has an id and the type that was searched for; only outcomes are OperationOutcomes
    /// (https://hl7.org/fhir/R4/bundle.html#searchset).
    fn search_results(&mut self, bundle: Node<'t>, entries: &[Node<'t>]) {
        let wanted = searched_types(bundle);
        for e in entries {
            let Some(resource) = e.child(NameId::RESOURCE) else { continue };
            let search = e.children().find(|c| c.name_text() == "search");
            let Some(mode) = search.and_then(|s| s.children().find(|c| c.name_text() == "mode")).map(Node::text) else { continue };
            let found = resource.child_text(NameId::RESOURCE_TYPE).unwrap_or_default();
            let fits = match &*mode {
                "outcome" => found == "OperationOutcome",
                "match" => resource.child(NameId::ID).is_some() && (wanted.is_empty() || wanted.iter().any(|w| *w == found)),
                _ => resource.child(NameId::ID).is_some(),
            };
            if !fits {
                self.error(RuleId::BUNDLE_ENTRY, resource, &[], Detail::Text(format!("{mode} {found}")));
            }
        }
    }

    /// A RESTful fullUrl ends with the type and id of its resource.
    fn full_url(&mut self, e: Node<'t>, url: &str, kind: &str) {
        let Some(resource) = e.child(NameId::RESOURCE) else { return };
        let Some(t) = resource.child_text(NameId::RESOURCE_TYPE) else { return };
        if !(url.starts_with("http://") || url.starts_with("https://")) || self.type_in(url).is_none() {
            return;
        }
        let url = url.split("/_history/").next().unwrap_or(url);
        let id = resource.child_text(NameId::ID);
        let fits = match &id {
            Some(id) => url.ends_with(&format!("/{t}/{id}")),
            None => matches!(kind, "transaction" | "batch"),
        };
        if !fits {
            self.error(RuleId::BUNDLE_FULL_URL, e, &[], Detail::Text(url.to_owned()));
        }
    }
}
