//! The catalogue of the loaded packages.

use rustc_hash::FxHashMap;

use crate::packages::Resolution;

/// One loaded package, as `GET /packages` shows it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The package id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The FHIR version number, for example `4.0.1`; `None` where the package does not say it.
    pub fhir_version: Option<&'static str>,
    /// Of the archive, or of the files of a folder.
    pub sha256: String,
    /// Its dependencies as declared, `id#range`.
    pub dependencies: Vec<String>,
    /// Dependencies (`id#range`) that are not here.
    pub absent: Vec<String>,
    /// Whether it was uploaded to this service.
    pub uploaded: bool,
}

/// The loaded packages, complete in the store.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// First those asked for, then those they depend on.
    pub packages: Vec<Loaded>,
    /// `id#version` to the place in the order in which definitions are looked for.
    rank: FxHashMap<String, usize>,
}

impl Catalogue {
    pub(super) fn of(set: &Resolution, uploads: &[String]) -> Catalogue {
        let packages = set.packages.iter().zip(&set.absent).map(|(p, absent)| Loaded {
            id: p.manifest.id.clone(),
            version: p.manifest.version.clone(),
            fhir_version: p.manifest.fhir_version.map(|v| v.number()),
            sha256: p.sha256.clone(),
            dependencies: p.manifest.dependencies.iter().map(|(id, range)| format!("{id}#{range}")).collect(),
            absent: absent.clone(),
            uploaded: uploads.contains(&p.sha256),
        });
        let order = set.links().order(None);
        let rank =
            order.into_iter().enumerate().filter_map(|(rank, i)| Some((set.packages.get(i)?.name(), rank))).collect();
        Catalogue { packages: packages.collect(), rank }
    }

    /// The place of a package (`id#version`) in the order of search; `None` where it is not loaded.
    pub fn rank(&self, package: &str) -> Option<usize> {
        self.rank.get(package).copied()
    }
}
