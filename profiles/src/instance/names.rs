//! Interned element names: one table a FHIR version, shared by the tape, the plans and FHIRPath.

use rustc_hash::FxHashMap;

/// An interned element name. `NameId::NONE` names nothing; ids up to [`Names::len`] are known to the
/// table, higher ones occur in one instance only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct NameId(pub u32);

macro_rules! fixed {
    ($($name:ident = $id:literal $text:literal,)*) => {
        impl NameId {
            /// No name: that of the root, and of what has none.
            pub const NONE: NameId = NameId(0);
            $(#[doc = concat!("The id of `", $text, "` in every table.")] pub const $name: NameId = NameId($id);)*
        }

        /// The names whose ids are constants of [`NameId`], in the order of their ids: every table starts with them.
        pub const FIXED: [&str; [$($id),*].len()] = [$($text),*];
    };
}

fixed! {
    ID = 1 "id",
    EXTENSION = 2 "extension",
    MODIFIER_EXTENSION = 3 "modifierExtension",
    URL = 4 "url",
    RESOURCE_TYPE = 5 "resourceType",
    META = 6 "meta",
    PROFILE = 7 "profile",
    CONTAINED = 8 "contained",
    REFERENCE = 9 "reference",
    SYSTEM = 10 "system",
    CODE = 11 "code",
    CODING = 12 "coding",
    DISPLAY = 13 "display",
    VALUE = 14 "value",
    ENTRY = 15 "entry",
    RESOURCE = 16 "resource",
    FULL_URL = 17 "fullUrl",
    TEXT = 18 "text",
    DIV = 19 "div",
    TYPE = 20 "type",
    VERSION = 21 "version",
    FHIR_COMMENTS = 22 "fhir_comments",
    UNIT = 23 "unit",
    CANONICAL_URL = 24 "canonicalUrl",
    VERSION_ID = 25 "versionId",
    SOURCE = 26 "source",
    LINK = 27 "link",
    ITEM = 28 "item",
    LINK_ID = 29 "linkId",
    ANSWER = 30 "answer",
}

/// A place of the table: the name's length and its first eight bytes, which are all of it for most names.
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
            if let Some(room) = first.get_mut(..bytes.len()) {
                room.copy_from_slice(bytes);
            }
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
    if let Some(room) = last.get_mut(..rest.len()) {
        room.copy_from_slice(rest);
    }
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

    #[allow(
        clippy::indexing_slicing,
        reason = "the mask keeps places inside the table, and ids in it are those of its texts"
    )]
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
    #[allow(
        clippy::indexing_slicing,
        reason = "the mask keeps places inside the table, and ids in it are those of its texts"
    )]
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

    /// Whether the table holds no name at all.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All names in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|t| &**t)
    }
}
