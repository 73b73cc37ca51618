//! What was not looked at: told on standard error, and counted.

use std::collections::BTreeMap;
use std::path::Path;

use super::progress::Aside;
use crate::printable::{note, one_line};

/// The most failures that are told one by one.
const MOST_TOLD: usize = 20;
/// The most failures that a form of the result tells one by one.
const MOST_KEPT: usize = 1_000;
/// The most endings that are counted one by one.
const MOST_ENDINGS: usize = 10;

/// What was not looked at.
#[derive(Default)]
pub(super) struct Passed {
    /// Whether each file is named, not only counted.
    verbose: bool,
    /// Whether only failures are told.
    quiet: bool,
    /// Tells while the run goes on.
    aside: Aside,
    failures: usize,
    /// The first of them.
    failed: Vec<String>,
    /// Why the result may not be written.
    refused: Option<String>,
    /// How often the file was found that the result is written to.
    result: usize,
    /// How often the baseline was found.
    baseline: usize,
    /// Files by an ending that is not read.
    endings: BTreeMap<String, usize>,
    others: usize,
    links: usize,
    special: usize,
    empty: usize,
}

impl Passed {
    /// Nothing yet.
    pub fn new(verbose: bool, quiet: bool, aside: Aside) -> Passed {
        Passed { verbose, quiet, aside, ..Passed::default() }
    }

    /// Something that should have been read could not be.
    pub fn fail(&mut self, message: &str) {
        self.failures += 1;
        if self.failed.len() < MOST_KEPT {
            self.failed.push(message.to_owned());
        }
        if self.failures <= MOST_TOLD || self.verbose {
            self.aside.note(&format!("error: {}", one_line(message)));
        }
    }

    /// The result would replace an input: it may not be written.
    pub fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    /// Why the result may not be written.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// How much could not be read.
    pub fn failures(&self) -> usize {
        self.failures
    }

    /// What could not be read, of the first.
    pub fn failed(&self) -> &[String] {
        &self.failed
    }

    fn name(&self, path: &Path, why: &str) -> bool {
        if self.verbose {
            self.aside.note(&format!("not looked at: `{}`, {why}", one_line(&path.display().to_string())));
        }
        false
    }

    /// A file of another ending. Always false.
    pub fn other(&mut self, path: &Path, ending: &str) -> bool {
        let known = self.endings.contains_key(ending) || self.endings.len() < MOST_ENDINGS;
        *if known { self.endings.entry(ending.to_owned()).or_default() } else { &mut self.others } += 1;
        self.name(path, "a file with another ending")
    }

    /// A link to a folder. Always false.
    pub fn link(&mut self, path: &Path) -> bool {
        self.links += 1;
        self.name(path, "a link to a folder")
    }

    /// Neither a file nor a folder. Always false.
    pub fn special(&mut self, path: &Path) -> bool {
        self.special += 1;
        self.name(path, "neither a file nor a folder")
    }

    /// The file that the result is written to.
    pub fn result(&mut self, path: &Path) {
        self.result += 1;
        self.name(path, "the result is written to it");
    }

    /// The baseline, in a folder.
    pub fn baseline(&mut self, path: &Path) {
        self.baseline += 1;
        self.name(path, "it is the baseline");
    }

    /// A file of lines without one.
    pub fn empty(&mut self, name: &str) {
        self.empty += 1;
        if self.verbose {
            self.aside.note(&format!("`{}` contains no instances", one_line(name)));
        }
    }

    /// Tells what was passed over; failures have been told, but for how many more there are.
    pub fn tell(&self) {
        if self.failures > MOST_TOLD && !self.verbose {
            note(&format!("error: {} more could not be read", self.failures - MOST_TOLD));
        }
        if let Some(counts) = self.counts().filter(|_| !self.quiet) {
            note(&format!("not looked at: {counts}; name a file or folder to have it read"));
        }
        if self.baseline > 0 && !self.quiet {
            note("not looked at: the baseline");
        }
        if self.result > 0 && !self.quiet {
            note("not looked at: the file that the result is written to");
        }
        if self.empty > 0 && !self.quiet {
            note(&format!("without an instance: {}", counted(self.empty, "file of lines", "files of lines")));
        }
    }

    fn counts(&self) -> Option<String> {
        let files = self.endings.values().sum::<usize>() + self.others;
        let named = |(ending, n): (&String, &usize)| match ending.as_str() {
            "" => format!("none {n}"),
            ending => format!(".{} {n}", one_line(ending)),
        };
        let mut endings: Vec<String> = self.endings.iter().map(named).collect();
        endings.extend((self.others > 0).then(|| format!("others {}", self.others)));
        let files = (files > 0).then(|| {
            let files = counted(files, "file with another ending", "files with other endings");
            format!("{files} ({})", endings.join(", "))
        });
        let links = (self.links > 0).then(|| counted(self.links, "link to a folder", "links to folders"));
        let special = (self.special > 0)
            .then(|| counted(self.special, "that is neither file nor folder", "that are neither files nor folders"));
        let all: Vec<String> = [files, links, special].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// A number of things, as text.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_passed_is_counted() {
        let mut passed = Passed::new(false, true, Aside::default());
        assert_eq!(passed.counts(), None);
        for i in 0..20 {
            passed.other(Path::new("x"), &format!("{:02}", i % 15));
        }
        passed.other(Path::new("x"), "");
        passed.link(Path::new("x"));
        passed.special(Path::new("x"));
        let counts = passed.counts().unwrap();
        assert!(counts.starts_with("21 files with other endings (.00 2, .01 2,"), "{counts}");
        assert!(
            counts.ends_with(".09 1, others 6), 1 link to a folder, 1 that is neither file nor folder"),
            "{counts}"
        );
    }
}
