//! Headers on their way through (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6>).

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap as Asking, HeaderName as AskingName};
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};

/// Headers that are about one connection, and not about what goes through it.
const OF_CONNECTIONS: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-authenticate"),
    HeaderName::from_static("proxy-authorization"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Whether a client could tell the server by this header that it is somebody else: the proxy writes its own.
fn is_of_proxies(name: &HeaderName) -> bool {
    *name == FORWARDED || name.as_str().starts_with("x-forwarded-")
}

/// The headers of a request as they are passed on, without its length and host. What is judged is judged by these.
/// Where a proxy in front is trusted, what it says of the client stays.
pub(super) fn of_request(asking: &Asking, peer: Option<IpAddr>, trust_forwarded: bool) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(asking.len() + 3);
    for (name, value) in asking {
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_str().as_bytes()), value) {
            headers.append(name, value);
        }
    }
    let host = headers.get(HOST).cloned();
    strip(&mut headers);
    [HOST, CONTENT_LENGTH, EXPECT].iter().for_each(|name| drop(headers.remove(name)));
    if !trust_forwarded {
        let of_proxies: Vec<HeaderName> = headers.keys().filter(|name| is_of_proxies(name)).cloned().collect();
        of_proxies.iter().for_each(|name| drop(headers.remove(name)));
    }
    if let Some(peer) = peer.and_then(|p| HeaderValue::from_str(&p.to_canonical().to_string()).ok()) {
        headers.append("x-forwarded-for", peer);
    }
    if let Some(host) = host {
        headers.entry("x-forwarded-host").or_insert(host);
    }
    headers.entry("x-forwarded-proto").or_insert(HeaderValue::from_static("http"));
    headers
}

/// The headers of an answer as they are passed on, without its length.
pub(super) fn of_answer(mut headers: HeaderMap) -> impl Iterator<Item = (AskingName, Vec<u8>)> {
    strip(&mut headers);
    headers.remove(CONTENT_LENGTH);
    let mut last = None;
    headers.into_iter().filter_map(move |(name, value)| {
        last = name.or(last.take());
        let name = AskingName::from_bytes(last.as_ref()?.as_str().as_bytes()).ok()?;
        Some((name, value.as_bytes().to_vec()))
    })
}

/// Removes what is about a connection, and what `Connection` names.
fn strip(headers: &mut HeaderMap) {
    let named = headers.get_all(CONNECTION).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let named: Vec<HeaderName> = named.filter_map(|name| name.trim().parse().ok()).collect();
    named.iter().chain(&OF_CONNECTIONS).for_each(|name| drop(headers.remove(name)));
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
