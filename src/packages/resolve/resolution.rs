//! What was resolved: the packages, who sees whom, what stands in for what, what is absent.

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::registry::{Links, PackageGraph};

use crate::packages::error::PackageError;
use crate::packages::located::Located;
use crate::packages::lock::{Lock, LockedPackage};
use crate::packages::overrides::Override;
use crate::packages::reading::Limits;

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
    /// Packages that were asked for and left out, since they are for another FHIR version, as `id#version`.
    pub left_out: Vec<String>,
    pub(super) limits: Limits,
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
            left_out: Vec::new(),
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
