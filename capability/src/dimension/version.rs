//! The FHIR version: both sides must use the same release (major.minor). Nothing is converted.

use fhir_accord_profiles::definition::FhirVersion;

use crate::agreement::VersionChoice;
use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::rename::other_names;
use crate::statement::Statement;

/// Whether the versions agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agree {
    Yes,
    No,
    Unknown,
}

/// The version that both sides use, with an issue where there is none.
pub fn choose(client: &Statement, server: &Statement, issues: &mut Vec<Issue>) -> (VersionChoice, Agree) {
    match (client.release(), server.release()) {
        (Some(c), Some(s)) if c == s => (VersionChoice { chosen: Some(c), why: Vec::new() }, Agree::Yes),
        (Some(_), Some(_)) => {
            let text = format!(
                "the client uses FHIR {}, the server FHIR {}; nothing is converted, types are compared by name",
                label(client),
                label(server)
            );
            issues.push(Issue::error(Reason::FhirVersion, Party::Both, "fhirVersion", text));
            tell_renames(client, server, issues);
            (VersionChoice { chosen: None, why: vec![Reason::FhirVersion] }, Agree::No)
        }
        (c, _) => {
            let party = if c.is_none() { Party::Client } else { Party::Server };
            issues.push(Issue::warning(
                Reason::FhirVersionUnknown,
                party,
                "fhirVersion",
                "the statement does not name a known FHIR version",
            ));
            (VersionChoice { chosen: None, why: vec![Reason::FhirVersionUnknown] }, Agree::Unknown)
        }
    }
}

/// `4.0.1 (R4)`.
fn label(statement: &Statement) -> String {
    let version = statement.fhir_version.clone().unwrap_or_default();
    let name = match FhirVersion::parse(&version) {
        Some(FhirVersion::Dstu2) => " (DSTU2)",
        Some(FhirVersion::Stu3) => " (STU3)",
        Some(FhirVersion::R4) => " (R4)",
        Some(FhirVersion::R4b) => " (R4B)",
        Some(FhirVersion::R5) => " (R5)",
        None => "",
    };
    format!("{version}{name}")
}

/// Adds an issue for each type that the server knows under another name.
fn tell_renames(client: &Statement, server: &Statement, issues: &mut Vec<Issue>) {
    for resource in client.rest.resources.iter().filter(|r| server.resource(&r.resource_type).is_none()) {
        let other: Vec<&str> =
            other_names(&resource.resource_type).filter(|other| server.resource(other).is_some()).collect();
        if !other.is_empty() {
            let text =
                format!("{} is called {} in the server's FHIR version", resource.resource_type, other.join(" or "));
            issues.push(Issue::information(Reason::TypeRenamed, Party::Client, &resource.path, text));
        }
    }
}
