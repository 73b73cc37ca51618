//! Examples of faults of the syntax: of JSON, of XML, and of the limits of intake. The reader finds them; `explain`
//! has their messages.

use crate::issue::RuleId;

use super::example::{Example, bytes, example};

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    bytes(RuleId::JSON_UTF8, r#"{"resourceType":"Patient","name":[{"text":"§"}]}"#, b"\xe9", b"\xc3\xa9"),
    example(RuleId::JSON_BOM, r#"§{"resourceType":"Patient","active":true}"#, "\u{feff}", ""),
    example(RuleId::JSON_EMPTY, "\n§", "", r#"{"resourceType":"Patient","active":true}"#),
    example(RuleId::JSON_NOT_OBJECT, "§", r#"[{"resourceType":"Patient"}]"#, r#"{"resourceType":"Patient"}"#),
    example(RuleId::JSON_SYNTAX, r#"{"resourceType":"Patient","active":§}"#, "?", "true"),
    example(RuleId::JSON_END, r#"{"resourceType":"Patient"§"#, "", "}"),
    example(RuleId::JSON_TRAILING_TEXT, r#"{"resourceType":"Patient"}§"#, "{}", "\n"),
    example(RuleId::JSON_TRAILING_COMMA, r#"{"resourceType":"Patient"§}"#, ",", ""),
    example(RuleId::JSON_MISSING_COMMA, r#"{"resourceType":"Patient"§"active":true}"#, " ", ","),
    example(RuleId::JSON_MISSING_COLON, r#"{"resourceType"§"Patient"}"#, " ", ":"),
    example(RuleId::JSON_UNQUOTED, r#"{§:"Patient"}"#, "resourceType", r#""resourceType""#),
    example(RuleId::JSON_SINGLE_QUOTES, r#"{"resourceType":§}"#, "'Patient'", r#""Patient""#),
    example(RuleId::JSON_COMMENT, r#"{"resourceType":"Patient"§}"#, "/* a */", " "),
    example(RuleId::JSON_DUPLICATE_KEY, r#"{"resourceType":"Patient","id":"a","§":"b"}"#, "id", "language"),
    example(RuleId::JSON_CONTROL_CHARACTER, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, "\t", r"\t"),
    example(RuleId::JSON_ESCAPE, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, r"\q", r"\n"),
    example(RuleId::JSON_SURROGATE, r#"{"resourceType":"Patient","name":[{"text":"a§b"}]}"#, r"\ud83d",
        r"\ud83d\ude00"),
    example(RuleId::JSON_NUMBER, r#"{"resourceType":"Patient","multipleBirthInteger":§}"#, "01", "1"),
    example(RuleId::JSON_PRIMITIVE_EXTENSION_ALIGNMENT, r#"{"resourceType":"Patient","name":[{"given":["a","b"],
        "_given":[§{"id":"x"}]}]}"#, "", "null,"),

    bytes(RuleId::XML_UTF8, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="§"/></name></Patient>"#, b"\xe9",
        b"\xc3\xa9"),
    example(RuleId::XML_SYNTAX, r#"<Patient xmlns="http://hl7.org/fhir"><active value=§/></Patient>"#, "true",
        r#""true""#),
    example(RuleId::XML_END, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/>§"#, "", "</Patient>"),
    example(RuleId::XML_END_TAG, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a"/>§</Patient>"#, "",
        "</name>"),
    example(RuleId::XML_TRAILING_TEXT, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>§"#,
        "<a/>", "\n"),
    example(RuleId::XML_DUPLICATE_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true" §/>
        </Patient>"#, r#"value="true""#, r#"id="a""#),
    example(RuleId::XML_REFERENCE, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a§b"/></name></Patient>"#,
        "&nbsp;", "&#160;"),
    example(RuleId::XML_DOCTYPE, r#"§<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#,
        "<!DOCTYPE Patient>", r#"<?xml version="1.0"?>"#),
    example(RuleId::XML_REFERENCE, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a§b"/></name></Patient>"#,
        "&#7;", "&#9;"),
    example(RuleId::XML_UTF8, r#"<?xml version="1.0" encoding='§'?><Patient xmlns="http://hl7.org/fhir">
        <active value="true"/></Patient>"#, "UTF-16", "utf-8"),
    example(RuleId::XML_CHARACTER, r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="a§b"/></name></Patient>"#,
        "\u{7}", "\u{85}"),
    example(RuleId::XML_INSTRUCTION, r#"<Patient xmlns="http://hl7.org/fhir">§<active value="true"/></Patient>"#,
        "<?x y?>", "<!-- ?x y? -->"),
    example(RuleId::XML_INSTRUCTION, r#"§<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#,
        r#"<?xml-stylesheet href="a"?>"#, r#"<?xml version="1.0"?>"#),
    example(RuleId::XML_TEXT, r#"<Patient xmlns="http://hl7.org/fhir">§<active value="true"/></Patient>"#, "a",
        "<!-- a -->"),
    example(RuleId::XML_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><active value="true" §="a"/></Patient>"#,
        "unit", "id"),
    example(RuleId::XML_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"§><active value="true"/></Patient>"#,
        r#" xml:lang="en""#, r#" xmlns:f="http://hl7.org/fhir""#),
    example(RuleId::XML_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"§><active value="true"/></Patient>"#,
        r#" xsi:schemaLocation="a b""#, ""),
    example(RuleId::XML_AS_ATTRIBUTE, r#"<Patient xmlns="http://hl7.org/fhir"><name§<text value="b"/></name>
        </Patient>"#, r#"><id value="a"/>"#, r#" id="a">"#),
    example(RuleId::XML_NAMESPACE, r#"<Patient§><active value="true"/></Patient>"#, "",
        r#" xmlns="http://hl7.org/fhir""#),

    example(RuleId::LIMIT_BYTES, r#"{"resourceType":"§"}"#, "MedicinalProductPackaged", "Patient")
        .limits(|l| l.bytes = 30),
    example(RuleId::LIMIT_DEPTH, r#"{"resourceType":"Patient","name":[{"text":"a"§}]}"#,
        r#","period":{"start":"2020"}"#, "").limits(|l| l.depth = 3),
    example(RuleId::LIMIT_NODES, r#"{"resourceType":"Patient","active":true§}"#, r#","id":"a""#, "")
        .limits(|l| l.nodes = 3),
    example(RuleId::LIMIT_ISSUES, r#"{"resourceType":"Patient","active":"a","birthDate":"§"}"#, "a", "2020")
        .policies(|p| p.issues = 1),
];
