//! The value sets that the profiles of two statements bind elements to. A CapabilityStatement of R4 names none itself:
//! they are those of the profiles that it names, each beside the profile that speaks for it on the other side.

use std::collections::BTreeSet;

use fhir_accord_profiles::definition::Canonical;

use super::beside::{Beside, Pair};
use super::bound_notes::Notes;
use super::line::{Line, lines};
use super::outcome::{Outcome, Remark, expression, quoted};
use crate::agreement::{Agreement, Direction};
use crate::definitions::Definitions;
use crate::relation::Coverage;
use crate::statement::parse_canonical;

/// The pairs of profiles whose value sets are compared; the others are counted.
const PAIRS_LIMIT: usize = 2000;
/// The versions of a profile that are compared where its statement names none.
const VERSIONS_LIMIT: usize = 8;

/// One way of a comparison: whose profiles are required.
pub(super) struct Way<'w> {
    pub agreement: &'w Agreement,
    pub is_left: bool,
    /// The name of the own statement's resource.
    pub root: &'w str,
    /// Whether what is found is told, and not only noted.
    pub is_told: bool,
}

/// The comparison of value sets.
pub(super) struct ValueSets<'d> {
    pub definitions: &'d dyn Definitions,
    /// The FHIR release of both statements, as `4.0`.
    pub release: Option<&'d str>,
    /// True where the left side is a client: what it does not bind does not count.
    pub is_client: bool,
}

/// A pair of profiles, by type and canonicals.
type Key = (String, Option<String>, Option<String>);

impl ValueSets<'_> {
    /// Tells the differences, and gives what the union and the intersection come to.
    pub(super) fn compare(&self, ways: &[Way<'_>], outcome: &mut Outcome) -> Notes {
        let mut notes = Notes::default();
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        let mut left_out = 0;
        for way in ways {
            let is_wanted = |line: &Line<'_>| line.row.client.is_none_or(|e| e.weight().is_some());
            for line in lines(way.agreement).filter(is_wanted) {
                let (Some(profile), Some(resource_type)) = (line.row.profile(), line.resource_type) else { continue };
                if profile.direction != Direction::Read {
                    continue;
                }
                // Profiles without an instance in common have nothing to compare.
                let is_apart = profile.evidence.iter().any(|e| e.coverage == Some(Coverage::None));
                let pair = (profile.required.clone(), profile.satisfied_by.clone().filter(|_| !is_apart));
                let (left, right) = if way.is_left { (Some(pair.0), pair.1) } else { (pair.1, Some(pair.0)) };
                let key = (resource_type.to_owned(), left, right);
                if seen.contains(&key) {
                    continue;
                }
                if seen.len() >= PAIRS_LIMIT {
                    left_out += 1;
                    continue;
                }
                self.one(way, &line, &key, &mut notes, outcome);
                seen.insert(key);
            }
        }
        if left_out > 0 {
            let text = format!("profiles whose value sets were not compared: {left_out} (limit {PAIRS_LIMIT} pairs)");
            outcome.add(&Remark::information(text));
        }
        notes
    }

    /// One pair, or one profile for which none of the other side speaks.
    fn one(&self, way: &Way<'_>, line: &Line<'_>, key: &Key, notes: &mut Notes, outcome: &mut Outcome) {
        let (resource_type, left, right) = key;
        let mut tell = |remark: Remark| {
            if way.is_told {
                let expression = line.row.paths.client.as_deref().map(|p| expression(way.root, p));
                let diagnostics = Some(format!("expression: in {}", if way.is_left { "left" } else { "right" }));
                outcome.add(&Remark { expression, diagnostics, ..remark });
            }
        };
        let [left_known, right_known] =
            [left, right].map(|side| side.as_deref().map_or_else(Vec::new, |text| self.meant(text)));
        let (own, known) = if way.is_left { (left, &left_known) } else { (right, &right_known) };
        if known.is_empty() || known.len() > VERSIONS_LIMIT {
            // The same version of the same profile binds the same value sets.
            let is_same = left == right && own.as_ref().is_some_and(|text| text.contains('|'));
            if !is_same {
                tell(unknown(own.as_deref().unwrap_or_default(), known.len()));
            }
            notes.add_unknown(resource_type);
        } else if left_known.is_empty()
            || right_known.is_empty()
            || right_known.len().max(left_known.len()) > VERSIONS_LIMIT
        {
            for version in known {
                match self.definitions.value_sets(version, version) {
                    Some(all) => all.iter().for_each(|bound| notes.add_either(resource_type, bound)),
                    None => notes.add_unknown(resource_type),
                }
            }
        } else {
            let pair = Pair { left: &left_known, right: &right_known, is_client: self.is_client };
            match Beside::of(&pair, self.definitions) {
                Some(beside) => {
                    beside.note(resource_type, notes);
                    pair.remarks(&beside).into_iter().for_each(tell);
                }
                None => {
                    tell(pair.unknown());
                    notes.add_unknown(resource_type);
                }
            }
        }
    }

    /// The versions of a profile that a statement may mean, the newest first: the one that it names, else all that are
    /// loaded.
    fn meant(&self, text: &str) -> Vec<Canonical> {
        let named = parse_canonical(text);
        let of_release = |version: Option<&str>| {
            let release = self.release.zip(version);
            release.is_none_or(|(r, v)| v.strip_prefix(r).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        };
        let all = self.definitions.versions(&named.url);
        let meant = all.iter().filter(|i| of_release(i.fhir_version.as_deref()));
        meant.filter(|i| named.version.is_none() || i.version == named.version).map(|i| i.canonical()).collect()
    }
}

/// A profile whose value sets nobody knows, of how many versions are loaded.
fn unknown(text: &str, versions: usize) -> Remark {
    let why = match versions {
        0 => "its definition is not loaded".to_owned(),
        _ => format!("it has no version, and {versions} are loaded (limit {VERSIONS_LIMIT})"),
    };
    Remark::information(format!("the value sets of profile {} are unknown: {why}", quoted(text)))
}
