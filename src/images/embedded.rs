//! The images of the embedded packages, made by the build script.

use std::borrow::Cow;

use fhir_accord_profiles::plan::{Image, ImageError};

/// Bytes that start at a word.
#[repr(C)]
struct Aligned<T: ?Sized> {
    align: [u32; 0],
    bytes: T,
}

include!(concat!(env!("OUT_DIR"), "/images.rs"));

/// The image of an embedded package; `None` where there is none.
///
/// # Errors
/// [`ImageError`] where the binary is damaged.
pub fn find(id: &str, version: &str) -> Option<Result<Image, ImageError>> {
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
