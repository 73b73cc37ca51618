//! Coverage and mutation score of a guide's profiles.

use rustc_hash::FxHashSet;

use super::bounds::{Bounds, SAMPLED};
use super::clock::Clock;
use super::generated::Maker;
use super::guide::Instance;
use super::judging::{Tested, Validator};
use super::mutate::is_added;
use super::named::Named;
use super::pool::map;
use super::probe::Probes;
use super::profile::Profile;
use super::rule::Rule;
use super::rules::rules;
use super::sample::Samples;
use super::score::{Case, Mutant, Stock, Unmade, tries};
use super::subject::Subject;
use super::traces::Traces;
use super::{coverage, element_id};
use crate::app::App;

/// A rule, who notices it, and what breaks it.
pub(super) struct Scored {
    pub rule: Rule,
    /// The negative instances that notice it.
    pub noticed_by: Vec<String>,
    /// `None`: mutants are not asked for.
    pub mutant: Option<Result<Mutant, Unmade>>,
}

/// One profile.
pub(super) struct Found {
    pub coverage: coverage::Coverage,
    pub rules: Vec<Scored>,
}

/// What profiles are looked at with.
pub(super) struct Work<'a> {
    pub app: &'a App,
    pub probed: &'a App,
    pub probes: &'a Probes,
    pub profiles: &'a [Profile],
    pub instances: &'a [Instance],
    pub tested: &'a [Tested],
    pub threads: usize,
    pub bounds: Bounds,
    /// Whether mutants are made.
    pub mutants: bool,
    pub now: Option<fhir_accord_profiles::fhirpath::Temporal>,
}

impl Work<'_> {
    /// What is found of each profile, in their order.
    pub fn done(&self, mut traces: Traces) -> Vec<Found> {
        let all: Vec<Vec<Rule>> = self.profiles.iter().map(rules).collect();
        let named = Named::of(self.instances, self.tested);
        let covered: Vec<coverage::Coverage> = self
            .profiles
            .iter()
            .zip(&all)
            .enumerate()
            .map(|(at, (profile, rules))| {
                coverage::coverage((at, profile), rules, &traces, |rule| !named.by(profile, rule).is_empty())
            })
            .collect();
        let mut mutants = match self.mutants {
            true => self.mutated(&all, &mut traces).into_iter().map(Some).collect(),
            false => Vec::new(),
        }
        .into_iter();
        let mut out = Vec::new();
        for ((profile, coverage), rules) in self.profiles.iter().zip(covered).zip(all) {
            let scored = rules.into_iter().map(|rule| Scored {
                noticed_by: named.by(profile, &rule),
                mutant: mutants.next().flatten(),
                rule,
            });
            out.push(Found { coverage, rules: scored.collect() });
        }
        out
    }

    /// A mutant for each rule of each profile.
    fn mutated(&self, all: &[Vec<Rule>], traces: &mut Traces) -> Vec<Result<Mutant, Unmade>> {
        let clock = Clock::of(self.bounds.time);
        let mut subjects: Vec<Subject<'_>> =
            self.instances.iter().zip(self.tested).map(|(i, t)| Subject::of(i, t)).collect();
        let mut samples = Samples::default();
        let model = self.app.set().model();
        let examples = subjects.iter().zip(self.tested).filter(|(_, t)| t.is_example()).take(SAMPLED);
        examples.filter_map(|(s, _)| s.read(model)).for_each(|v| samples.add(&v));
        self.fill(all, &mut subjects, traces, clock);
        let stock = Stock { app: self.app, subjects: &subjects, traces, samples: &samples, clock };
        let cases: Vec<Case<'_>> = self
            .profiles
            .iter()
            .zip(all)
            .enumerate()
            .flat_map(|(place, (profile, rules))| {
                let tries = tries(&self.bounds, rules.len());
                rules.iter().map(move |rule| Case { place, profile, rule, tries })
            })
            .collect();
        let stock = &stock;
        let made = map(self.threads, &cases, || {
            let mut validator = Validator::new(self.app, self.now);
            move |case: &Case<'_>| case.mutant(stock, &mut validator)
        });
        let broken = Unmade::Bound("a thread broke down, which is an error of this program");
        made.into_iter().map(|m| m.unwrap_or_else(|| Err(broken.clone()))).collect()
    }

    /// Adds instances of the profiles of which no example has what a rule is about.
    fn fill(&self, all: &[Vec<Rule>], subjects: &mut Vec<Subject<'_>>, traces: &mut Traces, clock: Clock) {
        let lacks = |(place, rules): (usize, &Vec<Rule>)| {
            let needed = |r: &Rule| match is_added(r) {
                true => element_id::parent(&r.element).unwrap_or(&r.element).to_owned(),
                false => r.element.clone(),
            };
            rules.iter().any(|r| traces.at(&(place, needed(r))).is_empty())
        };
        let wanted: FxHashSet<usize> = all.iter().enumerate().filter(|w| lacks(*w)).map(|(place, _)| place).collect();
        let lacking = self.profiles.iter().enumerate().filter(|(place, _)| wanted.contains(place));
        let lacking: Vec<&Profile> =
            lacking.map(|(_, p)| p).filter(|p| !p.is_abstract && p.kind != "Extension").collect();
        let made = map(self.threads, &lacking, || {
            let mut maker = Maker::new(self.app, self.probed, self.probes, Validator::new(self.app, self.now));
            move |profile: &&Profile| if clock.is_up() { Vec::new() } else { maker.make(profile) }
        });
        for (subject, places) in made.into_iter().flatten().flatten() {
            traces.add(subjects.len(), places);
            subjects.push(subject);
        }
    }
}
