//! Too few, too many, or some where there must be none.

use serde_json::Value;

use super::edit::{all_removed, put, within};
use super::ground::{Base, Ground};
use crate::guide_test::element_id;
use crate::guide_test::place::{Way, at, choice, holder};
use crate::guide_test::sample::of_type;

/// The places of an element by what holds it.
fn groups(ways: &[Way]) -> Vec<Vec<Way>> {
    let mut out: Vec<Vec<Way>> = Vec::new();
    for way in ways {
        let above = |w: &Way| holder(w).map(|(above, ..)| above.to_vec());
        match out.iter_mut().find(|g| g.first().and_then(above) == above(way)) {
            Some(group) => group.push(way.clone()),
            None => out.push(vec![way.clone()]),
        }
    }
    out
}

/// So many are left that there is one less than must be; an element with its own entries, or a slice of a list.
pub(super) fn fewer(base: &Base<'_>, min: u64, is_slice: bool) -> Vec<Value> {
    let left = usize::try_from(min.saturating_sub(1)).unwrap_or(usize::MAX);
    let one = |group: Vec<Way>| {
        // Of a primitive both members are taken out, whichever is named.
        let all = if is_slice || left > 0 { group.get(left..)?.to_vec() } else { group };
        if all.is_empty() { None } else { all_removed(base.root, &all) }
    };
    groups(base.ways).into_iter().filter_map(one).collect()
}

/// The last entry again, until there is one more than may be.
pub(super) fn more(base: &Base<'_>, max: u64) -> Vec<Value> {
    let most = usize::try_from(max).unwrap_or(usize::MAX);
    let one = |group: Vec<Way>| {
        let last = group.last()?;
        let (above, name, index) = holder(last)?;
        let value = at(base.root, last)?;
        index?;
        let missing = most.checked_add(1)?.checked_sub(group.len()).filter(|n| *n <= MOST)?;
        within(base.root, above, |members| {
            if let Some(Value::Array(entries)) = members.get_mut(name) {
                entries.extend(std::iter::repeat_n(value.clone(), missing));
            }
        })
    };
    groups(base.ways).into_iter().filter_map(one).collect()
}

/// The most entries that are added.
const MOST: usize = 1_000;

/// An element where there must be none: as examples have it elsewhere, else of one of its types.
pub(super) fn added(element: &str, base: &Base<'_>, ground: &Ground<'_>) -> Vec<Value> {
    let name = element_id::name(element);
    let definition = ground.profile.element(element);
    let is_list = definition.and_then(|e| e.pointer("/base/max")).and_then(Value::as_str) != Some("1");
    let path = element_id::path(element);
    let above = element_id::parent(&path).unwrap_or_default();
    let is_choice = element_id::is_choice(element) || element_id::last(&path).ends_with("[x]");
    let types = definition.and_then(|e| e.get("type")).and_then(Value::as_array).into_iter().flatten();
    let types: Vec<&Value> = types.collect();
    let mut out = Vec::new();
    for kind in types.iter().filter_map(|t| t.get("code")).filter_map(Value::as_str) {
        let member = if is_choice { choice(name, kind) } else { name.to_owned() };
        let url =
            types.iter().find_map(|t| t.pointer("/profile/0")).and_then(Value::as_str).filter(|_| kind == "Extension");
        let mut value = ground.samples.at(&format!("{above}.{member}")).cloned().unwrap_or_else(|| of_type(kind));
        if let Some(url) = url {
            value = of_type(kind);
            value.as_object_mut().into_iter().for_each(|o| drop(o.insert("url".to_owned(), url.into())));
        }
        for holder in base.holders {
            out.extend(within(base.root, holder, |members| {
                put(members, &member, value.clone(), is_list && !is_choice)
            }));
        }
    }
    out
}
