//! Structure definitions: what a profile constrains is what its base has
//! (<https://hl7.org/fhir/R4/profiling.html#limitations>, <https://hl7.org/fhir/R4/structuredefinition.html>).

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::plan::Handle;
use crate::plan::rows::{STRUCTURE_LOGICAL, STRUCTURE_PRIMITIVE, STRUCTURE_RESOURCE};
use crate::release::release;

mod advice;
mod advice_examples;
mod ancestry;
mod base;
mod binding;
mod choice;
mod compliance;
mod differential;
mod discriminator;
mod element;
mod examples;
mod expression;
mod extension;
mod home;
mod obligation;
mod resliced;
pub mod rests;
mod siblings;
mod slicing;
mod specialized;
mod types;

use advice::Support;
pub use advice_examples::EXAMPLES as ADVISED;
use base::Base;
use choice::Choices;
use differential::Keys;
use discriminator::Discriminators;
use element::Around;
pub use examples::EXAMPLES as BASED;
use home::Home;
use siblings::Siblings;
use specialized::{roots, specializes};

/// Judges a StructureDefinition.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if !release(j.set.fhir_version()).structures_of_today {
        return;
    }
    extension::check(j, n);
    expression::check(j, n);
    roots(j, n);
    rests::check(j, n);
    let constrains = text(n, "derivation").is_some_and(|d| d == "constraint");
    advice::types(j, n, !constrains);
    obligation::check(j, n, constrains);
    derived(j, n);
    let Some(base) = named(n, "baseDefinition").find(|b| b.has_value()) else { return };
    if !constrains {
        return specializes(j, n, base);
    }
    differential::statements(j, n);
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
    let (canonical, home) = (base.text(), Home::of(j, n));
    let Some((structure, root)) = home.structure(j, &canonical).and_then(|s| Some((s, j.set.root(s)?))) else {
        open(j, base, || format!("cannot check the elements against their base: `{canonical}` is not loaded"));
        return;
    };
    if ancestry::check(j, n, base, structure) && is_of_base(j, n, structure) {
        elements(j, n, root, home);
        obligation::elements(j, n, root);
        compliance::check(j, n);
    }
}

/// An abstract definition has some that are derived from it, as far as they are loaded.
fn derived<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(node) = named(n, "abstract").find(|a| a.has_value() && a.text() == "true") else { return };
    let Some(url) = text(n, "url").filter(|url| !ancestry::is_base(j, url)) else { return };
    j.find(RuleId::STRUCTURE_ABSTRACT, Weight::Note, node, &[], || {
        Detail::Text(format!("`{url}` is abstract, and no definition that is loaded is derived from it"))
    });
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
fn elements<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, root: Handle, home: Home) {
    let url = text(n, "url").unwrap_or_default();
    for list in ["differential", "snapshot"] {
        let all: Vec<Node<'t>> = named(n, list).flat_map(|l| named(l, "element")).collect();
        let mut around = Around {
            base: Base::new(root, types::given(&all)),
            beside: Siblings::new(&all),
            choices: Choices::new(&all),
            slices: Discriminators::new(&all),
            support: Support::default(),
            leads: list == "differential" || named(n, "differential").next().is_none(),
            keys: (list == "differential").then(|| Keys::of(&url)),
            home,
        };
        if around.leads {
            choice::of_types(j, &all);
        }
        for e in all {
            if j.shared.look() {
                return;
            }
            element::check(j, &mut around, e);
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
    (RuleId::STRUCTURE_STATEMENT, |t| t.given().into()),
    (RuleId::STRUCTURE_CONSTRAINT_KEY, |t| t.given().into()),
    (RuleId::STRUCTURE_COMPLIANCE, |t| t.given().into()),
    (RuleId::STRUCTURE_EXPRESSION, |t| t.given().into()),
    (RuleId::STRUCTURE_DISCRIMINATOR, |t| t.given().into()),
    (RuleId::STRUCTURE_FIXED, |t| t.given().into()),
    (RuleId::STRUCTURE_SUPPORT, |t| t.given().into()),
    (RuleId::STRUCTURE_CONTEXT, |t| t.given().into()),
    (RuleId::STRUCTURE_ABSTRACT, |t| t.given().into()),
    (RuleId::STRUCTURE_OBLIGATION, |t| t.given().into()),
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
    example(RuleId::STRUCTURE_BASE, r#"{"resourceType":"StructureDefinition","url":"http://a.test/S","name":"S",
        "status":"draft","kind":"complex-type","abstract":false,"type":"§",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/HumanName","derivation":"specialization"}"#,
        "HumanName", "http://a.test/S"),
    example(RuleId::STRUCTURE_BASE, r#"{"resourceType":"StructureDefinition","url":"http://a.test/S","name":"S",
        "status":"draft","kind":"complex-type","abstract":false,"type":"http://a.test/S",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/HumanName"§}"#, "",
        r#","derivation":"specialization""#),
    example(RuleId::STRUCTURE_BASE, r#"{"resourceType":"StructureDefinition","url":"http://a.test/S","name":"S",
        "status":"draft","kind":"logical","abstract":false,"type":"§",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization"}"#,
        "S", "http://a.test/S"),
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
    example(RuleId::STRUCTURE_SLICING, profile!(r#""id":"Patient.name","path":"Patient.name",
        "slicing":{"discriminator":[{"type":"value","path":"§"}],"rules":"open"}"#), "usee", "use"),
    example(RuleId::STRUCTURE_SLICING, profile!(r#""id":"Patient.identifier","path":"Patient.identifier",
        "slicing":{"discriminator":[{"type":"value","path":"type.coding.§"}],"rules":"open"}"#), "value", "code"),
    example(RuleId::STRUCTURE_SLICING, profile!(r#""id":"Patient.§","path":"Patient.§",
        "slicing":{"discriminator":[{"type":"value","path":"$this"}],"rules":"open"}"#), "birthDate", "name"),
    example(RuleId::STRUCTURE_BINDING, profile!(r#""id":"Patient.§","path":"Patient.§",
        "binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}"#),
        "birthDate", "gender"),
    example(RuleId::STRUCTURE_TYPE, profile!(r#""id":"Patient.§","path":"Patient.§","type":[{"code":"Extension",
        "profile":["http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"]}]"#), "modifierExtension",
        "extension"),
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
    example(RuleId::STRUCTURE_STATEMENT, profile!(r#""id":"Patient.active","path":"Patient.active",
        "§":"true means it""#), "meaningWhenMissing", "comment"),
    example(RuleId::STRUCTURE_STATEMENT, profile!(r#""id":"Patient.gender","path":"Patient.gender","§":"male""#),
        "defaultValueCode", "fixedCode"),
    example(RuleId::STRUCTURE_CONSTRAINT_KEY, profile!(r#""id":"Patient.name","path":"Patient.name","constraint":[{
        "key":"a-1","severity":"error","human":"a","expression":"family.exists()"}]},{"id":"Patient.address",
        "path":"Patient.address","constraint":[{"key":"a-§","severity":"error","human":"a",
        "expression":"city.exists()"}]"#), "1", "2"),
    example(RuleId::STRUCTURE_CONSTRAINT_KEY, profile!(r#""id":"Patient.contact","path":"Patient.contact",
        "constraint":[{"key":"pat-1","severity":"error","human":"a",
        "expression":"name.exists() or telecom.exists() or address.exists()§"}]"#), "", " or organization.exists()"),
    example(RuleId::STRUCTURE_CONSTRAINT_KEY, profile!(r#""id":"Patient.name","path":"Patient.name","constraint":[{
        "key":"a-1","severity":"error","human":"a","expression":"family.exists()"§}]"#),
        r#","source":"http://a.test/other""#, ""),
    example(RuleId::STRUCTURE_EXPRESSION, profile!(r#""id":"Patient.name","path":"Patient.name","constraint":[{
        "key":"a-1","severity":"error","human":"a","expression":"§.exists()"}]"#), "famly", "family"),
    example(RuleId::STRUCTURE_EXTENSION, extension!("Patient", "http://a.test/§"), "t", "s"),
    example(RuleId::STRUCTURE_EXTENSION, extension!("§", "http://a.test/s"), "Patient.nmae", "Patient.name"),
    example(RuleId::STRUCTURE_EXTENSION, extension!("§", "http://a.test/s"), "Pateint.name", "Patient.name"),
    example(RuleId::STRUCTURE_EXTENSION, r#"{"resourceType":"StructureDefinition","url":"http://a.test/s","name":"S",
        "status":"draft","kind":"complex-type","abstract":false,"context":[{"type":"element","expression":"Patient"}],
        "type":"Extension","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation":"constraint","differential":{"element":[{"id":"Extension.§","path":"Extension.§",
        "fixedUri":"http://a.test/s"}]}}"#, "valueUri", "url"),
];
