//! What is asked of a guard, and what it answers.

use fhir_accord_profiles::interrupt::Interrupt;
use serde::Serialize;
use serde_json::Value;

/// What a verified token allows: nothing of it comes from the request that is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenContext {
    /// The granted scopes, separated by spaces.
    pub scope: String,
    /// The id of the patient in context, as `123`.
    pub patient: Option<String>,
}

/// The methods of FHIR's interactions (<https://hl7.org/fhir/R4/http.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads and searches.
    Get,
    /// As [`Method::Get`], without the body.
    Head,
    /// Creates, searches, operations, batches and transactions.
    Post,
    /// Updates.
    Put,
    /// Patches.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// A method by its name in requests, in capitals.
    pub fn parse(name: &str) -> Option<Method> {
        Some(match name {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => return None,
        })
    }
}

/// The resource that a write would change, as it stands on the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State<'a> {
    /// Nobody has looked.
    #[default]
    NotRead,
    /// There is none.
    Absent,
    /// The resource in JSON.
    Resource(&'a [u8]),
}

/// One request to a FHIR server.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// Its method.
    pub method: Method,
    /// The path and query below the server's base, percent-encoded, without the first slash: `Observation?code=x`.
    pub url: &'a str,
    /// The header `If-None-Exist`.
    pub if_none_exist: Option<&'a str>,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The body; `None` where there is none.
    pub body: Option<&'a [u8]>,
    /// What an update, a patch or a delete would change.
    pub old: State<'a>,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may go on, and so may its answer, unseen.
    Allowed,
    /// It may not.
    Refused,
    /// It may go on; each resource of the answer is to be judged by [`Gate::judge_answer`] before anybody sees it.
    JudgeAnswer,
    /// To be asked again with [`Access::old`] filled in.
    NeedsOld,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule, by a stable id, as `scope-missing`.
    pub rule: &'static str,
    /// A sentence for people; it has no value of an instance.
    pub text: String,
}

/// What a guard says of a request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// What becomes of it.
    pub verdict: Verdict,
    /// The interaction, as `update` or `search-type`; `None` where the request is none.
    pub interaction: Option<&'static str>,
    /// The resource type.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The granted scope that carries it.
    pub scope: Option<String>,
    /// The profile that the body is valid against, or that it fails.
    pub profile: Option<String>,
    /// Why it is refused, the first reason first; empty where it is not.
    pub why: Vec<Reason>,
    /// The validator's issues on the body, as members of OperationOutcome.issue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Value>,
    /// For a batch or a transaction what is said of each entry, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Decision>,
}

/// Decides on requests under one negotiation.
pub trait Gate: Send + Sync {
    /// What becomes of a request. Broken off it is refused, with the limit's name.
    fn decide(&self, token: &TokenContext, access: &Access<'_>, interrupt: &Interrupt) -> Decision;

    /// Whether the answer (a resource or a searchset in JSON) to an allowed request may be seen by the token's holder:
    /// [`Verdict::Allowed`] or [`Verdict::Refused`].
    fn judge_answer(&self, token: &TokenContext, access: &Access<'_>, answer: &[u8], interrupt: &Interrupt)
    -> Decision;
}
