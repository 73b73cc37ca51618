//! Where packages are looked for: embedded, then the installed, then the folder that FHIR tools share.

mod choice;
mod copy;
mod package_index;

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use fhir_accord_profiles::definition::FhirVersion;

use super::lock::Lock;
use super::reading::Limits;
pub use copy::Copy;
pub use package_index::PackageIndex;

/// Where to look, and what holds for what is found.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The FHIR version whose core is always loaded; without one, R4 where a package asked for is for it or none says
    /// one, else that of the first that does.
    pub fhir_version: Option<FhirVersion>,
    /// Leaves packages out that are for another FHIR version than that.
    pub one_version: bool,
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
        Sources {
            fhir_version: None,
            one_version: false,
            embedded: true,
            folders: Vec::new(),
            lock: None,
            limits: Limits::default(),
        }
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
