//! Parameters of `$validate` in XML.

use crate::support::shared;

#[test]
fn parameters_of_validate_in_xml() {
    let post = |path: &str, body: &str| {
        shared().ask("POST", path, &[("content-type", "application/fhir+xml")], body.as_bytes())
    };
    let around = |inner: &str, more: &str| {
        format!(
            "<Parameters xmlns=\"http://hl7.org/fhir\">\n<parameter><name value=\"resource\"/><resource>\n{inner}\n\
             </resource></parameter>{more}</Parameters>"
        )
    };
    let good = "<Patient><id value=\"p\"/><active value=\"true\"/></Patient>";
    assert_eq!(post("/$validate", &around(good, "")).verdict(), "valid");
    assert_eq!(post("/Patient/p/$validate", &around(good, "")).verdict(), "valid");
    assert_eq!(post("/Patient/q/$validate", &around(good, "")).status, 400);
    let mode = "<parameter><name value=\"mode\"/><valueCode value=\"profile\"/></parameter>";
    assert_eq!(post("/$validate", &around(good, mode)).status, 400);
    let profile = "<parameter><name value=\"profile\"/><valueUri \
                   value=\"http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient\"/></parameter>";
    let judged = post("/$validate", &around(good, profile));
    assert!(judged.codes().contains(&"element-min".to_owned()), "{:?}", judged.codes());
    // Places are those of the body.
    let bad = "<Patient>\n<id value=\"p\"/><active value=\"yes\"/></Patient>";
    let answer = post("/$validate", &around(bad, ""));
    assert_eq!(answer.codes(), ["primitive-format"]);
    let extensions = answer.json()["issue"][0]["extension"].clone();
    let place = |end: &str| {
        let all = extensions.as_array().unwrap();
        all.iter().find(|e| e["url"].as_str().unwrap().ends_with(end)).cloned().unwrap_or_default()
    };
    assert_eq!(place("issue-line")["valueInteger"], 4);
    let line = "<id value=\"p\"/><active value=\"";
    assert_eq!(
        place("issue-col")["valueInteger"]
            .as_u64()
            .or_else(|| { place("issue-col")["valueString"].as_str()?.parse().ok() }),
        Some(line.len() as u64 + 1),
        "{extensions}"
    );
    // Namespaces that are declared around the resource count in it.
    let prefixed = "<f:Parameters xmlns:f=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\">\
         <f:parameter><f:name value=\"resource\"/><f:resource><f:Patient><f:text><f:status value=\"generated\"/>\
         <h:div>a</h:div></f:text></f:Patient></f:resource></f:parameter></f:Parameters>";
    assert_eq!(post("/$validate", prefixed).verdict(), "valid");
    let whole = |inner: &str| format!("<Parameters xmlns=\"http://hl7.org/fhir\">{inner}</Parameters>");
    for broken in [
        whole("<parameter><name value=\"resource\"/></parameter>"),
        whole("<parameter><name value=\"resource\"/><resource/></parameter>"),
        whole("<parameter><name value=\"other\"/></parameter>"),
        "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter>".to_owned(),
        "<Parameters><parameter/></Parameters>".to_owned(),
    ] {
        assert_eq!(post("/$validate", &broken).status, 400, "{broken}");
    }
}
