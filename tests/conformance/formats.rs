//! The specification's examples in two formats: read as JSON and written as XML they are the same tape but for
//! positions, and the same is said of them; that XML written as JSON is what it was made from.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use fhir_accord::app::{App, Settings};
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::instance::{Kind, Limits, NameId, Node, parse, parse_xml};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::model::{Model, TypeId, xml_to_json};

use crate::harness::{Test, shared, tests};

pub const TESTS: &[Test] = tests! { "examples/r4.tgz" => examples_in_two_formats; };

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

fn is_extension(node: Node<'_>) -> bool {
    matches!(node.name_text(), "extension" | "modifierExtension")
}

/// Writes a node's children as FHIR XML, in the order of their definitions.
fn write(node: Node<'_>, type_id: TypeId, model: &Model, out: &mut String) {
    let escape = |t: &str| {
        t.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\n', "&#10;")
            .replace('\t', "&#9;")
            .replace('\r', "&#13;")
    };
    let resource = model.is_resource(type_id).then(|| model.type_name(type_id));
    if let Some(name) = resource {
        out.push_str(&format!("<{name} xmlns=\"http://hl7.org/fhir\">"));
    }
    let is_attribute =
        |c: Node<'_>| resource.is_none() && (c.name() == NameId::ID || c.name() == NameId::URL && is_extension(node));
    let mut children: Vec<Node<'_>> = node
        .children()
        .filter(|c| {
            (resource.is_none() || c.name() != NameId::RESOURCE_TYPE)
                && c.kind() != Kind::EmptyArray
                && !is_attribute(*c)
        })
        .collect();
    children.sort_by_key(|c| model.child(type_id, c.name()).map_or(u32::MAX, |r| r.order));
    for child in children {
        if child.name() == NameId::DIV {
            out.push_str(&child.text());
            continue;
        }
        let name = child.name_text();
        out.push_str(&format!("<{name}"));
        let child_type = model.type_of_child(type_id, child);
        let holds_resource = model.is_resource(child_type);
        for (id, attribute, wanted) in [(NameId::ID, "id", true), (NameId::URL, "url", is_extension(child))] {
            if let Some(value) = child.child_text(id).filter(|_| wanted && !holds_resource) {
                out.push_str(&format!(" {attribute}=\"{}\"", escape(&value)));
            }
        }
        if child.has_value() {
            out.push_str(&format!(" value=\"{}\"", escape(&child.text())));
        }
        out.push('>');
        let inside = if model.is_primitive(child_type) { model.find("Element").unwrap() } else { child_type };
        write(child, inside, model, out);
        out.push_str(&format!("</{name}>"));
    }
    if let Some(name) = resource {
        out.push_str(&format!("</{name}>"));
    }
}

/// What is said, and of which place.
fn said(report: &Report) -> BTreeSet<(String, String, String)> {
    report
        .issues
        .iter()
        .map(|i| (i.rule.as_str().to_owned(), i.severity.code().to_owned(), i.expression.clone()))
        .collect()
}

fn examples_in_two_formats() {
    let file = std::fs::File::open(shared().join("examples/r4.tgz")).unwrap();
    let images = Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("formats"));
    let app =
        App::open(&Settings { packages: vec!["hl7.fhir.r4.core#4.0.1".to_owned()], images, ..Settings::default() })
            .unwrap();
    let (model, limits, policies) = (app.set().model(), Limits::default(), Policies::hl7());
    let (evaluator, mut memory) = (app.evaluator(), Memory::default());
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let (mut count, mut found) = (0, 0);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut json = Vec::new();
        entry.read_to_end(&mut json).unwrap();
        let j = parse(&json, model.names(), &limits);
        let Some(root) = j.root().filter(|_| j.faults().is_empty()) else { continue };
        let mut xml = String::new();
        write(root, model.resource_type(root), model, &mut xml);
        let x = parse_xml(xml.as_bytes(), model.names(), &limits);
        assert_eq!(x.faults(), &[], "{name}: {xml}");
        assert_eq!(dump(x.root().unwrap()), dump(root), "{name}");
        let written = xml_to_json(xml.as_bytes(), model, &limits).unwrap();
        let back = parse(written.as_bytes(), model.names(), &limits);
        assert_eq!(back.faults(), &[], "{name}: {written}");
        assert_eq!(exact(back.root().unwrap()), exact(root), "{name}");
        let one = app.check(&evaluator, &json, &[], &policies, None, &mut memory);
        let other = app.check(&evaluator, xml.as_bytes(), &[], &policies, None, &mut memory);
        assert_eq!(said(&one), said(&other), "{name}");
        assert_eq!(one.verdict, other.verdict, "{name}");
        count += 1;
        found += one.issues.len();
    }
    assert!(count > 500 && found > 500, "{count} examples, {found} issues");
}
