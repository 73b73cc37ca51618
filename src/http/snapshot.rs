//! `POST /StructureDefinition/$snapshot`: a definition with the snapshot of its differential, or what is wrong with it
//! (<https://hl7.org/fhir/R4/structuredefinition-operation-snapshot.html>).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::registry::PackageGraph;
use fhir_accord_profiles::release::{release, stated_version};
use fhir_accord_profiles::snapshot::{DefinitionIssue, Generator, SnapshotError, put};
use serde_json::{Value, json};

use super::client::Client;
use super::query::pairs;
use super::service::Service;
use super::{FAULT_SYSTEM, Fault, json_body, media};

const STRUCTURE: &str = "StructureDefinition";

/// The definition whose snapshot is asked for.
#[derive(Debug)]
enum Asked {
    /// As it was sent.
    Definition(Value),
    /// One of the loaded packages, by its canonical.
    Url(String),
}

/// `POST /StructureDefinition/$snapshot`: the body is a StructureDefinition, or Parameters with `definition` or `url`.
pub(super) async fn snapshot(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut url = None;
    for (name, value) in pairs(req.query_string())? {
        match name.as_str() {
            "_format" => {}
            "url" => url = Some(value),
            _ => return Err(unknown(&name)),
        }
    }
    let content_type = media::answer(&req)?;
    let body = json_body::read_fhir(&service, &req, payload).await?.value;
    let asked = asked(body, url)?;
    let shared = Arc::clone(&service);
    let (status, answer) =
        service.pool.run(Client::asking(&req), move |interrupt| answer(&shared, asked, interrupt)).await??;
    Ok(HttpResponse::build(status).content_type(content_type).body(answer.to_string()))
}

fn unknown(name: &str) -> Fault {
    Fault::invalid("parameters", format!("unknown parameter `{name}`; known are definition and url"))
}

/// What body and address together ask for.
fn asked(body: Value, url: Option<String>) -> Result<Asked, Fault> {
    let mut all: Vec<Asked> = url.map(Asked::Url).into_iter().collect();
    match body.get("resourceType").and_then(Value::as_str) {
        None if body.is_null() => {}
        Some(STRUCTURE) => all.push(Asked::Definition(body)),
        Some("Parameters") => {
            for parameter in body.get("parameter").and_then(Value::as_array).into_iter().flatten() {
                let value = ["valueUri", "valueString", "valueCanonical", "valueUrl"];
                let value = value.iter().find_map(|key| parameter.get(key)?.as_str());
                match (parameter.get("name").and_then(Value::as_str), parameter.get("resource"), value) {
                    (Some("definition"), Some(definition), _) => all.push(Asked::Definition(definition.clone())),
                    (Some("url"), _, Some(url)) => all.push(Asked::Url(url.to_owned())),
                    (Some(name @ ("definition" | "url")), ..) => {
                        return Err(Fault::invalid("parameters", format!("parameter `{name}` has no value")));
                    }
                    (name, ..) => return Err(unknown(name.unwrap_or_default())),
                }
            }
        }
        _ => return Err(Fault::invalid("body", "the body is neither Parameters nor a StructureDefinition")),
    }
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(Fault::invalid("parameters", "send one StructureDefinition, or one url")),
    }
}

/// The definition with its snapshot: as it is; in Parameters beside what is wrong, where that changes nothing; with 422
/// only what is wrong, where the snapshot does not say what the differential means.
fn answer(service: &Service, asked: Asked, interrupt: &Interrupt) -> Result<(StatusCode, Value), Fault> {
    let engine = service.engine();
    let stated = match &asked {
        Asked::Definition(definition) => stated_version(definition),
        Asked::Url(_) => None,
    };
    let graph = match stated {
        Some(version) => engine.of_version(version).ok_or_else(|| Fault::version_not_loaded(version))?.graph().ok(),
        None => engine.graph(),
    };
    let graph = graph.ok_or_else(|| Fault::internal("the packages could not be read; see the log"))?;
    let mut definition = found(graph, asked)?;
    if let Some(version) = stated {
        release(version).normalise(&mut definition);
    }
    let url = definition.get("url").and_then(Value::as_str).unwrap_or_default();
    let asking = graph.versions(url).next().map(|found| found.package);
    let source = (graph, asking);
    let made = Generator::new(&source).under(interrupt).generate(&definition).map_err(|e| match e {
        SnapshotError::BrokenOff => Fault::timeout(service.config.limits.work_timeout_ms),
        other => Fault::unprocessable("snapshot", other.to_string()),
    })?;
    put(&mut definition, made.elements);
    if made.issues.is_empty() {
        return Ok((StatusCode::OK, definition));
    }
    let outcome = outcome(&made.issues, &definition);
    if made.issues.iter().all(|i| i.problem.is_harmless()) {
        let parameters = json!([{"name": "return", "resource": definition}, {"name": "outcome", "resource": outcome}]);
        return Ok((StatusCode::OK, json!({"resourceType": "Parameters", "parameter": parameters})));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, outcome))
}

fn found(graph: &PackageGraph, asked: Asked) -> Result<Value, Fault> {
    match asked {
        Asked::Definition(definition) => Ok(definition),
        Asked::Url(url) => {
            let found = graph.resolve(&Canonical::parse(&url), None, &[STRUCTURE]);
            let found =
                found.ok_or_else(|| Fault::unknown_profile(format!("`{url}` is not in the loaded packages")))?;
            Ok(Value::clone(found.definition.value()))
        }
    }
}

/// What is wrong with a differential, each with the element's id, or its path where it has none.
fn outcome(issues: &[DefinitionIssue], definition: &Value) -> Value {
    let elements = definition.pointer("/differential/element").and_then(Value::as_array).map_or(&[][..], |e| e);
    let issue = |i: &DefinitionIssue| {
        let has_id = elements.iter().any(|e| e.get("id").and_then(Value::as_str) == Some(&i.element));
        let (key, name) = (if has_id { "id" } else { "path" }, i.element.replace(['\'', '\\'], ""));
        json!({
            "severity": if i.problem.is_harmless() { "warning" } else { "error" },
            "code": "invariant",
            "details": {
                "coding": [{"system": FAULT_SYSTEM, "code": i.problem.rule().to_string()}],
                "text": format!("at `{}`: {}", i.element, i.message),
            },
            "expression": [format!("StructureDefinition.differential.element.where({key} = '{name}')")],
        })
    };
    json!({"resourceType": "OperationOutcome", "issue": issues.iter().map(issue).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_definition_is_asked_for() {
        let definition = json!({"resourceType": STRUCTURE});
        assert!(matches!(asked(definition.clone(), None), Ok(Asked::Definition(_))));
        assert!(matches!(asked(Value::Null, Some("http://x.example".into())), Ok(Asked::Url(_))));
        let parameters = |all: Value| json!({"resourceType": "Parameters", "parameter": all});
        let of = |all: Value| asked(parameters(all), None);
        assert!(matches!(of(json!([{"name": "definition", "resource": definition}])), Ok(Asked::Definition(_))));
        assert!(matches!(of(json!([{"name": "url", "valueString": "http://x.example"}])), Ok(Asked::Url(_))));
        for wrong in [json!([]), json!([{"name": "url"}]), json!([{"name": "other", "valueString": "x"}]), json!([{}])]
        {
            assert!(of(wrong.clone()).is_err(), "{wrong}");
        }
        assert!(asked(definition, Some("http://x.example".into())).is_err());
        assert!(asked(json!({"resourceType": "Patient"}), None).is_err());
    }
}
