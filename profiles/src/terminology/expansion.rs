//! The result of an expansion: rows for a plan, and what remains open.

use super::grammar::Grammar;
use super::reason::Reason;
use super::set::{CodeSet, Membership, Taken};

/// A member that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The url of the code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The text of the value set, else that of the code system.
    pub display: Option<String>,
    /// Names that the value set itself gives it: displays and designations of any language.
    pub names: Vec<String>,
    /// No longer for use.
    pub inactive: bool,
    /// Deprecated by its code system.
    pub deprecated: bool,
    /// Deprecated by the value set.
    pub deprecated_member: bool,
    /// A grouper that instances should not use.
    pub is_abstract: bool,
}

/// What the codes of a system are that the expansion does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenKind {
    /// Those of the grammar belong, the others do not.
    Grammar(Grammar),
    /// That is not known, for these reasons.
    Unknown(Vec<Reason>),
    /// Those of the grammar belong; of the others it is not known, for these reasons.
    Both(Grammar, Vec<Reason>),
}

/// A system with members that are not named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSystem {
    /// The url of the code system.
    pub system: String,
    /// What its other codes are.
    pub kind: OpenKind,
}

/// A value set's codes. Systems are in the order of their urls, codes in that of the definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The members that are named.
    pub codes: Vec<Concept>,
    /// Codes (system, code) that certainly do not belong although their system is open.
    pub excluded: Vec<(String, String)>,
    /// Codes (system, code) whose membership is not known although their system is closed or a grammar.
    pub doubtful: Vec<(String, String)>,
    /// The systems with members that are not named. Of all other systems no other code belongs, unless `incomplete` has
    /// a reason.
    pub open: Vec<OpenSystem>,
    /// Where this is not empty, the membership of all codes that are not covered above is not known.
    pub incomplete: Vec<Reason>,
    /// The systems whose codes are compared without regard to case.
    pub ignore_case: Vec<String>,
    /// Of which versions of a system codes are taken, where that is not any version at all.
    pub versions: Vec<(String, Taken)>,
}

impl Expansion {
    pub(super) fn of(set: &CodeSet) -> Expansion {
        let mut out = Expansion { incomplete: set.other.clone(), ..Expansion::default() };
        let bound = set.versions.iter().filter(|(_, taken)| taken.iter().any(|t| *t != Taken::Any));
        out.versions = bound.flat_map(|(system, taken)| taken.iter().map(|t| (system.clone(), t.clone()))).collect();
        for (system, part) in &set.systems {
            for code in &part.order {
                let Some((membership, info)) = part.named.get(code) else { continue };
                let pair = || (system.clone(), code.clone());
                match membership {
                    Membership::In => out.codes.push(Concept {
                        system: system.clone(),
                        code: code.clone(),
                        display: info.display.clone(),
                        names: info.names.clone(),
                        inactive: info.inactive,
                        deprecated: info.deprecated,
                        deprecated_member: info.deprecated_member,
                        is_abstract: info.is_abstract,
                    }),
                    Membership::Out if part.rest.membership(code) != Membership::Out => out.excluded.push(pair()),
                    Membership::Unknown if part.rest.membership(code) != Membership::Unknown => {
                        out.doubtful.push(pair())
                    }
                    _ => {}
                }
            }
            let kind = match (&part.rest.grammar, part.rest.unknown.is_empty()) {
                (Some(grammar), true) => OpenKind::Grammar(grammar.clone()),
                (Some(grammar), false) => OpenKind::Both(grammar.clone(), part.rest.unknown.clone()),
                (None, false) if part.rest.unknown != set.other => OpenKind::Unknown(part.rest.unknown.clone()),
                _ => continue,
            };
            out.open.push(OpenSystem { system: system.clone(), kind });
        }
        out
    }

    /// Whether every code is either in or out.
    pub fn is_certain(&self) -> bool {
        self.incomplete.is_empty()
            && self.doubtful.is_empty()
            && self.open.iter().all(|o| matches!(o.kind, OpenKind::Grammar(_)))
    }

    /// Whether a code of a system belongs. Plans hold tables for it; this reads the lists one by one.
    pub fn membership(&self, system: &str, code: &str) -> Membership {
        let same = |own: &str| {
            own == code || (self.ignore_case.iter().any(|s| s == system) && own.to_lowercase() == code.to_lowercase())
        };
        let listed = |list: &[(String, String)]| list.iter().any(|(s, c)| s == system && same(c));
        if self.codes.iter().any(|c| c.system == system && same(&c.code)) {
            return Membership::In;
        }
        if listed(&self.excluded) {
            return Membership::Out;
        }
        if listed(&self.doubtful) {
            return Membership::Unknown;
        }
        match self.open.iter().find(|o| o.system == system).map(|o| &o.kind) {
            Some(OpenKind::Grammar(grammar) | OpenKind::Both(grammar, _)) if grammar.holds(code) => Membership::In,
            Some(OpenKind::Grammar(_)) => Membership::Out,
            Some(_) => Membership::Unknown,
            None if self.incomplete.is_empty() => Membership::Out,
            None => Membership::Unknown,
        }
    }

    /// Whether a code without a system belongs, as in elements of the type `code`: by any system that has it.
    pub fn code_membership(&self, code: &str) -> Membership {
        let named = self
            .codes
            .iter()
            .map(|c| c.system.as_str())
            .chain(self.open.iter().map(|o| o.system.as_str()))
            .chain(self.doubtful.iter().map(|(s, _)| s.as_str()));
        let mut systems: Vec<&str> = named.collect();
        systems.dedup();
        let rest = if self.incomplete.is_empty() { Membership::Out } else { Membership::Unknown };
        systems.into_iter().fold(rest, |found, system| found.or(self.membership(system, code)))
    }
}
