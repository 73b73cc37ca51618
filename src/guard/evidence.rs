//! What the engine tells a guard.

use std::borrow::Borrow;

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::{Report, Verdict};
use serde_json::{Value, json};

use crate::app::{App, Request};
use crate::capability::guard::{Evidence, Truth, Validation, Validity};
use crate::render::outcome;

/// An engine as a guard's evidence.
pub struct AppEvidence<A> {
    app: A,
    policies: Policies,
}

impl<A: Borrow<App>> AppEvidence<A> {
    /// What this engine tells, validating under these policies.
    pub fn new(app: A, policies: Policies) -> AppEvidence<A> {
        // A guard never reads over comments, which other readers refuse or read otherwise.
        AppEvidence { app, policies: Policies { json_comments: false, ..policies } }
    }

    fn app(&self) -> &App {
        self.app.borrow()
    }
}

impl<A: Borrow<App> + Send + Sync> Evidence for AppEvidence<A> {
    fn knows_type(&self, name: &str) -> bool {
        fhir_accord_profiles::release::resource_types(self.app().set().fhir_version()).any(|known| known == name)
    }

    fn meets(&self, resource: &[u8], query: &str, interrupt: &Interrupt) -> Truth {
        self.app().meets(resource, query, interrupt)
    }

    fn in_compartment(&self, resource: &[u8], patient: &str, interrupt: &Interrupt) -> Truth {
        self.app().in_patient_compartment(resource, patient, interrupt)
    }

    fn targets(&self, resource_type: &str, parameter: &str) -> Option<Vec<String>> {
        self.app().search_targets(resource_type, parameter)
    }

    fn knows_parameter(&self, resource_type: &str, parameter: &str) -> bool {
        self.app().knows_search_parameter(resource_type, parameter)
    }

    fn validate(&self, body: &[u8], profile: Option<&str>, interrupt: &Interrupt) -> Validation {
        let mut policies = self.policies.clone();
        policies.work.interrupt = interrupt.clone();
        let profiles = profile.map(str::to_owned).into_iter().collect();
        match self.app().validate(body, &Request { profiles, policies, now: None }) {
            Ok(report) => validation(&report),
            Err(_) => Validation { validity: Validity::Undetermined, issues: Vec::new() },
        }
    }
}

fn validation(report: &Report) -> Validation {
    let validity = match report.verdict {
        // What was not examined to its end is not known.
        _ if report.stopped.is_some() => Validity::Undetermined,
        Verdict::Valid => Validity::Valid,
        Verdict::Invalid => Validity::Invalid,
        Verdict::Undetermined => Validity::Undetermined,
    };
    let mut told = serde_json::to_value(outcome(report, None)).unwrap_or_else(|_| json!({}));
    let issues = match told.get_mut("issue").map(Value::take) {
        Some(Value::Array(issues)) => issues,
        _ => Vec::new(),
    };
    Validation { validity, issues }
}
