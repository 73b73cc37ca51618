//! A set in a file, or in memory: codes, names, properties.

use super::bytes::{hash, slot, take, take_bytes, word};
use super::draft::key;
use super::meta::{Head, Meta, Refused, head};
use super::texts::Words;
use super::write::{HAS_CHILDREN, HAS_PROPERTIES, INACTIVE, section};

/// A set that is read only; shared by threads.
pub struct CodeSet {
    bytes: Box<dyn AsRef<[u8]> + Send + Sync>,
    head: Head,
}

/// What a set has of a code.
#[derive(Clone, Copy)]
struct Record<'s> {
    flags: u8,
    code: &'s [u8],
    /// What follows the code.
    rest: &'s [u8],
}

impl CodeSet {
    /// The set in these bytes, which must not change; all of them are verified.
    ///
    /// # Errors
    /// Bytes that are no set, or a damaged one.
    pub fn new(bytes: Box<dyn AsRef<[u8]> + Send + Sync>) -> Result<CodeSet, Refused> {
        let all: &[u8] = (*bytes).as_ref();
        let head = head(all, all.len() as u64)?;
        if !head.fits(all) {
            return Err(Refused::Damaged);
        }
        Ok(CodeSet { bytes, head })
    }

    /// What the set says of itself.
    pub fn meta(&self) -> &Meta {
        &self.head.meta
    }

    /// How many codes it has.
    pub fn len(&self) -> u32 {
        (self.section(section::STARTS).len() / 4).saturating_sub(1) as u32
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn section(&self, which: usize) -> &[u8] {
        let range = self.head.sections.get(which).cloned().unwrap_or_default();
        (*self.bytes).as_ref().get(range).unwrap_or_default()
    }

    #[inline]
    fn record(&self, index: u32) -> Option<Record<'_>> {
        let start = word(self.section(section::STARTS), index as usize)?;
        let mut rest = self.section(section::RECORDS).get(start as usize..)?;
        let (flags, after) = rest.split_first()?;
        rest = after;
        let length = take(&mut rest)? as usize;
        let code = take_bytes(&mut rest, length)?;
        Some(Record { flags: *flags, code, rest })
    }

    /// The index of a code.
    pub fn find(&self, code: &str) -> Option<u32> {
        let case_sensitive = self.meta().case_sensitive;
        let wanted = key(code, case_sensitive);
        let slots = self.section(section::SLOTS);
        let size = slots.len() / 4;
        let mut at = slot(hash(wanted.as_bytes()), size);
        for _ in 0..size {
            let index = word(slots, at)?.checked_sub(1)?;
            let own = self.record(index)?.code;
            let is_same = own == wanted.as_bytes()
                || !case_sensitive && std::str::from_utf8(own).is_ok_and(|own| key(own, false) == wanted);
            if is_same {
                return Some(index);
            }
            at = if at + 1 == size { 0 } else { at + 1 };
        }
        None
    }

    /// The code at an index; empty where there is none.
    pub fn code(&self, index: u32) -> &str {
        self.record(index).and_then(|r| std::str::from_utf8(r.code).ok()).unwrap_or_default()
    }

    fn flag(&self, index: u32, flag: u8) -> bool {
        self.record(index).is_some_and(|r| r.flags & flag != 0)
    }

    /// Whether a code is no longer for use.
    pub fn is_inactive(&self, index: u32) -> bool {
        self.flag(index, INACTIVE)
    }

    /// Whether there are codes below a code.
    pub fn has_children(&self, index: u32) -> bool {
        self.flag(index, HAS_CHILDREN)
    }

    fn words(&self) -> Words<'_> {
        Words { cells: self.section(section::WORDS), long: self.section(section::LONG_WORDS) }
    }

    /// Shows the names of a code, the preferred one first, each with the tag of its language (empty where that is not
    /// known), until `see` gives `false`.
    pub fn names(&self, index: u32, mut see: impl FnMut(&str, &str) -> bool) {
        let Some(record) = self.record(index) else { return };
        let mut text = Vec::with_capacity(128);
        let _ = through_names(record.rest, |language, coded| {
            text.clear();
            self.words().read(coded, &mut text)?;
            let tag = self.meta().languages.get(language as usize).map_or("", String::as_str);
            see(tag, std::str::from_utf8(&text).ok()?).then_some(())
        });
    }

    /// Whether a code has exactly this name.
    #[inline]
    pub fn has_name(&self, index: u32, text: &str) -> bool {
        let words = self.words();
        let Some(record) = self.record(index) else { return false };
        let mut found = false;
        let _ = through_names(record.rest, |_, coded| {
            found = words.is(coded, text);
            (!found).then_some(())
        });
        found
    }

    /// The preferred name of a code; empty where it has none.
    pub fn display(&self, index: u32) -> String {
        let mut first = String::new();
        self.names(index, |_, text| {
            first.push_str(text);
            false
        });
        first
    }

    /// Whether codes may have this property.
    pub fn property(&self, name: &str) -> Option<u32> {
        self.meta().properties.iter().position(|p| p == name).map(|p| p as u32)
    }

    /// Whether any value of a code's property is one that is looked for.
    pub fn has_value(&self, index: u32, property: u32, mut wanted: impl FnMut(&str) -> bool) -> bool {
        let Some(record) = self.record(index).filter(|r| r.flags & HAS_PROPERTIES != 0) else { return false };
        let mut find = || {
            let mut rest = through_names(record.rest, |_, _| Some(()))?;
            let mut text = Vec::new();
            for _ in 0..take(&mut rest)? {
                let (own, value) = (take(&mut rest)?, take(&mut rest)? as usize);
                if own == property {
                    text.clear();
                    self.value(value, &mut text)?;
                    if wanted(std::str::from_utf8(&text).ok()?) {
                        return Some(true);
                    }
                }
            }
            Some(false)
        };
        find().unwrap_or(false)
    }

    fn value(&self, number: usize, out: &mut Vec<u8>) -> Option<()> {
        let starts = self.section(section::VALUE_STARTS);
        let (start, end) = (word(starts, number)? as usize, word(starts, number.checked_add(1)?)? as usize);
        self.words().read(self.section(section::VALUES).get(start..end)?, out)
    }

    /// The codes directly above a code, as indices.
    #[inline]
    pub fn parents(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        let starts = self.section(section::PARENT_STARTS);
        let range = word(starts, index as usize).zip(word(starts, index as usize + 1));
        let list = range.and_then(|(a, b)| self.section(section::PARENTS).get(a as usize..b as usize));
        let mut rest = list.unwrap_or_default();
        std::iter::from_fn(move || if rest.is_empty() { None } else { take(&mut rest) })
            .filter_map(move |before| index.checked_sub(before))
    }
}

/// Goes through the names of a record: language and coded text of each. Gives what follows them.
fn through_names<'s>(mut rest: &'s [u8], mut each: impl FnMut(u32, &'s [u8]) -> Option<()>) -> Option<&'s [u8]> {
    for _ in 0..take(&mut rest)? {
        let (language, length) = (take(&mut rest)?, take(&mut rest)? as usize);
        each(language, take_bytes(&mut rest, length)?)?;
    }
    Some(rest)
}
