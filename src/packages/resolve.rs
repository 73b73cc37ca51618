//! Package names and paths to a package graph: dependencies with version ranges, what stands in, what is absent.

mod dependencies;
mod resolution;
mod resolver;
mod typing;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::PackageGraph;
use rustc_hash::FxHashMap;

use super::error::PackageError;
use super::sources::{PackageIndex, Sources};
use super::spec::Spec;
pub use resolution::Resolution;
use resolver::Resolver;

/// The graph of these packages, loaded.
///
/// # Errors
/// As [`resolve`], and a package that does not read.
pub fn load_graph(specs: &[Spec], sources: &Sources) -> Result<PackageGraph, PackageError> {
    resolve(specs, sources)?.load()
}

/// Finds the packages asked for and what they depend on; where none is asked for, or only loose definitions, which
/// cannot say what they depend on, all embedded guides of the FHIR version. The core definitions
/// of the FHIR version are always among them, with the embedded terminology and extensions of that version, on which
/// every guide rests whether it says so or not. A dependency that is not here, and has no stand-in, is named as absent
/// and stops nothing.
///
/// # Errors
/// A package asked for, or the core definitions, not found; one that does not read or is not the locked one.
pub fn resolve(specs: &[Spec], sources: &Sources) -> Result<Resolution, PackageError> {
    let mut resolver = Resolver {
        package_index: PackageIndex::open(sources),
        sources,
        nodes: Vec::new(),
        by_name: FxHashMap::default(),
        by_copy: FxHashMap::default(),
        by_path: Vec::new(),
        overrides: Vec::new(),
        left_out: Vec::new(),
    };
    resolver.ask_for(specs)?;
    let told: Vec<FhirVersion> = resolver.nodes.iter().filter_map(|n| n.located.manifest.fhir_version).collect();
    let of_first = told.first().copied().filter(|_| !told.contains(&FhirVersion::R4));
    let fhir_version = sources.fhir_version.or(of_first).unwrap_or(FhirVersion::R4);
    if sources.one_version {
        resolver.keep(fhir_version);
    }
    if resolver.left_out.is_empty() && resolver.nodes.iter().all(|n| n.located.is_loose()) {
        resolver.add_embedded_guides(fhir_version);
    }
    let mut next = 0;
    while next < resolver.nodes.len() {
        resolver.dependencies_of(next, fhir_version)?;
        next += 1;
    }
    let core = resolver.foundations_of(fhir_version)?.core;
    if core.is_none() {
        return Err(resolver.not_found(format!("{}#{}", fhir_version.core_package(), fhir_version.number())));
    }
    while next < resolver.nodes.len() {
        resolver.dependencies_of(next, fhir_version)?;
        next += 1;
    }
    resolver.loose_see_all();
    resolver.type_xml(fhir_version)?;
    Ok(resolver.finish(fhir_version))
}
