//! The engine, with the settings that stand for the official validator's.

use std::cell::RefCell;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use fhir_accord::profiles::fhirpath::Temporal;
use fhir_accord::profiles::issue::{self, Severity};

use crate::issue::{Said, Verdict};
use crate::place::normal;

/// The engine with its packages.
pub struct Engine {
    app: App,
    policies: Policies,
    memory: RefCell<Memory>,
}

impl Engine {
    /// With the core package of R4 and those that are named.
    pub fn open(packages: &[String]) -> Engine {
        let mut all = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
        all.extend_from_slice(packages);
        let app = App::open(&Settings { packages: all, ..Settings::default() }).unwrap();
        let policies = Policies { issues: 10_000, ..Policies::hl7() };
        Engine { app, policies, memory: RefCell::default() }
    }

    /// What it says of an instance, JSON or XML.
    pub fn judge(&self, text: &str) -> Verdict {
        let now = Temporal::date_time("2026-11-30T12:00:00Z");
        let evaluator = self.app.evaluator();
        let report =
            self.app.check(&evaluator, text.as_bytes(), &[], &self.policies, now, &mut self.memory.borrow_mut());
        let said = |i: &issue::Issue| Said {
            place: normal(Some(&i.expression)),
            id: i.constraint.clone().unwrap_or_else(|| i.rule.as_str().to_owned()),
            text: i.text.clone(),
        };
        let is_error = |i: &&issue::Issue| i.severity <= Severity::Error;
        Verdict {
            errors: report.issues.iter().filter(is_error).map(said).collect(),
            open: report.issues.iter().filter(|i| i.open).map(said).collect(),
            is_undetermined: report.verdict == issue::Verdict::Undetermined,
        }
    }
}
