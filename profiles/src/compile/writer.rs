//! The sections of an image while they are written: strings and equal runs are stored once.

use std::collections::BTreeMap;

use bytemuck::Pod;
use rustc_hash::FxHashMap;

use crate::fhirpath::PoolWriter;
use crate::plan::concepts::{ConceptKindRow, HAS_DISPLAY, IS_LIST, PackedConcept, first_slot, number_bits, tag};
use crate::plan::rows::{ElementRow, HumanRow, Run, Str};
use crate::plan::{Image, SECTIONS, Section, code_hash, string_at, url_table};

/// A concept that is written.
#[derive(Clone, Copy, Debug)]
pub struct NewConcept<'t> {
    pub system: Str,
    pub code: Str,
    pub flags: u32,
    /// The display; `None` in a value set.
    pub display: Option<&'t str>,
    /// Its further texts.
    pub designations: &'t [&'t str],
}

/// An image in the making.
pub struct Writer {
    sections: [Vec<u32>; SECTIONS],
    pool: Vec<u8>,
    strings: FxHashMap<Box<str>, Str>,
    runs: FxHashMap<(usize, Vec<u32>), u32>,
    concepts: FxHashMap<PackedConcept, u32>,
    code_text: String,
    code_strings: FxHashMap<Box<str>, u32>,
    humans: BTreeMap<u32, Box<str>>,
}

/// The strings of compiled expressions are stored once.
impl PoolWriter for Writer {
    fn put(&mut self, text: &str) -> (u32, u32) {
        if let Some(at) = self.code_strings.get(text) {
            return (*at, text.len() as u32);
        }
        let at = self.code_text.len() as u32;
        self.code_text.push_str(text);
        self.code_strings.insert(text.into(), at);
        (at, text.len() as u32)
    }
}

impl Default for Writer {
    fn default() -> Self {
        Writer {
            sections: [const { Vec::new() }; SECTIONS],
            // The empty string.
            pool: vec![0],
            strings: FxHashMap::from_iter([("".into(), Str::EMPTY)]),
            runs: FxHashMap::default(),
            concepts: FxHashMap::default(),
            code_text: String::new(),
            code_strings: FxHashMap::default(),
            humans: BTreeMap::new(),
        }
    }
}

#[allow(clippy::indexing_slicing, reason = "there is a place for each section")]
impl Writer {
    /// The words of a section.
    fn section(&mut self, section: Section) -> &mut Vec<u32> {
        &mut self.sections[section as usize]
    }

    /// The words that a section holds so far.
    fn written(&self, section: Section) -> &[u32] {
        &self.sections[section as usize]
    }
}

impl Writer {
    /// The handle of a string, stored once.
    pub fn str(&mut self, text: &str) -> Str {
        if let Some(s) = self.strings.get(text) {
            return *s;
        }
        let handle = Str(self.pool.len() as u32);
        let mut len = text.len();
        while len >= 0x80 {
            self.pool.push(len as u8 | 0x80);
            len >>= 7;
        }
        self.pool.push(len as u8);
        self.pool.extend_from_slice(text.as_bytes());
        self.strings.insert(text.into(), handle);
        handle
    }

    /// The text of a string that was stored.
    pub fn text(&self, s: Str) -> &str {
        std::str::from_utf8(string_at(&self.pool, s)).unwrap_or_default()
    }

    /// Appends a row; gives its number.
    pub fn row<T: Pod>(&mut self, section: Section, row: &T) -> u32 {
        let words: &[u32] = bytemuck::cast_slice(std::slice::from_ref(row));
        let s = self.section(section);
        let number = s.len() / words.len();
        s.extend_from_slice(words);
        number as u32
    }

    /// A run of rows, stored once however often it is asked for.
    pub fn run<T: Pod>(&mut self, section: Section, rows: &[T]) -> Run {
        if rows.is_empty() {
            return Run::default();
        }
        let words: &[u32] = bytemuck::cast_slice(rows);
        let key = (section as usize, words.to_vec());
        let size = size_of::<T>() / 4;
        let start = match self.runs.get(&key) {
            Some(s) => *s,
            None => {
                let s = self.section(section);
                let start = (s.len() / size) as u32;
                s.extend_from_slice(words);
                self.runs.insert(key, start);
                start
            }
        };
        Run { start, len: rows.len() as u32 }
    }

    /// One row, stored once; gives its number.
    pub fn unique<T: Pod>(&mut self, section: Section, row: &T) -> u32 {
        self.run(section, std::slice::from_ref(row)).start
    }

    /// A concept, stored once; gives its number.
    pub fn concept(&mut self, c: &NewConcept<'_>) -> u32 {
        let flags = c.flags | if c.display.is_some() { HAS_DISPLAY } else { 0 };
        let kind = self.unique(Section::ConceptKinds, &ConceptKindRow { system: c.system, flags });
        let texts = self.texts(c);
        let packed = PackedConcept { code: c.code, kind, texts };
        if let Some(known) = self.concepts.get(&packed) {
            return *known;
        }
        let number = self.row(Section::Concepts, &packed);
        self.concepts.insert(packed, number);
        number
    }

    /// The word of a concept's texts.
    fn texts(&mut self, c: &NewConcept<'_>) -> u32 {
        let all: Vec<u32> = c.display.iter().chain(c.designations).map(|t| self.str(t).0).collect();
        match *all {
            [] => 0,
            [one] if one & IS_LIST == 0 => one,
            _ => {
                let list: Vec<u32> = std::iter::once(all.len() as u32).chain(all).collect();
                self.run(Section::Lists, &list).start | IS_LIST
            }
        }
    }

    /// An element, whose facets are stored once; gives its number.
    pub fn element(&mut self, row: &ElementRow) -> u32 {
        let facets = self.unique(Section::ElementFacets, &row.facets());
        self.row(Section::Elements, &row.head(facets))
    }

    /// A list of strings, stored once.
    pub fn list<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Run {
        let words: Vec<u32> = texts.into_iter().map(|t| self.str(t).0).collect();
        self.run(Section::Lists, &words)
    }

    /// How many rows of `T` a section holds.
    pub fn count<T: Pod>(&self, section: Section) -> u32 {
        (self.written(section).len() / (size_of::<T>() / 4)) as u32
    }

    /// Overwrites a row.
    pub fn set<T: Pod>(&mut self, section: Section, number: u32, row: &T) {
        let words: &[u32] = bytemuck::cast_slice(std::slice::from_ref(row));
        let start = number as usize * words.len();
        if let Some(to) = self.section(section).get_mut(start..start + words.len()) {
            to.copy_from_slice(words);
        }
    }

    /// Reads a row back.
    pub fn get<T: Pod>(&self, section: Section, number: u32) -> Option<T> {
        let size = size_of::<T>() / 4;
        let start = number as usize * size;
        self.written(section).get(start..start + size).map(|w| bytemuck::pod_read_unaligned(bytemuck::cast_slice(w)))
    }

    /// Appends bare words; gives their run.
    pub fn words(&mut self, section: Section, words: &[u32]) -> Run {
        let s = self.section(section);
        let start = s.len() as u32;
        s.extend_from_slice(words);
        Run { start, len: words.len() as u32 }
    }

    /// Keeps what a constraint says to people; the first text of a row stays.
    pub fn human(&mut self, constraint: u32, text: &str) {
        if !text.is_empty() {
            self.humans.entry(constraint).or_insert_with(|| text.into());
        }
    }

    /// Writes the table by which the rows of a section are found by their urls: of each url the first row.
    pub fn index<T: Pod>(&mut self, rows: Section, table: Section, url: fn(&T) -> Str) {
        let urls: Vec<Str> =
            (0..self.count::<T>(rows)).filter_map(|i| self.get::<T>(rows, i)).map(|row| url(&row)).collect();
        let before = std::iter::once(None).chain(urls.iter().map(Some));
        let first = urls.iter().enumerate().zip(before).filter(|((_, url), before)| *before != Some(url));
        let hashes: Vec<(u32, u32)> =
            first.map(|((i, url), _)| (code_hash(self.text(*url).as_bytes()), i as u32)).collect();
        let words = url_table(&hashes);
        self.words(table, &words);
    }

    /// Writes the table over concepts by their codes: equal tables are stored once, value sets often have many codes
    /// in common.
    #[allow(clippy::indexing_slicing, reason = "places are below the number of slots")]
    pub fn table(&mut self, concepts: &[NewConcept<'_>]) -> Run {
        if concepts.is_empty() {
            return Run::default();
        }
        let mut slots = vec![0u32; concepts.len() + concepts.len() / 3 + 1];
        for concept in concepts {
            let number = self.concept(concept);
            let mut at = first_slot(code_hash(self.text(concept.code).as_bytes()), slots.len());
            while slots[at] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = number + 1;
        }
        self.run(Section::Slots, &slots)
    }

    /// Puts the bits of hashes above the numbers in slots, now that it is known how many numbers there are.
    fn tag_slots(&mut self) {
        let concepts: Vec<PackedConcept> = (0..self.count::<PackedConcept>(Section::Concepts))
            .filter_map(|i| self.get(Section::Concepts, i))
            .collect();
        let bits = number_bits(concepts.len());
        let tags: Vec<u32> = concepts.iter().map(|c| tag(code_hash(self.text(c.code).as_bytes()), bits)).collect();
        for slot in self.section(Section::Slots) {
            let tag = slot.checked_sub(1).and_then(|number| tags.get(number as usize));
            *slot |= tag.copied().unwrap_or(0);
        }
    }

    /// The finished image's words.
    pub fn finish(mut self) -> Vec<u32> {
        let code_text = padded(std::mem::take(&mut self.code_text));
        *self.section(Section::CodeText) = code_text;
        let mut text = String::new();
        for (constraint, human) in std::mem::take(&mut self.humans) {
            let row = HumanRow { constraint, text: Run { start: text.len() as u32, len: human.len() as u32 } };
            self.row(Section::Humans, &row);
            text.push_str(&human);
        }
        *self.section(Section::HumanText) = padded(text);
        self.tag_slots();
        let mut pool = std::mem::take(&mut self.pool);
        pool.resize(pool.len().next_multiple_of(4), 0);
        *self.section(Section::Pool) = words_of(&pool);
        Image::assemble(&self.sections)
    }
}

/// A text as words, padded with spaces.
fn padded(mut text: String) -> Vec<u32> {
    while !text.len().is_multiple_of(4) {
        text.push(' ');
    }
    words_of(text.as_bytes())
}

/// Bytes as words.
fn words_of(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|c| u32::from_le_bytes(*c)).collect()
}
