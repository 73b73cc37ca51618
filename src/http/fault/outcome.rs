//! A fault as the answer to a request.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use super::{FAULT_SYSTEM, Fault, POINTER_EXTENSION};
use crate::app::Complaint;
use crate::render::RULE_SYSTEM;

impl Fault {
    /// The fault as an OperationOutcome.
    pub fn outcome(&self) -> Value {
        let issues: Vec<Value> = self.complaints.iter().map(|c| self.issue(c)).collect();
        json!({"resourceType": "OperationOutcome", "issue": issues})
    }

    fn issue(&self, complaint: &Complaint) -> Value {
        let mut codings = vec![json!({"system": FAULT_SYSTEM, "code": self.name})];
        codings.extend(complaint.rule.map(|rule| json!({"system": RULE_SYSTEM, "code": rule})));
        let details = json!({"coding": codings, "text": complaint.text});
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
        if self.closes {
            builder.force_close();
        }
        builder.content_type(crate::http::content_type::FHIR_JSON).body(self.outcome().to_string())
    }
}
