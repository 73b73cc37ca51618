//! The texts of rule ids: of the catalogue's rules, and of a site's own.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::RuleId;
use super::catalogue::{self, RULES};

/// The ids that no catalogue holds, in the order in which they were made: nothing is ever taken out.
struct Sites {
    texts: Vec<&'static str>,
    numbers: FxHashMap<&'static str, u32>,
}

static SITES: RwLock<Sites> = RwLock::new(Sites { texts: Vec::new(), numbers: FxHashMap::with_hasher(FxBuildHasher) });

impl RuleId {
    /// The id of a rule that no catalogue holds: a site's own, `namespace/name`. The same text gives the same id, for
    /// as long as the process lives.
    pub fn of_site(id: &str) -> RuleId {
        if let Some(rule) = catalogue::find_rule(id) {
            return rule.id;
        }
        let mut sites = SITES.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = sites.numbers.get(id) {
            return RuleId::numbered(*number);
        }
        let number = (RULES.len() + sites.texts.len()) as u32;
        let text: &'static str = String::leak(id.to_owned());
        sites.texts.push(text);
        sites.numbers.insert(text, number);
        RuleId::numbered(number)
    }

    /// The text of the id.
    pub fn as_str(self) -> &'static str {
        catalogue::text(self.number()).unwrap_or_else(|| self.of_sites())
    }

    fn of_sites(self) -> &'static str {
        let sites = SITES.read().unwrap_or_else(PoisonError::into_inner);
        self.number().checked_sub(RULES.len()).and_then(|at| sites.texts.get(at)).copied().unwrap_or_default()
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RuleId").field(&self.as_str()).finish()
    }
}

impl Ord for RuleId {
    fn cmp(&self, other: &RuleId) -> Ordering {
        if self == other { Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

impl PartialOrd for RuleId {
    fn partial_cmp(&self, other: &RuleId) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{find_rule, rule};
    use super::*;

    #[test]
    fn ids_are_places_in_the_catalogue() {
        for (at, row) in RULES.iter().enumerate() {
            assert_eq!(
                (row.id.number(), find_rule(row.id.as_str()).map(|r| r.id), rule(row.id).map(|r| r.id)),
                (at, Some(row.id), Some(row.id))
            );
        }
        assert_eq!(RuleId::SLICE_MIN.to_string(), "slice-min");
        assert_eq!(format!("{:?}", RuleId::SLICE_MIN), "RuleId(\"slice-min\")");
        assert!(find_rule("").is_none() && find_rule("no-such-rule").is_none());
    }

    #[test]
    fn ids_of_a_site_are_made_once() {
        let (a, b) = (RuleId::of_site("made-up/a"), RuleId::of_site("made-up/b"));
        assert!(a != b && a < b && a == RuleId::of_site("made-up/a"));
        assert_eq!((a.as_str(), b.as_str(), rule(a).is_none()), ("made-up/a", "made-up/b", true));
        assert_eq!(RuleId::of_site("slice-min"), RuleId::SLICE_MIN);
    }

    #[test]
    fn ids_are_ordered_by_their_text() {
        let mut ids: Vec<RuleId> =
            RULES.iter().map(|r| r.id).chain([RuleId::of_site("made-up/order"), RuleId::of_site("a/order")]).collect();
        ids.sort();
        assert!(ids.windows(2).all(|w| w[0].as_str() < w[1].as_str()));
    }
}
