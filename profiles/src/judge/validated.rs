//! What `$validate-code` says of a code and its display, as far as it is known: its result is about all details that
//! are supplied (<https://hl7.org/fhir/R4/valueset-operation-validate-code.html>).

use super::codes::codes_of;
use super::membership::Coded;
use super::scene::Scene;
use super::truth::Truth;
use crate::instance::{NameId, Node};
use crate::model::TypeId;
use crate::plan::Handle;
use crate::terminology::{DisplayFit, HeldCode, check_display, check_held_display};

impl Scene<'_, '_> {
    /// Whether a code, a Coding, or a concept is valid in the value set of a canonical: one of its codes belongs, and
    /// every display is one of its code's names.
    pub(super) fn is_valid_in(&self, n: Node<'_>, t: TypeId, canonical: &str) -> Truth {
        let role = self.model().role(t);
        let value_set = self.set.find_value_set(canonical, None);
        let (mut any, mut best, mut others) = (Truth::False, Truth::False, Truth::True);
        for coded in codes_of(n, role) {
            let member = self.belongs(&coded, (canonical, value_set), !role.is_primitive());
            let named = self.is_named(&coded, value_set);
            any = any.or(member);
            best = best.or(member.and(named));
            others = others.and(named).and(if member == Truth::True { member } else { self.exists(&coded) });
        }
        match (any, best, others) {
            (Truth::False, ..) | (_, Truth::False, _) => Truth::False,
            (_, Truth::True, Truth::True) => Truth::True,
            // What is wrong with another coding of a concept, servers need not look at.
            _ => Truth::Unknown,
        }
    }

    /// Whether a code is in a value set, by whoever knows.
    fn belongs(&self, coded: &Coded<'_>, (canonical, value_set): (&str, Option<Handle>), need_system: bool) -> Truth {
        match value_set {
            Some(value_set) => self.membership(value_set, coded, need_system).certain(),
            None => self.member_elsewhere(canonical, coded, need_system),
        }
    }

    /// Whether a code is in a value set that no package has: by what is held beside them, else as far as somebody else
    /// has answered.
    pub(super) fn member_elsewhere(&self, canonical: &str, coded: &Coded<'_>, need_system: bool) -> Truth {
        match self.held_member(canonical, coded, need_system) {
            Truth::Unknown if self.can_ask() => self.asked_member(canonical, coded, need_system),
            known => known,
        }
    }

    /// Whether a code is one of its code system's, of the version that the Coding names.
    fn exists(&self, coded: &Coded<'_>) -> Truth {
        let Some(system) = coded.system.as_deref() else { return Truth::Unknown };
        let version = coded.coding.and_then(|c| c.child_text(NameId::VERSION)).filter(|v| !v.is_empty());
        let found = match version.as_deref() {
            Some(version) => self.code_system_version(system, version),
            None => self.code_system(system),
        };
        self.code_exists((system, version.as_deref()), found, &coded.code)
    }

    /// Whether the display of a Coding is one of its code's names, in the code system or the value set; true where it
    /// has none.
    pub(super) fn is_named(&self, coded: &Coded<'_>, value_set: Option<Handle>) -> Truth {
        let display = coded.coding.and_then(|c| c.child_text(NameId::DISPLAY)).filter(|d| !d.is_empty());
        let Some(display) = display else { return Truth::True };
        let (Some(system), Some(coding)) = (coded.system.as_deref(), coded.coding) else { return Truth::Unknown };
        if value_set.is_some_and(|v| self.value_set_names(v, (system, &coded.code), &display)) {
            return Truth::True;
        }
        let version = coding.child_text(NameId::VERSION).filter(|v| !v.is_empty());
        let found = match version.as_deref() {
            Some(version) => self.code_system_version(system, version),
            None => self.code_system(system),
        };
        if let Some((handle, row)) = found {
            let image = self.set.layer(handle.layer);
            if let Some(concept) = image.concepts_of(row.slots, coded.code.as_bytes()).next() {
                let names = std::iter::once(image.str(concept.display)).chain(image.texts(concept.designations));
                // What is not here as a whole may have other names.
                return match check_display(&display, names.filter(|name| !name.is_empty())) {
                    DisplayFit::Wrong if !row.is_complete() => Truth::Unknown,
                    fit => truth(fit),
                };
            }
        }
        let held = self.held_system(system, version.as_deref());
        match held.map(|held| (held, held.find(&coded.code))) {
            Some((held, HeldCode::Known(index))) => truth(check_held_display(held, index, &display)),
            _ => Truth::Unknown,
        }
    }

    /// Whether a value set gives this name to a code.
    fn value_set_names(&self, value_set: Handle, (system, code): (&str, &str), name: &str) -> bool {
        let image = self.set.layer(value_set.layer);
        let Some(row) = self.set.value_set(value_set) else { return false };
        let concepts = image.concepts_of(row.slots, code.as_bytes()).filter(|c| image.str(c.system) == system);
        check_display(name, concepts.flat_map(|c| image.texts(c.designations))) == DisplayFit::Fits
    }
}

/// Whether a display fits; servers differ in what they make of whitespace, and of codes without names.
fn truth(fit: DisplayFit) -> Truth {
    match fit {
        DisplayFit::Fits => Truth::True,
        DisplayFit::Wrong => Truth::False,
        DisplayFit::Whitespace | DisplayFit::NoNames => Truth::Unknown,
    }
}
