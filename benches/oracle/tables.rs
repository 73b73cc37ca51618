//! Tables of what was found, and the list of all differences.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use crate::compare::{Agreement, Case, Side};
use crate::kinds::SUBJECTS;
use crate::ledger::Ledger;
use crate::reasons::REASONS;

/// Sums over cases.
#[derive(Default, Clone)]
struct Sums {
    cases: usize,
    failed: usize,
    same: usize,
    invalid: usize,
    false_alarms: usize,
    missed: usize,
    undetermined: usize,
    /// Places that both name, only the engine, only the official validator.
    places: [usize; 3],
}

impl Sums {
    fn add(&mut self, case: &Case<'_>) {
        let Some(agreement) = case.agreement() else {
            self.failed += 1;
            return;
        };
        self.cases += 1;
        self.invalid += usize::from(case.theirs.as_ref().is_some_and(|t| !t.is_empty()));
        self.undetermined += usize::from(case.is_undetermined);
        match agreement {
            Agreement::Same => self.same += 1,
            Agreement::FalseAlarm => self.false_alarms += 1,
            Agreement::Missed => self.missed += 1,
            Agreement::Undetermined => {}
        }
        for (sum, n) in self.places.iter_mut().zip(case.counts()) {
            *sum += n;
        }
    }

    fn row(&self, name: &str) -> String {
        let share = |n: usize| 100.0 * n as f64 / self.cases.max(1) as f64;
        let [both, ours, theirs] = self.places;
        let all = 2 * both + ours + theirs;
        let f1 = if all == 0 { 1.0 } else { 2.0 * both as f64 / all as f64 };
        format!(
            "| {name} | {} | {:.1} % | {:.1} % | {} | {} | {f1:.3} | {:.1} % | {} |",
            self.cases,
            share(self.invalid),
            share(self.same),
            self.false_alarms,
            self.missed,
            share(self.undetermined),
            self.failed
        )
    }
}

const HEAD: &str = "\
    | | mutants | invalid | same verdict | only the engine finds errors | only the official validator | F1 of places \
    | undetermined | it failed |\n|---|---|---|---|---|---|---|---|---|";

/// Prints a table by subject, one by kind, and the reasons of the differences.
pub fn print(cases: &[Case<'_>], ledger: &Ledger<'_>) {
    let mut kinds: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut all = Sums::default();
    for case in cases {
        kinds.entry(case.mutant.kind).or_default().add(case);
        all.add(case);
    }
    println!("{HEAD}");
    for (subject, of) in SUBJECTS {
        let mut sums = Sums::default();
        let is_of = |c: &&Case<'_>| of.iter().any(|(name, _)| *name == c.mutant.kind);
        cases.iter().filter(is_of).for_each(|c| sums.add(c));
        println!("{}", sums.row(subject));
    }
    println!("{}\n\n{HEAD}", all.row("all"));
    kinds.iter().for_each(|(kind, sums)| println!("{}", sums.row(kind)));
    print_reasons(cases, ledger);
}

/// Differences of one reason, side and id.
#[derive(Default)]
struct Group {
    places: usize,
    /// How many of them turn the verdict.
    verdicts: usize,
    example: String,
}

fn print_reasons(cases: &[Case<'_>], ledger: &Ledger<'_>) {
    let mut groups: BTreeMap<(&str, Side, &str), Group> = BTreeMap::new();
    for case in cases {
        for (side, said) in case.differences() {
            let reason = ledger.reason(case, side, said).map_or("unexplained", |(reason, _)| reason);
            let group = groups.entry((reason, side, &said.id)).or_default();
            group.places += 1;
            group.verdicts += usize::from(case.agreement() != Some(Agreement::Same));
            if group.example.is_empty() {
                group.example = case.mutant.file();
            }
        }
    }
    print_sums(&groups);
    println!(
        "\n| reason | side | rule or message | places | turn the verdict | the first |\n|---|---|---|---|---|---|"
    );
    for ((reason, side, id), group) in groups {
        println!("| {reason} | {} | {id} | {} | {} | {} |", side.name(), group.places, group.verdicts, group.example);
    }
}

/// The places of each reason.
fn print_sums(groups: &BTreeMap<(&str, Side, &str), Group>) {
    println!("\n| reason | places | in mutants with other verdicts | |\n|---|---|---|---|");
    for (name, meaning) in REASONS {
        let of: Vec<&Group> = groups.iter().filter(|(key, _)| key.0 == name).map(|(_, g)| g).collect();
        let places: usize = of.iter().map(|g| g.places).sum();
        let verdicts: usize = of.iter().map(|g| g.verdicts).sum();
        println!("| {name} | {places} | {verdicts} | {meaning} |");
    }
}

/// Writes every difference as a line of JSON.
pub fn write_differences(path: &Path, cases: &[Case<'_>], ledger: &Ledger<'_>) {
    let mut out = String::new();
    for case in cases {
        for (side, said) in case.differences() {
            let (reason, _) = ledger.reason(case, side, said).unwrap_or(("unexplained", ""));
            let line = json!({
                "file": case.mutant.file(), "kind": case.mutant.kind, "seed": case.mutant.seed,
                "change": case.mutant.made.note, "verdicts": case.agreement().map(|a| format!("{a:?}")),
                "side": side.name(), "place": said.place, "id": said.id, "text": said.text, "reason": reason,
            });
            let _ = writeln!(out, "{line}");
        }
    }
    std::fs::write(path, out).unwrap();
}
