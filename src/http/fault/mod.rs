//! Why a request could not be served, as an OperationOutcome with a 4xx or 5xx status.

mod outcome;
mod refused;
mod unserved;

use actix_web::http::StatusCode;

use crate::app::Complaint;

/// The system of the codes of faults in `issue.details.coding`.
pub const FAULT_SYSTEM: &str = "https://accord.example/fault";
/// The extension that carries the JSON pointer of a fault in a body that is not FHIR.
pub const POINTER_EXTENSION: &str = "https://accord.example/StructureDefinition/json-pointer";

/// A request that is not served.
#[derive(Clone, Debug)]
pub struct Fault {
    status: StatusCode,
    /// IssueType code.
    code: &'static str,
    /// The stable name of the fault.
    name: &'static str,
    complaints: Vec<Complaint>,
    header: Option<(&'static str, &'static str)>,
    /// The connection ends with the answer.
    closes: bool,
}

impl Fault {
    fn new(status: StatusCode, code: &'static str, name: &'static str, text: impl Into<String>) -> Fault {
        Fault { status, code, name, complaints: vec![Complaint::new(text)], header: None, closes: false }
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Fault {
        self.header = Some((name, value));
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether the connection ends with the answer.
    pub fn closes(&self) -> bool {
        self.closes
    }

    /// The stable name of the fault, for logs.
    pub fn name(&self) -> &'static str {
        self.name
    }
}
