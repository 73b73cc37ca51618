//! Links and anchors of a narrative, and the text of attribute values.

use std::borrow::Cow;
use std::ops::Range;

use super::XhtmlFaultKind;
use crate::assertion::primitive::{Primitive, PrimitiveFault, scheme};

/// What a link into the resource is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `<a href="#…">`
    Href,
    /// `<img src="#…">`
    Src,
    /// `<img usemap="#…">`
    UseMap,
}

/// A link that starts with `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    /// What stands behind the `#`, unescaped.
    pub target: String,
    /// The whole value's bytes in the `div` text.
    pub range: Range<usize>,
}

/// An element's `id`, or the `name` of an `a` or a `map`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The value, unescaped.
    pub text: String,
    /// The value's bytes in the `div` text.
    pub range: Range<usize>,
    /// Whether it is an `id`; otherwise a `name`.
    pub is_id: bool,
}

/// Links into the resource, anchors, and the languages of the root, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub links: Vec<Link>,
    pub anchors: Vec<Anchor>,
    /// The root's `lang` and `xml:lang`.
    pub lang: Option<String>,
    pub xml_lang: Option<String>,
}

impl Links {
    /// The links that lead to no anchor of the narrative itself; they may still name a contained resource. `#` alone leads to the
    /// top and is not among them, except as an image's source.
    pub fn unresolved(&self) -> impl Iterator<Item = &Link> {
        let leads_to_top = |l: &&Link| l.target.is_empty() && l.kind == LinkKind::Href;
        self.links.iter().filter(move |l| !(leads_to_top(l) || self.anchors.iter().any(|a| a.text == l.target)))
    }

    /// The anchors that occur more than once, each once with its count, in the order of the text.
    pub fn duplicates(&self) -> Vec<(&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        let mut index = rustc_hash::FxHashMap::default();
        for anchor in &self.anchors {
            let at = *index.entry(anchor.text.as_str()).or_insert_with(|| {
                counts.push((anchor.text.as_str(), 0));
                counts.len() - 1
            });
            if let Some(entry) = counts.get_mut(at) {
                entry.1 += 1;
            }
        }
        counts.retain(|(_, n)| *n > 1);
        counts
    }
}

/// The character that an XML character or entity reference stands for (`&` and `;` left out): `amp`, `#65`, `#x41`.
pub(super) fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            if digits.starts_with('+') {
                return None;
            }
            char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|c| is_xml_char(*c))?
        }
    })
}

/// Whether XML 1.0 admits the character (https://www.w3.org/TR/xml/#charsets).
pub(super) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text of an attribute value or a piece of text: references resolved; what is no reference stays as it is.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').and_then(|(name, tail)| Some((reference(name)?, tail))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The fault of a link (`href`) or an image's source, given as it stands in the text.
pub(super) fn fault(raw: &str, is_link: bool) -> Option<XhtmlFaultKind> {
    let value = unescape(raw);
    if value.is_empty() {
        return Some(XhtmlFaultKind::EmptyLink);
    }
    if value.bytes().any(|b| b <= b' ' || matches!(b, b'{' | b'}' | b'"' | b'<' | b'>' | b'^' | b'`' | b'\\')) {
        return Some(XhtmlFaultKind::UrlCharacters);
    }
    let scheme = scheme(&value)?;
    if scheme.eq_ignore_ascii_case("data") {
        let data = value.split_once(',').and_then(|(head, data)| head.ends_with(";base64").then_some(data))?;
        let sound = matches!(Primitive::Base64Binary.check(data), Ok(()) | Err(PrimitiveFault::Empty));
        return (!sound).then_some(XhtmlFaultKind::UrlCharacters);
    }
    if scheme.eq_ignore_ascii_case("javascript") || scheme.eq_ignore_ascii_case("vbscript") {
        return Some(XhtmlFaultKind::ActiveLink);
    }
    (is_link && (scheme.eq_ignore_ascii_case("urn") || scheme.eq_ignore_ascii_case("cid"))).then_some(XhtmlFaultKind::LinkScheme)
}
