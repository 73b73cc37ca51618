//! The exit code of a run, and what it is for.

use super::args::{Args, FailOn};
use crate::cli::exit;
use crate::guide_test::report::Report;

/// The exit code, and what of it no line of the report says.
pub(super) fn code(report: &Report, args: &Args) -> (u8, Vec<String>) {
    let (mut code, mut why) = (exit::OK, Vec::new());
    let tests = report.tests;
    if tests.failed > 0 || !report.faults.is_empty() {
        code = exit::worse(code, exit::INVALID);
    }
    if tests.undetermined > 0 && args.fail_on == FailOn::Undetermined {
        code = exit::worse(code, exit::UNDETERMINED);
    }
    if tests.not_examined > 0 {
        code = exit::worse(code, exit::COULD_NOT_RUN);
    }
    let totals = report.totals;
    let below = |found: Option<f64>, least: Option<f64>| least.filter(|least| found.is_none_or(|f| f < *least));
    if let Some(least) = below(totals.coverage, args.min_coverage) {
        why.push(format!("the coverage is below {least} %"));
        code = exit::worse(code, exit::INVALID);
    }
    match below(totals.mutation_score, args.min_mutation_score) {
        Some(least) => {
            why.push(format!("the mutation score is below {least} %"));
            code = exit::worse(code, exit::INVALID);
        }
        None if args.min_mutation_score.is_some() && totals.not_examined > 0 => {
            let count = totals.not_examined;
            why.push(format!(
                "whether the mutation score is high enough is undetermined: {count} rules were not examined"
            ));
            code = exit::worse(code, exit::UNDETERMINED);
        }
        None => {}
    }
    (code, why)
}
