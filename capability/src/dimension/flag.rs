//! Flags of a type's entry, such as `conditionalDelete: single` or `versioning: versioned-update`.

use super::ground::TypeGround;
use super::offer::{Offered, best};
use crate::agreement::{Answer, Item, Row};
use crate::reason::Reason;
use crate::scope::Permission;
use crate::statement::Stated;

/// The flags that the client sets.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    ground.client.flags.iter().map(|flag| row(ground, flag)).collect()
}

fn row(ground: &TypeGround<'_>, flag: &Stated<(String, String)>) -> Row {
    let (name, wanted) = &flag.value;
    let server = &ground.server;
    let listed = std::iter::once(wanted.as_str()).chain(wider(wanted)).flat_map(|v| server.listed().flags(name, v));
    let mut offered = best(listed.map(|f| server.item(f))).unwrap_or_else(|| unmet(ground, name));
    if offered.answer != Answer::Yes
        && let Some(reason) = Reason::of_flag(name)
    {
        offered.why.insert(0, reason);
    }
    // An update that creates needs the right to create as well.
    let creates = name == "updateCreate";
    let scope = if creates { ground.sides.grant.standing(ground.name(), Permission::Create) } else { None };
    let item = Item::Flag { name: name.clone(), value: wanted.clone() };
    ground.sides.scoped(item, flag, ground.weigh(flag.expectation), offered, scope)
}

/// What the server says of a flag that it does not set as the client needs it; with the place of what it sets.
fn unmet<'s>(ground: &TypeGround<'s>, name: &str) -> Offered<'s> {
    let set = ground.server.listed().flag(name);
    Offered { path: set.map(|f| f.path.as_str()), ..ground.server.unlisted() }
}

/// What serves a client that needs a value as well as the value itself.
fn wider(wanted: &str) -> Option<&'static str> {
    match wanted {
        "single" => Some("multiple"),
        "modified-since" | "not-match" => Some("full-support"),
        "versioned" => Some("versioned-update"),
        _ => None,
    }
}
