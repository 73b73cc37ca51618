//! The version of a code system that a Coding names, against those of which a value set takes its codes
//! (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use super::membership::{Coded, Membership, OTHER_VERSION};
use super::scene::Scene;
use super::truth::Truth;
use crate::instance::{NameId, Node};
use crate::plan::rows::{CodeSystemRow, Str};
use crate::plan::{CodeSystemContent, Handle, VersionTaken, is_version};

/// Why a code of another version is no member.
const OTHER: &str = "the value set takes its codes from another version of the code system";

/// Whether a version that a Coding names is one that a value set takes codes of. An edition of SNOMED CT stands for all
/// its versions (<https://hl7.org/fhir/R4/snomedct.html>).
pub fn fits_version(of: &str, version: &str) -> bool {
    is_version(of, version) || version.strip_prefix(of).is_some_and(|rest| rest.starts_with("/version/"))
}

impl<'e> Scene<'e, '_> {
    /// Of which versions of a code system a value set takes codes.
    fn versions_taken<'s>(
        &self,
        value_set: Handle,
        system: &'s str,
    ) -> impl Iterator<Item = (VersionTaken, &'e str)> + use<'e, 's> {
        let image = self.set.layer(value_set.layer);
        let words = self.set.value_set(value_set).map(|row| image.links(row.versions)).unwrap_or_default();
        let of_system = move |words: &&[u32; 3]| image.bytes(Str(words[1])) == system.as_bytes();
        let taken = words.as_chunks::<3>().0.iter().filter(of_system);
        taken.map(|[kind, _, version]| (VersionTaken::of(*kind), image.str(Str(*version))))
    }

    /// Of which versions of which code systems a value set takes codes: the system, how, and the version.
    pub fn all_versions_taken(
        &self,
        value_set: Handle,
    ) -> impl Iterator<Item = (&'e str, VersionTaken, &'e str)> + use<'e> {
        let image = self.set.layer(value_set.layer);
        let words = self.set.value_set(value_set).map(|row| image.links(row.versions)).unwrap_or_default();
        let taken = words.as_chunks::<3>().0.iter();
        taken
            .map(|[kind, system, version]| (image.str(Str(*system)), VersionTaken::of(*kind), image.str(Str(*version))))
    }

    /// Whether a value set takes all codes of a code system, of the version that is loaded.
    pub fn takes_whole(&self, value_set: Handle, system: &str) -> bool {
        // What is excluded is among them, too.
        let mut kinds = self.versions_taken(value_set, system).map(|(kind, _)| kind).peekable();
        kinds.peek().is_some() && kinds.all(|kind| kind == VersionTaken::Whole)
    }

    /// The versions of a code system that a value set names.
    pub fn pinned_versions<'s>(
        &self,
        value_set: Handle,
        system: &'s str,
    ) -> impl Iterator<Item = &'e str> + use<'e, 's> {
        self.versions_taken(value_set, system)
            .filter(|(kind, _)| *kind == VersionTaken::Pinned)
            .map(|(_, version)| version)
    }

    /// The membership of a code by the version that its Coding names; as it was where it names none, or the value set
    /// does not ask for one.
    pub(super) fn in_version(
        &self,
        value_set: Handle,
        coded: &Coded<'_>,
        coding: Node<'_>,
        itself: Membership<'e>,
    ) -> Membership<'e> {
        if self.set.value_set(value_set).is_none_or(|row| row.versions.len == 0) {
            return itself;
        }
        let Some(version) = coding.child(NameId::VERSION).filter(|v| v.has_value()) else { return itself };
        let (version, system) = (version.text(), coded.system.as_deref().unwrap_or_default());
        let (mut all_fit, mut all_pinned, mut all_whole) = (true, true, true);
        let (mut any, mut any_pinned, mut any_loaded) = (false, false, false);
        for (kind, of) in self.versions_taken(value_set, system) {
            any = true;
            any_pinned |= kind == VersionTaken::Pinned;
            any_loaded |= matches!(kind, VersionTaken::Whole | VersionTaken::Filtered);
            all_fit &= kind == VersionTaken::Any || fits_version(of, &version);
            all_pinned &= kind == VersionTaken::Pinned && !fits_version(of, &version);
            all_whole &= kind == VersionTaken::Whole;
        }
        // What is not among the codes that are listed, or those of the versions that are named, is not among fewer of
        // them either.
        if !any || all_fit || itself.truth == Truth::False && !any_loaded {
            return itself;
        }
        // How the versions of a code system differ that is not loaded is not known.
        let is_complete = self
            .code_system(system)
            .is_some_and(|(_, row): (Handle, &CodeSystemRow)| row.content() == CodeSystemContent::Complete);
        if all_pinned && is_complete {
            return Membership::because(Truth::False, OTHER);
        }
        let truth = match self.code_system_version(system, &version) {
            Some(found) if all_whole => self.has_code(found, &coded.code),
            // Where the version is not loaded but another is, the Coding itself leaves the question.
            None if itself.truth == Truth::True && !any_pinned && is_complete => return itself,
            _ => Truth::Unknown,
        };
        Membership::because(truth, if truth == Truth::True { "" } else { OTHER_VERSION })
    }
}
