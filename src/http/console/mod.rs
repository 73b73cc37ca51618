//! The web page at `/`: what a browser is given is in the program, and asks this service alone.

mod files;

use actix_web::http::header::{self, EntityTag, Header as _, HeaderMap, IfNoneMatch};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

use super::Fault;
use files::{File, INDEX};

/// What the page may do (<https://www.w3.org/TR/CSP3/>): run its own scripts and styles, and ask its own origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' \
                      data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A browser asks each time whether what it has is still right: a program that is exchanged shows its own page at once.
const CACHING: &str = "no-cache";
/// The headers that all files have.
const HEADERS: [(header::HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, CACHING),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];
/// The media types of pages.
const PAGES: [&str; 3] = ["text/html", "application/xhtml+xml", "text/*"];

/// `GET /`, for whoever reads pages; others are told what they were told before there was one.
pub(super) async fn page(req: HttpRequest) -> Result<HttpResponse, Fault> {
    if !reads_pages(req.headers()) {
        return Err(Fault::not_found("nothing at this address; see GET /metadata and GET /openapi.json"));
    }
    let mut answer = given(&req, &INDEX);
    answer.headers_mut().append(header::VARY, header::HeaderValue::from_static("accept"));
    Ok(answer)
}

/// `GET /console/{file}`
pub(super) async fn file(req: HttpRequest, path: Path<String>) -> Result<HttpResponse, Fault> {
    let found = files::by_name(&path).ok_or_else(|| Fault::not_found("the web page has no file with this name"))?;
    Ok(given(&req, found))
}

/// Whether `Accept` names pages, or anything (`*/*`) without naming a form of data.
fn reads_pages(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT).filter_map(|v| v.to_str().ok());
    let ranges: Vec<String> = accepts
        .flat_map(|v| v.split(','))
        .filter_map(|range| range.split(';').next())
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let names_page = ranges.iter().any(|r| PAGES.contains(&r.as_str()));
    names_page || (!ranges.is_empty() && ranges.iter().all(|r| r == "*/*"))
}

/// A file, or 304 where the browser has it.
fn given(req: &HttpRequest, file: &File) -> HttpResponse {
    let tag = EntityTag::new_weak(file.tag());
    let is_held = match IfNoneMatch::parse(req) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|other| other.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut builder = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    for (name, value) in HEADERS {
        builder.insert_header((name, value));
    }
    builder.insert_header(header::ETag(tag));
    if is_held { builder.finish() } else { builder.content_type(file.media_type).body(file.text) }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
