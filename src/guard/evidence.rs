//! What the engine tells a guard.

use std::borrow::Borrow;
use std::sync::Arc;

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::issue::Verdict;
use serde_json::{Value, json};

use crate::app::{App, Request};
use crate::capability::guard::{Evidence, Truth, Validation, Validity};
use crate::project::{Applied, Filter, Wanted};
use crate::render::outcome;

/// An engine as a guard's evidence.
pub struct AppEvidence<A> {
    app: A,
    policies: Policies,
    filter: Option<Arc<Filter>>,
    bases: Vec<String>,
}

impl<A: Borrow<App>> AppEvidence<A> {
    /// What this engine tells, validating under these policies, of a server with these base URLs.
    pub fn new(app: A, policies: Policies, bases: &[String]) -> AppEvidence<A> {
        // A guard never reads over comments, which other readers refuse or read otherwise.
        let bases = bases.iter().map(|base| base.trim_end_matches('/').to_owned()).collect();
        AppEvidence { app, policies: Policies { json_comments: false, ..policies }, bases, filter: None }
    }

    /// The same, under what the settings of a project say of issues.
    pub fn under(self, filter: Option<Arc<Filter>>) -> AppEvidence<A> {
        AppEvidence { filter, ..self }
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
        self.app().meets_at(&self.bases, resource, query, interrupt)
    }

    fn in_compartment(&self, resource: &[u8], patient: &str, interrupt: &Interrupt) -> Truth {
        self.app().in_patient_compartment_at(&self.bases, resource, patient, interrupt)
    }

    fn relative<'t>(&self, reference: &'t str) -> &'t str {
        let below = |base: &String| reference.strip_prefix(base.as_str())?.strip_prefix('/');
        self.bases.iter().find_map(below).unwrap_or(reference)
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
        let wanted = Wanted { level: policies.level, issues: policies.issues };
        let policies = match &self.filter {
            Some(filter) => filter.collecting(policies),
            None => policies,
        };
        match self.app().validate(body, &Request { profiles, policies, now: None }) {
            Ok(report) => match &self.filter {
                Some(filter) => validation(&filter.apply(report, ("", None), wanted)),
                None => validation(&Applied::plain(report)),
            },
            Err(_) => Validation { validity: Validity::Undetermined, issues: Vec::new() },
        }
    }
}

fn validation(applied: &Applied) -> Validation {
    let report = &applied.report;
    let validity = match report.verdict {
        // What was not examined to its end is not known.
        _ if report.stopped.is_some() => Validity::Undetermined,
        Verdict::Valid => Validity::Valid,
        Verdict::Invalid => Validity::Invalid,
        Verdict::Undetermined => Validity::Undetermined,
    };
    let note = applied.note();
    let told = serde_json::to_value(outcome(report, None).with_note(note.as_ref()));
    let mut told = told.unwrap_or_else(|_| json!({}));
    let issues = match told.get_mut("issue").map(Value::take) {
        Some(Value::Array(issues)) => issues,
        _ => Vec::new(),
    };
    Validation { validity, issues }
}
