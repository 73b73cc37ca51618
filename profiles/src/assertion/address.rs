//! Canonicals and code systems by another address than they are published under: by https for http, by the page that
//! describes them, by a build of the specification (<https://hl7.org/fhir/R4/references.html#canonical>,
//! <https://hl7.org/fhir/R4/terminologies-systems.html>).

use super::display::married;
use super::example::{Example, example};
use super::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};

/// Where the specification and its terminology are published for people.
const PAGES: [&str; 4] = ["hl7.org/fhir/", "www.hl7.org/fhir/", "terminology.hl7.org/", "build.fhir.org/"];
/// Below this are the code systems of the specification itself; what has a further `/` is of guides, or a registry.
const OWN: &str = "http://hl7.org/fhir/";

/// Urls of code systems that are written by mistake, and those under which the systems are registered
/// (<https://terminology.hl7.org/external_terminologies.html>).
const RENAMED: [(&str, &str); 2] = [
    ("http://hl7.org/fhir/sid/icpc2", "http://hl7.org/fhir/sid/icpc-2"),
    ("http://hl7.org/fhir/sid/ca-hc-din", "http://hl7.org/fhir/NamingSystem/ca-hc-din"),
];

/// Systems that are known by this url alone: what only begins with it is none, and a version stands in `version`
/// (<https://hl7.org/fhir/R4/terminologies-systems.html>: a uri that is defined there "SHALL be used in preference to
/// any other identifying mechanisms").
const WELL_KNOWN: [&str; 4] = [
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
];

/// What the specification uses by an address of its own, and others define.
const OF_OTHERS: [&str; 1] = ["http://hl7.org/fhir/ndfrt"];

/// Judges the url of a code system where nothing that is loaded has this url. Returns whether it is certainly wrong.
pub(super) fn system<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, url: &str) -> bool {
    let told = if let Some(twin) = twin(url).filter(|t| WELL_KNOWN.contains(&&**t) || j.code_system(t).is_some()) {
        format!("`{url}` is not the address of a code system, but `{twin}` is")
    } else if let Some(known) = WELL_KNOWN.iter().find(|known| is_below(url, known)) {
        format!("`{url}` is not the address of a code system, but `{known}` is; a version belongs in `version`")
    } else if is_build(url) {
        format!("`{url}` is in a build of the specification, where no code system is published")
    } else if is_page(url) {
        format!("`{url}` is a page for people, not the address of a code system")
    } else if let Some((_, right)) = RENAMED.iter().find(|(wrong, _)| *wrong == url) {
        format!("`{url}` was never published, the code system is `{right}`")
    } else if is_own(url) && has_all(j) {
        format!("the specification has no code system `{url}`")
    } else {
        return false;
    };
    j.find(RuleId::CODING_SYSTEM_ADDRESS, Weight::Warning, n, &[], || Detail::Text(told));
    true
}

/// Whether a url is that of a code system of the specification itself.
fn is_own(url: &str) -> bool {
    let name = url.strip_prefix(OWN).filter(|_| !OF_OTHERS.contains(&url));
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// Whether all code systems of the specification are loaded: since R4 some are in the package of its extensions.
fn has_all(j: &Judge<'_, '_>) -> bool {
    let is_of_extensions = |package: &str| package.starts_with("hl7.fhir.uv.extensions");
    j.set.fhir_version() < FhirVersion::R4 || j.set.layers().iter().any(|image| is_of_extensions(&image.package()))
}

/// Notes a canonical that names nothing as it is written, but something with the other of http and https.
pub(super) fn canonical<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, url: &str) {
    if let Some(twin) = twin(url).filter(|t| !j.kinds(t).is_empty()) {
        j.find(RuleId::CANONICAL_SCHEME, Weight::Note, n, &[], || Detail::Text(twin));
    }
}

/// The same address with http for https, or the other way round.
fn twin(url: &str) -> Option<String> {
    let plain = url.strip_prefix("https://").map(|rest| format!("http://{rest}"));
    plain.or_else(|| url.strip_prefix("http://").map(|rest| format!("https://{rest}")))
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}

/// Whether a url is a path below another. The implicit value sets of SNOMED CT and LOINC are none.
fn is_below(url: &str, other: &str) -> bool {
    url.strip_prefix(other).is_some_and(|rest| rest.starts_with('/') && !rest.contains('?') && !rest.starts_with("/vs"))
}

fn is_build(url: &str) -> bool {
    without_scheme(url).is_some_and(|rest| rest.starts_with("build.fhir.org/"))
}

fn is_page(url: &str) -> bool {
    let rest = without_scheme(url).unwrap_or_default();
    PAGES.iter().any(|page| rest.starts_with(page))
        && rest.split(['#', '?']).next().is_some_and(|r| r.ends_with(".html"))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODING_SYSTEM_ADDRESS, |t| t.given().into()),
    (RuleId::CANONICAL_SCHEME, |t| format!("nothing that is loaded has this address, but `{}` is", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_ADDRESS,
        married!(r#""system":"§://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M""#), "https", "http"),
    example(RuleId::CODING_SYSTEM_ADDRESS, married!(r#""system":"http://§","code":"M""#),
        "build.fhir.org/codesystem-a", "a.test/a"),
    example(RuleId::CODING_SYSTEM_ADDRESS, married!(r#""system":"http://§.html","code":"M""#),
        "hl7.org/fhir/codesystem-address-use", "a.test/codesystem-address-use"),
    example(RuleId::CODING_SYSTEM_ADDRESS, married!(r#""system":"http://hl7.org/fhir/sid/icpc§2","code":"M""#), "",
        "-"),
    example(RuleId::CODING_SYSTEM_ADDRESS, married!(r#""system":"http://loinc.org§","code":"LA48-4""#), "/", ""),
    example(RuleId::CODING_SYSTEM_ADDRESS, married!(r#""system":"http://snomed.info/sct§","code":"87915002""#),
        "/900000000000207008/version/20240101", ""),
    example(RuleId::CANONICAL_SCHEME, r#"{"resourceType":"Patient","meta":{"profile":[
        "§://hl7.org/fhir/StructureDefinition/Patient"]}}"#, "https", "http"),
];
