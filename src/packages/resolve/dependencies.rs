//! What a package of the set depends on: by its manifest, by what stands in, by what every guide rests on.

use fhir_accord_profiles::definition::FhirVersion;

use super::resolver::Resolver;
use crate::packages::embedded::{self, is_foundation};
use crate::packages::error::PackageError;
use crate::packages::located::Located;
use crate::packages::overrides::{Override, candidates, versioned_id};
use crate::packages::range::Range;

/// What guides of one FHIR version rest on, as far as it is here.
pub(super) struct Foundations {
    pub(super) core: Option<usize>,
    /// Terminology and extensions.
    others: Vec<usize>,
}

impl Resolver<'_> {
    pub(super) fn dependencies_of(&mut self, node: usize, default: FhirVersion) -> Result<(), PackageError> {
        let Some(manifest) = self.nodes.get(node).map(|n| n.located.manifest.clone()) else { return Ok(()) };
        // What serves the version of the set rests on the definitions of the set.
        let fhir_version = manifest.fhir_version.filter(|v| !default.takes(*v)).unwrap_or(default);
        let (mut found, mut absent) = (Vec::new(), Vec::new());
        for (id, range) in &manifest.dependencies {
            let core = manifest.fhir_version.is_some_and(|own| own != fhir_version && own.core_package() == id);
            let (id, range) =
                if core { (fhir_version.core_package(), fhir_version.number()) } else { (id.as_str(), range.as_str()) };
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
    pub(super) fn foundations_of(&mut self, fhir_version: FhirVersion) -> Result<Foundations, PackageError> {
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
}
