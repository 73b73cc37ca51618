//! What an import says of its files: faults by kind, the first of each with file and line.

use std::collections::BTreeMap;

/// How many faults of a kind are named; further ones are counted.
const NAMED: u64 = 10;

/// What is wrong in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A row with fewer or more columns than it should have.
    Short,
    /// A row without a code, or with one that cannot be one.
    NoCode,
    /// A row, or a file, that does not read.
    Unreadable,
    /// A parent that is not among the codes.
    NoParent,
    /// A name, or a value, of a code that is not among the codes.
    NoConcept,
    /// A link of the hierarchy that closes a circle.
    Circle,
    /// A set that is not whole: an expansion, a subset, an extension without its core.
    Partial,
    /// A code that came before, with other content.
    Duplicate,
    /// Text in Latin-1 where UTF-8 belongs.
    Latin1,
    /// A file that is not read.
    Ignored,
}

impl Fault {
    /// Whether something that a file has is not in the set.
    pub fn is_loss(self) -> bool {
        !matches!(self, Fault::Duplicate | Fault::Latin1 | Fault::Ignored | Fault::Partial)
    }

    fn counted(self, count: u64) -> String {
        let s = if count == 1 { "" } else { "s" };
        match self {
            Fault::Short => format!("{count} row{s} with a wrong number of columns skipped"),
            Fault::NoCode => format!("{count} row{s} without a usable code skipped"),
            Fault::Unreadable => format!("{count} row{s} or file{s} that could not be read skipped"),
            Fault::NoParent => format!("{count} link{s} to a parent that is not among the codes left out"),
            Fault::NoConcept => format!("{count} row{s} about a code that is not among the codes left out"),
            Fault::Circle => format!("{count} link{s} of the hierarchy that close a circle left out"),
            Fault::Partial => format!("{count} code set{s} with codes missing"),
            Fault::Duplicate => format!("{count} repeated code{s}"),
            Fault::Latin1 => format!("{count} row{s} in Latin-1 instead of UTF-8"),
            Fault::Ignored => format!("{count} file{s} not read"),
        }
    }
}

/// The faults of an import.
#[derive(Debug, Default)]
pub struct Told {
    faults: BTreeMap<Fault, (u64, Vec<String>)>,
}

impl Told {
    /// Notes a fault at a line (from 1; 0 for the file as a whole); `what` is only asked for where it is shown.
    pub fn note(&mut self, fault: Fault, file: &str, line: u64, what: impl FnOnce() -> String) {
        let (count, named) = self.faults.entry(fault).or_default();
        *count += 1;
        if *count <= NAMED {
            let place = if line == 0 { format!("`{file}`") } else { format!("`{file}`, line {line}") };
            named.push(format!("{place}: {}", what()));
        }
    }

    /// How many faults of a kind there are.
    pub fn count(&self, fault: Fault) -> u64 {
        self.faults.get(&fault).map_or(0, |(count, _)| *count)
    }

    /// Whether something that a file has is not in the set.
    pub fn is_loss(&self) -> bool {
        self.faults.keys().any(|f| f.is_loss())
    }

    /// The faults, a line each: those that are named, then how many there are.
    pub fn lines(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (fault, (count, named)) in &self.faults {
            out.extend(named.iter().cloned());
            out.push(fault.counted(*count));
        }
        out
    }
}

/// What was imported.
#[derive(Debug, Default)]
pub struct Imported {
    /// The sets that were written, a line each.
    pub sets: Vec<super::Listed>,
    /// What is wrong with the files.
    pub told: Told,
}
