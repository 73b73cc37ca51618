//! What is not let through, and the answer that says so.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use fhir_accord_capability::guard::Decision;
use serde_json::{Value, json};

use crate::http::FAULT_SYSTEM;
use crate::remote::upstream::Failure;
use crate::token::Refusal;

/// A request that is not let through, or an answer.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub status: StatusCode,
    /// A stable name of why.
    pub rule: &'static str,
    /// Sentences for people, the first reason first.
    texts: Vec<(&'static str, String)>,
    /// The validator's issues.
    issues: Vec<Value>,
    /// What `WWW-Authenticate` says.
    challenge: Option<String>,
}

/// The challenge of RFC 6750.
const REALM: &str = "Bearer realm=\"fhir\"";

impl Refused {
    /// Refused by the proxy itself.
    pub fn new(status: StatusCode, rule: &'static str, text: impl Into<String>) -> Refused {
        Refused { status, rule, texts: vec![(rule, text.into())], issues: Vec::new(), challenge: None }
    }

    /// 400: what cannot be forwarded as it was judged.
    pub fn malformed(rule: &'static str, text: impl Into<String>) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, rule, text)
    }

    /// 403
    pub fn forbidden(rule: &'static str, text: impl Into<String>) -> Refused {
        Refused::new(StatusCode::FORBIDDEN, rule, text)
    }

    /// 415
    pub fn media_type(rule: &'static str, text: impl Into<String>) -> Refused {
        Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, rule, text)
    }

    /// 503: too much is held, or judged, at once.
    pub fn busy() -> Refused {
        let text = "too much is being judged at once; try again";
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text)
    }

    /// 401 by RFC 6750; 503 where the token could not be verified now.
    pub fn token(refusal: Refusal) -> Refused {
        if refusal.is_passing() {
            return Refused::new(StatusCode::SERVICE_UNAVAILABLE, refusal.name(), refusal.text());
        }
        let challenge = match refusal {
            // <https://www.rfc-editor.org/rfc/rfc6750#section-3.1>: without a token nothing is said of an error.
            Refusal::Missing => REALM.to_owned(),
            Refusal::Header => format!("{REALM}, error=\"invalid_request\""),
            _ => format!("{REALM}, error=\"invalid_token\""),
        };
        let refused = Refused::new(StatusCode::UNAUTHORIZED, refusal.name(), refusal.text());
        Refused { challenge: Some(challenge), ..refused }
    }

    /// 403: refused by the gate.
    pub fn decided(decision: &Decision) -> Refused {
        let entries = decision.entries.iter().flat_map(|entry| &entry.why);
        let mut texts: Vec<_> = decision.why.iter().chain(entries).map(|why| (why.rule, why.text.clone())).collect();
        if texts.is_empty() {
            texts.push(("refused", "the request is refused".to_owned()));
        }
        let rule = texts.first().map_or("refused", |(rule, _)| *rule);
        let issues = decision.entries.iter().flat_map(|entry| &entry.issues).chain(&decision.issues);
        let challenge = rule.starts_with("scope").then(|| format!("{REALM}, error=\"insufficient_scope\""));
        Refused { status: StatusCode::FORBIDDEN, rule, issues: issues.cloned().collect(), texts, challenge }
    }

    /// 502 or 504: the upstream server did not do its part; 400 where the client did not.
    pub fn upstream(failure: Failure) -> Refused {
        let (status, text) = match failure {
            Failure::Down => (StatusCode::BAD_GATEWAY, "the FHIR server cannot be reached"),
            Failure::Cut => (StatusCode::BAD_GATEWAY, "the FHIR server broke off its answer"),
            Failure::Slow => (StatusCode::GATEWAY_TIMEOUT, "the FHIR server did not answer in time"),
            Failure::Client => (StatusCode::BAD_REQUEST, "the body broke off"),
        };
        Refused::new(status, failure_name(failure), text)
    }

    /// The same with another status.
    pub fn with_status(self, status: StatusCode) -> Refused {
        Refused { status, ..self }
    }

    /// The answer to what was done, and whose answer may not be shown: with the status that says that it was done, so
    /// that nobody does it again.
    pub fn withheld(&self, status: u16) -> HttpResponse {
        let done = ("answer-withheld", "the request was done, and its answer may not be shown".to_owned());
        let texts = std::iter::once(&done).chain(&self.texts);
        let issues: Vec<Value> = texts.map(|text| issue("warning", "suppressed", text)).collect();
        let status = match status {
            201 => StatusCode::CREATED,
            202 => StatusCode::ACCEPTED,
            _ => StatusCode::OK,
        };
        outcome(&mut HttpResponse::build(status), &issues)
    }

    /// The answer: an OperationOutcome.
    pub fn response(&self) -> HttpResponse {
        let code = match self.status.as_u16() {
            400 | 415 => "invalid",
            401 => "login",
            404 => "not-found",
            405 => "not-supported",
            412 => "conflict",
            413 => "too-long",
            502..=504 => "transient",
            _ => "forbidden",
        };
        let texts = self.texts.iter().map(|text| issue("error", code, text));
        let issues: Vec<Value> = texts.chain(self.issues.iter().cloned()).collect();
        let mut builder = HttpResponse::build(self.status);
        if let Some(challenge) = &self.challenge {
            builder.insert_header((WWW_AUTHENTICATE, challenge.as_str()));
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            builder.insert_header(("allow", "GET, HEAD, POST, PUT, PATCH, DELETE"));
        }
        outcome(&mut builder, &issues)
    }
}

/// An issue of an OperationOutcome: a rule, and a sentence for people.
fn issue(severity: &str, code: &str, (rule, text): &(&str, String)) -> Value {
    let details = json!({"coding": [{"system": FAULT_SYSTEM, "code": rule}], "text": text});
    json!({"severity": severity, "code": code, "details": details})
}

/// An answer with these issues.
fn outcome(builder: &mut HttpResponseBuilder, issues: &[Value]) -> HttpResponse {
    let outcome = json!({"resourceType": "OperationOutcome", "issue": issues});
    builder.insert_header((CACHE_CONTROL, "no-store"));
    builder.content_type("application/fhir+json; charset=utf-8").body(outcome.to_string())
}

/// The stable name of a failure.
pub(super) fn failure_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Down => "upstream-down",
        Failure::Slow => "upstream-slow",
        Failure::Cut => "upstream-cut",
        Failure::Client => "body-broken",
    }
}
