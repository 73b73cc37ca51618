#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
use std::io::Read;

use serde_json::Value;

use super::*;
use crate::definition::FhirVersion;
use crate::embedded::FILES;
use crate::instance::parse_xml;
use crate::model::tests::core;
use crate::model::{build, xml_to_json};

fn model(version: FhirVersion) -> Model {
    build(&core(version))
}

fn xml(json: &str, model: &Model) -> String {
    json_to_xml(json.as_bytes(), model, &Limits::default()).unwrap_or_else(|e| panic!("{e}: {json}"))
}

/// What an instance is after the way to XML and back, which is without a fault.
fn back(json: &str, model: &Model) -> Value {
    let xml = xml(json, model);
    let tape = parse_xml(xml.as_bytes(), model.names(), &Limits::default());
    assert_eq!(tape.faults(), &[], "{xml}");
    serde_json::from_str(&xml_to_json(xml.as_bytes(), model, &Limits::default()).unwrap()).unwrap()
}

#[test]
fn elements_stand_in_the_order_of_their_definitions() {
    let model = model(FhirVersion::R4);
    let json = concat!(
        r#"{"active":true,"multipleBirthInteger":2,"name":[{"given":["A",null],"_given":[null,{"id":"g","#,
        r#""extension":[{"valueDecimal":1.50,"url":"http://x/e?a&b"}]}],"family":"\"<B>\"\n"}],"id":"p","#,
        r#""contained":[{"name":"O","resourceType":"Organization"}],"resourceType":"Patient","#,
        r#""contact":[{"id":"c","gender":"male"}],"unheard":[1,2]}"#,
    );
    let wanted = concat!(
        r#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/><contained><Organization><name value="O"/>"#,
        r#"</Organization></contained><active value="true"/><name><family value="&quot;&lt;B&gt;&quot;&#10;"/>"#,
        r#"<given value="A"/><given id="g"><extension url="http://x/e?a&amp;b"><valueDecimal value="1.50"/>"#,
        r#"</extension></given></name><multipleBirthInteger value="2"/><contact id="c"><gender value="male"/>"#,
        r#"</contact><unheard value="1"/><unheard value="2"/></Patient>"#,
    );
    assert_eq!(xml(json, &model), wanted);
}

#[test]
fn an_element_may_be_named_as_the_type_of_a_resource_is_in_json() {
    let model = model(FhirVersion::R4);
    let json = concat!(
        r#"{"resourceType":"ExampleScenario","status":"draft","instance":[{"resourceId":"a","#,
        r#""resourceType":"Patient"}]}"#,
    );
    assert!(xml(json, &model).contains(r#"<resourceType value="Patient"/></instance>"#));
    assert_eq!(back(json, &model), serde_json::from_str::<Value>(json).unwrap());
}

#[test]
fn narratives_never_break_the_document() {
    let model = model(FhirVersion::R4);
    let div = |markup: &str| {
        let text = Value::from(markup);
        let json =
            format!(r#"{{"resourceType":"Patient","text":{{"status":"generated","div":{text}}},"active":true}}"#);
        assert_eq!(back(&json, &model).pointer("/active"), Some(&Value::Bool(true)), "{markup}");
        let xml = xml(&json, &model);
        let (_, from) = xml.split_once(r#"<status value="generated"/>"#).unwrap();
        from.split_once("</text>").unwrap().0.to_owned()
    };
    let good = r#"<div xmlns="http://www.w3.org/1999/xhtml" id="a"><p>1 &lt; 2<br/></p></div>"#;
    assert_eq!(div(good), good);
    assert_eq!(div("<div><p>a</p></div>"), r#"<div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div>"#);
    for (bad, shown) in [
        ("</div></text><active value=\"false\"/><text>", "&lt;/div&gt;&lt;/text&gt;"),
        ("<div>&nbsp;</div>", "&lt;div&gt;&amp;nbsp;"),
        ("<div><p>a</div>", "&lt;div&gt;&lt;p&gt;a"),
        ("<x:div>a</x:div>", "&lt;x:div&gt;"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><div>&a;</div>", "&lt;!DOCTYPE"),
        ("plain", "plain"),
        ("<?xml version=\"1.0\"?><div>a</div>", "&lt;?xml"),
        ("\u{feff}<div>a</div>", "\u{feff}&lt;div&gt;"),
        ("a<div>b</div>", "a&lt;div&gt;"),
    ] {
        let told = div(bad);
        assert!(told.starts_with(&format!(r#"<div xmlns="{XHTML}">{shown}"#)), "{told}");
        assert!(told.ends_with("</div>"), "{told}");
    }
    let marks = r#"<p a="1" a="2" onclick="x"></p>"#.repeat(200);
    assert!(div(&format!("<div>{marks}</div>")).contains("&lt;p"));
}

#[test]
fn what_xml_cannot_say_is_refused_or_replaced() {
    let model = model(FhirVersion::R4);
    let of = |json: &str| json_to_xml(json.as_bytes(), &model, &Limits::default());
    for name in ["a b", "a><b", "", "x:y", "1a", "\u{e9}"] {
        let json = format!(r#"{{"resourceType":"Patient",{}:"1"}}"#, Value::from(name));
        assert_eq!(of(&json), Err(Unwritable::Name(name.to_owned())), "{name}");
    }
    assert_eq!(of(r#"{"resourceType":"a b"}"#), Err(Unwritable::Name("a b".to_owned())));
    assert_eq!(of(r#"{"active":true}"#), Err(Unwritable::NoResource));
    assert_eq!(of("[]"), Err(of("[]").unwrap_err()));
    assert!(matches!(of(r#"{"resourceType":"Patient""#), Err(Unwritable::Damaged(_))));
    let url = r#"{"resourceType":"Patient","extension":[{"url":"u","_url":{"id":"x"},"valueBoolean":true}]}"#;
    assert_eq!(of(url), Err(Unwritable::Attribute("url".to_owned())));
    let second = r#"{"resourceType":"Patient","extension":[{"url":["u","v"],"valueBoolean":true}]}"#;
    assert_eq!(of(second), Err(Unwritable::Attribute("url".to_owned())));
    let div = r#"{"resourceType":"Patient","text":{"div":"<div>a</div>","_div":{"id":"x"}}}"#;
    assert_eq!(of(div), Err(Unwritable::Attribute("div".to_owned())));
    let control = "{\"resourceType\":\"Patient\",\"id\":\"a\\u0001\\uffffb\\t\u{fb01}\"}";
    assert_eq!(
        of(control).unwrap(),
        "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\u{fffd}\u{fffd}b&#9;\u{fb01}\"/></Patient>"
    );
}

/// A value without what XML does not say of elements that the model does not know: what repeats, what is a number.
fn loose(value: &Value) -> Value {
    match value {
        Value::Array(all) => match &all[..] {
            [one] => loose(one),
            all => all.iter().map(loose).collect(),
        },
        Value::Object(members) => members.iter().map(|(name, v)| (name.clone(), loose(v))).collect(),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(known) => known.to_string().into(),
        other => other.clone(),
    }
}

#[test]
fn embedded_definitions_are_the_same_in_both_formats() {
    let models: Vec<(FhirVersion, Model)> =
        [FhirVersion::Dstu2, FhirVersion::Stu3, FhirVersion::R4].into_iter().map(|v| (v, model(v))).collect();
    let (mut count, mut exact) = (0, 0);
    for (file, bytes) in FILES {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(*bytes));
        let texts: Vec<(String, String)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let name = entry.path().unwrap().display().to_string();
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                (name, text)
            })
            .collect();
        let (_, manifest) = texts.iter().find(|(name, _)| name.ends_with("package.json")).unwrap();
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        let stated = manifest.pointer("/fhirVersions/0").and_then(Value::as_str).and_then(FhirVersion::parse);
        let (version, model) = models.iter().find(|(v, _)| *v == stated.unwrap_or(FhirVersion::R4)).unwrap();
        for (name, text) in &texts {
            let value: Value = serde_json::from_str(text).unwrap();
            let own = value.pointer("/fhirVersion/0").and_then(Value::as_str).and_then(FhirVersion::parse);
            // A guide of another version has elements of other types.
            if value.get("resourceType").and_then(Value::as_str).is_none() || own.is_some_and(|own| own != *version) {
                continue;
            }
            let back = back(text, model);
            assert_eq!(loose(&back), loose(&value), "{file} {name}");
            exact += usize::from(back == value);
            count += 1;
        }
    }
    assert!(count > 5000 && exact * 100 > count * 99, "{exact} of {count}");
}

#[test]
fn indented_it_is_the_same_document_with_narratives_as_they_are() {
    let model = model(FhirVersion::R4);
    let json = concat!(
        r#"{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"<div>a <b>b</b>\n c</div>"},"#,
        r#""contained":[{"resourceType":"Organization","name":"O"}],"active":true,"contact":[{"id":"c"}]}"#,
    );
    let wanted = "\
<Patient xmlns=\"http://hl7.org/fhir\">
  <id value=\"p\"/>
  <text>
    <status value=\"generated\"/>
    <div xmlns=\"http://www.w3.org/1999/xhtml\">a <b>b</b>\n c</div>
  </text>
  <contained>
    <Organization>
      <name value=\"O\"/>
    </Organization>
  </contained>
  <active value=\"true\"/>
  <contact id=\"c\"/>
</Patient>";
    assert_eq!(json_to_indented_xml(json.as_bytes(), &model, &Limits::default()).unwrap(), wanted);
    let back = |xml: &str| xml_to_json(xml.as_bytes(), &model, &Limits::default()).unwrap();
    assert_eq!(back(wanted), back(&xml(json, &model)));
}
