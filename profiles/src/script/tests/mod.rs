#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
//! The walls of the sandbox, and what scripts see, on a small model.

mod functions;
mod load;
mod sandbox;
mod values;

use std::sync::{Arc, OnceLock};

use serde_json::json;

use super::*;
use crate::fhirpath::{Options, Scratch, Typing};
use crate::instance::{Limits, parse as parse_json};
use crate::model::{Model, build};

/// Element, DomainResource, Patient and Quantity, as far as the tests need them.
fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let element =
            |path: &str, code: &str, max: &str| json!({"path": path, "min": 0, "max": max, "type": [{"code": code}]});
        let url = |name: &str| format!("http://hl7.org/fhir/StructureDefinition/{name}");
        let definition = |name: &str, kind: &str, base: &str, elements: Vec<serde_json::Value>| {
            let mut all = vec![json!({"path": name, "min": 0, "max": "*"})];
            all.extend(elements);
            json!({
                "resourceType": "StructureDefinition",
                "url": url(name),
                "name": name,
                "type": name,
                "kind": kind,
                "abstract": base.is_empty(),
                "derivation": "specialization",
                "baseDefinition": url(base),
                "snapshot": {"element": all}
            })
        };
        let values = [
            definition("Resource", "resource", "", vec![element("Resource.id", "id", "1")]),
            definition("Element", "complex-type", "", vec![]),
            definition("string", "primitive-type", "Element", vec![]),
            definition("id", "primitive-type", "string", vec![]),
            definition("boolean", "primitive-type", "Element", vec![]),
            definition("integer", "primitive-type", "Element", vec![]),
            definition("decimal", "primitive-type", "Element", vec![]),
            definition("date", "primitive-type", "Element", vec![]),
            definition(
                "Quantity",
                "complex-type",
                "Element",
                vec![element("Quantity.value", "decimal", "1"), element("Quantity.unit", "string", "1")],
            ),
            definition(
                "Patient",
                "resource",
                "Resource",
                vec![
                    element("Patient.id", "id", "1"),
                    element("Patient.nick", "string", "*"),
                    element("Patient.active", "boolean", "1"),
                    element("Patient.age", "integer", "1"),
                    element("Patient.birthDate", "date", "1"),
                    element("Patient.weight", "Quantity", "1"),
                ],
            ),
        ];
        build(values.iter())
    })
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","nick":["Jim","Bo"],"active":true,"age":41,
"birthDate":"1974-12-25","weight":{"value":70.10,"unit":"kg"}}"#;

fn library(text: &str) -> Result<Library, String> {
    let source = Source { file: "t.rhai".to_owned(), text: text.to_owned() };
    Library::load(&[source]).map_err(|e| e.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// What the checks of a script say of the patient.
fn said(text: &str) -> Vec<CheckOutcome> {
    let scripts = Scripts::new(Arc::new(library(text).unwrap()), model()).unwrap();
    let typing = Typing::new(model());
    let tape = parse_json(PATIENT.as_bytes(), model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let (budget, options) = (Budget::default(), Options::default());
    let ports = ScriptPorts { scripts: Some(&scripts), typing: &typing, root, budget: &budget, options };
    let view = View {
        typing: &typing,
        ports: &ports,
        focus: (root, typing.resource_type(root)),
        resource: root,
        root_resource: root,
        options,
    };
    scripts.check("Patient", &view, &budget, &mut Scratch::default())
}

/// A script whose check runs `body`, with `more` beside it.
fn checking(body: &str, more: &str) -> String {
    format!("const NAMESPACE = \"t\"; const RULES = #{{ \"r\": \"something\" }};\nfn check(r) {{ {body} }}\n{more}")
}

/// The texts of the reports that `body` makes; anything else is a failure of the test.
fn texts(body: &str) -> Vec<String> {
    let text = |s: CheckOutcome| match s {
        CheckOutcome::Report { text, .. } => text,
        other => panic!("{body}: {other:?}"),
    };
    said(&checking(body, "private fn tell(x) { report(\"error\", \"r\", (), `${x}`); }"))
        .into_iter()
        .map(text)
        .collect()
}

/// How a check that runs `body` ends.
fn failure(body: &str, more: &str) -> String {
    match said(&checking(body, more)).as_slice() {
        [CheckOutcome::Failed(e)] => e.to_string(),
        other => panic!("{body}: {other:?}"),
    }
}
