//! The elements and attributes of a narrative (<https://hl7.org/fhir/R4/narrative.html#xhtml>): HTML 4.0 chapters 7
//! to 11
//! (without 9.4) and 15, without what HTML 4.0 deprecates; links and images.

#![allow(clippy::indexing_slicing, reason = "numbers are masked to the 64 entries of the tables")]

use super::table::{Key, Table};

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
    /// What is not allowed anywhere inside.
    pub forbids: ElementSet,
    /// It contains only elements, no text.
    pub no_text: bool,
    /// It holds nothing.
    pub empty: bool,
}

/// The names in the order of their numbers, from 1.
const NAMES: [&str; 53] = [
    "div", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt",
        "var", "dfn", "q", "sub", "sup", "code",
    "pre", "samp", "kbd", "cite", "abbr", "acronym", "address", "bdo", "blockquote", "hr", "ul", "ol", "li", "dl", "dt",
        "dd", "table", "caption", "colgroup",
    "col", "thead", "tr", "tfoot", "tbody", "th", "td", "img", "map", "area",
];

pub(super) const DIV: ElementId = 1;
pub(super) const A: ElementId = 10;
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
    "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "var", "dfn", "q",
        "sub", "sup", "code", "pre", "samp",
    "kbd", "cite", "abbr", "acronym", "address", "bdo", "dt", "caption",
]);

const fn parents(name: &str) -> ElementSet {
    if same(name, "li") {
        set(&["ul", "ol"])
    } else if same(name, "dt") || same(name, "dd") {
        set(&["dl"])
    } else if same(name, "caption") || same(name, "colgroup") || same(name, "thead") || same(name,
        "tfoot") || same(name, "tbody") {
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

/// The elements by number; 0 and those beyond the last are unknown ones, which ask for nothing.
const ELEMENT_TABLE: [Element; 64] = {
    let mut table = [NOTHING; 64];
    let mut n = 0;
    while n < NAMES.len() {
        let name = NAMES[n];
        let bit = 1u64 << (n + 1);
        table[n + 1] = Element {
            parents: parents(name),
            children: children(name),
            forbids: if same(name, "p") {
                PARAGRAPH_BLOCKS
            } else if same(name, "a") {
                // https://www.w3.org/TR/xhtml1/#prohibitions
                BLOCKS | bit
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

static ELEMENTS: [Element; 64] = ELEMENT_TABLE;

/// What an element admits.
pub(super) fn rules(element: ElementId) -> &'static Element {
    &ELEMENTS[usize::from(element & 63)]
}

/// Stands for text in the set of what fits into an element.
pub(super) const PLAIN_TEXT: ElementSet = 1 << 63;

/// What is allowed inside an element.
#[derive(Clone, Copy)]
pub(super) struct Inside {
    /// The elements allowed directly inside, whatever is further out, and [`PLAIN_TEXT`] where text is.
    pub fits: ElementSet,
    /// What is not allowed anywhere inside.
    pub forbids: ElementSet,
}

static INSIDE: [Inside; 64] = {
    let mut table = [Inside { fits: 0, forbids: 0 }; 64];
    let mut outer = 0;
    while outer < 64 {
        let rules = ELEMENT_TABLE[outer];
        let mut fits = if rules.no_text || rules.empty { 0 } else { PLAIN_TEXT };
        let mut inner = 1;
        while inner < 63 {
            let parents = ELEMENT_TABLE[inner].parents;
            let at_home = parents == 0 || parents & (1 << outer) != 0;
            let taken = !rules.empty && (rules.children == 0 || rules.children & (1 << inner) != 0);
            if at_home && taken {
                fits |= 1 << inner;
            }
            inner += 1;
        }
        table[outer] = Inside { fits, forbids: rules.forbids };
        outer += 1;
    }
    table
};

/// What is allowed inside an element.
#[inline(always)]
pub(super) fn inside(element: ElementId) -> Inside {
    INSIDE[usize::from(element & 63)]
}

/// The attributes that every element may carry, then those of some elements, each with its elements.
const ATTRIBUTES: [(&str, ElementSet); 47] = [
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
    ("ismap", set(&["img"])),
    ("longdesc", set(&["img"])),
];

const ATTRIBUTE_NAMES: [&str; 47] = {
    let mut names = [""; 47];
    let mut i = 0;
    while i < names.len() {
        names[i] = ATTRIBUTES[i].0;
        i += 1;
    }
    names
};

/// An attribute's number in the vocabulary, 1 to 63; 0 is an unknown one.
pub(super) type AttributeId = u8;

pub(super) const ID: AttributeId = 1;
pub(super) const XML_LANG: AttributeId = 6;
pub(super) const XML_SPACE: AttributeId = 7;
pub(super) const XMLNS: AttributeId = 11;
pub(super) const HREF: AttributeId = 24;
pub(super) const SRC: AttributeId = 25;
pub(super) const NAME: AttributeId = 26;
pub(super) const USEMAP: AttributeId = 45;

/// Whether the attribute's value is more than looks: a link or an anchor, or is worth a note.
#[inline]
pub(super) fn has_meaning(attribute: AttributeId) -> bool {
    const MEANT: u64 =
        1 << ID | 1 << HREF | 1 << SRC | 1 << NAME | 1 << USEMAP | 1 << XML_LANG | 1 << XML_SPACE;
    MEANT & (1 << (attribute & 63)) != 0
}

/// Whether `element` may have `attribute`; an unknown element may have those of every element.
#[inline(always)]
pub(super) fn admits(element: ElementId, attribute: AttributeId) -> bool {
    let of = ATTRIBUTE_ELEMENTS[usize::from(attribute) & 63];
    of & (1 << (element & 63)) != 0
}

/// For each attribute the elements that may carry it; the unknown attribute has none.
static ATTRIBUTE_ELEMENTS: [ElementSet; 64] = {
    let mut table = [0; 64];
    let mut i = 0;
    while i < ATTRIBUTES.len() {
        table[i + 1] = if ATTRIBUTES[i].1 == 0 { u64::MAX } else { ATTRIBUTES[i].1 };
        i += 1;
    }
    table
};

static ELEMENTS_BY_NAME: Table = Table::of(&NAMES, 0x2d16_34b4_b465_3253);
static ATTRIBUTES_BY_NAME: Table = Table::of(&ATTRIBUTE_NAMES, 0x77ac_435f_5e93_cc57);

/// The element whose name has at most eight bytes: these, by their count.
#[inline(always)]
pub(super) fn short_element(key: Key, length: usize) -> ElementId {
    ELEMENTS_BY_NAME.find(key, length)
}

/// The attribute whose name has at most eight bytes: these, by their count.
#[inline(always)]
pub(super) fn short_attribute(key: Key, length: usize) -> AttributeId {
    ATTRIBUTES_BY_NAME.find(key, length)
}

/// The element of this name.
pub(super) fn element(name: &[u8]) -> ElementId {
    ELEMENTS_BY_NAME.find_name(name)
}

/// The attribute of this name.
pub(super) fn attribute(name: &[u8]) -> AttributeId {
    ATTRIBUTES_BY_NAME.find_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_name_what_they_say() {
        for (id, name) in [(DIV, "div"), (A, "a"), (IMG, "img")] {
            assert_eq!(NAMES[usize::from(id) - 1], name);
        }
        for (id, name) in [(ID, "id"), (XMLNS, "xmlns"), (HREF, "href"), (SRC, "src"), (NAME, "name"), (USEMAP,
            "usemap")] {
            assert_eq!(ATTRIBUTES[usize::from(id) - 1].0, name);
        }
    }

    #[test]
    fn every_name_is_found_and_no_other() {
        let element = |name: &str| super::element(name.as_bytes());
        let attribute = |name: &str| super::attribute(name.as_bytes());
        for (i, name) in NAMES.iter().enumerate() {
            assert_eq!(usize::from(element(name)), i + 1);
            assert_eq!(element(&format!("{name}x")), 0);
        }
        for (i, name) in ATTRIBUTE_NAMES.iter().enumerate() {
            assert_eq!(usize::from(attribute(name)), i + 1);
            assert_eq!(attribute(&format!("{name}-more")), 0);
        }
        for name in ["script", "P", "", "blockquo", "blockquotes", "blockquota", "p\0", "li\0\0",
            "a-very-long-name-indeed"] {
            assert_eq!(element(name), 0);
        }
        for name in ["", "accesske", "cellspac", "cellspacers", "onclick"] {
            assert_eq!(attribute(name), 0);
        }
    }

    #[test]
    fn what_fits_is_what_the_rules_of_both_elements_say() {
        let fits = |outer: &str, inner: &str| inside(element(outer.as_bytes())).fits & set(&[inner]) != 0;
        for (outer, inner) in [("div", "p"), ("script", "b"), ("ul", "li"), ("tr", "td"), ("table", "tr"), ("map",
            "area"), ("p", "ul")] {
            assert!(fits(outer, inner), "{outer} {inner}");
        }
        for (outer, inner) in [("div", "li"), ("script", "td"), ("ul", "p"), ("tr", "p"), ("br", "b"), ("map", "p")] {
            assert!(!fits(outer, inner), "{outer} {inner}");
        }
    }
}
