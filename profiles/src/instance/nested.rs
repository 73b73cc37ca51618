//! Where a resource inside another one is in the text.

use std::ops::Range;

use super::names::NameId;
use super::tape::Node;

/// The bytes of the resource that a node holds, as a document of its own: in XML the element that names the type,
/// without the element around it. `None` where the node holds no resource.
pub fn resource_span(node: Node<'_>) -> Option<Range<u32>> {
    let span = node.span();
    if !node.is_object() {
        return None;
    }
    if !node.tape().is_xml() {
        return Some(span);
    }
    let text = node.tape().text();
    let named = node.child(NameId::RESOURCE_TYPE)?.span().start;
    let start = memchr::memrchr(b'<', text.get(..named as usize)?)? as u32;
    if start <= span.start {
        return Some(span);
    }
    let end = memchr::memmem::rfind(text.get(start as usize..span.end as usize)?, b"</")?;
    Some(start..start + end as u32)
}

/// The namespaces that are declared around the resource that a node holds, as the attributes that its own element needs
/// to say the same alone, and where in the text they belong: behind its name. `None` in JSON, and where there are none.
pub fn outer_declarations(node: Node<'_>) -> Option<(u32, String)> {
    let start = resource_span(node).filter(|_| node.tape().is_xml())?.start;
    let named = node.child(NameId::RESOURCE_TYPE)?.span().end;
    let text = std::str::from_utf8(node.tape().text()).ok()?;
    let declared = |start: u32| attributes(text.get(start as usize..).unwrap_or_default());
    let mut known: Vec<&str> = declared(start).map(|(name, _)| name).collect();
    let mut out = String::new();
    // An element that is the resource itself has nothing around it.
    for around in node.way().iter().rev().map(|n| n.span().start).filter(|s| *s != start) {
        for (name, value) in declared(around).filter(|(name, _)| *name == "xmlns" || name.starts_with("xmlns:")) {
            if !known.contains(&name) {
                known.push(name);
                out.extend([" ", name, "=", value]);
            }
        }
    }
    (!out.is_empty()).then_some((named, out))
}

/// The attributes of the tag that a well-formed text starts with: names, and values in their quotes.
fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text.find(|c: char| c.is_ascii_whitespace() || c == '>').map_or("", |at| text.split_at(at).1);
    std::iter::from_fn(move || {
        let (name, value) = rest.split_once('=').filter(|(name, _)| !name.contains(['>', '/', '<']))?;
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = value.get(1..)?.find(quote)? + 2;
        let (value, behind) = value.split_at_checked(end)?;
        rest = behind;
        Some((name.trim_ascii(), value))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]
    use super::super::{Limits, Names, read};
    use super::*;

    fn inside(text: &str) -> Option<&str> {
        let names = Names::new(["parameter", "resource"]);
        let tape = read(text.as_bytes(), &names, &Limits::default());
        let parameter = tape.root().unwrap().children().find(|c| c.name_text() == "parameter").unwrap();
        let span = resource_span(parameter.children().find(|c| c.name_text() == "resource").unwrap())?;
        Some(&text[span.start as usize..span.end as usize])
    }

    #[test]
    fn the_resource_stands_alone() {
        let json = r#"{"resourceType":"Parameters","parameter":[{"resource": {"resourceType":"Patient"} }]}"#;
        assert_eq!(inside(json), Some(r#"{"resourceType":"Patient"}"#));
        let xml = |inner: &str| {
            format!(r#"<Parameters xmlns="http://hl7.org/fhir"><parameter>{inner}</parameter></Parameters>"#)
        };
        for (held, alone) in [
            (
                "<resource><Patient><active value=\"true\"/></Patient></resource>",
                "<Patient><active value=\"true\"/></Patient>",
            ),
            ("<resource >\n<!-- </a> --><f:Patient a=\"&lt;\" /> </resource >", "<f:Patient a=\"&lt;\" /> "),
        ] {
            assert_eq!(inside(&xml(held)), Some(alone));
        }
        assert_eq!(inside(&xml("<resource/>")), None);
        assert_eq!(inside(&xml("<resource value=\"x\"/>")), None);
    }

    #[test]
    fn what_is_declared_around_a_resource() {
        let of = |text: &str| {
            let names = Names::new(["parameter", "resource"]);
            let tape = read(text.as_bytes(), &names, &Limits::default());
            let parameter = tape.root().unwrap().children().find(|c| c.name_text().ends_with("parameter")).unwrap();
            let held = parameter.children().find(|c| c.name_text() == "resource").unwrap();
            let (at, declared) = outer_declarations(held)?;
            Some((text[..at as usize].rsplit('<').next().unwrap().to_owned(), declared))
        };
        let around = |outer: &str, inner: &str| {
            of(&format!("<Parameters{outer}><parameter ><resource>{inner}</resource></parameter></Parameters>"))
        };
        let fhir = " xmlns=\"http://hl7.org/fhir\"";
        assert_eq!(around(fhir, "<Patient/>"), Some(("Patient".into(), fhir.into())));
        assert_eq!(around(fhir, "<Patient ><active value='>'/></Patient>"), Some(("Patient".into(), fhir.into())));
        assert_eq!(around(fhir, &format!("<Patient{fhir}/>")), None);
        let two = format!("{fhir} xmlns:h = 'http://www.w3.org/1999/xhtml' x=\"a>b\"");
        let told = format!("{fhir} xmlns:h='http://www.w3.org/1999/xhtml'");
        assert_eq!(around(&two, "<Patient/>"), Some(("Patient".into(), told)));
        let prefixed = "<f:Parameters xmlns:f=\"http://hl7.org/fhir\"><f:parameter><f:resource xmlns:g='b'>\
                        <f:Patient xmlns:g='c'/></f:resource></f:parameter></f:Parameters>";
        assert_eq!(of(prefixed), Some(("f:Patient".into(), " xmlns:f=\"http://hl7.org/fhir\"".into())));
        assert_eq!(of(r#"{"resourceType":"Parameters","parameter":[{"resource":{"resourceType":"Patient"}}]}"#), None);
    }

    #[test]
    fn a_whole_document_is_its_own() {
        let names = Names::new(["x"]);
        let text = "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"/>";
        let tape = read(text.as_bytes(), &names, &Limits::default());
        let span = resource_span(tape.root().unwrap()).unwrap();
        assert_eq!(span, tape.root().unwrap().span());
    }
}
