//! The specification's examples in two formats: read as JSON and written as XML they are the same tape but for
//! positions, and the same is said of them; that XML written as JSON is what it was made from.

use std::collections::BTreeSet;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::instance::{Kind, Limits, Node, parse, parse_xml};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::model::xml_to_json;
use fhir_accord_profiles::xml::node_xml;

use crate::archive::members;
use crate::examples::core;
use crate::harness::{Test, shared, tests};

pub const TESTS: &[Test] = tests! {
    "examples/r2.tgz" => dstu2;
    "examples/r3.tgz" => stu3;
    "examples/r4.tgz" => r4;
    "examples/r5.tgz packages/hl7.fhir.r5.core-5.0.0.tgz" => r5;
};

/// What XML cannot show: whether a value was written as a number or as a string.
const LEXEME: &str = "primitive-lexeme";

/// The rule of markup that does not read.
const MARKUP: &str = "narrative-syntax";

/// Elements of which XML cannot tell whether they repeat.
const UNKNOWN: &str = "element-unknown";

/// A tape as text, siblings sorted by name; repetition and the kinds of lexemes left out.
fn dump(node: Node<'_>) -> String {
    let mut children: Vec<String> = node
        .children()
        .filter(|c| c.kind() != Kind::EmptyArray)
        .map(|c| format!("{}={}{}", c.name_text(), c.text(), dump(c)))
        .collect();
    children.sort();
    if children.is_empty() { String::new() } else { format!("({})", children.join(" ")) }
}

/// A tape as text, with the kinds of lexemes and what stood in an array; members sorted by name.
fn exact(node: Node<'_>) -> String {
    let mut children: Vec<Node<'_>> = node.children().filter(|c| c.kind() != Kind::EmptyArray).collect();
    children.sort_by_key(|c| c.name_text());
    let child = |c: &Node<'_>| {
        let place = (c.kind(), c.in_array(), c.ordinal(), c.primitive_extension().is_some(), c.extension_in_array());
        format!("{}={place:?}{}{}", c.name_text(), c.text(), exact(*c))
    };
    children.iter().map(child).collect::<Vec<_>>().join(" ")
}

/// What is said, and of which place.
fn said(report: &Report) -> BTreeSet<(String, String, String)> {
    report
        .issues
        .iter()
        .map(|i| (i.rule.as_str().to_owned(), i.severity.code().to_owned(), i.expression.clone()))
        .collect()
}

/// Holds what is said of the examples of a version as JSON against what is said of them as XML.
fn in_two_formats(version: FhirVersion, name: &str) {
    let app = core(version);
    let (model, limits, policies) = (app.set().model(), Limits::default(), Policies::hl7());
    let (evaluator, mut memory) = (app.evaluator(), Memory::default());
    let (mut count, mut found) = (0, 0);
    for (name, json) in members(&shared().join(format!("examples/{name}.tgz"))) {
        // In XML a narrative without a namespace would be in FHIR's: it gets its own.
        let json =
            String::from_utf8(json).unwrap().replace("\"<div>", "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">");
        let json = json.as_bytes();
        let j = parse(json, model.names(), &limits);
        let Some(root) = j.root().filter(|_| j.faults().is_empty()) else { continue };
        let mut one = app.check(&evaluator, json, &[], &policies, None, &mut memory);
        // Markup that would break the document stands there as text.
        if one.issues.iter().any(|i| i.rule.as_str() == MARKUP) {
            continue;
        }
        let xml = node_xml(root, model).unwrap();
        let x = parse_xml(xml.as_bytes(), model.names(), &limits);
        assert_eq!(x.faults(), &[], "{name}: {xml}");
        assert_eq!(dump(x.root().unwrap()), dump(root), "{name}");
        let other = app.check(&evaluator, xml.as_bytes(), &[], &policies, None, &mut memory);
        let all = one.issues.len();
        let is_known = one.issues.iter().all(|i| i.rule.as_str() != UNKNOWN);
        one.issues.retain(|i| i.rule.as_str() != LEXEME);
        assert_eq!(said(&one), said(&other), "{name}");
        count += 1;
        found += one.issues.len();
        if one.issues.len() < all {
            continue;
        }
        assert_eq!(one.verdict, other.verdict, "{name}");
        if !is_known {
            continue;
        }
        let written = xml_to_json(xml.as_bytes(), model, &limits).unwrap();
        let back = parse(written.as_bytes(), model.names(), &limits);
        assert_eq!(back.faults(), &[], "{name}: {written}");
        assert_eq!(exact(back.root().unwrap()), exact(root), "{name}");
    }
    assert!(count > 350 && found > 50, "{count} examples, {found} issues");
}

fn dstu2() {
    in_two_formats(FhirVersion::Dstu2, "r2");
}

fn stu3() {
    in_two_formats(FhirVersion::Stu3, "r3");
}

fn r4() {
    in_two_formats(FhirVersion::R4, "r4");
}

fn r5() {
    in_two_formats(FhirVersion::R5, "r5");
}
