//! Where an extension may be used (<https://hl7.org/fhir/R4/defining-extensions.html#context>).

use serde_json::Value;

use super::compiler::Compiler;
use super::facets;
use super::json::text;
use super::writer::Writer;
use crate::definition::VersionRange;
use crate::plan::rows::{ContextRow, Run};
use crate::plan::{ContextKind, Section};

/// The contexts of an extension.
pub fn contexts(c: &Compiler<'_>, w: &mut Writer, sd: &Value) -> Run {
    let mut rows = Vec::new();
    for context in sd["context"].as_array().map_or(&[][..], |a| a) {
        let (kind, expression) = (kind(text(context, "type")), text(context, "expression"));
        let code = if kind == ContextKind::Fhirpath { c.expression(w, expression).code } else { Run::default() };
        let versions = versions(context).word();
        rows.push(ContextRow { kind: kind.number(), expression: w.str(expression), code, versions });
    }
    w.run(Section::Contexts, &rows)
}

/// The rules about when an extension may be used, in addition to its contexts.
pub fn invariants(c: &Compiler<'_>, w: &mut Writer, sd: &Value) -> Run {
    let rules = sd["contextInvariant"].as_array().map_or(&[][..], |a| a).iter().filter_map(Value::as_str);
    let rows: Vec<ContextRow> = rules
        .map(|rule| ContextRow {
            kind: ContextKind::Fhirpath.number(),
            expression: w.str(rule),
            code: c.expression(w, rule).code,
            versions: VersionRange::default().word(),
        })
        .collect();
    w.run(Section::Contexts, &rows)
}

/// The FHIR versions for which a definition or a part of it counts
/// (<https://hl7.org/fhir/extensions/StructureDefinition-version-specific-use.html>).
pub fn versions(v: &Value) -> VersionRange {
    let Some(range) = facets::extensions(v, "version-specific-use").next() else { return VersionRange::default() };
    let end = |name: &'static str| facets::extensions(range, name).find_map(|e| e["valueCode"].as_str());
    VersionRange::read(end("startFhirVersion"), end("endFhirVersion"))
}

fn kind(code: &str) -> ContextKind {
    match code {
        "element" => ContextKind::Element,
        "extension" => ContextKind::Extension,
        "fhirpath" => ContextKind::Fhirpath,
        _ => ContextKind::Unknown,
    }
}
