//! Packages that are no archives.

use super::*;

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
