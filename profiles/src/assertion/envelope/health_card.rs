//! The payload of a SMART Health Card (<https://spec.smarthealth.cards/>): a verifiable credential around a Bundle.

use super::model::{Members, Shape, Text, optional, required};

const fn plain(all: &'static [super::model::Member]) -> Members {
    Members { all, conditions: &[] }
}

/// A file of credentials: JSON Web Signatures, which are opened before an instance comes here.
pub static FILE: Members = plain(&[required("verifiableCredential", Shape::List(&Shape::Text(Text::Signature)))]);

/// Header and payload of a credential.
pub static CREDENTIAL: Members =
    plain(&[required("header", Shape::Object(&HEADER)), required("payload", Shape::Object(&PAYLOAD))]);

static HEADER: Members = plain(&[
    required("alg", Shape::Text(Text::Code(&["ES256"]))),
    required("zip", Shape::Text(Text::Code(&["DEF"]))),
    required("kid", Shape::Text(Text::Any)),
]);

/// The payload of the JSON Web Signature, after it was inflated.
pub static PAYLOAD: Members = plain(&[
    required("iss", Shape::Text(Text::HttpsBase)),
    required("nbf", Shape::Number),
    optional("exp", Shape::Number),
    optional("jti", Shape::Text(Text::Any)),
    required("vc", Shape::Object(&VERIFIABLE)),
    optional("sub", Shape::Text(Text::Any)),
]);

static VERIFIABLE: Members = plain(&[
    optional("@context", Shape::Any),
    required("type", Shape::Listing("https://smarthealth.cards#health-card")),
    required("credentialSubject", Shape::Object(&SUBJECT)),
    optional("rid", Shape::Text(Text::Any)),
]);

static SUBJECT: Members = plain(&[
    required("fhirVersion", Shape::Text(Text::FhirVersion)),
    required("fhirBundle", Shape::Resource(&["Bundle"])),
    optional("id", Shape::Text(Text::Any)),
]);
