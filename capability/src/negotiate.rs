//! A negotiation from its request to its result.

use std::borrow::Cow;

use crate::agreement::{
    Agreement, Answer, Ask, Counts, Finding, Item, Parties, PolicyEffect, ResourceAgreement, Row, Summary, Verdict,
};
use crate::ask::{self, ask};
use crate::broken;
use crate::compare::{self, Compared};
use crate::contexts;
use crate::definitions::Definitions;
use crate::dimension::declared::Declared;
use crate::dimension::effort::Effort;
use crate::dimension::ground::Sides;
use crate::dimension::listed::Listed;
use crate::dimension::offer::Server;
use crate::dimension::version::{Agree, choose};
use crate::dimension::{format, operation, security};
use crate::expectation::Weight;
use crate::grant::{GrantRequest, SmartConfiguration, launch, outcomes};
use crate::issue::{Issue, Party};
use crate::need::Needs;
use crate::policy::Policy;
use crate::prepared::Prepared;
use crate::profile_set::profile_set;
use crate::reason::Reason;
use crate::request::{NegotiateError, NegotiateRequest, Terms, Weigh};
use crate::scope::Permissions;
use crate::statement::{Named, Statement};
use crate::unused::unused_grants;
use crate::weighing::{Weighed, Weighing};
use crate::without;

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
/// assert_eq!(agreement.resources[0].rows[1].why, ["unlisted"]);
/// # Ok::<(), fhir_accord_capability::NegotiateError>(())
/// ```
///
/// # Errors
/// [`NegotiateError::NotAStatement`] where the JSON of a side is not a statement, [`NegotiateError::GuideAbsent`] where
/// its guide is not loaded, [`NegotiateError::TooMuch`] where the client lists more than is compared at once,
/// [`NegotiateError::BrokenOff`] where the definitions' interrupt is raised.
pub fn negotiate(request: &NegotiateRequest, definitions: &dyn Definitions) -> Result<Agreement, NegotiateError> {
    let [from_client, from_server] = &request.from;
    let client = Prepared::new(&request.client, Party::Client, from_client.as_deref(), definitions)?;
    let server = Prepared::new(&request.server, Party::Server, from_server.as_deref(), definitions)?;
    let agreement = between(&client, &server, &request.terms(), definitions);
    if definitions.interrupt().is_raised() { Err(NegotiateError::BrokenOff) } else { Ok(agreement) }
}

/// The same of two sides that were [prepared](Prepared) under the same definitions. Where their interrupt is raised
/// meanwhile, types are missing from it.
pub fn between(client: &Prepared, server: &Prepared, terms: &Terms<'_>, definitions: &dyn Definitions) -> Agreement {
    let id = terms.id(&client.hash, &server.hash, definitions.packages());
    let parties = parties(client, server);
    let mut issues = [client.issues.as_slice(), server.issues.as_slice()].concat();
    let needs = Needs::parse(terms.need);
    let (client, server) = (&*asking(&client.statement, &needs, terms, &mut issues), &server.statement);
    let (fhir_version, agree) = choose(client, server, &mut issues);
    let listed = Listed::of_rest(&server.rest);
    let offer = Server::new(server, &listed);
    let format = format::format(client, offer, &mut issues);
    security::tell(client, server, &mut issues);
    let grant = grant_request(terms, &mut issues);
    let mut scopes = outcomes(&grant, &types(client), &mut issues);
    let launch = launch(&grant, &scopes, &mut issues);
    contexts::tell(&grant, definitions, server.release().as_deref(), &mut issues);
    let (weighing, release) = (Weighing::new(terms.script, definitions.interrupt()), server.release());
    let sides = Sides {
        client,
        server: offer,
        grant: &grant,
        needs: &needs,
        policy: terms.policy,
        definitions,
        declared: &Declared::of(server),
        effort: &Effort::default(),
        release: release.as_deref(),
        observed: terms.observed,
        weigh_present: terms.weigh == Weigh::Present,
    };
    let Compared { system, resources, mut counts, can_do } = compare::all(sides, &weighing);
    broken::tell(&mut scopes, &resources);
    count_whole(&mut counts, &weighing, "format", format);
    count_whole(&mut counts, &weighing, "version", (agree == Agree::No).then_some(Finding::Unmet));
    let policy = policy_effect(weighing, &mut issues);
    // Nothing can be called compatible where a version, a statement or the policy is unreliable.
    let certain = client.usable && server.usable && agree != Agree::Unknown && !policy.as_ref().is_some_and(|p| p.1);
    let verdict = if certain { counts.verdict() } else { counts.verdict().max(Verdict::Indeterminate) };
    Agreement {
        id,
        accord: env!("CARGO_PKG_VERSION"),
        parties,
        verdict,
        why: counts.doubt().filter(|_| verdict == Verdict::Indeterminate).into_iter().collect(),
        summary: Summary::of(&system, &resources),
        profile_set: profile_set(&resources, &grant),
        ask: asked(&resources, &grant, offer, terms.policy),
        counts,
        fhir_version,
        system,
        resources,
        unused_grants: unused_grants(&grant, &scopes, client, terms.policy),
        scopes,
        launch,
        can_do,
        policy: policy.map(|p| p.0),
        observed: terms.observed.map(|o| o.totals),
        hooks: Vec::new(),
        issues,
    }
}

fn types(client: &Statement) -> Vec<String> {
    client.rest.resources.iter().map(|r| r.resource_type.clone()).collect()
}

fn parties(client: &Prepared, server: &Prepared) -> Parties {
    Parties { client: client.info.clone(), server: server.info.clone() }
}

/// The client's statement with what the terms single out; the statement itself where they name nothing.
fn asking<'s>(client: &'s Statement, needs: &Needs, terms: &Terms<'_>, issues: &mut Vec<Issue>) -> Cow<'s, Statement> {
    if terms.need.is_empty() && terms.without.is_empty() {
        return Cow::Borrowed(client);
    }
    let mut client = client.clone();
    needs.complete(&mut client, issues);
    without::relax(&mut client, terms.without, issues);
    Cow::Owned(client)
}

/// What the policy's script changed, and whether it failed.
fn policy_effect(weighing: Weighing<'_>, issues: &mut Vec<Issue>) -> Option<(PolicyEffect, bool)> {
    let (effect, failure) = weighing.effect()?;
    issues.extend(failure.iter().map(|f| Issue::error(Reason::PolicyScriptFailed, Party::Policy, "", f.clone())));
    Some((effect, failure.is_some()))
}

/// The scope string to send.
fn asked(resources: &[ResourceAgreement], grant: &GrantRequest, server: Server<'_>, policy: &Policy) -> Ask {
    let searches = |t: &str| server.of_type(t).interaction("search-type").answer != Answer::No;
    let operations = |row: &Row| operation_letters(row, policy);
    ask(resources, grant, &ask::Known { operations: &operations, searches: &searches })
}

/// The letters that a row about an operation needs, by the policy.
fn operation_letters(row: &Row, policy: &Policy) -> Permissions {
    match &row.item {
        Item::Operation { name, definition } => {
            let named = Named { definition: definition.clone(), ..Named::by_name(name) };
            operation::permissions(&named, policy).unwrap_or_default()
        }
        _ => Permissions::default(),
    }
}

fn grant_request(terms: &Terms<'_>, issues: &mut Vec<Issue>) -> GrantRequest {
    let smart = terms.smart.map(SmartConfiguration::read);
    GrantRequest::new(terms.scope, smart, terms.flow, terms.client_type, terms.policy, issues)
}

/// Counts a finding about the statements as a whole, which weighs SHALL; one that is met is not counted.
fn count_whole(counts: &mut Counts, weighing: &Weighing<'_>, dimension: &'static str, finding: Option<Finding>) {
    let Some(finding) = finding.filter(|f| *f != Finding::Satisfied) else { return };
    let of = Weighed { dimension, resource_type: None, item: "", finding, expectation: None, why: &[] };
    counts.add(weighing.weigh(Some(Weight::Shall), &of), finding);
}
