//! The standard operations on CapabilityStatement, over HTTP and with the embedded packages. Each answer is a valid
//! resource by our own validator.

mod conforms;
mod hooks;
mod implements;
mod parts;
mod terminology;

use std::sync::{Mutex, OnceLock};

use fhir_accord::app::{AppLoader, Settings};
use fhir_accord::store::Store;
use serde_json::{Value, json};

use crate::support::{Answer, Server, config, json_of, serve_with, xml_of};

const CLIENT: &str = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-client";
const SERVER: &str = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server";
const IPS: &str = "http://hl7.org/fhir/uv/ips/CapabilityStatement/ips-server";

/// A service that negotiates for real.
fn service() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    SHARED.get_or_init(|| {
        let settings = config(json!({"workers": 2, "limits": {"bodyBytes": 67108864}}), None);
        let loader = AppLoader::new(Settings::default(), Default::default());
        let server = serve_with(settings, Store::temporary().unwrap(), Box::new(loader));
        server.until_ready();
        server
    })
}

/// The answer, which is a valid resource.
fn checked(answer: Answer, status: u16) -> Value {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, status, "{text}");
    // Parameters by themselves would be those of `$validate`.
    let whole = format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"resource","resource":{text}}}]}}"#);
    let report = service().post("/$validate?_level=warning", whole);
    let found = String::from_utf8_lossy(&report.body).into_owned();
    assert_eq!(report.verdict(), "valid", "{found}\n{}", text.chars().take(3000).collect::<String>());
    answer.json()
}

/// The answer, which is the same in XML.
fn get(path: &str, status: u16) -> Value {
    let json = checked(service().get(path), status);
    let xml = service().ask("GET", path, &[("accept", "application/fhir+xml")], b"");
    assert_eq!((xml.status, json_of(&xml.body)), (status, json.clone()), "{path}");
    json
}

/// The answer, which is the same where all is XML.
fn post(path: &str, body: &Value, status: u16) -> Value {
    let json = checked(service().post(path, body.to_string()), status);
    let headers = [("accept", "application/fhir+xml"), ("content-type", "application/fhir+xml")];
    let xml = service().ask("POST", path, &headers, &xml_of(body.to_string().as_bytes()));
    assert_eq!((xml.status, json_of(&xml.body)), (status, json.clone()), "{path}");
    json
}

fn parameters(all: &[Value]) -> Value {
    json!({"resourceType": "Parameters", "parameter": all})
}

fn canonical(name: &str, url: &str) -> Value {
    json!({"name": name, "valueCanonical": url})
}

fn inline(name: &str, resource: &Value) -> Value {
    json!({"name": name, "resource": resource})
}

fn statement(mode: &str, resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "status": "active", "date": "2026-01-01", "kind": "instance",
        "implementation": {"description": "made"}, "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": mode, "resource": resources}]})
}

/// How many issues of a severity an outcome has.
fn count(outcome: &Value, severity: &str) -> usize {
    outcome["issue"].as_array().unwrap().iter().filter(|i| i["severity"] == severity).count()
}

/// The resource in a parameter.
fn part<'v>(answer: &'v Value, name: &str) -> &'v Value {
    let all = answer["parameter"].as_array().unwrap();
    all.iter().find(|p| p["name"] == name).map_or(&Value::Null, |p| &p["resource"])
}
