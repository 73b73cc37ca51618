//! Settings from each of their sources, and their faults.

use super::*;

use fhir_accord_profiles::evaluate::{Level, Policies, Work};
use serde_json::json;

fn load(file: Option<&str>, overrides: Value, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = file.map(|text| {
        let path = folder.path().join("settings.json");
        std::fs::write(&path, text).unwrap();
        path
    });
    let look = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
    Config::load(path.as_deref(), overrides, &look).map_err(|e| e.0)
}

#[test]
fn later_sources_are_stronger() {
    let file = concat!(
        r#"{"listen": "0.0.0.0:1", "workers": 3, "limits": {"bodyBytes": 10, "queue": 5}, "#,
        r#""validation": {"preset": "hl7", "display": "ignore"}}"#,
    );
    let config = load(
        Some(file),
        json!({"listen": "[::1]:9"}),
        &[("ACCORD_WORKERS", "4"), ("ACCORD_LIMIT_BODY_BYTES", "20"), ("ACCORD_PACKAGE", "a#1, b#2")],
    )
    .unwrap();
    assert_eq!(
        (config.listen.as_str(), config.workers, config.limits.body_bytes, config.limits.queue),
        ("[::1]:9", 4, 20, 5)
    );
    assert_eq!(config.packages, ["a#1", "b#2"]);
    let work = Work { intake: config.limits.elements, ..Policies::hl7().work };
    assert_eq!(config.validation, Policies { display: Level::Allow, work, ..Policies::hl7() });
    assert_eq!(load(None, json!({}), &[]).unwrap().listen, "127.0.0.1:8080");
}

#[test]
fn faults_name_their_place() {
    let error = load(Some(r#"{"listn": "x", "limits": {"bodyBytes": -1}}"#), json!({}), &[]).unwrap_err();
    assert!(
        error.contains("settings.json") && error.contains("/listn") && error.contains("/limits/bodyBytes"),
        "{error}"
    );
    assert!(load(Some("{"), json!({}), &[]).unwrap_err().contains("not JSON"));
    assert!(load(None, json!({"workers": "many"}), &[]).unwrap_err().contains("/workers"));
    assert_eq!(
        load(None, json!({}), &[("ACCORD_WORKERS", "many")]).unwrap_err(),
        "ACCORD_WORKERS cannot be `many`: expected a whole number"
    );
    assert!(load(None, json!({}), &[("ACCORD_CONFIG", "/no/such")]).unwrap_err().contains("/no/such"));
    assert!(load(None, json!({}), &[("ACCORD_ADMIN_TOKEN", " ")]).unwrap_err().contains("empty"));
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    let origins = |text: &str| load(None, json!({"corsOrigins": [text]}), &[]).map(|c| c.cors_origins);
    for good in ["*", "https://a.example", "http://localhost:3000", "http://[::1]:8080"] {
        assert_eq!(origins(good).unwrap(), [good]);
    }
    for bad in [
        "https://a.example ",
        " https://a.example",
        "https://a .example",
        "https://A.example",
        "https://a.example/",
        "a.example",
        "https://a.example:x",
    ] {
        assert!(origins(bad).unwrap_err().contains("/corsOrigins/0"), "{bad}");
    }
    let listed = load(None, json!({}), &[("ACCORD_CORS_ORIGINS", " https://a.example , https://b.example")]).unwrap();
    assert_eq!(listed.cors_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn tokens_are_compared_and_not_shown() {
    let config = load(None, json!({}), &[("ACCORD_ADMIN_TOKEN", "secret\n")]).unwrap();
    let token = config.admin_token.clone().unwrap();
    assert!(token.is("secret") && !token.is("secre") && !token.is(""));
    assert!(!format!("{config:?}").contains("secret"));
}

#[test]
fn the_party_token_comes_from_a_variable_or_a_file() {
    assert_eq!(load(None, json!({}), &[]).unwrap().party_token, None);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "secret-p\n").unwrap();
    for config in [
        load(None, json!({}), &[("ACCORD_PARTY_TOKEN", "secret-p")]).unwrap(),
        load(None, json!({"partyTokenFile": file.path()}), &[]).unwrap(),
    ] {
        assert!(config.party_token.as_ref().is_some_and(|token| token.is("secret-p")) && config.admin_token.is_none());
        assert!(!format!("{config:?}").contains("secret-p"));
    }
    assert!(load(None, json!({}), &[("ACCORD_PARTY_TOKEN", " ")]).unwrap_err().contains("party token is empty"));
}

#[test]
fn hosts_of_parties_are_written_as_urls_have_them() {
    let hosts = |text: &str| load(None, json!({"partyHosts": [text]}), &[]).map(|c| c.party_hosts);
    for good in ["fhir.example.org", "*.example.org", "localhost:8080", "a.test:*", "[::1]", "[::1]:8080", "10.0.0.1"] {
        assert_eq!(hosts(good).unwrap(), [good]);
    }
    for bad in ["", "*", "https://a.test", "a.test/fhir", "A.test", "a.test:", "a.test:x", "a*.test", "[::1", "a b"] {
        assert!(hosts(bad).is_err(), "{bad}");
    }
    let listed = load(None, json!({}), &[("ACCORD_PARTY_HOSTS", "a.test, *.b.test:8443")]).unwrap();
    assert_eq!(listed.party_hosts, ["a.test", "*.b.test:8443"]);
}

#[test]
fn read_tokens_come_from_a_variable_or_a_file() {
    assert!(load(None, json!({}), &[]).unwrap().read_tokens.is_empty());
    let config = load(None, json!({}), &[("ACCORD_READ_TOKENS", "secret-a, secret-b\n")]).unwrap();
    assert!(config.read_tokens.has("secret-a") && config.read_tokens.has("secret-b"));
    assert!(
        !config.read_tokens.has("secret-a, secret-b") && !config.read_tokens.has("") && config.admin_token.is_none()
    );
    assert!(!format!("{config:?}").contains("secret-"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "one\r\n\ntwo\n").unwrap();
    let config = load(None, json!({"readTokensFile": file.path()}), &[]).unwrap();
    assert!(config.read_tokens.count() == 2 && config.read_tokens.has("one") && config.read_tokens.has("two"));
    for (text, fault) in [(" ,\n", "no read tokens"), ("a b", "white space"), (&"x,".repeat(1001), "at most 1000")] {
        let error = load(None, json!({}), &[("ACCORD_READ_TOKENS", text)]).unwrap_err();
        assert!(error.contains(fault) && !error.contains("a b"), "{error}");
    }
    assert!(load(None, json!({"readTokensFile": "/no/such"}), &[]).unwrap_err().contains("/no/such"));
}

#[test]
fn policies_by_name() {
    let mut settings = PolicySettings::default();
    settings.set("bestPractice", "warn").unwrap();
    settings.set("vitalSigns", "off").unwrap();
    let policies = settings.apply(Policies::default());
    assert_eq!(policies, Policies { best_practice: Level::Warn, vital_signs: false, ..Policies::default() });
    assert_eq!(settings.set("bestPractise", "warn").unwrap_err(), "unknown parameter `bestPractise`");
    assert!(
        settings.set("bestPractice", "maybe").unwrap_err().starts_with("parameter `bestPractice` cannot be `maybe`")
    );
}
