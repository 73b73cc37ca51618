//! Image files: content-addressed, read-only, shared by every process.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use fhir_accord_profiles::fhirpath;
use fhir_accord_profiles::plan::{Image, LAYOUT};

use super::mapped;
use crate::packages::Resolution;
use crate::packages::hash::sha256_hex;

/// The build of this program: images of another are not used.
pub(super) const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("ACCORD_BUILD"));

/// Where image files are; without a folder none are read or written.
#[derive(Clone, Debug, Default)]
pub struct Files {
    folder: Option<PathBuf>,
}

/// Where images are by default: `$ACCORD_IMAGES`, else `accord/images` in the user's cache folder.
pub fn cache_folder() -> Option<PathBuf> {
    let named = std::env::var_os("ACCORD_IMAGES").map(PathBuf::from);
    named.or_else(|| etcetera::base_strategy::Xdg::new().ok().map(|b| b.cache_dir().join("accord").join("images")))
}

impl Files {
    /// Image files in `folder`; `None` keeps none.
    pub fn new(folder: Option<PathBuf>) -> Files {
        Files { folder }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|f| f.join(format!("{key}.image")))
    }

    /// The image of a key; `None` where there is none, or a damaged one.
    pub fn read(&self, key: &str) -> Option<Image> {
        let path = self.path(key)?;
        match mapped::image(&path) {
            Some(image) => Some(image),
            None => Image::from_bytes(&fs::read(path).ok()?).ok(),
        }
    }

    /// Keeps an image: written to a temporary file and renamed. A folder that cannot be written to is ignored.
    pub fn write(&self, key: &str, image: &Image) {
        if let Some(path) = self.path(key)
            && let Err(e) = write(&path, image)
        {
            tracing::debug!(path = %path.display(), error = %e, "the image was not kept");
        }
    }
}

fn write(path: &Path, image: &Image) -> std::io::Result<()> {
    let bytes: Vec<u8> = image.words().iter().flat_map(|w| w.to_le_bytes()).collect();
    write_bytes(path, &bytes)
}

/// Writes a file beside its name, read-only, and renames it: it is there as a whole, or not at all.
///
/// # Errors
/// A folder that cannot be written to, or a full disk; nothing is left behind.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    // Processes that have mapped a file rely on its bytes: it is replaced as a whole, never written to again.
    let mut permissions = file.as_file().metadata()?.permissions();
    permissions.set_readonly(cfg!(unix));
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// The packages that one sees, itself first, then in the order of their indices.
pub fn reach(resolution: &Resolution, i: usize) -> Vec<usize> {
    let mut others = BTreeSet::new();
    let mut queue = vec![i];
    while let Some(at) = queue.pop() {
        let dependencies = resolution.dependencies.get(at).into_iter().flatten();
        queue.extend(dependencies.filter(|d| **d != i && others.insert(**d)));
    }
    std::iter::once(i).chain(others).collect()
}

/// The key of a package's image: a hash over the build, the package, the packages that it sees, and the core package by
/// whose types it is compiled: another version's core is one package among others, and holds no types.
pub fn key(resolution: &Resolution, i: usize) -> String {
    let mut text = format!("{BUILD} {LAYOUT} {} {}\n", fhirpath::FORMAT, resolution.fhir_version.number());
    for p in reach(resolution, i).into_iter().filter_map(|m| resolution.packages.get(m)) {
        text.push_str(&format!("{} {}\n", p.name(), p.sha256));
    }
    sha256_hex(text.as_bytes())
}
