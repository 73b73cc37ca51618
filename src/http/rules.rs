//! `GET /rules`: what each rule id of an issue or of a negotiation means, and what to do about it.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use fhir_accord_profiles::issue::RULES;
use serde_json::{Value, json};

use super::content_type;
use crate::capability::rules::rules;

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// All rules: those of validation, then those of negotiation.
fn document() -> Value {
    let validation = RULES.iter().map(|r| {
        json!({"id": r.id.as_str(), "of": "validation", "meaning": r.meaning, "help": r.help, "source": r.spec,
            "severity": r.severity.code(), "code": r.code})
    });
    let negotiation = rules().map(|r| {
        json!({"id": r.id, "of": "negotiation", "meaning": r.meaning, "help": r.help, "source": r.spec, "when": r.when})
    });
    json!({"rules": validation.chain(negotiation).collect::<Vec<_>>()})
}

/// `GET /rules`
pub(super) async fn list() -> HttpResponse {
    HttpResponse::Ok().content_type(content_type::JSON).body(TEXT.as_str())
}
