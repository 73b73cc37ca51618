//! What all addresses have in common, put into the document: the forms of FHIR, headers, and faults.

use serde_json::{Map, Value, json};

/// Where supervisors and browsers ask: what is not FHIR, and always there.
const PLAIN: [&str; 6] = ["/health", "/metrics", "/openapi.json", "/schema", "/rules", "/console"];
/// The faults of any request, of one that has a body, and of one that waits for others.
const OF_ANY: [&str; 3] = ["400", "408", "431"];
const OF_BODIES: [&str; 3] = ["413", "415", "422"];
const OF_WORK: [&str; 3] = ["406", "500", "503"];
/// What is never indented.
const COMPACT: [&str; 3] = ["/$snapshot", "/$fhirpath", "/$versions"];
/// The other names of the forms of FHIR.
const JSON: &str = "application/fhir+json";
const XML: [&str; 3] = ["application/fhir+xml", "application/xml", "text/xml"];

/// Adds to a document what its frame leaves out.
pub(super) fn complete(document: &mut Value) {
    in_all_forms(document);
    if let Some(Value::Object(components)) = document.pointer_mut("/components") {
        components.insert("headers".to_owned(), headers());
        if let Some(Value::Object(parameters)) = components.get_mut("parameters") {
            parameters.extend(parameters_of_all());
        }
        if let Some(Value::Object(responses)) = components.get_mut("responses") {
            responses.values_mut().for_each(told_in_headers);
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for (path, item) in paths {
            let operations = item.as_object_mut().into_iter().flatten();
            for (_, operation) in
                operations.filter(|(name, _)| matches!(name.as_str(), "get" | "put" | "post" | "delete"))
            {
                of_operation(path, operation);
            }
        }
    }
}

/// Wherever FHIR is in JSON, it is in XML too, and under the names that are not FHIR's own.
fn in_all_forms(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(in_all_forms);
            if let Some(Value::Object(content)) = members.get_mut("content")
                && let Some(json) = content.get(JSON).cloned()
            {
                content.entry("application/json").or_insert(json);
                for name in XML {
                    content.entry(name).or_insert(json!({"schema": {"type": "string"}}));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_all_forms),
        _ => {}
    }
}

fn header(name: &str, text: &str) -> Value {
    json!({"name": name, "in": "header", "schema": {"type": "string"}, "description": text})
}

fn parameters_of_all() -> Map<String, Value> {
    let format = "The form of a FHIR answer, stronger than `Accept`: `json`, `xml`, or a media type.";
    let all = json!({
        "format": {"name": "_format", "in": "query", "schema": {"type": "string"}, "description": format},
        "pretty": {"name": "_pretty", "in": "query", "schema": {"type": "boolean"}, "description": "Indented."},
        "requestId": header("x-request-id", "An id for the logs; without one that is fit, one is made."),
        "traceparent": header("traceparent", "The place of the request in a trace (W3C Trace Context)."),
        "tracestate": header("tracestate", "What others keep in that trace; it is passed on."),
    });
    all.as_object().cloned().unwrap_or_default()
}

fn headers() -> Value {
    json!({"requestId": {"description": "The id of the request in the logs.", "schema": {"type": "string"}}})
}

fn told_in_headers(response: &mut Value) {
    if response.get("$ref").is_none()
        && let Some(response) = response.as_object_mut()
        && let Some(headers) = response.entry("headers").or_insert(json!({})).as_object_mut()
    {
        headers.entry("x-request-id").or_insert(json!({"$ref": "#/components/headers/requestId"}));
    }
}

fn of_operation(path: &str, operation: &mut Value) {
    let is_plain = path == "/" || PLAIN.iter().any(|p| path.starts_with(p));
    let has_body = operation.get("requestBody").is_some();
    let is_fhir =
        path.contains('$') || path == "/metadata" || path.starts_with("/{type}") || path.ends_with("/{type}/{id}");
    let Some(operation) = operation.as_object_mut() else { return };
    if let Some(parameters) = operation.entry("parameters").or_insert(json!([])).as_array_mut() {
        let named = ["requestId", "traceparent", "tracestate"].into_iter().chain(is_fhir.then_some("format"));
        let named = named.chain((is_fhir && !COMPACT.iter().any(|p| path.ends_with(p))).then_some("pretty"));
        let of_all = named.map(|name| json!({"$ref": format!("#/components/parameters/{name}")}));
        let new: Vec<Value> = of_all.filter(|p| !parameters.contains(p)).collect();
        parameters.extend(new);
    }
    let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
    responses.values_mut().for_each(told_in_headers);
    let of_work = OF_WORK.into_iter().filter(|_| !is_plain);
    let of_bodies = OF_BODIES.into_iter().filter(|_| has_body);
    let of_place = path.contains('{').then_some("404");
    for status in OF_ANY.into_iter().chain(of_work).chain(of_bodies).chain(of_place) {
        responses.entry(status).or_insert(json!({"$ref": "#/components/responses/fault"}));
    }
}
