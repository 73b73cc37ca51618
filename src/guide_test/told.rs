//! What was found, as the report tells it.

use fhir_accord_profiles::issue::Verdict;

use super::coverage::Coverage;
use super::guide::Instance;
use super::judging::{Ended, Tested};
use super::keeping::Kept;
use super::profile::Profile;
use super::report::{self, Missing, Report, Tests, Totals, percent};
use super::score::Unmade;
use super::scoring::{Found, Scored};
use crate::app::App;

/// The most faults of definitions that are told.
const FAULTS: usize = 20;

/// Notes what is wrong with the guide's definitions.
pub(super) fn definitions(report: &mut Report, app: &App) {
    let found = app.faults_of(&report.guide, FAULTS);
    for fault in found.listed.iter().filter(|f| !f.is_overruled) {
        let place = if fault.element.is_empty() { &fault.definition } else { &fault.element };
        report.notes.push(format!("definition issue: {place}: {} [{}]", fault.text, fault.rule));
    }
    if let Some(more) = found.count.checked_sub(FAULTS).filter(|n| *n > 0) {
        report.notes.push(format!("more definition issues: {more}"));
    }
}

/// Adds the instances.
pub(super) fn instances(report: &mut Report, instances: &[Instance], tested: &[Tested]) {
    let mut tests = Tests::default();
    for (instance, test) in instances.iter().zip(tested) {
        let result = match test.ended {
            Ended::Passed => report::Result::Passed,
            Ended::Failed => report::Result::Failed,
            Ended::Undetermined => report::Result::Undetermined,
            Ended::Skipped => report::Result::NotExamined,
        };
        *match test.ended {
            Ended::Passed => &mut tests.passed,
            Ended::Failed => &mut tests.failed,
            Ended::Undetermined => &mut tests.undetermined,
            Ended::Skipped => &mut tests.not_examined,
        } += 1;
        report.instances.push(report::Instance {
            name: instance.name.clone(),
            result,
            verdict: test.verdict.map(Verdict::code),
            problems: test.why.clone(),
        });
    }
    report.tests = tests;
}

/// Adds the profiles; mutants of rules that no negative instance notices are written to `kept`.
///
/// # Errors
/// A message where one cannot be written.
pub(super) fn profiles(
    report: &mut Report,
    profiles: &[Profile],
    found: Vec<Found>,
    mut kept: Option<Kept<'_>>,
) -> Result<(), String> {
    let (mut shown, mut counted) = (0, 0);
    let mut totals = Totals::default();
    for (profile, Found { coverage, rules }) in profiles.iter().zip(found) {
        let own = covered(&coverage);
        shown += own.parts.iter().map(|p| p.shown).sum::<usize>();
        counted += own.parts.iter().map(|p| p.total).sum::<usize>();
        let mut told = report::Rules { total: rules.len(), ..report::Rules::default() };
        for scored in rules {
            one(profile, scored, &mut told, &mut totals, kept.as_mut())?;
        }
        told.score = percent(told.noticed.len(), told.noticed.len() + told.unnoticed.len());
        let (url, id) = (profile.url.clone(), profile.id.clone());
        report.profiles.push(report::Profile { url, id, coverage: own, rules: told });
    }
    totals.coverage = percent(shown, counted);
    totals.mutation_score = percent(totals.noticed, totals.mutants);
    report.totals = totals;
    Ok(())
}

fn covered(coverage: &Coverage) -> report::Coverage {
    let part = |(name, part): (&'static str, &super::coverage::Part)| report::Part {
        name,
        total: part.total,
        shown: part.shown(),
        missing: part.missing.clone(),
    };
    let parts: Vec<report::Part> = coverage.parts().into_iter().map(part).collect();
    let sum = |of: fn(&report::Part) -> usize| parts.iter().map(of).sum::<usize>();
    let percent = percent(sum(|p| p.shown), sum(|p| p.total));
    report::Coverage { examples: coverage.examples, percent, parts, uncounted: coverage.uncounted.clone() }
}

fn one(
    profile: &Profile,
    scored: Scored,
    told: &mut report::Rules,
    totals: &mut Totals,
    kept: Option<&mut Kept<'_>>,
) -> Result<(), String> {
    let Scored { rule, noticed_by, mutant } = scored;
    let Some(mutant) = mutant else { return Ok(()) };
    let is_noticed = !noticed_by.is_empty();
    let (list, mutant) = match mutant {
        Ok(mutant) => {
            totals.mutants += 1;
            totals.noticed += usize::from(is_noticed);
            let file = match kept.filter(|_| !is_noticed) {
                Some(kept) => Some(kept.keep(&profile.id, &rule, &mutant)?),
                None => None,
            };
            let list = if is_noticed { &mut told.noticed } else { &mut told.unnoticed };
            (list, Missing::Made { of: mutant.base, path: mutant.broken.path, file })
        }
        Err(why) => {
            totals.unmade += 1;
            totals.not_examined += usize::from(matches!(why, Unmade::Bound(_)));
            (&mut told.unmade, Missing::None { reason: why.to_string() })
        }
    };
    let (id, demands) = (rule.id(), rule.demand.to_string());
    list.push(report::Rule { rule: id, element: rule.element, demands, noticed_by, mutant });
    Ok(())
}
