//! Negotiation for the command line and the service: the package set that it sees, requests as JSON.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fhir_accord_capability::scope::{covers, explain, normalise};
use fhir_accord_capability::{
    Definitions, NegotiateRequest, PackageDefinitions, Policy, PolicyScript, Side, negotiate,
};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Map, Value};

use super::hooks::hooks_in;
use super::known::{Known, embedded_guides, heads_of, spec_of};
use super::matrix_request::Sides;
use super::settings::PLAN_BYTES;
use super::{App, AppError, Complaint, Negotiator, ScopeVerb};
use crate::packages::{Located, Origin, Resolution, Spec, embedded};
use crate::scripts::PolicyScripts;

/// The heads of the definitions that a negotiation sees: the packages named and their dependencies; without any all
/// embedded guides, of every FHIR version. Guides that are a side of the negotiation belong to it too. They compare no
/// profiles: [`Known`] does.
///
/// # Errors
/// [`AppError::Package`] where a package is not found or does not read.
pub fn definitions(packages: &[String], guides: &[String]) -> Result<PackageDefinitions, AppError> {
    let named = packages.iter().chain(guides).map(|p| Spec::parse(p)).collect::<Result<Vec<_>, _>>();
    let mut specs = named.map_err(|e| AppError::Package(e.to_string()))?;
    if packages.is_empty() {
        specs.extend(embedded_guides()?);
    }
    Ok(heads_of(&specs, &Interrupt::never())?.definitions)
}

/// Bound on the package sets of requests that are kept, beside the service's own; the least recent goes first.
const SETS: usize = 4;

/// A package set by the names and hashes of its packages.
type Kept = (Vec<String>, Arc<Known>);

/// The negotiator under one package set.
pub(super) struct ServiceNegotiator {
    /// What the service was started with; empty: all embedded guides.
    packages: Vec<String>,
    /// What is known of them, kept once it was asked for.
    known: OnceLock<Known>,
    /// The engine of the service, where its packages are those that a negotiation sees.
    engine: Option<Arc<App>>,
    /// The sets that requests named.
    sets: Mutex<Vec<Kept>>,
    /// The scripts that requests may name.
    policies: Arc<PolicyScripts>,
}

impl ServiceNegotiator {
    /// The negotiator under the packages of a service, one of whose engines this is, with the policies that requests
    /// may name.
    pub(super) fn under(app: &Arc<App>, set: &Resolution, policies: &Arc<PolicyScripts>) -> ServiceNegotiator {
        let guides: Vec<&Located> = set.packages.iter().filter(|p| !embedded::is_foundation(&p.manifest.id)).collect();
        let all = embedded::list()
            .iter()
            .filter(|e| e.is_guide() && e.manifest.fhir_version == Some(FhirVersion::R4))
            .count();
        let only_embedded = guides.iter().all(|g| matches!(g.origin, Origin::Embedded)) && guides.len() == all;
        let packages = if only_embedded { Vec::new() } else { guides.iter().map(|p| spec_of(p)).collect() };
        let engine = only_embedded.then(|| Arc::clone(app));
        let sets = Mutex::default();
        ServiceNegotiator { packages, known: OnceLock::new(), engine, sets, policies: Arc::clone(policies) }
    }

    fn known(&self) -> Result<&Known, String> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let opened = Known::open(&self.packages, &[]).map_err(|e| e.to_string())?.within(PLAN_BYTES);
        let known = match &self.engine {
            Some(app) => opened.with_engine(app),
            None => opened,
        };
        Ok(self.known.get_or_init(|| known))
    }

    /// The set that a request names: resolved anew, with what is known of one with the same packages.
    fn set(&self, packages: &[String], guides: &[String], interrupt: &Interrupt) -> Result<Arc<Known>, AppError> {
        let opened = Known::open_under(packages, guides, interrupt)?.within(PLAN_BYTES);
        let mut key = opened.definitions().packages();
        key.push(format!("{} named", packages.len()));
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let found = sets.iter().position(|(own, _)| *own == key).map(|at| sets.remove(at));
        let (key, known) = found.unwrap_or_else(|| (key, Arc::new(opened)));
        if sets.len() >= SETS {
            sets.remove(0);
        }
        sets.push((key, Arc::clone(&known)));
        Ok(known)
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

    /// The least that a client needs; without a server all that it lists can be used.
    fn minimum(&self, mut body: Value) -> Result<Value, String> {
        if let Some(members) = body.as_object_mut()
            && let Some(client) = members.get("client").cloned()
        {
            members.entry("server").or_insert(client);
        }
        if let Some(path) = path_in(&body, &[]) {
            return Err(path.text);
        }
        let request = NegotiateRequest::from_json(&body)?;
        let agreement = negotiate(&request, self.known()?.definitions()).map_err(|e| e.to_string())?;
        serde_json::to_value(agreement.ask).map_err(|e| e.to_string())
    }

    /// The request of a body. What its policy does not say is as the script's settings have it.
    fn request(&self, body: &mut Value) -> Result<NegotiateRequest, Complaint> {
        let script = self.settled(body)?;
        Ok(NegotiateRequest { script, ..NegotiateRequest::from_json(body).map_err(Complaint::new)? })
    }

    /// The script that a body names; its settings are laid under the policy of the body.
    fn settled(&self, body: &mut Value) -> Result<Option<Arc<PolicyScript>>, Complaint> {
        let script = self.policy_script(body)?;
        if let (Some(script), Some(members)) = (&script, body.as_object_mut()) {
            lay_under(members.entry("policy").or_insert_with(|| Map::new().into()), script.policy());
        }
        Ok(script)
    }

    /// Calls `work` with what is known under the packages and guides of a body.
    fn under_set<T>(
        &self,
        packages: &[String],
        guides: &[String],
        interrupt: &Interrupt,
        work: impl FnOnce(&Known) -> T,
    ) -> Result<T, Complaint> {
        let here = |g: &String| {
            embedded::list().iter().any(|e| e.is_guide() && (e.manifest.name() == *g || e.manifest.id == *g))
        };
        if packages.is_empty() && (guides.is_empty() || self.packages.is_empty() && guides.iter().all(here)) {
            Ok(work(self.known().map_err(Complaint::new)?))
        } else {
            Ok(work(&*self.set(packages, guides, interrupt).map_err(|e| Complaint::new(e.to_string()))?))
        }
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
    path_among(packages, sides)
}

/// The first of packages and guides, which stand at these places, that is a path.
fn path_among<'b>(packages: &'b [String], guides: impl Iterator<Item = (String, &'b str)>) -> Option<Complaint> {
    let mut all = packages.iter().enumerate().map(|(i, p)| (format!("/packages/{i}"), p.as_str())).chain(guides);
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
    fn negotiate(&self, mut body: Value, interrupt: &Interrupt) -> Result<Value, Complaint> {
        let hooks = hooks_in(&mut body)?;
        let mut request = self.request(&mut body)?;
        hooks.iter().for_each(|hooks| hooks.grant(&mut request));
        let guides: Vec<String> =
            ["client", "server"].iter().filter_map(|s| text(&body, s).strip_prefix("ig:").map(str::to_owned)).collect();
        let packages = texts(&body, "packages");
        if let Some(complaint) = path_in(&body, &packages) {
            return Err(complaint);
        }
        let found =
            self.under_set(&packages, &guides, interrupt, |k| negotiate(&request, &k.session_under(interrupt)))?;
        let failed = |e: &dyn std::fmt::Display| Complaint::new(e.to_string());
        let mut agreement = found.map_err(|e| failed(&e))?;
        agreement.hooks = hooks.map(|hooks| hooks.answers(&agreement)).unwrap_or_default();
        serde_json::to_value(agreement).map_err(|e| failed(&e))
    }

    fn matrix(&self, mut body: Value, interrupt: &Interrupt) -> Result<Value, Complaint> {
        let sides = Sides::take(&mut body)?;
        let script = self.settled(&mut body)?;
        let none = || Side::Statement(Value::Null);
        let terms = NegotiateRequest::new(none(), none()).under_terms(&body).map_err(Complaint::new)?;
        let terms = NegotiateRequest { script, ..terms };
        let (packages, guides) = (texts(&body, "packages"), sides.guides());
        if let Some(complaint) = path_among(&packages, guides.iter().map(|(at, g)| (at.clone(), g.as_str()))) {
            return Err(complaint);
        }
        let guides: Vec<String> = guides.into_iter().map(|(_, guide)| guide).collect();
        let matrix = self.under_set(&packages, &guides, interrupt, |k| sides.negotiate(&terms, k, interrupt))??;
        serde_json::to_value(matrix).map_err(|e| Complaint::new(e.to_string()))
    }

    fn scope(&self, verb: ScopeVerb, body: Value) -> Result<Value, String> {
        let value = match verb {
            ScopeVerb::Explain => serde_json::to_value(explain(text(&body, "scope"))),
            ScopeVerb::Normalise => serde_json::to_value(normalise(text(&body, "scope"))),
            ScopeVerb::Covers => serde_json::to_value(covers(text(&body, "granted"), text(&body, "requested"))),
            ScopeVerb::Minimum => return self.minimum(body),
        };
        value.map_err(|e| e.to_string())
    }

    fn with_definitions(
        &self,
        relations: bool,
        interrupt: &Interrupt,
        work: &mut dyn FnMut(&dyn Definitions),
    ) -> Result<(), String> {
        let known = self.known()?;
        if relations {
            work(&known.session_under(interrupt))
        } else {
            work(known.definitions())
        }
        Ok(())
    }
}
