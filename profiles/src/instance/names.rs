//! Interned element names: one table a FHIR version, shared by the tape, the plans and FHIRPath.

use rustc_hash::FxHashMap;

/// An interned element name. `NameId::NONE` names nothing; ids up to [`Names::len`] are known to the
/// table, higher ones were met in one instance alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct NameId(pub u32);

impl NameId {
    pub const NONE: NameId = NameId(0);
    /// The ids that every table starts with, in the order of [`FIXED`].
    pub const ID: NameId = NameId(1);
    pub const EXTENSION: NameId = NameId(2);
    pub const MODIFIER_EXTENSION: NameId = NameId(3);
    pub const URL: NameId = NameId(4);
    pub const RESOURCE_TYPE: NameId = NameId(5);
    pub const META: NameId = NameId(6);
    pub const PROFILE: NameId = NameId(7);
    pub const CONTAINED: NameId = NameId(8);
    pub const REFERENCE: NameId = NameId(9);
    pub const SYSTEM: NameId = NameId(10);
    pub const CODE: NameId = NameId(11);
    pub const CODING: NameId = NameId(12);
    pub const DISPLAY: NameId = NameId(13);
    pub const VALUE: NameId = NameId(14);
    pub const ENTRY: NameId = NameId(15);
    pub const RESOURCE: NameId = NameId(16);
    pub const FULL_URL: NameId = NameId(17);
    pub const TEXT: NameId = NameId(18);
    pub const DIV: NameId = NameId(19);
    pub const TYPE: NameId = NameId(20);
    pub const VERSION: NameId = NameId(21);
    pub const FHIR_COMMENTS: NameId = NameId(22);
    pub const UNIT: NameId = NameId(23);
    pub const CANONICAL_URL: NameId = NameId(24);
    pub const VERSION_ID: NameId = NameId(25);
    pub const SOURCE: NameId = NameId(26);
    pub const LINK: NameId = NameId(27);
    pub const ITEM: NameId = NameId(28);
    pub const LINK_ID: NameId = NameId(29);
    pub const ANSWER: NameId = NameId(30);
}

/// The names whose ids are constants, in the order of the constants of [`NameId`].
pub const FIXED: [&str; 30] = [
    "id",
    "extension",
    "modifierExtension",
    "url",
    "resourceType",
    "meta",
    "profile",
    "contained",
    "reference",
    "system",
    "code",
    "coding",
    "display",
    "value",
    "entry",
    "resource",
    "fullUrl",
    "text",
    "div",
    "type",
    "version",
    "fhir_comments",
    "unit",
    "canonicalUrl",
    "versionId",
    "source",
    "link",
    "item",
    "linkId",
    "answer",
];

/// A place of the table: the name's length and its first eight bytes, which mostly tell it whole.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    head: u64,
    len: u32,
    id: u32,
}

/// The first eight bytes of a name, zeros behind its end.
#[inline]
fn head(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => {
            let mut first = [0; 8];
            first[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(first)
        }
    }
}

/// A table from element name to [`NameId`] and back. Building one costs about 20 ns a name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    texts: Vec<Box<str>>,
    table: Vec<Slot>,
    mask: u64,
    build: FxHashMap<Box<str>, NameId>,
}

fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut h = (bytes.len() as u64).wrapping_mul(K);
    let mut rest = bytes;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        h = (h ^ u64::from_le_bytes(*head)).wrapping_mul(K);
        h ^= h >> 29;
        rest = tail;
    }
    let mut last = [0u8; 8];
    last[..rest.len()].copy_from_slice(rest);
    h = (h ^ u64::from_le_bytes(last)).wrapping_mul(K);
    h ^ (h >> 32)
}

impl Names {
    /// A table that holds the fixed names, then `names` in their order, each once.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
        let mut table = Names::default();
        for name in FIXED.into_iter().chain(names) {
            table.add(name);
        }
        table.rehash();
        table
    }

    fn add(&mut self, name: &str) {
        if !self.build.contains_key(name) {
            self.texts.push(name.into());
            self.build.insert(name.into(), NameId(self.texts.len() as u32));
        }
    }

    fn rehash(&mut self) {
        let size = (self.texts.len() * 4).next_power_of_two().max(64);
        self.mask = size as u64 - 1;
        self.table = vec![Slot::default(); size];
        for (i, text) in self.texts.iter().enumerate() {
            let mut at = (hash(text.as_bytes()) & self.mask) as usize;
            while self.table[at].id != 0 {
                at = (at + 1) & self.mask as usize;
            }
            self.table[at] = Slot { head: head(text.as_bytes()), len: text.len() as u32, id: i as u32 + 1 };
        }
        self.build = FxHashMap::default();
    }

    /// The id of `name`, or `None` when the table does not hold it.
    #[inline]
    pub fn find(&self, name: &[u8]) -> Option<NameId> {
        if self.table.is_empty() {
            return None;
        }
        let (first, len) = (head(name), name.len() as u32);
        let mut at = (hash(name) & self.mask) as usize;
        loop {
            let slot = &self.table[at];
            if slot.id == 0 {
                return None;
            }
            if slot.head == first
                && slot.len == len
                && (len <= 8 || self.texts[slot.id as usize - 1].as_bytes() == name)
            {
                return Some(NameId(slot.id));
            }
            at = (at + 1) & self.mask as usize;
        }
    }

    /// The text of a known id; `""` for [`NameId::NONE`] and ids beyond the table.
    pub fn text(&self, id: NameId) -> &str {
        (id.0 as usize).checked_sub(1).and_then(|i| self.texts.get(i)).map_or("", |t| t)
    }

    /// How many names the table holds; the known ids are `1..=len`.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All names in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|t| &**t)
    }
}
