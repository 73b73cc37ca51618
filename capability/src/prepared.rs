//! A side of a negotiation, read once: its statement in normal form, and what was noticed on the way. One side can be
//! negotiated with many others.

use fhir_accord_profiles::definition::Canonical;
use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::definitions::Definitions;
use crate::identity::identity;
use crate::issue::{Issue, Party};
use crate::parties::PartyInfo;
use crate::request::{NegotiateError, Side};
use crate::size;
use crate::statement::{Statement, read_statement, resolve_imports, settle_profiles, statement_of_guide};

/// A client or a server in normal form, under one package set.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) statement: Statement,
    /// Remarks on the statement, in the order in which they were made.
    pub(crate) issues: Vec<Issue>,
    /// The hash of the side as JSON.
    pub(crate) hash: String,
    /// What the statement says of itself, with where it came from.
    pub(crate) info: PartyInfo,
}

impl Prepared {
    /// Brings a side to its normal form; `from` is the file or address that its statement came from.
    ///
    /// # Errors
    /// [`NegotiateError::NotAStatement`] where its JSON is not a statement, [`NegotiateError::GuideAbsent`] where its
    /// guide is not loaded, [`NegotiateError::TooMuch`] where it is a client that lists more than is compared at once.
    pub fn new(
        side: &Side,
        party: Party,
        from: Option<&str>,
        definitions: &dyn Definitions,
    ) -> Result<Prepared, NegotiateError> {
        let mut issues = Vec::new();
        let mut statement = match side {
            Side::Statement(value) => read_statement(value, party, &mut issues).ok_or_else(|| {
                let found = value.get("resourceType").and_then(Value::as_str).unwrap_or("no FHIR resource");
                NegotiateError::NotAStatement { party, found: found.to_owned() }
            })?,
            Side::Guide { id, version } => {
                let guide = definitions.guide(id, version.as_deref()).ok_or_else(|| {
                    let guide = version.as_ref().map_or_else(|| id.clone(), |v| format!("{id}#{v}"));
                    NegotiateError::GuideAbsent { party, guide }
                })?;
                statement_of_guide(&guide, party, &mut issues)
            }
        };
        resolve_imports(&mut statement, definitions, &mut issues);
        if party == Party::Client {
            size::within_limit(&statement)?;
        }
        settle_profiles(&mut statement, definitions, &mut issues);
        let from = from.map(str::to_owned).or_else(|| side.guide_name());
        let info = PartyInfo { from, ..statement.about.clone() };
        Ok(Prepared { statement, issues, hash: identity(&mut [("side", &side.to_json())]), info })
    }

    /// What the statement says of itself, with where it came from.
    pub fn info(&self) -> &PartyInfo {
        &self.info
    }

    /// The profiles that its entries name, with their types, each once, in its order.
    pub fn profiles(&self) -> Vec<(&str, &Canonical)> {
        let mut known = FxHashSet::default();
        let entries = self.statement.rest.resources.iter();
        let all = entries.flat_map(|r| r.profiles.iter().map(|p| (r.resource_type.as_str(), &p.value.canonical)));
        all.filter(|(_, canonical)| known.insert(*canonical)).collect()
    }

    /// The FHIR release that it speaks, as `4.0`; `None` where it names none that is known.
    pub fn release(&self) -> Option<String> {
        self.statement.release()
    }
}
