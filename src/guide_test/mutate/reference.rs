//! References to resources of other types.

use serde_json::{Value, json};

use super::edit::within;
use super::ground::Base;
use crate::guide_test::element_id;
use crate::guide_test::place::{choice, holder};

/// Types, of which a profile seldom allows all.
const TYPES: [&str; 6] = ["Basic", "Binary", "Linkage", "Patient", "Organization", "Observation"];

/// The reference leads to a resource of each type; a choice of another type becomes a reference.
pub(super) fn elsewhere(element: &str, base: &Base<'_>) -> Vec<Value> {
    let member = element_id::is_choice(element).then(|| choice(element_id::name(element), "Reference"));
    let mut out = Vec::new();
    for kind in TYPES {
        let reference = json!(format!("{kind}/other"));
        for way in base.ways {
            let Some((above, name, _)) = holder(way) else { continue };
            out.extend(match member.as_deref().filter(|m| *m != name) {
                Some(member) => within(base.root, above, |members| {
                    members.shift_remove(name);
                    members.shift_remove(&format!("_{name}"));
                    members.insert(member.to_owned(), json!({"reference": reference}));
                }),
                None => within(base.root, way, |members| {
                    members.shift_remove("type");
                    members.insert("reference".to_owned(), reference.clone());
                }),
            });
        }
    }
    out
}
