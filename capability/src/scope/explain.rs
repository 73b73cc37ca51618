//! What each token of a scope string means, in one sentence.

use serde::Serialize;

use super::parse::parse;
use super::permission::{Permission, Permissions};
use super::token::{Context, Kind, ResourceScope, Syntax, Token};
use super::types::is_known_type;
use crate::reason::Reason;

/// One token explained. Fields that do not apply are null.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// The token as it was written.
    pub token: String,
    /// Byte offset in the scope string, from 0.
    pub at: usize,
    /// `resource`, `launch`, `identity`, `refresh`, `extension`, `foreign` or `faulty`.
    pub kind: &'static str,
    /// `patient`, `user` or `system`.
    pub context: Option<&'static str>,
    /// The type's name, or `*`.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The letters as v2 writes them.
    pub permissions: Option<String>,
    /// The query in its normal form.
    pub query: Option<String>,
    /// What it means, in one sentence.
    pub meaning: String,
    /// The rule id of the token's fault.
    pub fault: Option<Reason>,
    /// The corrected token, or advice.
    pub hint: Option<String>,
}

/// A scope string explained.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// Its tokens in their order.
    pub tokens: Vec<Explained>,
}

/// Explains every token of a scope string.
///
/// ```
/// use fhir_accord_capability::scope::explain;
///
/// let explanation = explain("launch patient/Observation.read");
/// let read = &explanation.tokens[1];
/// assert_eq!((read.kind, read.at, read.permissions.as_deref()), ("resource", 7, Some("rs")));
/// assert_eq!(read.meaning, "read and search Observation resources of the patient in context (SMART v1)");
/// ```
pub fn explain(text: &str) -> Explanation {
    Explanation { tokens: parse(text).iter().map(explain_token).collect() }
}

fn explain_token(token: &Token) -> Explained {
    let scope = token.resource();
    Explained {
        token: token.text.clone(),
        at: token.at,
        kind: kind_name(&token.kind),
        context: scope.map(|s| s.context.name()),
        resource_type: scope.map(|s| s.resource_type.clone()),
        permissions: scope.map(|s| s.permissions.to_string()),
        query: scope.filter(|s| !s.query.is_empty()).map(|s| s.query.to_string()),
        meaning: meaning(token),
        fault: token.fault().map(|f| f.rule),
        hint: token.fault().map(|f| f.hint.clone()).or_else(|| token.hint.clone()),
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Resource(..) => "resource",
        Kind::Launch => "launch",
        Kind::Identity => "identity",
        Kind::Refresh => "refresh",
        Kind::Extension => "extension",
        Kind::Foreign => "foreign",
        Kind::Faulty(_) => "faulty",
    }
}

fn meaning(token: &Token) -> String {
    match &token.kind {
        Kind::Resource(scope, syntax) => resource_meaning(scope, *syntax),
        Kind::Launch => launch_meaning(&token.normal),
        Kind::Identity => match token.normal.as_str() {
            "openid" => "an ID token that identifies the user".to_owned(),
            "fhirUser" => "with openid, the ID token names the resource that represents the user".to_owned(),
            _ => "the old name of fhirUser: the ID token names the resource that represents the user".to_owned(),
        },
        Kind::Refresh if token.normal == "online_access" => {
            "a refresh token that lasts while the user is online".to_owned()
        }
        Kind::Refresh => "a refresh token that outlasts the user's session; the server sets its lifetime".to_owned(),
        Kind::Extension => "an extension scope, defined by its owner".to_owned(),
        Kind::Foreign => "not a SMART scope: valid, but only the server knows what it means".to_owned(),
        Kind::Faulty(_) => "not a valid scope: it grants nothing, and what a server does with it is unknown".to_owned(),
    }
}

fn launch_meaning(normal: &str) -> String {
    let Some(rest) = normal.strip_prefix("launch/") else {
        return "the launch context of the EHR that launches the app".to_owned();
    };
    let (name, role) = match rest.split_once("?role=") {
        Some((name, role)) => (name, Some(role)),
        None => (rest, None),
    };
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match role {
        Some(role) => format!("{article} {name} in the launch context, in the role {role}"),
        None => format!("{article} {name} in the launch context, chosen at launch time outside an EHR"),
    }
}

fn resource_meaning(scope: &ResourceScope, syntax: Syntax) -> String {
    let whose = match scope.context {
        Context::Patient => "of the patient in context",
        Context::User => "that the user may access",
        Context::System => "that the client itself may access, with no user present",
    };
    let what = if scope.resource_type == "*" {
        "resources of all current and future types".to_owned()
    } else {
        format!("{} resources", scope.resource_type)
    };
    let vendor = if scope.resource_type == "*" || is_known_type(&scope.resource_type) {
        ""
    } else {
        "; the type is a vendor's, not one of FHIR's"
    };
    let filter = if scope.query.is_empty() { String::new() } else { format!(" where {}", scope.query) };
    let version = match syntax {
        Syntax::V1 => "SMART v1",
        Syntax::V2 => "SMART v2",
    };
    format!("{} {what} {whose}{filter} ({version}{vendor})", verbs(scope.permissions))
}

/// `read and search`, `create, update and delete`.
fn verbs(permissions: Permissions) -> String {
    let verbs: Vec<&str> = permissions
        .iter()
        .map(|p| match p {
            Permission::Create => "create",
            Permission::Read => "read",
            Permission::Update => "update",
            Permission::Delete => "delete",
            Permission::Search => "search",
        })
        .collect();
    match verbs.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
