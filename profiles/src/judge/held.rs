//! What terminology that is held beside the packages says of codes that these leave open.

use std::rc::Rc;

use serde_json::Value;

use super::membership::{Coded, Membership};
use super::scene::Scene;
use super::truth::Truth;
use crate::instance::NameId;
use crate::plan::Handle;
use crate::plan::rows::CodeSystemRow;
use crate::terminology::{HeldSystem, Membership as Known, Sought, is_implicit};

/// How many definitions of value sets are remembered.
const RULES: usize = 1024;

/// What names a value set for what is held.
#[derive(Clone, Copy)]
enum Named<'a> {
    /// One that a package has.
    Row(Handle),
    /// One that no package has.
    Canonical(&'a str),
}

impl<'e> Scene<'e, '_> {
    /// The held code system of a url, unless a package has all its codes.
    pub fn held_system(&self, url: &str, version: Option<&str>) -> Option<&'e dyn HeldSystem> {
        let held = self.held?;
        let loaded = |(_, row): (Handle, &CodeSystemRow)| row.is_complete();
        if self.code_system(url).is_some_and(loaded) { None } else { held.system(url, version) }
    }

    /// Whether a code is in a value set that the packages leave open; unknown where that is not held either.
    pub(super) fn held_membership(&self, value_set: Handle, coded: &Coded<'_>, need_system: bool) -> Truth {
        self.sought(Named::Row(value_set), coded, need_system, 0)
    }

    /// Whether a code is in a value set that no package has; unknown where it is not held either.
    pub fn held_member(&self, canonical: &str, coded: &Coded<'_>, need_system: bool) -> Truth {
        self.sought(Named::Canonical(canonical), coded, need_system, 0)
    }

    fn sought(&self, named: Named<'_>, coded: &Coded<'_>, need_system: bool, depth: u32) -> Truth {
        let Some(held) = self.held else { return Truth::Unknown };
        let system = coded.system.as_deref().filter(|_| need_system);
        if need_system && system.is_none() {
            return Truth::Unknown;
        }
        let version = coded.coding.filter(|_| need_system).and_then(|c| c.child_text(NameId::VERSION));
        let packages = |canonical: &str| self.of_packages(canonical, coded, need_system, depth);
        let sought = Sought { held, system, version: version.as_deref(), code: &coded.code, packages: &packages };
        let known = match named {
            Named::Canonical(canonical) => sought.in_canonical(canonical),
            Named::Row(handle) => self.in_row(handle, &sought),
        };
        truth(known)
    }

    /// By the definition of a value set of a package, else by its expansion that is held.
    fn in_row(&self, handle: Handle, sought: &Sought<'_>) -> Known {
        let Some(row) = self.set.value_set(handle) else { return Known::Unknown };
        let text = |s| self.set.str(handle.layer, s);
        let (url, version, rule) = (text(row.url), text(row.version), text(row.rule));
        let canonical = || if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") };
        let by_rule = || sought.in_rule(&self.rule(handle, rule));
        match if rule.is_empty() { Known::Unknown } else { by_rule() } {
            Known::Unknown if rule.is_empty() && is_implicit(url) => sought.in_canonical(url),
            Known::Unknown => sought.in_canonical(&canonical()),
            known => known,
        }
    }

    /// The definition of a value set in normal form: read once, then remembered.
    fn rule(&self, handle: Handle, text: &str) -> Rc<Value> {
        let mut rules = self.shared.rules.borrow_mut();
        if let Some(known) = rules.get(&handle) {
            return Rc::clone(known);
        }
        if rules.len() >= RULES {
            rules.clear();
        }
        let rule = Rc::new(serde_json::from_str(text).unwrap_or_default());
        rules.insert(handle, Rc::clone(&rule));
        rule
    }

    /// Whether a code is in a value set that another includes, by the packages.
    fn of_packages(&self, canonical: &str, coded: &Coded<'_>, need_system: bool, depth: u32) -> Known {
        const DEPTH: u32 = 16;
        let Some(handle) = self.set.find_value_set(canonical, None).filter(|_| depth < DEPTH) else {
            return Known::Unknown;
        };
        let found: Membership<'_> = self.known_membership(handle, coded, need_system);
        match found.certain() {
            Truth::True => Known::In,
            Truth::False => Known::Out,
            Truth::Unknown => match self.sought(Named::Row(handle), coded, need_system, depth + 1) {
                Truth::True => Known::In,
                Truth::False => Known::Out,
                Truth::Unknown => Known::Unknown,
            },
        }
    }
}

fn truth(known: Known) -> Truth {
    match known {
        Known::In => Truth::True,
        Known::Out => Truth::False,
        Known::Unknown => Truth::Unknown,
    }
}
