//! The list of what is not run, with the reasons: `tests/documents/not-run.txt`.

use std::fmt::Write;

use crate::blocks::{Step, steps};
use crate::pages::{Page, is_fresh, pages};

const LEDGER: &str = "tests/documents/not-run.txt";

const HEAD: &str = "\
# Blocks of commands in the documents that no test runs: page, reason, first command.
# Made from the pages: `just bless`.
";

/// How many commands pages have.
#[derive(Debug, Default)]
pub struct Count {
    pub run: usize,
    pub not_run: usize,
}

/// How many commands are run, and how many blocks are not.
pub fn count(pages: &[Page]) -> Count {
    let mut out = Count::default();
    for (_, step) in pages.iter().flat_map(steps) {
        match step {
            Step::Command { .. } | Step::Script { .. } => out.run += 1,
            Step::NotRun { .. } => out.not_run += 1,
            Step::File { .. } => {}
        }
    }
    out
}

fn first(text: &str) -> &str {
    let mut lines = text.lines().map(|l| l.trim_start_matches("$ ").trim());
    lines.find(|l| !l.is_empty() && !l.starts_with('#')).unwrap_or_default()
}

#[test]
fn what_is_not_run_is_listed() {
    let pages = pages();
    let count = count(&pages);
    let mut out = String::from(HEAD);
    writeln!(out, "# {} blocks.\n", count.not_run).unwrap();
    for page in &pages {
        for (_, step) in steps(page) {
            if let Step::NotRun { reason, text } = step {
                writeln!(out, "{}\t{reason}\t{}", page.path, first(&text)).unwrap();
            }
        }
    }
    is_fresh(LEDGER, &out);
}
