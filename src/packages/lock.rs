//! `accord.lock`: the packages of a set with their hashes, and what stands in for what.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::PackageError;
use super::located::Located;
use super::overrides::Override;
use super::range::Range;

/// The name of the file.
pub const LOCK_FILE: &str = "accord.lock";

/// A locked package set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The form of the file; 1.
    #[serde(default = "one")]
    pub version: u32,
    /// By name and version.
    pub packages: Vec<LockedPackage>,
    /// By dependency.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Dependencies (`id#range`) that were not here; they stay absent until the set is locked again.
    #[serde(default)]
    pub absent: Vec<String>,
}

/// One locked package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPackage {
    /// The package id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Hex SHA-256 of its content.
    pub sha256: String,
}

fn one() -> u32 {
    1
}

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// A file that cannot be read or is no lock.
    pub fn read(path: &Path) -> Result<Lock, PackageError> {
        let text = std::fs::read(path).map_err(PackageError::io(path))?;
        let lock: Lock = serde_json::from_slice(&text)
            .map_err(|e| PackageError::Lock { path: path.to_owned(), why: e.to_string() })?;
        match lock.version {
            1 => Ok(lock),
            other => {
                Err(PackageError::Lock { path: path.to_owned(), why: format!("unknown format version `{other}`") })
            }
        }
    }

    /// The text of the file: the same lock gives the same bytes.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// The locked version that a range means, the highest where several match.
    pub fn version(&self, id: &str, range: &Range) -> Option<&str> {
        range.pick(self.packages.iter().filter(|p| p.name.eq_ignore_ascii_case(id)).map(|p| p.version.as_str()))
    }

    /// What stands in for a dependency, as id and version.
    pub fn stand_in(&self, dependency: &str) -> Option<(&str, &str)> {
        self.overrides.iter().find(|o| o.dependency == dependency)?.with.split_once('#')
    }

    /// Whether the dependency was not here when the set was locked.
    pub fn is_absent(&self, dependency: &str) -> bool {
        self.absent.iter().any(|a| a == dependency)
    }

    /// Refuses a package whose hash is not the locked one.
    ///
    /// # Errors
    /// [`PackageError::Locked`].
    pub fn check(&self, found: &Located) -> Result<(), PackageError> {
        let locked = self.packages.iter().find(|p| p.name == found.manifest.id && p.version == found.manifest.version);
        match locked {
            Some(locked) if locked.sha256 != found.sha256 => Err(PackageError::Locked {
                name: found.name(),
                locked: locked.sha256.clone(),
                found: found.sha256.clone(),
            }),
            _ => Ok(()),
        }
    }
}
