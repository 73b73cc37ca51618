//! The scope string to send: the least that serves what the client's statement needs of what the server has, in the
//! syntax that the server takes (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::agreement::{Answer, Ask, AskedToken, Flow, Item, Kind, ResourceAgreement, Row};
use crate::grant::GrantRequest;
use crate::reason::Reason;
use crate::scope::{
    Context, Granted, Kind as TokenKind, Permission, Permissions, Query, ResourceScope, Token, minimal,
};

/// Why a query does not serve all of a need.
const NARROWED: [Reason; 2] = [Reason::NarrowedOutside, Reason::NarrowedPart];

/// The letters that one type needs.
struct Need<'a> {
    resource_type: &'a str,
    letters: Permissions,
    /// A query of the request, or of the grant, keeps some of what is needed out.
    is_narrowed: bool,
}

/// What the rows do not say themselves.
pub struct Known<'a> {
    /// The letters that a row about an operation needs.
    pub operations: &'a dyn Fn(&Row) -> Permissions,
    /// Whether the server may search a type.
    pub searches: &'a dyn Fn(&str) -> bool,
}

/// What to ask for, from the rows of a negotiation.
pub fn ask(resources: &[ResourceAgreement], grant: &GrantRequest, known: &Known<'_>) -> Ask {
    let needs: Vec<Need<'_>> = resources.iter().filter_map(|r| need(r, known)).collect();
    let context = context(grant);
    let mut requested: FxHashMap<&str, Vec<&ResourceScope>> = FxHashMap::default();
    for scope in grant.asked_scopes().filter(|s| s.context == context) {
        requested.entry(scope.resource_type.as_str()).or_default().push(scope);
    }
    // A query that keeps something needed out is not asked for again.
    let own = |n: &Need<'_>| match requested.get(n.resource_type) {
        Some(all) if !n.is_narrowed => all.as_slice(),
        _ => &[],
    };
    let mut wanted: Vec<ResourceScope> = needs.iter().flat_map(|n| scopes_of(n, context, own(n))).collect();
    let patient = context == Context::Patient && !wanted.is_empty();
    if patient && !wanted.iter().any(|s| s.resource_type == "Patient") {
        // Whoever has a patient in context reads that patient.
        let letters = requested_letters("Patient", grant).unwrap_or(Permissions::of(Permission::Read));
        wanted.insert(0, scope(context, "Patient", letters, Query::default()));
    }
    let resource = wanted.iter().map(|s| in_syntax(s, grant));
    let text = words(grant, patient).into_iter().chain(resource).collect::<Vec<_>>().join(" ");
    let (missing, beyond) = if grant.asked { differences(&wanted, &needs, grant) } else { (Vec::new(), Vec::new()) };
    Ask { scope: text, missing, beyond }
}

/// What of a type's rows the client needs and the server may have.
fn need<'a>(resource: &'a ResourceAgreement, known: &Known<'_>) -> Option<Need<'a>> {
    if resource.entry.weighs.is_none() || resource.entry.server == Answer::No {
        return None;
    }
    let counts = |r: &&Row| r.weighs.is_some() && r.server != Answer::No;
    let searches = (known.searches)(&resource.resource_type);
    let mut letters = Permissions::default();
    for row in resource.rows.iter().filter(counts) {
        letters = letters.union(match &row.item {
            Item::Interaction(code) => Permission::of_interaction(code).map(Permissions::of).unwrap_or_default(),
            Item::SearchParam { .. } | Item::Combination { .. } | Item::Include { .. } if searches => {
                Permissions::of(Permission::Search)
            }
            Item::Operation { .. } => (known.operations)(row),
            Item::Flag { name, .. } if name == "updateCreate" => Permissions::of(Permission::Create),
            _ => Permissions::default(),
        });
    }
    let lists_none = resource.of(Kind::Interaction).next().is_none();
    if lists_none && letters.is_empty() {
        letters = Permissions::of(Permission::Read).with(Permission::Search);
    }
    let is_narrowed = resource.rows.iter().filter(counts).any(|r| r.why.iter().any(|w| NARROWED.contains(w)));
    (!letters.is_empty()).then_some(Need { resource_type: &resource.resource_type, letters, is_narrowed })
}

/// Whose data the app works on: as it asks already, else by its flow.
fn context(grant: &GrantRequest) -> Context {
    if grant.flow == Flow::Backend {
        return Context::System;
    }
    let all = [Context::Patient, Context::User];
    let asked = |c: &Context| grant.asked_scopes().any(|s| s.context == *c);
    all.into_iter().find(asked).unwrap_or(Context::Patient)
}

fn scope(context: Context, resource_type: &str, permissions: Permissions, query: Query) -> ResourceScope {
    ResourceScope { context, resource_type: resource_type.to_owned(), permissions, query }
}

/// The letters that the request names for a type, without a query.
fn requested_letters(resource_type: &str, grant: &GrantRequest) -> Option<Permissions> {
    let own = grant.asked_scopes().filter(|s| s.resource_type == resource_type).map(|s| s.permissions);
    own.reduce(Permissions::union)
}

/// The scopes for a need: with the queries that the request names for the type itself, where it names no other.
fn scopes_of(need: &Need<'_>, context: Context, requested: &[&ResourceScope]) -> Vec<ResourceScope> {
    let own = || requested.iter();
    // A letter that is requested under queries alone is needed under them alone.
    let whole =
        own().filter(|s| s.query.is_empty()).map(|s| s.permissions).fold(Permissions::default(), Permissions::union);
    let mut made: Vec<ResourceScope> = Vec::new();
    let mut left = need.letters;
    for asked in own().filter(|s| !s.query.is_empty()) {
        let letters = asked.permissions.common(need.letters).without(whole);
        left = left.without(letters);
        if !letters.is_empty() {
            made.push(scope(context, need.resource_type, letters, asked.query.clone()));
        }
    }
    if !left.is_empty() {
        made.push(scope(context, need.resource_type, left, Query::default()));
    }
    minimal(&made)
}

/// A scope as the server takes it: v1 where it takes nothing else, which is broader and has no query.
fn in_syntax(scope: &ResourceScope, grant: &GrantRequest) -> String {
    if !grant.smart.as_ref().is_some_and(|s| s.is_v1_only()) {
        return scope.to_string();
    }
    let has = |letters: &str| {
        let wanted = Permissions::of_letters(letters).unwrap_or_default();
        !scope.permissions.common(wanted).is_empty()
    };
    let word = match (has("rs"), has("cud")) {
        (true, true) => "*",
        (false, true) => "write",
        _ => "read",
    };
    format!("{}/{}.{word}", scope.context.name(), scope.resource_type)
}

/// The tokens that are no resource scopes: those requested, and the launch scope that the flow needs.
fn words(grant: &GrantRequest, patient: bool) -> Vec<String> {
    // A backend service gets neither launch context nor identity nor a refresh token; `launch` belongs to the EHR.
    let is_idle = |t: &Token| match grant.flow {
        Flow::Backend => matches!(t.kind, TokenKind::Launch | TokenKind::Identity | TokenKind::Refresh),
        Flow::Standalone => t.normal == "launch",
        Flow::Ehr | Flow::Refresh => false,
    };
    let plain = grant.tokens.iter().filter(|t| t.fault().is_none() && t.resource().is_none() && !is_idle(t));
    let mut words: Vec<String> = plain.map(|t: &Token| t.normal.clone()).collect();
    let launch = match grant.flow {
        Flow::Ehr => Some("launch"),
        Flow::Standalone if patient => Some("launch/patient"),
        _ => None,
    };
    if let Some(word) = launch.filter(|w| !words.iter().any(|known| known == w)) {
        words.insert(0, word.to_owned());
    }
    words
}

/// What the request lacks of the need, and what it has beyond it.
fn differences(
    wanted: &[ResourceScope],
    needs: &[Need<'_>],
    grant: &GrantRequest,
) -> (Vec<AskedToken>, Vec<AskedToken>) {
    let asked = Granted::new(grant.asked_scopes());
    let lacking: Vec<ResourceScope> =
        wanted.iter().flat_map(|s| asked.missing(s, grant.limit)).map(|atom| atom.scope()).collect();
    let missing = told(&lacking, |_| Reason::NotAsked);
    let mut letters: FxHashMap<(Context, &str), Permissions> = FxHashMap::default();
    for s in wanted {
        for of in [s.resource_type.as_str(), "*"] {
            let all = letters.entry((s.context, of)).or_default();
            *all = all.union(s.permissions);
        }
    }
    let unneeded = |s: &ResourceScope| {
        let needed = letters.get(&(s.context, s.resource_type.as_str())).copied().unwrap_or_default();
        let left = s.permissions.without(needed);
        (!left.is_empty()).then(|| ResourceScope { permissions: left, ..s.clone() })
    };
    let beyond: Vec<ResourceScope> = grant.asked_scopes().filter_map(unneeded).collect();
    let known: FxHashSet<&str> = needs.iter().map(|n| n.resource_type).chain(["*"]).collect();
    let why = |s: &ResourceScope| {
        if known.contains(s.resource_type.as_str()) { Reason::NotNeeded } else { Reason::TypeNotNeeded }
    };
    (missing, told(&beyond, why))
}

/// The shortest form of scopes, each with its reason.
fn told(scopes: &[ResourceScope], why: impl Fn(&ResourceScope) -> Reason) -> Vec<AskedToken> {
    minimal(scopes).iter().map(|s| AskedToken { token: s.to_string(), why: why(s) }).collect()
}
