use fhir_accord_profiles::instance::{self, parse, parse_xml};
use fhir_accord_profiles::model::{node_json, xml_to_json};

use super::*;

#[test]
fn json_comes_back_as_it_was() {
    let types = Types::default();
    let model = types.model(&Default::default()).unwrap();
    let text = concat!(
        r#"{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.50,"unit":"mg"},"#,
        r#""component":[{"code":{"text":"a \"b\""}}],"_issued":{"id":"x"},"note":[{"text":"n","#,
        r#""_text":{"extension":[{"url":"u","valueBoolean":true}]}}]}"#,
    );
    let tape = parse(text.as_bytes(), model.names(), &instance::Limits::default());
    let root = tape.root().unwrap();
    assert_eq!(node_json(root, model.resource_type(root), model), text);
}

#[test]
fn xml_becomes_json() {
    let types = Types::default();
    let model = types.model(&Default::default()).unwrap();
    let text = concat!(
        r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/><name><given value="A"/><given>"#,
        r#"<extension url="u"><valueInteger value="3"/></extension></given></name>"#,
        r#"<multipleBirthInteger value="2"/></Patient>"#,
    );
    let tape = parse_xml(text.as_bytes(), model.names(), &instance::Limits::default());
    let root = tape.root().unwrap();
    let json = node_json(root, model.resource_type(root), model);
    assert_eq!(
        json,
        concat!(
            r#"{"resourceType":"Patient","active":true,"name":[{"given":["A",null],"#,
            r#""_given":[null,{"extension":[{"url":"u","valueInteger":3}]}]}],"multipleBirthInteger":2}"#,
        )
    );
}

#[test]
fn nothing_of_a_definition_in_xml_is_lost() {
    let types = Types::default();
    let text = concat!(
        r#"<Patient xmlns="http://hl7.org/fhir"><contained><Organization><name value="a&#10;b"/>"#,
        r#"</Organization></contained><gender value="male"/><gender value="female"/>"#,
        r#"<multipleBirthInteger value="many"/><active/><unheard value="1"><extension url="u">"#,
        r#"<valueBoolean value="true"/></extension></unheard></Patient>"#,
    );
    let json =
        xml_to_json(text.as_bytes(), types.model(&Limits::default()).unwrap(), &instance::Limits::default()).unwrap();
    let wanted = concat!(
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"a\nb"}],"#,
        r#""gender":["male","female"],"multipleBirthInteger":"many","unheard":"1","#,
        r#""_unheard":{"extension":[{"url":"u","valueBoolean":true}]}}"#,
    );
    assert_eq!(json, wanted);
}
