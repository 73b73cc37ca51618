//! Instances of profiles of which no example has what a rule is about.

use fhir_accord_profiles::evaluate::ProfileJudge;
use fhir_accord_profiles::generate::{Generator, Kind};
use fhir_accord_profiles::issue::Verdict;

use super::judging::Validator;
use super::probe::{Probes, looking};
use super::profile::Profile;
use super::subject::Subject;
use super::traces::{Places, places};
use crate::app::App;

/// The kinds that are made, and how many of each; those with most in them first.
const KINDS: [(Kind, usize); 3] = [(Kind::Full, 1), (Kind::Minimal, 1), (Kind::Boundary, 64)];

/// Makes instances, and looks at what they have.
pub(super) struct Maker<'a> {
    app: &'a App,
    generator: Generator<'a>,
    judge: ProfileJudge<'a>,
    validator: Validator<'a>,
    looker: Validator<'a>,
    probes: &'a Probes,
}

impl<'a> Maker<'a> {
    /// One over the guide, and over the guide with constraints at its elements.
    pub fn new(app: &'a App, probed: &'a App, probes: &'a Probes, validator: Validator<'a>) -> Maker<'a> {
        let looker = looking(Validator::new(probed, validator.now()));
        let (generator, judge) = (Generator::new(app.plans()), ProfileJudge::new(app.plans()));
        Maker { app, generator, judge, validator, looker, probes }
    }

    /// Instances of a profile that are not invalid, each with what it has.
    pub fn make(&mut self, profile: &Profile) -> Vec<(Subject<'static>, Places)> {
        let urls = [profile.url.clone()];
        let (Ok(roots), Ok(looked)) = (self.app.profiles(&urls), self.looker.roots(&urls)) else { return Vec::new() };
        let Some(root) = roots.first() else { return Vec::new() };
        let mut out = Vec::new();
        for (kind, count) in KINDS {
            for instance in self.generator.instances(*root, kind, count, 0, &mut self.judge).instances {
                let text = instance.value.to_string().into_bytes();
                let (verdict, seen) = self.validator.judge(&text, &roots);
                if verdict.is_none_or(|v| v == Verdict::Invalid) {
                    continue;
                }
                let (_, there) = self.looker.judge(&text, &looked);
                out.push((Subject::generated(&profile.url, text, seen), places(self.probes, &there)));
            }
        }
        out
    }
}
