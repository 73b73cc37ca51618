//! Regular expressions that definitions, expressions and instances bring: compiled within bounds, and remembered within
//! a bound on what all of them weigh together.

use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// Bounds on the size of the compiled form, in bytes: each is tried where the one before it is too small, so that what
/// an expression weighs is known roughly.
const SIZES: [usize; 3] = [16 << 10, 128 << 10, 1 << 20];
/// How often the bound on its size an expression weighs at most: with its reverse, and with what it fills while it
/// searches.
const FOLD: usize = 4;
/// Bound on the bytes of an expression's text; what is read of a text weighs far more than the text.
const TEXT_BYTES: usize = 16 << 10;
/// Bound on the weight of all expressions that are remembered together, in bytes.
const KEPT_BYTES: usize = 16 << 20;
/// What remembering anything weighs, in bytes.
const ENTRY_BYTES: usize = 128;

/// Why a text is no regular expression here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It is broken, or of another dialect.
    Unreadable,
    /// It is beyond the bounds on its text or its size.
    TooLarge,
}

/// A regular expression, or why there is none, and the bytes that it weighs at most.
pub type Compiled = (Result<Regex, Refused>, usize);

/// Compiles a text as `configure` says.
pub fn compile(text: &str, configure: impl Fn(&mut RegexBuilder)) -> Compiled {
    if text.len() > TEXT_BYTES {
        return (Err(Refused::TooLarge), 0);
    }
    for size in SIZES {
        let mut builder = RegexBuilder::new(text);
        configure(&mut builder);
        match builder.size_limit(size).dfa_size_limit(size).build() {
            Ok(regex) => return (Ok(regex), size * FOLD),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(_) => return (Err(Refused::Unreadable), 0),
        }
    }
    (Err(Refused::TooLarge), 0)
}

/// What was made of texts, remembered. Where the bound on its weight is reached it begins anew.
#[derive(Debug)]
pub struct Remembered<T> {
    kept: FxHashMap<Box<str>, T>,
    bytes: usize,
}

impl<T> Default for Remembered<T> {
    fn default() -> Remembered<T> {
        Remembered { kept: FxHashMap::default(), bytes: 0 }
    }
}

impl<T> Remembered<T> {
    /// What was made of a text.
    pub fn get(&self, text: &str) -> Option<&T> {
        self.kept.get(text)
    }

    /// What was made of a text, to be changed.
    pub fn get_mut(&mut self, text: &str) -> Option<&mut T> {
        self.kept.get_mut(text)
    }

    /// Remembers what was made of a text, and weighs so much beside it.
    pub fn insert(&mut self, text: &str, made: T, bytes: usize) {
        let bytes = bytes.saturating_add(text.len()).saturating_add(ENTRY_BYTES);
        if self.bytes.saturating_add(bytes) > KEPT_BYTES {
            self.kept.clear();
            self.bytes = 0;
        }
        if bytes <= KEPT_BYTES {
            self.bytes += bytes;
            self.kept.insert(text.into(), made);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(text: &str) -> (Option<Refused>, usize) {
        let (made, bytes) = compile(text, |_| {});
        (made.err(), bytes)
    }

    #[test]
    fn what_is_large_weighs_more() {
        assert_eq!(weight("^[0-9]{6}$"), (None, SIZES[0] * FOLD));
        assert_eq!(weight(r"^(\w{10}){2}$"), (None, SIZES[2] * FOLD));
        assert_eq!(weight(r"(\w{200}){200}"), (Some(Refused::TooLarge), 0));
        assert_eq!(weight(&"a".repeat(TEXT_BYTES + 1)), (Some(Refused::TooLarge), 0));
        assert_eq!(weight("["), (Some(Refused::Unreadable), 0));
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut remembered = Remembered::default();
        for i in 0..10_000 {
            let text = format!(r"^[a-z]{{{}}}\w$", i % 40);
            remembered.insert(&format!("{text}{i}"), i, compile(&text, |_| {}).1);
            assert!(remembered.bytes <= KEPT_BYTES && remembered.kept.len() <= KEPT_BYTES / (SIZES[0] * FOLD));
        }
        remembered.insert("a", 1, KEPT_BYTES);
        assert!(remembered.kept.is_empty(), "what is beyond the bound alone is not remembered");
    }
}
