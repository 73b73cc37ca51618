//! Packages in folders, by name and by path; what is not there.

use fhir_accord_profiles::definition::{Canonical, FhirVersion};

use super::*;

#[test]
fn ranges_take_the_highest_and_sources_have_an_order() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for version in ["1.0.0", "1.1.0", "1.1.5", "2.0.0-ballot"] {
        put(one.path(), "b", version, "");
    }
    put(two.path(), "b", "1.1.5", "");
    put(two.path(), "b", "1.1.9", "");
    put(one.path(), "a", "1.0.0", r#""b":"1.1.x","c":"latest","gone":"1.x""#);
    let folder = two.path().join("c#current").join("package");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("package.json"),
        r#"{"name":"c","version":"3.0.0-cibuild","fhirVersions":["4.0.1"],"dependencies":{"b":"current"}}"#,
    )
    .unwrap();
    fs::create_dir(two.path().join("c#9.9.9")).unwrap();
    let sources = sources(&[one.path(), two.path()]);
    let resolution = resolve(&specs(&["a", "c#current", "b#1.1.5"]), &sources).unwrap();
    assert_eq!(names(&resolution)[..5], ["a#1.0.0", "c#3.0.0-cibuild", "b#1.1.5", "b#1.1.9", "hl7.fhir.r4.core#4.0.1"]);
    assert_eq!(resolution.absent[0], ["c#latest", "gone#1.x"]);
    assert_eq!(resolution.packages[2].origin, Origin::Archive(one.path().join("b#1.1.5.tgz")));
    let b = resolution.packages.iter().position(|p| p.name() == "b#2.0.0-ballot").unwrap();
    assert!(resolution.dependencies[1].contains(&b));
    resolution.load().unwrap();
}

#[test]
fn what_is_asked_for_and_not_here_is_an_error_with_the_way_out() {
    let error = resolve(&specs(&["hl7.fhir.us.core#5.0.1"]), &Sources::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "package `hl7.fhir.us.core#5.0.1` not found; looked in the embedded packages; `accord package add \
         hl7.fhir.us.core#5.0.1` fetches it"
    );
    let error = resolve(&specs(&["./no/such.tgz"]), &Sources::default()).unwrap_err();
    assert_eq!(error.to_string(), "`./no/such.tgz` does not exist");
    let r5 = Sources { fhir_version: Some(FhirVersion::R5), ..Sources::default() };
    assert!(matches!(resolve(&[], &r5), Err(PackageError::NotFound { name, .. }) if name == "hl7.fhir.r5.core#5.0.0"));
}

#[test]
fn a_name_may_mean_what_a_path_holds() {
    let folder = tempfile::tempdir().unwrap();
    let [wide, narrow, other] = ["wide", "narrow", "other"].map(|name| folder.path().join(format!("{name}.tgz")));
    fs::write(&wide, archive("wide", "1.2.0", "")).unwrap();
    fs::write(&narrow, archive("narrow", "0.1.0", r#""wide":"1.x","gone":"2.0.0""#)).unwrap();
    fs::write(&other, archive("other", "0.1.0", "")).unwrap();
    let [wide, narrow, other] = [&wide, &narrow, &other].map(|path| path.to_str().unwrap());
    let asked = ["wide#1.2.0", "Narrow#0.1.0", narrow, wide, other];
    let resolution = resolve(&specs(&asked), &Sources::default()).unwrap();
    assert_eq!(names(&resolution)[..3], ["narrow#0.1.0", "wide#1.2.0", "other#0.1.0"]);
    assert_eq!(resolution.absent[0], ["gone#2.0.0"]);
    assert!(resolution.dependencies[0].contains(&1));
    let error = resolve(&specs(&["wide#1.3.0", wide]), &Sources::default()).unwrap_err();
    assert!(error.to_string().starts_with("package `wide#1.3.0` not found"), "{error}");
}

#[test]
fn paths_are_packages_too_and_loose_files_see_everything() {
    let folder = tempfile::tempdir().unwrap();
    let tgz = folder.path().join("guide.tgz");
    fs::write(&tgz, archive("guide", "0.1.0", r#""hl7.fhir.us.core":"6.1.x""#)).unwrap();
    let file = folder.path().join("v.json");
    fs::write(&file, r#"{"resourceType":"ValueSet","id":"v","url":"http://x/loose"}"#).unwrap();
    let resolution = resolve(&specs(&[file.to_str().unwrap(), tgz.to_str().unwrap()]), &Sources::default()).unwrap();
    assert_eq!(names(&resolution)[1], "guide#0.1.0");
    assert!(
        names(&resolution).contains(&"hl7.fhir.us.core#6.1.0".to_owned())
            && !names(&resolution).contains(&"hl7.fhir.us.core#8.0.0".to_owned())
    );
    assert_eq!(resolution.dependencies[0], (1..resolution.packages.len()).collect::<Vec<_>>());
    let graph = resolution.load().unwrap();
    assert!(graph.resolve(&Canonical::parse("http://x/loose"), Some(1), &["ValueSet"]).is_some());
    let alone = resolve(&specs(&[file.to_str().unwrap()]), &Sources::default()).unwrap();
    assert_eq!(alone.packages.len(), 13, "a loose file alone sees all embedded guides");
}
