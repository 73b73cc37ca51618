//! The elements and attributes of a narrative (https://hl7.org/fhir/R4/narrative.html#xhtml): HTML 4.0 chapters 7 to 11
//! (without 9.4) and 15, without what HTML 4.0 deprecates; links and images.

/// An element's number in the vocabulary; 0 is an element that a narrative must not hold.
pub(super) type ElementId = u8;

/// A set of elements, as bits by their numbers.
pub(super) type ElementSet = u64;

/// What an element admits around and inside it.
#[derive(Clone, Copy)]
pub(super) struct Element {
    /// The parents that it needs; 0: any.
    pub parents: ElementSet,
    /// The elements that it may hold; 0: any.
    pub children: ElementSet,
    /// What may not stand anywhere inside.
    pub forbids: ElementSet,
    /// It holds elements alone, no text.
    pub no_text: bool,
    /// It holds nothing.
    pub empty: bool,
}

/// The names in the order of their numbers, from 1.
const NAMES: [&str; 53] = [
    "div", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "var", "dfn", "q", "sub", "sup", "code",
    "pre", "samp", "kbd", "cite", "abbr", "acronym", "address", "bdo", "blockquote", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "colgroup",
    "col", "thead", "tr", "tfoot", "tbody", "th", "td", "img", "map", "area",
];

pub(super) const DIV: ElementId = 1;
pub(super) const IMG: ElementId = 51;

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The set of the named elements.
const fn set(names: &[&str]) -> ElementSet {
    let mut bits = 0;
    let mut i = 0;
    while i < names.len() {
        let mut n = 0;
        while n < NAMES.len() {
            if same(NAMES[n], names[i]) {
                bits |= 1 << (n + 1);
            }
            n += 1;
        }
        i += 1;
    }
    bits
}

/// Blocks that no text element holds.
const BLOCKS: ElementSet = set(&["div", "pre", "ul", "ol", "table"]);
/// Blocks that no paragraph holds.
const PARAGRAPH_BLOCKS: ElementSet = BLOCKS | set(&["p", "blockquote"]);
/// Elements of text: nothing but text and other such elements inside.
const TEXT: ElementSet = set(&[
    "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "var", "dfn", "q", "sub", "sup", "code", "pre", "samp",
    "kbd", "cite", "abbr", "acronym", "address", "bdo", "dt", "caption",
]);

const fn parents(name: &str) -> ElementSet {
    if same(name, "li") {
        set(&["ul", "ol"])
    } else if same(name, "dt") || same(name, "dd") {
        set(&["dl"])
    } else if same(name, "caption") || same(name, "colgroup") || same(name, "thead") || same(name, "tfoot") || same(name, "tbody") {
        set(&["table"])
    } else if same(name, "col") {
        set(&["colgroup", "table"])
    } else if same(name, "tr") {
        set(&["table", "thead", "tfoot", "tbody"])
    } else if same(name, "th") || same(name, "td") {
        set(&["tr"])
    } else {
        0
    }
}

const fn children(name: &str) -> ElementSet {
    if same(name, "ul") || same(name, "ol") {
        set(&["li"])
    } else if same(name, "dl") {
        set(&["dt", "dd"])
    } else if same(name, "table") {
        set(&["caption", "colgroup", "col", "thead", "tr", "tfoot", "tbody"])
    } else if same(name, "thead") || same(name, "tfoot") || same(name, "tbody") {
        set(&["tr"])
    } else if same(name, "tr") {
        set(&["th", "td"])
    } else if same(name, "map") {
        set(&["area"])
    } else {
        0
    }
}

const NOTHING: Element = Element { parents: 0, children: 0, forbids: 0, no_text: false, empty: false };

/// The elements by number; 0 is the unknown one, which asks for nothing.
pub(super) const ELEMENTS: [Element; 54] = {
    let mut table = [NOTHING; 54];
    let mut n = 0;
    while n < NAMES.len() {
        let name = NAMES[n];
        let bit = 1u64 << (n + 1);
        table[n + 1] = Element {
            parents: parents(name),
            children: children(name),
            forbids: if same(name, "p") {
                PARAGRAPH_BLOCKS
            } else if TEXT & bit != 0 {
                BLOCKS
            } else {
                0
            },
            no_text: children(name) != 0,
            empty: set(&["br", "hr", "img", "area"]) & bit != 0,
        };
        n += 1;
    }
    table
};

/// The attributes that every element may carry, then those of some elements, each with its elements.
const ATTRIBUTES: [(&str, ElementSet); 45] = [
    ("id", 0),
    ("class", 0),
    ("style", 0),
    ("title", 0),
    ("lang", 0),
    ("xml:lang", 0),
    ("xml:space", 0),
    ("dir", 0),
    ("accesskey", 0),
    ("tabindex", 0),
    ("xmlns", 0),
    ("width", 0),
    ("align", 0),
    ("valign", 0),
    ("char", 0),
    ("charoff", 0),
    ("abbr", 0),
    ("axis", 0),
    ("headers", 0),
    ("scope", 0),
    ("rowspan", 0),
    ("colspan", 0),
    ("span", 0),
    ("href", set(&["a", "area"])),
    ("src", set(&["img"])),
    ("name", set(&["a", "map"])),
    ("alt", set(&["img", "area"])),
    ("rel", set(&["a"])),
    ("rev", set(&["a"])),
    ("charset", set(&["a"])),
    ("type", set(&["a"])),
    ("hreflang", set(&["a"])),
    ("shape", set(&["a", "area"])),
    ("coords", set(&["a", "area"])),
    ("nohref", set(&["area"])),
    ("cite", set(&["q", "blockquote"])),
    ("border", set(&["table", "img"])),
    ("cellpadding", set(&["table"])),
    ("cellspacing", set(&["table"])),
    ("summary", set(&["table"])),
    ("frame", set(&["table"])),
    ("rules", set(&["table"])),
    ("nowrap", set(&["td", "th"])),
    ("height", set(&["img"])),
    ("usemap", set(&["img"])),
];

/// Attributes beyond the table that only images carry.
const IMAGE_ATTRIBUTES: [&str; 2] = ["ismap", "longdesc"];

/// An attribute's number in the vocabulary, 1 to 63; 0 is an unknown one.
pub(super) type AttributeId = u8;

pub(super) const ID: AttributeId = 1;
pub(super) const LANG: AttributeId = 5;
pub(super) const XML_LANG: AttributeId = 6;
pub(super) const XMLNS: AttributeId = 11;
pub(super) const HREF: AttributeId = 24;
pub(super) const SRC: AttributeId = 25;
pub(super) const NAME: AttributeId = 26;
pub(super) const USEMAP: AttributeId = 45;

/// Whether `attribute` may stand at `element`; an unknown element carries what every element may.
#[inline]
pub(super) fn admits(element: ElementId, attribute: AttributeId) -> bool {
    let of = ATTRIBUTE_ELEMENTS[usize::from(attribute) & 63];
    of & (1 << (element & 63)) != 0
}

/// For each attribute the elements that may carry it; the unknown attribute has none.
const ATTRIBUTE_ELEMENTS: [ElementSet; 64] = {
    let mut table = [0; 64];
    let mut i = 0;
    while i < ATTRIBUTES.len() {
        table[i + 1] = if ATTRIBUTES[i].1 == 0 { u64::MAX } else { ATTRIBUTES[i].1 };
        i += 1;
    }
    let mut k = 0;
    while k < IMAGE_ATTRIBUTES.len() {
        table[ATTRIBUTES.len() + 1 + k] = 1 << IMG;
        k += 1;
    }
    table
};

/// A name of at most 16 bytes as one number, the rest zero.
pub(super) type Key = u128;

const fn key(name: &str) -> Key {
    let bytes = name.as_bytes();
    let mut padded = [0u8; 16];
    let mut i = 0;
    while i < bytes.len() {
        padded[i] = bytes[i];
        i += 1;
    }
    u128::from_le_bytes(padded)
}

const SLOTS: usize = 256;

/// Where a key's search starts.
#[inline]
const fn slot(key: Key) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize
}

/// A hash table from name to number, probed linearly.
type Table = [(Key, u8); SLOTS];

const fn insert(mut table: Table, name: &str, number: u8) -> Table {
    let mut at = slot(key(name));
    while table[at].1 != 0 {
        at = (at + 1) % SLOTS;
    }
    table[at] = (key(name), number);
    table
}

static ELEMENT_TABLE: Table = {
    let mut table = [(0, 0); SLOTS];
    let mut i = 0;
    while i < NAMES.len() {
        table = insert(table, NAMES[i], i as u8 + 1);
        i += 1;
    }
    table
};

static ATTRIBUTE_TABLE: Table = {
    let mut table = [(0, 0); SLOTS];
    let mut i = 0;
    while i < ATTRIBUTES.len() {
        table = insert(table, ATTRIBUTES[i].0, i as u8 + 1);
        i += 1;
    }
    let mut k = 0;
    while k < IMAGE_ATTRIBUTES.len() {
        table = insert(table, IMAGE_ATTRIBUTES[k], (ATTRIBUTES.len() + 1 + k) as u8);
        k += 1;
    }
    table
};

#[inline]
fn find(table: &Table, bytes: &[u8], start: usize, length: usize) -> u8 {
    if length > 16 {
        return 0;
    }
    let wanted = match bytes.get(start..start + 16).and_then(|w| <[u8; 16]>::try_from(w).ok()) {
        Some(window) => u128::from_le_bytes(window) & MASKS[length],
        None => bytes.get(start..start + length).unwrap_or_default().iter().rev().fold(0, |k, b| (k << 8) | u128::from(*b)),
    };
    let mut at = slot(wanted);
    loop {
        match table[at] {
            (_, 0) => return 0,
            (k, number) if k == wanted => return number,
            _ => at = (at + 1) % SLOTS,
        }
    }
}

/// The low bytes of a key, by their count.
const MASKS: [u128; 17] = {
    let mut masks = [u128::MAX; 17];
    let mut n = 0;
    while n < 16 {
        masks[n] = (1 << (8 * n)) - 1;
        n += 1;
    }
    masks
};

/// The element whose name is `bytes[start..start + length]`.
#[inline]
pub(super) fn element(bytes: &[u8], start: usize, length: usize) -> ElementId {
    find(&ELEMENT_TABLE, bytes, start, length)
}

/// The attribute whose name is `bytes[start..start + length]`.
#[inline]
pub(super) fn attribute(bytes: &[u8], start: usize, length: usize) -> AttributeId {
    find(&ATTRIBUTE_TABLE, bytes, start, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_name_what_they_say() {
        for (id, name) in [(DIV, "div"), (IMG, "img")] {
            assert_eq!(NAMES[usize::from(id) - 1], name);
        }
        for (id, name) in [(ID, "id"), (LANG, "lang"), (XML_LANG, "xml:lang"), (XMLNS, "xmlns"), (HREF, "href"), (SRC, "src"), (NAME, "name"), (USEMAP, "usemap")] {
            assert_eq!(ATTRIBUTES[usize::from(id) - 1].0, name);
        }
    }

    #[test]
    fn every_name_is_found_with_and_without_text_behind_it() {
        for (i, name) in NAMES.iter().enumerate() {
            let long = format!("{name} and more text behind");
            assert_eq!(usize::from(element(name.as_bytes(), 0, name.len())), i + 1);
            assert_eq!(usize::from(element(long.as_bytes(), 0, name.len())), i + 1);
        }
        for name in ["script", "P", "", "blockquotes", "a-very-long-name-indeed"] {
            assert_eq!(element(name.as_bytes(), 0, name.len()), 0);
        }
    }
}
