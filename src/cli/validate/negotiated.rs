//! A negotiated profile set as a guard: an instance has to be valid for one of the profiles of its type that both sides
//! can use.

use std::collections::BTreeMap;
use std::path::Path;

use fhir_accord_profiles::issue::{Report, Verdict};
use fhir_accord_profiles::plan::Handle;
use serde::Deserialize;

use crate::app::{App, AppError};

/// The profiles of a negotiation, by type.
#[derive(Default)]
pub(super) struct Negotiated(BTreeMap<String, Vec<Handle>>);

/// What is read of the result of a negotiation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    profile_set: Vec<Shared>,
}

#[derive(Deserialize)]
struct Shared {
    #[serde(rename = "type")]
    resource_type: String,
    direction: String,
    profile: String,
    #[serde(rename = "as")]
    served_as: Option<String>,
}

impl Negotiated {
    /// Reads the result of `accord negotiate --format json`. Of a type that the client writes, instances are held
    /// against what the server accepts; of another, against what the client reads.
    ///
    /// # Errors
    /// [`AppError::File`] where it cannot be read or is no such result, [`AppError::Profile`] where a profile of the
    /// set is not loaded.
    pub fn read(path: &Path, app: &App) -> Result<Negotiated, AppError> {
        let name = path.display();
        let text = std::fs::read(path).map_err(|e| AppError::File(format!("could not read `{name}`: {e}")))?;
        let agreement: Agreement = serde_json::from_slice(&text).map_err(|e| {
            AppError::File(format!("`{name}` is not a result of `accord negotiate --format json`: {e}"))
        })?;
        let mut all = BTreeMap::new();
        let written = |t: &str| agreement.profile_set.iter().any(|p| p.resource_type == t && p.direction == "write");
        for shared in &agreement.profile_set {
            let writes = written(&shared.resource_type);
            if writes != (shared.direction == "write") {
                continue;
            }
            let canonical = shared.served_as.as_ref().filter(|_| writes).unwrap_or(&shared.profile);
            let found = app.profiles(std::slice::from_ref(canonical))?;
            all.entry(shared.resource_type.clone()).or_insert_with(Vec::new).extend(found);
        }
        Ok(Negotiated(all))
    }

    /// The report under the profile of the type that fits best; `check` validates under these profiles in addition.
    /// `None` where the set has none of the type.
    pub fn check(&self, resource_type: &str, mut check: impl FnMut(&[Handle]) -> Report) -> Option<Report> {
        let mut best: Option<Report> = None;
        for profile in self.0.get(resource_type)? {
            let report = check(std::slice::from_ref(profile));
            let is_better = best.as_ref().is_none_or(|b| rank(&report) < rank(b));
            let is_valid = report.verdict == Verdict::Valid;
            if is_better {
                best = Some(report);
            }
            if is_valid {
                break;
            }
        }
        best
    }
}

/// Valid first, then undetermined, then the fewest errors.
fn rank(report: &Report) -> (u8, u64) {
    let verdict = match report.verdict {
        Verdict::Valid => 0,
        Verdict::Undetermined => 1,
        Verdict::Invalid => 2,
    };
    (verdict, report.tally.errors)
}
