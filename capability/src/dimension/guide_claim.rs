//! The guides that the server's statement names: each claims every profile of its version.

use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;

use super::candidates::{Ground, Step};
use super::evidence::{ProfileEvidence, climb, rank};
use super::versions::fits_release;
use crate::agreement::{Answer, Direction, ProfileStatus};
use crate::definitions::{GuideInfo, ProfileInfo};
use crate::reason::Reason;
use crate::statement::Stated;

impl Ground<'_, '_> {
    /// A guide that the server's statement names claims every profile of the guide.
    pub fn guide_steps(&self, required: &Canonical, direction: Direction) -> Vec<Step> {
        let statement = self.server.server.statement;
        let of_guide = |claim: &Stated<Canonical>| {
            let guides = self.definitions.guides(&claim.value);
            let (evidence, satisfied_by) = self.guide_evidence(required, &guides, direction)?;
            let offered = self.server.server.item(claim);
            let mut evidence = match offered.answer {
                Answer::No => return None,
                Answer::Unknown => evidence.unpromised(offered.why),
                Answer::Yes if self.server.offered.answer != Answer::Yes => {
                    evidence.unpromised(self.server.offered.why.clone())
                }
                Answer::Yes => evidence,
            };
            if claim.value.version.is_none() {
                evidence.why.push(Reason::GuideVersionUnknown);
            }
            Some(Step { evidence, satisfied_by, path: claim.path.clone() })
        };
        statement.guides.iter().filter_map(of_guide).collect()
    }

    /// What the loaded versions of a guide claim: the required version first, then the newest.
    fn guide_evidence(
        &self,
        required: &Canonical,
        guides: &[Arc<GuideInfo>],
        direction: Direction,
    ) -> Option<(ProfileEvidence, Canonical)> {
        let fitting = || {
            guides.iter().flat_map(|g| &g.profiles).filter(|p| p.resource_type == self.resource_type && self.fits(p))
        };
        let same = |p: &&Arc<ProfileInfo>| {
            p.url == required.url && (required.version.is_none() || p.version == required.version)
        };
        let claimed = |rank: u8, why: Vec<Reason>| {
            ProfileEvidence::new(rank, ProfileStatus::Claimed, Reason::ImplementationGuide, why)
        };
        if let Some(profile) = fitting().find(same) {
            return Some((claimed(rank::GUIDE, Vec::new()), profile.canonical()));
        }
        let newest = guides.iter().find(|g| g.profiles.iter().any(|p| self.fits(p)))?;
        let related = newest.profiles.iter().filter(|p| p.resource_type == self.resource_type);
        let climbed = related.filter_map(|p| {
            Some((climb(required, &p.canonical(), direction, self.release, self.definitions)?, p.canonical()))
        });
        let (evidence, by) = climbed.min_by_key(|(evidence, _)| evidence.rank)?;
        let passes = evidence.rank < rank::UNPROMISED;
        Some((
            if passes {
                claimed(rank::GUIDE_DERIVATION, evidence.why)
            } else {
                ProfileEvidence { rule: Reason::ImplementationGuide, ..evidence }
            },
            by,
        ))
    }

    fn fits(&self, info: &ProfileInfo) -> bool {
        fits_release(info, self.release)
    }
}
