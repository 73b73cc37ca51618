//! Does an instance speak for a profile, and does it hold?

use std::cell::OnceCell;

use fhir_accord_capability::{CodesAt, Definitions};
use fhir_accord_profiles::definition::bare;
use fhir_accord_profiles::evaluate::{Evaluator, Memory, Policies};
use fhir_accord_profiles::instance::{Limits, NameId, Names, Node, read_through};
use fhir_accord_profiles::issue::{Issue, Report};
use rustc_hash::FxHashMap;

use super::asked::{Asked, AskedProfile, Version};
use super::paths::safe_paths;
use crate::fhirpath::now;

/// A rule with the element and the constraint that it is about.
pub(super) type RuleKey = (String, Option<String>, Option<String>);

/// What an instance says of a profile.
pub(super) enum Says {
    /// It does not speak for it.
    Outside,
    Conforms,
    Undetermined,
    /// The rules that it fails, each once; the line of the first element that fails, from 1; the elements.
    Fails {
        rules: Vec<RuleKey>,
        line: usize,
        paths: Vec<String>,
    },
}

/// Judges instances, one after the other.
pub(super) struct InstanceJudge<'k> {
    asked: &'k Asked<'k>,
    evaluator: Evaluator<'k>,
    policies: Policies,
    memory: Memory,
    /// Whether a canonical is that of a profile of a resource type.
    profiles: FxHashMap<String, Option<String>>,
}

/// The codes of an element: system and code.
type Codes = Vec<(Option<String>, String)>;

impl<'k> InstanceJudge<'k> {
    pub fn new(asked: &'k Asked<'k>) -> InstanceJudge<'k> {
        // What R4 lays on observations by their code is no demand of the profile that is asked about.
        let policies = Policies { vital_signs: false, ..Policies::default() };
        let (evaluator, memory) = (asked.app.evaluator(), Memory::default());
        InstanceJudge { asked, evaluator, policies, memory, profiles: FxHashMap::default() }
    }

    /// The names of elements.
    pub fn names(&self) -> &'k Names {
        self.asked.app.set().model().names()
    }

    /// Whether a word is the name of a type.
    pub fn is_type(&self, word: &str) -> bool {
        self.asked.app.set().model().find(word).is_some()
    }

    /// What a resource says of each profile of its type: the place of the profile, and the answer. `None` where the
    /// text is no resource.
    pub fn judge(&mut self, text: &[u8]) -> Option<Vec<(usize, Says)>> {
        let mended = OnceCell::new();
        let names = self.asked.app.set().model().names();
        let tape = read_through(text, &mended, names, &Limits::default());
        let root = tape.root().filter(|_| !tape.is_fatal())?;
        let resource_type = root.child_text(NameId::RESOURCE_TYPE)?.into_owned();
        let claims = claims(root);
        let mut out = Vec::new();
        for (place, profile) in self.asked.all.iter().enumerate() {
            if profile.resource_type == resource_type {
                let speaks = claims.iter().any(|c| is_claim(c, profile)) || meets(root, profile);
                let says = if speaks { self.held(text, profile, &claims) } else { Says::Outside };
                out.push((place, says));
            }
        }
        Some(out)
    }

    /// Holds an instance against the versions of a profile that may be meant: the version that it claims, else all.
    fn held(&mut self, text: &[u8], profile: &AskedProfile, claims: &[String]) -> Says {
        let claimed = profile.versions.iter().filter(|v| claims.contains(&v.canonical));
        let mut meant: Vec<&Version> = claimed.collect();
        if meant.is_empty() {
            meant = profile.versions.iter().collect();
        }
        let mut all: Vec<Says> = meant.into_iter().map(|v| self.held_by(text, &profile.resource_type, v)).collect();
        let alike = |is: fn(&Says) -> bool| !all.is_empty() && all.iter().all(is);
        if alike(|s| matches!(s, Says::Fails { .. })) {
            return all.swap_remove(0);
        }
        if alike(|s| matches!(s, Says::Conforms)) { Says::Conforms } else { Says::Undetermined }
    }

    fn held_by(&mut self, text: &[u8], resource_type: &str, version: &Version) -> Says {
        let report =
            self.asked.app.check(&self.evaluator, text, &[version.root], &self.policies, now(), &mut self.memory);
        let mut counted: Vec<&Issue> = Vec::new();
        for issue in &report.issues {
            if !self.is_of_another(issue, resource_type, version) {
                counted.push(issue);
            }
        }
        let errors: Vec<&Issue> = counted.iter().copied().filter(|i| i.severity.is_error()).collect();
        match errors.first() {
            Some(first) => self.fails(&errors, usize::try_from(first.place.line).unwrap_or(1)),
            None if is_short(&report) || counted.iter().any(|i| i.open) => Says::Undetermined,
            None => Says::Conforms,
        }
    }

    fn fails(&self, errors: &[&Issue], line: usize) -> Says {
        let mut rules: Vec<RuleKey> = Vec::new();
        for issue in errors {
            let key = (issue.rule.as_str().to_owned(), issue.element.clone(), issue.constraint.clone());
            if !rules.contains(&key) {
                rules.push(key);
            }
        }
        let names = self.asked.app.set().model().names();
        let paths = safe_paths(errors.iter().map(|i| i.expression.as_str()), names);
        Says::Fails { rules, line, paths }
    }

    /// Whether only other profiles of the type demand it, which the instance claims beside this one.
    fn is_of_another(&mut self, issue: &Issue, resource_type: &str, version: &Version) -> bool {
        let others = |judge: &mut Self, canonical: &String| {
            let own = |v: &String| v == canonical || canonical.split_once('|').is_some_and(|(url, _)| url == v);
            !version.own.iter().any(own) && judge.type_of(canonical).as_deref() == Some(resource_type)
        };
        !issue.profiles.is_empty() && issue.profiles.iter().all(|p| others(self, p))
    }

    /// The resource type of a profile; `None` for other definitions.
    fn type_of(&mut self, canonical: &String) -> Option<String> {
        if let Some(known) = self.profiles.get(canonical) {
            return known.clone();
        }
        let url = bare(canonical);
        let infos = self.asked.known.session().versions(url);
        let found = infos.first().filter(|i| i.is_resource_profile).map(|i| i.resource_type.clone());
        self.profiles.insert(canonical.clone(), found.clone());
        found
    }
}

/// Whether something was not examined, or an error or a question is not listed.
fn is_short(report: &Report) -> bool {
    let listed = |is: fn(&Issue) -> bool| u64::try_from(report.issues.iter().filter(|i| is(i)).count()).unwrap_or(0);
    report.stopped.is_some()
        || report.tally.errors > listed(|i| i.severity.is_error())
        || report.tally.questions > listed(|i| i.open)
}

fn claims(root: Node<'_>) -> Vec<String> {
    let meta = root.child(NameId::META);
    let profiles = meta.into_iter().flat_map(|m| m.children_named(NameId::PROFILE));
    profiles.map(|p| p.text().into_owned()).collect()
}

/// Whether a claim names a profile: the url, and no other version than the one that is required.
fn is_claim(claim: &str, profile: &AskedProfile) -> bool {
    let (url, version) = claim.split_once('|').map_or((claim, None), |(url, version)| (url, Some(version)));
    let required = profile.required.version.as_deref();
    url == profile.required.url && (version.is_none() || required.is_none() || version == required)
}

/// Whether an instance has the codes that select the profile's instances; false where none do.
fn meets(root: Node<'_>, profile: &AskedProfile) -> bool {
    let has = |(element, wanted): &(&str, CodesAt)| {
        let own = codes(root, element);
        let is_there = |w: &(Option<String>, String)| {
            own.iter().any(|(system, code)| *code == w.1 && (w.0.is_none() || system.is_none() || *system == w.0))
        };
        match wanted {
            CodesAt::Fixed(all) => all.iter().all(is_there),
            CodesAt::OneOf(any) => any.iter().any(is_there),
            CodesAt::Unknown | CodesAt::Any => false,
        }
    };
    !profile.selector.is_empty() && profile.selector.iter().all(has)
}

/// The codes of an element: of a concept's codings, of a coding, or itself.
fn codes(root: Node<'_>, element: &str) -> Codes {
    let Some(name) = root.tape().names().find(element.as_bytes()) else { return Vec::new() };
    let mut out = Codes::new();
    let text = |node: Node<'_>, name| node.child_text(name).map(std::borrow::Cow::into_owned);
    for node in root.children_named(name) {
        if !node.is_object() {
            out.push((None, node.text().into_owned()));
            continue;
        }
        let codings = node.children_named(NameId::CODING).chain(std::iter::once(node));
        out.extend(codings.filter_map(|c| Some((text(c, NameId::SYSTEM), text(c, NameId::CODE)?))));
    }
    out
}
