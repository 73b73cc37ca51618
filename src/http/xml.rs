//! FHIR in XML: answers are put together as JSON, and written as XML where that is asked for; bodies in XML become
//! JSON.

use std::sync::Arc;

use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, VARY};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::instance::Limits;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::model::{Model, xml_to_json};
use fhir_accord_profiles::release::stated_version;
use fhir_accord_profiles::xml::{Unwritable, json_to_indented_xml, json_to_xml};
use serde_json::Value;

use super::Fault;
use super::client::Client;
use super::content_type::{FHIR_JSON, JSON};
use super::media::{self, Form};
use super::parameters::words;
use super::query::pairs;
use super::service::Service;
use super::work;
use crate::app::{Complaint, Engine};

/// Elements may nest as deep in answers as in what they answer, with Bundles and Parameters around it.
const DEPTH: usize = 300;

/// On one line, or indented.
type Write = fn(&[u8], &Model, &Limits) -> Result<String, Unwritable>;

/// Writes FHIR answers as XML, where the request asks for it.
pub async fn xml(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, Error> {
    let form = media::wanted(req.headers(), req.query_string());
    let response = next.call(req).await?;
    let of_type = |known: &str| response.headers().get(CONTENT_TYPE).is_some_and(|v| v.as_bytes() == known.as_bytes());
    let is_fhir = of_type(FHIR_JSON);
    let varies = is_fhir || of_type(JSON);
    let mut response = match form {
        Ok(Form::Xml(content_type)) if is_fhir => written(response, content_type).await?,
        _ => response.map_into_left_body(),
    };
    if varies {
        response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    }
    Ok(response)
}

/// An answer in JSON as one in XML.
async fn written<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    content_type: &'static str,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let req = response.request().clone();
    let Some(service) = req.app_data::<Data<Service>>().cloned() else { return Ok(response.map_into_left_body()) };
    let version = response.response().extensions().get::<FhirVersion>().copied();
    let is_indented = pairs(req.query_string()).unwrap_or_default().iter().any(|(n, v)| n == "_pretty" && v == "true");
    let write = if is_indented { json_to_indented_xml } else { json_to_xml };
    let response = response.map_body(|_, body| body.try_into_bytes());
    let json = match response.response().body() {
        Ok(bytes) => bytes.clone(),
        // What is a stream is no resource that the service has put together.
        Err(_) => return Ok(response.map_body(|_, body| either(body))),
    };
    // The engine of another version may have to be opened first.
    let is_served = version.is_none_or(|v| v == service.engine().loaded().set().fhir_version());
    let text = if is_served && json.len() <= service.config.limits.inline_bytes {
        work::guarded(|| convert(&*service.engine(), &json, version, Limits::default(), write)).flatten()
    } else {
        let shared = Arc::clone(&service);
        let work = move |interrupt: &Interrupt| {
            let limits = Limits { interrupt: interrupt.clone(), ..Limits::default() };
            let text = convert(&*shared.engine(), &json, version, limits, write);
            if interrupt.is_raised() { Err(Fault::timeout(shared.config.limits.work_timeout_ms)) } else { text }
        };
        service.bulk.run(Client::asking(&req), work).await.flatten()
    };
    let (mut response, text) = match text {
        Ok(text) => (response.map_body(|_, _| BoxBody::new(())), text),
        Err(fault) => {
            let outcome = fault.outcome().to_string();
            let text = convert(&*service.engine(), outcome.as_bytes(), None, Limits::default(), write);
            let refused = ServiceResponse::from_err(fault, req);
            (refused, text.unwrap_or_default())
        }
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response.map_body(|_, _| EitherBody::right(BoxBody::new(text))))
}

fn either<B: MessageBody + 'static>(body: Result<Bytes, B>) -> EitherBody<B, BoxBody> {
    match body {
        Ok(bytes) => EitherBody::right(BoxBody::new(bytes)),
        Err(body) => EitherBody::left(body),
    }
}

/// The types of a FHIR version, or of the one that is served.
fn with_model<T>(engine: &dyn Engine, version: Option<FhirVersion>, work: impl FnOnce(&Model) -> T) -> T {
    match version.and_then(|v| engine.of_version(v)) {
        Some(app) => work(app.set().model()),
        None => work(engine.evaluator().set().model()),
    }
}

fn convert(
    engine: &dyn Engine,
    json: &[u8],
    version: Option<FhirVersion>,
    limits: Limits,
    write: Write,
) -> Result<String, Fault> {
    let limits = Limits { depth: DEPTH, ..limits };
    with_model(engine, version, |model| write(json, model, &limits)).map_err(|e| {
        let why = match &e {
            Unwritable::Damaged(damage) => words(damage.fault.kind).to_owned(),
            other => other.to_string(),
        };
        Fault::not_acceptable(format!("this answer cannot be written as XML: {why}; ask for JSON"))
    })
}

/// The JSON of a resource in XML, by the types of the FHIR version that it states, else of the one that is served; of a
/// resource in Parameters alike.
///
/// # Errors
/// 400 where it cannot be read, 413 for too many elements.
pub(super) fn read(engine: &dyn Engine, body: &[u8], most_parts: usize, interrupt: &Interrupt) -> Result<Value, Fault> {
    // An element stands for a member of JSON.
    let elements = memchr::memchr_iter(b'<', body).filter(|at| body.get(at + 1) != Some(&b'/')).count();
    if elements > most_parts {
        return Err(Fault::too_many(most_parts));
    }
    let limits = Limits { interrupt: interrupt.clone(), ..Limits::default() };
    let of = |version| -> Result<Value, Fault> {
        let json = with_model(engine, version, |model| xml_to_json(body, model, &limits)).map_err(|e| {
            let text = format!(
                "the body cannot be read as FHIR XML: {} at line {}, column {}",
                words(e.fault.kind),
                e.place.line,
                e.place.column
            );
            Fault::syntax(vec![Complaint::new(text)])
        })?;
        serde_json::from_str(&json)
            .map_err(|e| Fault::syntax(vec![Complaint::new(format!("the body cannot be read: {e}"))]))
    };
    let served = engine.evaluator().set().fhir_version();
    let other = |resource: &Value| stated_version(resource).filter(|v| *v != served && engine.of_version(*v).is_some());
    let mut value = of(None)?;
    if let Some(version) = other(&value) {
        return of(Some(version));
    }
    // What is in Parameters is of its own version, too.
    let parameters = value.get_mut("parameter").and_then(Value::as_array_mut);
    let mut held: Vec<&mut Value> = parameters.into_iter().flatten().collect();
    for version in FhirVersion::ALL {
        let is_of = |p: &Value| p.get("resource").and_then(other) == Some(version);
        if !held.iter().any(|p| is_of(p)) {
            continue;
        }
        let mut again = of(Some(version))?;
        let again = again.get_mut("parameter").and_then(Value::as_array_mut);
        for (parameter, again) in held.iter_mut().zip(again.into_iter().flatten()) {
            if is_of(parameter) {
                std::mem::swap(*parameter, again);
            }
        }
    }
    Ok(value)
}
