//! Packages with what they depend on, from a registry into a folder of packages.

use std::collections::BTreeSet;
use std::path::Path;

use fhir_accord_profiles::definition::FhirVersion;

use super::registry::Registry;
use crate::packages::install::Installed;
use crate::packages::{PackageError, PackageIndex, Range, Resolution, Sources, Spec, resolve};

/// What adding a package brought.
#[derive(Debug, Default)]
pub struct Added {
    /// The package first, then its dependencies.
    pub installed: Vec<Installed>,
    /// Dependencies (`id#range`) that no registry gave, and why. They stop nothing.
    pub missing: Vec<(String, PackageError)>,
}

/// Installs a package into `folder`, and what it depends on as far as `sources` do not have it.
///
/// # Errors
/// The package itself cannot be had.
pub fn add(
    registry: &Registry,
    id: &str,
    range: &Range,
    folder: &Path,
    sources: &Sources,
) -> Result<Added, PackageError> {
    let package = registry.install(id, range, folder)?;
    Ok(add_dependencies(registry, package, folder, sources))
}

/// Installs what an installed package depends on, as far as `sources` do not have it.
pub fn add_dependencies(registry: &Registry, package: Installed, folder: &Path, sources: &Sources) -> Added {
    let mut sources = sources.clone();
    if !sources.folders.iter().any(|f| f == folder) {
        sources.folders.push(folder.to_owned());
    }
    let mut added = Added { installed: vec![package], missing: Vec::new() };
    let mut seen = BTreeSet::new();
    let mut next = 0;
    while let Some(package) = added.installed.get(next) {
        let manifest = package.manifest.clone();
        next += 1;
        let fhir_version = manifest.fhir_version.unwrap_or(FhirVersion::R4);
        for (id, text) in manifest.dependencies {
            let range = Range::parse(&text);
            if !seen.insert(format!("{id}#{range}")) || PackageIndex::open(&sources).serves(&id, &range, fhir_version) {
                continue;
            }
            match registry.install(&id, &range, folder) {
                Ok(installed) => added.installed.push(installed),
                Err(error) => added.missing.push((format!("{id}#{text}"), error)),
            }
        }
    }
    added
}

/// As [`resolve`], but what is not here is fetched into `folder` first: packages asked for, the core definitions, and
/// dependencies. Dependencies that no registry gives stay absent.
///
/// # Errors
/// As [`resolve`], and a package asked for that cannot be had.
pub fn resolve_fetching(
    specs: &[Spec],
    sources: &Sources,
    registry: &Registry,
    folder: &Path,
) -> Result<Resolution, PackageError> {
    for spec in specs {
        if let Spec::Package { id, range } = spec
            && PackageIndex::open(sources).pick(id, range).is_none()
        {
            add(registry, id, range, folder, sources)?;
        }
    }
    let resolution = match resolve(specs, sources) {
        Err(PackageError::NotFound { name, .. }) => {
            let (id, version) = name.split_once('#').unwrap_or((&name, ""));
            registry.install(id, &Range::parse(version), folder)?;
            resolve(specs, sources)?
        }
        other => other?,
    };
    let mut fetched = false;
    for dependency in resolution.all_absent() {
        let (id, range) = dependency.split_once('#').unwrap_or((&dependency, ""));
        fetched |= add(registry, id, &Range::parse(range), folder, sources).is_ok();
    }
    match fetched {
        true => resolve(specs, sources),
        false => Ok(resolution),
    }
}
