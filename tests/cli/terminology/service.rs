//! `accord serve --tx`.

use super::patient;
use super::server::Server;
use crate::service::Service;

#[test]
fn the_service_asks_once_and_keeps_the_answers() {
    let server = Server::sound();
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_string_lossy().into_owned();
    let options = ["--tx", &server.base, "--data", &folder, "--package", "hl7.fhir.r4.core#4.0.1"];
    let service = Service::start(&options);
    let wrong = patient("http://tx.test/known", "bad", None).to_string();
    for _ in 0..3 {
        let answer = service.post("/$validate", &wrong);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("code-unknown"), "{answer}");
    }
    assert_eq!(server.counts(), (1, 1));
    let gone = patient("http://tx.test/known", "good", Some("Wrong")).to_string();
    assert!(service.post("/$validate", &gone).contains("\"display\""));
}

#[test]
fn settings_may_name_the_server() {
    let server = Server::sound();
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let text = serde_json::json!({"tx": server.base, "txCacheSeconds": 60, "packages": ["hl7.fhir.r4.core#4.0.1"]});
    std::fs::write(&settings, text.to_string()).unwrap();
    let service = Service::start(&["--config", settings.to_str().unwrap()]);
    let answer = service.post("/$validate", &patient("http://tx.test/known", "bad", None).to_string());
    assert!(answer.contains("code-unknown"), "{answer}");
}
