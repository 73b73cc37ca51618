//! Choices of another type.

use serde_json::Value;

use super::edit::within;
use super::ground::{Base, Ground};
use crate::guide_test::element_id;
use crate::guide_test::place::{choice, holder};
use crate::guide_test::sample::of_type;

/// Types that choices often have.
const TYPES: [&str; 24] = [
    "string",
    "boolean",
    "integer",
    "decimal",
    "dateTime",
    "date",
    "time",
    "instant",
    "code",
    "uri",
    "Quantity",
    "CodeableConcept",
    "Coding",
    "Reference",
    "Period",
    "Range",
    "Ratio",
    "Identifier",
    "Attachment",
    "SampledData",
    "Age",
    "Timing",
    "canonical",
    "Duration",
];

/// The choice with a type that the profile does not allow; whether the base does is for the engine to say.
pub(super) fn other(element: &str, base: &Base<'_>, allowed: &[String], ground: &Ground<'_>) -> Vec<Value> {
    let name = element_id::name(element);
    let path = element_id::path(element);
    let above = element_id::parent(&path).unwrap_or_default();
    let mut out = Vec::new();
    for kind in TYPES.iter().filter(|t| !allowed.iter().any(|a| a == **t)) {
        let member = choice(name, kind);
        let value = ground.samples.at(&format!("{above}.{member}")).cloned().unwrap_or_else(|| of_type(kind));
        for way in base.ways {
            let Some((above, old, _)) = holder(way) else { continue };
            out.extend(within(base.root, above, |members| {
                members.shift_remove(old);
                members.shift_remove(&format!("_{old}"));
                members.insert(member.clone(), value.clone());
            }));
        }
    }
    out
}
