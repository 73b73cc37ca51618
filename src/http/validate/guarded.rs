//! `$validate?negotiation={id}`: may a request to a FHIR server go on, under a negotiation that is kept?

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::Severity;
use serde_json::{Value, json};

use super::task::Target;
use crate::capability::guard::{Access, Decision, Gate, Method, Negotiated, State, TokenContext, Verdict, finished};
use crate::guard;
use crate::http::body::{self, Body};
use crate::http::client::Client;
use crate::http::parameters::{self, Guarding};
use crate::http::query::Query;
use crate::http::service::{Held, Service};
use crate::http::{Fault, access, content_type, media, work};
use crate::render::{RULE_SYSTEM, VERDICT_SYSTEM};

/// Answers with the decision as an OperationOutcome; the status is 200 for a refusal, too.
pub(super) async fn serve(
    service: Arc<Service>,
    req: HttpRequest,
    payload: Payload,
    (query, target, id): (Query, Target, String),
) -> Result<HttpResponse, Fault> {
    access::known(&service, &req, "the guard is")?;
    media::answer(&req)?;
    media::check_body(&req)?;
    let limits = &service.config.limits;
    let time = Duration::from_millis(limits.body_timeout_ms);
    let body = body::read(&req, payload, limits.body_bytes, time, &service.budget).await?;
    let lane = match work::size(&body, limits.inline_bytes) {
        work::Size::Large => &service.bulk,
        _ => &service.pool,
    };
    let shared = Arc::clone(&service);
    let task = Task { query, target, id };
    let text = lane.run(Client::asking(&req), move |interrupt| task.run(&shared, &body, interrupt)).await??;
    Ok(HttpResponse::build(StatusCode::OK).content_type(content_type::FHIR_JSON).body(text))
}

/// One question, ready to run on any thread.
struct Task {
    query: Query,
    target: Target,
    id: String,
}

impl Task {
    fn run(&self, service: &Service, body: &Body, interrupt: &Interrupt) -> Result<String, Fault> {
        let negotiated = negotiated(service, &self.id)?;
        let mut policies = self.query.policies.apply(service.config.validation.clone());
        policies.work.interrupt = interrupt.clone();
        policies.level = self.query.level.unwrap_or(Severity::Warning);
        let intake = policies.intake();
        let decision =
            parameters::guarding(body, &intake, |call| self.decide(service, negotiated, policies, &call, interrupt));
        if interrupt.is_raised() {
            return Err(Fault::timeout(service.config.limits.work_timeout_ms));
        }
        let outcome = outcome(decision?);
        let text =
            if self.query.pretty { serde_json::to_string_pretty(&outcome) } else { serde_json::to_string(&outcome) };
        Ok(text.unwrap_or_default())
    }

    fn decide(
        &self,
        service: &Service,
        negotiated: Negotiated,
        policies: Policies,
        call: &Guarding<'_>,
        interrupt: &Interrupt,
    ) -> Result<Decision, Fault> {
        let unusable = |e: String| Fault::unprocessable("negotiation", e);
        let version = guard::fhir_version(&negotiated).map_err(unusable)?;
        let engine = service.engine();
        let app = engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?;
        let filter = service.config.filter.clone();
        let decider = guard::decider(negotiated, app, (policies, filter), &call.bases).map_err(unusable)?;
        let (token, access) = self.asked(call)?;
        let decision = decider.decide(&token, &access, interrupt);
        Ok(match call.answer {
            Some(answer) if decision.verdict == Verdict::JudgeAnswer => {
                decider.judge_answer(&token, &access, answer, interrupt)
            }
            _ => finished(decision),
        })
    }

    /// The request and the token that the Parameters name.
    fn asked<'c>(&self, call: &'c Guarding<'_>) -> Result<(TokenContext, Access<'c>), Fault> {
        let needs = |which: &str| Fault::invalid("parameters", format!("a guard needs the parameter `{which}`"));
        let scope = call.scope.clone().ok_or_else(|| needs("scope"))?;
        let method = call.method.as_deref().ok_or_else(|| needs("method"))?;
        let method = Method::parse(method).ok_or_else(|| {
            Fault::invalid("parameters", "parameter `method` is not GET, HEAD, POST, PUT, PATCH or DELETE")
        })?;
        let url = call.url.as_deref().ok_or_else(|| needs("url"))?;
        if method == Method::Post && url.split('?').next().is_some_and(|path| path.ends_with("_search")) {
            let text = "a search by POST has its parameters in a form, which is not sent here; ask for the same by GET";
            return Err(Fault::invalid("parameters", text));
        }
        if call.old_absent && call.old.is_some() {
            return Err(Fault::invalid("parameters", "parameters `old` and `oldAbsent` contradict each other"));
        }
        if call.patch.is_some() && (call.resource.is_some() || method != Method::Patch) {
            let text = "parameter `patch` is the body of a PATCH, and stands in the place of `resource`";
            return Err(Fault::invalid("parameters", text));
        }
        let mut path = url.split(['/', '?']);
        let (named, id) = (path.next(), path.next());
        if self.target.resource_type.as_deref().is_some_and(|t| named != Some(t))
            || self.target.id.as_deref().is_some_and(|own| id != Some(own))
        {
            return Err(Fault::invalid("type-mismatch", "the address and the parameter `url` differ in type or id"));
        }
        let old = match call.old {
            Some(old) => State::Resource(old),
            None if call.old_absent => State::Absent,
            None => State::NotRead,
        };
        let if_none_exist = call.if_none_exist.as_deref();
        let body = call.resource.or(call.patch.as_deref().map(str::as_bytes));
        let access = Access { method, url, if_none_exist, content_type: None, body, old };
        Ok((TokenContext { scope, patient: call.patient.clone() }, access))
    }
}

/// The negotiated set with an id, where it is kept.
fn negotiated(service: &Service, id: &str) -> Result<Negotiated, Fault> {
    let Some(text) = service.store.negotiation(id)? else {
        return Err(match service.held.find(id) {
            Held::Here(..) => Fault::negotiation_held(),
            Held::Expired => Fault::negotiation_expired(),
            Held::Unknown => Fault::negotiation_unknown(),
        });
    };
    let value: Value = serde_json::from_slice(&text).map_err(|_| Fault::internal("a kept negotiation is not JSON"))?;
    Negotiated::read(&value).map_err(|e| Fault::unprocessable("negotiation", e))
}

/// The issues of the validator, then the reasons, or what allows the request.
fn outcome(decision: Decision) -> Value {
    let about = about(&decision);
    let is_allowed = decision.verdict == Verdict::Allowed;
    let mut issues = decision.issues;
    issues.extend(decision.why.iter().map(|reason| {
        let coding = json!([{"system": RULE_SYSTEM, "code": reason.rule}]);
        json!({"severity": "error", "code": "forbidden", "details": {"coding": coding, "text": reason.text},
            "diagnostics": about})
    }));
    if is_allowed {
        issues.push(json!({"severity": "information", "code": "informational",
            "details": {"text": "allowed by the negotiation and the scopes"}, "diagnostics": about}));
    }
    let verdict = if is_allowed { "valid" } else { "invalid" };
    json!({"resourceType": "OperationOutcome", "meta": {"tag": [{"system": VERDICT_SYSTEM, "code": verdict}]},
        "issue": issues})
}

/// What a decision is about, in one line.
fn about(decision: &Decision) -> String {
    let parts = [
        ("interaction", decision.interaction),
        ("type", decision.resource_type.as_deref()),
        ("scope", decision.scope.as_deref()),
        ("profile", decision.profile.as_deref()),
    ];
    let told = parts.iter().filter_map(|(name, value)| value.map(|v| format!("{name} {v}")));
    let told = told.collect::<Vec<_>>().join("; ");
    if told.is_empty() { "no interaction".to_owned() } else { told }
}
