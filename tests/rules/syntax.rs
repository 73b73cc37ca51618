//! Rows of the syntax: JSON, XML, limits.

use fhir_accord::profiles::issue::RuleId;

use crate::row::{Row, bytes, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    bytes(RuleId::JSON_UTF8, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, b"\xe9", b"\xc3\xa9"),
    row(RuleId::JSON_BOM, r#"§{"resourceType":"Patient","active":true}"#, "\u{feff}", ""),
    row(RuleId::JSON_EMPTY, "\n§", "", r#"{"resourceType":"Patient","active":true}"#),
    row(RuleId::JSON_NOT_OBJECT, "§", r#"[{"resourceType":"Patient"}]"#, r#"{"resourceType":"Patient"}"#),
    row(RuleId::JSON_SYNTAX, r#"{"resourceType":"Patient","active":§}"#, "?", "true"),
    row(RuleId::JSON_END, r#"{"resourceType":"Patient"§"#, "", "}"),
    row(RuleId::JSON_TRAILING_TEXT, r#"{"resourceType":"Patient"}§"#, "{}", "\n"),
    row(RuleId::JSON_TRAILING_COMMA, r#"{"resourceType":"Patient"§}"#, ",", ""),
    row(RuleId::JSON_MISSING_COMMA, r#"{"resourceType":"Patient"§"active":true}"#, " ", ","),
    row(RuleId::JSON_MISSING_COLON, r#"{"resourceType"§"Patient"}"#, " ", ":"),
    row(RuleId::JSON_UNQUOTED, r#"{§:"Patient"}"#, "resourceType", r#""resourceType""#),
    row(RuleId::JSON_SINGLE_QUOTES, r#"{"resourceType":§}"#, "'Patient'", r#""Patient""#),
    row(RuleId::JSON_COMMENT, r#"{"resourceType":"Patient"§}"#, "/* a */", " "),
    row(RuleId::JSON_DUPLICATE_KEY, r#"{"resourceType":"Patient","id":"a","§":"b"}"#, "id", "language"),
    row(RuleId::JSON_CONTROL_CHARACTER, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, "\t", r"\t"),
    row(RuleId::JSON_ESCAPE, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, r"\q", r"\n"),
    row(RuleId::JSON_SURROGATE, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, r"\ud83d", r"\ud83d\ude00"),
    row(RuleId::JSON_NUMBER, r#"{"resourceType":"Patient","multipleBirthInteger":§}"#, "01", "1"),
    row(RuleId::JSON_TWIN_ALIGNMENT, r#"{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[§{"id":"x"}]}]}"#, "", "null,"),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, "null", r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, "{}", r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, r#""x""#, r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, "[]", r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, "[null]", r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","birthDate":"2000","_birthDate":§}"#, r#"[{"id":"x"}]"#, r#"{"id":"x"}"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","name":[{"given":["a"],"_given":§}]}"#, r#"{"id":"x"}"#, r#"[{"id":"x"}]"#),
    row(RuleId::JSON_TWIN, r#"{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[§,{"id":"x"}]}]}"#, "17", "null"),

    bytes(RuleId::XML_UTF8, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="§"/></name></Patient>"#, b"\xe9", b"\xc3\xa9"),
    row(RuleId::XML_SYNTAX, r#"<Patient xmlns="http://hl7.org/fhir"><active value=§/></Patient>"#, "true", r#""true""#),
    row(RuleId::XML_END, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/>§"#, "", "</Patient>"),
    row(RuleId::XML_END_TAG, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a"/>§</Patient>"#, "", "</name>"),
    row(RuleId::XML_TRAILING_TEXT, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>§"#, "<a/>", "\n"),
    row(RuleId::XML_DUPLICATE_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true" §/></Patient>"#, r#"value="true""#, r#"id="a""#),
    row(RuleId::XML_REFERENCE, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a§b"/></name></Patient>"#, "&nbsp;", "&#160;"),
    row(RuleId::XML_DOCTYPE, r#"§<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#, "<!DOCTYPE Patient>", r#"<?xml version="1.0"?>"#),
    row(RuleId::XML_TEXT, r#"<Patient xmlns="http://hl7.org/fhir">§<active value="true"/></Patient>"#, "a", "<!-- a -->"),
    row(RuleId::XML_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true" §="a"/></Patient>"#, "unit", "id"),
    row(RuleId::XML_AS_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><name§<text value="b"/></name></Patient>"#, r#"><id value="a"/>"#, r#" id="a">"#),
    row(RuleId::XML_NAMESPACE, r#"<Patient§><active value="true"/></Patient>"#, "", r#" xmlns="http://hl7.org/fhir""#),
    row(RuleId::XML_ORDER, r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><§</Patient>"#, r#"active value="true"/>"#, r#"birthDate value="2020"/>"#),

    row(RuleId::LIMIT_BYTES, r#"{"resourceType":"§"}"#, "MedicinalProductPackaged", "Patient").limits(|l| l.bytes = 30),
    row(RuleId::LIMIT_DEPTH, r#"{"resourceType":"Patient","name":[{"text":"a"§}]}"#, r#","period":{"start":"2020"}"#, "").limits(|l| l.depth = 3),
    row(RuleId::LIMIT_NODES, r#"{"resourceType":"Patient","active":true§}"#, r#","id":"a""#, "").limits(|l| l.nodes = 3),
    row(RuleId::LIMIT_ISSUES, r#"{"resourceType":"Patient","active":"a","birthDate":"§"}"#, "a", "2020").policies(|p| p.issues = 1),
];
