#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
//! Tests of the engine on a small Patient, an Observation and the constraints of the packages beside the repository.

mod corpus;
mod dates;
mod edges;
mod hoisting;
mod hostile;
mod language;
mod local;
mod lowering;
mod review;
mod speed;
mod unknown;
mod values;
mod watched;

use std::io::Read;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::*;
use crate::instance::{Limits, parse as parse_json};
use crate::model::{Model, build};

/// The folder of packages and suites beside the repository; `None` (and a word on standard output) where it is not.
pub(super) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("ACCORD_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let here = folder.join("packages").is_dir();
    if !here {
        println!("not here: {}", folder.display());
    }
    here.then_some(folder)
}

/// The StructureDefinitions of a package.
pub(super) fn definitions(package: &str) -> Option<Vec<Value>> {
    let file = std::fs::File::open(shared()?.join("packages").join(package)).ok()?;
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut out = Vec::new();
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        let name = entry.path().ok()?.to_string_lossy().into_owned();
        if !name.ends_with(".json") || !name.contains("/StructureDefinition") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).ok()?;
        out.extend(serde_json::from_str(&text).ok());
    }
    Some(out)
}

/// The model of R4, built once.
pub(super) fn r4() -> Option<&'static Model> {
    static MODEL: OnceLock<Option<Model>> = OnceLock::new();
    MODEL.get_or_init(|| Some(build(&definitions("hl7.fhir.r4.core-4.0.1.tgz")?))).as_ref()
}

pub(super) const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","active":true,"birthDate":"1974-12-25",
"_birthDate":{"extension":[{"url":"http://x/time","valueDateTime":"1974-12-25T14:35:45-05:00"}]},
"name":[{"use":"official","family":"Chalmers","given":["Peter","James"]},{"use":"usual","given":["Jim"]},
{"use":"maiden","family":"Windsor","given":["Peter","James"]}],
"telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}],"deceasedBoolean":false,
"multipleBirthInteger":2,
"contained":[{"resourceType":"Organization","id":"o","name":"Acme"}],
"managingOrganization":{"reference":"Organization/1"},
"contact":[{"gender":"female","name":{"family":"du Marché"}}]}"#;

pub(super) const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"final",
"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},
"effectiveDateTime":"2016-03-28","valueQuantity":{"value":185.00,"unit":"lbs","system":"http://unitsofmeasure.org",
"code":"[lb_av]"}}"#;

/// The result of an expression as text: items joined with `,`, an error as `!kind`.
pub(super) fn run(expression: &str, resource: &str) -> String {
    let Some(model) = r4() else { return "not here".to_owned() };
    let typing = Typing::new(model);
    let parsed = match parse(expression) {
        Ok(e) => e,
        Err(e) => return format!("!syntax {}", e.message),
    };
    let mut pool = String::new();
    let words = match Compiler::new(&typing).compile(&parsed, &mut pool) {
        Ok(w) => w,
        Err(e) => return format!("!compile {}", e.message),
    };
    let tape = parse_json(resource.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let mut context = Context::new(&typing, root, &NoPorts);
    context.now = Temporal::date_time("2024-02-29T12:00:00.000Z");
    let focus = Item::Node(root, typing.resource_type(root));
    match evaluate(Code { words: &words, pool: &pool }, &focus, &context, &mut Scratch::default()) {
        Ok(items) => items.iter().map(|i| show(i, &typing)).collect::<Vec<_>>().join(","),
        Err(e) => format!("!{:?}", e.kind),
    }
}

fn show(item: &Item<'_>, typing: &Typing<'_>) -> String {
    match item {
        Item::Unknown(t) if t.is_known() => format!("?{}", typing.model().type_name(*t)),
        Item::Unknown(_) => "?".to_owned(),
        Item::Node(n, t) if !n.has_value() => format!("<{}>", typing.model().type_name(*t)),
        other => other.string(typing).unwrap_or_default(),
    }
}

/// Checks `expression => result` pairs against a resource.
pub(super) fn check(resource: &str, pairs: &[(&str, &str)]) {
    if r4().is_none() {
        return;
    }
    let wrong: Vec<String> = pairs
        .iter()
        .filter_map(|(e, want)| {
            Some((e, want, run(e, resource)))
                .filter(|(_, w, got)| got != *w)
                .map(|(e, w, got)| format!("{e}\n  wanted {w}\n  got    {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
