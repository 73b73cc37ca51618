use super::*;

fn names(set: &BTreeSet<String>) -> Vec<&str> {
    set.iter().map(String::as_str).collect()
}

#[test]
fn definitions_of_cql_are_read_past_comments_and_strings() {
    let cql = r#"library A version '1'
// define B: 1
/* define C: 2 */
define "In Population":
  exists [Encounter]
define private D: 'define E: 3 \' define F: 4'
context Patient
define fluent function "g h"(x Integer): x + 1
"#;
    assert_eq!(names(&of_cql(cql)), ["D", "In Population", "Patient", "g h"]);
    // What ends too early is read as far as it goes.
    for broken in ["define", "define \"", "/* define A", "'define A: 1", "define \"ä"] {
        assert!(of_cql(broken).len() <= 1, "{broken}");
    }
}

#[test]
fn definitions_of_elm_are_read_in_both_formats() {
    let json = r#"{"library":{"statements":{"def":[{"name":"a"},{"name":"b c"}]}}}"#;
    assert_eq!(of_json(json).map(|s| s.len()), Some(2));
    let xml = r#"<library xmlns="urn:hl7-org:elm:r1"><parameters><def name="p"/></parameters>
        <statements><def name="a"/><def name="b"><expression name="c"/></def></statements></library>"#;
    assert_eq!(of_xml(xml).as_ref().map(names), Some(vec!["a", "b", "p"]));
    assert_eq!((of_json("{}"), of_xml("<a"), of_json("x")), (None, None, None));
}

#[test]
fn a_library_without_logic_is_a_name_alone() {
    let name = serde_json::json!({"name": "A"});
    assert_eq!(content(&name), "A");
    // `define B: 1`
    let cql = serde_json::json!({"name": "A", "content": [{"contentType": "text/cql", "data": "ZGVmaW5lIEI6IDE="}]});
    assert_eq!(content(&cql), "A\nB");
    let empty = serde_json::json!({"name": "A", "content": [{"contentType": "text/cql", "data": "Lw=="}]});
    assert_eq!(content(&empty), "A\n");
    let damaged = serde_json::json!({"name": "A", "content": [{"contentType": "text/cql", "data": "%%"}]});
    assert_eq!(content(&damaged), "A");
}
