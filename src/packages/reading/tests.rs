use std::io::Write;

use super::*;

/// A gzipped tar of these (path, text), paths unchecked.
fn tgz(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, text) in entries {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(text.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).unwrap();
    }
    gzip(&tar.into_inner().unwrap())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

const MANIFEST: &str = concat!(
    r#"{"name":"my.guide","version":"1.0.0","fhirVersions":["4.0.1"],"#,
    r#""dependencies":{"hl7.fhir.r4.core":"4.0.1","b":"1.x"}}"#,
);
const PATIENT: &str = concat!(
    r#"{"resourceType":"StructureDefinition","id":"p","url":"http://x/p","version":"2.0","#,
    r#""fhirVersion":"4.0.1","snapshot":{"element":[{"id":"no","url":1}]}}"#,
);

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
fn refuses_what_leaves_the_folder() {
    for path in ["package/../../etc/passwd", "/etc/passwd", "../x", "package\\..\\x.json", "C:/x.json"] {
        let error =
            read_archive(&tgz(&[("package/package.json", MANIFEST), (path, "{}")]), String::new(), &Limits::default())
                .unwrap_err();
        assert!(matches!(&error, ReadError::Path { entry } if entry == path), "{error}");
        assert!(error.to_string().contains(path));
    }
}

#[test]
fn refuses_links() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    tar.append_link(&mut header, "package/link.json", "/etc/passwd").unwrap();
    let error = read_archive(&gzip(&tar.into_inner().unwrap()), String::new(), &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/link.json` is a link; a package contains only files and folders");
}

#[test]
fn refuses_what_is_too_much() {
    let bomb = gzip(&vec![0; 40 << 20]);
    let error = read_archive(&bomb, String::new(), &Limits::default()).unwrap_err();
    assert!(matches!(error, ReadError::Limit { what: "unpacked bytes for each packed one", .. }), "{error}");
    let files = tgz(&[("package/package.json", MANIFEST), ("package/a.json", "{}"), ("package/b.json", "{}")]);
    let error = read_archive(&files, String::new(), &Limits { entries: 2, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/b.json` exceeds the limit of 2 entries");
    let error = read_archive(&files, String::new(), &Limits { entry_bytes: 10, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "entry `package/package.json` exceeds the limit of 10 bytes");
    let error = read_archive(&files, String::new(), &Limits { archive_bytes: 10, ..Limits::default() }).unwrap_err();
    assert_eq!(error.to_string(), "the package exceeds the limit of 10 packed bytes");
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
fn folders_and_archives_agree() {
    let files = [
        ("package/package.json", MANIFEST),
        ("package/b.json", PATIENT),
        ("package/a.json", PATIENT),
        ("package/example/c.json", PATIENT),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let limits = Limits::default();
    let of = |path: &std::path::Path| {
        package_of(folder_files(&folder_root(path).unwrap(), &limits).unwrap(), String::new()).unwrap()
    };
    let (read, inner) = (of(folder.path()), of(&folder.path().join("package")));
    let archive = read_archive(&tgz(&files), String::new(), &limits).unwrap();
    let told = |p: &fhir_accord_profiles::registry::Package| {
        p.definitions.iter().map(|d| (d.file.clone(), d.text().to_vec())).collect::<Vec<_>>()
    };
    assert_eq!(told(&read), told(&archive));
    assert_eq!(told(&inner), told(&archive));
    assert_eq!(folder_manifest(folder.path(), &limits).unwrap(), archive_manifest(&tgz(&files), &limits).unwrap());
    assert!(matches!(folder_manifest(&folder.path().join("package/example"), &limits), Err(ReadError::NoManifest)));
}

#[test]
fn loose_files_make_a_package() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.json");
    std::fs::write(&file, PATIENT).unwrap();
    std::fs::write(folder.path().join("not.json"), "[]").unwrap();
    for path in [&file, folder.path()] {
        let loose = Loose::read(path, &Limits::default()).unwrap();
        let package = loose.package(&loose.files, "h".into());
        assert_eq!((package.definitions.len(), package.sha256.as_str()), (1, "h"));
        assert_eq!(package.fhir_version, Some(fhir_accord_profiles::definition::FhirVersion::R4));
        assert_eq!(package.id, path.display().to_string());
    }
    let error = Loose::read(&folder.path().join("not.json"), &Limits::default()).unwrap_err();
    assert!(matches!(error, ReadError::NotResource { .. }));
}

const PATIENT_XML: &str = concat!(
    r#"<StructureDefinition xmlns="http://hl7.org/fhir"><id value="p"/><url value="http://x/p"/><version "#,
    r#"value="2.0"/><fhirVersion value="4.0.1"/></StructureDefinition>"#,
);

#[test]
fn definitions_in_xml_are_named_as_those_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.xml", PATIENT_XML),
        ("b.json", PATIENT),
        ("b.xml", PATIENT_XML),
        ("list.xml", "<list/>"),
        ("page.xml", "<!DOCTYPE html><html/>"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let loose = Loose::read(folder.path(), &Limits::default()).unwrap();
    assert_eq!(loose.manifest.fhir_version, Some(fhir_accord_profiles::definition::FhirVersion::R4));
    let written = in_json(&loose.files, &fhir_accord_profiles::model::Model::default()).unwrap();
    assert!(has_xml(&loose.files) && !has_xml(&written));
    let package = loose.package(&written, String::new());
    let told: Vec<_> = package
        .definitions
        .iter()
        .map(|d| (d.file.as_str(), d.resource_type.as_str(), d.id.as_str(), d.url.as_str(), d.version.as_deref()))
        .collect();
    let both = |file| (file, "StructureDefinition", "p", "http://x/p", Some("2.0"));
    assert_eq!(told, [both("a.xml"), both("b.json")], "of two copies the JSON one is read");
    assert_eq!(package.definitions[0].value()["url"], "http://x/p");
}

#[test]
fn a_damaged_definition_in_xml_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.json"), PATIENT).unwrap();
    let file = folder.path().join("bad.xml");
    for (text, says) in [
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\">\n  <url value=\"x\"></uri>\n</StructureDefinition>",
            "`bad.xml`, line 2, column 18: end tag `uri` does not match the open element",
        ),
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\"><url value=\"x\"/>",
            "`bad.xml`, line 1, column 66: the text ends inside an element",
        ),
        (
            "<StructureDefinition xmlns=\"http://hl7.org/fhir\">\nstray<url value=\"x\"/></StructureDefinition>",
            "`bad.xml`, line 2, column 1: there is text between elements: `stray`",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        for path in [&file, folder.path()] {
            assert_eq!(Loose::read(path, &Limits::default()).unwrap_err().to_string(), says);
        }
    }
}
