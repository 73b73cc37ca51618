//! What holds together in a document: relative references name entries by the rules of fullUrl, and every entry hangs
//! together with the Composition (https://hl7.org/fhir/R4/bundle.html#references, https://hl7.org/fhir/R4/documents.html#content).

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::finding::Detail;
use super::walk::Walk;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;

/// A reference inside an entry: the element, its text, the entry's number.
struct Link<'t> {
    holder: Node<'t>,
    text: Cow<'t, str>,
    entry: usize,
}

/// The entries of a document, by what may name them.
#[derive(Default)]
struct Entries<'t> {
    urls: Vec<Option<Cow<'t, str>>>,
    /// By fullUrl, and by fullUrl with the version after it.
    by_url: FxHashMap<String, Vec<usize>>,
    by_id: FxHashMap<String, usize>,
}

impl<'t> Entries<'t> {
    fn new(entries: &[Node<'t>]) -> Entries<'t> {
        let mut index = Entries::default();
        for (i, e) in entries.iter().enumerate() {
            let url = e.child_text(NameId::FULL_URL);
            let resource = e.child(NameId::RESOURCE);
            let meta = resource.and_then(|r| r.children().find(|c| c.name_text() == "meta"));
            let version = meta.and_then(|m| m.children().find(|c| c.name_text() == "versionId")).map(Node::text);
            if let Some(url) = &url {
                index.by_url.entry(url.to_string()).or_default().push(i);
                if let Some(v) = version {
                    index.by_url.entry(format!("{url}/_history/{v}")).or_default().push(i);
                }
            }
            if let (Some(t), Some(id)) = (resource.and_then(|r| r.child_text(NameId::RESOURCE_TYPE)), resource.and_then(|r| r.child_text(NameId::ID))) {
                index.by_id.entry(format!("{t}/{id}")).or_insert(i);
            }
            index.urls.push(url);
        }
        index
    }

    /// The entries that a reference names: its text, or for a relative one the base of its own entry before it.
    fn named(&self, text: &str, base: Option<&str>) -> &[usize] {
        if let Some(found) = self.by_url.get(text) {
            return found;
        }
        let relative = base.filter(|_| !text.contains(':'));
        relative.and_then(|b| self.by_url.get(&format!("{b}{text}"))).map_or(&[], Vec::as_slice)
    }
}

impl<'t> Walk<'_, 't> {
    /// The rules of a document as a whole.
    pub fn document(&mut self, bundle: Node<'t>, entries: &[Node<'t>]) {
        if entries.is_empty() {
            return;
        }
        let index = Entries::new(entries);
        let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
        for link in links(entries) {
            let base = index.urls[link.entry].as_deref().and_then(|url| self.base_of(url));
            let found = index.named(&link.text, base);
            let plain = link.text.split("/_history/").next().unwrap_or(&link.text);
            if found.len() > 1 {
                self.error(RuleId::REFERENCE_AMBIGUOUS, link.holder, &[], Detail::Text(link.text.to_string()));
            } else if found.is_empty() && !plain.contains(':') && index.by_id.contains_key(plain) {
                self.error(RuleId::REFERENCE_BUNDLE, link.holder, &[], Detail::Text(link.text.to_string()));
            }
            if let Some(&i) = found.first() {
                neighbours[link.entry].push(i);
                neighbours[i].push(link.entry);
            }
        }
        // What the bundle itself links to (a stylesheet) belongs to the document.
        for url in bundle.children().filter(|c| c.name_text() == "link").filter_map(|l| l.child_text(NameId::URL)) {
            neighbours[0].extend(index.named(&url, index.urls[0].as_deref().and_then(|own| self.base_of(own))).first());
        }
        // Entries of one fullUrl stand for each other: what names one names all.
        for same in index.by_url.values() {
            for pair in same.windows(2) {
                neighbours[pair[0]].push(pair[1]);
                neighbours[pair[1]].push(pair[0]);
            }
        }
        for (i, reached) in reached(&neighbours).into_iter().enumerate() {
            if !reached {
                self.error(RuleId::BUNDLE_UNREACHABLE, entries[i], &[], Detail::None);
            }
        }
    }

    /// What stands before `Type/id` in a RESTful url.
    fn base_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        self.type_in(url).filter(|_| url.starts_with("http://") || url.starts_with("https://"))?;
        let url = url.split("/_history/").next().unwrap_or(url);
        let end = url.rfind('/').and_then(|i| url[..i].rfind('/'))?;
        Some(&url[..=end])
    }
}

/// The references of all entries, in the order of the text; those into the own resource (`#`) left out.
fn links<'t>(entries: &[Node<'t>]) -> Vec<Link<'t>> {
    let mut out = Vec::new();
    for (entry, e) in entries.iter().enumerate() {
        let mut stack: Vec<Node<'t>> = e.child(NameId::RESOURCE).into_iter().collect();
        while let Some(n) = stack.pop() {
            if n.name() == NameId::REFERENCE
                && n.has_value()
                && let (text, Some(holder)) = (n.text(), n.parent())
                && !text.is_empty()
                && !text.starts_with('#')
            {
                out.push(Link { holder, text, entry });
            }
            let from = stack.len();
            stack.extend(n.children());
            stack[from..].reverse();
        }
    }
    out
}

/// Which entries hang together with the first.
fn reached(neighbours: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; neighbours.len()];
    let mut next = Vec::new();
    if let Some(first) = seen.first_mut() {
        *first = true;
        next.push(0);
    }
    while let Some(i) = next.pop() {
        for &j in &neighbours[i] {
            if !seen[j] {
                seen[j] = true;
                next.push(j);
            }
        }
    }
    seen
}
