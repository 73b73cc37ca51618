//! Entries that are in no slice of a closed list.

use serde_json::Value;

use super::edit::{put, within};
use super::ground::{Base, Ground};
use super::value::variations;
use crate::guide_test::element_id;
use crate::guide_test::place::{at, holder};
use crate::guide_test::sample::of_type;

/// One more entry: an entry that is there with other values, and one of the type.
pub(super) fn foreign(element: &str, base: &Base<'_>, ground: &Ground<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let Some((above, name, value)) = base.ways.first().and_then(|way| {
        let (above, name, index) = holder(way)?;
        index?;
        Some((above, name, at(base.root, way)?))
    }) else {
        return out;
    };
    let definition = ground.profile.element(element);
    let kind = definition.and_then(|e| e.pointer("/type/0/code")).and_then(Value::as_str).unwrap_or_default();
    // In place of an entry, lest there be too many.
    let instead = variations(value, value);
    out.extend(instead.iter().filter_map(|v| super::edit::replaced(base.root, base.ways.first()?, v.clone())));
    let more = instead.into_iter().chain([of_type(kind)]);
    out.extend(more.filter_map(|v| within(base.root, above, |members| put(members, name, v, true))));
    if let Some(id) = element_id::parent(element).filter(|_| out.is_empty()) {
        out.extend(base.holders.iter().filter(|_| !id.is_empty()).filter_map(|way| {
            within(base.root, way, |members| put(members, element_id::name(element), of_type(kind), true))
        }));
    }
    out
}
