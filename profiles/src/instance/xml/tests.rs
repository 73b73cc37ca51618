#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
use super::*;
use crate::instance::{Node, parse};

fn names() -> Names {
    Names::new(["given", "birthDate", "name", "active", "family"])
}

/// A tape as text, siblings sorted by name, repetition and lexeme kinds left out.
fn dump(root: Node<'_>) -> String {
    let mut children: Vec<String> = root
        .children()
        .filter(|c| c.kind() != Kind::EmptyArray)
        .map(|c| format!("{}={}{}", c.name_text(), c.text(), dump(c)))
        .collect();
    children.sort();
    if children.is_empty() { String::new() } else { format!("({})", children.join(" ")) }
}

fn both(xml: &str, json: &str) {
    let names = names();
    let x = parse_xml(xml.as_bytes(), &names, &Limits::default());
    let j = parse(json.as_bytes(), &names, &Limits::default());
    assert_eq!(x.faults(), &[], "{xml}");
    assert_eq!(dump(x.root().unwrap()), dump(j.root().unwrap()));
}

#[test]
fn twins_in_two_formats() {
    both(
        r#"<?xml version="1.0"?><!-- c --><Patient xmlns="http://hl7.org/fhir"><id value="p"/><active value="true"/>
           <name id="n"><given value="A &amp; B"/><given value="C">
            <extension url="http://x"><valueString value="&#x41;"/></extension></given></name>
           <birthDate><extension url="u"/></birthDate>
           <contained><Patient><id value="c"/><name><family value="x"/></name></Patient></contained></Patient>"#,
        r#"{"resourceType":"Patient","id":"p","active":true,
            "name":[{"id":"n","given":["A & B","C"],
            "_given":[null,{"extension":[{"url":"http://x","valueString":"A"}]}]}],
           "_birthDate":{"extension":[{"url":"u"}]},
            "contained":[{"resourceType":"Patient","id":"c","name":[{"family":"x"}]}]}"#,
    );
    both(
        r#"<f:Patient xmlns:f="http://hl7.org/fhir"><f:text><f:status value="generated"/>
            <div xmlns="http://www.w3.org/1999/xhtml"><p>a<br/></p></div></f:text></f:Patient>"#,
        r#"{"resourceType":"Patient","text":{"status":"generated",
            "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a<br/></p></div>"}}"#,
    );
}

#[test]
fn repetition_and_spans() {
    let names = names();
    let text = r#"<Patient xmlns="http://hl7.org/fhir">
        <name><given value="A"/><given value="B"/><family value="C"/></name></Patient>"#;
    let tape = parse_xml(text.as_bytes(), &names, &Limits::default());
    let name = tape.root().unwrap().children().nth(1).unwrap();
    let given: Vec<_> = name.children().map(|c| (c.ordinal(), c.is_first(), c.raw())).collect();
    assert_eq!(given, [(Some(0), true, "A"), (Some(1), false, "B"), (None, true, "C")]);
    assert_eq!(
        &text[name.span().start as usize..name.span().end as usize],
        r#"<name><given value="A"/><given value="B"/><family value="C"/></name>"#
    );
}

#[test]
fn faults() {
    let names = names();
    let fhir = |inner: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>");
    for (text, fault) in [
        (String::new(), FaultKind::Empty),
        ("<Patient xmlns=\"http://hl7.org/fhir\">".to_owned(), FaultKind::UnexpectedEnd),
        (fhir("<name></nam>"), FaultKind::EndTag),
        (fhir("x"), FaultKind::StrayText),
        (fhir("") + "x", FaultKind::TrailingText),
        ("<!DOCTYPE x><Patient/>".to_owned(), FaultKind::Doctype),
        (fhir("<![CDATA[x]]>"), FaultKind::UnexpectedCharacter),
        (fhir("<id value=\"&x;\"/>"), FaultKind::BadEscape),
        (fhir("<id value=\"&#+65;\"/>"), FaultKind::BadEscape),
        (fhir("<id value=\"a\" value=\"b\"/>"), FaultKind::DuplicateKey),
        (fhir("<contained><Patient/><Patient/></contained>"), FaultKind::UnexpectedCharacter),
        (fhir("<name family=\"x\"/>"), FaultKind::Attribute),
        (fhir("<name url=\"x\"/>"), FaultKind::Attribute),
        (fhir("<name><id value=\"x\"/></name>"), FaultKind::NoAttribute),
        (fhir("<extension><url value=\"x\"/></extension>"), FaultKind::NoAttribute),
        ("<Patient><id value=\"a\"/></Patient>".to_owned(), FaultKind::Namespace),
        (fhir("<name xmlns=\"urn:x\"><family value=\"a\"/></name>"), FaultKind::Namespace),
        (fhir("<x:name><family value=\"a\"/></x:name>"), FaultKind::Namespace),
    ] {
        let tape = parse_xml(text.as_bytes(), &names, &Limits::default());
        assert_eq!(tape.faults().iter().map(|f| f.kind).collect::<Vec<_>>(), [fault], "{text}");
    }
    assert_eq!(
        parse_xml(fhir("<name id=\"x\"/><extension url=\"u\"/>").as_bytes(), &names, &Limits::default()).faults(),
        &[]
    );
    let deep = "<a>".repeat(1_000_000);
    assert_eq!(
        parse_xml(deep.as_bytes(), &names, &Limits::default()).faults().last().map(|f| f.kind),
        Some(FaultKind::LimitDepth)
    );
}

/// A resource's type is the name of its element; a child of that name is unknown.
#[test]
fn a_type_is_no_child() {
    let text = r#"<Patient xmlns="http://hl7.org/fhir"><resourceType value="Basic"/></Patient>"#;
    let names = names();
    let tape = parse_xml(text.as_bytes(), &names, &Limits::default());
    let root = tape.root().unwrap();
    let children: Vec<_> = root.children().map(|c| (c.name_text(), c.raw())).collect();
    assert_eq!(children, [("resourceType", "Patient"), ("f:resourceType", "Basic")]);
}

/// Every cut of a document reads without a panic.
#[test]
fn cuts() {
    let names = names();
    let text = r#"<?xml version="1.0"?><Patient xmlns="x" id='é'><!--c-->
        <text><div xmlns="http://www.w3.org/1999/xhtml">é<br/></div></text>
        <a value="&#233;"><b value='1'/></a></Patient>"#
        .as_bytes();
    for i in 0..=text.len() {
        let _ = parse_xml(&text[..i], &names, &Limits::default());
        let _ = parse_xml(&text[i..], &names, &Limits::default());
    }
}
