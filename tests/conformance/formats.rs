//! The specification's examples in two formats: read as JSON and written as XML they are the same tape but for
//! positions, and the same is said of them; that XML written as JSON is what it was made from.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use fhir_accord::app::{App, Settings};
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::instance::{Kind, Limits, Node, parse, parse_xml};
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::model::xml_to_json;

use crate::harness::{Test, shared, tests};
use crate::xml::write;

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
