//! The report as text for people.

use std::fmt::Write;

use super::data::{Missing, Profile, Report, Result, Rule, said};

/// The most entries of a list that are shown where not all are asked for.
const SHOWN: usize = 10;

/// The report; `is_whole` lists everything.
pub fn text(report: &Report, is_whole: bool) -> String {
    let mut out = String::new();
    // Writing to a text does not fail.
    let _ = write(report, if is_whole { usize::MAX } else { SHOWN }, &mut out);
    out
}

fn write(report: &Report, most: usize, out: &mut String) -> std::fmt::Result {
    for (result, name) in
        [(Result::Failed, "failed"), (Result::NotExamined, "not examined"), (Result::Undetermined, "undetermined")]
    {
        for instance in report.instances.iter().filter(|i| i.result == result) {
            writeln!(out, "{name}: {}", instance.name)?;
            for problem in instance.problems.iter().take(most) {
                writeln!(out, "  {problem}")?;
            }
            more(instance.problems.len(), most, out)?;
        }
    }
    for fault in &report.faults {
        writeln!(out, "fault: {fault}")?;
    }
    for profile in &report.profiles {
        of(profile, most, out)?;
    }
    let (tests, totals) = (report.tests, report.totals);
    let count = report.instances.len();
    writeln!(
        out,
        "{}: {count} instance{}: {} passed, {} failed, {} undetermined, {} not examined",
        report.guide,
        if count == 1 { "" } else { "s" },
        tests.passed,
        tests.failed,
        tests.undetermined,
        tests.not_examined
    )?;
    writeln!(out, "coverage: {}", said(totals.coverage))?;
    if totals.mutants == 0 && totals.unmade == 0 {
        return writeln!(out, "mutation score: no rule was broken");
    }
    write!(out, "mutation score: {}", said(totals.mutation_score))?;
    writeln!(
        out,
        " ({} of {} rules that a mutant breaks; {} rules without a mutant, {} of them not examined)",
        totals.noticed, totals.mutants, totals.unmade, totals.not_examined
    )
}

fn of(profile: &Profile, most: usize, out: &mut String) -> std::fmt::Result {
    let Profile { url, coverage, rules, .. } = profile;
    let examples = coverage.examples;
    writeln!(out, "\n{url}: {examples} example{}", if examples == 1 { "" } else { "s" })?;
    for part in coverage.parts.iter().filter(|p| p.total > 0) {
        writeln!(out, "  {}: {} of {}", part.name, part.shown, part.total)?;
        part.missing.iter().take(most).try_for_each(|name| writeln!(out, "    never: {name}"))?;
        more(part.missing.len(), most, out)?;
    }
    coverage.uncounted.iter().take(most).try_for_each(|why| writeln!(out, "  not counted: {why}"))?;
    // Without mutants nothing is known of rules.
    if rules.noticed.is_empty() && rules.unnoticed.is_empty() && rules.unmade.is_empty() {
        return Ok(());
    }
    let made = rules.noticed.len() + rules.unnoticed.len();
    writeln!(out, "  rules: {} of {made} noticed, {} without a mutant", rules.noticed.len(), rules.unmade.len())?;
    for (name, all) in [("unnoticed", &rules.unnoticed), ("no mutant", &rules.unmade)] {
        all.iter().take(most).try_for_each(|rule| writeln!(out, "    {name}: {}", one(rule)))?;
        more(all.len(), most, out)?;
    }
    Ok(())
}

/// A rule, with its mutant or why there is none.
fn one(rule: &Rule) -> String {
    let about = match &rule.mutant {
        Missing::Made { file: Some(file), .. } => format!("see {file}"),
        Missing::Made { of, path, .. } => format!("broken at {path} of {of}"),
        Missing::None { reason } => reason.clone(),
    };
    let noticed =
        if rule.noticed_by.is_empty() { String::new() } else { ", and negative instances notice it".to_owned() };
    format!("{} {}: {} ({about}{noticed})", rule.rule, rule.element, rule.demands)
}

fn more(count: usize, most: usize, out: &mut String) -> std::fmt::Result {
    match count.checked_sub(most) {
        Some(n) if n > 0 => writeln!(out, "    and {n} more; --verbose lists all"),
        _ => Ok(()),
    }
}
