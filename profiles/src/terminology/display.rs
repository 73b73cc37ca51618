//! Whether what an instance writes beside a code is a name of the code.

use rustc_hash::FxHashSet;

use super::code_system::ConceptRow;

/// How a written display agrees with the code's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayFit {
    /// It is one of the names, apart from upper and lower case.
    Fits,
    /// It is one of the names but for whitespace (or control characters).
    Whitespace,
    /// It is none of the names.
    Wrong,
    /// The code has no names.
    NoNames,
}

/// The names of a code: its display and its designations in whatever language, in the order of the definition, each
/// once.
pub fn names(concept: &ConceptRow) -> Vec<&str> {
    let mut seen = FxHashSet::default();
    let designations = concept.designations.iter().map(|(_, text)| text.as_str());
    concept.display.as_deref().into_iter().chain(designations).filter(|name| seen.insert(*name)).collect()
}

/// Compares a written display with the code's names. Case does not matter; whitespace does, but is told apart.
pub fn check_display<'c>(written: &str, names: impl IntoIterator<Item = &'c str>) -> DisplayFit {
    let mut fit = DisplayFit::NoNames;
    for name in names {
        if written == name || same(written.chars(), name.chars()) {
            return DisplayFit::Fits;
        }
        let squeezed = same(squeeze(written), squeeze(name));
        fit = if squeezed || fit == DisplayFit::Whitespace { DisplayFit::Whitespace } else { DisplayFit::Wrong };
    }
    fit
}

/// Equal apart from case.
fn same(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> bool {
    a.flat_map(char::to_lowercase).eq(b.flat_map(char::to_lowercase))
}

/// The text with every run of whitespace and control characters as one space, none at the ends.
fn squeeze(text: &str) -> impl Iterator<Item = char> + '_ {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    words.enumerate().flat_map(|(i, word)| (i > 0).then_some(' ').into_iter().chain(word.chars()))
}
