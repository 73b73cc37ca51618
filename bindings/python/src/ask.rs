//! Negotiations and comparisons: documents in, documents out, both as JSON.

use std::path::PathBuf;

use fhir_accord::library::{self, Comparison, Negotiation};
use pyo3::prelude::*;

use crate::error::AccordError;
use crate::work::aside;

/// What a client and a server can do together.
#[pyfunction]
pub fn negotiate(
    py: Python<'_>,
    request: &str,
    script: Option<PathBuf>,
    sources: [Option<String>; 2],
) -> PyResult<String> {
    let request = serde_json::from_str(request).map_err(|e| AccordError::new_err(e.to_string()))?;
    let negotiation = Negotiation { request, script, from: sources };
    let found = aside(py, |stop| library::negotiate(&negotiation, stop).map(|agreement| agreement.to_string()))?;
    found.map_err(AccordError::new_err)
}

/// Whether every instance of one profile is valid for another.
#[pyfunction]
pub fn satisfies(
    py: Python<'_>,
    left: String,
    right: String,
    packages: Vec<String>,
    fhir_version: String,
    both: bool,
    explain: bool,
) -> PyResult<String> {
    let comparison = Comparison { left, right, packages, fhir_version, both, explain };
    let compared = |stop: &_| {
        let matrix = library::compare(&comparison, stop)?;
        serde_json::to_string(&matrix).map_err(|e| e.to_string())
    };
    aside(py, compared)?.map_err(AccordError::new_err)
}
