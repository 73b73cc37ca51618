//! What is read from an archive.

use super::*;

#[test]
fn reads_an_archive() {
    let bytes = tgz(&[
        ("package/package.json", MANIFEST),
        ("package/StructureDefinition-p.json", PATIENT),
        ("package/ValueSet-v.json", "\u{feff}{\"url\":\"http://x/v\",\"resourceType\":\"ValueSet\"}"),
        ("package/ValueSet-v", "{\"url\":\"http://x/v\",\"resourceType\":\"ValueSet\"}"),
        ("package/example/Patient-1.json", "{\"resourceType\":\"Patient\"}"),
        ("package/other/x.json", "{\"resourceType\":\"Patient\"}"),
        ("package/list.json", "[1]"),
        ("elsewhere/x.json", "{\"resourceType\":\"Patient\"}"),
    ]);
    let package = read_archive(&bytes, "hash".into(), &Limits::default()).unwrap();
    assert_eq!((package.name().as_str(), package.sha256.as_str()), ("my.guide#1.0.0", "hash"));
    assert_eq!(
        package.dependencies,
        [("hl7.fhir.r4.core".to_owned(), "4.0.1".to_owned()), ("b".to_owned(), "1.x".to_owned())]
    );
    let heads: Vec<_> = package
        .definitions
        .iter()
        .map(|d| (d.resource_type.as_str(), d.id.as_str(), d.url.as_str(), d.version.as_deref()))
        .collect();
    assert_eq!(heads, [("StructureDefinition", "p", "http://x/p", Some("2.0")), ("ValueSet", "", "http://x/v", None)]);
    assert_eq!(package.definitions[1].value()["url"], "http://x/v");
    assert_eq!(archive_manifest(&bytes, &Limits::default()).unwrap().name(), "my.guide#1.0.0");
}

#[test]
fn the_index_names_what_it_names() {
    let index = concat!(
        r#"{"index-version":2,"files":[{"filename":"a.json","resourceType":"ValueSet","id":"a","#,
        r#""url":"http://told/a"},{"filename":"gone.json","resourceType":"ValueSet","id":"g"}]}"#,
    );
    let files = [
        ("package/package.json", MANIFEST),
        ("package/.index.json", index),
        ("package/a.json", PATIENT),
        ("package/sub/b.json", PATIENT),
    ];
    let package = read_archive(&tgz(&files), String::new(), &Limits::default()).unwrap();
    let urls: Vec<_> = package.definitions.iter().map(|d| (d.file.as_str(), d.url.as_str())).collect();
    assert_eq!(urls, [("a.json", "http://told/a"), ("sub/b.json", "http://x/p")]);
}

#[test]
fn names_what_is_damaged() {
    let whole = tgz(&[("package/package.json", MANIFEST)]);
    for bytes in [&whole[..whole.len() / 2], b"no gzip", b""] {
        let error = read_archive(bytes, String::new(), &Limits::default()).unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. } | ReadError::NoManifest), "{error}");
    }
    let error = read_archive(&tgz(&[("package/x.json", "{}")]), String::new(), &Limits::default()).unwrap_err();
    assert!(matches!(error, ReadError::NoManifest));
    for manifest in ["{", "{}", r#"{"name":"../x","version":"1"}"#, r#"{"name":"x","version":""}"#] {
        let error =
            read_archive(&tgz(&[("package/package.json", manifest)]), String::new(), &Limits::default()).unwrap_err();
        assert!(matches!(error, ReadError::Manifest { .. }), "{error}");
    }
}

#[test]
fn nesting_is_no_fault_of_syntax() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let bytes = tgz(&[("package/package.json", MANIFEST), ("package/deep.json", &deep), ("package/bad.json", "{")]);
    let package = read_archive(&bytes, String::new(), &Limits::default()).unwrap();
    assert_eq!(package.unreadable, ["bad.json"]);
}
