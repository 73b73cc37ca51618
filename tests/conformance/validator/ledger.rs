//! The committed record of what came of each case, and for each difference why; any change of it shows in review.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::harness::{Test, tests};

pub const TESTS: &[Test] = tests! { "" => a_difference_needs_a_reason, blessing_keeps_reasons_and_invents_none; };

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Agree,
    /// In which places.
    Differ(String),
    /// Why it was not run.
    Skipped(String),
}

/// What a reason starts with; what follows in parentheses says more.
const KINDS: [&str; 4] = ["java-cascade", "java-wrong", "not-built", "we-are-wrong"];

/// The reason of a difference that nobody has looked at yet.
const OPEN: &str = "REASON?";

const HEAD: &str = "\
# One case a line, columns separated by tabs: key, outcome, what differs or why it was skipped, why it differs.
# `-place`: an error recorded of the Java validator and not reported here; `+place(rule)`: the other way round.
# java-cascade: it follows from how the Java validator fails or from another finding of it, not from a rule.
# java-wrong: the specification says otherwise. not-built: the rule or the content is missing here.
# we-are-wrong: to be fixed.
";

/// One line of the ledger below its head.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    entry: Entry,
    /// Of a difference: why.
    reason: String,
}

impl Line {
    fn parse(text: &str) -> Option<(String, Line)> {
        let mut columns = text.split('\t');
        let (key, outcome) = (columns.next()?, columns.next()?);
        let (detail, reason) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let entry = match outcome {
            "agree" => Entry::Agree,
            "differ" => Entry::Differ(detail.to_owned()),
            _ => Entry::Skipped(detail.to_owned()),
        };
        Some((key.to_owned(), Line { entry, reason: reason.to_owned() }))
    }

    fn text(&self) -> String {
        match &self.entry {
            Entry::Agree => "agree".to_owned(),
            Entry::Differ(places) => format!("differ\t{places}\t{}", self.reason),
            Entry::Skipped(reason) => format!("skipped\t{reason}"),
        }
    }

    /// Whether it is a difference without a reason.
    fn is_open(&self) -> bool {
        matches!(self.entry, Entry::Differ(_))
            && !KINDS.iter().any(|kind| self.reason.starts_with(&format!("{kind} (")))
    }
}

type Lines = BTreeMap<String, Line>;

fn parse(text: &str) -> Lines {
    text.lines().filter(|l| !l.starts_with('#')).filter_map(Line::parse).collect()
}

/// The outcomes with the reasons that the ledger gives for just these differences.
fn with_reasons(now: &BTreeMap<String, Entry>, before: &Lines) -> Lines {
    let line = |(key, entry): (&String, &Entry)| {
        let reason = match (entry, before.get(key)) {
            (Entry::Differ(_), Some(line)) if line.entry == *entry => line.reason.clone(),
            (Entry::Differ(_), Some(line)) if !line.reason.is_empty() => format!("{OPEN} (was: {})", line.reason),
            (Entry::Differ(_), _) => OPEN.to_owned(),
            _ => String::new(),
        };
        (key.clone(), Line { entry: entry.clone(), reason })
    };
    now.iter().map(line).collect()
}

/// What the ledger does not say or says otherwise.
fn changes(now: &BTreeMap<String, Entry>, before: &Lines) -> String {
    let mut out = String::new();
    for key in before.keys().chain(now.keys()).collect::<std::collections::BTreeSet<_>>() {
        let (was, is) = (before.get(key).map(|l| &l.entry), now.get(key));
        if was != is {
            writeln!(out, "{key}\n  ledger: {was:?}\n  now:    {is:?}").unwrap();
        }
    }
    for (key, line) in before.iter().filter(|(_, line)| line.is_open()) {
        writeln!(out, "{key} has no reason: `{}`; it must start with one of {KINDS:?}", line.reason).unwrap();
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

    /// Fails where the committed ledger says something else or gives no reason; with `ACCORD_BLESS` it is rewritten
    /// first.
    pub fn hold(&self, path: &Path) {
        let mut before = parse(&fs::read_to_string(path).unwrap_or_default());
        if std::env::var_os("ACCORD_BLESS").is_some() {
            before = with_reasons(&self.entries, &before);
            let lines: String = before.iter().map(|(key, line)| format!("{key}\t{}\n", line.text())).collect();
            fs::write(path, format!("{HEAD}{lines}")).unwrap();
        }
        let changes = changes(&self.entries, &before);
        assert!(
            changes.is_empty(),
            "the ledger {} says something else; ACCORD_BLESS=1 rewrites it, reasons are written by hand:\n{changes}",
            path.display()
        );
    }
}

fn outcomes(places: &str) -> BTreeMap<String, Entry> {
    BTreeMap::from([("a".to_owned(), Entry::Agree), ("b".to_owned(), Entry::Differ(places.to_owned()))])
}

fn a_difference_needs_a_reason() {
    let now = outcomes("-Patient.id");
    let reasons =
        |reason: &str| changes(&now, &parse(&format!("# head\na\tagree\nb\tdiffer\t-Patient.id\t{reason}\n")));
    assert_eq!(reasons("not-built (the rule x)"), "");
    for open in ["", OPEN, "not-built", "nobody knows (yet)"] {
        assert!(reasons(open).contains("has no reason"), "{open}");
    }
    assert!(
        changes(&outcomes("-Patient.name"), &parse("a\tagree\nb\tdiffer\t-Patient.id\tnot-built (x)")).contains("now:")
    );
}

fn blessing_keeps_reasons_and_invents_none() {
    let before = parse("b\tdiffer\t-Patient.id\tnot-built (x)\nc\tdiffer\t-X\tnot-built (y)");
    let same = with_reasons(&outcomes("-Patient.id"), &before);
    assert_eq!(same["b"].text(), "differ\t-Patient.id\tnot-built (x)");
    assert_eq!((same["a"].text().as_str(), same.len()), ("agree", 2));
    let other = with_reasons(&outcomes("-Patient.name"), &before);
    assert_eq!(other["b"].text(), "differ\t-Patient.name\tREASON? (was: not-built (x))");
    assert!(other["b"].is_open());
    assert_eq!(with_reasons(&outcomes("-Patient.id"), &Lines::new())["b"].reason, OPEN);
}
