//! The shape of what is written: objects, arrays, simple values and primitive extensions where the definitions have
//! them (<https://hl7.org/fhir/R4/json.html>), and the order of elements in XML (<https://hl7.org/fhir/R4/xml.html>).
//!
//! From the plan: [`PlanChild::is_list`], [`Variant::refused`].

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{Primitive, Role};
use crate::plan::{Handle, PlanChild, Variant};
use crate::release::release;

/// Whether a node whose plan has children is written as an object.
#[inline]
pub fn object<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) -> bool {
    let fits = at.node.is_object();
    if !fits {
        no_object(j, at.node, &at.plan.handles);
    }
    fits
}

/// Reports that a node is not the object that was expected.
#[cold]
pub fn no_object<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, demands: &[Handle]) {
    j.error(RuleId::ELEMENT_OBJECT, n, demands, || Detail::None);
}

/// Reports that a primitive is not a simple value.
#[cold]
pub fn not_simple<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    j.error(RuleId::ELEMENT_SIMPLE, at.node, &at.plan.handles, || Detail::Text(p.name().to_owned()));
}

/// Reports that an object is empty.
#[cold]
pub fn empty<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    j.error(RuleId::ELEMENT_EMPTY, at.node, &at.plan.handles, || Detail::None);
}

/// Reports that the profile does not allow the type of an entry.
#[cold]
pub fn refused<'t>(j: &mut Judge<'_, 't>, c: Node<'t>, variant: &Variant) {
    j.error(RuleId::ELEMENT_TYPE, c, &variant.refused, || Detail::None);
}

/// Judges a child that the plan does not have.
pub fn unknown<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, c: Node<'t>) {
    let plan = at.plan;
    // `resourceType` is not an element, and has no primitive extension.
    if release(j.set.fhir_version()).comment_member.is_some_and(|name| c.name_text() == name) {
        return;
    }
    let names_type = c.name() == NameId::RESOURCE_TYPE && plan.is_resource;
    if plan.type_id.is_known() && !(names_type && c.primitive_extension().is_none()) {
        let prefix = if names_type { "_" } else { "" };
        j.error(RuleId::ELEMENT_UNKNOWN, at.node, &plan.handles, || Detail::Name(format!("{prefix}{}", c.name_text())));
    }
}

/// Whether the shape of an entry allows going on with it.
#[inline]
pub fn entry<'t>(j: &mut Judge<'_, 't>, c: Node<'t>, child: &PlanChild) -> bool {
    let fault = match c.kind() {
        Kind::EmptyArray => RuleId::ELEMENT_EMPTY,
        Kind::NestedArray => RuleId::ELEMENT_ARRAY,
        // A null keeps the place of an entry that has only a primitive extension; what does not repeat has no places.
        Kind::Null if !c.in_array() || c.primitive_extension().is_none() => RuleId::ELEMENT_NULL,
        // XML does not say what is an array: extra occurrences there are a matter of cardinality.
        _ if child.is_list == c.in_array() || j.tape.is_xml() => return true,
        _ => {
            if c.kind() != Kind::Absent && c.is_first() {
                j.error(RuleId::ELEMENT_ARRAY, c, &child.handles, || Detail::None);
            }
            return child.is_list;
        }
    };
    j.error(fault, c, &child.handles, || Detail::None);
    false
}

/// Whether an entry counts as one of its element: as [`entry`], without a finding.
pub fn counts(c: Node<'_>, child: &PlanChild, xml: bool) -> bool {
    match c.kind() {
        Kind::EmptyArray | Kind::NestedArray => false,
        Kind::Null if !c.in_array() || c.primitive_extension().is_none() => false,
        _ => child.is_list || !c.in_array() || xml,
    }
}

/// Judges the primitive extension of an entry that has one: where it is, and what it is
/// (<https://hl7.org/fhir/R4/json.html#primitive>).
pub fn primitive_extension<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    c: Node<'t>,
    child: &PlanChild,
    variant: &Variant,
) {
    if variant.type_id.is_known() && !j.model().is_primitive(variant.type_id) {
        if c.is_first() {
            j.error(RuleId::ELEMENT_UNKNOWN, at.node, &at.plan.handles, || Detail::Name(format!("_{}", c.name_text())));
        }
        return;
    }
    let (primitive_extension, in_array) = (c.primitive_extension(), c.extension_in_array());
    let fault = match primitive_extension.map(Node::kind) {
        Some(Kind::Null) => "is null",
        Some(Kind::EmptyArray) => "is an empty array",
        _ if in_array && !child.is_list => "is an array, but its element does not repeat",
        _ if !in_array && child.is_list => "is not an array, but its element repeats",
        None => return,
        Some(Kind::Object) if primitive_extension.is_some_and(|t| t.children().next().is_none()) => {
            "is an empty object"
        }
        Some(Kind::Object) => return,
        Some(_) => "is not an object",
    };
    j.error(RuleId::JSON_PRIMITIVE_EXTENSION, c, &child.handles, || Detail::Text(fault.to_owned()));
}

/// Judges the order of a node's children in XML: that of their definitions.
pub fn order<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let plan = at.plan;
    let is_attribute = |c: Node<'_>| {
        (c.name() == NameId::ID && !plan.is_resource) || (c.name() == NameId::URL && plan.role == Role::Extension)
    };
    let mut highest = 0;
    for c in at.node.children().filter(|c| !is_attribute(*c)) {
        let Some(row) = j.model().child(plan.type_id, c.name()) else { continue };
        if row.order < highest {
            j.error(RuleId::XML_ORDER, c, &plan.handles, || Detail::None);
        }
        highest = highest.max(row.order);
    }
}

fn array(t: MessageContext<'_>) -> Message {
    let name = t.name();
    match (t.node.kind(), t.node.in_array()) {
        (Kind::NestedArray, _) => format!("the array of `{name}` contains another array").into(),
        (_, true) => format!("`{name}` does not repeat and must not be a JSON array").into(),
        (_, false) => format!("`{name}` is a repeating element and must be a JSON array").into(),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::ELEMENT_UNKNOWN, |t| format!("unknown property `{}`", t.given()).into()),
    (RuleId::ELEMENT_ARRAY, array),
    (RuleId::ELEMENT_OBJECT, |t| format!("`{}` must be an object", t.name()).into()),
    (RuleId::ELEMENT_SIMPLE, |t| format!("expected a value of type {}, found an object", t.given()).into()),
    (RuleId::ELEMENT_EMPTY, |t| format!("`{}` is empty", t.name()).into()),
    (RuleId::ELEMENT_NULL, |t| format!("`{}` is null", t.name()).into()),
    (RuleId::ELEMENT_TYPE, |t| format!("the profile does not allow `{}` here", t.name()).into()),
    (RuleId::JSON_PRIMITIVE_EXTENSION, |t| format!("`_{}` {}", t.name(), t.given()).into()),
    (RuleId::XML_ORDER, |t| format!("`{}` comes after elements that follow it in the definition", t.name()).into()),
];

/// A patient with a primitive extension.
macro_rules! born {
    ($primitive_extension:literal) => {
        concat!(r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":"#, $primitive_extension, "}")
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":true}"#, "activ", "active"),
    example(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":[{"id":"x","text":"a"}]}"#, "_name", "name"),
    example(RuleId::ELEMENT_UNKNOWN, r#"{"resourceType":"Patient","§":{"id":"x"}}"#, "_resourceType", "_active"),
    example(RuleId::ELEMENT_ARRAY, r#"{"resourceType":"Patient","name":§}"#, r#"{"text":"a"}"#, r#"[{"text":"a"}]"#),
    example(RuleId::ELEMENT_OBJECT, r#"{"resourceType":"Patient","name":[§]}"#, r#""a""#, r#"{"text":"a"}"#),
    example(RuleId::ELEMENT_SIMPLE, r#"{"resourceType":"Patient","birthDate":§}"#, r#"{"value":"2020"}"#, r#""2020""#),
    example(RuleId::ELEMENT_EMPTY, r#"{"resourceType":"Patient","name":[{§}]}"#, "", r#""text":"a""#),
    example(RuleId::ELEMENT_NULL, r#"{"resourceType":"Patient","birthDate":§}"#, "null", r#""2020""#),
    example(RuleId::ELEMENT_TYPE, r#"{"resourceType":"Patient","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","§":"a"}]}"#,
        "valueCode", "valueString"),
    example(RuleId::ELEMENT_TYPE, r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},§}"#,
        r#""valueString":"a""#, r#""valueQuantity":{"value":1}"#)
        .profile(r#"{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}]}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), "null", r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), "{}", r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), r#""x""#, r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), "[]", r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), "[null]", r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, born!("§"), r#"[{"id":"x"}]"#, r#"{"id":"x"}"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, r#"{"resourceType":"Patient","name":[{"given":["a"],"_given":§}]}"#,
        r#"{"id":"x"}"#, r#"[{"id":"x"}]"#),
    example(RuleId::JSON_PRIMITIVE_EXTENSION, r#"{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[§,
        {"id":"x"}]}]}"#, "17", "null"),
    example(RuleId::XML_ORDER, r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><§</Patient>"#,
        r#"active value="true"/>"#, r#"birthDate value="2020"/>"#),
];
