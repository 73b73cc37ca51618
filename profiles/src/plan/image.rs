//! One package compiled: sections of rows over one buffer, read with checks.

use std::borrow::Cow;
use std::fmt;

use bytemuck::Pod;

use super::rows::{
    BindingRow, CONCEPT_ANY_CASE, CanonicalRow, CodeSystemRow, ConceptRow, ConstraintRow, ContextRow, DiscriminatorRow,
    ElementRow, FaultRow, HumanRow, OpenSystemRow, Run, SlicingRow, Str, StructureRow, TypeRefRow, ValueRow,
    ValueSetRow,
};
use super::section::{SECTIONS, Section};
use crate::fhirpath::Code;
use crate::instance::Names;
use crate::model::{ChildRow, Model, TypeRow};

/// The first word of an image, and the version of its layout.
pub const MAGIC: u32 = 0x4143_4344;
pub const LAYOUT: u32 = 13;

const HEADER_WORDS: usize = 4 + 2 * SECTIONS;

/// Why bytes are no image. A damaged image is rebuilt by its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageError {
    TooShort,
    Magic,
    Layout(u32),
    Checksum,
    Section(usize),
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::TooShort => f.write_str("the image is cut off"),
            ImageError::Magic => f.write_str("this is no image"),
            ImageError::Layout(v) => write!(f, "the image has layout {v}, wanted {LAYOUT}"),
            ImageError::Checksum => f.write_str("the checksum of the image does not match"),
            ImageError::Section(n) => write!(f, "section {n} of the image is out of bounds"),
        }
    }
}

impl std::error::Error for ImageError {}

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

/// A checksum over words; detects damage, is no proof against malice.
pub fn checksum(words: &[u32]) -> u64 {
    let mut lanes = [0x9E37_79B9_7F4A_7C15u64, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x27D4_EB2F_1656_67C5];
    let mut chunks = words.chunks_exact(8);
    for c in &mut chunks {
        for (i, lane) in lanes.iter_mut().enumerate() {
            let v = u64::from(c[2 * i]) | u64::from(c[2 * i + 1]) << 32;
            *lane = (*lane ^ v).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
        }
    }
    let mut h =
        lanes.iter().fold(words.len() as u64, |h, l| (h ^ l).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29));
    for w in chunks.remainder() {
        h = (h ^ u64::from(*w)).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
    }
    h
}

impl Image {
    /// An image over `words`, with its checksum verified when `verify` is set.
    ///
    /// # Errors
    /// [`ImageError`] where the words are no image of this layout, or damaged.
    pub fn new(words: Cow<'static, [u32]>, verify: bool) -> Result<Image, ImageError> {
        if words.len() < HEADER_WORDS {
            return Err(ImageError::TooShort);
        }
        if words[0] != MAGIC {
            return Err(ImageError::Magic);
        }
        if words[1] != LAYOUT {
            return Err(ImageError::Layout(words[1]));
        }
        let stored = u64::from(words[2]) | u64::from(words[3]) << 32;
        if verify && checksum(&words[4..]) != stored {
            return Err(ImageError::Checksum);
        }
        let mut sections = [(0, 0); SECTIONS];
        for (i, s) in sections.iter_mut().enumerate() {
            *s = (words[4 + 2 * i], words[5 + 2 * i]);
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
        let words: Vec<u32> = bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
        Image::new(Cow::Owned(words), true)
    }

    /// The words of the whole image, as a file holds them (little endian).
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Joins sections to an image; each section is its words.
    pub fn assemble(sections: &[Vec<u32>; SECTIONS]) -> Vec<u32> {
        let mut words = vec![0; HEADER_WORDS];
        words[0] = MAGIC;
        words[1] = LAYOUT;
        for (i, s) in sections.iter().enumerate() {
            words[4 + 2 * i] = words.len() as u32;
            words[5 + 2 * i] = s.len() as u32;
            words.extend_from_slice(s);
        }
        let sum = checksum(&words[4..]);
        words[2] = sum as u32;
        words[3] = (sum >> 32) as u32;
        words
    }

    #[inline]
    pub fn section(&self, s: Section) -> &[u32] {
        let (start, len) = self.sections[s as usize];
        &self.words[start as usize..(start + len) as usize]
    }

    /// The rows of a section.
    #[inline]
    fn rows<T: Pod>(&self, s: Section) -> &[T] {
        let words = self.section(s);
        let whole = words.len() - words.len() % (size_of::<T>() / 4);
        bytemuck::cast_slice(&words[..whole])
    }

    /// A string of the pool.
    #[inline]
    pub fn str(&self, s: Str) -> &str {
        std::str::from_utf8(self.bytes(s)).unwrap_or_default()
    }

    /// A string of the pool as bytes.
    #[inline]
    pub fn bytes(&self, s: Str) -> &[u8] {
        let pool = self.section(Section::Pool);
        let Some(len) = pool.get(s.0 as usize) else { return &[] };
        let start = (s.0 as usize + 1) * 4;
        let bytes: &[u8] = bytemuck::cast_slice(pool);
        bytes.get(start..start + *len as usize).unwrap_or_default()
    }

    fn meta(&self, i: usize) -> &str {
        self.section(Section::Meta).get(i).map_or("", |s| self.str(Str(*s)))
    }

    /// `id#version` of the package.
    pub fn package(&self) -> String {
        format!("{}#{}", self.meta(0), self.meta(1))
    }

    pub fn package_id(&self) -> &str {
        self.meta(0)
    }

    pub fn package_version(&self) -> &str {
        self.meta(1)
    }

    /// The FHIR version of the package, as its manifest writes it.
    pub fn fhir_version(&self) -> &str {
        self.meta(2)
    }

    /// What in the package could not be compiled, one sentence each.
    pub fn issues(&self) -> impl Iterator<Item = &str> {
        self.section(Section::Meta).iter().skip(3).map(|s| self.str(Str(*s)))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.section(Section::Names).iter().map(|s| self.str(Str(*s)))
    }

    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.section(Section::TypeNames).iter().map(|s| self.str(Str(*s)))
    }

    pub fn types(&self) -> &[TypeRow] {
        self.rows(Section::Types)
    }

    pub fn children(&self) -> &[ChildRow] {
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

    pub fn structures(&self) -> &[StructureRow] {
        self.rows(Section::Structures)
    }

    pub fn elements(&self) -> &[ElementRow] {
        self.rows(Section::Elements)
    }

    #[inline]
    pub fn element(&self, i: u32) -> Option<&ElementRow> {
        self.elements().get(i as usize)
    }

    pub fn structure(&self, i: u32) -> Option<&StructureRow> {
        self.structures().get(i as usize)
    }

    pub fn type_refs(&self, run: Run) -> &[TypeRefRow] {
        self.rows(Section::TypeRefs).get(run.range()).unwrap_or_default()
    }

    /// The strings of a list.
    pub fn list(&self, run: Run) -> impl Iterator<Item = &str> {
        self.section(Section::Lists).get(run.range()).unwrap_or_default().iter().map(|s| self.str(Str(*s)))
    }

    /// The row numbers in a list of row numbers.
    pub fn links(&self, run: Run) -> &[u32] {
        self.section(Section::Lists).get(run.range()).unwrap_or_default()
    }

    /// What a constraint says to people; `None` where the package does not say it.
    pub fn human(&self, constraint: u32) -> Option<&str> {
        let rows: &[HumanRow] = self.rows(Section::Humans);
        let row = rows.get(rows.binary_search_by_key(&constraint, |r| r.constraint).ok()?)?;
        let text: &[u8] = bytemuck::cast_slice(self.section(Section::HumanText));
        std::str::from_utf8(text.get(row.text.range())?).ok()
    }

    pub fn constraint(&self, i: u32) -> Option<&ConstraintRow> {
        self.rows(Section::Constraints).get(i as usize)
    }

    /// A compiled expression; `None` where there is none.
    #[inline]
    pub fn code(&self, run: Run) -> Option<Code<'_>> {
        let words = self.section(Section::Code).get(run.range()).filter(|w| !w.is_empty())?;
        Some(Code { words, pool: &self.code_text })
    }

    /// Bare words beside the compiled expressions: a mask.
    #[inline]
    pub fn mask(&self, run: Run) -> &[u32] {
        self.section(Section::Code).get(run.range()).unwrap_or_default()
    }

    pub fn binding(&self, i: u32) -> Option<&BindingRow> {
        self.rows(Section::Bindings).get(i as usize)
    }

    pub fn slicing(&self, i: u32) -> Option<&SlicingRow> {
        self.rows(Section::Slicings).get(i as usize)
    }

    pub fn discriminators(&self, run: Run) -> &[DiscriminatorRow] {
        self.rows(Section::Discriminators).get(run.range()).unwrap_or_default()
    }

    /// The contexts of an extension.
    pub fn contexts(&self, run: Run) -> &[ContextRow] {
        self.rows(Section::Contexts).get(run.range()).unwrap_or_default()
    }

    /// The faults of a structure.
    pub fn faults(&self, run: Run) -> &[FaultRow] {
        self.rows(Section::Faults).get(run.range()).unwrap_or_default()
    }

    pub fn value(&self, i: u32) -> Option<&ValueRow> {
        self.rows(Section::Values).get(i as usize)
    }

    pub fn value_sets(&self) -> &[ValueSetRow] {
        self.rows(Section::ValueSets)
    }

    pub fn slots(&self, run: Run) -> &[u32] {
        self.section(Section::Slots).get(run.range()).unwrap_or_default()
    }

    pub fn concept(&self, i: u32) -> Option<&ConceptRow> {
        self.rows(Section::Concepts).get(i as usize)
    }

    pub fn open_systems(&self, run: Run) -> &[OpenSystemRow] {
        self.rows(Section::OpenSystems).get(run.range()).unwrap_or_default()
    }

    pub fn code_systems(&self) -> &[CodeSystemRow] {
        self.rows(Section::CodeSystems)
    }

    pub fn canonicals(&self) -> &[CanonicalRow] {
        self.rows(Section::Canonicals)
    }

    /// The first row of a url, by a section of urls; `url_of` gives the url of a row.
    pub fn first_of(&self, table: Section, url: &str, url_of: impl Fn(usize) -> Option<Str>) -> Option<usize> {
        let (words, hash) = (self.section(table), code_hash(url.as_bytes()));
        let slots = words.len() / 2;
        let mask = slots.wrapping_sub(1);
        let mut at = if slots == 0 { 0 } else { hash as usize & mask };
        for _ in 0..slots {
            let (found, row) = (words[2 * at], words[2 * at + 1].checked_sub(1)? as usize);
            if found == hash && url_of(row).is_some_and(|u| self.bytes(u) == url.as_bytes()) {
                return Some(row);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The concept rows of a table that hold this code, in the order in which they were added.
    pub fn concepts_of<'i>(&'i self, slots: Run, code: &'i [u8]) -> impl Iterator<Item = &'i ConceptRow> {
        let slots = self.slots(slots);
        let mask = slots.len().wrapping_sub(1);
        let mut at = if slots.is_empty() { 0 } else { code_hash(code) as usize & mask };
        let mut left = slots.len();
        std::iter::from_fn(move || {
            while left > 0 {
                let slot = slots[at];
                at = (at + 1) & mask;
                left -= 1;
                if slot == 0 {
                    return None;
                }
                if let Some(c) = self.concept(slot - 1)
                    && (self.bytes(c.code) == code
                        || (c.flags & CONCEPT_ANY_CASE != 0 && self.bytes(c.code).eq_ignore_ascii_case(code)))
                {
                    return Some(c);
                }
            }
            None
        })
    }
}

/// A table by hash of (hash, row): pairs of the hash and the row's number from 1, open addressing.
pub fn url_table(rows: &[(u32, u32)]) -> Vec<u32> {
    if rows.is_empty() {
        return Vec::new();
    }
    let slots = (rows.len() * 2).next_power_of_two();
    let mut words = vec![0; slots * 2];
    for (hash, row) in rows {
        let mut at = *hash as usize & (slots - 1);
        while words[2 * at + 1] != 0 {
            at = (at + 1) & (slots - 1);
        }
        (words[2 * at], words[2 * at + 1]) = (*hash, row + 1);
    }
    words
}

/// The hash under which a code stands in a table; the same for upper and lower case.
pub fn code_hash(code: &[u8]) -> u32 {
    let mut h = 0x811C_9DC5u64;
    for chunk in code.chunks(8) {
        let mut b = [0; 8];
        b[..chunk.len()].copy_from_slice(chunk);
        h = (h ^ (u64::from_le_bytes(b) | 0x2020_2020_2020_2020)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        h ^= h >> 32;
    }
    h as u32
}
