//! `$validate` at system, type and instance level (<https://hl7.org/fhir/R4/resource-operation-validate.html>).

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::instance::{LineIndex, Place};
use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Tally, Verdict};
use serde_json::{Value, json};

use super::body::Body;
use super::fault::FAULT_SYSTEM;
use super::mode::Mode;
use super::parameters::{self, Head, Reading};
use super::query::Query;
use super::service::{Catalogue, Service};
use super::{Fault, body, definitions, media, metadata, work};
use crate::app::{AppError, Request};
use crate::render::operation_outcome;

/// What the address names.
#[derive(Clone, Debug, Default)]
struct Target {
    resource_type: Option<String>,
    id: Option<String>,
}

/// `POST /$validate`
pub(super) async fn system(service: Data<Service>, req: HttpRequest, payload: Payload) -> Result<HttpResponse, Fault> {
    serve(service.into_inner(), req, payload, Target::default()).await
}

/// `POST /{Type}/$validate`
pub(super) async fn of_type(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let resource_type = metadata::known_type(&service, &path)?;
    serve(service.into_inner(), req, payload, Target { resource_type: Some(resource_type), id: None }).await
}

/// `POST /{Type}/{id}/$validate`
pub(super) async fn of_instance(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let (resource_type, id) = path.into_inner();
    let resource_type = metadata::known_type(&service, &resource_type)?;
    serve(service.into_inner(), req, payload, Target { resource_type: Some(resource_type), id: Some(id) }).await
}

async fn serve(
    service: Arc<Service>,
    req: HttpRequest,
    payload: Payload,
    target: Target,
) -> Result<HttpResponse, Fault> {
    let query = Query::parse(req.query_string())?;
    let content_type = media::answer(&req, query.format.as_deref())?;
    media::check_instance(&req)?;
    let limits = &service.config.limits;
    let body =
        body::read(&req, payload, limits.body_bytes, Duration::from_millis(limits.body_timeout_ms), &service.budget)
            .await?;
    let stored = target.id.is_some() && (body.is_empty() || parameters::may_be(&body));
    let catalogue = if stored { Some(service.catalogue().await?) } else { None };
    let task = Task { query, target, catalogue };
    let answer = if body.len() <= limits.inline_bytes && !stored {
        work::guarded(|| task.run(&service, &body))??
    } else {
        let shared = Arc::clone(&service);
        service.pool.run(move || task.run(&shared, &body)).await??
    };
    let (status, text) = answer;
    Ok(HttpResponse::build(status).content_type(content_type).body(text))
}

/// One validation, ready to run on any thread.
struct Task {
    query: Query,
    target: Target,
    /// Where the resource itself might be asked for from the store.
    catalogue: Option<Arc<Catalogue>>,
}

impl Task {
    /// The OperationOutcome, as text, and its status: 413 where a limit of intake kept the resource from being
    /// examined.
    fn run(self, service: &Service, body: &Body) -> Result<(StatusCode, String), Fault> {
        let mut call = match parameters::read(body)? {
            Reading::Raw => parameters::Call {
                resource: (!body.is_empty() || self.target.id.is_none()).then_some(0..body.len()),
                ..Default::default()
            },
            Reading::Call(call) => call,
        };
        let mode = match (call.mode.take(), self.query.mode) {
            (Some(a), Some(b)) if a != b => {
                return Err(Fault::invalid("mode", "the mode in the address and the one in the body differ; give one"));
            }
            (a, b) => a.or(b),
        };
        let mut profiles = self.query.profiles.clone();
        profiles.append(&mut call.profiles);
        if mode == Some(Mode::Profile) && profiles.is_empty() {
            return Err(Fault::invalid("mode", "the mode `profile` needs a profile; send the parameter `profile`"));
        }
        if mode == Some(Mode::Delete) {
            return Ok((StatusCode::OK, self.print(deletion())));
        }
        let kept;
        let (text, range) = match call.resource {
            Some(range) => (&body[..], range),
            None => {
                kept = self.kept(service)?;
                let all = 0..kept.len();
                (&kept[..], all)
            }
        };
        self.validate(service, text, range, profiles, mode)
    }

    /// The resource that the address names, from the store.
    fn kept(&self, service: &Service) -> Result<Vec<u8>, Fault> {
        let (Target { resource_type: Some(resource_type), id: Some(id) }, Some(catalogue)) =
            (&self.target, &self.catalogue)
        else {
            return Err(Fault::invalid("no-resource", "nothing to validate; send the parameter `resource`"));
        };
        let found = definitions::read(service, catalogue, resource_type, id, None)?;
        found.ok_or_else(|| {
            Fault::not_found(format!("`{resource_type}/{id}` is not stored here; send the parameter `resource`"))
        })
    }

    fn validate(
        &self,
        service: &Service,
        text: &[u8],
        range: Range<usize>,
        profiles: Vec<String>,
        mode: Option<Mode>,
    ) -> Result<(StatusCode, String), Fault> {
        let instance = text.get(range.clone()).unwrap_or_default();
        let head = if self.target.resource_type.is_some() || mode == Some(Mode::Update) {
            parameters::head(instance)
        } else {
            Head::default()
        };
        self.check_target(&head)?;
        let request = Request { profiles, policies: self.policies(&service.config.validation), now: None };
        let mut report = service.engine().validate(instance, &request).map_err(|e| match e {
            AppError::Profile(text) => Fault::unknown_profile(text),
            other => {
                tracing::error!(error = %other, "validation could not run");
                Fault::internal("validation could not run; the log of the service says why")
            }
        })?;
        if mode == Some(Mode::Update) && head.resource_type.is_some() && head.id.is_none() {
            demand_id(&mut report, &head);
        }
        if range.start > 0 {
            shift(&mut report, text, range.start);
        }
        let mut outcome = operation_outcome(&report, None);
        if mode == Some(Mode::Update) && self.target.id.is_none() {
            note(
                &mut outcome,
                "the mode `update` belongs at the address of an instance; only what does not need the address \
                 was checked",
            );
        }
        let status = if report.stopped.is_some() { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::OK };
        Ok((status, self.print(outcome)))
    }

    /// What is in force: the settings of the service, changed by the address.
    fn policies(&self, settings: &Policies) -> Policies {
        let policies = self.query.policies.apply(settings.clone());
        Policies { level: self.query.level.unwrap_or(Severity::Information), ..policies }
    }

    /// The body must be what the address says it is.
    fn check_target(&self, head: &Head) -> Result<(), Fault> {
        if let (Some(wanted), Some(found)) = (&self.target.resource_type, &head.resource_type)
            && wanted != found
        {
            return Err(Fault::invalid(
                "type-mismatch",
                format!("the resource type in the address is `{wanted}`, the one in the body `{found}`"),
            ));
        }
        if let (Some(wanted), Some(found)) = (&self.target.id, &head.id)
            && wanted != found
        {
            return Err(Fault::invalid("id-mismatch", "the id in the address and the id in the body differ"));
        }
        Ok(())
    }

    fn print(&self, outcome: Value) -> String {
        if self.query.pretty { serde_json::to_string_pretty(&outcome).unwrap_or_default() } else { outcome.to_string() }
    }
}

/// Nothing is kept that could be deleted.
fn deletion() -> Value {
    let mut outcome = operation_outcome(
        &Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted: 0, issues: Vec::new() },
        None,
    );
    note(&mut outcome, "this service stores no resources, so that nothing prevents the deletion");
    outcome
}

/// Adds a remark on the request to an outcome.
fn note(outcome: &mut Value, text: &str) {
    let issue = json!({
        "severity": "information",
        "code": "informational",
        "details": {"coding": [{"system": FAULT_SYSTEM, "code": "mode"}], "text": text},
    });
    if let Some(issues) = outcome.get_mut("issue").and_then(Value::as_array_mut) {
        issues.push(issue);
    }
}

/// An update names its resource (<https://hl7.org/fhir/R4/http.html#update>).
fn demand_id(report: &mut Report, head: &Head) {
    report.verdict = Verdict::Invalid;
    let issue = Issue {
        rule: RuleId::ELEMENT_MIN,
        severity: Severity::Error,
        open: false,
        code: "required",
        expression: head.resource_type.clone().unwrap_or_default(),
        span: head.span.clone(),
        place: head.place,
        text: "a resource in an update must have an `id`".to_owned(),
        help: Some("add `id`".to_owned()),
        profiles: Vec::new(),
        element: None,
        constraint: None,
        evidence: Vec::new(),
    };
    report.tally.errors += 1;
    report.issues.insert(0, issue);
}

/// Turns places inside the resource into places inside the body.
fn shift(report: &mut Report, body: &[u8], start: usize) {
    let Place { line, column } = LineIndex::new(body).place(start as u32);
    for issue in &mut report.issues {
        if issue.place.line == 1 {
            issue.place.column = issue.place.column.saturating_add(column - 1);
        }
        issue.place.line = issue.place.line.saturating_add(line - 1);
        issue.span = issue.span.start.saturating_add(start as u32)..issue.span.end.saturating_add(start as u32);
    }
}
