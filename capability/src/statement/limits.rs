//! Bounds on statements. What lies beyond one is told, and unknown: never taken as not there.

/// The entries of a statement that are read, with those of the statements that it imports: types, and what they and the
/// statement itself list.
pub const ENTRIES_LIMIT: usize = 1 << 16;
/// The statements that are merged into one by its imports, theirs included.
pub const IMPORTS_LIMIT: usize = 64;
/// The hints on unknown urls that are looked for in one statement.
pub const HINTS_LIMIT: usize = 100;
/// The bytes of a name that are quoted in a remark on something else.
const QUOTED_BYTES: usize = 200;

/// What may still be read of a statement, and what was left out.
#[derive(Clone, Debug)]
pub struct Left {
    entries: usize,
    imports: usize,
    hints: usize,
    /// True where entries were left out that nobody was told of yet.
    pub(super) is_short: bool,
    /// The first import that was left out, where nobody was told of it yet.
    pub(super) not_merged: Option<String>,
    /// True where it was said that there are no further hints.
    is_quiet: bool,
}

impl Default for Left {
    fn default() -> Left {
        Left {
            entries: ENTRIES_LIMIT,
            imports: IMPORTS_LIMIT,
            hints: HINTS_LIMIT,
            is_short: false,
            not_merged: None,
            is_quiet: false,
        }
    }
}

impl Left {
    /// As many of these entries as may still be read.
    pub(super) fn take<T>(&mut self, mut list: Vec<T>) -> Vec<T> {
        self.is_short |= list.len() > self.entries;
        list.truncate(self.entries);
        self.entries -= list.len();
        list
    }

    /// True where one more entry may be read.
    pub(super) fn entry(&mut self) -> bool {
        self.is_short |= self.entries == 0;
        let may = self.entries > 0;
        self.entries = self.entries.saturating_sub(1);
        may
    }

    /// True where one more import may be merged; `path` is its place.
    pub(super) fn import(&mut self, path: &str) -> bool {
        let may = self.imports > 0;
        if !may {
            self.not_merged.get_or_insert_with(|| path.to_owned());
        }
        self.imports = self.imports.saturating_sub(1);
        may
    }

    /// The hint that `find` gives; beyond the limit none, which is said once.
    pub(super) fn hint(&mut self, find: impl FnOnce() -> Option<String>) -> String {
        if self.hints > 0 {
            self.hints -= 1;
            return find().map(|near| format!("; the nearest known canonical is `{near}`")).unwrap_or_default();
        }
        if std::mem::replace(&mut self.is_quiet, true) {
            return String::new();
        }
        format!("; no further hints are given, after {HINTS_LIMIT}")
    }
}

/// The beginning of a name, for a remark on something else.
pub(super) fn quoted(name: &str) -> &str {
    let end = (0..=QUOTED_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    name.get(..end.unwrap_or_default()).unwrap_or_default()
}
