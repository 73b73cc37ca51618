//! Image files mapped into memory: every process that reads one shares its pages, and nothing is copied.
//!
//! A file stays mapped until the process ends ([why](../../docs/adr/mapped-images.md)), so that an image borrows it for
//! `'static`, as it borrows the images in the binary. Each file is mapped and verified once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fhir_accord_profiles::plan::Image;
use memmap2::Mmap;

/// Bound on the files that are mapped at the same time; further ones are read into memory.
const FILES: usize = 4_096;

/// The words of the files that were mapped; `None` for those that were damaged when they were first read.
static MAPPED: Mutex<BTreeMap<PathBuf, Option<&'static [u32]>>> = Mutex::new(BTreeMap::new());

/// The image in a file; `None` where it is damaged or cannot be mapped. A file that was damaged once is never mapped
/// again: what has replaced it is read into memory.
pub(super) fn image(path: &Path) -> Option<Image> {
    if cfg!(target_endian = "big") {
        return None;
    }
    let mut mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = mapped.get(path) {
        return known.and_then(|words| Image::new(Cow::Borrowed(words), false).ok());
    }
    if mapped.len() >= FILES {
        return None;
    }
    let words = words(path)?;
    let image = Image::new(Cow::Borrowed(words), true).ok();
    mapped.insert(path.to_owned(), image.is_some().then_some(words));
    image
}

/// The words of a file, mapped for as long as the process runs; a page starts at a word.
fn words(path: &Path) -> Option<&'static [u32]> {
    let map: &'static Mmap = Box::leak(Box::new(map(&File::open(path).ok()?).ok()?));
    bytemuck::try_cast_slice(map).ok()
}

/// Maps a whole file, for reading only.
#[allow(unsafe_code, reason = "mapping a file is unsafe wherever another process might change it")]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the bytes must not change while they are mapped. Image files are written under another name, made
    // read-only and renamed to their final one, which is a hash of all that their content depends on, or, of
    // code sets, of their canonical; this program never opens one for writing and never truncates one. One that is
    // replaced or removed keeps its bytes for those who have mapped it. The folder is the user's own.
    unsafe { Mmap::map(file) }
}

/// A file that is mapped, for as long as this lives.
pub struct MappedFile(Mmap);

impl MappedFile {
    /// Maps a file that [`super::write_bytes`] wrote.
    ///
    /// # Errors
    /// A file that cannot be opened or mapped.
    pub fn open(path: &Path) -> std::io::Result<MappedFile> {
        map(&File::open(path)?).map(MappedFile)
    }
}

impl AsRef<[u8]> for MappedFile {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_image_is_refused_and_what_replaces_it_is_not_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.image");
        assert!(image(&path).is_none());
        std::fs::write(&path, b"no image").unwrap();
        assert!(image(&path).is_none());
        let embedded = super::super::embedded::find("hl7.fhir.us.core", "6.1.0").unwrap().unwrap();
        let bytes: Vec<u8> = embedded.words().iter().flat_map(|w| w.to_le_bytes()).collect();
        let other = folder.path().join("b.image");
        std::fs::write(&path, &bytes).unwrap();
        std::fs::write(&other, &bytes).unwrap();
        assert!(image(&path).is_none());
        let mapped = image(&other).unwrap();
        assert_eq!(mapped.words(), embedded.words());
        assert_eq!(image(&other).unwrap().words().as_ptr(), mapped.words().as_ptr());
    }
}
