//! Who may do what, by the tokens of the settings (<https://www.rfc-editor.org/rfc/rfc6750>).

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest};

use super::Fault;
use super::service::Service;
use crate::config::Token;

/// What is read without a token: what supervisors ask, and what every service of this version answers alike.
const OPEN: [&str; 4] = ["/", "/health/live", "/health/ready", "/openapi.json"];
/// The schemas that the OpenAPI document is made of.
const SCHEMAS: &str = "/schema/";
/// The files of the web page: it asks for the token that its own requests need.
const CONSOLE: &str = "/console/";

/// The token of a request; `None` where it names none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = given.split_once(' ').unwrap_or((given, ""));
    scheme.eq_ignore_ascii_case("bearer").then_some(text.trim())
}

/// Lets nobody in without the admin token; `what` is what it is for, as "uploads are".
pub(super) fn admin(service: &Service, req: &HttpRequest, what: &str) -> Result<(), Fault> {
    let Some(token) = &service.config.admin_token else {
        return Err(Fault::forbidden(format!(
            "{what} switched off; start the service with an admin token to switch it on"
        )));
    };
    match bearer(req.headers()) {
        Some(text) if token.is(text) => Ok(()),
        Some(text) if service.config.read_tokens.has(text) | may_write_parties(service, text) => {
            Err(Fault::insufficient())
        }
        Some(_) => Err(Fault::invalid_token()),
        None => Err(Fault::unauthorised()),
    }
}

/// Lets nobody in without the admin token or a read token, not even where reading is open; `what` is what it is for.
pub(super) fn known(service: &Service, req: &HttpRequest, what: &str) -> Result<(), Fault> {
    let (admin, readers) = (&service.config.admin_token, &service.config.read_tokens);
    if admin.is_none() && readers.is_empty() {
        return Err(Fault::forbidden(format!(
            "{what} switched off; start the service with an admin token or read tokens to switch it on"
        )));
    }
    let is_known = |text: &str| readers.has(text) | admin.as_ref().is_some_and(|token| token.is(text));
    if bearer(req.headers()).is_some_and(is_known) { Ok(()) } else { Err(Fault::unread()) }
}

/// Whether a request carries the admin token, where it may as well carry none.
///
/// # Errors
/// 401 where it carries a token that is none of the service's.
pub(super) fn is_admin(service: &Service, req: &HttpRequest) -> Result<bool, Fault> {
    let (admin, readers) = (&service.config.admin_token, &service.config.read_tokens);
    match bearer(req.headers()) {
        Some(text) if admin.as_ref().is_some_and(|token| token.is(text)) => Ok(true),
        Some(text) if may_write_parties(service, text) => Ok(false),
        Some(text) if !readers.has(text) && admin.is_some() => Err(Fault::invalid_token()),
        _ => Ok(false),
    }
}

/// Lets nobody in without the admin token or the party token.
pub(super) fn party_writer(service: &Service, req: &HttpRequest) -> Result<(), Fault> {
    if service.config.admin_token.is_none() && service.config.party_token.is_none() {
        return Err(Fault::forbidden(
            "writing parties is switched off; start the service with an admin token or a party token to switch it on",
        ));
    }
    match bearer(req.headers()) {
        Some(text) if may_write_parties(service, text) => Ok(()),
        Some(text) if service.config.read_tokens.has(text) => Err(Fault::insufficient()),
        Some(_) => Err(Fault::wrong_party_token()),
        None => Err(Fault::no_party_token()),
    }
}

fn may_write_parties(service: &Service, text: &str) -> bool {
    let is = |token: &Option<Token>| token.as_ref().is_some_and(|token| token.is(text));
    is(&service.config.admin_token) | is(&service.config.party_token)
}

/// Whether somebody may read who sends these headers.
fn may_read(service: &Service, headers: &HeaderMap) -> bool {
    let readers = &service.config.read_tokens;
    let is_known = |text: &str| readers.has(text) | may_write_parties(service, text);
    readers.is_empty() || bearer(headers).is_some_and(is_known)
}

/// Lets nobody read without a token where the settings have read tokens.
pub(super) async fn reading<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let path = req.path();
    let is_open = OPEN.contains(&path) || path.starts_with(SCHEMAS) || path.starts_with(CONSOLE);
    let may_pass = is_open || req.app_data::<Data<Service>>().is_some_and(|s| may_read(s, req.headers()));
    if !may_pass {
        return Ok(req.error_response(Fault::unread()).map_into_right_body());
    }
    Ok(next.call(req).await?.map_into_left_body())
}
