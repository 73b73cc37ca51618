//! Settles which profiles a statement's entries name: the top-level list of DSTU2 and STU3 goes to the entries of the
//! profiles' types, a profile of another type is dropped with an error, and what does not resolve is reported.

use std::collections::{BTreeMap, BTreeSet};

use super::import::hint;
use super::limits::{Left, quoted};
use super::{ProfileClaim, Stated, Statement, release_of};
use crate::definitions::{Definitions, ProfileInfo};
use crate::issue::Issue;
use crate::reason::Reason;
use fhir_accord_profiles::definition::Canonical;

/// Checks and assigns profiles, with issues for what does not fit or does not resolve.
pub fn settle_profiles(statement: &mut Statement, definitions: &dyn Definitions, issues: &mut Vec<Issue>) {
    let release = statement.release();
    check_entries(statement, definitions, release.as_deref(), issues);
    assign_top_level(statement, definitions, release.as_deref(), issues);
    for guide in &statement.guides {
        if definitions.guides(&guide.value).is_empty() {
            let text = format!(
                "the implementation guide `{}` is not in the package set{}",
                guide.value,
                hint(&mut statement.left, definitions, &guide.value)
            );
            issues.push(Issue::information(Reason::UnresolvedGuide, statement.party, &guide.path, text));
        }
    }
}

fn check_entries(
    statement: &mut Statement,
    definitions: &dyn Definitions,
    release: Option<&str>,
    issues: &mut Vec<Issue>,
) {
    let (party, left) = (statement.party, &mut statement.left);
    for resource in &mut statement.rest.resources {
        let resource_type = resource.resource_type.clone();
        let mistyped = &mut resource.mistyped;
        resource.profiles.retain(|claim| {
            let canonical = &claim.value.canonical;
            if is_core(canonical, &resource_type) {
                return true;
            }
            match find(definitions, canonical, release, left) {
                Found::Nothing(text) => {
                    issues.push(Issue::information(Reason::UnresolvedProfile, party, &claim.path, text));
                    true
                }
                Found::Profile(info) if applies(&info.resource_type, &resource_type) => true,
                Found::Profile(info) => {
                    let text = format!(
                        "`{canonical}` is a profile on {}, not on {}, and is ignored",
                        info.resource_type,
                        quoted(&resource_type)
                    );
                    issues.push(Issue::error(Reason::TypeMismatch, party, &claim.path, text));
                    mistyped.push(claim.clone());
                    false
                }
            }
        });
    }
}

fn assign_top_level(
    statement: &mut Statement,
    definitions: &dyn Definitions,
    release: Option<&str>,
    issues: &mut Vec<Issue>,
) {
    let party = statement.party;
    let mut named: BTreeMap<usize, BTreeSet<Canonical>> = BTreeMap::new();
    for profile in std::mem::take(&mut statement.top_level_profiles) {
        let canonical = profile.value;
        let info = match find(definitions, &canonical, release, &mut statement.left) {
            Found::Nothing(text) => {
                issues.push(Issue::information(Reason::UnresolvedProfile, party, &profile.path, text));
                continue;
            }
            Found::Profile(info) => info,
        };
        let at = statement.rest.place_of(&info.resource_type);
        let Some((at, resource)) = at.and_then(|at| Some((at, statement.rest.resources.get_mut(at)?))) else {
            let text = format!(
                "`{canonical}` is a profile on {}, a type that the statement does not list, and is ignored",
                info.resource_type
            );
            issues.push(Issue::information(Reason::ProfileWithoutEntry, party, &profile.path, text));
            continue;
        };
        let known = || resource.profiles.iter().map(|p| p.value.canonical.clone()).collect();
        if !named.entry(at).or_insert_with(known).insert(canonical.clone()) {
            continue;
        }
        let value = ProfileClaim { canonical, for_all: false, top_level: true };
        resource.profiles.push(Stated {
            value,
            expectation: profile.expectation.or(resource.expectation),
            path: profile.path,
        });
    }
}

enum Found {
    Profile(std::sync::Arc<ProfileInfo>),
    /// The text that says what is not in the package set, with a hint.
    Nothing(String),
}

fn find(definitions: &dyn Definitions, canonical: &Canonical, release: Option<&str>, left: &mut Left) -> Found {
    // A url without a version may mean one that is not loaded by name.
    let mut infos = definitions.profiles(&canonical.url);
    if infos.is_empty() && canonical.version.is_none() {
        infos = definitions.versions(&canonical.url);
    }
    let fits = |info: &ProfileInfo| {
        release.is_none()
            || info.fhir_version.as_deref().and_then(release_of).is_none_or(|r| Some(r.as_str()) == release)
    };
    let chosen = match &canonical.version {
        Some(version) => infos.iter().find(|i| i.version.as_deref() == Some(version)),
        None => infos.iter().find(|i| fits(i)).or(infos.first()),
    };
    match (chosen, infos.first()) {
        (Some(info), _) => Found::Profile(info.clone()),
        (None, Some(other)) => Found::Nothing(format!(
            "version `{}` of `{}` is not in the package set; the nearest known canonical is `{}`",
            canonical.version.as_deref().unwrap_or_default(),
            canonical.url,
            other.canonical()
        )),
        (None, None) => {
            Found::Nothing(format!("`{canonical}` is not in the package set{}", hint(left, definitions, canonical)))
        }
    }
}

/// True for the core definition of the type itself, which adds no constraints.
pub fn is_core(canonical: &Canonical, resource_type: &str) -> bool {
    canonical.url.strip_prefix("http://hl7.org/fhir/StructureDefinition/") == Some(resource_type)
}

/// True where a profile on `profile_type` can apply to instances of `resource_type`.
fn applies(profile_type: &str, resource_type: &str) -> bool {
    profile_type == resource_type || matches!(profile_type, "Resource" | "DomainResource" | "")
}
