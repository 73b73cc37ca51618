//! A text with its safe fixes: each applied only where fewer issues are left and none is new.

use std::collections::BTreeMap;

use super::edit::{Edit, apply};
use super::{Ground, fixes};
use crate::elements::Definitions;
use crate::profiles::issue::{Issue, Report, RuleId, Severity};

/// How often a text is validated and fixed again at most: what one fix uncovers, the next round fixes.
const MOST_ROUNDS: usize = 50;
/// How often fixes are tried one by one at most, where not all of a round are good together.
const MOST_TRIALS: usize = 100;

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The text with the fixes that were applied.
    pub text: String,
    /// What each of them did, in the order in which they were applied: the rule and the title.
    pub applied: Vec<(RuleId, String)>,
    /// How many were left out, because issues would not have become fewer, or new ones would have come.
    pub left_out: usize,
    /// Whether all was tried: else the text may be fixed again.
    pub is_done: bool,
    /// The report on the text as it is now.
    pub report: Report,
}

/// A fix with the rule that it is for.
type Step = (RuleId, String, Vec<Edit>);

/// Applies the safe fixes of a text; `check` validates, and should list all issues.
pub fn mend(
    text: String,
    check: &mut dyn FnMut(&[u8]) -> Report,
    definitions: Option<&Definitions<'_>>,
    asked: &[String],
) -> Mended {
    let report = check(text.as_bytes());
    let mut mended = Mended { text, applied: Vec::new(), left_out: 0, is_done: false, report };
    for _ in 0..MOST_ROUNDS {
        let all = steps(&mended, definitions, asked);
        let together = apart(&all);
        if all.is_empty() {
            mended.left_out = 0;
            mended.is_done = true;
            break;
        }
        if !mended.take(&together, check) && !mended.take_singly(&all, check) {
            mended.is_done = true;
            break;
        }
    }
    mended
}

/// The safe fixes of the text as it is, in its order.
fn steps(mended: &Mended, definitions: Option<&Definitions<'_>>, asked: &[String]) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::new();
    let issues: Vec<&Issue> = mended.report.issues.iter().collect();
    let found = fixes(&mended.text, &issues, Ground { definitions, asked, only_safe: true });
    for (issue, fixes) in issues.iter().zip(found) {
        all.extend(fixes.into_iter().next().map(|f| (issue.rule, f.title, f.edits)));
    }
    all.sort_by_key(ends);
    all
}

/// Where the edits of a step begin and end.
fn ends((_, _, edits): &Step) -> (usize, usize) {
    let start = edits.iter().map(|e| e.range.start).min().unwrap_or_default();
    (start, edits.iter().map(|e| e.range.end).max().unwrap_or_default())
}

/// Those that do not touch an earlier one.
fn apart(all: &[Step]) -> Vec<Step> {
    let mut free = 0;
    let is_apart = |step: &&Step| {
        let (start, end) = ends(step);
        let is_free = start >= free;
        free = if is_free { end + 1 } else { free };
        is_free
    };
    all.iter().filter(is_apart).cloned().collect()
}

impl Mended {
    /// Applies these fixes one by one, from the end of the text, so that the places of those before stay. Says whether
    /// any was applied.
    fn take_singly(&mut self, all: &[Step], check: &mut dyn FnMut(&[u8]) -> Report) -> bool {
        let (mut limit, mut taken) = (usize::MAX, false);
        self.left_out = all.len().saturating_sub(MOST_TRIALS);
        for step in all.iter().rev().take(MOST_TRIALS) {
            let (start, end) = ends(step);
            if end > limit {
                continue;
            }
            match self.take(std::slice::from_ref(step), check) {
                true => (limit, taken) = (start, true),
                false => self.left_out += 1,
            }
        }
        taken
    }

    /// Applies these fixes, if the text is better for it; says whether it is.
    fn take(&mut self, steps: &[Step], check: &mut dyn FnMut(&[u8]) -> Report) -> bool {
        let edits: Vec<Edit> = steps.iter().flat_map(|(_, _, edits)| edits.clone()).collect();
        let Some(text) = apply(&self.text, &edits).filter(|t| *t != self.text) else { return false };
        let report = check(text.as_bytes());
        if !is_better(&self.report, &report, steps.len() as u64) {
            return false;
        }
        self.text = text;
        self.report = report;
        self.applied.extend(steps.iter().map(|(rule, title, _)| (*rule, title.clone())));
        true
    }
}

/// Whether fewer issues are left, and none is new, after so many fixes. What nobody could read before may have issues
/// of its own; where not all issues are listed, each fix has to have made them one fewer at least.
fn is_better(before: &Report, after: &Report, fixes: u64) -> bool {
    let fatal = |r: &Report| r.issues.iter().filter(|i| i.severity == Severity::Fatal).map(|i| i.span.start).min();
    match (fatal(before), fatal(after)) {
        (Some(_), None) => return true,
        (Some(before), Some(after)) if after > before + 1 => return true,
        (None, Some(_)) => return false,
        _ => {}
    }
    let (was, is) = (counts(&before.issues), counts(&after.issues));
    let total = |r: &Report| r.tally.errors + r.tally.warnings + r.tally.information;
    if before.issues.iter().any(|i| i.rule == RuleId::LIMIT_ISSUES) {
        return total(after) + fixes <= total(before);
    }
    // A fault of the syntax keeps what belongs to it from being examined: its repair may uncover others.
    let uncovers = before.issues.iter().any(|i| is_syntax(i.rule)) && syntax(before) > syntax(after);
    uncovers || total(after) < total(before) && is.iter().all(|(rule, n)| was.get(rule).is_some_and(|w| n <= w))
}

/// How many issues there are of each rule at each severity.
fn counts(issues: &[Issue]) -> BTreeMap<(RuleId, Severity), usize> {
    let mut all = BTreeMap::new();
    for issue in issues {
        *all.entry((issue.rule, issue.severity)).or_default() += 1;
    }
    all
}

fn is_syntax(rule: RuleId) -> bool {
    let id = rule.as_str();
    id.starts_with("json-") || id.starts_with("xml-") || matches!(rule, RuleId::ELEMENT_ARRAY)
}

fn syntax(report: &Report) -> usize {
    report.issues.iter().filter(|i| is_syntax(i.rule)).count()
}
