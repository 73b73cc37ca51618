//! Which forms are taken and given: bodies in JSON or XML, answers in JSON
//! (<https://hl7.org/fhir/R4/http.html#mime-type>).

use actix_web::HttpRequest;
use actix_web::http::header;
use fhir_accord_profiles::definition::FhirVersion;

use super::Fault;
use super::content_type::{FHIR_JSON, JSON};

/// A media type without its parameters, in lower case, and the parameters that matter here.
struct Media<'a> {
    name: String,
    charset: Option<&'a str>,
    fhir_version: Option<&'a str>,
    refused: bool,
}

fn read(text: &str) -> Media<'_> {
    let mut parts = text.split(';').map(str::trim);
    let mut media = Media {
        name: parts.next().unwrap_or_default().to_ascii_lowercase(),
        charset: None,
        fhir_version: None,
        refused: false,
    };
    for (name, value) in parts.filter_map(|p| p.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "charset" => media.charset = Some(value),
            "fhirversion" => media.fhir_version = Some(value),
            "q" => media.refused = value.parse::<f32>().is_ok_and(|q| q <= 0.0),
            _ => {}
        }
    }
    media
}

/// Checks the content type of a body that should be an instance: FHIR JSON or XML; none at all is taken for one of
/// them. Gives the FHIR version that it names.
///
/// # Errors
/// 415 for anything else.
pub fn check_instance(req: &HttpRequest) -> Result<Option<FhirVersion>, Fault> {
    let taken = ["application/fhir+json", "application/json", "application/fhir+xml", "application/xml", "text/xml"];
    check(req, &taken, |version| match version {
        Some(v) => FhirVersion::parse(v).map(Some).ok_or_else(|| format!("`{v}` is not a FHIR version; send 4.0")),
        None => Ok(None),
    })
}

/// Checks the content type of a body that should be JSON; none at all is taken for JSON.
///
/// # Errors
/// 415 for anything else.
pub fn check_body(req: &HttpRequest) -> Result<(), Fault> {
    check(req, &["application/fhir+json", "application/json"], check_version)
}

/// Checks the content type of a body; gives what `version` makes of its FHIR version.
fn check<T>(
    req: &HttpRequest,
    taken: &[&str],
    version: impl Fn(Option<&str>) -> Result<T, String>,
) -> Result<T, Fault> {
    let text = req.headers().get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or_default());
    let Some(text) = text.filter(|t| !taken.contains(t)) else { return version(None).map_err(Fault::media_type) };
    let media = read(text);
    if !taken.contains(&media.name.as_str()) {
        return Err(Fault::media_type(format!(
            "content type `{}` is not supported; send one of {}",
            media.name,
            taken.join(", ")
        )));
    }
    if let Some(charset) = media.charset.filter(|c| !c.eq_ignore_ascii_case("utf-8")) {
        return Err(Fault::media_type(format!("character set `{charset}` is not supported; send UTF-8")));
    }
    version(media.fhir_version).map_err(Fault::media_type)
}

/// FHIR's `fhirVersion` parameter: major and minor.
fn check_version(version: Option<&str>) -> Result<(), String> {
    match version {
        Some(v) if v != "4.0" && v != "4.0.1" => Err(format!("FHIR version `{v}` is not supported; send 4.0")),
        _ => Ok(()),
    }
}

/// The content type of a FHIR answer, by `_format` or `Accept`.
///
/// # Errors
/// 406 where JSON is not acceptable.
pub fn answer(req: &HttpRequest, format: Option<&str>) -> Result<&'static str, Fault> {
    if let Some(format) = format {
        return match format {
            "json" | "application/fhir+json" | "application/fhir json" => Ok(FHIR_JSON),
            "application/json" | "text/json" => Ok(JSON),
            other => Err(Fault::not_acceptable(format!("format `{other}` is not supported; ask for `json`"))),
        };
    }
    let mut accepts = req.headers().get_all(header::ACCEPT).peekable();
    if accepts.peek().is_none() {
        return Ok(FHIR_JSON);
    }
    let mut plain = false;
    let mut version = Ok(());
    for item in accepts.filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')) {
        let media = read(item);
        match media.name.as_str() {
            _ if media.refused => {}
            "application/fhir+json" | "*/*" | "application/*" => match check_version(media.fhir_version) {
                Ok(()) => return Ok(FHIR_JSON),
                Err(e) => version = Err(e),
            },
            "application/json" => plain = true,
            _ => {}
        }
    }
    match (plain, version) {
        (true, _) => Ok(JSON),
        (false, Err(e)) => Err(Fault::not_acceptable(e)),
        (false, Ok(())) => Err(Fault::not_acceptable("responses are JSON only; accept `application/fhir+json`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn accept(text: &str) -> Result<&'static str, u16> {
        answer(&TestRequest::default().insert_header(("accept", text)).to_http_request(), None)
            .map_err(|f| f.status().as_u16())
    }

    fn instance(text: &str) -> Option<u16> {
        check_instance(&TestRequest::default().insert_header(("content-type", text)).to_http_request())
            .err()
            .map(|f| f.status().as_u16())
    }

    #[test]
    fn instances_are_json_or_xml() {
        for taken in [
            "application/fhir+json",
            "application/json",
            "application/fhir+xml",
            "application/xml; charset=utf-8",
            "text/xml",
        ] {
            assert_eq!(instance(taken), None, "{taken}");
        }
        assert_eq!(instance("text/plain"), Some(415));
        assert_eq!(instance("application/fhir+xml; charset=latin1"), Some(415));
        assert_eq!(instance("application/fhir+xml; fhirVersion=3.0"), None);
        assert_eq!(instance("application/fhir+xml; fhirVersion=2.0"), Some(415));
    }

    fn body(text: &str) -> Option<u16> {
        check_body(&TestRequest::default().insert_header(("content-type", text)).to_http_request())
            .err()
            .map(|f| f.status().as_u16())
    }

    #[test]
    fn answers_follow_accept() {
        assert_eq!(accept("application/fhir+json"), Ok(FHIR_JSON));
        assert_eq!(accept("application/json"), Ok(JSON));
        assert_eq!(accept("text/html, application/xml;q=0.9, */*;q=0.8"), Ok(FHIR_JSON));
        assert_eq!(accept("application/fhir+xml"), Err(406));
        assert_eq!(accept("application/fhir+xml, application/json"), Ok(JSON));
        assert_eq!(accept("application/fhir+json;q=0"), Err(406));
        assert_eq!(accept("application/fhir+json; fhirVersion=4.0"), Ok(FHIR_JSON));
        assert_eq!(accept("application/fhir+json; fhirVersion=5.0"), Err(406));
        let none = TestRequest::default().to_http_request();
        assert_eq!(answer(&none, None).unwrap(), FHIR_JSON);
        assert_eq!(answer(&none, Some("json")).unwrap(), FHIR_JSON);
        assert_eq!(answer(&none, Some("xml")).unwrap_err().status().as_u16(), 406);
    }

    #[test]
    fn bodies_are_json() {
        assert_eq!(body("application/fhir+json"), None);
        assert_eq!(body("Application/JSON; charset=UTF-8"), None);
        assert_eq!(body("application/json; charset=latin1"), Some(415));
        assert_eq!(body("application/fhir+xml"), Some(415));
        assert_eq!(body("application/x-www-form-urlencoded"), Some(415));
        assert_eq!(body("application/fhir+json; fhirVersion=3.0"), Some(415));
    }
}
