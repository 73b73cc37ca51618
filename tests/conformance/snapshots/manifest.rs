//! The manifest of a suite: its cases.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A case.
#[derive(Debug)]
pub struct Case {
    pub id: String,
    /// The FHIR version that it is to be read by.
    pub version: Option<String>,
    /// The files with definitions that it builds on.
    pub register: Vec<String>,
    /// Whether a fault is to be found in the differential.
    pub fails: bool,
    /// Whether the differential may be out of order.
    pub sort: bool,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).unwrap()?;
    Some(attribute.unescape_value().unwrap().into_owned())
}

fn case(tag: &BytesStart<'_>) -> Case {
    let list = |name: &str| -> Vec<String> {
        let text = attribute(tag, name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    };
    Case {
        id: attribute(tag, "id").unwrap(),
        version: attribute(tag, "version"),
        register: [list("register"), list("include")].concat(),
        fails: attribute(tag, "fail").as_deref() == Some("true"),
        sort: attribute(tag, "sort").as_deref() == Some("true"),
    }
}

/// The cases in the order of the file.
pub fn read(text: &str) -> Vec<Case> {
    let mut reader = Reader::from_str(text);
    let mut cases = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == b"test" => cases.push(case(&tag)),
            Event::Eof => return cases,
            _ => {}
        }
    }
}
