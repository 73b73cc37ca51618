//! A loaded package as JSON.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::app::{Complaint, DefinitionFault};
use crate::http::service::{FAULTS, Loaded};
use crate::http::{Fault, content_type};

/// How many faults of each package are told in a list of packages.
pub(super) const FAULTS_IN_LIST: usize = 10;

/// A JSON document as an answer.
pub(super) fn answer(value: &Value) -> HttpResponse {
    HttpResponse::Ok().content_type(content_type::JSON).body(value.to_string())
}

/// 404: no package of this name, `id` or `id#version`.
pub(super) fn not_loaded(name: &str) -> Fault {
    Fault::not_found(format!("the package `{name}` is not loaded; GET /packages lists those that are"))
}

/// All that is told of a package, of the faults of its definitions the first ones.
pub(super) fn whole(package: &Loaded) -> Value {
    told(package, FAULTS)
}

/// A package as one of many.
pub(super) fn brief(package: &Loaded) -> Value {
    told(package, FAULTS_IN_LIST)
}

fn told(package: &Loaded, faults: usize) -> Value {
    json!({
        "id": package.id,
        "version": package.version,
        "fhirVersion": package.fhir_version,
        "sha256": package.sha256,
        "dependencies": package.dependencies,
        "absent": package.absent,
        "uploaded": package.uploaded,
        "issueCount": package.faults.count,
        "issues": package.faults.listed.iter().take(faults).map(issue).collect::<Vec<_>>(),
    })
}

fn issue(fault: &DefinitionFault) -> Value {
    json!({
        "severity": if fault.is_overruled { "warning" } else { "error" },
        "rule": fault.rule,
        "definition": fault.definition,
        "element": fault.element,
        "text": fault.text,
    })
}

/// A fault as an issue of an OperationOutcome.
pub(super) fn complaint(fault: &DefinitionFault) -> Complaint {
    let text = match fault.element.as_str() {
        "" => format!("`{}`: {}", fault.definition, fault.text),
        element => format!("`{}` at `{element}`: {}", fault.definition, fault.text),
    };
    let element = Some(fault.element.clone()).filter(|element| !element.is_empty());
    Complaint { rule: Some(fault.rule), element, ..Complaint::new(text) }
}
