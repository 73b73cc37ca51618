//! Structure definitions: what a profile constrains is what its base has
//! (<https://hl7.org/fhir/R4/profiling.html#limitations>, <https://hl7.org/fhir/R4/structuredefinition.html>).

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::plan::Handle;
use crate::plan::rows::{STRUCTURE_LOGICAL, STRUCTURE_PRIMITIVE, STRUCTURE_RESOURCE};
use crate::release::release;

mod base;
mod element;
mod extension;
mod siblings;
mod types;

use base::Base;
use siblings::Siblings;

/// Judges a StructureDefinition.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if !release(j.set.fhir_version()).structures_of_today {
        return;
    }
    extension::check(j, n);
    roots(j, n);
    let constrains = text(n, "derivation").is_some_and(|d| d == "constraint");
    let Some(base) = named(n, "baseDefinition").find(|b| b.has_value()).filter(|_| constrains) else { return };
    if let Some(version) = text(n, "fhirVersion").filter(|v| FhirVersion::parse(v) != Some(j.set.fhir_version())) {
        let own = j.set.fhir_version();
        open(j, base, || {
            format!(
                "cannot check the elements against the base: the definition is for FHIR {version}, the base for {}",
                own.name()
            )
        });
        return;
    }
    let canonical = base.text();
    let Some((structure, root)) = j.structure(&canonical).and_then(|s| Some((s, j.set.root(s)?))) else {
        open(j, base, || format!("cannot check the elements against their base: `{canonical}` is not loaded"));
        return;
    };
    if is_of_base(j, n, structure) {
        elements(j, n, root);
    }
}

/// The paths of a logical model start with its type; for other kinds a constraint of the specification says so.
fn roots<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(type_name) = text(n, "type").filter(|_| text(n, "kind").is_some_and(|k| k == "logical")) else { return };
    let root = type_name.rsplit('/').next().unwrap_or(&type_name);
    for e in ["differential", "snapshot"].iter().flat_map(|list| named(n, list)).flat_map(|l| named(l, "element")) {
        if let Some(path) = text(e, "path").filter(|p| p.split('.').next() != Some(root)) {
            j.error(RuleId::STRUCTURE_PATH, e, &[], || {
                Detail::Text(format!("`{path}` does not start with the type of the model, `{root}`"))
            });
        }
    }
}

fn open<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, told: impl FnOnce() -> String) {
    j.question(RuleId::STRUCTURE_BASE, at, &[], || Detail::Text(told()));
}

/// A constraint has the type and the kind of its base.
fn is_of_base<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, base: Handle) -> bool {
    let set = j.set;
    let Some(row) = set.structure(base) else { return false };
    let wanted = set.str(base.layer, row.type_name);
    let kinds =
        [(STRUCTURE_LOGICAL, "logical"), (STRUCTURE_RESOURCE, "resource"), (STRUCTURE_PRIMITIVE, "primitive-type")];
    let kind = kinds.iter().find(|(flag, _)| row.flags & flag != 0).map_or("complex-type", |(_, kind)| kind);
    for (name, wanted) in [("kind", kind), ("type", wanted)] {
        let Some(node) = named(n, name).find(|c| c.has_value()) else { return false };
        let own = node.text();
        if own.rsplit('/').next() != Some(wanted) {
            j.error(RuleId::STRUCTURE_BASE, node, &[], || {
                Detail::Text(format!(
                    "the {name} is `{own}`, but that of the base `{}` is `{wanted}`",
                    set.canonical(base)
                ))
            });
            return false;
        }
    }
    true
}

/// The elements of the differential and of the snapshot, each compared with its element in the base.
fn elements<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, root: Handle) {
    for list in ["differential", "snapshot"] {
        let all: Vec<Node<'t>> = named(n, list).flat_map(|l| named(l, "element")).collect();
        let mut base = Base::new(root, types::given(&all));
        let mut beside = Siblings::new(&all);
        for e in all {
            element::check(j, &mut base, &mut beside, e);
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::STRUCTURE_BASE, |t| t.given().into()),
    (RuleId::STRUCTURE_PATH, |t| t.given().into()),
    (RuleId::STRUCTURE_ORDER, |t| t.given().into()),
    (RuleId::STRUCTURE_SLICING, |t| t.given().into()),
    (RuleId::STRUCTURE_CARDINALITY, |t| t.given().into()),
    (RuleId::STRUCTURE_TYPE, |t| t.given().into()),
    (RuleId::STRUCTURE_VALUE, |t| t.given().into()),
    (RuleId::STRUCTURE_BINDING, |t| t.given().into()),
    (RuleId::STRUCTURE_EXTENSION, |t| t.given().into()),
];

/// A profile of Patient with one element.
macro_rules! profile {
    ($element:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
                "kind":"resource","abstract":false,
            "type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
                "derivation":"constraint","differential":{"element":[{"#,
            $element,
            "}]}}"
        )
    };
}

/// The definition of an extension, with its context and its url.
macro_rules! extension {
    ($context:literal, $url:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
                "kind":"complex-type","abstract":false,
            "context":[{"type":"element","expression":""#,
            $context,
            r#""}],"type":"Extension","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "derivation":"constraint",
            "differential":{"element":[{"id":"Extension.url","path":"Extension.url","fixedUri":""#,
            $url,
            r#""}]}}"#
        )
    };
}

/// A profile of Patient that says of itself that it is of another type, or has another base.
macro_rules! based {
    ($type:literal, $base:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S","status":"draft",
                "kind":"resource","abstract":false,"type":""#,
            $type,
            r#"","baseDefinition":"http://hl7.org/fhir/StructureDefinition/"#,
            $base,
            r#"","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"}]}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::STRUCTURE_BASE, based!("§", "Patient"), "Person", "Patient"),
    example(RuleId::STRUCTURE_BASE, based!("Patient", "§"), "Nonsense", "Patient"),
    example(RuleId::STRUCTURE_PATH, profile!(r#""id":"Patient.§","path":"Patient.§","min":1"#), "nmae", "name"),
    example(RuleId::STRUCTURE_PATH, profile!(r#""id":"Patient.§","path":"Patient.§","min":1"#), "name.famly",
        "name.family"),
    example(RuleId::STRUCTURE_PATH, profile!(r#""id":"Patient.§","path":"Patient.§","min":1"#), "deceasedString",
        "deceasedBoolean"),
    example(RuleId::STRUCTURE_PATH, r#"{"resourceType":"StructureDefinition","url":"http://a.test/M","name":"M",
        "status":"draft","kind":"logical","abstract":false,"type":"http://a.test/M",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization",
            "differential":{"element":[{"id":"§","path":"§","definition":"m","min":0,"max":"*"}]}}"#, "N", "M"),
    example(RuleId::STRUCTURE_ORDER, profile!(r#""id":"Patient.name","path":"Patient.name"},{"id":"Patient.§",
        "path":"Patient.§""#), "active", "gender"),
    example(RuleId::STRUCTURE_SLICING, profile!(r#""id":"Patient.name","path":"Patient.name"§},{"id":"Patient.name:a",
        "path":"Patient.name","sliceName":"a""#), "",
        r#","slicing":{"discriminator":[{"type":"value","path":"use"}],"rules":"open"}"#),
    example(RuleId::STRUCTURE_CARDINALITY, profile!(r#""id":"Patient.gender","path":"Patient.gender","max":"§""#), "2",
        "0"),
    example(RuleId::STRUCTURE_CARDINALITY, profile!(r#""id":"Patient.link.other","path":"Patient.link.other","min":§"#),
        "0", "1"),
    example(RuleId::STRUCTURE_TYPE, profile!(r#""id":"Patient.deceased[x]","path":"Patient.deceased[x]",
        "type":[{"code":"§"}]"#), "string", "boolean"),
    example(RuleId::STRUCTURE_TYPE, profile!(r#""id":"Patient.managingOrganization",
        "path":"Patient.managingOrganization","type":[{"code":"Reference",
        "targetProfile":["http://hl7.org/fhir/StructureDefinition/§"]}]"#), "Patient", "Organization"),
    example(RuleId::STRUCTURE_TYPE, profile!(r#""id":"Patient.name","path":"Patient.name","type":[{"code":"HumanName",
        "profile":["http://hl7.org/fhir/StructureDefinition/§"]}]"#), "Address", "HumanName"),
    example(RuleId::STRUCTURE_VALUE, profile!(r#""id":"Patient.gender","path":"Patient.gender","§":"male""#),
        "fixedString", "fixedCode"),
    example(RuleId::STRUCTURE_VALUE, profile!(r#""id":"Patient.maritalStatus","path":"Patient.maritalStatus",§"#),
        r#""patternCoding":{"code":"M"}"#, r#""patternCodeableConcept":{"coding":[{"code":"M"}]}"#),
    example(RuleId::STRUCTURE_BINDING, profile!(r#""id":"Patient.gender","path":"Patient.gender",
        "binding":{"strength":"§","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}"#), "extensible",
        "required"),
    example(RuleId::STRUCTURE_EXTENSION, extension!("Patient", "http://a.test/§"), "t", "s"),
    example(RuleId::STRUCTURE_EXTENSION, extension!("§", "http://a.test/s"), "Patient.nmae", "Patient.name"),
];
