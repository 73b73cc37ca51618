//! Which headers of a client are passed on: one that nobody knows here could change what the request does, or whose
//! data it is done to, and so could one that a server reads by another name.

use fhir_accord_capability::guard::is_of_version;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName};

use super::refused::Refused;

/// Headers by which some servers take another method than the one that was judged.
const OTHER_METHOD: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];
/// Headers with `X-` that name a request, and change nothing of what it does.
const HARMLESS: [&str; 5] =
    ["x-request-id", "x-correlation-id", "x-requested-with", "x-amzn-trace-id", "x-cloud-trace-context"];
/// How the names of others begin: those of traces, and those that the proxy has replaced by its own.
const HARMLESS_BEGINNINGS: [&str; 2] = ["x-b3-", "x-forwarded-"];
/// Headers that are about a write or about a part of an answer, beside `Content-…` and `If-…`.
const OF_ONE_REQUEST: [&str; 6] = ["range", "prefer", "digest", "repr-digest", "cache-control", "pragma"];

/// Whether a header names another method, also where a server takes `_` for `-`.
fn is_other_method(name: &str) -> bool {
    OTHER_METHOD.contains(&name.replace('_', "-").as_str())
}

/// The name of a header as it can be passed on, in small letters.
///
/// # Errors
/// A sentence that says why it cannot be.
pub(super) fn name(text: &str) -> Result<String, String> {
    let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| format!("`{text}` is no name of a header"))?;
    match name.as_str() {
        name if is_other_method(name) => Err(format!("`{name}` names another method, and is never passed on")),
        name if name.contains('_') => Err(format!("`{name}` has an underscore, and is never passed on")),
        name => Ok(name.to_owned()),
    }
}

/// Whether all headers of a request may be passed on, with more names that may be.
///
/// # Errors
/// 400 for the first that may not.
pub(super) fn check(headers: &HeaderMap, more: &[String]) -> Result<(), Refused> {
    headers.keys().try_for_each(|name| one(name.as_str(), more))
}

fn one(name: &str, more: &[String]) -> Result<(), Refused> {
    if is_other_method(name) {
        return Err(Refused::malformed("method-override", "a header that names another method is not accepted"));
    }
    if name.contains('_') {
        return Err(Refused::malformed("header-name", "a header with an underscore in its name is not accepted"));
    }
    let is_known = !name.starts_with("x-")
        || HARMLESS.contains(&name)
        || HARMLESS_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || more.iter().any(|own| own == name);
    match is_known {
        true => Ok(()),
        false => {
            let text = format!("the header `{name}` is not accepted, because it could change what the request does");
            Err(Refused::malformed("header-unknown", text))
        }
    }
}

/// Whether what is sent and asked for is of the negotiated FHIR version, as far as media types say it.
///
/// # Errors
/// 400 for another one: the server would read, or answer with, another resource than the one that is judged.
pub(super) fn of_version(headers: &HeaderMap, version: Option<&str>) -> Result<(), Refused> {
    for name in [ACCEPT, CONTENT_TYPE] {
        let is_fit = |value: &[u8]| is_of_version(&String::from_utf8_lossy(value), version.unwrap_or("?"));
        if !headers.get_all(&name).iter().all(|value| is_fit(value.as_bytes())) {
            let text = format!("the header `{name}` names another FHIR version than the negotiated one");
            return Err(Refused::malformed("fhir-version", text));
        }
    }
    Ok(())
}

/// The headers of a request for reading what it would change: the same, but for what is about the write itself.
pub(super) fn for_reading(headers: &HeaderMap) -> HeaderMap {
    let is_of_write = |n: &str| n.starts_with("content-") || n.starts_with("if-") || OF_ONE_REQUEST.contains(&n);
    let mut reading = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter().filter(|(name, _)| !is_of_write(name.as_str())) {
        reading.append(name.clone(), value.clone());
    }
    reading
}

#[cfg(test)]
#[path = "passed_tests.rs"]
mod tests;
