//! Package names and paths to a package graph: dependencies with version ranges, what stands in, what is absent.

use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::{Links, PackageGraph};
use rustc_hash::FxHashMap;

use super::embedded::{self, is_foundation};
use super::error::PackageError;
use super::located::Located;
use super::lock::{Lock, LockedPackage};
use super::overrides::{Override, candidates, versioned_id};
use super::range::Range;
use super::reading::Limits;
use super::sources::{PackageIndex, Sources};
use super::spec::Spec;
use super::types::Types;

/// A resolved package set: the packages are found and hashed, their definitions not yet read.
#[derive(Debug)]
pub struct Resolution {
    /// The FHIR version whose core definitions are in the set.
    pub fhir_version: FhirVersion,
    /// First those asked for, in their order; then what they depend on.
    pub packages: Vec<Located>,
    /// By package: the indices of its direct dependencies.
    pub dependencies: Vec<Vec<usize>>,
    /// By package: the dependencies that are not here, as `id#range`.
    pub absent: Vec<Vec<String>>,
    /// The stand-ins that were used, by dependency.
    pub overrides: Vec<Override>,
    limits: Limits,
}

impl Default for Resolution {
    /// No packages, of R4.
    fn default() -> Resolution {
        Resolution {
            fhir_version: FhirVersion::R4,
            packages: Vec::new(),
            dependencies: Vec::new(),
            absent: Vec::new(),
            overrides: Vec::new(),
            limits: Limits::default(),
        }
    }
}

impl Resolution {
    /// Reads the definitions.
    ///
    /// # Errors
    /// A package that does not read.
    pub fn load(&self) -> Result<PackageGraph, PackageError> {
        let packages = self.packages.iter().map(|p| p.load(&self.limits)).collect::<Result<Vec<_>, _>>()?;
        Ok(PackageGraph::new(packages, self.dependencies.clone(), self.absent.clone()))
    }

    /// Which packages see which, as the graph will have it.
    pub fn links(&self) -> Links {
        let link = |(p, d): (&Located, &Vec<usize>)| (p.manifest.id.clone(), p.manifest.version.clone(), d.clone());
        Links { packages: self.packages.iter().zip(&self.dependencies).map(link).collect() }
    }

    /// The lock of the set. Packages made on the spot are left out.
    pub fn lock(&self) -> Lock {
        let locked = |p: &Located| LockedPackage {
            name: p.manifest.id.clone(),
            version: p.manifest.version.clone(),
            sha256: p.sha256.clone(),
        };
        let mut packages: Vec<LockedPackage> = self.packages.iter().filter(|p| !p.is_loose()).map(locked).collect();
        packages.sort();
        Lock { version: 1, packages, overrides: self.overrides.clone(), absent: self.all_absent() }
    }

    /// The absent dependencies of all packages, sorted, each once.
    pub fn all_absent(&self) -> Vec<String> {
        let mut absent = self.absent.concat();
        absent.sort();
        absent.dedup();
        absent
    }
}

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
        overrides: Vec::new(),
    };
    for spec in specs {
        resolver.ask_for(spec)?;
    }
    let of_first = resolver.nodes.iter().find_map(|n| n.located.manifest.fhir_version);
    let fhir_version = sources.fhir_version.or(of_first).unwrap_or(FhirVersion::R4);
    if resolver.nodes.iter().all(|n| n.located.is_loose()) {
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

/// A package of the set in the making.
struct Node {
    located: Located,
    dependencies: Vec<usize>,
    absent: Vec<String>,
}

/// What guides of one FHIR version rest on, as far as it is here.
struct Foundations {
    core: Option<usize>,
    /// Terminology and extensions.
    others: Vec<usize>,
}

struct Resolver<'s> {
    package_index: PackageIndex<'s>,
    sources: &'s Sources,
    nodes: Vec<Node>,
    /// By `id#version` of the manifest in small letters; of loose definitions, whose id is a path, as it is.
    by_name: FxHashMap<String, usize>,
    /// By `id#version` in the index, where the version may be `current`.
    by_copy: FxHashMap<String, usize>,
    overrides: Vec<Override>,
}

impl Resolver<'_> {
    fn not_found(&self, name: String) -> PackageError {
        PackageError::NotFound { name, looked_in: self.sources.places() }
    }

    fn ask_for(&mut self, spec: &Spec) -> Result<(), PackageError> {
        let found = match spec {
            Spec::Path(path) => Some(self.add(Located::at(path, &self.sources.limits)?)),
            Spec::Package { id, range } => self.find(id, range)?,
        };
        found.map(|_| ()).ok_or_else(|| self.not_found(spec.to_string()))
    }

    /// The index of the package that `id` and `range` mean, added where it is new; `None` where it is not here.
    fn find(&mut self, id: &str, range: &Range) -> Result<Option<usize>, PackageError> {
        let Some(copy) = self.package_index.pick(id, range) else { return Ok(None) };
        if let Some(index) = self.by_copy.get(&copy.name()) {
            return Ok(Some(*index));
        }
        let index = self.add(self.package_index.locate(&copy)?);
        self.by_copy.insert(copy.name(), index);
        Ok(Some(index))
    }

    /// The index of the package in the set, added where it is new.
    fn add(&mut self, located: Located) -> usize {
        let name = if located.is_loose() { located.name() } else { located.name().to_ascii_lowercase() };
        *self.by_name.entry(name).or_insert_with(|| {
            self.nodes.push(Node { located, dependencies: Vec::new(), absent: Vec::new() });
            self.nodes.len() - 1
        })
    }

    fn add_embedded_guides(&mut self, fhir_version: FhirVersion) {
        let guides = embedded::list().iter().filter(|e| e.is_guide() && e.manifest.fhir_version == Some(fhir_version));
        for guide in guides.filter(|_| self.sources.embedded) {
            self.add(Located::embedded(guide));
        }
    }

    fn dependencies_of(&mut self, node: usize, default: FhirVersion) -> Result<(), PackageError> {
        let Some(manifest) = self.nodes.get(node).map(|n| n.located.manifest.clone()) else { return Ok(()) };
        let fhir_version = manifest.fhir_version.unwrap_or(default);
        let (mut found, mut absent) = (Vec::new(), Vec::new());
        for (id, range) in &manifest.dependencies {
            match self.dependency(id, range, fhir_version)? {
                Some(index) => found.push(index),
                None => absent.push(format!("{id}#{range}")),
            }
        }
        if !is_foundation(&manifest.id) {
            let foundations = self.foundations_of(fhir_version)?;
            found.extend(foundations.core.into_iter().chain(foundations.others));
        }
        found.retain(|f| *f != node);
        found.sort_unstable();
        found.dedup();
        if let Some(node) = self.nodes.get_mut(node) {
            node.dependencies = found;
            node.absent = absent;
        }
        Ok(())
    }

    /// The index of the package that a dependency means, or of what stands in for it.
    fn dependency(&mut self, id: &str, text: &str, fhir_version: FhirVersion) -> Result<Option<usize>, PackageError> {
        let (name, range) = (format!("{id}#{text}"), Range::parse(text));
        let lock = self.sources.lock.as_ref();
        if lock.is_some_and(|l| l.is_absent(&name)) {
            return Ok(None);
        }
        if let Some((id, version)) = lock.and_then(|l| l.stand_in(&name)) {
            let found = self.find(id, &Range::Exact(version.to_owned()))?;
            let found = found.ok_or_else(|| self.not_found(format!("{id}#{version}")))?;
            return Ok(Some(self.stands_in(name, found)));
        }
        if let Some(found) = self.find(id, &range)? {
            return Ok(Some(found));
        }
        for (id, range) in candidates(&id.to_ascii_lowercase(), &range, fhir_version) {
            if let Some(found) = self.find(&id, &range)? {
                return Ok(Some(self.stands_in(name, found)));
            }
        }
        Ok(None)
    }

    fn stands_in(&mut self, dependency: String, found: usize) -> usize {
        let used = Override { dependency, with: self.nodes.get(found).map(|n| n.located.name()).unwrap_or_default() };
        if !self.overrides.contains(&used) {
            self.overrides.push(used);
        }
        found
    }

    /// Core definitions, terminology and extensions of a FHIR version.
    fn foundations_of(&mut self, fhir_version: FhirVersion) -> Result<Foundations, PackageError> {
        let core = self.find(fhir_version.core_package(), &Range::Exact(fhir_version.number().to_owned()))?;
        let mut others = Vec::new();
        for id in ["hl7.terminology", "hl7.fhir.uv.extensions"] {
            let embedded =
                versioned_id(id, fhir_version).and_then(|id| embedded::list().iter().find(|e| e.manifest.id == id));
            if let Some(embedded) = embedded.filter(|_| self.sources.embedded) {
                others.push(self.add(Located::embedded(embedded)));
            }
        }
        Ok(Foundations { core, others })
    }

    /// Loose definitions see everything else.
    fn loose_see_all(&mut self) {
        let count = self.nodes.len();
        for (i, node) in self.nodes.iter_mut().enumerate().filter(|(_, n)| n.located.is_loose()) {
            node.dependencies = (0..count).filter(|other| *other != i).collect();
        }
    }

    /// Tells packages with definitions in XML the types of their FHIR version; where its core is not here, those of the
    /// set's.
    fn type_xml(&mut self, default: FhirVersion) -> Result<(), PackageError> {
        let mut known: FxHashMap<&str, Arc<Types>> = FxHashMap::default();
        for node in self.nodes.iter_mut().filter(|n| n.located.has_xml()) {
            let version = node.located.manifest.fhir_version.unwrap_or(default);
            let pick = |v: FhirVersion| {
                self.package_index.pick(v.core_package(), &Range::Exact(v.number().to_owned())).map(|copy| (v, copy))
            };
            let Some((version, copy)) = pick(version).or_else(|| pick(default)) else { continue };
            let types = match known.get(version.number()) {
                Some(types) => Arc::clone(types),
                None => {
                    let core = self.package_index.locate(&copy)?;
                    Arc::new(Types::of(move |limits| core.load(limits)))
                }
            };
            known.insert(version.number(), Arc::clone(&types));
            node.located.typed_by(types);
        }
        Ok(())
    }

    fn finish(self, fhir_version: FhirVersion) -> Resolution {
        let limits = self.sources.limits;
        let mut resolution = Resolution { fhir_version, overrides: self.overrides, limits, ..Resolution::default() };
        resolution.overrides.sort();
        for node in self.nodes {
            resolution.packages.push(node.located);
            resolution.dependencies.push(node.dependencies);
            resolution.absent.push(node.absent);
        }
        resolution
    }
}
