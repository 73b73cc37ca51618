//! Installing a release: its archive into a folder of packages, checked and sealed.

use std::path::{Path, PathBuf};

use super::{Registry, Release};
use crate::packages::PackageError;
use crate::packages::install::{Installed, check, installed_path, seal};
use crate::remote::download::Part;
use crate::remote::http::Refusal;

impl Registry {
    pub(super) fn install_release(&self, release: &Release, folder: &Path) -> Result<Installed, PackageError> {
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
}
