//! Where packages are looked for: embedded, then the installed, then the folder that FHIR tools share.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use fhir_accord_profiles::definition::FhirVersion;

use super::embedded;
use super::error::PackageError;
use super::located::Located;
use super::lock::Lock;
use super::overrides::candidates;
use super::range::Range;
use super::reading::{Limits, ReadError, folder_root};

/// Where to look, and what holds for what is found.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The FHIR version whose core is always loaded; without one, that of the packages asked for, else R4.
    pub fhir_version: Option<FhirVersion>,
    /// Whether the embedded packages are looked at, and first.
    pub embedded: bool,
    /// Folders of packages, in the order in which they are looked at. A package is in one as `ID#VERSION.tgz`,
    /// `ID-VERSION.tgz`, or a folder `ID#VERSION`.
    pub folders: Vec<PathBuf>,
    /// The versions and overrides that hold before any other.
    pub lock: Option<Lock>,
    /// Bounds on what is read.
    pub limits: Limits,
}

impl Default for Sources {
    /// Only the embedded packages.
    fn default() -> Sources {
        Sources { fhir_version: None, embedded: true, folders: Vec::new(), lock: None, limits: Limits::default() }
    }
}

impl Sources {
    /// The embedded packages, those in `installed` (without one, in [`installed_folder`]), and those in
    /// `~/.fhir/packages`.
    pub fn standard(installed: Option<&Path>) -> Sources {
        let folders =
            [installed.map(Path::to_owned).or_else(installed_folder), shared_folder()].into_iter().flatten().collect();
        Sources { folders, ..Sources::default() }
    }

    /// The names of the places, for messages.
    pub fn places(&self) -> Vec<String> {
        let embedded = self.embedded.then(|| "the embedded packages".to_owned());
        embedded.into_iter().chain(self.folders.iter().map(|f| format!("`{}`", f.display()))).collect()
    }
}

/// Where installed packages are by default: `$ACCORD_PACKAGES`, else `$XDG_DATA_HOME/accord/packages`, else
/// `~/.local/share/accord/packages`; `None` without a home.
pub fn installed_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("ACCORD_PACKAGES").filter(|f| !f.is_empty()) {
        return Some(PathBuf::from(folder));
    }
    etcetera::base_strategy::Xdg::new().ok().map(|base| base.data_dir().join("accord").join("packages"))
}

/// The folder that FHIR tools share, `~/.fhir/packages`.
pub fn shared_folder() -> Option<PathBuf> {
    etcetera::home_dir().ok().map(|home| home.join(".fhir").join("packages"))
}

/// What the sources contain, listed once.
pub struct PackageIndex<'s> {
    sources: &'s Sources,
    /// By folder: the names in it, sorted.
    names: Vec<Vec<String>>,
}

/// One version of a package in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The package id.
    pub id: String,
    /// Its version, or `current`.
    pub version: String,
    /// The path; `None`: embedded.
    pub path: Option<PathBuf>,
}

impl Copy {
    /// `id#version`, as it is in the index.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }
}

impl<'s> PackageIndex<'s> {
    /// Lists the folders; one that is not there is empty.
    pub fn open(sources: &'s Sources) -> PackageIndex<'s> {
        let list = |folder: &PathBuf| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
            names.sort();
            names
        };
        PackageIndex { sources, names: sources.folders.iter().map(list).collect() }
    }

    /// Every copy of this package, in the order of the sources; of one source, archives before folders. Capitals in
    /// names are small letters to the package registries; a copy that is written as asked for comes before others.
    pub fn copies(&self, id: &str) -> Vec<Copy> {
        let embedded =
            embedded::list().iter().filter(|e| self.sources.embedded && e.manifest.id.eq_ignore_ascii_case(id));
        let mut copies: Vec<Copy> = embedded
            .map(|e| Copy { id: e.manifest.id.clone(), version: e.manifest.version.clone(), path: None })
            .collect();
        for (folder, names) in self.sources.folders.iter().zip(&self.names) {
            for separator in ["#", "-"] {
                let prefix = format!("{id}{separator}");
                let named =
                    |name: &&String| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&prefix));
                let found = names
                    .iter()
                    .filter(named)
                    .filter_map(|name| copy_at(folder, name).filter(|c| c.id.eq_ignore_ascii_case(id)));
                let mut found: Vec<Copy> = found.collect();
                found.sort_by_key(|c| (c.id != id, c.path.as_ref().is_some_and(|p| p.is_dir())));
                copies.extend(found);
            }
        }
        copies
    }

    /// Every copy of every package, in the order of the sources, then by name.
    pub fn all(&self) -> Vec<Copy> {
        let embedded = embedded::list().iter().filter(|_| self.sources.embedded);
        let mut copies: Vec<Copy> = embedded
            .map(|e| Copy { id: e.manifest.id.clone(), version: e.manifest.version.clone(), path: None })
            .collect();
        for (folder, names) in self.sources.folders.iter().zip(&self.names) {
            copies.extend(names.iter().filter_map(|name| copy_at(folder, name)));
        }
        copies
    }

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

/// The copy that a name in a folder of packages means.
fn copy_at(folder: &Path, name: &str) -> Option<Copy> {
    let path = folder.join(name);
    let copy = |id: &str, version: &str, path: &Path| {
        Some(Copy { id: id.to_owned(), version: version.to_owned(), path: Some(path.to_owned()) })
    };
    if let Some((id, version)) = name.split_once('#') {
        return match version.strip_suffix(".tgz") {
            Some(version) => copy(id, version, &path),
            None => folder_root(&path).and_then(|_| copy(id, version, &path)),
        };
    }
    // `ID-VERSION.tgz`: the version starts at the first hyphen before a digit.
    let stem = name.strip_suffix(".tgz")?;
    let hyphen = stem
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit))?;
    copy(stem.get(..hyphen)?, stem.get(hyphen + 1..)?, &path)
}
