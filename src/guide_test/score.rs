//! Which rules of the profiles negative instances notice: each rule is broken once.

use fhir_accord_profiles::issue::Verdict;
use serde_json::Value;

use super::bounds::{Bounds, SITES, TRIES};
use super::clock::Clock;
use super::element_id;
use super::judging::Validator;
use super::mutate::{Base, Ground, is_added, mutants};
use super::place::{Way, way};
use super::profile::Profile;
use super::rule::Rule;
use super::sample::Samples;
use super::seen::Seen;
use super::subject::Subject;
use super::telling::tells;
use super::traces::{Trace, Traces};
use crate::app::App;

/// An instance that breaks a rule.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    /// The instance that was changed.
    pub base: String,
    pub value: Value,
    pub profiles: Vec<String>,
    pub verdict: Verdict,
    /// All that is said of it.
    pub seen: Vec<Seen>,
    /// The issue that says that the rule is broken.
    pub broken: Seen,
}

/// Why a rule was not broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unmade {
    /// No instance has the element that the rule is about.
    NoPlace,
    /// So many mutants did not break it.
    NotFound(usize),
    /// Nobody knows how to make one of these instances.
    Nothing,
    /// What breaks it is not in the slice any more.
    Tells,
    /// The engine could not decide it in this many mutants.
    Undecided(usize),
    /// Every example breaks it as it is.
    Already,
    /// A bound was reached before.
    Bound(&'static str),
}

impl std::fmt::Display for Unmade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unmade::NoPlace => f.write_str("no example has the element, and none that has it could be generated"),
            Unmade::NotFound(n) => write!(f, "none of {n} mutants breaks it"),
            Unmade::Nothing => f.write_str("no change is known that could break it"),
            Unmade::Tells => {
                f.write_str("it tells which entries are in a slice: what breaks it is in another, or in none")
            }
            Unmade::Undecided(n) => write!(f, "with the loaded packages it cannot be decided (in {n} mutants)"),
            Unmade::Already => f.write_str("the examples that have the element break it as they are"),
            Unmade::Bound(what) => write!(f, "not examined: {what}"),
        }
    }
}

/// One rule of a profile.
pub(super) struct Case<'a> {
    /// The place of the profile.
    pub place: usize,
    pub profile: &'a Profile,
    pub rule: &'a Rule,
    /// The most mutants that are judged for it.
    pub tries: usize,
}

/// What became of mutants that do not count.
#[derive(Default)]
struct Count {
    tried: usize,
    /// The engine could not decide the rule.
    undecided: usize,
    /// Instances that break the rule as they are.
    already: usize,
}

/// What mutants are made of.
pub(super) struct Stock<'a> {
    pub app: &'a App,
    pub subjects: &'a [Subject<'a>],
    pub traces: &'a Traces,
    pub samples: &'a Samples,
    pub clock: Clock,
}

/// The most mutants of each rule of a profile with so many rules.
pub(super) fn tries(bounds: &Bounds, rules: usize) -> usize {
    TRIES.min(bounds.mutants / rules.max(1))
}

impl Case<'_> {
    /// Whether an issue leaves open whether the rule holds.
    fn is_open(&self, seen: &[Seen]) -> bool {
        seen.iter().any(|s| s.is_open && s.element == self.rule.element && s.constraint == self.rule.constraint())
    }

    /// A mutant that breaks the rule: of those of the first instance the one with the fewest other errors.
    pub fn mutant(&self, stock: &Stock<'_>, validator: &mut Validator<'_>) -> Result<Mutant, Unmade> {
        let holder = element_id::parent(&self.rule.element).unwrap_or(&self.rule.element);
        let at = |id: &str| stock.traces.at(&(self.place, id.to_owned()));
        let traces = if is_added(self.rule) { at(holder) } else { at(&self.rule.element) };
        if traces.is_empty() {
            return Err(Unmade::NoPlace);
        }
        let mut count = Count::default();
        for trace in traces {
            if let Some(found) = self.of(trace, stock, validator, &mut count)? {
                return Ok(found);
            }
        }
        Err(match count {
            Count { already, .. } if already == traces.len() => Unmade::Already,
            _ if tells(self.profile, &self.rule.element) && self.rule.constraint().is_empty() => Unmade::Tells,
            Count { tried: 0, .. } => Unmade::Nothing,
            Count { undecided, .. } if undecided > 0 => Unmade::Undecided(undecided),
            Count { tried, .. } => Unmade::NotFound(tried),
        })
    }

    fn of(
        &self,
        trace: &Trace,
        stock: &Stock<'_>,
        validator: &mut Validator<'_>,
        count: &mut Count,
    ) -> Result<Option<Mutant>, Unmade> {
        let Some(subject) = stock.subjects.get(trace.instance) else { return Ok(None) };
        let Some(root) = subject.value(stock.app.set().model()) else { return Ok(None) };
        let ways: Vec<Way> = trace.places.iter().filter_map(|p| way(p, root)).collect();
        let base = match is_added(self.rule) {
            true => Base { root, ways: &[], holders: ways.get(..SITES.min(ways.len())).unwrap_or_default() },
            false => Base { root, ways: &ways, holders: &[] },
        };
        let Ok(asked) = validator.roots(&subject.profiles) else { return Ok(None) };
        count.already += usize::from(subject.seen.iter().any(|s| self.rule.is_broken_by(self.profile, s)));
        let mut best: Option<Mutant> = None;
        let ground = Ground { profile: self.profile, samples: stock.samples };
        for value in mutants(self.rule, &base, &ground) {
            if stock.clock.is_up() {
                return best.map(Some).ok_or(Unmade::Bound("the time was up"));
            }
            if count.tried >= self.tries {
                return match best {
                    Some(found) => Ok(Some(found)),
                    None if self.tries < TRIES => Err(Unmade::Bound("the bound on mutants of a profile was reached")),
                    None => Ok(None),
                };
            }
            count.tried += 1;
            let (Some(verdict), seen) = validator.judge(value.to_string().as_bytes(), &asked) else { continue };
            let broken = seen.iter().find(|s| self.rule.is_broken_by(self.profile, s));
            let Some(broken) = broken else {
                count.undecided += usize::from(self.is_open(&seen));
                continue;
            };
            if subject.seen.iter().any(|s| s.is_same_demand(broken)) {
                continue;
            }
            let (broken, errors) = (broken.clone(), seen.iter().filter(|s| s.is_error).count());
            let is_better = best.as_ref().is_none_or(|b| errors < b.seen.iter().filter(|s| s.is_error).count());
            if is_better {
                let (base, profiles) = (subject.name.clone(), subject.profiles.to_vec());
                best = Some(Mutant { base, value, profiles, verdict, seen, broken });
            }
            if errors <= 1 {
                break;
            }
        }
        Ok(best)
    }
}
