//! Launch context, patient selection, identity and refresh: what a scope request gives in addition to access.

use super::GrantRequest;
use crate::agreement::{Flow, Launch, LaunchContext, Outcome, PatientSelection, RefreshToken, ScopeOutcome};
use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::scope::{Context, Permission, ResourceScope};

/// The types that a `fhirUser` claim may name.
const USER_TYPES: [&str; 5] = ["Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Person"];

/// Derives the launch from the request and the outcomes of its tokens.
pub fn launch(request: &GrantRequest, outcomes: &[ScopeOutcome], issues: &mut Vec<Issue>) -> Launch {
    let lost = |word: &str| {
        outcomes.iter().any(|o| o.normalised == word && matches!(o.outcome, Outcome::Dropped | Outcome::Rejected))
    };
    let has = |word: &str| request.asks(word) && !lost(word);
    let is_kept = |o: &ScopeOutcome| !matches!(o.outcome, Outcome::Dropped | Outcome::Rejected);
    let kept = request.tokens.iter().zip(outcomes).filter(|(_, o)| is_kept(o));
    let kept: Vec<&ResourceScope> = kept.filter_map(|(token, _)| token.resource()).collect();
    let selection = patient_selection(request, &kept, &has);
    let context = context(request, &has, issues);
    Launch {
        flow: request.flow,
        context,
        patient_selection: selection,
        identity: identity(request, &kept, &has, issues),
        refresh: refresh(request, &has),
    }
}

fn context(request: &GrantRequest, has: &impl Fn(&str) -> bool, issues: &mut Vec<Issue>) -> LaunchContext {
    let patient = request.asked_scopes().any(|s| s.context == Context::Patient);
    let asked = match request.flow {
        Flow::Ehr => has("launch"),
        Flow::Standalone => has("launch/patient") || (!patient && has("launch/encounter")),
        Flow::Backend => false,
        Flow::Refresh => has("launch") || has("launch/patient"),
    };
    match request.flow {
        Flow::Backend => LaunchContext::Missing,
        _ if asked || request.patient_assumed => LaunchContext::Granted,
        _ if patient => {
            let word = if request.flow == Flow::Ehr { "launch" } else { "launch/patient" };
            let text = format!("`patient/` scopes without `{word}`: the server infers the patient or refuses");
            if request.flow != Flow::Refresh {
                issues.push(Issue::warning(Reason::PatientNoLaunch, Party::Scope, "", text));
            }
            LaunchContext::Conditional
        }
        _ => LaunchContext::Missing,
    }
}

fn patient_selection(request: &GrantRequest, kept: &[&ResourceScope], has: &impl Fn(&str) -> bool) -> PatientSelection {
    let by_ehr = match request.flow {
        Flow::Ehr => has("launch") || has("launch/patient"),
        Flow::Standalone => has("launch/patient"),
        Flow::Backend | Flow::Refresh => false,
    };
    let context = if request.flow == Flow::Backend { Context::System } else { Context::User };
    let may = |p: Permission| {
        kept.iter().any(|s| s.context == context && s.covers_type("Patient") && s.permissions.contains(p))
    };
    match by_ehr {
        true => PatientSelection::Ehr,
        // Reading needs an id to start from, so choosing a patient takes a search.
        false if may(Permission::Read) && may(Permission::Search) => PatientSelection::App,
        false => PatientSelection::None,
    }
}

fn identity(
    request: &GrantRequest,
    kept: &[&ResourceScope],
    has: &impl Fn(&str) -> bool,
    issues: &mut Vec<Issue>,
) -> &'static str {
    let claim = has("fhirUser") || has("profile");
    if !has("openid") {
        if claim {
            issues.push(Issue::warning(
                Reason::IdentityNoOpenid,
                Party::Scope,
                "",
                "`fhirUser` without `openid` gives no ID token",
            ));
        }
        return "none";
    }
    if !claim {
        return "openid";
    }
    let reads = |resource_type: &str| {
        kept.iter().any(|s| s.covers_type(resource_type) && s.permissions.contains(Permission::Read))
    };
    let unread: Vec<&str> = match request.user.as_deref() {
        Some(user) => USER_TYPES.into_iter().filter(|t| *t == user && !reads(t)).collect(),
        None => USER_TYPES.into_iter().filter(|t| !reads(t)).collect(),
    };
    if !unread.is_empty() {
        let text = format!(
            "the `fhirUser` claim may name a resource that no requested scope allows the app to read: {}",
            unread.join(", ")
        );
        issues.push(Issue::information(Reason::IdentityUnreadable, Party::Scope, "", text));
    }
    "fhirUser"
}

fn refresh(request: &GrantRequest, has: &impl Fn(&str) -> bool) -> RefreshToken {
    match request.flow {
        Flow::Backend => RefreshToken::None,
        _ if has("offline_access") => RefreshToken::Offline,
        _ if has("online_access") => RefreshToken::Online,
        _ => RefreshToken::None,
    }
}
