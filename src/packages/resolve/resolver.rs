//! A package set in the making.

use fhir_accord_profiles::definition::FhirVersion;
use rustc_hash::FxHashMap;

use super::resolution::Resolution;
use crate::packages::embedded::{self, Embedded};
use crate::packages::error::PackageError;
use crate::packages::located::Located;
use crate::packages::overrides::Override;
use crate::packages::range::Range;
use crate::packages::sources::{PackageIndex, Sources};
use crate::packages::spec::Spec;

/// The package of the extensions that definitions carry.
const TOOLS: &str = "accord.uv.tools";

/// A package of the set in the making.
pub(super) struct Node {
    pub(super) located: Located,
    pub(super) dependencies: Vec<usize>,
    pub(super) absent: Vec<String>,
}

pub(super) struct Resolver<'s> {
    pub(super) package_index: PackageIndex<'s>,
    pub(super) sources: &'s Sources,
    pub(super) nodes: Vec<Node>,
    /// By `id#version` of the manifest in small letters; of loose definitions, whose id is a path, as it is.
    pub(super) by_name: FxHashMap<String, usize>,
    /// By `id#version` in the index, where the version may be `current`.
    pub(super) by_copy: FxHashMap<String, usize>,
    /// Those that were named by a path.
    pub(super) by_path: Vec<usize>,
    pub(super) overrides: Vec<Override>,
    /// `id#version` of the packages that are for another FHIR version.
    pub(super) left_out: Vec<String>,
}

impl Resolver<'_> {
    pub(super) fn not_found(&self, name: String) -> PackageError {
        PackageError::NotFound { name, looked_in: self.sources.places() }
    }

    /// Adds what is asked for, in that order; a name may mean what a path after it holds.
    pub(super) fn ask_for(&mut self, specs: &[Spec]) -> Result<(), PackageError> {
        let mut open = Vec::new();
        for spec in specs {
            match spec {
                Spec::Path(path) => {
                    let index = self.add(Located::at(path, &self.sources.limits)?);
                    self.by_path.push(index);
                }
                Spec::Package { id, range } if self.find(id, range)?.is_none() => open.push((spec, id, range)),
                Spec::Package { .. } => {}
            }
        }
        let absent = open.into_iter().find(|(_, id, range)| self.given(id, range).is_none());
        absent.map_or(Ok(()), |(spec, ..)| Err(self.not_found(spec.to_string())))
    }

    /// The index of the package that `id` and `range` mean, added where it is new; `None` where it is not here. What no
    /// source has may be one that was named by its path.
    pub(super) fn find(&mut self, id: &str, range: &Range) -> Result<Option<usize>, PackageError> {
        let Some(copy) = self.package_index.pick(id, range) else { return Ok(self.given(id, range)) };
        if let Some(index) = self.by_copy.get(&copy.name()) {
            return Ok(Some(*index));
        }
        let index = self.add(self.package_index.locate(&copy)?);
        self.by_copy.insert(copy.name(), index);
        Ok(Some(index))
    }

    /// The index of the package named by a path that `id` and `range` mean.
    fn given(&self, id: &str, range: &Range) -> Option<usize> {
        let package = |index: &usize| Some((*index, &self.nodes.get(*index)?.located));
        let of_id = |(_, l): &(usize, &Located)| !l.is_loose() && l.manifest.id.eq_ignore_ascii_case(id);
        let all = || self.by_path.iter().filter_map(package).filter(of_id);
        let version = range.pick(all().map(|(_, l)| l.manifest.version.as_str()))?;
        all().find(|(_, l)| l.manifest.version == version).map(|(index, _)| index)
    }

    /// The index of the package in the set, added where it is new.
    pub(super) fn add(&mut self, located: Located) -> usize {
        let name = if located.is_loose() { located.name() } else { located.name().to_ascii_lowercase() };
        *self.by_name.entry(name).or_insert_with(|| {
            self.nodes.push(Node { located, dependencies: Vec::new(), absent: Vec::new() });
            self.nodes.len() - 1
        })
    }

    /// Keeps only what serves a FHIR version, or says none.
    pub(super) fn keep(&mut self, fhir_version: FhirVersion) {
        self.by_name.clear();
        self.by_copy.clear();
        let by_path = std::mem::take(&mut self.by_path);
        for (i, node) in std::mem::take(&mut self.nodes).into_iter().enumerate() {
            if node.located.manifest.fhir_version.is_none_or(|v| fhir_version.takes(v)) {
                let index = self.add(node.located);
                if by_path.contains(&i) {
                    self.by_path.push(index);
                }
            } else {
                self.left_out.push(node.located.name());
            }
        }
    }

    pub(super) fn add_embedded_guides(&mut self, fhir_version: FhirVersion) {
        let of_version = |e: &&Embedded| e.manifest.fhir_version == Some(fhir_version);
        let all = || embedded::list().iter().filter(of_version);
        // No guide depends on the extensions that definitions carry.
        let guides = all().filter(|e| e.is_guide()).chain(all().filter(|e| e.manifest.id == TOOLS));
        for guide in guides.filter(|_| self.sources.embedded) {
            self.add(Located::embedded(guide));
        }
    }

    /// Loose definitions see everything else.
    pub(super) fn loose_see_all(&mut self) {
        let count = self.nodes.len();
        for (i, node) in self.nodes.iter_mut().enumerate().filter(|(_, n)| n.located.is_loose()) {
            node.dependencies = (0..count).filter(|other| *other != i).collect();
        }
    }

    pub(super) fn finish(self, fhir_version: FhirVersion) -> Resolution {
        let limits = self.sources.limits;
        let Resolver { nodes, overrides, left_out, .. } = self;
        let mut resolution = Resolution { fhir_version, overrides, left_out, limits, ..Resolution::default() };
        resolution.overrides.sort();
        for mut node in nodes {
            node.located.taken_for(fhir_version);
            resolution.packages.push(node.located);
            resolution.dependencies.push(node.dependencies);
            resolution.absent.push(node.absent);
        }
        resolution
    }
}
