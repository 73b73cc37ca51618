//! The images of the embedded packages, made by the build script.

use std::borrow::Cow;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::plan::{Image, ImageError};
use fhir_accord_profiles::registry::{Definition, DefinitionHead, Package};
use flate2::read::{DeflateDecoder, GzDecoder};

use crate::packages::embedded::Embedded;

/// Bytes that start at a word.
#[repr(C)]
struct Aligned<T: ?Sized> {
    align: [u32; 0],
    bytes: T,
}

/// The image of a guide, compressed.
struct Packed {
    id: &'static str,
    version: &'static str,
    /// How many bytes it has.
    size: usize,
    packed: &'static [u8],
    /// It, once somebody has asked for it; `None` where it is damaged.
    unpacked: OnceLock<Option<Vec<u32>>>,
}

impl Packed {
    const fn new(id: &'static str, version: &'static str, size: usize, packed: &'static [u8]) -> Packed {
        Packed { id, version, size, packed, unpacked: OnceLock::new() }
    }

    /// Its words, unpacked once a process.
    fn words(&'static self) -> Option<&'static [u32]> {
        let unpack = || {
            let mut bytes = Vec::with_capacity(self.size);
            DeflateDecoder::new(self.packed).read_to_end(&mut bytes).ok()?;
            let words = bytes.chunks_exact(4).filter_map(|word| Some(u32::from_le_bytes(word.try_into().ok()?)));
            (bytes.len() == self.size).then(|| words.collect())
        };
        self.unpacked.get_or_init(unpack).as_deref()
    }
}

include!(concat!(env!("OUT_DIR"), "/images.rs"));

/// An embedded package with only what a negotiation reads of it: StructureDefinitions without their elements,
/// statements, the guide. The package itself is not unpacked.
pub fn heads(package: &Embedded) -> Option<Package> {
    let m = &package.manifest;
    let (_, _, size, index, packed) = HEADS.iter().find(|(i, v, ..)| *i == m.id && *v == m.version)?;
    let mut text = Vec::with_capacity(*size);
    GzDecoder::new(*packed).read_to_end(&mut text).ok()?;
    let text: Arc<[u8]> = Arc::from(text);
    let definition = |line: &str| {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or_default();
        let (resource_type, id, url, version, file) = (next(), next(), next(), next(), next());
        let (start, len): (usize, usize) = (next().parse().ok()?, next().parse().ok()?);
        let head = DefinitionHead {
            resource_type: resource_type.to_owned(),
            id: id.to_owned(),
            url: url.to_owned(),
            version: Some(version.to_owned()).filter(|v| !v.is_empty()),
            file: file.to_owned(),
        };
        Some(Definition::new(head, text.clone(), start..start + len))
    };
    let definitions = index.lines().filter_map(definition).collect();
    Some(Package::new(
        m.id.clone(),
        m.version.clone(),
        m.fhir_version,
        m.dependencies.clone(),
        definitions,
        package.sha256.clone(),
    ))
}

/// The image of an embedded package; `None` where there is none.
///
/// # Errors
/// [`ImageError`] where the binary is damaged.
pub fn find(id: &str, version: &str) -> Option<Result<Image, ImageError>> {
    if let Some(guide) = PACKED.iter().find(|p| p.id == id && p.version == version) {
        // Of what is damaged nothing is left.
        return Some(Image::new(Cow::Borrowed(guide.words().unwrap_or_default()), false));
    }
    let (_, _, image) = IMAGES.iter().find(|(i, v, _)| *i == id && *v == version)?;
    debug_assert!(image.align.is_empty());
    let words = if cfg!(target_endian = "little") {
        match bytemuck::try_cast_slice(&image.bytes) {
            Ok(words) => Cow::Borrowed(words),
            Err(_) => return Some(Image::from_bytes(&image.bytes)),
        }
    } else {
        return Some(Image::from_bytes(&image.bytes));
    };
    Some(Image::new(words, false))
}
