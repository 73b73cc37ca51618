//! An implementation guide as a party: a client that requires, or a server that promises, what the guide says.

use serde_json::Value;
use std::sync::Arc;

use super::{ProfileClaim, Resource, Rest, Stated, Statement, read_statement};
use crate::definitions::GuideInfo;
use crate::issue::{Issue, Party};
use fhir_accord_profiles::definition::Canonical;

/// The guide's statement of requirements where it has one (with the party's mode, else with the other), else one that
/// names all of its resource profiles. A server that represents one version of a guide promises the profiles of that
/// version.
pub fn statement_of_guide(guide: &GuideInfo, party: Party, issues: &mut Vec<Issue>) -> Statement {
    let wanted = if party == Party::Client { "client" } else { "server" };
    let requirements =
        || guide.statements.iter().filter(|s| s.get("kind").and_then(Value::as_str) == Some("requirements"));
    let has_mode = |statement: &&Arc<Value>, mode: &str| {
        statement
            .get("rest")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|r| r.get("mode").and_then(Value::as_str) == Some(mode))
    };
    let chosen = requirements()
        .find(|s| has_mode(s, wanted))
        .or_else(|| requirements().find(|s| party == Party::Client && has_mode(s, "server")));
    let read = chosen.and_then(|value| read_statement(value, party, issues));
    let mut statement = read.unwrap_or_else(|| from_profiles(guide, party));
    if party == Party::Server {
        name_versions(&mut statement, guide);
    }
    statement
}

/// Gives the guide's own profiles the version that they have in it.
fn name_versions(statement: &mut Statement, guide: &GuideInfo) {
    for claim in statement.rest.resources.iter_mut().flat_map(|r| &mut r.profiles) {
        let canonical = &mut claim.value.canonical;
        if let Some(info) = guide.profiles.iter().find(|p| canonical.version.is_none() && p.url == canonical.url) {
            canonical.version = info.version.clone();
        }
    }
}

fn from_profiles(guide: &GuideInfo, party: Party) -> Statement {
    let mut resources: Vec<Resource> = Vec::new();
    for info in &guide.profiles {
        let at = match resources.iter().position(|r| r.resource_type == info.resource_type) {
            Some(at) => at,
            None => {
                resources.push(Resource::new(&info.resource_type, ""));
                resources.len() - 1
            }
        };
        let value = ProfileClaim { canonical: info.canonical(), for_all: false, top_level: false };
        if let Some(resource) = resources.get_mut(at) {
            resource.profiles.push(Stated { value, expectation: None, path: String::new() });
        }
    }
    resources.sort_by(|a, b| a.resource_type.cmp(&b.resource_type));
    for (i, resource) in resources.iter_mut().enumerate() {
        resource.path = format!("rest[0].resource[{i}]");
        resource.profiles.sort_by(|a, b| a.value.canonical.cmp(&b.value.canonical));
        for (j, profile) in resource.profiles.iter_mut().enumerate() {
            profile.path = format!("rest[0].resource[{i}].supportedProfile[{j}]");
        }
    }
    Statement {
        party,
        canonical: guide.url.as_ref().map(|url| Canonical { url: url.clone(), version: Some(guide.version.clone()) }),
        fhir_version: guide.fhir_version.clone(),
        open: true,
        promises_shall_only: true,
        usable: true,
        formats: Vec::new(),
        patch_formats: Vec::new(),
        imports: Vec::new(),
        instantiates: Vec::new(),
        guides: Vec::new(),
        top_level_profiles: Vec::new(),
        rest: Rest { resources, ..Rest::default() },
    }
}
