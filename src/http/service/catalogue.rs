//! The catalogue of the loaded packages.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::app::{Engine, PackageFaults};
use crate::packages::book::Book;
use crate::packages::{Located, Origin};
use crate::store::Upload;

/// How many faults of the definitions of one package are listed.
pub const FAULTS: usize = 100;

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
    /// What is wrong with its definitions; of embedded packages it is not told.
    pub faults: PackageFaults,
}

/// The loaded packages, complete in the store.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// First those asked for, then those they depend on.
    pub packages: Vec<Loaded>,
    /// `id#version` to the place in the order in which definitions are looked for.
    rank: FxHashMap<String, usize>,
    /// Those whose definitions the program holds.
    books: BTreeMap<String, &'static Book>,
}

impl Catalogue {
    pub(super) fn of(engine: &dyn Engine, uploads: &[Upload]) -> Catalogue {
        let set = engine.packages();
        let faults = |package: &Located| match package.origin {
            Origin::Embedded => PackageFaults::default(),
            _ => engine.faults_of(package, FAULTS),
        };
        let packages = set.packages.iter().zip(&set.absent).map(|(p, absent)| Loaded {
            id: p.manifest.id.clone(),
            version: p.manifest.version.clone(),
            fhir_version: p.manifest.fhir_version.map(|v| v.number()),
            sha256: p.sha256.clone(),
            dependencies: p.manifest.dependencies.iter().map(|(id, range)| format!("{id}#{range}")).collect(),
            absent: absent.clone(),
            uploaded: uploads.iter().any(|upload| upload.sha256 == p.sha256),
            faults: faults(p),
        });
        let order = set.links().order(None);
        let rank =
            order.into_iter().enumerate().filter_map(|(rank, i)| Some((set.packages.get(i)?.name(), rank))).collect();
        let books = set.packages.iter().filter_map(|p| Some((p.name(), p.book()?))).collect();
        Catalogue { packages: packages.collect(), rank, books }
    }

    /// The definitions of a package (`id#version`); `None` where they are in the store.
    pub(super) fn book(&self, package: &str) -> Option<&'static Book> {
        self.books.get(package).copied()
    }

    /// The definitions of all packages whose definitions are not in the store.
    pub(super) fn books(&self) -> impl Iterator<Item = (&str, &'static Book)> {
        self.books.iter().map(|(package, book)| (package.as_str(), *book))
    }

    /// The place of a package (`id#version`) in the order of search; `None` where it is not loaded.
    pub fn rank(&self, package: &str) -> Option<usize> {
        self.rank.get(package).copied()
    }
}
