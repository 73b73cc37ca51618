//! Image files: content-addressed, read-only, shared by every process.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use fhir_accord_profiles::fhirpath;
use fhir_accord_profiles::plan::{Image, LAYOUT};

use crate::packages::Resolution;
use crate::packages::hash::sha256_hex;

/// The build of this program: images of another are not used.
const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("ACCORD_BUILD"));

/// Where image files lie; without a folder none are read or written.
#[derive(Clone, Debug, Default)]
pub struct Files {
    folder: Option<PathBuf>,
}

/// Where images lie by default: `$ACCORD_IMAGES`, else `accord/images` in the user's cache folder.
pub fn cache_folder() -> Option<PathBuf> {
    let named = std::env::var_os("ACCORD_IMAGES").map(PathBuf::from);
    named.or_else(|| etcetera::base_strategy::Xdg::new().ok().map(|b| b.cache_dir().join("accord").join("images")))
}

impl Files {
    pub fn new(folder: Option<PathBuf>) -> Files {
        Files { folder }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|f| f.join(format!("{key}.image")))
    }

    /// The image of a key; `None` where there is none, or a damaged one.
    pub fn read(&self, key: &str) -> Option<Image> {
        let bytes = fs::read(self.path(key)?).ok()?;
        Image::from_bytes(&bytes).ok()
    }

    /// Keeps an image: written beside and renamed. A folder that can't be written to is passed over.
    pub fn write(&self, key: &str, image: &Image) {
        if let Some(path) = self.path(key)
            && let Err(e) = write(&path, image)
        {
            tracing::debug!(path = %path.display(), error = %e, "the image was not kept");
        }
    }
}

fn write(path: &Path, image: &Image) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let bytes: Vec<u8> = image.words().iter().flat_map(|w| w.to_le_bytes()).collect();
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// The packages that one sees, itself first, then in the order of their indices.
pub fn reach(resolution: &Resolution, i: usize) -> Vec<usize> {
    let mut seen = vec![i];
    let mut at = 0;
    while at < seen.len() {
        for d in &resolution.dependencies[seen[at]] {
            if !seen.contains(d) {
                seen.push(*d);
            }
        }
        at += 1;
    }
    seen[1..].sort_unstable();
    seen
}

/// The key of a package's image: a hash over the build, the package, and the packages that it sees.
pub fn key(resolution: &Resolution, i: usize) -> String {
    let mut text = format!("{BUILD} {LAYOUT} {}\n", fhirpath::FORMAT);
    for m in reach(resolution, i) {
        let p = &resolution.packages[m];
        text.push_str(&format!("{} {}\n", p.name(), p.sha256));
    }
    sha256_hex(text.as_bytes())
}
