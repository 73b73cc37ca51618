//! Negotiation for the command line and the service: the package set that it sees, requests as JSON.

use std::sync::{Arc, OnceLock};

use fhir_accord_capability::scope::{covers, explain, normalise};
use fhir_accord_capability::{NegotiateRequest, PackageDefinitions, negotiate};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::PackageGraph;
use serde_json::Value;

use crate::app::AppError;
use crate::cli::serve::Negotiators;
use crate::http::{Negotiator, PackageSet, ScopeVerb};
use crate::images::embedded::heads;
use crate::packages::reading::Limits;
use crate::packages::{Located, Origin, PackageError, Sources, Spec, embedded, resolve};

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
    let resolution = resolve(&specs, &Sources::standard(None)).map_err(package)?;
    let load = |p: &Located| match embedded::find(&p.manifest.id, &p.manifest.version).filter(|e| e.sha256 == p.sha256).and_then(heads) {
        Some(heads) => Ok(Arc::new(heads)),
        None => p.load(&Limits::default()),
    };
    let packages = resolution.packages.iter().map(load).collect::<Result<Vec<_>, _>>().map_err(package)?;
    let graph = PackageGraph::new(packages, resolution.dependencies.clone(), resolution.absent.clone());
    Ok(PackageDefinitions::new(Arc::new(graph)))
}

/// Makes the negotiators behind the service's routes.
pub struct ServiceNegotiators;

impl Negotiators for ServiceNegotiators {
    fn under(&self, set: &PackageSet) -> Arc<dyn Negotiator> {
        let guides: Vec<&Located> = set.packages.iter().filter(|p| !embedded::is_foundation(&p.manifest.id)).collect();
        let all = embedded::list().iter().filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4)).count();
        let embedded_alone = guides.iter().all(|g| matches!(g.origin, Origin::Embedded)) && guides.len() == all;
        let name = |p: &&Located| match &p.origin {
            Origin::Embedded => p.name(),
            Origin::Archive(path) | Origin::Folder(path) | Origin::Loose(path) => path.to_string_lossy().into_owned(),
        };
        let packages = if embedded_alone { Vec::new() } else { guides.iter().map(name).collect() };
        Arc::new(ServiceNegotiator { packages, definitions: OnceLock::new() })
    }
}

/// The negotiator under one package set.
struct ServiceNegotiator {
    /// What the service was started with; empty: all embedded guides.
    packages: Vec<String>,
    /// Their definitions, kept once they were asked for.
    definitions: OnceLock<PackageDefinitions>,
}

impl ServiceNegotiator {
    fn definitions(&self) -> Result<&PackageDefinitions, String> {
        if let Some(known) = self.definitions.get() {
            return Ok(known);
        }
        let loaded = definitions(&self.packages, &[]).map_err(|e| e.to_string())?;
        Ok(self.definitions.get_or_init(|| loaded))
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
    fn negotiate(&self, body: Value) -> Result<Value, String> {
        let request = NegotiateRequest::from_json(&body)?;
        let guides: Vec<String> = ["client", "server"].iter().filter_map(|s| text(&body, s).strip_prefix("ig:").map(str::to_owned)).collect();
        let packages = texts(&body, "packages");
        if let Some(path) = packages.iter().chain(&guides).find(|p| matches!(Spec::parse(p), Ok(Spec::Path(_)))) {
            return Err(format!("`{path}` is a path; name packages and guides by `ID#VERSION`"));
        }
        let here = |g: &String| embedded::list().iter().any(|e| e.is_guide() && (e.manifest.name() == *g || e.manifest.id == *g));
        let agreement = if packages.is_empty() && (guides.is_empty() || self.packages.is_empty() && guides.iter().all(here)) {
            negotiate(&request, self.definitions()?)
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
