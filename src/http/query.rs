//! The query string of `$validate`.

use actix_web::web;
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::issue::Severity;

use super::Fault;
use super::mode::Mode;
use crate::config::PolicySettings;

/// The most packages that one request may name.
const PACKAGES: usize = 50;

/// What a query string of `$validate` asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pub profiles: Vec<String>,
    /// `package`: the packages that count; none means all that are loaded.
    pub packages: Vec<String>,
    pub mode: Option<Mode>,
    /// `negotiation`: the id of a negotiated set that is kept.
    pub negotiation: Option<String>,
    /// `_pretty`
    pub pretty: bool,
    /// `fhirVersion`: the FHIR version of the instance.
    pub fhir_version: Option<FhirVersion>,
    /// `_level`: the least severe issues that are listed.
    pub level: Option<Severity>,
    /// `_details`: all that is known of each issue.
    pub details: bool,
    pub policies: PolicySettings,
}

impl Query {
    /// Reads a query string; a name that is not known is refused, so that a slip of the pen checks nothing less.
    ///
    /// # Errors
    /// 400 that names the parameter.
    pub(super) fn parse(text: &str) -> Result<Query, Fault> {
        let mut query = Query::default();
        if text.is_empty() {
            return Ok(query);
        }
        for (name, value) in pairs(text)? {
            match name.as_str() {
                "profile" | "package" if value.is_empty() => {
                    return Err(Fault::invalid("query", format!("parameter `{name}` is empty")));
                }
                "profile" => query.profiles.push(value),
                "package" if query.packages.len() >= PACKAGES => {
                    return Err(Fault::invalid("query", format!("more than {PACKAGES} packages are named")));
                }
                "package" => query.packages.push(value),
                "negotiation" => query.negotiation = Some(value),
                "mode" => query.mode = Some(Mode::parse(&value)?),
                "fhirVersion" => query.fhir_version = Some(fhir_version(&value)?),
                "_format" => {}
                "_level" => query.level = Some(level(&value)?),
                "_details" => query.details = value == "true",
                "_pretty" => query.pretty = value == "true",
                _ => query.policies.set(&name, &value).map_err(|e| Fault::invalid("query", e))?,
            }
        }
        Ok(query)
    }
}

/// The FHIR version that `fhirVersion` names.
pub fn fhir_version(text: &str) -> Result<FhirVersion, Fault> {
    let unknown = || format!("parameter `fhirVersion` cannot be `{text}`; expected a FHIR version, as 4.0");
    FhirVersion::parse(text).ok_or_else(|| Fault::invalid("query", unknown()))
}

fn level(text: &str) -> Result<Severity, Fault> {
    match text {
        "information" => Ok(Severity::Information),
        "warning" => Ok(Severity::Warning),
        "error" => Ok(Severity::Error),
        other => Err(Fault::invalid(
            "query",
            format!("parameter `_level` cannot be `{other}`; expected information, warning or error"),
        )),
    }
}

/// The pairs of a query string, decoded, in order.
///
/// # Errors
/// 400 where it cannot be decoded.
pub(super) fn pairs(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text);
    pairs
        .map(web::Query::into_inner)
        .map_err(|_| Fault::invalid("query", "the query string could not be decoded; percent-encode it as UTF-8"))
}
