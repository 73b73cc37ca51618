//! Membership of codes in value sets, three-valued.

use super::answers::Withheld;
use super::membership::{Coded, Membership};
use super::scene::{Scene, remembered};
use super::truth::Truth;
use crate::instance::{NameId, Node};
use crate::model::{Role, TypeId};
use crate::plan::marks::{CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED, CONCEPT_OLD};
use crate::plan::rows::CodeSystemRow;
use crate::plan::{Handle, Image};
use crate::terminology::{Grammar, HeldCode};

/// The codes of a node: of a concept those of its codings.
pub fn codes_of<'t>(n: Node<'t>, role: Role) -> impl Iterator<Item = Coded<'t>> {
    let coding = |c: Node<'t>| {
        c.child_text(NameId::CODE).map(|code| Coded { system: c.child_text(NameId::SYSTEM), code, coding: Some(c) })
    };
    let concept = role == Role::CodeableConcept;
    let own = match role {
        Role::CodeableConcept => None,
        Role::Primitive => n.has_value().then(|| Coded { system: None, code: n.text(), coding: None }),
        _ => coding(n),
    };
    let codings = concept.then(|| n.children_named(NameId::CODING).filter_map(coding)).into_iter().flatten();
    own.into_iter().chain(codings)
}

impl<'e> Scene<'e, '_> {
    /// Whether any code of a node is in a value set.
    pub fn member(&self, n: Node<'_>, t: TypeId, value_set: Handle) -> Truth {
        let role = self.model().role(t);
        Truth::any(codes_of(n, role).map(|c| self.membership(value_set, &c, !role.is_primitive()).truth))
    }

    /// Whether a code is in a value set; `need_system`: a code of another system, or of none, is another code.
    pub fn membership(&self, value_set: Handle, coded: &Coded<'_>, need_system: bool) -> Membership<'e> {
        let itself = if self.is_withheld(Withheld::Code) {
            Membership::plain(Truth::Unknown)
        } else {
            self.with_held(value_set, coded, need_system)
        };
        if itself.certain() != Truth::Unknown || !self.can_ask() {
            return itself;
        }
        let Some(canonical) = self.value_set_canonical(value_set) else { return itself };
        match self.asked_member(&canonical, coded, need_system) {
            Truth::Unknown => itself,
            told => Membership::plain(told),
        }
    }

    /// As [`Scene::membership`], and nobody else is asked.
    pub fn membership_here(&self, value_set: Handle, coded: &Coded<'_>, need_system: bool) -> Truth {
        self.with_held(value_set, coded, need_system).truth
    }

    /// The canonical of a loaded value set, with its version.
    pub(super) fn value_set_canonical(&self, value_set: Handle) -> Option<String> {
        let row = self.set.value_set(value_set)?;
        let (url, version) = (self.set.str(value_set.layer, row.url), self.set.str(value_set.layer, row.version));
        Some(if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") })
    }

    /// What the packages say, else what is held beside them.
    fn with_held(&self, value_set: Handle, coded: &Coded<'_>, need_system: bool) -> Membership<'e> {
        let itself = self.known_membership(value_set, coded, need_system);
        if self.held.is_none() || itself.certain() != Truth::Unknown {
            return itself;
        }
        match self.held_membership(value_set, coded, need_system) {
            Truth::Unknown => itself,
            known => Membership::plain(known),
        }
    }

    pub(super) fn known_membership(&self, value_set: Handle, coded: &Coded<'_>, need_system: bool) -> Membership<'e> {
        let itself = self.plain_membership(value_set, coded.system.as_deref(), &coded.code, need_system);
        let itself = match country_template(&coded.code).filter(|_| itself.truth == Truth::False) {
            Some(template)
                if self.plain_membership(value_set, coded.system.as_deref(), &template, need_system).truth
                    == Truth::True =>
            {
                Membership { truth: Truth::True, ..itself }
            }
            _ => itself,
        };
        match coded.coding.filter(|_| need_system) {
            Some(coding) => self.in_version(value_set, coded, coding, itself),
            None => itself,
        }
    }

    fn plain_membership(
        &self,
        value_set: Handle,
        system: Option<&str>,
        code: &str,
        need_system: bool,
    ) -> Membership<'e> {
        let image: &'e Image = self.set.layer(value_set.layer);
        let Some(row) = self.set.value_set(value_set) else { return Membership::plain(Truth::Unknown) };
        let mut doubtful = false;
        let mut excluded = false;
        for c in image.concepts_of(row.slots, code.as_bytes()) {
            if need_system && system.is_none_or(|s| s.as_bytes() != image.bytes(c.system)) {
                continue;
            }
            match c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) {
                0 => return Membership { flags: c.flags & CONCEPT_OLD, ..Membership::plain(Truth::True) },
                CONCEPT_DOUBTFUL => doubtful = true,
                _ => excluded = true,
            }
        }
        if excluded && need_system {
            return Membership::plain(Truth::False);
        }
        let mut open = doubtful.then_some("");
        for o in image.open_systems(row.open) {
            if need_system && system.is_none_or(|s| s.as_bytes() != image.bytes(o.system)) {
                continue;
            }
            if Grammar::from_words(o.grammar).is_some_and(|g| g.holds(code)) {
                return Membership::plain(Truth::True);
            }
            if o.whole != 0 && need_system {
                return Membership::because(Truth::True, image.str(o.reason));
            }
            if !o.reason.is_empty() {
                open.get_or_insert(image.str(o.reason));
            } else if need_system {
                return Membership::plain(Truth::False);
            }
        }
        if let Some(reason) = open {
            return Membership::because(Truth::Unknown, reason);
        }
        if !row.incomplete.is_empty() {
            return Membership::because(Truth::Unknown, image.str(row.incomplete));
        }
        Membership::plain(Truth::False)
    }

    /// The code system of a url: looked up once, then remembered.
    pub fn code_system(&self, url: &str) -> Option<(Handle, &'e CodeSystemRow)> {
        let handle = remembered(&self.shared.systems, url, || self.set.find_code_system(url, None))?;
        Some((handle, self.set.code_system(handle)?))
    }

    /// A version of the code system of a url: looked up once, then remembered.
    pub fn code_system_version(&self, url: &str, version: &str) -> Option<(Handle, &'e CodeSystemRow)> {
        let handle = remembered(&self.shared.systems, &format!("{url}|{version}"), || {
            self.set.find_code_system_version(url, version)
        })?;
        Some((handle, self.set.code_system(handle)?))
    }

    /// Whether a code system has a code; unknown where it is not complete.
    pub fn has_code(&self, (handle, row): (Handle, &CodeSystemRow), code: &str) -> Truth {
        let image = self.set.layer(handle.layer);
        let has = |code: &str| image.concepts_of(row.slots, code.as_bytes()).next().is_some();
        if has(code) || country_template(code).is_some_and(|template| has(&template)) {
            return Truth::True;
        }
        if row.is_complete() { Truth::False } else { Truth::Unknown }
    }

    /// Whether a code system, of a version or of any, has a code: by the packages where they have it, its grammar, or
    /// what is held.
    pub fn code_exists(
        &self,
        (url, version): (&str, Option<&str>),
        found: Option<(Handle, &CodeSystemRow)>,
        code: &str,
    ) -> Truth {
        match found.map(|found| self.has_code(found, code)) {
            None | Some(Truth::Unknown) => {}
            Some(known) => return known,
        }
        if let Some(grammar) = Grammar::of_system(url) {
            return Truth::of(grammar.holds(code));
        }
        match self.held_system(url, version).map(|held| held.find(code)) {
            Some(HeldCode::Known(_)) => Truth::True,
            Some(HeldCode::Absent) => Truth::False,
            Some(HeldCode::Open) | None => Truth::Unknown,
        }
    }
}

/// The concept that stands for a code which ends in a country's three letters: `NNxxx` for `NNFIN`
/// (<https://terminology.hl7.org/CodeSystem-v2-0203.html>).
fn country_template(code: &str) -> Option<String> {
    let (prefix, country) = code.split_at_checked(code.len().checked_sub(3)?)?;
    (!prefix.is_empty() && country.bytes().all(|b| b.is_ascii_uppercase())).then(|| format!("{prefix}xxx"))
}
