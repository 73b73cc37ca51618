//! A negotiation from its request to its result.

use crate::agreement::{Agreement, Counts, Finding, Outcome, ScopeOutcome, Verdict};
use crate::compare::Comparison;
use crate::definitions::Definitions;
use crate::dimension::offer::Server;
use crate::dimension::version::{Agree, choose};
use crate::dimension::{format, operation, security};
use crate::expectation::Weight;
use crate::grant::{GrantRequest, SmartConfiguration, launch, outcomes};
use crate::issue::{Issue, Party};
use crate::need::Needs;
use crate::policy::Policy;
use crate::request::{NegotiateError, NegotiateRequest, Side};
use crate::scope::{Atom, Permission, ResourceScope, atoms, minimal, parse};
use crate::statement::{Resource, Statement, read_statement, resolve_imports, settle_profiles, statement_of_guide};
use crate::weighing::{Weighed, Weighing};

/// What a client and a server can do together. The same request and package set give the same bytes.
///
/// Both sides are brought to one normal form, the grant is predicted, and each item that the client requires is
/// compared with what the server offers (<https://hl7.org/fhir/R4/capabilitystatement.html>); the verdict follows from
/// the counts.
///
/// ```
/// use std::sync::Arc;
///
/// use fhir_accord_capability::agreement::Verdict;
/// use fhir_accord_capability::{NegotiateRequest, PackageDefinitions, Side, negotiate};
/// use serde_json::json;
///
/// let statement = |mode: &str, codes: &[&str]| {
///     let interactions: Vec<_> = codes.iter().map(|code| json!({"code": code})).collect();
///     Side::Statement(json!({
///         "resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
///         "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": interactions}]}],
///     }))
/// };
/// let request = NegotiateRequest::new(statement("client", &["read", "create"]), statement("server", &["read"]));
/// let definitions = PackageDefinitions::new(Arc::default());
///
/// let agreement = negotiate(&request, &definitions)?;
/// assert_eq!(agreement.verdict, Verdict::Incompatible);
/// assert_eq!(agreement.resources[0].interactions[1].why, ["unlisted"]);
/// # Ok::<(), fhir_accord_capability::NegotiateError>(())
/// ```
///
/// # Errors
/// [`NegotiateError::NotAStatement`] where the JSON of a side is not a statement, [`NegotiateError::GuideAbsent`] where
/// its guide is not loaded.
pub fn negotiate(request: &NegotiateRequest, definitions: &dyn Definitions) -> Result<Agreement, NegotiateError> {
    let mut issues = Vec::new();
    let mut client = side(&request.client, Party::Client, definitions, &mut issues)?;
    let server = side(&request.server, Party::Server, definitions, &mut issues)?;
    let needs = Needs::parse(&request.need);
    needs.complete(&mut client, &mut issues);
    let (fhir_version, agree) = choose(&client, &server, &mut issues);
    let offer = Server::new(&server);
    let format = format::format(&client, offer, &mut issues);
    security::tell(&client, &server, &mut issues);

    let grant = grant_request(request, &mut issues);
    let types: Vec<String> = client.rest.resources.iter().map(|r| r.resource_type.clone()).collect();
    let scopes = outcomes(&grant, &types, &mut issues);
    let launch = launch(&grant, &scopes, &mut issues);
    tell_authority(&grant, &mut issues);

    let weighing = Weighing::new(request.script.as_deref());
    let comparison = Comparison {
        client: &client,
        server: offer,
        grant: &grant,
        needs: &needs,
        policy: &request.policy,
        definitions,
        weighing: &weighing,
    };
    let (system, mut counts) = comparison.system();
    let resources = comparison.resources();
    resources.iter().for_each(|r| counts.include(&r.counts));
    let version = (agree == Agree::No).then_some(Finding::Unmet);
    for (dimension, finding) in [("format", format), ("version", version)] {
        count_whole(&mut counts, &weighing, dimension, finding);
    }
    let can_do = comparison.can_do();
    let policy = weighing.effect().map(|(effect, failure)| {
        issues.extend(failure.iter().map(|f| Issue::error("policy-script-failed", Party::Policy, "", f.clone())));
        (effect, failure.is_some())
    });
    // Nothing can be called compatible where a version, a statement or the policy is unreliable.
    let certain = client.usable && server.usable && agree != Agree::Unknown && !policy.as_ref().is_some_and(|p| p.1);
    let verdict = if certain { counts.verdict() } else { counts.verdict().max(Verdict::Indeterminate) };
    Ok(Agreement {
        id: request.id(definitions.packages()),
        verdict,
        counts,
        fhir_version,
        system,
        resources,
        unused_grants: unused_grants(&grant, &scopes, &client, &request.policy),
        scopes,
        launch,
        can_do,
        policy: policy.map(|p| p.0),
        issues,
    })
}

fn side(
    side: &Side,
    party: Party,
    definitions: &dyn Definitions,
    issues: &mut Vec<Issue>,
) -> Result<Statement, NegotiateError> {
    let mut statement = match side {
        Side::Statement(value) => read_statement(value, party, issues).ok_or_else(|| {
            let found =
                value.get("resourceType").and_then(serde_json::Value::as_str).unwrap_or("no FHIR resource").to_owned();
            NegotiateError::NotAStatement { party, found }
        })?,
        Side::Guide { id, version } => {
            let guide = definitions.guide(id, version.as_deref()).ok_or_else(|| {
                let guide = version.as_ref().map_or_else(|| id.clone(), |v| format!("{id}#{v}"));
                NegotiateError::GuideAbsent { party, guide }
            })?;
            statement_of_guide(&guide, party, issues)
        }
    };
    resolve_imports(&mut statement, definitions, issues);
    settle_profiles(&mut statement, definitions, issues);
    Ok(statement)
}

fn grant_request(request: &NegotiateRequest, issues: &mut Vec<Issue>) -> GrantRequest {
    let smart = request.smart.as_ref().map(SmartConfiguration::read);
    GrantRequest::new(request.scope.as_deref(), smart, request.flow, request.client_type, &request.policy, issues)
}

fn tell_authority(grant: &GrantRequest, issues: &mut Vec<Issue>) {
    if grant.asked && grant.authority.is_none() {
        let text =
            "it is unknown what the user may do in their own right, which a server may enforce against the scopes";
        issues.push(Issue::information("authority", Party::Server, "", text));
    }
}

/// Counts a finding about the statements as a whole, which weighs SHALL; one that is met is not counted.
fn count_whole(counts: &mut Counts, weighing: &Weighing<'_>, dimension: &'static str, finding: Option<Finding>) {
    let Some(finding) = finding.filter(|f| *f != Finding::Satisfied) else { return };
    let of = Weighed { dimension, resource_type: None, item: "", finding, expectation: None, why: &[] };
    counts.add(weighing.weigh(Some(Weight::Shall), &of), finding);
}

/// The granted scopes that nothing in the client's statement uses, in their shortest form.
fn unused_grants(grant: &GrantRequest, scopes: &[ScopeOutcome], client: &Statement, policy: &Policy) -> Vec<String> {
    let predicted = || {
        scopes
            .iter()
            .filter(|s| matches!(s.outcome, Outcome::Granted | Outcome::Downscoped | Outcome::Upgraded))
            .flat_map(|s| &s.predicted)
            .flat_map(|p| parse(p))
    };
    let granted: Vec<ResourceScope> = match grant.granted_scopes() {
        Some(scopes) => scopes.cloned().collect(),
        None => predicted().filter_map(|t| t.resource().cloned()).collect(),
    };
    let unused: Vec<ResourceScope> = granted
        .iter()
        .flat_map(|g| atoms(g, grant.limit))
        .filter(|atom| !is_used(atom, client, policy))
        .map(|a| a.scope())
        .collect();
    minimal(&unused).iter().map(ResourceScope::to_string).collect()
}

fn is_used(atom: &Atom, client: &Statement, policy: &Policy) -> bool {
    let of_type =
        client.rest.resources.iter().filter(|r| atom.resource_type == "*" || atom.resource_type == r.resource_type);
    let on_system = client
        .rest
        .interactions
        .iter()
        .any(|i| Permission::of_interaction(&i.value) == Some(atom.permission) && atom.resource_type == "*");
    on_system || of_type.into_iter().any(|r| uses(r, atom.permission, policy))
}

/// True where a type's entry uses a letter. An entry without interactions uses read and search.
fn uses(resource: &Resource, permission: Permission, policy: &Policy) -> bool {
    let interaction = resource.interactions.iter().any(|i| {
        i.expectation.is_none_or(|e| e.weight().is_some()) && Permission::of_interaction(&i.value) == Some(permission)
    });
    let operation = resource
        .operations
        .iter()
        .any(|o| operation::permissions(&o.value, policy).is_some_and(|letters| letters.contains(permission)));
    let searches = !resource.search_params.is_empty()
        || !resource.combinations.is_empty()
        || !resource.includes.is_empty()
        || !resource.rev_includes.is_empty();
    let implied = match permission {
        Permission::Read => resource.interactions.is_empty(),
        Permission::Search => searches || resource.interactions.is_empty(),
        Permission::Create => {
            resource.flags.iter().any(|f| matches!(f.value.0.as_str(), "updateCreate" | "conditionalCreate"))
        }
        Permission::Update | Permission::Delete => false,
    };
    interaction || operation || implied
}
