//! Names of packages: aliases, capitals, scopes.

use super::*;

#[test]
fn an_alias_is_the_package_that_it_stands_for() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "dep", "1.0.0", "");
    put(folder.path(), "dep", "2.0.0", "");
    for (i, (dependencies, found)) in [
        (r#""dep":"2.0.0","old@npm:dep":"1.0.0""#, ["dep#1.0.0", "dep#2.0.0"].as_slice()),
        (r#""old":"npm:dep@1.0.0""#, &["dep#1.0.0"]),
        (r#""one":"npm:dep@1.0.x","two":"npm:dep""#, &["dep#1.0.0", "dep#2.0.0"]),
        (r#""@a/b":"npm:dep@latest""#, &["dep#2.0.0"]),
        (r#""x@npm:dep":"npm:dep@^1.0.0""#, &["dep#1.0.0"]),
    ]
    .into_iter()
    .enumerate()
    {
        put(folder.path(), "guide", &format!("{i}.0.0"), dependencies);
        let resolution = resolve(&specs(&[&format!("guide#{i}.0.0")]), &sources(&[folder.path()])).unwrap();
        let mut names = names(&resolution);
        names.retain(|n| n.starts_with("dep#"));
        names.sort();
        assert_eq!(names, found, "{dependencies}");
        assert!(resolution.absent[0].is_empty(), "{:?}", resolution.absent);
    }
    put(folder.path(), "lost", "1.0.0", r#""a@npm:dep":"7.0.0","b":"npm:@north/c@1.0.0","c":"npm:none""#);
    let resolution = resolve(&specs(&["lost"]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.absent[0], ["dep#7.0.0", "@north/c#1.0.0", "none#"]);
}

#[test]
fn capitals_in_names_make_no_other_package() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "Some.Dep", "1.0.0", "");
    put(folder.path(), "other.dep", "1.0.0", r#""SOME.dep":"1.0.0""#);
    fs::write(folder.path().join("plain.dep#1.0.0.tgz"), archive("Plain.Dep", "1.0.0", "")).unwrap();
    put(
        folder.path(),
        "guide",
        "1.0.0",
        r#""some.dep":"1.0.x","Other.Dep":"1.0.0","PLAIN.DEP":"1.0.0","HL7.FHIR.UV.Extensions":"1.0.0""#,
    );
    let resolution = resolve(&specs(&["Guide"]), &sources(&[folder.path()])).unwrap();
    assert!(resolution.absent.iter().all(Vec::is_empty), "{:?}", resolution.absent);
    let mut names = names(&resolution);
    names.retain(|n| !n.starts_with("hl7."));
    assert_eq!(names, ["guide#1.0.0", "Some.Dep#1.0.0", "other.dep#1.0.0", "Plain.Dep#1.0.0"]);

    // One that is written as asked for comes first, of one version.
    put(folder.path(), "some.dep", "1.0.0", "");
    let resolution = resolve(&specs(&["some.dep"]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.packages[0].name(), "some.dep#1.0.0");
}

#[test]
fn a_package_in_a_scope_is_read_from_its_path_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("g.tgz");
    let bytes = archive("@north/guide", "1.0.0", "");
    fs::write(&path, &bytes).unwrap();
    let resolution = resolve(&specs(&[path.to_str().unwrap()]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.packages[0].name(), "@north/guide#1.0.0");
    assert!(install::install(&bytes, "g", folder.path(), &Default::default()).is_err());
    for bad in ["@/guide", "@north/", "@north/../x", "@a/b/c", "north/guide"] {
        fs::write(&path, archive(bad, "1.0.0", "")).unwrap();
        assert!(resolve(&specs(&[path.to_str().unwrap()]), &sources(&[folder.path()])).is_err(), "{bad}");
    }
}
