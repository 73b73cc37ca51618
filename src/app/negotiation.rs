//! Negotiation for the command line and the service: the package set that it sees, requests as JSON.

use std::sync::{Arc, OnceLock};

use fhir_accord_capability::scope::{covers, explain, normalise};
use fhir_accord_capability::{NegotiateRequest, PackageDefinitions, Policy, PolicyScript, negotiate};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::PackageGraph;
use serde_json::{Map, Value};

use super::{AppError, Complaint, Negotiator, ScopeVerb};
use crate::images::embedded::heads;
use crate::packages::reading::Limits;
use crate::packages::{Located, Origin, PackageError, Resolution, Sources, Spec, embedded, resolve};
use crate::scripts::PolicyScripts;

/// The definitions that a negotiation sees: the packages named and their dependencies; without any all embedded guides,
/// of every FHIR version. Guides that are a side of the negotiation belong to it too.
///
/// # Errors
/// [`AppError::Package`] where a package is not found or does not read.
pub fn definitions(packages: &[String], guides: &[String]) -> Result<PackageDefinitions, AppError> {
    let package = |e: PackageError| AppError::Package(e.to_string());
    let mut specs =
        packages.iter().chain(guides).map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>().map_err(package)?;
    if packages.is_empty() {
        for e in embedded::list().iter().filter(|e| e.is_guide()) {
            specs.push(Spec::parse(&e.manifest.name()).map_err(package)?);
        }
    }
    let resolution = resolve(&specs, &Sources::standard(None)).map_err(package)?;
    let load = |p: &Located| match embedded::find(&p.manifest.id, &p.manifest.version)
        .filter(|e| e.sha256 == p.sha256)
        .and_then(heads)
    {
        Some(heads) => Ok(Arc::new(heads)),
        None => p.load(&Limits::default()),
    };
    let packages = resolution.packages.iter().map(load).collect::<Result<Vec<_>, _>>().map_err(package)?;
    let graph = PackageGraph::new(packages, resolution.dependencies.clone(), resolution.absent.clone());
    Ok(PackageDefinitions::new(Arc::new(graph)))
}

/// The negotiator under one package set.
pub(super) struct ServiceNegotiator {
    /// What the service was started with; empty: all embedded guides.
    packages: Vec<String>,
    /// Their definitions, kept once they were asked for.
    definitions: OnceLock<PackageDefinitions>,
    /// The scripts that requests may name.
    policies: Arc<PolicyScripts>,
}

impl ServiceNegotiator {
    /// The negotiator under the packages of a service, with the policies that requests may name.
    pub(super) fn under(set: &Resolution, policies: &Arc<PolicyScripts>) -> ServiceNegotiator {
        let guides: Vec<&Located> = set.packages.iter().filter(|p| !embedded::is_foundation(&p.manifest.id)).collect();
        let all = embedded::list()
            .iter()
            .filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4))
            .count();
        let only_embedded = guides.iter().all(|g| matches!(g.origin, Origin::Embedded)) && guides.len() == all;
        let name = |p: &&Located| match &p.origin {
            Origin::Embedded => p.name(),
            Origin::Archive(path) | Origin::Folder(path) | Origin::Loose(path) => path.to_string_lossy().into_owned(),
        };
        let packages = if only_embedded { Vec::new() } else { guides.iter().map(name).collect() };
        ServiceNegotiator { packages, definitions: OnceLock::new(), policies: Arc::clone(policies) }
    }

    fn definitions(&self) -> Result<&PackageDefinitions, String> {
        if let Some(known) = self.definitions.get() {
            return Ok(known);
        }
        let loaded = definitions(&self.packages, &[]).map_err(|e| e.to_string())?;
        Ok(self.definitions.get_or_init(|| loaded))
    }

    /// The script that a request names.
    fn policy_script(&self, body: &Value) -> Result<Option<Arc<PolicyScript>>, Complaint> {
        let Some(name) = body["policyScript"].as_str() else { return Ok(None) };
        if let Some(script) = self.policies.get(name) {
            return Ok(Some(Arc::clone(script)));
        }
        let known: Vec<String> = self.policies.keys().map(|n| format!("`{n}`")).collect();
        let known = if known.is_empty() {
            "this service has no policies".to_owned()
        } else {
            format!("known policies: {}", known.join(", "))
        };
        Err(Complaint::at("/policyScript", format!("unknown policy `{name}`; {known}")))
    }

    /// The request of a body. What its policy does not say is as the script's settings have it.
    fn request(&self, body: &mut Value) -> Result<NegotiateRequest, Complaint> {
        let script = self.policy_script(body)?;
        if let (Some(script), Some(members)) = (&script, body.as_object_mut()) {
            lay_under(members.entry("policy").or_insert_with(|| Map::new().into()), script.policy());
        }
        Ok(NegotiateRequest { script, ..NegotiateRequest::from_json(body).map_err(Complaint::new)? })
    }
}

/// Adds to a policy in JSON the members that it lacks and `settings` has.
fn lay_under(policy: &mut Value, settings: &Policy) {
    if let (Some(said), Ok(Value::Object(settings))) = (policy.as_object_mut(), serde_json::to_value(settings)) {
        for (name, value) in settings {
            said.entry(name).or_insert(value);
        }
    }
}

/// The first package or guide of a body that is a path: a caller names what is known, and opens no files.
fn path_in(body: &Value, packages: &[String]) -> Option<Complaint> {
    let sides =
        ["client", "server"].into_iter().filter_map(|s| Some((format!("/{s}"), text(body, s).strip_prefix("ig:")?)));
    let mut all = packages.iter().enumerate().map(|(i, p)| (format!("/packages/{i}"), p.as_str())).chain(sides);
    let (pointer, path) = all.find(|(_, p)| matches!(Spec::parse(p), Ok(Spec::Path(_))))?;
    Some(Complaint::at(pointer, format!("`{path}` is a path; name packages and guides by `ID#VERSION`")))
}

/// The texts of a list member of a body.
fn texts(body: &Value, name: &str) -> Vec<String> {
    body[name].as_array().map_or(&[][..], |a| a).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text<'b>(body: &'b Value, name: &str) -> &'b str {
    body[name].as_str().unwrap_or_default()
}

impl Negotiator for ServiceNegotiator {
    fn negotiate(&self, mut body: Value) -> Result<Value, Complaint> {
        let request = self.request(&mut body)?;
        let guides: Vec<String> =
            ["client", "server"].iter().filter_map(|s| text(&body, s).strip_prefix("ig:").map(str::to_owned)).collect();
        let packages = texts(&body, "packages");
        if let Some(complaint) = path_in(&body, &packages) {
            return Err(complaint);
        }
        let here = |g: &String| {
            embedded::list().iter().any(|e| e.is_guide() && (e.manifest.name() == *g || e.manifest.id == *g))
        };
        let agreement =
            if packages.is_empty() && (guides.is_empty() || self.packages.is_empty() && guides.iter().all(here)) {
                negotiate(&request, self.definitions().map_err(Complaint::new)?)
            } else {
                negotiate(&request, &definitions(&packages, &guides).map_err(|e| Complaint::new(e.to_string()))?)
            };
        let failed = |e: &dyn std::fmt::Display| Complaint::new(e.to_string());
        serde_json::to_value(agreement.map_err(|e| failed(&e))?).map_err(|e| failed(&e))
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
