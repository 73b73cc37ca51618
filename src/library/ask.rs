//! Negotiations and comparisons, from documents to documents.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::Stop;
use crate::app::{Known, hooks_in};
use crate::capability::{NegotiateRequest, PolicyScript, Side, negotiate as negotiated};
use crate::profiles::definition::FhirVersion;
use crate::relations::{Ask, Matrix, Operand, Until, open};
use crate::schema::{self, Schema};
use crate::{app, relations, scripts};

/// What is negotiated.
#[derive(Clone, Debug)]
pub struct Negotiation {
    /// The body of `POST /negotiate` (`negotiate-request.json`); its packages may be paths.
    pub request: Value,
    /// A script that weighs the findings; its settings hold where the request has no policy.
    pub script: Option<PathBuf>,
    /// Where the statements of client and server came from, which is told and decides nothing.
    pub from: [Option<String>; 2],
}

/// The request of a body that has passed its schema.
fn request(body: &Value, script: Option<&Path>) -> Result<NegotiateRequest, String> {
    let mut request = NegotiateRequest::from_json(body)?;
    if let Some(path) = script {
        let text = scripts::read(path).map_err(|e| e.to_string())?;
        let script = PolicyScript::compile(&path.display().to_string(), &text)
            .map_err(|e| format!("the policy cannot be used: {e}"))?;
        if body.get("policy").is_none() {
            request.policy = script.policy().clone();
        }
        request.script = Some(Arc::new(script));
    }
    Ok(request)
}

/// What a client and a server can do together, as `accord negotiate --format json` writes it.
///
/// # Errors
/// A sentence that names what is wrong with the request, or the package that is not found.
pub fn negotiate(negotiation: &Negotiation, stop: &Stop) -> Result<Value, String> {
    let mut body = negotiation.request.clone();
    let faults = Schema::by_file("negotiate-request.json").map(|s| schema::check(s, &body)).unwrap_or_default();
    if let Some(fault) = faults.first() {
        let at = if fault.pointer.is_empty() { "the request" } else { &fault.pointer };
        return Err(format!("{at}: {}", fault.text));
    }
    let hooks = hooks_in(&mut body).map_err(|e| e.text)?;
    let mut request = request(&body, negotiation.script.as_deref())?;
    request.from = negotiation.from.clone();
    hooks.iter().for_each(|hooks| hooks.grant(&mut request));
    let packages: Vec<String> = match body.get("packages") {
        Some(packages) => serde_json::from_value(packages.clone()).map_err(|e| format!("`packages`: {e}"))?,
        None => Vec::new(),
    };
    let name = |side: &Side| match side {
        Side::Guide { id, version } => Some(version.as_ref().map_or(id.clone(), |v| format!("{id}#{v}"))),
        Side::Statement(_) => None,
    };
    let guides: Vec<String> = [&request.client, &request.server].into_iter().filter_map(name).collect();
    let interrupt = stop.interrupt();
    let known = Known::open_under(&packages, &guides, &interrupt).map_err(|e| e.to_string())?;
    let mut agreement = negotiated(&request, &known.session_under(&interrupt)).map_err(|e| e.to_string())?;
    agreement.hooks = hooks.map(|hooks| hooks.answers(&agreement)).unwrap_or_default();
    known.save();
    serde_json::to_value(agreement).map_err(|e| e.to_string())
}

/// Which profiles are compared, and where they are found.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The profile whose instances are looked at: a canonical, the file of a StructureDefinition, or `ID#VERSION`.
    pub left: String,
    /// The profile that they are held against.
    pub right: String,
    /// `ID#VERSION`, `ID`, or a path; empty: all embedded guides.
    pub packages: Vec<String>,
    /// The FHIR version of the profiles.
    pub fhir_version: String,
    /// The other direction, too.
    pub both: bool,
    /// The proof, as a tree.
    pub explain: bool,
}

/// Whether every instance of one profile is valid for another, as `accord satisfies --format json` writes it.
///
/// # Errors
/// A sentence that names what is not found, or cannot be compared.
pub fn compare(comparison: &Comparison, stop: &Stop) -> Result<Matrix, String> {
    let (a, b) = (Operand::parse(&comparison.left)?, Operand::parse(&comparison.right)?);
    let version = &comparison.fhir_version;
    let fhir_version = FhirVersion::parse(version)
        .ok_or_else(|| format!("`{version}` is not a FHIR version: give one as R4 or 4.0.1"))?;
    let settings = app::Settings { fhir_version: Some(fhir_version), ..app::Settings::default() };
    let app = open(&[&a, &b], &comparison.packages, &settings).map_err(|e| e.to_string())?;
    let find = |operand: &Operand| operand.find(&app).map_err(|e| e.to_string());
    let ask = Ask { both: comparison.both, explain: comparison.explain, until: Until(stop.interrupt()) };
    relations::compare(&app, &find(&a)?, &find(&b)?, ask)
}

#[cfg(test)]
#[path = "ask_tests.rs"]
mod tests;
