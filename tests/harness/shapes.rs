//! Instances of any size whose validation, or whose report, is easily made to take the square of the size: long lines,
//! long arrays, chains, many names, much that is wrong.

use std::fmt::Write;

/// A shape: its name, and the instance with so many units of it, all on one line.
pub type Shape = (&'static str, fn(usize) -> String);

/// All shapes.
pub const SHAPES: &[Shape] = &[
    ("errors on one line", errors),
    ("errors on one line, in XML", errors_in_xml),
    ("unknown properties", properties),
    ("unknown extensions", extensions),
    ("errors at the end of a long array", late),
    ("a chain of contained resources", chain),
    ("a ring of entries of a Bundle", ring),
    ("ids that occur twice", ids),
];

/// `units` pieces between a start and an end.
fn repeated(start: &str, end: &str, separator: &str, units: usize, piece: impl Fn(usize) -> String) -> String {
    let mut out = start.to_owned();
    for i in 0..units {
        let _ = write!(out, "{}{}", if i > 0 { separator } else { "" }, piece(i));
    }
    out + end
}

fn errors(units: usize) -> String {
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":["#;
    repeated(bundle, "]}", ",", units, |i| {
        let patient = format!(r#"{{"resourceType":"Patient","id":"p{i}","name":[{{"family":"é"}}],"birthDate":"x"}}"#);
        format!(r#"{{"fullUrl":"urn:uuid:00000000-0000-4000-8000-{i:012}","resource":{patient}}}"#)
    })
}

fn errors_in_xml(units: usize) -> String {
    let bundle = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>"#;
    repeated(bundle, "</Bundle>", "", units, |i| {
        let patient = format!(r#"<Patient><id value="p{i}"/><birthDate value="x"/></Patient>"#);
        let url = format!("urn:uuid:00000000-0000-4000-8000-{i:012}");
        format!(r#"<entry><fullUrl value="{url}"/><resource>{patient}</resource></entry>"#)
    })
}

fn properties(units: usize) -> String {
    repeated(r#"{"resourceType":"Patient","#, "}", ",", units, |i| format!(r#""key{i}":"é""#))
}

fn extensions(units: usize) -> String {
    let patient = r#"{"resourceType":"Patient","extension":["#;
    repeated(patient, "]}", ",", units, |i| format!(r#"{{"url":"http://shapes.test/e{i}","valueString":"é"}}"#))
}

fn late(units: usize) -> String {
    let wrong = units.saturating_sub(1_000);
    let given = |i: usize| if i < wrong { "\"é\"" } else { "1" }.to_owned();
    repeated(r#"{"resourceType":"Patient","name":[{"given":["#, "]}]}", ",", units, given)
}

fn chain(units: usize) -> String {
    let start = r##"{"resourceType":"Patient","generalPractitioner":[{"reference":"#c0"}],"contained":["##;
    repeated(start, "]}", ",", units, |i| {
        let next = if i + 1 < units { format!(r##","partOf":{{"reference":"#c{}"}}"##, i + 1) } else { String::new() };
        format!(r#"{{"resourceType":"Organization","id":"c{i}","name":"x"{next}}}"#)
    })
}

fn ring(units: usize) -> String {
    let url = |i: usize| format!("urn:uuid:00000000-0000-4000-8000-{:012}", i % units);
    repeated(r#"{"resourceType":"Bundle","type":"collection","entry":["#, "]}", ",", units, |i| {
        let next = format!(r#""hasMember":[{{"reference":"{}"}}]"#, url(i + 1));
        let resource = r#""resourceType":"Observation","status":"final","code":{"text":"x"}"#;
        format!(r#"{{"fullUrl":"{}","resource":{{{resource},{next}}}}}"#, url(i))
    })
}

fn ids(units: usize) -> String {
    let patient = r#"{"resourceType":"Patient","name":["#;
    repeated(patient, "]}", ",", units, |i| format!(r#"{{"id":"a{}","family":"é"}}"#, i / 2))
}
