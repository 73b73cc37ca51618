//! Bodies that are read as a whole: FHIR, and JSON that matches its schema.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::Payload;
use fhir_accord_profiles::instance::{FaultKind, Limits, LineIndex, Names, Place, is_xml, parse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::work::{self, Size};
use super::{Fault, body, media, xml};
use crate::app::Complaint;
use crate::schema::{self, Schema};

/// Bound on the members and entries of a body that is read as a whole: each takes up to some hundred bytes of memory.
const MOST_PARTS: usize = 500_000;

/// A body that has passed its schema.
pub(super) struct Asked {
    pub(super) value: Value,
    /// True where the work on it runs apart from that on others.
    pub(super) is_large: bool,
}

/// The JSON body of a request, which has passed its schema. A large one is read apart from others.
///
/// # Errors
/// As [`check`] gives them; 406, 408, 413 or 415 where there is no such body.
pub(super) async fn read(
    service: &Service,
    req: &HttpRequest,
    payload: Payload,
    schema: Option<Schema>,
) -> Result<Asked, Fault> {
    media::json(req)?;
    media::check_body(req)?;
    take(service, req, payload, move |body, _| check(body, schema)).await
}

/// The FHIR resource that a body is, in JSON or XML, apart from others where it is large; null where there is no body.
///
/// # Errors
/// As [`check`] gives them without a schema; 408, 413 or 415 where there is no such body.
pub(super) async fn read_fhir(service: &Service, req: &HttpRequest, payload: Payload) -> Result<Asked, Fault> {
    media::check_fhir(req)?;
    let engine = service.engine();
    let read = move |body: &[u8], interrupt: &Interrupt| match body {
        [] => Ok(Value::Null),
        xml if is_xml(xml) => xml::read(&*engine, xml, MOST_PARTS, interrupt),
        json => check(json, None),
    };
    take(service, req, payload, read).await
}

async fn take(
    service: &Service,
    req: &HttpRequest,
    payload: Payload,
    check: impl FnOnce(&[u8], &Interrupt) -> Result<Value, Fault> + Send + 'static,
) -> Result<Asked, Fault> {
    let limits = &service.config.limits;
    let time = Duration::from_millis(limits.body_timeout_ms);
    let body = body::read(req, payload, limits.body_bytes, time, &service.budget).await?;
    let is_large = work::size(&body, limits.inline_bytes) > Size::Small;
    let value = if is_large {
        service.large.run(Client::asking(req), move |interrupt| check(&body, interrupt)).await??
    } else {
        work::guarded(|| check(&body, &Interrupt::default()))??
    };
    Ok(Asked { value, is_large })
}

/// The document of a body that has passed.
///
/// # Errors
/// 413 for too many members, 400 for what is no JSON or names a property twice, 422 with the faults of the schema and
/// their JSON pointers.
pub(super) fn check(body: &[u8], schema: Option<Schema>) -> Result<Value, Fault> {
    if work::parts(body) > MOST_PARTS {
        return Err(Fault::too_many(MOST_PARTS));
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|e| Fault::syntax(vec![Complaint::at("", format!("the body is not JSON: {e}"))]))?;
    let twice = duplicates(body);
    if !twice.is_empty() {
        return Err(Fault::syntax(twice));
    }
    let faults = schema.map(|s| schema::check(s, &value)).unwrap_or_default();
    if faults.is_empty() {
        return Ok(value);
    }
    Err(Fault::schema(faults.into_iter().map(|f| Complaint::at(f.pointer, f.text)).collect()))
}

/// The duplicate properties of an object: JSON leaves open which of them counts.
fn duplicates(body: &[u8]) -> Vec<Complaint> {
    let names = Names::new([]);
    let tape = parse(body, &names, &Limits::default());
    let lines = LineIndex::new(body);
    let twice = tape.faults().iter().filter(|f| f.kind == FaultKind::DuplicateKey);
    twice
        .map(|f| {
            let Place { line, column } = lines.place(f.span.start);
            let pointer = tape.node(f.node);
            Complaint::at(
                pointer_of(pointer),
                format!("duplicate property `{}` at line {line}, column {column}", f.found),
            )
        })
        .collect()
}

/// The JSON pointer of a node.
fn pointer_of(node: fhir_accord_profiles::instance::Node<'_>) -> String {
    let mut parts = Vec::new();
    let mut at = node;
    while let Some(parent) = at.parent() {
        if let Some(i) = at.ordinal() {
            parts.push(i.to_string());
        }
        parts.push(schema::escape(at.name_text()));
        at = parent;
    }
    parts.iter().rev().map(|p| format!("/{p}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(body: &[u8]) -> (u16, Vec<String>) {
        let fault = check(body, Some(Schema::SETTINGS)).unwrap_err();
        let issues = fault.outcome()["issue"].as_array().unwrap().clone();
        (
            fault.status().as_u16(),
            issues.iter().map(|i| i["extension"][0]["valueString"].as_str().unwrap_or("root").to_owned()).collect(),
        )
    }

    #[test]
    fn what_does_not_pass() {
        assert_eq!(complaints(b"{"), (400, vec!["root".to_owned()]));
        assert_eq!(complaints(b"\xff"), (400, vec!["root".to_owned()]));
        assert_eq!(complaints(&b"[".repeat(400_000)), (400, vec!["root".to_owned()]));
        assert_eq!(complaints(&b"[".repeat(1_000_000)), (413, vec!["root".to_owned()]));
        assert_eq!(complaints(br#"{"a": {"b": [{"c": 1, "c": 2}]}}"#).0, 400);
        assert_eq!(complaints(br#"{"listen": 1, "fetch": 2}"#), (422, vec!["/listen".to_owned(), "/fetch".to_owned()]));
        assert!(check(br#"{"fetch": true}"#, Some(Schema::SETTINGS)).is_ok());
    }

    #[test]
    fn duplicates_have_their_pointer() {
        let (status, pointers) = complaints(br#"{"log": {"json": true, "json": false}}"#);
        assert_eq!(status, 400);
        assert!(pointers[0].starts_with("/log"), "{pointers:?}");
    }
}
