//! The npm-style FHIR package registry: which versions there are, and fetching one.
//!
//! `GET /{id}` lists the versions, `GET /{id}/{version}` is the archive
//! (<https://confluence.hl7.org/display/FHIR/FHIR+Package+Registry+User+Documentation>).

mod archive;
mod install;
mod list;
mod settings;

use std::path::Path;

use reqwest::blocking::Client;

use super::client;
use super::http::Refusal;
use crate::packages::install::Installed;
use crate::packages::{PackageError, Range};
pub use settings::{REGISTRIES, Settings};

/// One version of a package in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The package id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Where the archive is.
    pub url: String,
    /// Hex SHA-1 (or SHA-256) of the archive, where the registry gives it.
    pub checksum: Option<String>,
}

impl Release {
    /// `id#version`.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }
}

/// A client of package registries.
#[derive(Debug)]
pub struct Registry {
    client: Client,
    settings: Settings,
}

impl Registry {
    /// A client with these settings; goes online only when it is asked for something.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Registry, PackageError> {
        // No guard: whoever names a registry may have it on their own machine, or behind a proxy.
        let client = client::build(&settings.patience, None)
            .map_err(|why| PackageError::Registry { name: "any".to_owned(), why })?;
        Ok(Registry { client, settings })
    }

    /// The release that `id` and `range` mean, of the first registry that has one.
    ///
    /// # Errors
    /// [`PackageError::Unknown`] where every registry says that it has none, else [`PackageError::Registry`] with what
    /// went wrong.
    pub fn find(&self, id: &str, range: &Range) -> Result<Release, PackageError> {
        self.first(id, range, Ok)
    }

    /// Fetches and installs the release that `id` and `range` mean. What is in the folder already is not fetched again;
    /// what was cut off goes on. An archive is installed only when its checksum is right and it reads as the package
    /// that it should be; else the next registry is asked.
    ///
    /// # Errors
    /// As [`Registry::find`]; an archive that cannot be had, has another checksum, or does not read.
    pub fn install(&self, id: &str, range: &Range, folder: &Path) -> Result<Installed, PackageError> {
        self.first(id, range, |release| self.install_release(&release, folder))
    }

    /// What `take` makes of the first registry's release of which it makes something.
    fn first<T>(
        &self,
        id: &str,
        range: &Range,
        take: impl Fn(Release) -> Result<T, PackageError>,
    ) -> Result<T, PackageError> {
        let name = format!("{id}#{range}");
        let mut fault = None;
        for base in &self.settings.registries {
            let failed = match self.release(base.trim_end_matches('/'), id, range) {
                Ok(release) => match take(release) {
                    Ok(taken) => return Ok(taken),
                    Err(error) => error,
                },
                Err(Refusal::NotFound) => continue,
                Err(Refusal::Failed(why)) => PackageError::Registry { name: name.clone(), why },
            };
            // The first registry's fault is the one to look at.
            fault = fault.or(Some(failed));
        }
        Err(fault.unwrap_or_else(|| PackageError::Unknown {
            name,
            registries: self.settings.registries.iter().map(|r| format!("`{r}`")).collect(),
        }))
    }
}
