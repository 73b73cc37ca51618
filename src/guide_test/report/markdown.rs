//! The report in Markdown, for a pull request.

use std::fmt::Write;

use super::data::{Missing, Report, Result, Rule, said};

/// The most entries of a list: a comment of a pull request has a bound.
const SHOWN: usize = 50;
/// The most characters that are shown of what is not as expected.
const LONGEST: usize = 400;

/// A summary with a table of profiles, and lists of what failed and what no negative instance notices.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a text does not fail.
    let _ = write(report, &mut out);
    out
}

fn write(report: &Report, out: &mut String) -> std::fmt::Result {
    let (tests, totals) = (report.tests, report.totals);
    writeln!(out, "## Tests of {}\n", plain(&report.guide))?;
    writeln!(out, "| passed | failed | undetermined | not examined | coverage | mutation score |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    let (coverage, score) = (said(totals.coverage), said(totals.mutation_score));
    writeln!(
        out,
        "| {} | {} | {} | {} | {coverage} | {score} ({} of {}) |",
        tests.passed, tests.failed, tests.undetermined, tests.not_examined, totals.noticed, totals.mutants
    )?;
    let failed = report.instances.iter().filter(|i| matches!(i.result, Result::Failed | Result::NotExamined));
    let why = |all: &[String]| plain(&all.join("; ").chars().take(LONGEST).collect::<String>());
    let failed: Vec<String> = failed.map(|i| format!("{}: {}", code(&i.name), why(&i.problems))).collect();
    list("Not as expected", &failed, out)?;
    list("Faults", &report.faults.iter().map(|f| plain(f)).collect::<Vec<_>>(), out)?;
    if report.profiles.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n### Profiles\n\n| profile | examples | coverage | rules noticed | without a mutant |\n|---|---|---|---|---|"
    )?;
    for p in &report.profiles {
        let made = p.rules.noticed.len() + p.rules.unnoticed.len();
        let (noticed, unmade, percent) = (p.rules.noticed.len(), p.rules.unmade.len(), said(p.coverage.percent));
        writeln!(out, "| {} | {} | {percent} | {noticed} of {made} | {unmade} |", plain(&p.id), p.coverage.examples)?;
    }
    let missing = report.profiles.iter().flat_map(|p| p.coverage.parts.iter().map(move |part| (p, part)));
    let missing: Vec<String> = missing
        .flat_map(|(p, part)| part.missing.iter().map(move |m| format!("{} {}: {}", plain(&p.id), part.name, code(m))))
        .collect();
    list("Never shown", &missing, out)?;
    let unnoticed = report.profiles.iter().flat_map(|p| p.rules.unnoticed.iter().map(|r| one(&p.id, r)));
    list("Rules that no negative instance notices", &unnoticed.collect::<Vec<_>>(), out)
}

fn list(title: &str, all: &[String], out: &mut String) -> std::fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{title}: {}</summary>\n", all.len())?;
    all.iter().take(SHOWN).try_for_each(|one| writeln!(out, "- {one}"))?;
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|n| *n > 0) {
        writeln!(out, "- and {more} more")?;
    }
    writeln!(out, "\n</details>")
}

fn one(profile: &str, rule: &Rule) -> String {
    let file = match &rule.mutant {
        Missing::Made { file: Some(file), .. } => format!(" (see {})", code(file)),
        _ => String::new(),
    };
    format!("{} {} {}: {}{file}", plain(profile), code(rule.rule), code(&rule.element), plain(&rule.demands))
}

/// Text that is no markup, on one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '\\' | '#' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text as code.
fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n', '\r', '|'], " "))
}
