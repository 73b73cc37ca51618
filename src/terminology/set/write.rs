//! A draft to the bytes of a file.

use rustc_hash::FxHashMap;

use super::bytes::{hash, put, slot};
use super::draft::{Concept, Draft, key};
use super::meta::{SECTIONS, file};
use super::order::order;
use super::texts::Dictionary;

/// A code is no longer for use.
pub const INACTIVE: u8 = 1;
/// A code has codes below it.
pub const HAS_CHILDREN: u8 = 2;
/// A code has values of properties.
pub const HAS_PROPERTIES: u8 = 4;

/// The sections of a file, by their places.
pub mod section {
    /// A table over hashes of codes: the index of a code and one, or nothing.
    pub const SLOTS: usize = 0;
    /// Where each code's record starts.
    pub const STARTS: usize = 1;
    /// Flags, code, names and properties of each code.
    pub const RECORDS: usize = 2;
    /// Where each code's parents start.
    pub const PARENT_STARTS: usize = 3;
    /// How far before a code its parents are.
    pub const PARENTS: usize = 4;
    /// The words, a cell each.
    pub const WORDS: usize = 5;
    /// The words that no cell has room for.
    pub const LONG_WORDS: usize = 6;
    /// Where each value of a property starts.
    pub const VALUE_STARTS: usize = 7;
    /// The values.
    pub const VALUES: usize = 8;
}

/// A set is too large for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the terminology is larger than what a code set can hold: 4 GiB, 65,536 languages, 65,536 properties")]
pub struct TooLarge;

/// What was written.
pub struct Written {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The links of the hierarchy that were left out because they close a circle: child and parent, by code.
    pub circular: Vec<(String, String)>,
}

/// Writes a draft as the bytes of a file.
///
/// # Errors
/// More than a file can hold.
pub fn write(mut draft: Draft) -> Result<Written, TooLarge> {
    if draft.is_exceeded() {
        return Err(TooLarge);
    }
    let order = order(&mut draft);
    let code_at = |i: u32| draft.concepts.get(i as usize).map_or_else(String::new, |c| c.code.to_string());
    let circular = order.circular.iter().map(|(child, parent)| (code_at(*child), code_at(*parent))).collect();
    let mut place = vec![0u32; order.order.len()];
    for (new, old) in order.order.iter().enumerate() {
        if let Some(p) = place.get_mut(*old as usize) {
            *p = new as u32;
        }
    }
    let place_of = |old: u32| place.get(old as usize).copied().unwrap_or_default();
    let mut links: Vec<(u32, u32)> = draft.links.iter().map(|(c, p)| (place_of(*c), place_of(*p))).collect();
    links.sort_unstable();
    let sorted: Vec<&Concept> = order.order.iter().filter_map(|i| draft.concepts.get(*i as usize)).collect();
    let texts = sorted.iter().flat_map(|c| c.names.iter().chain(&c.properties)).map(|(_, text)| &**text);
    let dictionary = Dictionary::of(texts);
    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    let [slots, starts, records, parent_starts, parents, words, long_words, value_starts, values] = &mut sections;
    *slots = slots_of(&sorted, draft.meta.case_sensitive);
    (*parent_starts, *parents) = parents_of(sorted.len(), &links)?;
    (*words, *long_words) = dictionary.tables();
    let mut has_children = vec![false; sorted.len()];
    for (_, parent) in &links {
        if let Some(p) = has_children.get_mut(*parent as usize) {
            *p = true;
        }
    }
    let mut property_values =
        Values { dictionary: &dictionary, numbers: FxHashMap::default(), starts: Vec::new(), bytes: Vec::new() };
    for (concept, has_children) in sorted.iter().zip(has_children) {
        starts.extend(offset(records.len())?.to_le_bytes());
        record(concept, has_children, &dictionary, &mut property_values, records);
    }
    starts.extend(offset(records.len())?.to_le_bytes());
    property_values.starts.extend(offset(property_values.bytes.len())?.to_le_bytes());
    (*value_starts, *values) = (property_values.starts, property_values.bytes);
    draft.meta.concepts = sorted.len() as u64;
    draft.meta.inactive = sorted.iter().filter(|c| c.inactive).count() as u64;
    draft.meta.names = sorted.iter().map(|c| c.names.len() as u64).sum();
    Ok(Written { bytes: file(&draft.meta, &sections), circular })
}

fn offset(length: usize) -> Result<u32, TooLarge> {
    u32::try_from(length).map_err(|_| TooLarge)
}

/// The table over the codes' hashes; a quarter of it stays empty.
fn slots_of(sorted: &[&Concept], case_sensitive: bool) -> Vec<u8> {
    let mut slots = vec![0u32; sorted.len() * 4 / 3 + 2];
    let size = slots.len();
    for (i, concept) in sorted.iter().enumerate() {
        let mut at = slot(hash(key(&concept.code, case_sensitive).as_bytes()), size);
        while slots.get(at).is_some_and(|s| *s != 0) {
            at = (at + 1) % size;
        }
        if let Some(free) = slots.get_mut(at) {
            *free = i as u32 + 1;
        }
    }
    slots.iter().flat_map(|s| s.to_le_bytes()).collect()
}

/// Where the parents of each code start, and how far each is before it.
fn parents_of(count: usize, links: &[(u32, u32)]) -> Result<(Vec<u8>, Vec<u8>), TooLarge> {
    let (mut starts, mut out) = (Vec::with_capacity(count * 4 + 4), Vec::new());
    let mut rest = links;
    for own in 0..count as u32 {
        starts.extend(offset(out.len())?.to_le_bytes());
        while let Some(((child, parent), more)) = rest.split_first().filter(|((child, _), _)| *child == own) {
            put(&mut out, child - parent);
            rest = more;
        }
    }
    starts.extend(offset(out.len())?.to_le_bytes());
    Ok((starts, out))
}

/// The values of properties, each once.
struct Values<'d, 't> {
    dictionary: &'d Dictionary<'t>,
    numbers: FxHashMap<&'t str, u32>,
    starts: Vec<u8>,
    bytes: Vec<u8>,
}

impl<'t> Values<'_, 't> {
    fn number(&mut self, value: &'t str) -> u32 {
        let next = self.numbers.len() as u32;
        let (dictionary, starts, bytes) = (self.dictionary, &mut self.starts, &mut self.bytes);
        *self.numbers.entry(value).or_insert_with(|| {
            starts.extend((bytes.len() as u32).to_le_bytes());
            dictionary.write(value, bytes);
            next
        })
    }
}

fn record<'t>(
    concept: &'t Concept,
    has_children: bool,
    dictionary: &Dictionary<'_>,
    values: &mut Values<'_, 't>,
    out: &mut Vec<u8>,
) {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    out.push(
        flag(concept.inactive, INACTIVE)
            | flag(has_children, HAS_CHILDREN)
            | flag(!concept.properties.is_empty(), HAS_PROPERTIES),
    );
    put(out, concept.code.len() as u32);
    out.extend(concept.code.as_bytes());
    put(out, concept.names.len() as u32);
    let mut coded = Vec::new();
    for (language, text) in &concept.names {
        coded.clear();
        dictionary.write(text, &mut coded);
        put(out, u32::from(*language));
        put(out, coded.len() as u32);
        out.extend(&coded);
    }
    if !concept.properties.is_empty() {
        put(out, concept.properties.len() as u32);
        for (property, value) in &concept.properties {
            put(out, u32::from(*property));
            put(out, values.number(value));
        }
    }
}
