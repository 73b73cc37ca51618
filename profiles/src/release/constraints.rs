//! The constraints that DSTU2 and the guides on it state in XPath only, as FHIRPath (`facts/dstu2.constraints.tsv`).

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::json::{put, text};

const TABLE: &str = include_str!("../../facts/dstu2.constraints.tsv");

/// Gives the constraints of a snapshot or a differential their expressions. One that a definition brings along gives
/// way: XPath is what DSTU2 means.
pub(super) fn translate(elements: &mut [Value]) {
    let all = elements.iter_mut().filter_map(|e| e.get_mut("constraint")).filter_map(Value::as_array_mut).flatten();
    for constraint in all.filter_map(Value::as_object_mut) {
        if let Some(expression) = of(text(constraint, "key"), text(constraint, "xpath")) {
            put(constraint, "expression", json!(expression));
        }
    }
}

/// The resource types that have no narrative (<https://hl7.org/fhir/DSTU2/domainresource.html>).
const NO_NARRATIVE: [&str; 4] = ["Binary", "Bundle", "Parameters", "Resource"];

/// Adds the constraints of `Element` (`ele-1`) or of `DomainResource` (`dom-1` to `dom-4`) to the root of a type or of
/// a profile: snapshots of DSTU2 do not repeat them (<https://hl7.org/fhir/DSTU2/domainresource.html#invs>).
pub(super) fn inherit(root: &mut Map<String, Value>, is_resource: bool, type_name: &str) {
    let keys: &[&str] = match (is_resource, type_name) {
        (true, name) if NO_NARRATIVE.contains(&name) => return,
        // They have them as their own.
        (_, "DomainResource" | "Element") => return,
        (true, _) => &["dom-1", "dom-2", "dom-3", "dom-4"],
        (false, _) => &["ele-1"],
    };
    let more = keys.iter().filter_map(|key| {
        let row = rows().iter().find(|((own, _), _)| own == key)?;
        Some(json!({"key": key, "severity": "error", "expression": row.1}))
    });
    let more: Vec<Value> = more.collect();
    if let Some(all) = root.entry("constraint").or_insert_with(|| json!([])).as_array_mut() {
        all.extend(more);
    }
}

type Rows = FxHashMap<(&'static str, &'static str), &'static str>;

fn rows() -> &'static Rows {
    static ROWS: OnceLock<Rows> = OnceLock::new();
    ROWS.get_or_init(|| TABLE.lines().filter_map(row).collect())
}

/// The expression of the constraint with this key and this XPath; another constraint of the same key has none.
fn of(key: &str, xpath: &str) -> Option<&'static str> {
    rows().get(&(key, fingerprint(xpath).as_str())).copied()
}

/// Key, fingerprint and expression of a line.
fn row(line: &'static str) -> Option<((&'static str, &'static str), &'static str)> {
    if line.starts_with('#') {
        return None;
    }
    let mut columns = line.split('\t');
    let (key, fingerprint, _, expression) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    Some(((key, fingerprint), expression))
}

/// The first 8 bytes, in hex, of the SHA-256 of an expression without its white space.
fn fingerprint(xpath: &str) -> String {
    let bare: String = xpath.split_whitespace().collect();
    Sha256::digest(bare.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
