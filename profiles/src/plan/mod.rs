//! The compiled form: image rows, string pool, checked reading, sets of images. No logic of validation.

mod image;
pub mod rows;

pub use image::{Image, ImageError, LAYOUT, SECTIONS, Section, checksum, code_hash};
