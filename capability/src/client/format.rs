//! The formats that a client sends and accepts.

/// The formats that the text of a header `Accept` or `Content-Type` names as FHIR's, in its order. `application/xml` is
/// not among them: browsers accept it for pages.
pub(super) fn formats(header: &str) -> impl Iterator<Item = &'static str> {
    header.split(',').filter_map(|one| {
        let media = one.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media.as_str() {
            "application/fhir+json" | "application/json+fhir" | "application/json" => Some("json"),
            "application/fhir+xml" | "application/xml+fhir" => Some("xml"),
            _ => None,
        }
    })
}
