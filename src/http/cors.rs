//! Which pages of other origins may read answers (<https://fetch.spec.whatwg.org/#http-cors-protocol>): by the
//! settings, for all addresses alike.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::trace::{REQUEST_ID, TRACE_PARENT, TRACE_STATE};

/// Any origin, in the settings.
const ANY: &str = "*";
/// How long a browser may keep what it was told, in seconds.
const MAX_AGE_SECONDS: usize = 3600;

/// The middleware that tells browsers so. Pages may send a token only where reading needs one; deleting is not for
/// them.
pub(super) fn cors(origins: &[String], reading_needs_token: bool) -> Cors {
    let mut cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::POST])
        .allowed_headers([header::ACCEPT, header::CONTENT_TYPE, REQUEST_ID, TRACE_PARENT, TRACE_STATE])
        .expose_headers([header::CONTENT_LOCATION, header::LOCATION, header::RETRY_AFTER, REQUEST_ID])
        .max_age(MAX_AGE_SECONDS);
    if reading_needs_token {
        cors = cors.allowed_header(header::AUTHORIZATION);
    }
    if origins.iter().any(|o| o == ANY) {
        return cors.allow_any_origin().send_wildcard();
    }
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
