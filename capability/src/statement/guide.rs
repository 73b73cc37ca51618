//! An implementation guide as a party: a client that requires, or a server that promises, what the guide says.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Left, ProfileClaim, Resource, Rest, Stated, Statement, read_statement};
use crate::definitions::{GuideInfo, ProfileInfo};
use crate::issue::{Issue, Party};
use crate::parties::PartyInfo;
use crate::reason::Reason;
use fhir_accord_profiles::definition::Canonical;

/// The guide's statement of requirements where it has one (with the party's mode, else with the other), else one that
/// names all of its resource profiles. A side that represents one version of a guide means the profiles of that
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
    let several = requirements().filter(|s| has_mode(s, wanted)).count() > 1;
    if let Some(taken) = chosen.filter(|_| several).and_then(|s| s.get("url")).and_then(Value::as_str) {
        let text = format!("the guide has several statements of requirements for a {wanted}; `{taken}` was taken");
        issues.push(Issue::information(Reason::GuideStatement, party, "", text));
    }
    let read = chosen.and_then(|value| read_statement(value, party, issues));
    let mut statement = read.unwrap_or_else(|| from_profiles(guide, party));
    statement.is_guide = true;
    name_versions(&mut statement, guide);
    statement
}

/// Gives the guide's own profiles the version that they have in it.
fn name_versions(statement: &mut Statement, guide: &GuideInfo) {
    let mut own: BTreeMap<&str, &ProfileInfo> = BTreeMap::new();
    for info in &guide.profiles {
        own.entry(&info.url).or_insert(info);
    }
    for claim in statement.rest.resources.iter_mut().flat_map(|r| &mut r.profiles) {
        let canonical = &mut claim.value.canonical;
        if let Some(info) = own.get(canonical.url.as_str()).filter(|_| canonical.version.is_none()) {
            canonical.version = info.version.clone();
        }
    }
}

fn from_profiles(guide: &GuideInfo, party: Party) -> Statement {
    let mut types: BTreeMap<&str, Resource> = BTreeMap::new();
    for info in &guide.profiles {
        let resource = types.entry(&info.resource_type).or_insert_with(|| Resource::new(&info.resource_type, ""));
        let value = ProfileClaim { canonical: info.canonical(), for_all: false, top_level: false };
        resource.profiles.push(Stated { value, expectation: None, path: String::new() });
    }
    let mut resources: Vec<Resource> = types.into_values().collect();
    for (i, resource) in resources.iter_mut().enumerate() {
        resource.path = format!("rest[0].resource[{i}]");
        resource.profiles.sort_by(|a, b| a.value.canonical.cmp(&b.value.canonical));
        for (j, profile) in resource.profiles.iter_mut().enumerate() {
            profile.path = format!("rest[0].resource[{i}].supportedProfile[{j}]");
        }
    }
    Statement {
        party,
        about: PartyInfo {
            title: Some(guide.id.clone()),
            url: guide.url.clone(),
            version: Some(guide.version.clone()),
            ..PartyInfo::default()
        },
        is_guide: true,
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
        left: Left::default(),
    }
}
