//! The definition of a value set, in the normal form of [`super::rule()`], over held code systems: one code at a time.

use std::cell::RefCell;
use std::rc::Rc;

use regex::Regex;
use serde_json::Value;

use super::held::{HeldCode, HeldSystem, HeldTerminology};
use super::implicit::implicit_system;
use super::set::Membership;
use crate::definition::Canonical;
use crate::pattern::{Remembered, compile};

/// How deep definitions may nest.
const DEPTH: usize = 16;

/// A code that is looked for in definitions.
pub struct Sought<'a> {
    /// What is held.
    pub held: &'a dyn HeldTerminology,
    /// The code system; `None` where any will do.
    pub system: Option<&'a str>,
    /// The version of the code system that the instance names.
    pub version: Option<&'a str>,
    /// The code.
    pub code: &'a str,
    /// What the packages know of a value set by its canonical.
    pub packages: &'a dyn Fn(&str) -> Membership,
}

impl Sought<'_> {
    /// Whether the code is in a value set of a definition in normal form.
    pub fn in_rule(&self, rule: &Value) -> Membership {
        self.in_definition(rule, 0)
    }

    /// Whether the code is in a value set by its canonical, that no package defines: one that is held, or an implicit
    /// one (<https://hl7.org/fhir/R4/valueset.html#implicit>).
    pub fn in_canonical(&self, canonical: &str) -> Membership {
        let parsed = Canonical::parse(canonical);
        if let Some(set) = self.held.value_set(&parsed.url, parsed.version.as_deref()) {
            return of(set.has(self.system, self.code));
        }
        let Some((url, whole)) = implicit_system(&parsed.url) else { return Membership::Unknown };
        if self.system.is_some_and(|s| s != url) {
            return Membership::Out;
        }
        if whole {
            return self.in_system(url, parsed.version.as_deref(), &[], &[]);
        }
        // An edition, or a version of one, is the version that is asked (<https://hl7.org/fhir/R4/snomedct.html>).
        let Some((base, kind)) = parsed.url.split_once("?fhir_vs") else { return Membership::Unknown };
        let version = match base.strip_prefix(url) {
            Some("") => parsed.version.as_deref(),
            Some(edition) if edition.starts_with('/') => Some(base),
            _ => return Membership::Unknown,
        };
        match kind.strip_prefix("=isa/") {
            Some(root) => self.in_system(url, version, &[], &[serde_json::json!(["concept", "is-a", root])]),
            None if kind.is_empty() => self.in_system(url, version, &[], &[]),
            None => Membership::Unknown,
        }
    }

    fn in_definition(&self, rule: &Value, depth: usize) -> Membership {
        let parts = rule.as_array().map(Vec::as_slice).unwrap_or_default();
        // One that is only there as an expansion is named by url and version.
        if let [Value::String(url), version] = parts {
            return self.named(&version.as_str().map_or_else(|| url.clone(), |v| format!("{url}|{v}")));
        }
        let [Value::Array(includes), Value::Array(excludes), inactive] = parts else { return Membership::Unknown };
        if depth > DEPTH {
            return Membership::Unknown;
        }
        let any = |all: &[Value]| all.iter().fold(Membership::Out, |m, part| m.or(self.in_part(part, depth)));
        let mut found = any(includes);
        if found != Membership::Out {
            found = found.and(any(excludes).not());
        }
        if found != Membership::Out && inactive.as_bool() == Some(false) {
            found = found.and(self.is_active());
        }
        found
    }

    /// Whether the code is in one include or exclude.
    fn in_part(&self, part: &Value, depth: usize) -> Membership {
        let Some([system, version, codes, filters, sets]) = part.as_array().map(Vec::as_slice) else {
            return Membership::Unknown;
        };
        let mut found = match system.as_str() {
            Some(url) if self.system.is_some_and(|own| own != url) => return Membership::Out,
            Some(url) => self.in_system(url, version.as_str(), list(codes), list(filters)),
            None if sets.as_array().is_none_or(Vec::is_empty) => return Membership::Out,
            None => Membership::In,
        };
        for set in list(sets) {
            if found == Membership::Out {
                return found;
            }
            found = found.and(match set {
                Value::String(canonical) => self.named(canonical),
                definition => self.in_definition(definition, depth + 1),
            });
        }
        found
    }

    /// Whether the code is in a value set that is named: by the packages, else by what is held.
    fn named(&self, canonical: &str) -> Membership {
        match (self.packages)(canonical) {
            Membership::Unknown => self.in_canonical(canonical),
            known => known,
        }
    }

    /// Whether the code is one of those that an include lists, or that pass its filters.
    fn in_system(&self, url: &str, version: Option<&str>, codes: &[Value], filters: &[Value]) -> Membership {
        if !codes.is_empty() {
            let listed = codes.iter().any(|c| c.as_str() == Some(self.code));
            return if listed { Membership::In } else { Membership::Out };
        }
        let Some(system) = self.version_of(url, version) else { return Membership::Unknown };
        let index = match system.find(self.code) {
            HeldCode::Known(index) => index,
            HeldCode::Absent => return Membership::Out,
            HeldCode::Open => return Membership::Unknown,
        };
        filters.iter().fold(Membership::In, |m, filter| {
            let text = |i: usize| filter.get(i).and_then(Value::as_str).unwrap_or_default();
            m.and(of(passes(system, index, text(0), text(1), text(2))))
        })
    }

    /// The code system of which a definition takes codes: the version that it names, else the one that the instance
    /// does. `None` where that is not held, or they are not the same.
    fn version_of(&self, url: &str, version: Option<&str>) -> Option<&dyn HeldSystem> {
        let system = self.held.system(url, version.or(self.version))?;
        let own = self.version.map(|own| self.held.system(url, Some(own)).map(HeldSystem::version));
        own.is_none_or(|own| own == Some(system.version())).then_some(system)
    }

    fn is_active(&self) -> Membership {
        let Some(system) = self.system.and_then(|url| self.version_of(url, None)) else { return Membership::Unknown };
        match system.find(self.code) {
            HeldCode::Known(index) => of(Some(!system.is_inactive(index))),
            _ => Membership::Unknown,
        }
    }
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn of(known: Option<bool>) -> Membership {
    match known {
        Some(true) => Membership::In,
        Some(false) => Membership::Out,
        None => Membership::Unknown,
    }
}

/// Whether a code passes a filter (<https://hl7.org/fhir/R4/valueset.html#filter>); `None` where that cannot be
/// evaluated.
fn passes(system: &dyn HeldSystem, index: u32, property: &str, op: &str, value: &str) -> Option<bool> {
    match op {
        "is-a" | "descendent-of" | "is-not-a" | "generalizes" | "child-of" | "descendent-leaf" => {
            if !matches!(property, "concept" | "code" | "parent" | "child" | "subsumedBy") {
                return None;
            }
            let root = match system.find(value) {
                HeldCode::Known(root) => root,
                HeldCode::Absent => return Some(op == "is-not-a"),
                HeldCode::Open => return None,
            };
            match op {
                "is-a" => system.is_a(index, root),
                "is-not-a" => system.is_a(index, root).map(|is| !is),
                "descendent-of" => system.is_a(index, root).map(|is| is && index != root),
                "generalizes" => system.is_a(root, index),
                "child-of" => system.is_child(index, root),
                _ => Some(system.is_a(index, root)? && index != root && system.is_leaf(index)?),
            }
        }
        "=" => has(system, index, property, value, &mut |text| text == value),
        "in" | "not-in" => {
            let listed: Vec<&str> = value.split(',').map(str::trim).collect();
            let mut found = false;
            for one in &listed {
                found |= has(system, index, property, one, &mut |text| text == *one)?;
            }
            Some(found == (op == "in"))
        }
        "regex" => {
            let regex = compiled(value)?;
            has(system, index, property, "", &mut |text| regex.is_match(text))
        }
        "exists" => {
            let present = has(system, index, property, "", &mut |_| true)?;
            matches!(value, "true" | "false").then_some(present == (value == "true"))
        }
        _ => None,
    }
}

/// The regular expression of a filter, which a value as a whole has to match; `None` for one that cannot be compiled.
fn compiled(value: &str) -> Option<Rc<Regex>> {
    thread_local! {
        /// Filters are evaluated a code at a time, and compiled once.
        static COMPILED: RefCell<Remembered<Option<Rc<Regex>>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|known| {
        if let Some(regex) = known.get(value) {
            return regex.clone();
        }
        let (made, bytes) = compile(&format!("^(?:{value})$"), |_| {});
        let regex = made.ok().map(Rc::new);
        known.insert(value, regex.clone(), bytes);
        regex
    })
}

/// Whether any value of a property is one that is looked for.
fn has(
    system: &dyn HeldSystem,
    index: u32,
    property: &str,
    asked: &str,
    wanted: &mut dyn FnMut(&str) -> bool,
) -> Option<bool> {
    match property {
        "display" | "designation" => {
            let mut found = false;
            system.names(index, &mut |name| found |= wanted(name));
            Some(found)
        }
        "inactive" => Some(wanted(if system.is_inactive(index) { "true" } else { "false" })),
        _ => system.has_value(index, property, asked, wanted),
    }
}
