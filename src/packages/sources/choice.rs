//! Which copy a name and a range of versions mean.

use fhir_accord_profiles::definition::FhirVersion;

use super::copy::Copy;
use super::package_index::PackageIndex;
use crate::packages::embedded;
use crate::packages::error::PackageError;
use crate::packages::located::Located;
use crate::packages::overrides::candidates;
use crate::packages::range::Range;
use crate::packages::reading::ReadError;

impl<'s> PackageIndex<'s> {
    /// The copy that `id` and `range` mean: of the version that the lock names, else of the highest that matches, in
    /// the first source that has it.
    pub fn pick(&self, id: &str, range: &Range) -> Option<Copy> {
        let copies = self.copies(id);
        let locked = self.sources.lock.as_ref().and_then(|lock| lock.version(id, range));
        let picked = locked.or_else(|| range.pick(copies.iter().map(|c| c.version.as_str())))?;
        copies.iter().find(|c| c.version == picked).cloned()
    }

    /// Whether a dependency of a package of this FHIR version is here, or what stands in for it.
    pub fn serves(&self, id: &str, range: &Range, fhir_version: FhirVersion) -> bool {
        self.pick(id, range).is_some()
            || candidates(id, range, fhir_version).iter().any(|(id, range)| self.pick(id, range).is_some())
    }

    /// The package of a copy.
    ///
    /// # Errors
    /// A copy that does not read, or is not the one that was locked.
    pub fn locate(&self, copy: &Copy) -> Result<Located, PackageError> {
        let name = copy.name();
        let located = match &copy.path {
            None => embedded::find(&copy.id, &copy.version)
                .map(Located::embedded)
                .ok_or_else(|| PackageError::NotFound { name: name.clone(), looked_in: Vec::new() })?,
            Some(path) => Located::at(path, &self.sources.limits)?,
        };
        if !located.manifest.id.eq_ignore_ascii_case(&copy.id) {
            let why = format!("it names `{}`, its file `{}`", located.manifest.id, copy.id);
            return Err(PackageError::Read { name, source: ReadError::Manifest { why } });
        }
        match &self.sources.lock {
            Some(lock) => lock.check(&located).map(|()| located),
            None => Ok(located),
        }
    }
}
