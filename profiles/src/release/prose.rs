//! What DSTU2 and STU3 ask for in prose only, as the constraints that later versions have.

use serde_json::{Value, json};

/// The type that a constraint is about, its key in later versions, what it says, its expression.
type Row = (&'static str, &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    // Documents: "The document date (mandatory). This is found in Bundle.meta.lastUpdated"
    // (<https://hl7.org/fhir/STU3/documents.html#content>); since R4 it is `Bundle.timestamp`.
    (
        "Bundle",
        "bdl-10",
        "a document has a date (`meta.lastUpdated`)",
        "type = 'document' implies meta.lastUpdated.hasValue()",
    ),
    // <https://hl7.org/fhir/DSTU2/extensibility.html#extension>
    (
        "Extension",
        "ext-1",
        "an extension has either a value or extensions, and not both",
        "extension.exists() != value.exists()",
    ),
];

/// Adds them to the root of a type, and of a profile of it, that does not have them.
pub(super) fn require(definition: &mut Value) {
    let of_type = |row: &&Row| definition["type"] == row.0;
    for (type_name, key, human, expression) in ROWS.iter().filter(of_type).copied().collect::<Vec<Row>>() {
        for list in ["/snapshot/element/0", "/differential/element/0"] {
            let root = definition.pointer_mut(list).and_then(Value::as_object_mut);
            let Some(root) = root.filter(|root| root.get("path").is_some_and(|p| p == type_name)) else { continue };
            if let Some(all) = root.entry("constraint").or_insert_with(|| json!([])).as_array_mut()
                && all.iter().all(|c| c["key"] != key)
            {
                all.push(json!({"key": key, "severity": "error", "human": human, "expression": expression}));
            }
        }
    }
}
