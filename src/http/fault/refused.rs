//! What is wrong with a request: the faults with a status of 4xx.

use actix_web::http::StatusCode;
use fhir_accord_profiles::definition::FhirVersion;

use super::Fault;
use crate::app::Complaint;

impl Fault {
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

    /// 400: no core package of the FHIR version is loaded.
    pub fn version_not_loaded(version: FhirVersion) -> Fault {
        let (name, package, number) = (version.name(), version.core_package(), version.number());
        Fault::invalid(
            "fhir-version",
            format!("FHIR {name} is not loaded here; start the service with the package {package}#{number}"),
        )
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

    /// 413: the body has too many members and entries.
    pub fn too_many(limit: usize) -> Fault {
        let text = format!("the body has more than {limit} members and entries; split it");
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too-costly", "limit-nodes", text)
    }

    /// 422: the answer would be too long.
    pub fn too_costly(limit_bytes: usize) -> Fault {
        let text = format!("the answer exceeds the limit of {limit_bytes} bytes; ask for less at once");
        Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "too-costly", "limit-answer", text)
    }

    /// 415
    pub fn media_type(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", "content-type", text)
    }
}
