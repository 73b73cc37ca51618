//! Reports and issues, as Python sees them.

use fhir_accord::profiles::issue;
use fhir_accord::render;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::AccordError;

/// One finding about an instance.
#[pyclass(frozen, eq, get_all, module = "accord", skip_from_py_object)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    severity: String,
    rule: String,
    code: String,
    open: bool,
    path: String,
    line: u32,
    column: u32,
    message: String,
    help: Option<String>,
    profiles: Vec<String>,
    element: Option<String>,
    constraint: Option<String>,
}

impl Issue {
    fn of(issue: &issue::Issue) -> Issue {
        Issue {
            severity: issue.severity.code().to_owned(),
            rule: issue.rule.as_str().to_owned(),
            code: issue.code.to_owned(),
            open: issue.open,
            path: issue.expression.clone(),
            line: issue.place.line,
            column: issue.place.column,
            message: issue.text.clone(),
            help: issue.help.clone(),
            profiles: issue.profiles.clone(),
            element: issue.element.clone(),
            constraint: issue.constraint.clone(),
        }
    }
}

#[pymethods]
impl Issue {
    fn __repr__(&self) -> String {
        let Issue { severity, rule, line, column, path, message, .. } = self;
        format!("<Issue {severity}[{rule}] at {line}:{column} {path}: {message}>")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Issue>().getattr("_restore")?, (written(self)?,)))
    }

    #[classmethod]
    fn _restore(_: &Bound<'_, PyType>, text: &str) -> PyResult<Issue> {
        serde_json::from_str(text).map_err(|e| AccordError::new_err(e.to_string()))
    }
}

/// What is told of an instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Told {
    verdict: String,
    stopped: Option<String>,
    errors: u64,
    warnings: u64,
    information: u64,
    unlisted: u64,
    issues: Vec<Issue>,
}

/// The result of validating one instance.
#[pyclass(frozen, eq, module = "accord", skip_from_py_object)]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    told: Told,
    /// The OperationOutcome as JSON, where the engine's own report is not here.
    #[serde(default)]
    outcome: Option<String>,
    #[serde(skip)]
    whole: Option<issue::Report>,
}

impl PartialEq for Report {
    /// What is told; that one of them was pickled makes no difference.
    fn eq(&self, other: &Report) -> bool {
        self.told == other.told
    }
}

fn written(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|e| AccordError::new_err(e.to_string()))
}

impl Report {
    /// The engine's report.
    pub fn of(whole: issue::Report) -> Report {
        let told = Told {
            verdict: whole.verdict.code().to_owned(),
            stopped: whole.stopped.map(|rule| rule.as_str().to_owned()),
            errors: whole.tally.errors,
            warnings: whole.tally.warnings,
            information: whole.tally.information,
            unlisted: whole.unlisted,
            issues: whole.issues.iter().map(Issue::of).collect(),
        };
        Report { told, outcome: None, whole: Some(whole) }
    }

    /// That of an instance at which the engine broke down.
    pub fn broken() -> Report {
        let told = Told {
            verdict: issue::Verdict::Undetermined.code().to_owned(),
            stopped: Some(BREAKDOWN.to_owned()),
            errors: 0,
            warnings: 0,
            information: 0,
            unlisted: 0,
            issues: Vec::new(),
        };
        let issue = json!({"severity": "error", "code": "exception", "details": {"text": BROKEN}});
        let outcome = json!({"resourceType": "OperationOutcome", "issue": [issue]});
        Report { told, outcome: Some(outcome.to_string()), whole: None }
    }
}

/// Why an instance was not examined at which the engine broke down.
pub const BREAKDOWN: &str = "breakdown";
const BROKEN: &str = "the engine broke down at this instance, which is an error of this program";

#[pymethods]
impl Report {
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, &self.told.verdict)
    }

    #[getter]
    fn stopped(&self) -> Option<&str> {
        self.told.stopped.as_deref()
    }

    #[getter]
    fn errors(&self) -> u64 {
        self.told.errors
    }

    #[getter]
    fn warnings(&self) -> u64 {
        self.told.warnings
    }

    #[getter]
    fn information(&self) -> u64 {
        self.told.information
    }

    #[getter]
    fn unlisted(&self) -> u64 {
        self.told.unlisted
    }

    #[getter]
    fn issues(&self) -> Vec<Issue> {
        self.told.issues.clone()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (written(&self.told)?,))
    }

    #[pyo3(signature = (source = None))]
    fn outcome(&self, source: Option<&str>) -> PyResult<String> {
        match &self.whole {
            Some(whole) => written(&render::outcome(whole, source)),
            None => Ok(self.outcome.clone().unwrap_or_default()),
        }
    }

    fn __repr__(&self) -> String {
        let Told { verdict, errors, warnings, information, .. } = &self.told;
        format!("<Report {verdict}: {errors} errors, {warnings} warnings, {information} information>")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let kept = Report { outcome: Some(self.outcome(None)?), told: self.told.clone(), whole: None };
        Ok((py.get_type::<Report>().getattr("_restore")?, (written(&kept)?,)))
    }

    #[classmethod]
    fn _restore(_: &Bound<'_, PyType>, text: &str) -> PyResult<Report> {
        serde_json::from_str(text).map_err(|e| AccordError::new_err(e.to_string()))
    }
}
