//! Packages with definitions in XML, and the types by which those are read.

use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use rustc_hash::FxHashMap;

use super::resolver::Resolver;
use crate::packages::error::PackageError;
use crate::packages::range::Range;
use crate::packages::types::Types;

impl Resolver<'_> {
    /// Tells packages with definitions in XML the types of their FHIR version; where its core is not here, those of the
    /// set's.
    pub(super) fn type_xml(&mut self, default: FhirVersion) -> Result<(), PackageError> {
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
}
