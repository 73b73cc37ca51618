#![allow(clippy::unwrap_used)]
use super::*;
use crate::instance::{FIXED, Node, parse};

fn names() -> Names {
    Names::new(["given", "birthDate", "name", "active", "family"])
}

/// A tape as text, siblings sorted by name, repetition and lexeme kinds left out.
fn dump(root: Node<'_>) -> String {
    let mut children: Vec<String> = root.children().filter(|c| c.kind() != Kind::EmptyArray).map(|c| format!("{}={}{}", c.name_text(), c.text(), dump(c))).collect();
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
           <name id="n"><given value="A &amp; B"/><given value="C"><extension url="http://x"><valueString value="&#x41;"/></extension></given></name>
           <birthDate><extension url="u"/></birthDate>
           <contained><Patient><id value="c"/><name><family value="x"/></name></Patient></contained></Patient>"#,
        r#"{"resourceType":"Patient","id":"p","active":true,"name":[{"id":"n","given":["A & B","C"],"_given":[null,{"extension":[{"url":"http://x","valueString":"A"}]}]}],
           "_birthDate":{"extension":[{"url":"u"}]},"contained":[{"resourceType":"Patient","id":"c","name":[{"family":"x"}]}]}"#,
    );
    both(
        r#"<f:Patient xmlns:f="http://hl7.org/fhir"><f:text><f:status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>a<br/></p></div></f:text></f:Patient>"#,
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a<br/></p></div>"}}"#,
    );
}

#[test]
fn repetition_and_spans() {
    let names = names();
    let text = r#"<Patient><name><given value="A"/><given value="B"/><family value="C"/></name></Patient>"#;
    let tape = parse_xml(text.as_bytes(), &names, &Limits::default());
    let name = tape.root().unwrap().children().nth(1).unwrap();
    let given: Vec<_> = name.children().map(|c| (c.ordinal(), c.is_first(), c.raw())).collect();
    assert_eq!(given, [(Some(0), true, "A"), (Some(1), false, "B"), (None, true, "C")]);
    assert_eq!(&text[name.span().start as usize..name.span().end as usize], r#"<name><given value="A"/><given value="B"/><family value="C"/></name>"#);
}

#[test]
fn faults() {
    let names = names();
    for (text, fault) in [
        ("", FaultKind::Empty),
        ("<Patient>", FaultKind::UnexpectedEnd),
        ("<Patient></Patien>", FaultKind::UnexpectedCharacter),
        ("<Patient>x</Patient>", FaultKind::UnexpectedCharacter),
        ("<Patient/>x", FaultKind::TrailingText),
        ("<!DOCTYPE x><Patient/>", FaultKind::UnexpectedCharacter),
        ("<Patient><id value=\"&x;\"/></Patient>", FaultKind::BadEscape),
        ("<Patient><id value=\"a\" value=\"b\"/></Patient>", FaultKind::DuplicateKey),
        ("<Patient><contained><Patient/><Patient/></contained></Patient>", FaultKind::UnexpectedCharacter),
    ] {
        let tape = parse_xml(text.as_bytes(), &names, &Limits::default());
        assert_eq!(tape.faults().first().map(|f| f.kind), Some(fault), "{text}");
    }
    let deep = "<a>".repeat(1_000_000);
    assert_eq!(parse_xml(deep.as_bytes(), &names, &Limits::default()).faults()[0].kind, FaultKind::LimitDepth);
}

/// Every cut of a document reads without a panic.
#[test]
fn cuts() {
    let names = names();
    let text = r#"<?xml version="1.0"?><Patient xmlns="x" id='é'><!--c--><text><div xmlns="http://www.w3.org/1999/xhtml">é<br/></div></text><a value="&#233;"><b value='1'/></a></Patient>"#.as_bytes();
    for i in 0..=text.len() {
        let _ = parse_xml(&text[..i], &names, &Limits::default());
        let _ = parse_xml(&text[i..], &names, &Limits::default());
    }
}

fn shared() -> std::path::PathBuf {
    std::env::var_os("ACCORD_SHARED").map_or_else(|| std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), Into::into)
}

/// A tape written as FHIR XML.
fn write(node: Node<'_>, out: &mut String) {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;");
    let resource = node.child(NameId::RESOURCE_TYPE).map(|t| t.text().into_owned());
    if let Some(name) = &resource {
        out.push_str(&format!("<{name}>"));
    }
    for child in node.children().filter(|c| c.name() != NameId::RESOURCE_TYPE && c.kind() != Kind::EmptyArray) {
        let name = child.name_text();
        let is_attribute = resource.is_none() && (name == "id" || name == "url" && matches!(node.name_text(), "extension" | "modifierExtension"));
        if is_attribute {
            continue;
        }
        if child.name() == NameId::DIV {
            out.push_str(&child.text());
            continue;
        }
        out.push_str(&format!("<{name}"));
        for attribute in [NameId::ID, NameId::URL] {
            let wanted = attribute == NameId::ID || matches!(name, "extension" | "modifierExtension");
            if let Some(value) = child.child_text(attribute).filter(|_| wanted && child.child(NameId::RESOURCE_TYPE).is_none()) {
                out.push_str(&format!(" {}=\"{}\"", FIXED[attribute.0 as usize - 1], escape(&value)));
            }
        }
        if child.has_value() {
            out.push_str(&format!(" value=\"{}\"", escape(&child.text())));
        }
        out.push('>');
        write(child, out);
        out.push_str(&format!("</{name}>"));
    }
    if let Some(name) = resource {
        out.push_str(&format!("</{name}>"));
    }
}

/// The specification's examples, read as JSON, written as XML and read again, are the same tape but for order and positions.
#[test]
fn examples_in_two_formats() {
    let Ok(file) = std::fs::File::open(shared().join("examples/r4.tgz")) else {
        println!("not here: {}", shared().display());
        return;
    };
    let names = names();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut count = 0;
    for entry in archive.entries().unwrap() {
        let mut json = Vec::new();
        std::io::Read::read_to_end(&mut entry.unwrap(), &mut json).unwrap();
        let j = parse(&json, &names, &Limits::default());
        let Some(root) = j.root().filter(|_| j.faults().is_empty()) else { continue };
        let mut xml = String::new();
        write(root, &mut xml);
        let x = parse_xml(xml.as_bytes(), &names, &Limits::default());
        assert_eq!(x.faults(), &[], "{xml}");
        assert_eq!(dump(x.root().unwrap()), dump(root));
        count += 1;
    }
    assert!(count > 500);
}
