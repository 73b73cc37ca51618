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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
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
    fn a_whole_document_is_its_own() {
        let names = Names::new(["x"]);
        let text = "<?xml version=\"1.0\"?><Patient xmlns=\"http://hl7.org/fhir\"/>";
        let tape = read(text.as_bytes(), &names, &Limits::default());
        let span = resource_span(tape.root().unwrap()).unwrap();
        assert_eq!(span, tape.root().unwrap().span());
    }
}
