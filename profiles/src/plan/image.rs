//! One package compiled: sections of rows over one buffer, read with checks.

use std::borrow::Cow;
use std::fmt;

use bytemuck::Pod;

use super::hash::{checksum, code_hash};
use super::image_issue::ImageIssue;
use super::rows::{
    BindingRow, CanonicalRow, CodeSystemRow, ConstraintRow, ContextRow, DiscriminatorRow, FaultRow, HumanRow,
    OpenSystemRow, Run, SlicingRow, Str, StructureRow, TypeRefRow, ValueRow, ValueSetRow,
};
use super::section::{SECTIONS, Section};
use crate::fhirpath::Code;
use crate::instance::Names;
use crate::model::{ChildRow, Model, TypeRow};

/// The first word of an image.
const MAGIC: u32 = 0x4143_4344;
/// The version of the layout, in the second word of an image. It changes with every change of a row or a section.
pub const LAYOUT: u32 = 22;

const HEADER_WORDS: usize = 4 + 2 * SECTIONS;

/// Why bytes are not an image. A damaged image is rebuilt by its owner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// The bytes end before the header does.
    #[error("the image is truncated")]
    TooShort,
    /// The first word is not that of an image.
    #[error("not an image")]
    Magic,
    /// The image has another layout: that of another build.
    #[error("expected image layout {LAYOUT}, found {0}")]
    Layout(u32),
    /// The bytes were changed.
    #[error("the checksum of the image does not match")]
    Checksum,
    /// The section with this number is not within the image.
    #[error("section {0} of the image is out of bounds")]
    Section(usize),
}

/// A compiled package over its words. Reading past a section gives `None` or an empty run, never a panic.
pub struct Image {
    words: Cow<'static, [u32]>,
    sections: [(u32, u32); SECTIONS],
    code_text: Box<str>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({})", self.package())
    }
}

impl Image {
    /// An image over `words`, with its checksum verified when `verify` is set.
    ///
    /// # Errors
    /// [`ImageError`] where the words are no image of this layout, or damaged.
    pub fn new(words: Cow<'static, [u32]>, verify: bool) -> Result<Image, ImageError> {
        let [magic, layout, low, high, rest @ ..] = &*words else { return Err(ImageError::TooShort) };
        if words.len() < HEADER_WORDS {
            return Err(ImageError::TooShort);
        }
        if *magic != MAGIC {
            return Err(ImageError::Magic);
        }
        if *layout != LAYOUT {
            return Err(ImageError::Layout(*layout));
        }
        if verify && checksum(rest) != u64::from(*low) | u64::from(*high) << 32 {
            return Err(ImageError::Checksum);
        }
        let mut sections = [(0, 0); SECTIONS];
        for (i, (s, [start, len])) in sections.iter_mut().zip(rest.as_chunks::<2>().0).enumerate() {
            *s = (*start, *len);
            if (s.0 as usize).checked_add(s.1 as usize).is_none_or(|e| e > words.len()) || (s.0 as usize) < HEADER_WORDS
            {
                return Err(ImageError::Section(i));
            }
        }
        let mut image = Image { words, sections, code_text: "".into() };
        let text: &[u8] = bytemuck::cast_slice(image.section(Section::CodeText));
        image.code_text =
            std::str::from_utf8(text).map_err(|_| ImageError::Section(Section::CodeText as usize))?.into();
        Ok(image)
    }

    /// An image from the bytes of a file.
    ///
    /// # Errors
    /// [`ImageError`] as [`Image::new`] gives it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Image, ImageError> {
        let words: Vec<u32> = bytes.as_chunks::<4>().0.iter().map(|c| u32::from_le_bytes(*c)).collect();
        Image::new(Cow::Owned(words), true)
    }

    /// The words of the whole image, as a file holds them (little endian).
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Joins sections to an image; each section is its words.
    pub(crate) fn assemble(sections: &[Vec<u32>; SECTIONS]) -> Vec<u32> {
        let mut header = Vec::with_capacity(2 * SECTIONS);
        let mut rows = Vec::new();
        for s in sections {
            header.extend([(HEADER_WORDS + rows.len()) as u32, s.len() as u32]);
            rows.extend_from_slice(s);
        }
        header.append(&mut rows);
        let sum = checksum(&header);
        let mut words = vec![MAGIC, LAYOUT, sum as u32, (sum >> 32) as u32];
        words.append(&mut header);
        words
    }

    /// The words of a section.
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "there is a place for each section, and its bounds were checked")]
    pub fn section(&self, s: Section) -> &[u32] {
        let (start, len) = self.sections[s as usize];
        &self.words[start as usize..(start + len) as usize]
    }

    /// The rows of a section.
    #[inline]
    pub(super) fn rows<T: Pod>(&self, s: Section) -> &[T] {
        let words = self.section(s);
        let whole = words.len() - words.len() % (size_of::<T>() / 4);
        bytemuck::cast_slice(words.get(..whole).unwrap_or_default())
    }

    /// A string of the pool.
    #[inline]
    pub(crate) fn str(&self, s: Str) -> &str {
        std::str::from_utf8(self.bytes(s)).unwrap_or_default()
    }

    /// A string of the pool as bytes.
    #[inline]
    pub(crate) fn bytes(&self, s: Str) -> &[u8] {
        string_at(bytemuck::cast_slice(self.section(Section::Pool)), s)
    }

    fn meta(&self, i: usize) -> &str {
        self.section(Section::Meta).get(i).map_or("", |s| self.str(Str(*s)))
    }

    /// `id#version` of the package.
    pub fn package(&self) -> String {
        format!("{}#{}", self.meta(0), self.meta(1))
    }

    /// The FHIR version of the package, as its manifest writes it.
    pub fn fhir_version(&self) -> &str {
        self.meta(2)
    }

    /// What in the package could not be compiled.
    pub fn issues(&self) -> impl Iterator<Item = ImageIssue<'_>> {
        let rows = self.section(Section::Meta).get(3..).unwrap_or_default().as_chunks::<4>().0;
        rows.iter().map(|[profile, element, message, marks]| {
            ImageIssue::of(self.str(Str(*profile)), self.str(Str(*element)), self.str(Str(*message)), *marks)
        })
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.section(Section::Names).iter().map(|s| self.str(Str(*s)))
    }

    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.section(Section::TypeNames).iter().map(|s| self.str(Str(*s)))
    }

    pub(crate) fn types(&self) -> &[TypeRow] {
        self.rows(Section::Types)
    }

    pub(crate) fn children(&self) -> &[ChildRow] {
        self.rows(Section::Children)
    }

    /// The type model, which a core package's image holds; an empty one elsewhere.
    pub fn model(&self) -> Model {
        let names = Names::new(self.names().skip(crate::instance::FIXED.len()));
        Model::from_rows(
            names,
            self.type_names().map(Into::into).collect(),
            self.types().to_vec(),
            self.children().to_vec(),
        )
    }

    pub(crate) fn structures(&self) -> &[StructureRow] {
        self.rows(Section::Structures)
    }

    pub(crate) fn structure(&self, i: u32) -> Option<&StructureRow> {
        self.structures().get(i as usize)
    }

    pub(crate) fn type_refs(&self, run: Run) -> &[TypeRefRow] {
        self.rows(Section::TypeRefs).get(run.range()).unwrap_or_default()
    }

    /// The strings of a list.
    pub(crate) fn list(&self, run: Run) -> impl Iterator<Item = &str> {
        self.section(Section::Lists).get(run.range()).unwrap_or_default().iter().map(|s| self.str(Str(*s)))
    }

    /// The row numbers in a list of row numbers.
    pub(crate) fn links(&self, run: Run) -> &[u32] {
        self.section(Section::Lists).get(run.range()).unwrap_or_default()
    }

    /// What a constraint says to people; `None` where the package does not say it.
    pub fn human(&self, constraint: u32) -> Option<&str> {
        let rows: &[HumanRow] = self.rows(Section::Humans);
        let row = rows.get(rows.binary_search_by_key(&constraint, |r| r.constraint).ok()?)?;
        let text: &[u8] = bytemuck::cast_slice(self.section(Section::HumanText));
        std::str::from_utf8(text.get(row.text.range())?).ok()
    }

    /// The row of a constraint; `None` beyond the last.
    pub fn constraint(&self, i: u32) -> Option<&ConstraintRow> {
        self.rows(Section::Constraints).get(i as usize)
    }

    /// A compiled expression; `None` where there is none.
    #[inline]
    pub(crate) fn code(&self, run: Run) -> Option<Code<'_>> {
        let words = self.section(Section::Code).get(run.range()).filter(|w| !w.is_empty())?;
        Some(Code { words, pool: &self.code_text })
    }

    /// Bare words beside the compiled expressions: a mask.
    #[inline]
    pub(crate) fn mask(&self, run: Run) -> &[u32] {
        self.section(Section::Code).get(run.range()).unwrap_or_default()
    }

    pub(crate) fn binding(&self, i: u32) -> Option<&BindingRow> {
        self.rows(Section::Bindings).get(i as usize)
    }

    pub(crate) fn slicing(&self, i: u32) -> Option<&SlicingRow> {
        self.rows(Section::Slicings).get(i as usize)
    }

    pub(crate) fn discriminators(&self, run: Run) -> &[DiscriminatorRow] {
        self.rows(Section::Discriminators).get(run.range()).unwrap_or_default()
    }

    /// The contexts of an extension.
    pub(crate) fn contexts(&self, run: Run) -> &[ContextRow] {
        self.rows(Section::Contexts).get(run.range()).unwrap_or_default()
    }

    /// The faults of a structure.
    pub(crate) fn faults(&self, run: Run) -> &[FaultRow] {
        self.rows(Section::Faults).get(run.range()).unwrap_or_default()
    }

    pub(crate) fn value(&self, i: u32) -> Option<&ValueRow> {
        self.rows(Section::Values).get(i as usize)
    }

    pub(crate) fn value_sets(&self) -> &[ValueSetRow] {
        self.rows(Section::ValueSets)
    }

    pub(crate) fn open_systems(&self, run: Run) -> &[OpenSystemRow] {
        self.rows(Section::OpenSystems).get(run.range()).unwrap_or_default()
    }

    pub(crate) fn code_systems(&self) -> &[CodeSystemRow] {
        self.rows(Section::CodeSystems)
    }

    pub(crate) fn canonicals(&self) -> &[CanonicalRow] {
        self.rows(Section::Canonicals)
    }

    /// The first row of a url, by a section of urls; `url_of` gives the url of a row.
    pub(crate) fn first_of(&self, table: Section, url: &str, url_of: impl Fn(usize) -> Option<Str>) -> Option<usize> {
        let (words, hash) = (self.section(table), code_hash(url.as_bytes()));
        let slots = words.len() / 2;
        let mask = slots.wrapping_sub(1);
        let mut at = if slots == 0 { 0 } else { hash as usize & mask };
        for _ in 0..slots {
            let [found, row] = words.as_chunks::<2>().0.get(at).copied()?;
            let row = row.checked_sub(1)? as usize;
            if found == hash && url_of(row).is_some_and(|u| self.bytes(u) == url.as_bytes()) {
                return Some(row);
            }
            at = (at + 1) & mask;
        }
        None
    }
}

/// A string of a pool.
#[inline]
pub(crate) fn string_at(pool: &[u8], s: Str) -> &[u8] {
    let from = pool.get(s.0 as usize..).unwrap_or_default();
    match from.split_first() {
        Some((len, rest)) if *len < 0x80 => rest.get(..usize::from(*len)).unwrap_or_default(),
        _ => long_string(from),
    }
}

/// A string whose length takes more than a byte.
#[cold]
fn long_string(from: &[u8]) -> &[u8] {
    let Some(last) = from.iter().take(5).position(|b| *b < 0x80) else { return &[] };
    let (len, rest) = from.split_at(last + 1);
    let len = len.iter().rev().fold(0, |len, b| len << 7 | usize::from(b & 0x7F));
    rest.get(..len).unwrap_or_default()
}
