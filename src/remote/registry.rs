//! The npm-style FHIR package registry: which versions there are, and fetching one.
//!
//! `GET /{id}` lists the versions, `GET /{id}/{version}` is the archive
//! (<https://confluence.hl7.org/display/FHIR/FHIR+Package+Registry+User+Documentation>).

use std::path::{Path, PathBuf};

use reqwest::blocking::Client;
use serde_json::Value;
use sha1::{Digest, Sha1};

use super::download::{Download, Part, fetch};
use super::http::{self, Patience, Refusal, send};
use crate::packages::hash::{hex, sha256_hex};
use crate::packages::install::{Installed, check, installed_path, seal};
use crate::packages::reading::{Limits, is_name};
use crate::packages::{PackageError, Range};

/// The registries that are asked by default, in this order.
pub const REGISTRIES: [&str; 2] = ["https://packages.fhir.org", "https://packages2.fhir.org/packages"];

/// The most that a registry may answer to the question for versions.
const LIST_LIMIT_BYTES: u64 = 32 << 20;

/// Which registries, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base URLs, asked in this order.
    pub registries: Vec<String>,
    /// How long and how often is tried.
    pub patience: Patience,
    /// Bounds on archives.
    pub limits: Limits,
    /// Whether a progress bar is shown, where standard error is a terminal.
    pub progress: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            registries: REGISTRIES.map(str::to_owned).to_vec(),
            patience: Patience::default(),
            limits: Limits::default(),
            progress: true,
        }
    }
}

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
        let client =
            http::client(&settings.patience).map_err(|why| PackageError::Registry { name: "any".to_owned(), why })?;
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

    fn release(&self, base: &str, id: &str, range: &Range) -> Result<Release, Refusal> {
        if !is_name(id) {
            return Err(Refusal::NotFound);
        }
        let answer = send(&self.settings.patience, || {
            self.client.get(format!("{base}/{id}")).header("accept", "application/json")
        })?;
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(answer, LIST_LIMIT_BYTES + 1), &mut text)
            .map_err(|e| Refusal::Failed(e.to_string()))?;
        if text.len() as u64 > LIST_LIMIT_BYTES {
            return Err(Refusal::Failed(format!("its list of versions is larger than {LIST_LIMIT_BYTES} bytes")));
        }
        let list: Value = serde_json::from_slice(&text)
            .map_err(|_| Refusal::Failed("its list of versions is not JSON".to_owned()))?;
        let versions = list
            .get("versions")
            .and_then(Value::as_object)
            .ok_or_else(|| Refusal::Failed("it lists no versions".to_owned()))?;
        let latest = list
            .get("dist-tags")
            .and_then(|t| t.get("latest"))
            .and_then(Value::as_str)
            .filter(|v| *range == Range::Newest && versions.contains_key(*v));
        let picked = latest
            .or_else(|| range.pick(versions.keys().map(String::as_str)))
            .filter(|v| is_name(v))
            .ok_or(Refusal::NotFound)?;
        let dist = versions.get(picked).and_then(|v| v.get("dist"));
        let told = |key: &str| dist.and_then(|d| d.get(key)).and_then(Value::as_str).filter(|t| !t.is_empty());
        let url = told("tarball")
            .filter(|url| is_safe(base, url))
            .map_or_else(|| format!("{base}/{id}/{picked}"), str::to_owned);
        Ok(Release {
            id: id.to_owned(),
            version: picked.to_owned(),
            url,
            checksum: told("shasum").map(str::to_ascii_lowercase),
        })
    }

    fn install_release(&self, release: &Release, folder: &Path) -> Result<Installed, PackageError> {
        let path = installed_path(folder, &release.id, &release.version);
        std::fs::create_dir_all(folder).map_err(PackageError::io(folder))?;
        let part_path = PathBuf::from(format!("{}.part", path.display()));
        let mut part = Part::open(&part_path).map_err(PackageError::io(&part_path))?;
        if let Ok(there) = std::fs::read(&path) {
            let (manifest, sha256) = check(&there, &release.name(), &self.settings.limits)?;
            // Another process may have been faster, and left no part behind it.
            drop(part);
            let _ = std::fs::remove_file(&part_path);
            return Ok(Installed { manifest, path, sha256, new: false });
        }
        let bytes = match self.whole(release, &mut part) {
            Ok(bytes) => bytes,
            Err(Refusal::NotFound) => {
                return Err(PackageError::Registry {
                    name: release.name(),
                    why: format!("`{}` does not exist", release.url),
                });
            }
            Err(Refusal::Failed(why)) => return Err(PackageError::Registry { name: release.name(), why }),
        };
        let checked =
            check(&bytes, &release.name(), &self.settings.limits).and_then(|(manifest, sha256)| {
                match manifest.name().eq_ignore_ascii_case(&release.name()) {
                    true => Ok((manifest, sha256)),
                    false => Err(PackageError::Registry {
                        name: release.name(),
                        why: format!("the archive is package `{}`", manifest.name()),
                    }),
                }
            });
        let (manifest, sha256) = checked.inspect_err(|_| {
            let _ = std::fs::remove_file(&part_path);
        })?;
        part.sync().and_then(|()| seal(&part_path)).map_err(PackageError::io(&part_path))?;
        std::fs::rename(&part_path, &path).map_err(PackageError::io(&path))?;
        Ok(Installed { manifest, path, sha256, new: true })
    }

    /// The archive's bytes, with the right checksum. What was resumed and has a wrong one, or none and does not read,
    /// is fetched once more from the start.
    fn whole(&self, release: &Release, part: &mut Part) -> Result<Vec<u8>, Refusal> {
        let disk = |error: std::io::Error| Refusal::Failed(format!("the download cannot be written: {error}"));
        let name = release.name();
        let download = Download {
            url: &release.url,
            name: &name,
            limit_bytes: self.settings.limits.archive_bytes,
            progress: self.settings.progress,
        };
        loop {
            let resumed = !part.is_empty();
            fetch(&self.client, &self.settings.patience, &download, part)?;
            let bytes = part.bytes().map_err(disk)?;
            let unread = || {
                (resumed && release.checksum.is_none())
                    .then(|| check(&bytes, &name, &self.settings.limits).err())
                    .flatten()
                    .map(|e| e.to_string())
            };
            match wrong_checksum(&bytes, release.checksum.as_deref()).or_else(unread) {
                None => return Ok(bytes),
                Some(why) => {
                    part.clear().map_err(disk)?;
                    if !resumed {
                        return Err(Refusal::Failed(why));
                    }
                }
            }
        }
    }
}

/// What is wrong with the checksum; nothing where none is given.
fn wrong_checksum(bytes: &[u8], told: Option<&str>) -> Option<String> {
    let told = told?;
    let found = match told.len() {
        64 => sha256_hex(bytes),
        _ => hex(&Sha1::digest(bytes)),
    };
    (found != told).then(|| format!("its checksum is {found}, the registry says {told}"))
}

/// Whether an archive's URL that a registry gives may be followed: on the registry's own origin, or by https.
fn is_safe(base: &str, url: &str) -> bool {
    let origin = |text: &str| reqwest::Url::parse(text).ok().map(|u| u.origin());
    url.starts_with("https://") || (url.starts_with("http://") && origin(base).is_some() && origin(base) == origin(url))
}
