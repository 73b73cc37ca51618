//! String search (<https://hl7.org/fhir/R4/search.html#string>).

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

use super::answer::{Open, Told, any, open};
use super::escape::plain;
use super::reading::{Reading, complex, text_of};
use crate::fhirpath::Item;
use crate::instance::Node;

/// How texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The text begins so; case and accents do not count.
    Start,
    /// The text is so, to the letter.
    Exact,
    /// The text has this somewhere; case and accents do not count.
    Contains,
}

/// The members of names and addresses that are searched
/// (<https://hl7.org/fhir/R4/datatypes.html#HumanName>, <https://hl7.org/fhir/R4/datatypes.html#Address>).
const NAME: [&str; 5] = ["text", "family", "given", "prefix", "suffix"];
const ADDRESS: [&str; 7] = ["text", "line", "city", "district", "state", "postalCode", "country"];

/// A value of a string parameter.
#[derive(Debug)]
pub(super) struct Text<'q> {
    plain: Cow<'q, str>,
    folded: String,
    bare: String,
}

impl<'q> Text<'q> {
    /// Reads a value.
    pub fn parse(text: &'q str) -> Result<Text<'q>, Open> {
        let plain = plain(text)?;
        if plain.is_empty() {
            return open("a value is empty");
        }
        let folded = folded(&plain);
        let bare = bare(&folded);
        Ok(Text { plain, folded, bare })
    }

    /// Whether a text of the resource is meant; `folded` and `bare` are made of it.
    fn is(&self, mode: Mode, text: &str, (folded, bare): (&str, &str)) -> Told {
        let holds = match mode {
            Mode::Exact => return Ok(*text == *self.plain),
            Mode::Start => folded.starts_with(&self.folded),
            Mode::Contains => folded.contains(&self.folded),
        };
        let may_hold = match mode {
            _ if holds => true,
            Mode::Start => bare.starts_with(&self.bare),
            _ => bare.contains(&self.bare),
        };
        if holds != may_hold {
            return open("a text differs from the one asked for in what servers may leave out of account");
        }
        Ok(holds)
    }
}

/// A text without case and accents.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let marks = CanonicalCombiningClassMapBorrowed::new();
    let lower: String = text.chars().flat_map(char::to_lowercase).collect();
    let parts = DecomposingNormalizerBorrowed::new_nfd().normalize(&lower).into_owned();
    parts.chars().filter(|c| marks.get_u8(*c) == 0).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// A folded text without what servers may leave out of account: spaces, punctuation, ligatures, widths.
fn bare(folded: &str) -> String {
    if folded.is_ascii() {
        return folded.chars().filter(char::is_ascii_alphanumeric).collect();
    }
    let parts = DecomposingNormalizerBorrowed::new_nfkd().normalize(folded).into_owned();
    let mut out = String::with_capacity(parts.len());
    for c in parts.chars().filter(|c| c.is_alphanumeric()) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            c => out.push(c),
        }
    }
    out
}

/// Whether an item is any of the texts.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, mode: Mode, wanted: &[Result<Text<'_>, Open>]) -> Told {
    let each = |text: &str| {
        reading.take_text(text)?;
        let folded = folded(text);
        let bare = bare(&folded);
        any(wanted.iter().map(|wanted| {
            reading.take(1)?;
            if mode == Mode::Contains {
                reading.take_text(text)?;
            }
            wanted.as_ref().map_err(Clone::clone)?.is(mode, text, (&folded, &bare))
        }))
    };
    let leaf = |node: Node<'_>| text_of(node)?.map_or(Ok(false), |text| each(&text));
    let members = |node: Node<'_>, names: &[&str]| {
        let node = complex(node)?;
        any(names.iter().flat_map(|name| reading.children(node, name)).map(leaf))
    };
    match (item, reading.type_of(item)) {
        (Item::Node(node, _), "string" | "markdown" | "code" | "id" | "uri" | "url" | "canonical") => leaf(*node),
        (Item::Node(node, _), "HumanName") => members(*node, &NAME),
        (Item::Node(node, _), "Address") => members(*node, &ADDRESS),
        _ => match item.as_str() {
            Some(text) => each(text),
            None => open("the parameter finds what is no text"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folded() {
        assert_eq!(folded("Ångström ÉCOLE"), "angstrom ecole");
        assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
        assert_eq!(folded("İ"), "i");
        assert_eq!(bare(&folded("Straße, O'Neil")), "strasseoneil");
        assert_eq!(bare(&folded("ﬁ ＡＢ")), "fiab");
    }
}
