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

    /// 400: what came is no request.
    pub fn no_request() -> Fault {
        let text =
            "this is not a request of HTTP/1.1: its first line, a header, or the length of its body is malformed";
        Fault::new(StatusCode::BAD_REQUEST, "structure", "request-malformed", text)
    }

    /// 400: the body broke off, or cannot be decompressed. Nothing more can be read from its connection.
    pub fn broken_body() -> Fault {
        Fault { closes: true, ..Fault::invalid("body-broken", "the body broke off or could not be decompressed") }
    }

    /// 400: the body is no JSON.
    pub fn syntax(complaints: Vec<Complaint>) -> Fault {
        Fault {
            status: StatusCode::BAD_REQUEST,
            code: "structure",
            name: "body-syntax",
            complaints,
            header: None,
            closes: false,
        }
    }

    /// 422: the body is JSON, and not what its schema demands.
    pub fn schema(complaints: Vec<Complaint>) -> Fault {
        Fault {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "structure",
            name: "body-schema",
            complaints,
            header: None,
            closes: false,
        }
    }

    /// 422: understood, and not possible, for several reasons or with places.
    pub fn complaints(name: &'static str, complaints: Vec<Complaint>) -> Fault {
        Fault {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "invalid",
            name,
            complaints,
            header: None,
            closes: false,
        }
    }

    /// 422: the package cannot be used, for what is wrong with its definitions.
    pub fn unusable(name: &'static str, text: String, mut faults: Vec<Complaint>) -> Fault {
        faults.insert(0, Complaint::new(text));
        Fault::complaints(name, faults)
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

    /// 403: the token is known, and for other things (<https://www.rfc-editor.org/rfc/rfc6750#section-3.1>).
    pub fn insufficient() -> Fault {
        let text = "this token does not allow that; send the admin token as `Authorization: Bearer …`";
        Fault::new(StatusCode::FORBIDDEN, "forbidden", "token", text)
            .with("www-authenticate", "Bearer error=\"insufficient_scope\"")
    }

    /// 401: the token is not known (<https://www.rfc-editor.org/rfc/rfc6750#section-3.1>).
    pub fn invalid_token() -> Fault {
        Fault::unauthorised().with("www-authenticate", "Bearer error=\"invalid_token\"")
    }

    /// 401: writing parties needs a token, and that which came is not known.
    pub fn wrong_party_token() -> Fault {
        Fault::no_party_token().with("www-authenticate", "Bearer error=\"invalid_token\"")
    }

    /// 401: writing parties needs a token, which is missing or wrong.
    pub fn no_party_token() -> Fault {
        let text = "the admin token or the party token is required; send it as `Authorization: Bearer …`";
        Fault::new(StatusCode::UNAUTHORIZED, "login", "token", text).with("www-authenticate", "Bearer")
    }

    /// 401: reading needs a token, which is missing or wrong.
    pub fn unread() -> Fault {
        let text = "a read token is required; send it as `Authorization: Bearer …`";
        Fault::new(StatusCode::UNAUTHORIZED, "login", "token", text).with("www-authenticate", "Bearer")
    }

    /// 403: switched off.
    pub fn forbidden(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::FORBIDDEN, "forbidden", "switched-off", text)
    }

    /// 404
    pub fn not_found(text: impl Into<String>) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, "not-found", "not-found", text)
    }

    /// 404: there is no such negotiated set.
    pub fn negotiation_unknown() -> Fault {
        let text = "no negotiated set has this id; negotiate again";
        Fault::new(StatusCode::NOT_FOUND, "not-found", "negotiation-unknown", text)
    }

    /// 404: there is no such party.
    pub fn party_unknown() -> Fault {
        Fault::new(StatusCode::NOT_FOUND, "not-found", "party-unknown", "no party has this id; see GET /parties")
    }

    /// 410: the negotiated set was there, and is held no longer.
    pub fn negotiation_expired() -> Fault {
        let text = "the negotiated set with this id has expired; negotiate again, with the admin token to have it kept";
        Fault::new(StatusCode::GONE, "expired", "negotiation-expired", text)
    }

    /// 409: the negotiated set is there, and not kept.
    pub fn negotiation_held() -> Fault {
        let text = "the negotiated set with this id is only held until it expires; negotiate again, with the admin \
                    token, to have it kept";
        Fault::new(StatusCode::CONFLICT, "conflict", "negotiation-held", text)
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

    /// 408: the head did not come in time.
    pub fn slow_head() -> Fault {
        let text = "the first line and the headers did not arrive in time";
        Fault::new(StatusCode::REQUEST_TIMEOUT, "timeout", "head-timeout", text)
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

    /// 413: the documents of a party are too long.
    pub fn party_too_large(limit_bytes: usize) -> Fault {
        let text =
            format!("the documents of a party exceed the limit of {limit_bytes} bytes (limits.partyDocumentBytes)");
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "limit-party", text)
    }

    /// 413: the body has too many members and entries.
    pub fn too_many(limit: usize) -> Fault {
        let text = format!("the body has more than {limit} members and entries; split it");
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too-costly", "limit-nodes", text)
    }

    /// 431: the head has too many bytes or headers.
    pub fn large_head() -> Fault {
        let text = "the first line and the headers exceed the limit of 131072 bytes, or there are more than 96 headers";
        Fault::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "too-long", "limit-head", text)
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
