//! The web page at `/`, and what the service answers for it alone.

use fhir_accord::store::Store;
use serde_json::json;

use crate::support::{Server, TestLoader, config, serve, shared};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// The files that the page and its scripts refer to.
fn files(server: &Server) -> Vec<(String, String)> {
    let page = server.ask("GET", "/", &[BROWSER], b"");
    let mut found = vec![("/".to_owned(), String::from_utf8(page.body).unwrap())];
    let mut at = 0;
    while let Some((_, text)) = found.get(at).cloned() {
        let linked = text.split("\"/console/").skip(1).filter_map(|rest| rest.split('"').next());
        let imported = text.split("from './").skip(1).filter_map(|rest| rest.split('\'').next());
        for name in linked.chain(imported) {
            let path = format!("/console/{name}");
            if !found.iter().any(|(known, _)| *known == path) {
                let answer = server.get(&path);
                assert_eq!(answer.status, 200, "{path}");
                found.push((path, String::from_utf8(answer.body).unwrap()));
            }
        }
        at += 1;
    }
    found
}

#[test]
fn browsers_get_the_page_and_clients_what_they_got() {
    let page = shared().ask("GET", "/", &[BROWSER], b"");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("vary").unwrap().contains("accept"));
    let head = shared().ask("HEAD", "/", &[BROWSER], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), page.header("etag"));
    for accept in ["application/fhir+json", "application/fhir+xml", "application/json"] {
        let answer = shared().ask("GET", "/", &[("accept", accept)], b"");
        assert_eq!(answer.status, 404, "{accept}");
    }
    assert_eq!(shared().ask("GET", "/", &[("accept", "application/fhir+json")], b"").codes(), ["not-found"]);
    assert_eq!(shared().ask("POST", "/", &[BROWSER], b"").status, 405);
    for path in ["/console/", "/console/none.js", "/console/../Cargo.toml", "/console/%2e%2e/x"] {
        assert_eq!(shared().get(path).status, 404, "{path}");
    }
}

#[test]
fn files_are_guarded_small_and_held() {
    let all = files(shared());
    assert!(all.len() >= 15, "{}", all.len());
    let mut bytes = 0;
    for (path, text) in &all {
        let packed = shared().ask("GET", path, &[BROWSER, ("accept-encoding", "gzip")], b"");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        bytes += packed.body.len();
        let policy = packed.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert_eq!(packed.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(packed.header("referrer-policy"), Some("no-referrer"));
        let tag = packed.header("etag").unwrap();
        for held in [tag, "*", &format!("\"other\", {tag}")] {
            let again = shared().ask("GET", path, &[BROWSER, ("if-none-match", held)], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        }
        assert_eq!(shared().ask("GET", path, &[BROWSER, ("if-none-match", "W/\"other\"")], b"").status, 200);
        assert!(!text.contains("http://") || !path.ends_with(".css"), "{path}");
    }
    assert!(bytes <= 250_000, "{bytes}");
}

#[test]
fn the_page_needs_no_token_but_what_it_asks_does() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "reader\n").unwrap();
    let settings = json!({"readTokensFile": file.path()});
    let server = serve(config(settings, None), Store::temporary().unwrap(), TestLoader { embedded: false });
    server.until_ready();
    assert!(files(&server).len() >= 15);
    assert_eq!(server.get("/profile-search").status, 401);
    assert_eq!(server.ask_as("reader", "GET", "/profile-search", "").status, 200);
}

#[test]
fn profiles_are_found_by_words() {
    let get = |path: &str| shared().get(path);
    let core = get("/profile-search?text=us%20core%20LAB%20observation&package=hl7.fhir.us.core%236.1.0").json();
    let expected = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab|6.1.0";
    assert_eq!(core["total"], 1, "{core}");
    assert_eq!(core["profiles"][0]["canonical"], expected);
    assert_eq!(core["profiles"][0]["fhirVersion"], "4.0.1");
    let patients = get("/profile-search?type=Patient&count=500").json();
    assert!(patients["profiles"].as_array().unwrap().iter().all(|p| p["type"] == "Patient"));
    let page = get("/profile-search?type=Patient&count=1&offset=1").json();
    assert_eq!(page["profiles"][0], patients["profiles"][1]);
    assert_eq!(page["total"].as_u64().unwrap() as usize, patients["profiles"].as_array().unwrap().len());
    assert_eq!(get("/profile-search?text=no-such-word-anywhere").json()["total"], 0);
    let of_version = get("/profile-search?type=Patient&count=500&fhirVersion=4.0").json();
    assert_eq!(of_version["total"], patients["total"], "{of_version}");
    let absent = get("/profile-search?fhirVersion=5.0");
    assert_eq!(absent.status, 400);
    assert!(absent.json().to_string().contains("hl7.fhir.r5.core#5.0.0"), "{}", absent.json());
    assert_eq!(get("/profile-search?fhirVersion=4.7").status, 400);
    assert_eq!(get("/profile-search?nme=x").status, 400);
    assert_eq!(shared().ask("GET", "/profile-search", &[("accept", "application/fhir+xml")], b"").status, 406);
}

#[test]
fn an_issue_tells_all_that_is_known_of_it() {
    let body = r#"{"resourceType":"Patient","id":"é","gender":"F"}"#;
    let plain = shared().post("/$validate", body).json();
    let told = shared().post("/$validate?_details=true", body).json();
    assert!(!plain.to_string().contains("issue-details"));
    let issue = |value: &serde_json::Value| {
        let issues = value["issue"].as_array().unwrap().clone();
        issues.into_iter().find(|i| i["expression"][0] == "Patient.gender").unwrap()
    };
    let details = issue(&told)["extension"].as_array().unwrap().last().unwrap().clone();
    let part = |url: &str| details["extension"].as_array().unwrap().iter().find(|p| p["url"] == url).cloned();
    assert_eq!(part("open").unwrap()["valueBoolean"], false);
    let at = |url: &str| part(url).unwrap()["valueInteger"].as_u64().unwrap() as usize;
    assert_eq!(&body[at("start")..at("end")], "F");
    assert!(part("help").is_some());
    let xml = shared().ask("POST", "/$validate?_details=true&_format=xml", &[], body.as_bytes());
    assert!(String::from_utf8(xml.body).unwrap().contains("issue-details"));
}
