//! One row for each item of the client's statement. `client` is the item's own expectation, `weighs` what it weighs in
//! the verdict (null: nothing), `server` what the server offers, `why` the rule ids behind it.

use serde::Serialize;

use super::answer::{Answer, ScopeAnswer, Usable};
use super::profile::ProfileAgreement;
use super::verdict::{Counts, Verdict};
use crate::expectation::{Expectation, Weight};

/// The system level of the client's statement.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemAgreement {
    /// Batch, transaction, and interactions across all types.
    pub interactions: Vec<InteractionAgreement>,
    /// Search parameters for all types.
    pub search_params: Vec<SearchParamAgreement>,
    /// Operations on the system.
    pub operations: Vec<OperationAgreement>,
}

/// One of the client's types.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceAgreement {
    /// The resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The entry's own expectation.
    pub client: Option<Expectation>,
    /// What the entry weighs; null: it requires nothing.
    pub weighs: Option<Weight>,
    /// Whether the server supports the type.
    pub server: Answer,
    /// The verdict over this type only.
    pub verdict: Verdict,
    /// The counts of this type only.
    pub counts: Counts,
    /// Rule ids about the type, and about flags of its entry that are not met.
    pub why: Vec<&'static str>,
    /// Required profiles, one row for each direction.
    pub profiles: Vec<ProfileAgreement>,
    /// Interactions on the type and its instances.
    pub interactions: Vec<InteractionAgreement>,
    /// Search parameters of the type.
    pub search_params: Vec<SearchParamAgreement>,
    /// Combinations of search parameters.
    pub combinations: Vec<CombinationAgreement>,
    /// `_include` values, then `_revinclude` values.
    pub includes: Vec<IncludeAgreement>,
    /// Operations on the type and its instances.
    pub operations: Vec<OperationAgreement>,
}

/// One interaction.
#[derive(Clone, Debug, Serialize)]
pub struct InteractionAgreement {
    /// The code, as `search-type`.
    pub code: String,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// Null without a scope string, and where the interaction needs no scope of its own.
    pub scope: Option<ScopeAnswer>,
    /// What follows from `server` and `scope`.
    pub usable: Usable,
    /// Rule ids.
    pub why: Vec<&'static str>,
}

/// One search parameter.
#[derive(Clone, Debug, Serialize)]
pub struct SearchParamAgreement {
    /// The parameter's name.
    pub name: String,
    /// The canonical of its SearchParameter, where the client gives one.
    pub definition: Option<String>,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// Rule ids.
    pub why: Vec<&'static str>,
}

/// One combination of search parameters.
#[derive(Clone, Debug, Serialize)]
pub struct CombinationAgreement {
    /// Names of parameters that are always in the query.
    pub required: Vec<String>,
    /// Names of parameters that may be in the query.
    pub optional: Vec<String>,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// Rule ids.
    pub why: Vec<&'static str>,
}

/// One `_include` or `_revinclude`.
#[derive(Clone, Debug, Serialize)]
pub struct IncludeAgreement {
    /// As it is written, such as `Provenance:target`.
    pub code: String,
    /// True for `_revinclude`.
    pub reverse: bool,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// Rule ids.
    pub why: Vec<&'static str>,
}

/// One operation.
#[derive(Clone, Debug, Serialize)]
pub struct OperationAgreement {
    /// The name without `$`.
    pub name: String,
    /// The canonical of its OperationDefinition, where the client gives one.
    pub definition: Option<String>,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// Null without a scope string.
    pub scope: Option<ScopeAnswer>,
    /// What follows from `server` and `scope`.
    pub usable: Usable,
    /// Rule ids.
    pub why: Vec<&'static str>,
}
