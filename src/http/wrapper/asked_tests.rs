use serde_json::json;

use super::*;

fn refused(body: &str) -> (u16, String) {
    let fault = Asked::read(body.as_bytes()).unwrap_err();
    (fault.status().as_u16(), fault.outcome().to_string())
}

#[test]
fn both_names_of_the_settings_are_read() {
    for name in ["cliContext", "validationContext"] {
        let body = json!({
            name: {"sv": "4.0.1", "profiles": ["http://a.test/p"]}, "sessionId": null,
            "filesToValidate": [{"fileName": "p.json", "fileContent": "{}", "fileType": "json"}]
        });
        let asked = Asked::read(body.to_string().as_bytes()).unwrap();
        assert_eq!((asked.context.profiles.len(), asked.files.len()), (1, 1));
        assert_eq!(asked.session, None);
    }
}

#[test]
fn bodies_that_are_no_requests_say_where() {
    assert_eq!(refused("{").0, 400);
    for (body, place) in [
        ("[]", "the root"),
        (r#"{"resourceType": "Patient"}"#, "/filesToValidate"),
        (r#"{"filesToValidate": []}"#, "/filesToValidate"),
        (r#"{"filesToValidate": [{}]}"#, "/filesToValidate/0"),
        (r#"{"filesToValidate": [{"fileContent": "", "fileType": "ttl"}]}"#, "/filesToValidate/0/fileType"),
        (r#"{"filesToValidate": [{"fileContent": ""}], "sessionId": 7}"#, "/sessionId"),
        (
            r#"{"filesToValidate": [{"fileContent": ""}], "cliContext": {}, "validationContext": {}}"#,
            "/validationContext",
        ),
    ] {
        let (status, text) = refused(body);
        assert_eq!(status, 422, "{body}");
        assert!(text.contains(place), "{text}");
    }
}

#[test]
fn what_stands_in_files_does_not_count_and_the_rest_is_bounded() {
    let commas = ",{[\\\"".repeat(200_000);
    let body = json!({"filesToValidate": [{"fileContent": commas}]}).to_string();
    assert_eq!(Asked::read(body.as_bytes()).unwrap().files.len(), 1);
    assert_eq!(refused(&format!(r#"{{"cliContext": [{}1]}}"#, "1,".repeat(MOST_PARTS))).0, 413);
    let files = vec![json!({"fileContent": ""}); MOST_FILES + 1];
    assert_eq!(refused(&json!({"filesToValidate": files}).to_string()).0, 422);
}
