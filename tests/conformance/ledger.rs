//! The committed record of what came of each case, and for each difference why; any change of it shows in review.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::harness::{Test, tests};

pub const TESTS: &[Test] = tests! { "" => every_difference_has_a_reason, a_changed_difference_asks_anew; };

/// What a ledger says of itself.
pub struct Form {
    /// The comment above its lines.
    pub head: &'static str,
    /// What its reasons start with, before more in parentheses; where there are none, any text is a reason.
    pub kinds: &'static [&'static str],
}

/// What came of a case; where it is not plain agreement, in what respect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Agree,
    Superseded(String),
    Differ(String),
    Skipped(String),
    /// How many agree, where these are not listed.
    Counted(String),
}

/// The reason of a difference that nobody has looked at yet.
const OPEN: &str = "REASON?";

impl Entry {
    /// The place among the four outcomes.
    pub fn place(&self) -> usize {
        match self {
            Entry::Agree => 0,
            Entry::Superseded(_) => 1,
            Entry::Differ(_) => 2,
            Entry::Skipped(_) | Entry::Counted(_) => 3,
        }
    }

    fn text(&self) -> String {
        match self {
            Entry::Agree => "agree".to_owned(),
            Entry::Superseded(detail) => format!("superseded\t{detail}"),
            Entry::Differ(detail) => format!("differ\t{detail}"),
            Entry::Skipped(detail) => format!("skipped\t{detail}"),
            Entry::Counted(detail) => format!("counted\t{detail}"),
        }
    }
}

/// One line below the head: the outcome as text, and for a difference the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    outcome: String,
    reason: String,
}

impl Line {
    fn parse(text: &str) -> Option<(String, Line)> {
        let mut columns = text.split('\t');
        let (key, kind) = (columns.next()?, columns.next()?);
        let outcome = columns.next().map_or_else(|| kind.to_owned(), |detail| format!("{kind}\t{detail}"));
        Some((key.to_owned(), Line { outcome, reason: columns.next().unwrap_or_default().to_owned() }))
    }

    /// Whether it is a difference without a reason.
    fn is_open(&self, kinds: &[&str]) -> bool {
        let known = kinds.is_empty() || kinds.iter().any(|kind| self.reason.starts_with(&format!("{kind} (")));
        self.outcome.starts_with("differ") && (self.reason.is_empty() || self.reason.starts_with(OPEN) || !known)
    }
}

type Lines = BTreeMap<String, Line>;

fn parse(text: &str) -> Lines {
    text.lines().filter(|l| !l.starts_with('#')).filter_map(Line::parse).collect()
}

/// The outcomes with the reasons that the ledger gives for just these differences.
fn with_reasons(now: &BTreeMap<String, Entry>, before: &Lines) -> Lines {
    let line = |(key, entry): (&String, &Entry)| {
        let outcome = entry.text();
        let reason = match (entry, before.get(key)) {
            (Entry::Differ(_), Some(line)) if line.outcome == outcome => line.reason.clone(),
            (Entry::Differ(_), Some(line)) if !line.reason.is_empty() => format!("{OPEN} (was: {})", line.reason),
            (Entry::Differ(_), _) => OPEN.to_owned(),
            _ => String::new(),
        };
        (key.clone(), Line { outcome, reason })
    };
    now.iter().map(line).collect()
}

/// What the ledger does not say or says otherwise.
fn changes(now: &BTreeMap<String, Entry>, before: &Lines, kinds: &[&str]) -> String {
    let mut out = String::new();
    for key in before.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (before.get(key).map(|l| l.outcome.clone()), now.get(key).map(Entry::text));
        if was != is {
            writeln!(out, "{key}\n  ledger: {was:?}\n  now:    {is:?}").unwrap();
        }
    }
    for (key, line) in before.iter().filter(|(_, line)| line.is_open(kinds)) {
        writeln!(out, "{key} has no reason: `{}`; one starts with any of {kinds:?}", line.reason).unwrap();
    }
    out
}

/// One entry a case.
#[derive(Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
}

impl Ledger {
    pub fn put(&mut self, key: &str, entry: Entry) {
        assert!(self.entries.insert(key.to_owned(), entry).is_none(), "two cases have the key {key}");
    }

    /// How many agree, differ, were skipped.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |f: fn(&Entry) -> bool| self.entries.values().filter(|e| f(e)).count();
        (
            count(|e| *e == Entry::Agree),
            count(|e| matches!(e, Entry::Differ(_))),
            count(|e| matches!(e, Entry::Skipped(_))),
        )
    }

    /// Prints what `wanted` lets through.
    pub fn print(&self, wanted: impl Fn(&Entry) -> bool) {
        for (key, entry) in self.entries.iter().filter(|(_, e)| wanted(e)) {
            println!("{key}\t{}", entry.text());
        }
    }

    /// Fails where the committed ledger says something else or gives no reason; with `ACCORD_BLESS` it is rewritten
    /// first.
    pub fn hold(&self, path: &Path, form: &Form) {
        let mut before = parse(&fs::read_to_string(path).unwrap_or_default());
        if std::env::var_os("ACCORD_BLESS").is_some() {
            before = with_reasons(&self.entries, &before);
            let line = |(key, line): (&String, &Line)| match line.reason.as_str() {
                "" => format!("{key}\t{}\n", line.outcome),
                reason => format!("{key}\t{}\t{reason}\n", line.outcome),
            };
            let lines: String = before.iter().map(line).collect();
            fs::write(path, format!("{}{lines}", form.head)).unwrap();
        }
        let changes = changes(&self.entries, &before, form.kinds);
        assert!(
            changes.is_empty(),
            "the ledger {} says something else; ACCORD_BLESS=1 rewrites it, reasons are written by hand:\n{changes}",
            path.display()
        );
    }
}

fn outcomes(detail: &str) -> BTreeMap<String, Entry> {
    BTreeMap::from([("a".to_owned(), Entry::Agree), ("b".to_owned(), Entry::Differ(detail.to_owned()))])
}

fn every_difference_has_a_reason() {
    let with = |reason: &str, kinds: &[&str]| {
        changes(&outcomes("min 1"), &parse(&format!("# head\na\tagree\nb\tdiffer\tmin 1{reason}")), kinds)
    };
    assert_eq!(with("\tthe specification says so", &[]), "");
    assert_eq!(with("\tnot-built (the rule x)", &["not-built"]), "");
    for open in ["", "\t", "\tREASON?", "\tREASON? (was: x)"] {
        assert!(with(open, &[]).contains("no reason"), "{open}");
    }
    for open in ["", "\tREASON?", "\tnot-built", "\tnobody knows (yet)"] {
        assert!(with(open, &["not-built"]).contains("no reason"), "{open}");
    }
    assert!(changes(&outcomes("min 2"), &parse("a\tagree\nb\tdiffer\tmin 1\tx"), &[]).contains("now:"));
    assert!(changes(&outcomes("min 1"), &parse("b\tdiffer\tmin 1\tx"), &[]).contains("a\n"));
}

fn a_changed_difference_asks_anew() {
    let before = parse("b\tdiffer\tmin 1\tx\nc\tdiffer\tmax 1\ty");
    assert_eq!(with_reasons(&outcomes("min 1"), &before)["b"].reason, "x");
    let other = with_reasons(&outcomes("min 2"), &before);
    assert_eq!((other["b"].reason.as_str(), other.len()), ("REASON? (was: x)", 2));
    assert_eq!(with_reasons(&outcomes("min 1"), &Lines::new())["b"].reason, OPEN);
}
