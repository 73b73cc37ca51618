//! Sets of codes with three-valued membership: in, out, or unknown.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::grammar::Grammar;
use super::reason::Reason;

/// Whether a code belongs to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// The code belongs.
    In,
    /// The code does not belong.
    Out,
    /// What decides it is not available.
    Unknown,
}

impl Membership {
    pub(super) fn or(self, other: Membership) -> Membership {
        match (self, other) {
            (Membership::In, _) | (_, Membership::In) => Membership::In,
            (Membership::Unknown, _) | (_, Membership::Unknown) => Membership::Unknown,
            _ => Membership::Out,
        }
    }

    pub(super) fn and(self, other: Membership) -> Membership {
        self.not().or(other.not()).not()
    }

    pub(super) fn not(self) -> Membership {
        match self {
            Membership::In => Membership::Out,
            Membership::Out => Membership::In,
            Membership::Unknown => Membership::Unknown,
        }
    }
}

/// What is known about a code that a set names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ConceptInfo {
    pub display: Option<String>,
    /// Names that the value set itself gives the code.
    pub names: Vec<String>,
    pub inactive: bool,
    /// The code system says that the code is deprecated.
    pub deprecated: bool,
    /// The value set says that the code is.
    pub deprecated_member: bool,
    pub is_abstract: bool,
}

/// The codes of a system that a set does not name: those of a grammar are in; of the others it is unknown whether, for
/// a reason, or they are out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rest {
    pub grammar: Option<Grammar>,
    pub unknown: Vec<Reason>,
}

impl Rest {
    pub fn unknown(reason: Reason) -> Rest {
        Rest { grammar: None, unknown: vec![reason] }
    }

    pub fn grammar(grammar: Grammar) -> Rest {
        Rest { grammar: Some(grammar), unknown: Vec::new() }
    }

    pub fn is_out(&self) -> bool {
        self.grammar.is_none() && self.unknown.is_empty()
    }

    pub fn membership(&self, code: &str) -> Membership {
        match &self.grammar {
            Some(grammar) if grammar.holds(code) => Membership::In,
            _ if self.unknown.is_empty() => Membership::Out,
            _ => Membership::Unknown,
        }
    }

    fn or(&self, other: &Rest) -> Rest {
        let mut unknown = reasons(&self.unknown, &other.unknown);
        let grammar = match (&self.grammar, &other.grammar) {
            (Some(a), Some(b)) => a.union(b).or_else(|| {
                unknown.push(Reason::Combination);
                Some(a.clone())
            }),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        Rest { grammar, unknown }
    }

    fn and(&self, other: &Rest) -> Rest {
        if self.is_out() || other.is_out() {
            return Rest::default();
        }
        let mut unknown = reasons(&self.unknown, &other.unknown);
        let grammar = match (&self.grammar, &other.grammar) {
            (Some(a), Some(b)) => {
                let both = a.intersection(b);
                if both.is_none() {
                    unknown.push(Reason::Combination);
                }
                both
            }
            _ => None,
        };
        Rest { grammar, unknown }
    }

    fn minus(&self, other: &Rest) -> Rest {
        if self.is_out() || other.is_out() {
            return self.clone();
        }
        let mut unknown = reasons(&self.unknown, &other.unknown);
        if let (Some(_), Some(b)) = (&self.grammar, &other.grammar) {
            if self.grammar.as_ref() == Some(b) {
                return Rest { grammar: None, unknown: self.unknown.clone() };
            }
            unknown.push(Reason::Combination);
        }
        Rest { grammar: if unknown.is_empty() { self.grammar.clone() } else { None }, unknown }
    }
}

/// Bound on the reasons that are kept: what is not known stays so, whatever else is a reason for it.
const REASONS: usize = 16;

/// Both lists of reasons, each reason once.
fn reasons(a: &[Reason], b: &[Reason]) -> Vec<Reason> {
    let mut all = a.to_vec();
    all.extend(b.iter().filter(|r| !a.contains(r)).take(REASONS.saturating_sub(a.len())).cloned());
    all
}

/// The part of a set that is of one system.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SystemSet {
    /// The codes that the set names, in their order.
    pub order: Vec<String>,
    pub named: FxHashMap<String, (Membership, ConceptInfo)>,
    pub rest: Rest,
}

impl SystemSet {
    pub fn name(&mut self, code: &str, membership: Membership, info: ConceptInfo) {
        if self.named.insert(code.to_owned(), (membership, info)).is_none() {
            self.order.push(code.to_owned());
        }
    }

    pub fn membership(&self, code: &str) -> Membership {
        self.named.get(code).map_or_else(|| self.rest.membership(code), |(m, _)| *m)
    }

    /// Both parts combined, code by code and for the rest.
    fn combine(&self, other: &SystemSet, codes: fn(Membership, Membership) -> Membership, rest: Rest) -> SystemSet {
        let mut out = SystemSet { rest, ..SystemSet::default() };
        let more = other.order.iter().filter(|c| !self.named.contains_key(*c));
        for code in self.order.iter().chain(more) {
            let membership = codes(self.membership(code), other.membership(code));
            if membership != out.rest.membership(code) || membership == Membership::In {
                let info =
                    self.named.get(code).or_else(|| other.named.get(code)).map(|(_, t)| t.clone()).unwrap_or_default();
                out.name(code, membership, info);
            }
        }
        out
    }
}

/// Of which version of its code system an include takes codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// Those that it lists, whatever the version.
    Any,
    /// The version that the include names.
    Pinned(String),
    /// No version is named: all codes of the one that is loaded.
    Whole(String),
    /// No version is named: some codes of the one that is loaded, by filters.
    Filtered(String),
}

/// A set of codes of any number of systems.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CodeSet {
    /// By system, the versions of which the set takes codes or leaves them out.
    pub versions: BTreeMap<String, BTreeSet<Taken>>,
    /// Systems in the order of their urls, for the same result every time.
    pub systems: BTreeMap<String, SystemSet>,
    /// Of every other system: out where this is empty, else unknown for these reasons.
    pub other: Vec<Reason>,
}

impl CodeSet {
    pub fn unknown(reason: Reason) -> CodeSet {
        CodeSet { other: vec![reason], ..CodeSet::default() }
    }

    /// A set of one system's codes.
    pub fn of(system: &str, part: SystemSet) -> CodeSet {
        CodeSet { systems: BTreeMap::from([(system.to_owned(), part)]), ..CodeSet::default() }
    }

    /// The set with the version of a system that it takes codes of.
    pub fn taken(mut self, system: &str, taken: Taken) -> CodeSet {
        self.versions.entry(system.to_owned()).or_default().insert(taken);
        self
    }

    /// Whether nothing about the set is unknown.
    pub fn is_certain(&self) -> bool {
        self.other.is_empty()
            && self
                .systems
                .values()
                .all(|s| s.rest.unknown.is_empty() && s.named.values().all(|(m, _)| *m != Membership::Unknown))
    }

    /// Says of a set that it is one of a circle: that it contains itself comes before all else that is not known of it.
    pub fn in_circle(&mut self, own: &str, is_inside: impl Fn(&str) -> bool) {
        let rests = self.systems.values_mut().map(|part| &mut part.rest.unknown);
        for (is_other, reasons) in std::iter::once((true, &mut self.other)).chain(rests.map(|r| (false, r))) {
            let count = reasons.len();
            reasons.retain(|reason| !matches!(reason, Reason::Cycle(url) if is_inside(url)));
            if reasons.len() < count || is_other && count > 0 {
                reasons.insert(0, Reason::Cycle(own.to_owned()));
            }
        }
    }

    /// How many codes the set names.
    pub fn size(&self) -> usize {
        self.systems.values().map(|s| s.order.len()).sum()
    }

    fn part(&self, system: &str) -> std::borrow::Cow<'_, SystemSet> {
        match self.systems.get(system) {
            Some(part) => std::borrow::Cow::Borrowed(part),
            None => std::borrow::Cow::Owned(SystemSet {
                rest: Rest { grammar: None, unknown: self.other.clone() },
                ..SystemSet::default()
            }),
        }
    }

    fn combine(
        &self,
        other: &CodeSet,
        codes: fn(Membership, Membership) -> Membership,
        rests: fn(&Rest, &Rest) -> Rest,
    ) -> CodeSet {
        let everything_else = rests(
            &Rest { grammar: None, unknown: self.other.clone() },
            &Rest { grammar: None, unknown: other.other.clone() },
        );
        let mut systems = BTreeMap::new();
        for system in self.systems.keys().chain(other.systems.keys().filter(|s| !self.systems.contains_key(*s))) {
            let (a, b) = (self.part(system), other.part(system));
            let part = a.combine(&b, codes, rests(&a.rest, &b.rest));
            if !part.order.is_empty() || !part.rest.is_out() || !everything_else.unknown.is_empty() {
                systems.insert(system.clone(), part);
            }
        }
        let mut versions = self.versions.clone();
        for (system, taken) in &other.versions {
            versions.entry(system.clone()).or_default().extend(taken.iter().cloned());
        }
        CodeSet { systems, other: everything_else.unknown, versions }
    }

    pub fn union(&self, other: &CodeSet) -> CodeSet {
        self.combine(other, Membership::or, Rest::or)
    }

    pub fn intersection(&self, other: &CodeSet) -> CodeSet {
        self.combine(other, Membership::and, Rest::and)
    }

    pub fn difference(&self, other: &CodeSet) -> CodeSet {
        self.combine(other, |a, b| a.and(b.not()), Rest::minus)
    }
}
