//! The names in a query: search parameters, includes, parameters of the result. Values are looked at only where they
//! are names themselves (<https://hl7.org/fhir/R4/search.html>).

use percent_encoding::percent_decode_str;

use super::item::Item;
use super::limits::NAME_BYTES;
use super::types::known;

/// Parameters of the result and of its pages, those that are common among servers too. A name that starts with `-` is a
/// server's own.
const RESULT: [&str; 25] = [
    "_bundletype",
    "_contained",
    "_containedType",
    "_count",
    "_cursor",
    "_elements",
    "_format",
    "_getpages",
    "_getpagesoffset",
    "_graph",
    "_maxresults",
    "_offset",
    "_page",
    "_pageId",
    "_page_token",
    "_pretty",
    "_score",
    "_skip",
    "_sort",
    "_stateid",
    "_summary",
    "_total",
    "ct",
    "page",
    "sessionID",
];

/// What a query names.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// Search parameters without modifiers and chains.
    pub parameters: Vec<String>,
    /// Values of `_include` and `_revinclude`.
    pub includes: Vec<Item>,
    /// Parameters of the result.
    pub results: Vec<String>,
    /// How many parts name no parameter.
    pub nameless: u64,
    /// How many values of `_include` and `_revinclude` name nothing.
    pub include_faults: u64,
    /// True for a further page of a search.
    pub is_page: bool,
}

impl Query {
    /// Adds the parts of a query or form, which is percent-encoded.
    pub fn add_text(&mut self, text: &str) {
        for part in text.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((name, value)) => self.add(&decode(name), &decode(value)),
                None => self.nameless += 1,
            }
        }
    }

    /// Adds one part, decoded.
    pub fn add(&mut self, name: &str, value: &str) {
        let name = name.split([':', '.']).next().unwrap_or_default();
        match name {
            "_include" => self.add_include(value, Item::Include),
            "_revinclude" => self.add_include(value, Item::RevInclude),
            _ if RESULT.contains(&name) || name.strip_prefix('-').is_some_and(is_name) => {
                self.is_page |= name == "_getpages";
                self.results.push(name.to_owned());
            }
            _ if is_name(name) => self.parameters.push(name.to_owned()),
            _ => self.nameless += 1,
        }
    }

    /// Sorts the parameters, and leaves each once.
    pub fn sorted(mut self) -> Query {
        for names in [&mut self.parameters, &mut self.results] {
            names.sort_unstable();
            names.dedup();
        }
        self
    }

    fn add_include(&mut self, value: &str, item: fn(String) -> Item) {
        if is_include(value) {
            self.includes.push(item(value.to_owned()));
        } else {
            self.include_faults += 1;
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// True for what can be the name of a search parameter.
pub(super) fn is_name(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.len() <= NAME_BYTES && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `*`, `Type:*`, `Type:parameter`, `Type:parameter:Type`.
fn is_include(value: &str) -> bool {
    let mut parts = value.split(':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("*"), None, None, None) => true,
        (Some(source), Some(name), None, None) => known(source).is_some() && (name == "*" || is_name(name)),
        (Some(source), Some(name), Some(target), None) => {
            known(source).is_some() && is_name(name) && known(target).is_some()
        }
        _ => false,
    }
}
