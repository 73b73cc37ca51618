//! Why a request could not be served, as an OperationOutcome with a 4xx or 5xx status.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

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
}

impl Fault {
    fn new(status: StatusCode, code: &'static str, name: &'static str, text: impl Into<String>) -> Fault {
        Fault { status, code, name, complaints: vec![Complaint::new(text)], header: None }
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Fault {
        self.header = Some((name, value));
        self
    }

    /// 400: the request contradicts itself or cannot be read.
    pub fn invalid(name: &'static str, text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "invalid", name, text)
    }

    /// 400: the body is no JSON.
    pub fn syntax(complaints: Vec<Complaint>) -> Fault {
        Fault { status: StatusCode::BAD_REQUEST, code: "structure", name: "body-syntax", complaints, header: None }
    }

    /// 422: the body is JSON, and not what its schema demands.
    pub fn schema(complaints: Vec<Complaint>) -> Fault {
        Fault {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "structure",
            name: "body-schema",
            complaints,
            header: None,
        }
    }

    /// 422: understood, and not possible, for several reasons or with places.
    pub fn complaints(name: &'static str, complaints: Vec<Complaint>) -> Fault {
        Fault { status: StatusCode::UNPROCESSABLE_ENTITY, code: "invalid", name, complaints, header: None }
    }

    /// 422: understood, and not possible.
    pub fn unprocessable(name: &'static str, text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "processing", name, text)
    }

    /// 422: understood, and not possible, with the place.
    pub fn refused(name: &'static str, complaint: Complaint) -> Fault {
        Fault { complaints: vec![complaint], ..Fault::unprocessable(name, "") }
    }

    /// 422: a profile that was asked for is not known.
    pub fn unknown_profile(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "not-found", "profile-unknown", text)
    }

    /// 401: the token is missing or wrong.
    pub fn unauthorised() -> Fault {
        Fault::new(
            StatusCode::UNAUTHORIZED,
            "login",
            "token",
            "the admin token is required; send it as `Authorization: Bearer …`",
        )
        .with("www-authenticate", "Bearer")
    }

    /// 403: switched off.
    pub fn forbidden(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::FORBIDDEN, "forbidden", "switched-off", text)
    }

    /// 404
    pub fn not_found(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, "not-found", "not-found", text)
    }

    /// 405
    pub fn method(allowed: &'static str) -> Fault {
        Fault::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "not-supported",
            "method",
            format!("this address only supports {allowed}"),
        )
        .with("allow", allowed)
    }

    /// 406: the answer cannot be given in the form that is asked for.
    pub fn not_acceptable(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::NOT_ACCEPTABLE, "not-supported", "format", text)
    }

    /// 408: the body did not come in time.
    pub fn too_slow(limit_ms: u64) -> Fault {
        Fault::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "body-timeout",
            format!("the body did not arrive within {limit_ms} ms"),
        )
    }

    /// 409
    pub fn conflict(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::CONFLICT, "conflict", "conflict", text)
    }

    /// 413
    pub fn too_large(limit_bytes: usize) -> Fault {
        Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-long",
            "limit-bytes",
            format!("the body exceeds the limit of {limit_bytes} bytes; split it, or raise the limit"),
        )
    }

    /// 415
    pub fn media_type(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", "content-type", text)
    }

    /// 500: our own failure.
    pub fn internal(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", "internal", text)
    }

    /// 503: too much at once.
    pub fn busy(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, "throttled", "busy", text).with("retry-after", "1")
    }

    /// 503: the work took too long.
    pub fn timeout(limit_ms: u64) -> Fault {
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "timeout",
            format!("the request was not completed within {limit_ms} ms; split it, or raise the limit"),
        )
        .with("retry-after", "5")
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable name of the fault, for logs.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The fault as an OperationOutcome.
    pub fn outcome(&self) -> Value {
        let issues: Vec<Value> = self.complaints.iter().map(|c| self.issue(c)).collect();
        json!({"resourceType": "OperationOutcome", "issue": issues})
    }

    fn issue(&self, complaint: &Complaint) -> Value {
        let details = json!({"coding": [{"system": FAULT_SYSTEM, "code": self.name}], "text": complaint.text});
        let mut issue = Map::new();
        issue.insert("severity".to_owned(), "error".into());
        issue.insert("code".to_owned(), self.code.into());
        issue.insert("details".to_owned(), details);
        if let Some(element) = &complaint.element {
            issue.insert("expression".to_owned(), json!([element]));
        }
        match complaint.pointer.as_deref() {
            None => {}
            // The pointer to the whole is the empty string, which FHIR has no way to write.
            Some("") => {
                issue.insert("diagnostics".to_owned(), "at the root of the body".into());
            }
            Some(pointer) => {
                let extension = json!([{"url": POINTER_EXTENSION, "valueString": pointer}]);
                issue.insert("extension".to_owned(), extension);
                issue.insert("diagnostics".to_owned(), format!("at `{pointer}`").into());
            }
        }
        Value::Object(issue)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status);
        if let Some(header) = self.header {
            builder.insert_header(header);
        }
        builder.content_type(super::content_type::FHIR_JSON).body(self.outcome().to_string())
    }
}

impl From<crate::store::StoreError> for Fault {
    fn from(error: crate::store::StoreError) -> Fault {
        tracing::error!(%error, "the store failed");
        Fault::internal("the store failed; see the log of the service")
    }
}
