//! Queries of a grant against what a required profile says of the elements that their parameters read: a grant of
//! laboratory results alone does not serve a blood pressure.

use fhir_accord_profiles::definition::Canonical;

use super::ground::TypeGround;
use super::parameter::Parameters;
use super::versions::meant;
use crate::agreement::{Actions, Direction, Finding, Item, ProfileStatus, Row, Usable};
use crate::definitions::CodesAt;
use crate::reason::Reason;
use crate::scope::{Pair, Permission, Query};
use crate::statement::Named;

/// How the instances of a profile lie to the queries of a grant. Ordered from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Narrowing {
    /// None of them is granted.
    Outside,
    /// It cannot be determined.
    Unknown,
    /// Some of them are.
    Part,
    /// All of them are.
    Inside,
}

impl Narrowing {
    /// What results call it.
    pub fn reason(self) -> Reason {
        match self {
            Narrowing::Outside => Reason::NarrowedOutside,
            Narrowing::Unknown => Reason::NarrowedUnknown,
            Narrowing::Part => Reason::NarrowedPart,
            Narrowing::Inside => Reason::NarrowedInside,
        }
    }

    /// What a status, the usability and the finding come to under it.
    pub fn applied(self, status: ProfileStatus, usable: Usable, finding: Finding) -> (ProfileStatus, Usable, Finding) {
        match self {
            Narrowing::Inside => (status, usable, finding),
            Narrowing::Outside => (status, Usable::No, Finding::Unmet),
            _ if finding == Finding::Unmet => (status, usable, finding),
            Narrowing::Part if status.passes() => (ProfileStatus::Partial, usable, Finding::Unknown),
            _ => (status, usable.min(Usable::Unknown), Finding::Unknown),
        }
    }
}

/// How the grant for reading a type limits a profile; `None` where no query limits it. Without a known grant the
/// requested queries count.
pub fn narrowed(ground: &TypeGround<'_>, required: &Canonical) -> Option<Narrowing> {
    let grant = ground.sides.grant;
    if !grant.asked {
        return None;
    }
    let reads = |p: Permission| matches!(p, Permission::Read | Permission::Search);
    let of_type = |s: &&crate::scope::ResourceScope| s.covers_type(ground.name()) && s.permissions.iter().any(reads);
    let queries: Vec<&Query> = match grant.granted_scopes() {
        Some(granted) => granted.filter(of_type).map(|s| &s.query).collect(),
        None => grant.asked_scopes().filter(of_type).map(|s| &s.query).collect(),
    };
    if queries.is_empty() || queries.iter().any(|q| q.is_empty()) {
        return None;
    }
    let versions = meant(required, ground.sides.release, ground.sides.definitions);
    let of_version = |profile: &Canonical| best(ground, profile, &queries);
    Some(versions.iter().map(of_version).min().unwrap_or(Narrowing::Unknown))
}

/// The best over the queries of a union: one that holds all, or several of one parameter that do so together.
fn best(ground: &TypeGround<'_>, profile: &Canonical, queries: &[&Query]) -> Narrowing {
    let single = of_query(ground, profile, queries);
    let mut together: Vec<Pair> = Vec::new();
    for query in queries {
        if let [pair] = query.pairs.as_slice() {
            match together.iter_mut().find(|p| p.name == pair.name) {
                Some(known) => known.values.extend(pair.values.iter().cloned()),
                None => together.push(pair.clone()),
            }
        }
    }
    let joined = together.iter().map(|pair| of_pair(ground, profile, pair)).max();
    joined.map_or(single, |j| j.max(single))
}

fn of_query(ground: &TypeGround<'_>, profile: &Canonical, queries: &[&Query]) -> Narrowing {
    let all_pairs = |q: &&Query| q.pairs.iter().map(|pair| of_pair(ground, profile, pair)).min();
    queries.iter().filter_map(all_pairs).max().unwrap_or(Narrowing::Unknown)
}

/// One parameter with its values, of which one must match.
fn of_pair(ground: &TypeGround<'_>, profile: &Canonical, pair: &Pair) -> Narrowing {
    let Some(element) = element_of(ground, &pair.name) else { return Narrowing::Unknown };
    let matches = |(system, code): &(Option<String>, String)| {
        pair.values.iter().any(|value| match value.split_once('|') {
            Some(("", own)) => own == code && system.is_none(),
            Some((own_system, "")) => system.as_deref() == Some(own_system),
            Some((own_system, own)) => own == code && system.as_deref().is_none_or(|s| s == own_system),
            None => value == code,
        })
    };
    match ground.sides.definitions.codes_at(profile, &element) {
        CodesAt::Unknown => Narrowing::Unknown,
        CodesAt::Any => Narrowing::Part,
        CodesAt::Fixed(codes) if codes.iter().any(matches) => Narrowing::Inside,
        CodesAt::Fixed(_) => Narrowing::Outside,
        CodesAt::OneOf(codes) => match codes.iter().filter(|c| matches(c)).count() {
            0 => Narrowing::Outside,
            n if n == codes.len() => Narrowing::Inside,
            _ => Narrowing::Part,
        },
    }
}

/// The element that a search parameter reads, where it is one coded element by a plain path.
pub fn element_of(ground: &TypeGround<'_>, name: &str) -> Option<String> {
    let found = Parameters::of(&ground.sides).of_named(ground.name(), &Named::by_name(name))?;
    let expression = found.expression_of(ground.name());
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let is_path = found.kind == "token" && !expression.is_empty() && expression.chars().all(plain);
    is_path.then_some(expression)
}

/// Reading and searching a type whose required profiles are all out of the grant's reach serves none of them.
pub fn apply(ground: &TypeGround<'_>, rows: &mut [Row]) {
    if !is_all_outside(rows) || ground.client.profiles.is_empty() {
        return;
    }
    for row in rows.iter_mut() {
        if let Item::Interaction(code) = &row.item
            && matches!(code.as_str(), "read" | "vread" | "history-instance" | "search-type" | "history-type")
        {
            row.usable = Usable::No;
            row.finding = Finding::Unmet;
            row.why.insert(0, Reason::NarrowedOutside);
        }
    }
}

/// What the app can expect to be allowed under the same.
pub fn actions(actions: Actions, rows: &[Row]) -> Actions {
    if is_all_outside(rows) { Actions { read: Usable::No, search: Usable::No, ..actions } } else { actions }
}

fn is_all_outside(rows: &[Row]) -> bool {
    let read = |r: &&Row| r.profile().is_some_and(|p| p.direction == Direction::Read) && r.weighs.is_some();
    let mut any = false;
    let all = rows.iter().filter(read).all(|r| {
        any = true;
        r.why.contains(&Reason::NarrowedOutside)
    });
    all && any
}
