//! Mutants in a folder, each with its expectation, so that they can be kept as negative instances.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::names::ENDING;
use super::rule::Rule;
use super::score::Mutant;
use super::update::{entry, expectation, text};

/// Files of mutants.
pub(super) struct Kept<'a> {
    folder: &'a Path,
    names: FxHashSet<String>,
}

impl Kept<'_> {
    /// In this folder, which is made where it is missing.
    pub fn new(folder: &Path) -> Kept<'_> {
        Kept { folder, names: FxHashSet::default() }
    }

    /// Writes a mutant of a profile with this id. Returns the path of its file in the folder.
    ///
    /// # Errors
    /// A message where it cannot be written.
    pub fn keep(&mut self, profile: &str, rule: &Rule, mutant: &Mutant) -> Result<String, String> {
        let key = if rule.constraint().is_empty() { String::new() } else { format!("-{}", rule.constraint()) };
        let plain = named(&format!("{}-{}{key}", rule.id(), rule.element));
        let profile = named(profile);
        let mut name = format!("{profile}/{plain}");
        let mut count = 1;
        while !self.names.insert(name.clone()) {
            count += 1;
            name = format!("{profile}/{plain}-{count}");
        }
        let write = |ending: &str, text: String| {
            let file = self.folder.join(format!("{name}{ending}"));
            let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::write(&file, text))
                .map_err(|e| format!("--write-mutants: could not write `{}`: {e}", file.display()))
        };
        let own = serde_json::to_string_pretty(&mutant.value).unwrap_or_default() + "\n";
        write(".json", own)?;
        let mut expected = expectation(None, mutant.verdict, &mutant.seen, &mutant.profiles);
        if !expected.must.iter().any(|e| e.means(&mutant.broken)) {
            expected.must.push(entry(&mutant.broken));
        }
        write(ENDING, text(&expected))?;
        Ok(format!("{name}.json"))
    }
}

/// The longest name of a file.
const MOST: usize = 120;

/// A text that may be the name of a file anywhere.
fn named(text: &str) -> String {
    let mut out = String::new();
    for c in text.replace("[x]", "").chars().take(MOST) {
        let c = if c.is_ascii_alphanumeric() { c } else { '-' };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(named("slice-min-Patient.name:a/../b.value[x]"), "slice-min-Patient-name-a-b-value");
        assert_eq!(named("../.."), "");
    }
}
