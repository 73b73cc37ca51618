//! Queries of a grant against what a required profile says of the elements that their parameters read: a grant of
//! laboratory results alone does not serve a blood pressure.

use fhir_accord_profiles::definition::Canonical;

use super::ground::{Queries, TypeGround};
use super::parameter::Parameters;
use super::versions::meant;
use crate::agreement::{Actions, Finding, Item, ProfileStatus, Row, Usable};
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
            Narrowing::Part if status.passes() => {
                (ProfileStatus::Partial, usable.min(Usable::Unknown), Finding::Unknown)
            }
            Narrowing::Unknown if status.passes() => {
                (ProfileStatus::Unknown, usable.min(Usable::Unknown), Finding::Unknown)
            }
            _ => (status, usable.min(Usable::Unknown), Finding::Unknown),
        }
    }
}

/// How what is expected of the grant limits a profile, by the letters that the client reads the type with; `None` where
/// it does not.
pub fn narrowed(ground: &TypeGround<'_>, required: &Canonical) -> Option<Narrowing> {
    let mut best: Option<Narrowing> = None;
    for letter in letters(ground) {
        match of_letter(ground, required, letter) {
            Reach::Nothing => {}
            Reach::Whole => return None,
            Reach::Narrowed(found) => best = best.max(Some(found)),
        }
    }
    best
}

/// The letters that the client reads the type with: both, where it lists no interaction that does.
fn letters(ground: &TypeGround<'_>) -> Vec<Permission> {
    let listed = |letter: Permission| {
        let of = |code: &str| Permission::of_interaction(code) == Some(letter);
        ground.client.interactions.iter().any(|i| of(&i.value))
    };
    let all = [Permission::Read, Permission::Search];
    let own: Vec<Permission> = all.into_iter().filter(|letter| listed(*letter)).collect();
    if own.is_empty() { all.to_vec() } else { own }
}

/// What of a profile one letter reaches.
enum Reach {
    Nothing,
    Whole,
    Narrowed(Narrowing),
}

fn of_letter(ground: &TypeGround<'_>, required: &Canonical, letter: Permission) -> Reach {
    let grant = ground.sides.grant;
    if !grant.asked {
        return Reach::Nothing;
    }
    if grant.expected.is_none() {
        return Reach::Narrowed(Narrowing::Unknown);
    }
    let Queries { all: queries, size } = ground.queries(letter);
    match queries.first() {
        None => Reach::Nothing,
        // The empty one is the first in order.
        Some(first) if first.is_empty() => Reach::Whole,
        Some(_) => {
            let versions = meant(required, ground.sides.release, ground.sides.definitions);
            if !ground.sides.effort.narrowed(size.saturating_mul(versions.len())) {
                return Reach::Narrowed(Narrowing::Unknown);
            }
            let worst = versions.iter().map(|profile| best(ground, profile, queries)).min();
            Reach::Narrowed(worst.unwrap_or(Narrowing::Unknown))
        }
    }
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

/// The letters by which none of a type's required profiles is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shut {
    read: bool,
    search: bool,
}

/// Reading, or searching, a type whose required profiles are all out of the grant's reach serves none of them; what
/// rides on the search fails with it.
pub fn apply(ground: &TypeGround<'_>, rows: &mut [Row]) -> Shut {
    let [read, search] = [Permission::Read, Permission::Search].map(|letter| is_shut(ground, letter));
    for row in rows.iter_mut() {
        let is_lost = match &row.item {
            Item::Interaction(code) => match Permission::of_interaction(code) {
                Some(Permission::Read) => read,
                Some(Permission::Search) => search,
                _ => false,
            },
            Item::SearchParam { .. } | Item::Combination { .. } | Item::Include { .. } => search,
            _ => false,
        };
        if is_lost {
            row.usable = Usable::No;
            row.finding = Finding::Unmet;
            row.why.insert(0, Reason::NarrowedOutside);
        }
    }
    Shut { read, search }
}

/// Whether a letter reaches none of the profiles that the client requires of the type.
fn is_shut(ground: &TypeGround<'_>, letter: Permission) -> bool {
    let required = ground.client.profiles.iter().filter(|p| ground.weigh(p.expectation).is_some());
    let outside =
        |required: &Canonical| matches!(of_letter(ground, required, letter), Reach::Narrowed(Narrowing::Outside));
    let mut required = required.peekable();
    !ground.server.is_absent() && required.peek().is_some() && required.all(|p| outside(&p.value.canonical))
}

/// What the app can expect to be allowed under the same.
pub fn actions(actions: Actions, shut: Shut) -> Actions {
    let of = |usable: Usable, is_shut: bool| if is_shut { Usable::No } else { usable };
    Actions { read: of(actions.read, shut.read), search: of(actions.search, shut.search), ..actions }
}
