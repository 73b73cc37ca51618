//! The definitions of the loaded packages, from the store: `GET /{Type}?url=` and `GET /{Type}/{id}`.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::query::pairs;
use super::service::{Catalogue, Service};
use super::{Fault, media, metadata, snapshots};
use crate::store::{Entry, StoreError};

/// How many entries a page has where the request does not say.
const PAGE: usize = 50;
/// How many entries a page has at most.
const PAGE_LIMIT: usize = 500;

/// A search, as its query string asks for it.
#[derive(Debug, Default)]
struct Search {
    /// (name, alternatives): all must hold.
    filters: Vec<(String, Vec<String>)>,
    count: usize,
    offset: usize,
    format: Option<String>,
    ignored: Vec<String>,
}

impl Search {
    fn parse(text: &str) -> Result<Search, Fault> {
        let mut search = Search { count: PAGE, ..Search::default() };
        let number = |name: &str, value: &str| {
            value.parse::<usize>().map_err(|_| Fault::invalid("query", format!("parameter `{name}` is not a number")))
        };
        for (name, value) in pairs(text)? {
            match name.as_str() {
                "url" | "version" | "_id" => search.filters.push((name, alternatives(&value))),
                "_count" => search.count = number("_count", &value)?.min(PAGE_LIMIT),
                "_offset" => search.offset = number("_offset", &value)?,
                "_format" => search.format = Some(value),
                "_pretty" => {}
                _ => search.ignored.push(name),
            }
        }
        Ok(search)
    }

    /// The definitions that could match, as far as the store's keys say.
    fn candidates(&self, service: &Service, resource_type: &str) -> Result<Vec<Entry>, StoreError> {
        let given = |name: &str| self.filters.iter().find(|(n, _)| n == name).map(|(_, v)| v);
        let mut out = Vec::new();
        if let Some(urls) = given("url") {
            for url in urls {
                let bare = url.split_once('|').map_or(url.as_str(), |(u, _)| u);
                out.append(&mut service.store.by_canonical(resource_type, bare)?);
            }
        } else if let Some(ids) = given("_id") {
            for id in ids {
                out.append(&mut service.store.by_id(resource_type, id)?);
            }
        } else {
            out = service.store.by_type(resource_type)?;
        }
        Ok(out)
    }

    fn matches(&self, entry: &Entry) -> bool {
        self.filters.iter().all(|(name, values)| {
            values.iter().any(|value| match name.as_str() {
                "url" => match value.split_once('|') {
                    Some((url, version)) => entry.url == url && entry.version == version,
                    None => entry.url == *value,
                },
                "version" => entry.version == *value,
                _ => entry.id == *value,
            })
        })
    }

    /// The query string of this search, from `offset` on.
    fn to_query(&self, offset: usize) -> String {
        let mut out: Vec<String> = self
            .filters
            .iter()
            .map(|(n, v)| format!("{n}={}", v.iter().map(|v| encode(v)).collect::<Vec<_>>().join(",")))
            .collect();
        out.push(format!("_count={}", self.count));
        if offset > 0 {
            out.push(format!("_offset={offset}"));
        }
        out.join("&")
    }
}

/// Values separated by commas; a comma behind a backslash belongs to its value.
fn alternatives(value: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, out.last_mut()) {
            (',', _) => out.push(String::new()),
            ('\\', Some(last)) => last.extend(chars.next()),
            (c, Some(last)) => last.push(c),
            _ => {}
        }
    }
    out
}

/// Percent-encodes what has a meaning of its own in a query string.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for b in value.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' => out.push(b as char),
            b',' => out.push_str("%5C%2C"),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Only loaded definitions, in the order in which the packages are looked through, the newest of a url first.
fn arrange(entries: Vec<Entry>, catalogue: &Catalogue) -> Vec<Entry> {
    let mut ranked: Vec<(usize, Entry)> =
        entries.into_iter().filter_map(|e| Some((catalogue.rank(&e.package)?, e))).collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().map(|(_, e)| e).collect()
}

/// The text of a definition; a StructureDefinition with its snapshot.
fn text(service: &Service, entry: &Entry) -> Result<Vec<u8>, Fault> {
    let stored = match service.store.text(&entry.package, &entry.file) {
        Ok(Some(text)) => text,
        Ok(None) | Err(StoreError::Record(_)) => snapshots::from_package(service, entry)?,
        Err(other) => return Err(other.into()),
    };
    snapshots::complete(service, entry, stored)
}

/// The text of `{Type}/{id}`, of the first package in the order of search that has it, or of the one that is named.
pub(super) fn read(
    service: &Service,
    catalogue: &Catalogue,
    resource_type: &str,
    id: &str,
    package: Option<&str>,
) -> Result<Option<Vec<u8>>, Fault> {
    let entries = arrange(service.store.by_id(resource_type, id)?, catalogue);
    let entry = entries.iter().find(|e| package.is_none_or(|p| p == e.package));
    entry.map(|e| text(service, e)).transpose()
}

fn check_kind(service: &Service, resource_type: &str) -> Result<(), Fault> {
    let name = metadata::known_type(service, resource_type)?;
    match metadata::DEFINITION_TYPES.contains(&&*name) {
        true => Ok(()),
        false => Err(Fault::not_found(format!(
            "no resources of the type `{name}` are kept here; definitions of packages are"
        ))),
    }
}

/// `GET /{Type}`
pub(super) async fn search(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    let resource_type = path.into_inner();
    check_kind(&service, &resource_type)?;
    let search = Search::parse(req.query_string())?;
    let content_type = media::answer(&req, search.format.as_deref())?;
    let strict = req
        .headers()
        .get("prefer")
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.replace(' ', "").contains("handling=strict"));
    if let (true, Some(name)) = (strict, search.ignored.first()) {
        return Err(Fault::invalid(
            "query",
            format!("parameter `{name}` is not supported; use url, version, _id, _count"),
        ));
    }
    let base = metadata::base_url(&service, &req);
    let catalogue = service.catalogue().await?;
    let shared = service.into_inner();
    let state = Arc::clone(&shared);
    let body = shared.pool.run(move || bundle(&state, &catalogue, &resource_type, &search, &base)).await??;
    Ok(HttpResponse::Ok().content_type(content_type).body(body))
}

/// The searchset Bundle; definitions keep their exact text in it.
fn bundle(
    service: &Service,
    catalogue: &Catalogue,
    resource_type: &str,
    search: &Search,
    base: &str,
) -> Result<Vec<u8>, Fault> {
    let mut found = arrange(search.candidates(service, resource_type)?, catalogue);
    found.retain(|e| search.matches(e));
    let mut links =
        vec![json!({"relation": "self", "url": format!("{base}/{resource_type}?{}", search.to_query(search.offset))})];
    let end = search.offset.saturating_add(search.count).min(found.len());
    if search.count > 0 && end < found.len() {
        links.push(json!({"relation": "next", "url": format!("{base}/{resource_type}?{}", search.to_query(end))}));
    }
    let head = json!({"resourceType": "Bundle", "type": "searchset", "total": found.len(), "link": links}).to_string();
    let mut entries: Vec<Vec<u8>> = Vec::new();
    for entry in found.get(search.offset..end).unwrap_or_default() {
        let mut out = json!({"fullUrl": full_url(base, entry)}).to_string().into_bytes();
        out.pop();
        out.extend_from_slice(b",\"resource\":");
        out.extend_from_slice(text(service, entry)?.trim_ascii());
        out.extend_from_slice(b",\"search\":{\"mode\":\"match\"}}");
        entries.push(out);
    }
    if !search.ignored.is_empty() {
        entries.push(ignored(&search.ignored).to_string().into_bytes());
    }
    let mut out = head.into_bytes();
    if !entries.is_empty() {
        out.pop();
        out.extend_from_slice(b",\"entry\":[");
        out.extend_from_slice(&entries.join(&b","[..]));
        out.extend_from_slice(b"]}");
    }
    Ok(out)
}

/// Where exactly this definition can be read: ids are unique only inside a package.
fn full_url(base: &str, entry: &Entry) -> String {
    let (package, version) = entry.package.split_once('#').unwrap_or((&entry.package, ""));
    format!("{base}/packages/{package}/{version}/{}/{}", entry.resource_type, entry.id)
}

/// The entry that says which parameters were ignored.
fn ignored(names: &[String]) -> Value {
    let text = format!("not supported and ignored: {}", names.join(", "));
    json!({
        "resource": {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "warning", "code": "not-supported", "details": {"text": text}}],
        },
        "search": {"mode": "outcome"},
    })
}

/// `GET /{Type}/{id}`
pub(super) async fn by_id(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (resource_type, id) = path.into_inner();
    one(service, req, resource_type, id, None).await
}

/// `GET /packages/{id}/{version}/{Type}/{id}`
pub(super) async fn by_package(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String, String, String)>,
) -> Result<HttpResponse, Fault> {
    let (package, version, resource_type, id) = path.into_inner();
    one(service, req, resource_type, id, Some(format!("{package}#{version}"))).await
}

async fn one(
    service: Data<Service>,
    req: HttpRequest,
    resource_type: String,
    id: String,
    package: Option<String>,
) -> Result<HttpResponse, Fault> {
    check_kind(&service, &resource_type)?;
    let search = Search::parse(req.query_string())?;
    let content_type = media::answer(&req, search.format.as_deref())?;
    let catalogue = service.catalogue().await?;
    let shared = service.into_inner();
    let state = Arc::clone(&shared);
    let name = format!("{resource_type}/{id}");
    let found = shared.pool.run(move || read(&state, &catalogue, &resource_type, &id, package.as_deref())).await??;
    let text = found.ok_or_else(|| Fault::not_found(format!("there is no `{name}` in the loaded packages")))?;
    Ok(HttpResponse::Ok().content_type(content_type).body(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_read_and_written() {
        let search =
            Search::parse("url=http%3A%2F%2Fx%2Fa%7C1,http://x/b&version=1&_count=9999&_offset=3&name=q").unwrap();
        assert_eq!(search.filters[0].1, ["http://x/a|1", "http://x/b"]);
        assert_eq!((search.count, search.offset), (PAGE_LIMIT, 3));
        assert_eq!(search.ignored, ["name"]);
        assert_eq!(search.to_query(0), "url=http://x/a%7C1,http://x/b&version=1&_count=500");
        assert_eq!(alternatives(r"a\,b,c"), ["a,b", "c"]);
        assert_eq!(Search::parse(&Search::parse("_id=a%5C%2Cb").unwrap().to_query(0)).unwrap().filters[0].1, ["a,b"]);
        assert!(Search::parse("_count=many").is_err());
    }
}
