//! From a method and a path to an interaction (<https://hl7.org/fhir/R4/http.html>). What is no interaction is refused
//! by the name of what is wrong with it; nothing is decoded or mended, so that no server can read it otherwise.

use fhir_accord_profiles::model;

use super::access::{Method, Reason};
use super::limits::ADDRESS_BYTES;
use super::refusal::{beyond, refused};

/// The types that have compartments (<https://hl7.org/fhir/R4/compartmentdefinition.html>).
const COMPARTMENTS: [&str; 5] = ["Patient", "Encounter", "RelatedPerson", "Practitioner", "Device"];

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'u> {
    Capabilities,
    Read(&'u str, &'u str),
    Vread(&'u str, &'u str),
    HistoryInstance(&'u str, &'u str),
    HistoryType(&'u str),
    HistorySystem,
    SearchType(&'u str),
    SearchSystem,
    Create(&'u str),
    /// With the id, unless a query selects what is updated; so of the two that follow.
    Update(&'u str, Option<&'u str>),
    Patch(&'u str, Option<&'u str>),
    Delete(&'u str, Option<&'u str>),
    /// A batch or a transaction.
    Bundle,
    /// The type if any, and the name without `$`.
    Operation(Option<&'u str>, &'u str),
}

impl<'u> Route<'u> {
    /// The interaction's code; of a Bundle what it would be called as long as its type is not known.
    pub(super) fn code(self) -> &'static str {
        match self {
            Route::Capabilities => "capabilities",
            Route::Read(..) => "read",
            Route::Vread(..) => "vread",
            Route::HistoryInstance(..) => "history-instance",
            Route::HistoryType(_) => "history-type",
            Route::HistorySystem => "history-system",
            Route::SearchType(_) => "search-type",
            Route::SearchSystem => "search-system",
            Route::Create(_) => "create",
            Route::Update(..) => "update",
            Route::Patch(..) => "patch",
            Route::Delete(..) => "delete",
            Route::Bundle => "batch",
            Route::Operation(..) => "operation",
        }
    }

    /// The type that it is about; `None` at the system level.
    pub(super) fn resource_type(self) -> Option<&'u str> {
        match self {
            Route::Capabilities | Route::HistorySystem | Route::SearchSystem | Route::Bundle => None,
            Route::Read(name, _) | Route::Vread(name, _) | Route::HistoryInstance(name, _) => Some(name),
            Route::HistoryType(name) | Route::SearchType(name) | Route::Create(name) => Some(name),
            Route::Update(name, _) | Route::Patch(name, _) | Route::Delete(name, _) => Some(name),
            Route::Operation(name, _) => name,
        }
    }

    /// Whether it searches, so that its query is one of search parameters.
    pub(super) fn searches(self) -> bool {
        match self {
            Route::SearchType(_) | Route::SearchSystem => true,
            Route::Update(_, id) | Route::Patch(_, id) | Route::Delete(_, id) => id.is_none(),
            _ => false,
        }
    }
}

/// The path and the query of an address, the query without its `?`.
pub(super) fn split(url: &str) -> Result<(&str, Option<&str>), Reason> {
    if url.len() > ADDRESS_BYTES {
        return Err(beyond("the address has more bytes than are read", ADDRESS_BYTES));
    }
    if !url.bytes().all(|b| b.is_ascii_graphic()) || url.contains(['#', '\\']) {
        return Err(refused("address-malformed", "the address has a character that no FHIR address has"));
    }
    Ok(match url.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (url, None),
    })
}

/// The segments of a path, each of which can be one of FHIR's.
fn segments(path: &str) -> Result<Vec<&str>, Reason> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    if path.contains(':') || path.starts_with("//") {
        return Err(refused("address-absolute", "the address is absolute; it has to be relative to the server's base"));
    }
    if path.contains('%') {
        return Err(refused("address-encoded", "the path is percent-encoded, which no part of a FHIR path has to be"));
    }
    let all: Vec<&str> = path.split('/').collect();
    if all.iter().any(|s| s.is_empty()) {
        return Err(refused("address-empty", "the path has an empty segment"));
    }
    if all.iter().any(|s| s.bytes().all(|b| b == b'.')) {
        return Err(refused("address-dots", "the path has a segment of dots"));
    }
    let is_plain = |s: &&str| s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'$'));
    if !all.iter().all(|s| is_plain(s) || *s == "*") {
        return Err(refused("address-malformed", "the path has a character that no FHIR path has"));
    }
    Ok(all)
}

fn is_type(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether a text is an id (<https://hl7.org/fhir/R4/datatypes.html#id>), and no dots alone.
pub(super) fn is_id(text: &str) -> bool {
    model::is_id(text) && text.bytes().any(|b| b != b'.')
}

/// The name of an operation, from its segment.
fn operation(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('$')?;
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))).then_some(name)
}

/// What a method and a path below the base ask for; `has_query` where a `?` follows.
pub(super) fn route<'u>(method: Method, path: &'u str, has_query: bool) -> Result<Route<'u>, Reason> {
    let all = segments(path)?;
    let found = match method {
        Method::Get | Method::Head => reading(&all),
        Method::Post => posting(&all),
        Method::Put => writing(&all, has_query).map(|(name, id)| Route::Update(name, id)),
        Method::Patch => writing(&all, has_query).map(|(name, id)| Route::Patch(name, id)),
        Method::Delete => writing(&all, has_query).map(|(name, id)| Route::Delete(name, id)),
    };
    found.ok_or_else(|| refused("address-unknown", "the method and the path are no interaction of FHIR"))
}

fn reading<'u>(segments: &[&'u str]) -> Option<Route<'u>> {
    Some(match *segments {
        [] | ["_search"] => Route::SearchSystem,
        ["metadata"] => Route::Capabilities,
        ["_history"] => Route::HistorySystem,
        [t] | [t, "_search"] if is_type(t) => Route::SearchType(t),
        [t, "_history"] if is_type(t) => Route::HistoryType(t),
        [t, id] if is_type(t) && is_id(id) => Route::Read(t, id),
        [t, id, "_history"] if is_type(t) && is_id(id) => Route::HistoryInstance(t, id),
        [t, id, "_history", version] if is_type(t) && is_id(id) && is_id(version) => Route::Vread(t, id),
        _ => return compartment(segments).or_else(|| operating(segments)),
    })
}

fn posting<'u>(segments: &[&'u str]) -> Option<Route<'u>> {
    Some(match *segments {
        [] => Route::Bundle,
        ["_search"] => Route::SearchSystem,
        [t] if is_type(t) => Route::Create(t),
        [t, "_search"] if is_type(t) => Route::SearchType(t),
        [_, _, _, "_search"] => return compartment(segments),
        _ => return operating(segments),
    })
}

/// A search in a compartment (<https://hl7.org/fhir/R4/http.html#vsearch>); `*` stands for every type.
fn compartment<'u>(segments: &[&'u str]) -> Option<Route<'u>> {
    let ([owner, id, searched] | [owner, id, searched, "_search"]) = *segments else { return None };
    if !COMPARTMENTS.contains(&owner) || !is_id(id) {
        return None;
    }
    match searched {
        "*" => Some(Route::SearchSystem),
        t => is_type(t).then_some(Route::SearchType(t)),
    }
}

fn operating<'u>(segments: &[&'u str]) -> Option<Route<'u>> {
    match *segments {
        [name] => Some(Route::Operation(None, operation(name)?)),
        [t, name] if is_type(t) => Some(Route::Operation(Some(t), operation(name)?)),
        [t, id, name] if is_type(t) && is_id(id) => Some(Route::Operation(Some(t), operation(name)?)),
        [t, id, "_history", version, name] if is_type(t) && is_id(id) && is_id(version) => {
            Some(Route::Operation(Some(t), operation(name)?))
        }
        _ => None,
    }
}

/// The type and the id of what is written; a query stands for the id.
fn writing<'u>(segments: &[&'u str], has_query: bool) -> Option<(&'u str, Option<&'u str>)> {
    match *segments {
        [t, id] if is_type(t) && is_id(id) => Some((t, Some(id))),
        [t] if is_type(t) && has_query => Some((t, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(method: Method, path: &str) -> &'static str {
        route(method, path, true).map_or_else(|r| r.rule, Route::code)
    }

    #[test]
    fn every_interaction_has_its_form() {
        use Method::{Delete, Get, Head, Patch, Post, Put};
        let all = [
            (Get, "metadata", "capabilities"),
            (Get, "Patient/1", "read"),
            (Head, "Patient/1", "read"),
            (Get, "Patient/1/_history/2", "vread"),
            (Get, "Patient/1/_history", "history-instance"),
            (Get, "Patient/_history", "history-type"),
            (Get, "_history", "history-system"),
            (Get, "Patient", "search-type"),
            (Post, "Patient/_search", "search-type"),
            (Get, "Patient/1/Observation", "search-type"),
            (Post, "Patient/1/Observation/_search", "search-type"),
            (Get, "Patient/1/*", "search-system"),
            (Get, "", "search-system"),
            (Post, "_search", "search-system"),
            (Post, "Patient", "create"),
            (Put, "Patient/1", "update"),
            (Put, "Patient", "update"),
            (Patch, "Patient/1", "patch"),
            (Delete, "Patient/1", "delete"),
            (Delete, "Patient", "delete"),
            (Post, "", "batch"),
            (Post, "Patient/1/$everything", "operation"),
            (Get, "$versions", "operation"),
        ];
        for (method, path, wanted) in all {
            assert_eq!(code(method, path), wanted, "{method:?} {path}");
        }
    }

    #[test]
    fn what_is_no_interaction_is_refused_by_name() {
        use Method::{Delete, Get, Post, Put};
        let long = format!("Patient/{}", "1".repeat(65));
        let all = [
            (Get, "Patient/../Practitioner/1", "address-dots"),
            (Get, "Patient/..", "address-dots"),
            (Get, "./Patient", "address-dots"),
            (Get, "Patient/%2e%2e/x", "address-encoded"),
            (Get, "Patient%2F1", "address-encoded"),
            (Get, "Pa%74ient/1", "address-encoded"),
            (Get, "Patient//1", "address-empty"),
            (Get, "Patient/", "address-empty"),
            (Get, "/Patient", "address-empty"),
            (Get, "//evil.example/Patient/1", "address-absolute"),
            (Get, "http://evil.example/Patient/1", "address-absolute"),
            (Get, "urn:uuid:0", "address-absolute"),
            (Get, "Patient;x=1/1", "address-malformed"),
            (Get, "Patient/1/2", "address-unknown"),
            (Get, "patient/1", "address-unknown"),
            (Get, &long, "address-unknown"),
            (Get, "Observation/1/Patient", "address-unknown"),
            (Post, "Patient/1", "address-unknown"),
            (Put, "", "address-unknown"),
            (Delete, "Patient/1/_history", "address-unknown"),
            (Post, "$", "address-unknown"),
        ];
        for (method, path, wanted) in all {
            assert_eq!(code(method, path), wanted, "{method:?} {path}");
        }
        assert!(route(Method::Delete, "Patient", false).is_err());
        assert!(split(&"x".repeat(ADDRESS_BYTES + 1)).is_err_and(|r| r.rule == "guard-limit"));
        assert!(split("Patient/1#x").is_err_and(|r| r.rule == "address-malformed"));
        assert!(split("Patient/1\r\nX: y").is_err_and(|r| r.rule == "address-malformed"));
    }
}
