//! Negotiation for the command line and the service: the package set that it sees, requests as JSON.

use std::sync::{Arc, OnceLock};

use fhir_accord_capability::scope::{covers, explain, normalise};
use fhir_accord_capability::{NegotiateRequest, PackageDefinitions, negotiate};
use serde_json::Value;

use crate::app::AppError;
use crate::http::{Engine, Negotiator, ScopeVerb};
use crate::packages::{PackageError, Sources, Spec, embedded, load_graph};

/// The definitions that a negotiation sees: the packages named and their dependencies; without any all embedded guides,
/// of every FHIR version. The guides that stand for a side belong to it too.
///
/// # Errors
/// [`AppError::Package`] where a package is not found or does not read.
pub fn definitions(packages: &[String], guides: &[String]) -> Result<PackageDefinitions, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let mut specs = packages.iter().chain(guides).map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>().map_err(package)?;
    if packages.is_empty() {
        for e in embedded::list().iter().filter(|e| e.is_guide()) {
            specs.push(Spec::parse(&e.manifest.name()).map_err(package)?);
        }
    }
    let graph = load_graph(&specs, &Sources::standard(None)).map_err(package)?;
    Ok(PackageDefinitions::new(Arc::new(graph)))
}

/// The negotiator behind the service's routes.
#[derive(Default)]
pub struct ServiceNegotiator {
    /// The definitions of the embedded guides, kept once they were asked for.
    embedded: OnceLock<PackageDefinitions>,
}

impl ServiceNegotiator {
    fn embedded(&self) -> Result<&PackageDefinitions, String> {
        if let Some(known) = self.embedded.get() {
            return Ok(known);
        }
        let loaded = definitions(&[], &[]).map_err(|e| e.to_string())?;
        Ok(self.embedded.get_or_init(|| loaded))
    }
}

/// The texts of a list member of a body.
fn texts(body: &Value, name: &str) -> Vec<String> {
    body[name].as_array().map_or(&[][..], |a| a).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text<'b>(body: &'b Value, name: &str) -> &'b str {
    body[name].as_str().unwrap_or_default()
}

impl Negotiator for ServiceNegotiator {
    fn negotiate(&self, _engine: &dyn Engine, body: Value) -> Result<Value, String> {
        let request = NegotiateRequest::from_json(&body)?;
        let guides: Vec<String> = ["client", "server"].iter().filter_map(|s| text(&body, s).strip_prefix("ig:").map(str::to_owned)).collect();
        let packages = texts(&body, "packages");
        if packages.iter().any(|p| matches!(Spec::parse(p), Ok(Spec::Path(_)))) {
            return Err("`packages` names a path; name packages by `ID#VERSION`".to_owned());
        }
        let here = |g: &String| embedded::list().iter().any(|e| e.is_guide() && (e.manifest.name() == *g || e.manifest.id == *g));
        let agreement = if packages.is_empty() && guides.iter().all(here) {
            negotiate(&request, self.embedded()?)
        } else {
            negotiate(&request, &definitions(&packages, &guides).map_err(|e| e.to_string())?)
        };
        serde_json::to_value(agreement.map_err(|e| e.to_string())?).map_err(|e| e.to_string())
    }

    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String> {
        let value = match verb {
            ScopeVerb::Explain => serde_json::to_value(explain(text(&body, "scope"))),
            ScopeVerb::Normalise => serde_json::to_value(normalise(text(&body, "scope"))),
            ScopeVerb::Covers => serde_json::to_value(covers(text(&body, "granted"), text(&body, "requested"))),
        };
        value.map_err(|e| e.to_string())
    }
}
