//! Whether what an instance writes beside a code is a name of the code.

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

/// The names of a code: its display, and the designations without a language or in one of `languages` (`en` also means `en-US`).
/// In the order of the definition, each once.
pub fn names<'c>(concept: &'c ConceptRow, languages: &[&str]) -> Vec<&'c str> {
    let wanted = |language: &Option<String>| language.as_deref().is_none_or(|own| languages.iter().any(|l| speaks(own, l)));
    let mut names: Vec<&str> = concept.display.as_deref().into_iter().collect();
    for (_, text) in concept.designations.iter().filter(|(language, _)| wanted(language)) {
        if !names.contains(&text.as_str()) {
            names.push(text);
        }
    }
    names
}

/// Whether one of two language tags begins with the other.
fn speaks(a: &str, b: &str) -> bool {
    let mut pairs = a.split('-').zip(b.split('-'));
    pairs.all(|(a, b)| a.eq_ignore_ascii_case(b))
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
