//! Names of files, which may hold the name of a patient.

/// The shortest word that is looked for.
const WORD: usize = 2;

/// A file's name, as long as no word of it was found in what the file holds.
pub(super) struct FileName {
    name: String,
    words: Vec<String>,
    is_told: bool,
}

impl FileName {
    /// Of this name; `common` are words that say nothing, as types.
    pub fn new(name: &str, is_common: impl Fn(&str) -> bool) -> FileName {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let words = stem.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|w| w.chars().count() >= WORD && !is_common(w)).map(str::to_lowercase).collect();
        // Letters beyond ASCII have several ways to be written, and are not looked for.
        FileName { name: name.to_owned(), words, is_told: name.is_ascii() }
    }

    /// Looks for its words in a text.
    pub fn look(&mut self, text: &[u8]) {
        if !self.is_told || self.words.is_empty() {
            return;
        }
        let text = text.to_ascii_lowercase();
        let has = |word: &str| memchr::memmem::find(&text, word.as_bytes()).is_some();
        // An escaped character may be any letter.
        self.is_told = !has("\\u") && !self.words.iter().any(|w| has(w));
    }

    /// The name; `None` where a word of it was found.
    pub fn told(self) -> Option<String> {
        self.is_told.then_some(self.name)
    }
}
