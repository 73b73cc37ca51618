//! Globs over paths: many of them, held against a path at once.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

/// Globs, each once; what is asked with them names them by number.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
    numbers: FxHashMap<String, usize>,
}

impl Patterns {
    /// Compiles globs; `*` and `?` stay within a folder.
    ///
    /// # Errors
    /// The position of the glob among them that is none, and why; `None` for the position where they are too much
    /// together.
    pub fn new<'g>(globs: impl Iterator<Item = &'g str>) -> Result<Patterns, (Option<usize>, String)> {
        let (mut builder, mut numbers) = (GlobSetBuilder::new(), FxHashMap::default());
        for (position, glob) in globs.enumerate() {
            if numbers.contains_key(glob) {
                continue;
            }
            let written = glob.strip_prefix("./").unwrap_or(glob);
            let built = GlobBuilder::new(written).literal_separator(true).backslash_escape(true).build();
            builder.add(built.map_err(|e| (Some(position), format!("`{glob}` is no glob: {}", e.kind())))?);
            numbers.insert(glob.to_owned(), numbers.len());
        }
        let set = builder
            .build()
            .map_err(|e| (None, format!("the globs are too much together ({e}); use fewer, or simpler ones")))?;
        Ok(Patterns { set, numbers })
    }

    /// The number of a glob.
    pub fn number(&self, glob: &str) -> Option<usize> {
        self.numbers.get(glob).copied()
    }

    /// The numbers of the globs that match a path, ascending.
    pub fn matches(&self, path: &str) -> Vec<usize> {
        self.set.matches(path)
    }

    /// How many globs there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_a_folder() {
        let globs = ["*.json", "a/**/*.json", "a/*.json", "{a,b}/x.json", "*.json", "./a/x.json"];
        let patterns = Patterns::new(globs.into_iter()).unwrap();
        assert_eq!(patterns.matches("x.json"), [0]);
        assert_eq!(patterns.matches("a/x.json"), [1, 2, 3, 4]);
        assert_eq!(patterns.matches("a/b/x.json"), [1]);
        assert_eq!((patterns.len(), patterns.number("a/*.json")), (5, Some(2)));
    }

    #[test]
    fn a_glob_that_is_none_is_named() {
        let (position, why) = Patterns::new(["a", "b/{"].into_iter()).unwrap_err();
        assert_eq!(position, Some(1));
        assert!(why.contains("`b/{`"), "{why}");
    }

    #[test]
    fn many_globs_are_compiled() {
        let globs: Vec<String> = (0..10_000).map(|i| format!("folder-{i}/patient.json")).collect();
        let patterns = Patterns::new(globs.iter().map(String::as_str)).unwrap();
        assert_eq!(patterns.matches("folder-77/patient.json"), [77]);
    }
}
