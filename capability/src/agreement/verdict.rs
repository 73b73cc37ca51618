//! From findings to a verdict: counts by weight.

use serde::Serialize;

use crate::expectation::Weight;
use crate::reason::Reason;

/// How well a server serves a client. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every SHALL is met, and no SHOULD failed.
    Compatible,
    /// Every SHALL is met, but a SHOULD failed.
    Degraded,
    /// No SHALL failed, but whether one is met is unknown.
    Indeterminate,
    /// A SHALL failed.
    Incompatible,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is met.
    Satisfied,
    /// It is not met.
    Unmet,
    /// It cannot be determined.
    Unknown,
}

/// What a row says about its requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowVerdict {
    /// It is met.
    Ok,
    /// It is not met.
    Failed,
    /// It cannot be determined.
    Unknown,
    /// It requires nothing.
    Told,
}

/// How many requirements of one weight are met, failed, or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Requirements that are met.
    pub ok: u32,
    /// Requirements that failed.
    pub failed: u32,
    /// Requirements of which this cannot be determined.
    pub unknown: u32,
}

/// Tallies by weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// What the client requires by SHALL.
    #[serde(rename = "SHALL")]
    pub shall: Tally,
    /// What the client requires by SHOULD.
    #[serde(rename = "SHOULD")]
    pub should: Tally,
    /// What the client requires by MAY.
    #[serde(rename = "MAY")]
    pub may: Tally,
}

impl Counts {
    /// Counts one finding; a finding without a weight is not counted.
    pub fn add(&mut self, weight: Option<Weight>, finding: Finding) {
        let tally = match weight {
            Some(Weight::Shall) => &mut self.shall,
            Some(Weight::Should) => &mut self.should,
            Some(Weight::May) => &mut self.may,
            None => return,
        };
        match finding {
            Finding::Satisfied => tally.ok += 1,
            Finding::Unmet => tally.failed += 1,
            Finding::Unknown => tally.unknown += 1,
        }
    }

    /// Adds the counts of a part.
    pub fn include(&mut self, other: &Counts) {
        for (own, more) in
            [(&mut self.shall, other.shall), (&mut self.should, other.should), (&mut self.may, other.may)]
        {
            own.ok += more.ok;
            own.failed += more.failed;
            own.unknown += more.unknown;
        }
    }

    /// The first that applies: a failed SHALL, an unknown SHALL, a failed SHOULD, a [doubt](Counts::doubt), none of
    /// these.
    ///
    /// ```
    /// use fhir_accord_capability::agreement::{Counts, Finding, Verdict};
    /// use fhir_accord_capability::expectation::Weight;
    ///
    /// let mut counts = Counts::default();
    /// counts.add(Some(Weight::Shall), Finding::Satisfied);
    /// assert_eq!(counts.verdict(), Verdict::Compatible);
    /// counts.add(Some(Weight::Should), Finding::Unmet);
    /// assert_eq!(counts.verdict(), Verdict::Degraded);
    /// ```
    pub fn verdict(&self) -> Verdict {
        if self.shall.failed > 0 {
            Verdict::Incompatible
        } else if self.shall.unknown > 0 {
            Verdict::Indeterminate
        } else if self.should.failed > 0 {
            Verdict::Degraded
        } else if self.doubt().is_some() {
            Verdict::Indeterminate
        } else {
            Verdict::Compatible
        }
    }

    /// Why nothing that failed does not yet mean yes: a yes needs something known.
    pub fn doubt(&self) -> Option<Reason> {
        let all = |t: Tally| t.ok + t.failed + t.unknown;
        let known = self.shall.failed > 0 || self.shall.unknown > 0 || self.should.failed > 0;
        if known {
            None
        } else if all(self.shall) + all(self.should) + all(self.may) == 0 {
            Some(Reason::NothingWeighs)
        } else {
            (self.should.unknown > self.should.ok).then_some(Reason::MostlyUnknown)
        }
    }
}
