//! Concepts and the tables over them as an image holds them: packed, since they are most of what there is.
//!
//! A table is open addressing by the hash of the code. A slot is 0 where it is free; else its low bits are the number
//! of a concept from 1, as many as the concepts of the image need, and the bits above them are those of the hash, so
//! that other codes are passed over without a look at their rows.

use bytemuck::{Pod, Zeroable};

use super::hash::code_hash;
use super::image::Image;
use super::marks::CONCEPT_ANY_CASE;
use super::rows::{Run, Str};
use super::section::Section;

/// One enumerated member of a value set, or concept of a code system.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConceptRow {
    pub system: Str,
    pub code: Str,
    /// What the code system calls it; empty in a value set.
    pub display: Str,
    pub flags: u32,
    /// Further texts of the concept.
    pub designations: Texts,
}

/// Texts of a concept, read by [`Image::texts`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts {
    word: u32,
    /// Whether the first of them is left out.
    but_first: bool,
}

/// What concepts have in common.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct ConceptKindRow {
    pub system: Str,
    /// `CONCEPT_…`, and [`HAS_DISPLAY`].
    pub flags: u32,
}

/// A concept as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct PackedConcept {
    pub code: Str,
    /// Row of its kind.
    pub kind: u32,
    /// 0 for no text; one string; or with [`IS_LIST`] where in the lists the number of its strings stands, and they
    /// behind it.
    pub texts: u32,
}

/// Of a kind: the first text is the display.
pub const HAS_DISPLAY: u32 = 1 << 31;
/// Of a word of texts: it is a place in the lists.
pub const IS_LIST: u32 = 1 << 31;

/// How many low bits of a slot are the number of a concept, of so many.
pub(crate) fn number_bits(concepts: usize) -> u32 {
    usize::BITS - concepts.leading_zeros()
}

/// The bits of a hash that a slot has above the number.
#[inline]
pub(crate) fn tag(hash: u32, bits: u32) -> u32 {
    hash.checked_shl(bits).unwrap_or(0)
}

/// Where in a table of so many slots the search for a hash begins.
#[inline]
pub(crate) fn first_slot(hash: u32, slots: usize) -> usize {
    ((u64::from(hash) * slots as u64) >> 32) as usize
}

impl Image {
    fn packed_concepts(&self) -> &[PackedConcept] {
        self.rows(Section::Concepts)
    }

    /// The numbers of the concepts of a table, in the order of its slots.
    pub(crate) fn concepts_in(&self, table: Run) -> impl Iterator<Item = u32> + Clone + '_ {
        let bits = number_bits(self.packed_concepts().len());
        let numbers = !u32::MAX.checked_shl(bits).unwrap_or(0);
        self.slots(table).iter().filter_map(move |slot| (slot & numbers).checked_sub(1))
    }

    fn slots(&self, table: Run) -> &[u32] {
        self.section(Section::Slots).get(table.range()).unwrap_or_default()
    }

    /// The concept with this number; `None` beyond the last.
    #[inline]
    pub(crate) fn concept(&self, number: u32) -> Option<ConceptRow> {
        let packed = self.packed_concepts().get(number as usize)?;
        let kinds: &[ConceptKindRow] = self.rows(Section::ConceptKinds);
        let kind = kinds.get(packed.kind as usize)?;
        let but_first = kind.flags & HAS_DISPLAY != 0;
        let display = match packed.texts {
            _ if !but_first => 0,
            texts if texts & IS_LIST == 0 => texts,
            texts => self.section(Section::Lists).get((texts & !IS_LIST) as usize + 1).copied().unwrap_or(0),
        };
        Some(ConceptRow {
            system: kind.system,
            code: packed.code,
            display: Str(display),
            flags: kind.flags & !HAS_DISPLAY,
            designations: Texts { word: packed.texts, but_first },
        })
    }

    /// The strings of texts.
    pub(crate) fn texts(&self, texts: Texts) -> impl Iterator<Item = &str> {
        let Texts { word, but_first } = texts;
        let lists = self.section(Section::Lists);
        let listed = (word & IS_LIST != 0).then_some((word & !IS_LIST) as usize);
        let list = listed.and_then(|at| lists.get(at + 1..at + 1 + *lists.get(at)? as usize)).unwrap_or_default();
        let one = (word & IS_LIST == 0 && word != 0).then_some(word);
        one.into_iter().chain(list.iter().copied()).skip(usize::from(but_first)).map(|s| self.str(Str(s)))
    }

    /// The concepts of a table that have this code, in the order in which they were added.
    pub(crate) fn concepts_of<'i>(&'i self, table: Run, code: &'i [u8]) -> impl Iterator<Item = ConceptRow> + 'i {
        let slots = self.slots(table);
        let bits = number_bits(self.packed_concepts().len());
        let tags = u32::MAX.checked_shl(bits).unwrap_or(0);
        let hash = if slots.is_empty() { 0 } else { code_hash(code) };
        let wanted = tag(hash, bits);
        let mut at = first_slot(hash, slots.len());
        let mut left = slots.len();
        std::iter::from_fn(move || {
            while left > 0 {
                let slot = slots.get(at).copied()?;
                at = if at + 1 == slots.len() { 0 } else { at + 1 };
                left -= 1;
                if slot == 0 {
                    return None;
                }
                if slot & tags == wanted
                    && let Some(c) = self.concept((slot & !tags).checked_sub(1)?)
                    && is_code(self.bytes(c.code), code, c.flags)
                {
                    return Some(c);
                }
            }
            None
        })
    }
}

fn is_code(own: &[u8], code: &[u8], flags: u32) -> bool {
    own == code || (flags & CONCEPT_ANY_CASE != 0 && own.eq_ignore_ascii_case(code))
}
