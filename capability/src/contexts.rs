//! What is told of a scope request beside its outcome: whose authority it rests on, which contexts it mixes, which
//! types lie outside the patient compartment.

use crate::definitions::Definitions;
use crate::grant::GrantRequest;
use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::scope::{Context, ResourceScope, Token, is_known_type};

/// Tells what the scopes by themselves do not say.
pub fn tell(grant: &GrantRequest, definitions: &dyn Definitions, release: Option<&str>, issues: &mut Vec<Issue>) {
    tell_authority(grant, issues);
    tell_contexts(grant, definitions, release, issues);
}

fn tell_authority(grant: &GrantRequest, issues: &mut Vec<Issue>) {
    if grant.asked && grant.authority.is_none() {
        let text =
            "it is unknown what the user may do in their own right, which a server may enforce against the scopes";
        issues.push(Issue::information(Reason::Authority, Party::Server, "", text));
    }
}

/// Tells what some servers refuse, or answer with nothing: contexts mixed, and types outside the patient compartment.
fn tell_contexts(grant: &GrantRequest, definitions: &dyn Definitions, release: Option<&str>, issues: &mut Vec<Issue>) {
    let asks = |context: Context| grant.asked_scopes().any(|s| s.context == context);
    if asks(Context::Patient) && asks(Context::User) {
        let text = "`patient/` and `user/` scopes are requested together, which some servers answer with status 400";
        issues.push(Issue::information(Reason::MixedContexts, Party::Scope, "", text));
    }
    let launched = |t: &Token| t.fault().is_none() && t.normal == "launch/patient";
    if grant.source == Reason::TokenResponse
        && grant.granted.as_ref().is_some_and(|all| all.iter().any(launched))
        && !grant.patient_assumed
    {
        let text = "the token response grants `launch/patient` and names no patient";
        issues.push(Issue::warning(Reason::NoPatientContext, Party::Policy, "tokenResponse.patient", text));
    }
    let Some(compartment) = definitions.patient_compartment(release) else { return };
    let outside = |s: &&ResourceScope| {
        s.context == Context::Patient
            && s.resource_type != "*"
            && is_known_type(&s.resource_type)
            && s.resource_type != "Patient"
            && !compartment.contains(&s.resource_type)
    };
    let mut types: Vec<&str> = grant.asked_scopes().filter(outside).map(|s| s.resource_type.as_str()).collect();
    types.sort_unstable();
    types.dedup();
    if !types.is_empty() {
        let text = format!(
            "these types are not in the patient compartment, so what a `patient/` scope gives of them is the server's \
             choice: {}",
            types.join(", ")
        );
        issues.push(Issue::information(Reason::OutsideCompartment, Party::Scope, "", text));
    }
}
