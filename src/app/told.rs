//! What is said of profiles and versions: which FHIR version the profiles tell that are asked for, or that an instance
//! claims, and which one its elements do; profiles that are not here.

use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::instance::{NameId, Tape};
use fhir_accord_profiles::issue::{Report, RuleId};
use fhir_accord_profiles::plan::ImageSet;
use fhir_accord_profiles::release::versions_with;

use crate::images::embedded::heads;
use crate::packages::embedded;

/// The FHIR version that a profile's canonical tells: by the version of a definition of the specification
/// (`…/Patient|1.0.2`), or since an embedded guide has it that is for that version only. R4 where several have it.
pub fn version_of(canonical: &str) -> Option<FhirVersion> {
    let canonical = Canonical::parse(canonical);
    if canonical.url.starts_with("http://hl7.org/fhir/StructureDefinition/")
        && let Some(version) = canonical.version.as_deref().and_then(FhirVersion::parse)
    {
        return Some(version);
    }
    let guides = embedded::list().iter().filter(|e| e.is_guide());
    let having = guides.filter(|e| heads(e).is_some_and(|p| p.by_url(&canonical.url).next().is_some()));
    let versions: Vec<FhirVersion> = having.filter_map(|e| e.manifest.fhir_version).collect();
    versions.iter().find(|v| **v == FhirVersion::R4).or(versions.first()).copied()
}

/// Says of profiles that are not loaded for which other FHIR version they are, and of an instance that looks like one
/// of another version, that it does.
pub(super) fn hint(report: &mut Report, tape: &Tape<'_>, version: FhirVersion) {
    let unknown = report.issues.iter_mut().find(|i| i.rule == RuleId::ELEMENT_UNKNOWN);
    if let Some((issue, looks)) = unknown.and_then(|i| Some((i, looks_like(tape, version)?))) {
        issue.help = Some(looks);
    }
    for issue in report.issues.iter_mut().filter(|i| i.rule == RuleId::PROFILE_UNKNOWN) {
        let named = issue.text.split('`').nth(1).and_then(version_of);
        if let Some(other) = named.filter(|v| *v != version) {
            let name = other.name();
            issue.help = Some(format!("the profile is for FHIR {name}: validate with the FHIR version {name}"));
        }
    }
}

/// What is to be said of an instance with elements of resources that its FHIR version does not have and others do;
/// `None` where it has none, or no single version has them all.
fn looks_like(tape: &Tape<'_>, version: FhirVersion) -> Option<String> {
    let mut fitting = FhirVersion::ALL.to_vec();
    let mut foreign = None;
    for index in 0..tape.len() {
        let node = tape.node(u32::try_from(index).ok()?);
        let Some(resource_type) = node.child_text(NameId::RESOURCE_TYPE) else { continue };
        for name in node.children().map(|c| c.name_text()) {
            let Some(versions) = versions_with(&resource_type, name) else { continue };
            fitting.retain(|v| versions.contains(v));
            if !versions.contains(&version) {
                foreign.get_or_insert_with(|| format!("{resource_type}.{name}"));
            }
        }
    }
    let (element, [other, ..]) = (foreign?, &*fitting) else { return None };
    let names: Vec<&str> = fitting.iter().map(|v| v.name()).collect();
    let has = if names.len() == 1 { "has" } else { "have" };
    let (own, names, other) = (version.name(), names.join(" and "), other.name());
    Some(format!(
        "FHIR {own} has no `{element}`, {names} {has}: if the instance is of that version, validate it with the FHIR \
         version {other}"
    ))
}

/// What to say of a profile that is not among the loaded ones.
pub(super) fn unknown_profile(set: &ImageSet, canonical: &str) -> String {
    let other = canonical.split_once('|').and_then(|(url, _)| set.find_structure(url, None));
    match other {
        Some(other) => format!(
            "unknown profile `{canonical}`: only `{}` is loaded; load the package with the other version with \
             --package",
            set.canonical(other)
        ),
        None => match meant(set, canonical) {
            Some(url) => format!("unknown profile `{canonical}`; a profile is named by its canonical: `{url}`"),
            None => format!("unknown profile `{canonical}`; load its package with --package"),
        },
    }
}

/// The loaded profile or type whose canonical ends with a name that is none, such as `us-core-patient` or `Patient`.
fn meant(set: &ImageSet, name: &str) -> Option<String> {
    let (name, version) = name.split_once('|').unwrap_or((name, ""));
    if name.is_empty() || name.contains(['/', ':']) {
        return None;
    }
    let of_type = format!("http://hl7.org/fhir/StructureDefinition/{name}");
    if version.is_empty() && set.find_structure(&of_type, None).is_some() {
        return Some(of_type);
    }
    let canonicals = (0..set.layers().len()).flat_map(|layer| set.all_profiles(layer)).map(|p| set.canonical_of(p));
    let is_it = |canonical: &str| {
        let (url, own) = canonical.split_once('|').unwrap_or((canonical, ""));
        url.rsplit('/').next() == Some(name) && (version.is_empty() || own == version)
    };
    let found = canonicals.into_iter().find(|canonical| is_it(canonical))?;
    match version {
        "" => found.split('|').next().map(str::to_owned),
        _ => Some(found),
    }
}
