//! The list of packages, and uploads.

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Answer, Server, on, shared};

/// A package's archive.
pub fn archive(id: &str, version: &str, title: &str) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"{id}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{"hl7.fhir.r4.core":"4.0.1"}}}}"#
    );
    let definition = format!(
        r#"{{"resourceType":"ValueSet","id":"colours","url":"http://x.org/ValueSet/colours","version":"{version}","title":"{title}","status":"active"}}"#
    );
    pack(&[("package/package.json", &manifest), ("package/ValueSet-colours.json", &definition)])
}

pub fn pack(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        let bytes = name.as_bytes();
        header.as_old_mut().name[..bytes.len()].copy_from_slice(bytes);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

pub fn upload(server: &Server, token: &str, body: &[u8]) -> Answer {
    server.ask(
        "POST",
        "/packages",
        &[("content-type", "application/gzip"), ("authorization", &format!("Bearer {token}"))],
        body,
    )
}

#[test]
fn the_list_names_what_is_loaded() {
    let list = shared().get("/packages").json();
    let names: Vec<String> = list["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| format!("{}#{}", p["id"].as_str().unwrap(), p["version"].as_str().unwrap()))
        .collect();
    for wanted in ["hl7.fhir.r4.core#4.0.1", "hl7.fhir.us.core#6.1.0", "hl7.fhir.ca.baseline#1.2.0"] {
        assert!(names.contains(&wanted.to_owned()), "{names:?}");
    }
    let schema = shared().get("/schema/packages.json").json();
    let package = shared().get("/schema/package.json").json();
    assert_eq!(schema["properties"]["packages"]["items"]["$ref"], "package.json");
    assert!(list["packages"].as_array().unwrap().iter().all(|p| jsonschema::is_valid(&package, p)));
    assert_eq!(shared().get("/packages/hl7.fhir.us.core/6.1.0").json()["version"], "6.1.0");
    assert_eq!(shared().get("/packages/hl7.fhir.us.core/0.0.0").status, 404);
}

#[test]
fn uploads_are_off_without_a_token() {
    let answer = upload(shared(), "secret", &archive("x.test", "1.0.0", "a"));
    assert_eq!((answer.status, answer.codes()), (403, vec!["switched-off".to_owned()]));
}

#[test]
fn an_upload_is_served_and_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    let body = archive("x.test", "1.0.0", "a");
    for token in ["", "secre", "secret2", "SECRET"] {
        let answer = upload(&server, token, &body);
        let scheme = "Bearer error=\"invalid_token\"";
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(scheme)));
    }
    let answer = server.ask("POST", "/packages", &[], &body);
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")));
    let answer = upload(&server, "secret", &body);
    assert_eq!(
        (answer.status, answer.header("location")),
        (201, Some("/packages/x.test/1.0.0")),
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    assert_eq!(upload(&server, "secret", &body).status, 200);
    let conflict = upload(&server, "secret", &archive("x.test", "1.0.0", "b"));
    assert_eq!((conflict.status, conflict.codes()), (409, vec!["conflict".to_owned()]));
    assert_eq!(upload(&server, "secret", &archive("x.test", "1.1.0", "c")).status, 201);
    let check = |server: &Server| {
        server.until_ready();
        let found = server.get("/ValueSet?url=http://x.org/ValueSet/colours").json();
        let versions: Vec<&str> =
            found["entry"].as_array().unwrap().iter().map(|e| e["resource"]["version"].as_str().unwrap()).collect();
        assert_eq!(versions, ["1.1.0", "1.0.0"]);
        assert_eq!(server.get("/packages/x.test/1.0.0/ValueSet/colours").json()["title"], "a");
        assert!(server.get("/packages").json()["packages"].as_array().unwrap().iter().all(|p| p["uploaded"] == true));
    };
    check(&server);
    drop(server);
    check(&on(folder.path()));
}

#[test]
fn bad_archives_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    let climbing =
        pack(&[("package/package.json", r#"{"name":"x","version":"1"}"#), ("package/../../evil.json", "{}")]);
    let mut torn = archive("x.test", "1.0.0", "a");
    torn.truncate(torn.len() / 2);
    let empty = pack(&[("package/other.json", "{}")]);
    let bomb =
        pack(&[("package/package.json", r#"{"name":"x","version":"1"}"#), ("package/big.json", &" ".repeat(60 << 20))]);
    let bodies: [(&str, &[u8]); 7] = [
        ("climbing", &climbing),
        ("torn", &torn),
        ("empty", &empty),
        ("bomb", &bomb),
        ("nonsense", b"\x1f\x8bnonsense"),
        ("no archive", b"no archive"),
        ("nothing", b""),
    ];
    for (name, body) in bodies {
        let answer = upload(&server, "secret", body);
        assert_eq!(answer.status, 422, "{name}: {}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.codes(), ["package"]);
    }
    assert_eq!(
        server
            .ask(
                "POST",
                "/packages",
                &[("content-type", "application/json"), ("authorization", "Bearer secret")],
                b"{}"
            )
            .status,
        415
    );
    let left = std::fs::read_dir(folder.path().join("uploads")).map(|d| d.count()).unwrap_or(0);
    assert_eq!(left, 0);
    assert_eq!(server.get("/packages").json()["packages"].as_array().unwrap().len(), 0);
}
