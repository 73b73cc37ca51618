//! Which forms are taken and given: FHIR in JSON or XML, anything else in JSON
//! (<https://hl7.org/fhir/R4/http.html#mime-type>).

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use fhir_accord_profiles::definition::FhirVersion;

use super::Fault;
use super::content_type::{FHIR_JSON, FHIR_XML, JSON, TEXT_XML, XML};
use super::query::pairs;

/// The media ranges of an `Accept` that are looked at.
const MOST_RANGES: usize = 100;

/// A media type without its parameters, in lower case, and the parameters that matter here.
struct Media<'a> {
    name: String,
    charset: Option<&'a str>,
    fhir_version: Option<&'a str>,
    /// How much it is wanted, from 0: not at all.
    quality: f32,
}

fn read(text: &str) -> Media<'_> {
    let mut parts = text.split(';').map(str::trim);
    let mut media = Media {
        name: parts.next().unwrap_or_default().to_ascii_lowercase(),
        charset: None,
        fhir_version: None,
        quality: 1.0,
    };
    for (name, value) in parts.filter_map(|p| p.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "charset" => media.charset = Some(value),
            "fhirversion" => media.fhir_version = Some(value),
            "q" => media.quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0),
            _ => {}
        }
    }
    media
}

/// The content types of FHIR.
const TAKEN: [&str; 5] =
    ["application/fhir+json", "application/json", "application/fhir+xml", "application/xml", "text/xml"];

/// Checks the content type of a body that should be an instance: FHIR JSON or XML; none at all is taken for one of
/// them. Gives the FHIR version that it names.
///
/// # Errors
/// 415 for anything else.
pub fn check_instance(req: &HttpRequest) -> Result<Option<FhirVersion>, Fault> {
    check(req, &TAKEN, |version| match version {
        Some(v) => FhirVersion::parse(v).map(Some).ok_or_else(|| format!("`{v}` is not a FHIR version; send 4.0")),
        None => Ok(None),
    })
}

/// As [`check_instance`], of a body whose FHIR version the service decides.
///
/// # Errors
/// 415 for anything else.
pub fn check_fhir(req: &HttpRequest) -> Result<(), Fault> {
    check(req, &TAKEN, check_version)
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

/// Which FHIR versions of answers there are.
type Check = fn(Option<&str>) -> Result<(), String>;

/// The form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// JSON, with this content type.
    Json(&'static str),
    /// XML, with this content type.
    Xml(&'static str),
}

/// The forms of FHIR answers by their media types; of several that are wanted alike the first.
const FORMS: [(&str, Form); 5] = [
    ("application/fhir+json", Form::Json(FHIR_JSON)),
    ("application/json", Form::Json(JSON)),
    ("application/fhir+xml", Form::Xml(FHIR_XML)),
    ("application/xml", Form::Xml(XML)),
    ("text/xml", Form::Xml(TEXT_XML)),
];

/// The content type in which a handler puts a FHIR answer together: JSON, which is written as XML behind it where that
/// is asked for ([`super::xml`]).
///
/// # Errors
/// 406 where neither is acceptable.
pub fn answer(req: &HttpRequest) -> Result<&'static str, Fault> {
    form(req.headers(), req.query_string(), check_version).map(|form| match form {
        Form::Json(content_type) => content_type,
        Form::Xml(_) => FHIR_JSON,
    })
}

/// Checks that an answer that is not FHIR can be JSON.
///
/// # Errors
/// 406 where JSON is not acceptable.
pub fn json(req: &HttpRequest) -> Result<(), Fault> {
    match by_accept(req.headers(), |form| matches!(form, Form::Json(_)), check_version) {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::not_acceptable("this response is JSON only; accept `application/json`")),
    }
}

/// The form of a FHIR answer, whatever FHIR version it is asked for.
///
/// # Errors
/// 406 where neither JSON nor XML is acceptable.
pub fn wanted(headers: &HeaderMap, query: &str) -> Result<Form, Fault> {
    form(headers, query, |_| Ok(()))
}

/// The form of a FHIR answer: what `_format` in the address names, else what `Accept` prefers. `check` tells which FHIR
/// versions there are.
fn form(headers: &HeaderMap, query: &str, check: Check) -> Result<Form, Fault> {
    let named = if query.contains("_format") { pairs(query).ok() } else { None };
    match named.into_iter().flatten().rfind(|(name, _)| name == "_format") {
        Some((_, format)) => by_name(&format, check),
        None => by_accept(headers, |_| true, check),
    }
}

/// The form that `_format` names (<https://hl7.org/fhir/R4/http.html#general>); a plus sign may have become a blank.
fn by_name(format: &str, check: Check) -> Result<Form, Fault> {
    let media = read(format);
    check(media.fhir_version).map_err(Fault::not_acceptable)?;
    match media.name.replace(' ', "+").as_str() {
        "json" => Ok(Form::Json(FHIR_JSON)),
        "text/json" => Ok(Form::Json(JSON)),
        "xml" => Ok(Form::Xml(FHIR_XML)),
        name => FORMS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form).ok_or_else(|| {
            let format: String = format.chars().take(100).collect();
            Fault::not_acceptable(format!("format `{format}` is not supported; ask for `json` or `xml`"))
        }),
    }
}

/// The form, of those that are given, that `Accept` wants most: for each the most specific range that names it counts
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>); of several that it wants alike the one named first.
fn by_accept(headers: &HeaderMap, is_given: impl Fn(Form) -> bool, check: Check) -> Result<Form, Fault> {
    let mut accepts = headers.get_all(header::ACCEPT).filter_map(|v| v.to_str().ok()).peekable();
    if accepts.peek().is_none_or(|first| matches!(*first, "*/*" | "application/fhir+json")) {
        return Ok(Form::Json(FHIR_JSON));
    }
    let ranges: Vec<Media<'_>> = accepts.flat_map(|v| v.split(',')).take(MOST_RANGES).map(read).collect();
    let mut best: Option<(f32, usize, Form)> = None;
    let mut version = Ok(());
    for (name, form) in FORMS.into_iter().filter(|(_, form)| is_given(*form)) {
        let named = ranges.iter().enumerate().filter_map(|(i, range)| Some((specific(&range.name, name)?, i, range)));
        let Some((_, i, range)) = named.min_by_key(|(rank, i, _)| (*rank, *i)) else { continue };
        if let Err(e) = check(range.fhir_version) {
            version = Err(e);
        } else if range.quality > best.map_or(0.0, |(q, ..)| q)
            || best.is_some_and(|(q, at, _)| q == range.quality && i < at)
        {
            best = Some((range.quality, i, form));
        }
    }
    match (best, version) {
        (Some((.., form)), _) => Ok(form),
        (None, Err(e)) => Err(Fault::not_acceptable(e)),
        (None, Ok(())) => Err(Fault::not_acceptable(
            "responses are JSON or XML; accept `application/fhir+json` or `application/fhir+xml`",
        )),
    }
}

/// How specific a media range is that names a type, 0 the most; `None` where it does not name it.
fn specific(range: &str, name: &str) -> Option<u8> {
    match range {
        "*/*" => Some(2),
        _ if range == name => Some(0),
        _ => {
            let (kind, rest) = range.split_once('/')?;
            (rest == "*" && name.split_once('/')?.0 == kind).then_some(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn accept(text: &str) -> Result<Form, u16> {
        let req = TestRequest::default().insert_header(("accept", text)).to_http_request();
        form(req.headers(), "", check_version).map_err(|f| f.status().as_u16())
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
        super::check_body(&TestRequest::default().insert_header(("content-type", text)).to_http_request())
            .err()
            .map(|f| f.status().as_u16())
    }

    #[test]
    fn answers_follow_accept() {
        let (json, plain) = (Ok(Form::Json(FHIR_JSON)), Ok(Form::Json(JSON)));
        let (xml, any_xml) = (Ok(Form::Xml(FHIR_XML)), Ok(Form::Xml(XML)));
        for (text, wanted) in [
            ("application/fhir+json", json),
            ("Application/FHIR+JSON; q=0.1", json),
            ("application/json", plain),
            ("application/fhir+xml", xml),
            ("application/xml", any_xml),
            ("text/xml", Ok(Form::Xml(TEXT_XML))),
            ("text/*", Ok(Form::Xml(TEXT_XML))),
            ("*/*", json),
            ("application/*", json),
            ("text/html, application/xml;q=0.9, */*;q=0.8", any_xml),
            ("text/html, application/xml;q=0.8, */*;q=0.8", any_xml),
            ("text/html, application/xml;q=0.7, */*;q=0.8", json),
            ("application/fhir+xml, application/json", xml),
            ("application/json, application/fhir+xml", plain),
            ("application/fhir+xml;q=0.5, application/json;q=0.6", plain),
            ("application/fhir+json;q=0, */*", plain),
            ("application/fhir+json;q=0", Err(406)),
            ("application/fhir+json;q=2", Err(406)),
            ("text/turtle", Err(406)),
            ("application/fhir+json; fhirVersion=4.0", json),
            ("application/fhir+json; fhirVersion=5.0", Err(406)),
            ("application/fhir+json; fhirVersion=5.0, application/fhir+xml; fhirVersion=4.0", xml),
        ] {
            assert_eq!(accept(text), wanted, "{text}");
        }
        let none = TestRequest::default().to_http_request();
        assert_eq!(answer(&none).unwrap(), FHIR_JSON);
        let xml_alone = TestRequest::default().insert_header(("accept", "application/fhir+xml")).to_http_request();
        assert_eq!(answer(&xml_alone).unwrap(), FHIR_JSON);
        assert_eq!(json_only(&none), None);
        assert_eq!(json_only(&xml_alone), Some(406));
    }

    fn json_only(req: &HttpRequest) -> Option<u16> {
        super::json(req).err().map(|f| f.status().as_u16())
    }

    #[test]
    fn the_address_is_stronger_than_accept() {
        let req = TestRequest::default().insert_header(("accept", "application/fhir+json")).to_http_request();
        let of = |query: &str| form(req.headers(), query, check_version).map_err(|f| f.status().as_u16());
        assert_eq!(of("_format=xml"), Ok(Form::Xml(FHIR_XML)));
        assert_eq!(of("url=x&_format=application%2Ffhir%2Bxml"), Ok(Form::Xml(FHIR_XML)));
        assert_eq!(of("_format=application/fhir+xml"), Ok(Form::Xml(FHIR_XML)));
        assert_eq!(of("_format=text/xml"), Ok(Form::Xml(TEXT_XML)));
        assert_eq!(of("_format=json"), Ok(Form::Json(FHIR_JSON)));
        assert_eq!(of("_format=text/json"), Ok(Form::Json(JSON)));
        assert_eq!(of("_format=html"), Err(406));
        assert_eq!(of("url=_format"), Ok(Form::Json(FHIR_JSON)));
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
